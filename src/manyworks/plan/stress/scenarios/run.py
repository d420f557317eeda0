"""Every rival in every world: once with its sites and lines as decided, once planned anew."""

from __future__ import annotations

from manyworks.errors import InfeasibleError, SolverError
from manyworks.model.network import Network
from manyworks.plan.case import CaseName
from manyworks.plan.result import NetworkPlan
from manyworks.plan.rivals.compare import Comparison, compare_plans
from manyworks.plan.search.watch import Watch
from manyworks.plan.stress.at_design import plan_at_design
from manyworks.plan.stress.part import Settings
from manyworks.plan.stress.scenarios.cases import World, worlds
from manyworks.plan.stress.scenarios.result import BASE, ScenarioRun, Worth

NAN = float("nan")


def absent_reason(comparison: Comparison) -> str:
    """Why there is nothing to run; a document without scenarios has the built-in ones."""
    return (
        ""
        if worlds(comparison.network)
        else "the document has no scenario, and no number that the built-in ones change"
    )


def run(comparison: Comparison, settings: Settings, watch: Watch) -> ScenarioRun:
    """All rivals of ``comparison`` in all worlds of its document."""
    asked = worlds(comparison.network)
    worth = {BASE: {name: _worth(plan, plan) for name, plan in comparison.plans.items()}}
    for count, world in enumerate(asked):
        if watch.is_interrupted:
            break
        watch.say("Planning in other worlds", done=count, total=len(asked))
        rows = _in_world(comparison, world.change(comparison.network), settings, watch)
        if rows is not None:
            worth[world.id] = rows
    return ScenarioRun(
        worlds=asked, worth=worth, recommended=comparison.recommended, currency=comparison.network.finance.currency
    )


def _in_world(
    comparison: Comparison, network: Network, settings: Settings, watch: Watch
) -> dict[CaseName, Worth] | None:
    """Rival to its worth; None where Ctrl-C came in between."""
    frozen = {name: _frozen(plan, network, settings) for name, plan in comparison.plans.items()}
    kept = {name: plan for name, plan in frozen.items() if isinstance(plan, NetworkPlan)}
    anew, absent = _anew(network, list(comparison.plans), settings)
    if any(plan.status == "interrupted" for plan in (*kept.values(), *anew.values())):
        watch.is_interrupted = True
    if watch.is_interrupted:
        return None
    rows: dict[CaseName, Worth] = {}
    for name in comparison.plans:
        fixed, best = kept.get(name), anew.get(name)
        if best is None and fixed is None:
            rows[name] = Worth(
                frozen=NAN, anew=NAN, bound=NAN, gap=NAN, cost=NAN, unmet_share=NAN, absent=absent.get(name, "no plan")
            )
        else:
            rows[name] = _worth(fixed, best)
    return rows


def _frozen(plan: NetworkPlan, network: Network, settings: Settings) -> NetworkPlan | None:
    """The plan of that design in the changed world; None where it cannot meet its rules."""
    try:
        return plan_at_design(
            plan,
            network,
            gap=settings.gap,
            time_limit=settings.time_limit,
            seed=settings.seed,
            display=settings.display,
        )
    except (InfeasibleError, SolverError):
        return None


def _anew(
    network: Network, cases: list[CaseName], settings: Settings
) -> tuple[dict[CaseName, NetworkPlan], dict[CaseName, str]]:
    try:
        found = compare_plans(
            network,
            cases=cases,
            gap=settings.gap,
            time_limit=settings.time_limit,
            seed=settings.seed,
            jobs=settings.jobs,
            display=settings.display,
        )
    except (InfeasibleError, SolverError) as failure:
        return {}, dict.fromkeys(cases, failure.what)
    return dict(found.plans), dict(found.absent)


def _worth(frozen: NetworkPlan | None, anew: NetworkPlan | None) -> Worth:
    """Planning anew may keep the design, so it is worth at least the frozen plan."""
    best = anew if anew is not None and (frozen is None or anew.npv >= frozen.npv) else frozen
    assert best is not None
    bound = max(best.npv, anew.bound) if anew is not None else float("inf")
    cost = best.money.cost_present_value
    return Worth(
        frozen=NAN if frozen is None else frozen.npv,
        anew=best.npv,
        bound=bound,
        gap=(bound - best.npv) / cost if cost > 0 else 0.0,
        cost=cost,
        unmet_share=NAN if frozen is None else _unmet_share(frozen),
    )


def _unmet_share(plan: NetworkPlan) -> float:
    unmet = float(plan.tables.unmet["units"].sum())
    asked = unmet + float(plan.tables.shipments["received"].sum())
    return unmet / asked if asked else 0.0


__all__ = ["World", "absent_reason", "run"]
