"""Rivals side by side, on one document: what each is worth, which to choose, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from manyworks.errors import CheckError, InfeasibleError, SolverError, UsageError
from manyworks.model.network import Network
from manyworks.model.table import Table
from manyworks.plan.case import CASES, CaseName
from manyworks.plan.progress import Display
from manyworks.plan.result import NetworkPlan
from manyworks.plan.rivals.bridge import Bridge, landed_cost_bridge, npv_bridge
from manyworks.plan.rivals.first_steps import FirstSteps, first_steps
from manyworks.plan.rivals.flip import Flip, flips
from manyworks.plan.rivals.incremental import Incremental, incremental
from manyworks.plan.rivals.recommendation import SAME, Recommendation, recommend
from manyworks.plan.rivals.rival import absent_reason
from manyworks.plan.rivals.service import Service, service
from manyworks.plan.rivals.solve_cases import solve_cases

BRIDGE_ORDER: tuple[CaseName, ...] = ("central", "best", "distributed")
"""Landed cost is bridged along this chain, from one rival that is present to the next."""

HALF_A_CENT = 0.005

CONTAINS: dict[CaseName, tuple[CaseName, ...]] = {
    "improve": ("do_nothing",),
    "second_line": ("do_nothing",),
    "warehouses": ("do_nothing",),
    "co_packer": ("do_nothing",),
    "central": ("do_nothing", "improve"),
    "best": ("do_nothing", "improve", "second_line", "warehouses", "co_packer", "central", "distributed"),
}
"""Cases that may do all that others may; narrow ones first, so that what is found travels up."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Result of ``compare_plans``: the plans by case, and why each other case is ``absent``.

    Everything else follows from these two and is computed when it is asked for.
    """

    plans: Mapping[CaseName, NetworkPlan]
    absent: Mapping[CaseName, str]

    @property
    def network(self) -> Network:
        """The document that all rivals share."""
        return next(iter(self.plans.values())).network

    @cached_property
    def verdict(self) -> Recommendation:
        """The recommendation with its margin and its proof."""
        return recommend(self.plans)

    @property
    def recommended(self) -> CaseName:
        """The rival with the highest npv."""
        return self.verdict.case

    @property
    def recommendation(self) -> str:
        """What to do, in words."""
        return self.verdict.text

    @property
    def why(self) -> str:
        """The money lines that decide, in one sentence."""
        reason = self.verdict.why
        return "No other rival could be priced." if reason is None else reason.sentence

    @property
    def best_plan(self) -> NetworkPlan:
        """Plan of the recommended rival."""
        return self.plans[self.recommended]

    @cached_property
    def incremental(self) -> dict[CaseName, Incremental]:
        """Each rival less doing nothing; empty where doing nothing is absent."""
        base = self.plans.get("do_nothing")
        if base is None:
            return {}
        return {
            name: incremental(plan.money, base.money, plan.case.title, base.case.title)
            for name, plan in self.plans.items()
            if name != "do_nothing"
        }

    @cached_property
    def landed_cost_bridges(self) -> tuple[Bridge, ...]:
        """Landed cost per 1,000 units from central to the best mix to distributed, as far as they are present.

        Where the best mix is worth the same as the narrower rival that is recommended, that rival stands for both.
        """
        is_named_twice = (
            self.recommended != "best"
            and "best" in self.plans
            and abs(self.plans["best"].npv - self.best_plan.npv) < HALF_A_CENT
        )
        skipped = "best" if is_named_twice else None
        chain = [self.plans[name] for name in BRIDGE_ORDER if name in self.plans and name != skipped]
        return tuple(
            landed_cost_bridge(one.money, two.money, one.case.title, two.case.title) for one, two in pairwise(chain)
        )

    @cached_property
    def npv_bridge(self) -> Bridge | None:
        """NPV from doing nothing, else from the first other rival, to the recommended one; None with no other."""
        others = [name for name in self.plans if name != self.recommended]
        if not others:
            return None
        start = self.plans["do_nothing" if "do_nothing" in others else others[0]]
        return npv_bridge(start.money, self.best_plan.money, start.case.title, self.best_plan.case.title)

    @cached_property
    def flips(self) -> tuple[Flip, ...]:
        """For each factor the nearest value at which another rival wins, the nearest factor first."""
        return flips(self.plans, self.recommended)

    @cached_property
    def first_steps(self) -> FirstSteps:
        """The first decision of the recommended plan, its first 90 days and its gates."""
        return first_steps(self.plans, self.verdict)

    @cached_property
    def services(self) -> dict[CaseName, Service]:
        """Service of each rival in the last planned period."""
        return {name: service(plan.network, plan.periods, plan.tables) for name, plan in self.plans.items()}

    @cached_property
    def table(self) -> Table:
        """One row for each rival: money, proof and returns side by side; numbers of absent rivals are nan.

        ``case, title, status, npv, bound, gap, against_nothing, revenue, cost, capex, terminal_value,
        landed_cost_per_unit, internal_rate, payback_years, peak_funding, sites, absent``. Amounts are present values,
        ``internal_rate`` and the two after it those of the difference to doing nothing.
        """
        rows = [self._row(name) for name in CASES if name in self.plans or name in self.absent]
        return Table({name: _column([row[name] for row in rows]) for name in rows[0]})

    def summary(self) -> str:
        """The comparison in some lines of text."""
        from manyworks.plan.summary import comparison_summary

        return comparison_summary(self)

    def to_frame(self) -> Any:
        """The rivals as a pandas DataFrame."""
        return self.table.to_frame()

    def __repr__(self) -> str:
        return f"Comparison({self.network.name!r}: {', '.join(self.plans)}; recommended: {self.recommended})"

    def _repr_html_(self) -> str:
        from manyworks.plan.summary import comparison_html

        return comparison_html(self)

    def _row(self, name: CaseName) -> dict[str, Any]:
        plan, nan = self.plans.get(name), float("nan")
        row: dict[str, Any] = {"case": name, "title": CASES[name].title, "status": plan.status if plan else "absent"}
        values = _figures(plan) if plan else dict.fromkeys(_FIGURES, nan)
        more = self.incremental.get(name)
        rate = more.internal_rate.value if more else None
        payback = more.payback_years if more else None
        return (
            row
            | values
            | {
                "against_nothing": more.npv if more else (0.0 if plan and name == "do_nothing" else nan),
                "internal_rate": nan if rate is None else rate,
                "payback_years": nan if payback is None else payback,
                "peak_funding": more.peak_funding.amount if more else nan,
                "absent": self.absent.get(name, ""),
            }
        )


_FIGURES = ("npv", "bound", "gap", "revenue", "cost", "capex", "terminal_value", "landed_cost_per_unit", "sites")


def compare_plans(
    network: Network,
    *,
    cases: Sequence[CaseName] = tuple(CASES),
    gap: float = 0.01,
    time_limit: float | None = None,
    seed: int = 0,
    jobs: int = 2,
    display: Display | None = None,
) -> Comparison:
    """Design a plan for every case and compare them.

    ``gap`` is the share of the costs at which each solve may stop, ``time_limit`` the seconds of each solve (none: no
    limit), ``jobs`` the solves that run side by side in processes of their own. The result does not depend on ``jobs``.

    Raises
    ------
    UsageError
        ``cases`` is empty, or names one that is not known.
    InfeasibleError
        No case has any plan; carries the conflict of the freest case.
    SolverError
        No case has any plan, because no search found one in its time.
    """
    if not cases or not set(cases) <= set(CASES):
        raise UsageError("must be some of " + ", ".join(CASES), where="cases", found=", ".join(cases) or "none")
    absent = {case: reason for case in cases if (reason := absent_reason(network, case))}
    wanted = [case for case in cases if case not in absent]
    outcomes = solve_cases(network, wanted, gap=gap, time_limit=time_limit, seed=seed, jobs=jobs, display=display)
    plans = {case: outcome for case, outcome in outcomes.items() if isinstance(outcome, NetworkPlan)}
    failures = {case: outcome for case, outcome in outcomes.items() if not isinstance(outcome, NetworkPlan)}
    if failures and not plans:
        raise failures["best"] if "best" in failures else next(iter(failures.values()))
    absent |= {case: _conflict(failure) for case, failure in failures.items()}
    return comparison_of(plans, absent)


def comparison_of(plans: Mapping[CaseName, NetworkPlan], absent: Mapping[CaseName, str]) -> Comparison:
    """A comparison of finished plans, in the order of the cases.

    Some cases contain others (``CONTAINS``): a better plan of the narrow case is a plan of the wide one as well, and
    the bound of the wide case holds for the narrow one.

    Raises
    ------
    CheckError
        A rival is worth more than the proven bound of a case that contains it: one of the two is wrong.
    """
    ordered = {name: plans[name] for name in CASES if name in plans}
    for wide, narrow in CONTAINS.items():
        for name in narrow:
            if wide in ordered and name in ordered:
                ordered[wide], ordered[name] = _consistent(ordered[wide], ordered[name])
    return Comparison(plans=ordered, absent={name: absent[name] for name in CASES if name in absent})


def _consistent(wide: NetworkPlan, narrow: NetworkPlan) -> tuple[NetworkPlan, NetworkPlan]:
    """The two plans, the wide one at least as good, the bound of the narrow one at most that of the wide one."""
    if narrow.npv > wide.bound + SAME * abs(narrow.money.cost_present_value):
        found = f"{narrow.case.title}: npv {narrow.npv:.2f}; {wide.case.title}: bound {wide.bound:.2f}"
        raise CheckError("a rival is worth more than the proven bound of a case that contains it", failures=[found])
    if narrow.npv > wide.npv:
        note = f"Taken from {narrow.case.title}, whose plan is better than the one that this search found."
        money = replace(narrow.money, case=wide.case)
        kept = ("case", "status", "seconds", "cpu_seconds", "seed", "is_branched", "prices")
        mine = {name: getattr(wide, name) for name in kept}
        wide = replace(narrow, **mine, money=money, bound=max(wide.bound, narrow.npv), log=(*wide.log, note))
    capped = replace(narrow, bound=max(min(narrow.bound, wide.bound), narrow.npv))
    return replace(wide, gap=_gap(wide)), replace(capped, gap=_gap(capped))


def _gap(plan: NetworkPlan) -> float:
    cost = abs(plan.money.cost_present_value)
    return plan.gap_money / cost if cost else plan.gap


def _conflict(failure: InfeasibleError | SolverError) -> str:
    if isinstance(failure, SolverError):
        return f"{failure.what} (solver: {failure.status})"
    rules = "; ".join(rule.rstrip(".") for rule in failure.conflicts)
    return f"no plan meets the rules of the document: {rules or failure.what}"


def _figures(plan: NetworkPlan) -> dict[str, Any]:
    values = plan.money.present_values
    return {
        "npv": plan.npv,
        "bound": plan.bound,
        "gap": plan.gap,
        "revenue": values["revenue"],
        "cost": plan.money.cost_present_value,
        "capex": -values["capex"],
        "terminal_value": plan.money.terminal_value,
        "landed_cost_per_unit": plan.money.landed.cost_per_unit,
        "sites": float(_standing(plan)),
    }


def _standing(plan: NetworkPlan) -> int:
    """Sites that stand at the end of the horizon."""
    openings = plan.tables.openings
    return sum(row["kind"] == "site" and not row["closes"] for row in openings.rows())


def _column(values: list[Any]) -> Any:
    return np.array(values, dtype=object if isinstance(values[0], str) else np.float64)
