"""Money against service, resilience and emissions: whole plans, each the best one that keeps a limit on another goal.

Four figures of a plan: its npv (to be high); *days*, the mean over units received of the transit days; *dependence*,
the largest share of the units of the last period that one place ships, so what an outage of that place puts at risk
before others cover for it; *CO2*, kg for each unit received from freight and from the power of running lines (all to be
low).
Epsilon-constraint method: Haimes, Lasdon and Wismer (1971), doi:10.1109/TSMC.1971.4308298. Every plan must serve as
much as the base plan does, so that no figure improves by serving less.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import InfeasibleError, Issue, SolverError
from manyworks.model.rates import kw_execute
from manyworks.model.table import Table
from manyworks.plan.case import CASES, CaseName
from manyworks.plan.equations.formulation import Model
from manyworks.plan.money.cents import short_money
from manyworks.plan.rivals.compare import Comparison
from manyworks.plan.search.watch import Watch
from manyworks.plan.stress.anew import designs
from manyworks.plan.stress.bench import LARGE, Bench, Levels, Numbers, Solved, is_stopped, numbers
from manyworks.plan.stress.part import Settings
from manyworks.plan.stress.tornado import table_of

Floats = NDArray[np.float64]
Goal = Literal["days", "dependence", "co2"]
GOALS: tuple[Goal, ...] = ("days", "dependence", "co2")
TITLES: Mapping[str, str] = {
    "npv": "Net present value",
    "days": "Days to the customer",
    "dependence": "Dependence on one place",
    "co2": "CO2 a unit",
}
UNITS: Mapping[str, str] = {"days": "days", "dependence": "share", "co2": "kg"}
SAME = 1e-6
"""Figures closer than this share count as equal."""
SERVED = 0.999
"""Share of what the base plan serves that every plan must serve."""


@dataclass(frozen=True, kw_only=True)
class ParetoOptions:
    """``steps``: limits on each goal, as shares of the base plan's figure."""

    steps: tuple[float, ...] = (0.85, 0.7, 0.5)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What one plan reaches; ``served`` is the share of all units asked for that is received."""

    npv: float
    days: float
    dependence: float
    co2: float
    served: float

    def goal(self, name: str) -> float:
        """A figure by name."""
        return float(getattr(self, name))


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One plan: a rival's own design, or the best plan under ``limit`` on ``goal``. ``bound`` is the most that any plan
    under that limit can be worth, inf where it was not sought; ``is_dominated``: another plan is no worse in all four
    figures and better in one."""

    name: str
    title: str
    goal: str
    limit: float
    figures: Figures
    bound: float
    status: str
    seconds: float
    opens: tuple[str, ...]
    is_dominated: bool = False


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A limit that no plan keeps, or for which none was found."""

    goal: str
    limit: float
    reason: str


@dataclass(frozen=True, kw_only=True)
class Pareto:
    """All plans, the rivals' first."""

    case: CaseName
    choices: tuple[Choice, ...]
    missing: tuple[Missing, ...]
    asked: int
    is_whole: bool
    currency: str
    size: float

    @property
    def is_complete(self) -> bool:
        """Whether every limit was tried."""
        return sum(row.goal != "" for row in self.choices) + len(self.missing) >= self.asked

    @property
    def front(self) -> tuple[Choice, ...]:
        """Plans that no other plan dominates."""
        return tuple(row for row in self.choices if not row.is_dominated)

    def price(self, goal: str) -> list[tuple[Choice, float]]:
        """Plans under limits on a goal, with the npv that each gives up against the best plan; the loosest first."""
        top = max(row.figures.npv for row in self.choices)
        rows = sorted((row for row in self.choices if row.goal == goal), key=lambda row: -row.limit)
        return [(row, top - row.figures.npv) for row in rows]

    def tables(self) -> dict[str, Table]:
        """``pareto``: one row for each plan. ``pareto_missing``: one for each limit that no plan keeps."""
        return {
            "pareto": table_of([
                {
                    "plan": row.name, "title": row.title, "goal": row.goal, "limit": row.limit, "npv": row.figures.npv,
                    "bound": row.bound if np.isfinite(row.bound) else float("nan"), "days": row.figures.days,
                    "dependence": row.figures.dependence, "co2_kg_per_unit": row.figures.co2,
                    "served": row.figures.served, "dominated": "yes" if row.is_dominated else "",
                    "status": row.status, "seconds": row.seconds, "opens": ", ".join(row.opens),
                }
                for row in self.choices
            ]),
            "pareto_missing": table_of([
                {"goal": row.goal, "limit": row.limit, "reason": row.reason} for row in self.missing
            ]),
        }  # fmt: skip

    def check(self) -> list[Issue]:
        """Limits are kept; what is called dominated is, and nothing else; no bound is below its plan."""
        issues = []
        for row in self.choices:
            if row.goal and row.figures.goal(row.goal) > row.limit * (1 + 1e-4) + 1e-9:
                issues.append(
                    _issue(row.name, f"{row.goal} must be at most {row.limit:.6g}", row.figures.goal(row.goal))
                )
            if row.is_dominated != _is_dominated(row, self.choices):
                issues.append(_issue(row.name, "is wrongly called dominated or not", row.figures.npv))
            if row.bound < row.figures.npv - 1e-6 * self.size:
                issues.append(_issue(row.name, "npv must not be above its bound", row.figures.npv))
        return issues

    def summary(self) -> str:
        """What each goal costs."""
        lines = [f"{len(self.front)} of {len(self.choices)} plans are not dominated."]
        for goal in GOALS:
            steps = [
                f"{_written(goal, row.figures.goal(goal))} for {short_money(lost, self.currency)}"
                for row, lost in self.price(goal)
            ]
            none = [f"{_written(goal, row.limit)}: {row.reason}" for row in self.missing if row.goal == goal]
            lines.append(f"  {TITLES[goal]}: {'; '.join([*steps, *none]) or 'zero already'}.")
        return "\n".join(lines)


def _written(goal: str, value: float) -> str:
    if goal == "dependence":
        return f"{value:.0%}".replace("%", " %")
    return f"{value:.3g} {UNITS[goal]}"


def absent_reason(comparison: Comparison) -> str:
    """Why there is nothing to trade."""
    plan = comparison.best_plan
    return "" if len(plan.tables.shipments) else "the recommended plan ships nothing"


def run(comparison: Comparison, settings: Settings, watch: Watch) -> Pareto:
    """The rivals' plans, and the best plans under tighter and tighter limits on each goal."""
    options = settings.options or ParetoOptions()
    case: CaseName = "best" if "best" in comparison.plans else comparison.recommended
    known = numbers(comparison.network, case)
    keep = None
    if known.flows > LARGE:
        keep = frozenset(row["place"] for plan in comparison.plans.values() for row in plan.tables.openings.rows())
    bench = Bench(gap=settings.gap, time_limit=settings.time_limit or LIMIT_SECONDS, seed=settings.seed, keep=keep)
    watch.say("Reading the rivals' plans")
    choices = _rivals(comparison, bench)
    base = next((row for row in choices if row.name == comparison.recommended), choices[0])
    base_case = next(name for name in comparison.plans if name == base.name)
    asked = [(goal, step * base.figures.goal(goal)) for goal in GOALS for step in sorted(options.steps)]
    asked = [(goal, limit) for goal, limit in asked if base.figures.goal(goal) > 0]
    served = received(bench.hold(numbers(comparison.network, base_case), designs(comparison).levels[base_case]))
    missing: list[Missing] = []
    start: Levels | None = None
    last: Goal | None = None
    for count, (goal, limit) in enumerate(asked):
        if is_stopped(watch):
            break
        watch.say("Planning under limits", done=count, total=len(asked))
        start = start if goal == last else None  # A plan under the tighter limit keeps the looser one as well.
        last = goal
        found, levels = _under_limit(bench, known, served, goal, limit, start)
        if is_stopped(watch):
            break
        if isinstance(found, Missing):
            missing.append(found)
        else:
            choices.append(found)
            start = levels
    return Pareto(
        case=case,
        choices=tuple(replace(row, is_dominated=_is_dominated(row, choices)) for row in choices),
        missing=tuple(missing),
        asked=len(asked),
        is_whole=keep is None,
        currency=comparison.network.finance.currency,
        size=_size(known),
    )


LIMIT_SECONDS = 60.0
"""Wall seconds of each plan under a limit when none is stated."""
CANNOT = "no plan keeps it and serves as much"


def figures(solved: Solved) -> Figures:
    """The four figures of a solved plan, from its flows and hours."""
    assert solved.model is not None
    assert solved.x is not None
    model, x = solved.model, solved.x
    flow = np.maximum(x[model.linear.columns["flow"]], 0.0)
    units, days, co2 = _arc_figures(model)
    received = units * flow
    total = float(received.sum())
    asked = float(model.instance.demand.sum())
    power = float((np.maximum(x[model.linear.columns["run"]], 0.0) * _power(model)[:, None, None]).sum())
    if total <= 0:
        return Figures(npv=solved.npv, days=0.0, dependence=0.0, co2=0.0, served=0.0)
    return Figures(
        npv=solved.npv,
        days=float((received * days[:, None]).sum()) / total,
        dependence=_largest_share(model, received),
        co2=(float((flow * co2).sum()) + power) / total,
        served=total / asked if asked > 0 else 0.0,
    )


def received(solved: Solved) -> Floats:
    """Units received in each period, (periods,)."""
    assert solved.model is not None
    assert solved.x is not None
    units, _, _ = _arc_figures(solved.model)
    return np.asarray((units * np.maximum(solved.x[solved.model.linear.columns["flow"]], 0.0)).sum(axis=0))


def limit_rows(goal: Goal, limit: float, served: Floats) -> Callable[[Model], None]:
    """Rows that keep ``goal`` at or below ``limit`` and units received in each period at or above ``served``.

    Days: Σ units (days − limit) flow ≤ 0. CO2: Σ (kg − limit × units) flow + Σ kg an hour × run ≤ 0. Dependence: units
    from each place ≤ limit × all units, in the last period. Served: Σ units flow ≥ units, in each period.
    """

    def add(model: Model) -> None:
        units, days, co2 = _arc_figures(model)
        linear = model.linear
        flow, total = linear.columns["flow"], max(float(model.instance.demand.sum()), 1.0)
        t_count = len(model.instance.periods)
        linear.add_rows(
            "limit_served", (t_count,), [(np.arange(t_count), flow, units / total)], low=SERVED * served / total
        )
        if goal == "days":
            terms = [(0, flow, units * (days[:, None] - limit) / total)]
            linear.add_rows("limit_days", (1,), terms, high=0.0)
        elif goal == "co2":
            run = linear.columns["run"]
            hourly = np.broadcast_to(_power(model)[:, None, None], run.shape)
            terms = [(0, flow, (co2 - limit * units) / total), (0, run, hourly / total)]
            linear.add_rows("limit_co2", (1,), terms, high=0.0)
        else:
            _add_share(model, units, limit)

    return add


def _add_share(model: Model, units: Floats, limit: float) -> None:
    linear, arcs = model.linear, model.arcs
    places, at = np.unique(model.instance.site_of, return_inverse=True)
    last, flow = units[:, -1], linear.columns["flow"][:, -1]
    most = max(float(last.max(initial=0.0)), 1.0)
    linear.add_rows(
        "limit_dependence",
        (len(places),),
        [
            (at[arcs.option], flow, last / most),
            (np.arange(len(places))[:, None], flow[None], -limit * last[None] / most),
        ],
        high=0.0,
    )


def _arc_figures(model: Model) -> tuple[Floats, Floats, Floats]:
    """Units received (arcs, t) when an arc serves its whole demand, its days (arcs,), and its kg of CO2 (arcs, t)."""
    instance, arcs, lanes = model.instance, model.arcs, model.arc_values.lanes
    units = np.zeros((len(arcs), len(instance.periods)))
    kilos = np.zeros_like(units)
    for p, family in enumerate(instance.family_of):
        mine = arcs.family == family
        each = instance.demand[arcs.market[mine], p]
        units[mine] += each
        kilos[mine] += each * _co2(model, mine, p)[:, None]
    days = np.asarray(lanes.days[arcs.option, arcs.market])
    routes = model.arc_values.routes
    if routes is not None and len(routes):
        days = np.where(arcs.route >= 0, routes.promised_days[arcs.route], days)
    return units, days, np.nan_to_num(kilos)


def _co2(model: Model, rows: NDArray[np.bool_], p: int) -> Floats:
    """Kg of CO2 of one unit received by some arcs, straight or over a warehouse, (rows,)."""
    arcs, values = model.arcs.only(rows), model.arc_values
    at = (arcs.option, arcs.market)
    straight = values.lanes.co2_kg_per_unit[(*at, p)] * values.shipped[at]
    if values.routes is None or not len(values.routes):
        return np.asarray(straight)
    return np.asarray(np.where(arcs.route >= 0, values.routes.co2_kg[arcs.route, p], straight))


def _power(model: Model) -> Floats:
    """Kg of CO2 of one running hour of each wheel, changeovers at idle power included, (columns,)."""
    instance = model.instance
    kilos = np.zeros(len(instance.columns))
    for j, column in enumerate(instance.columns):
        place = instance.places[column.place]
        site = instance.sites[instance.options[place.option].site]
        idle = instance.staffed[j] - 1
        kilos[j] = site.grid_co2_kg_per_kwh * (kw_execute(instance.network, place.line) + idle * place.line.kw_idle)
    return kilos


def _largest_share(model: Model, received: Floats) -> float:
    """Largest share of the last period's units that one place ships."""
    by_site = np.zeros(len(model.instance.sites))
    np.add.at(by_site, model.instance.site_of[model.arcs.option], received[:, -1])
    total = float(by_site.sum())
    return float(by_site.max(initial=0.0)) / total if total > 0 else 0.0


def _rivals(comparison: Comparison, bench: Bench) -> list[Choice]:
    """Each rival's own design with its best flows."""
    choices = []
    for name, levels in designs(comparison).levels.items():
        solved = bench.hold(numbers(comparison.network, name), levels)
        if solved.x is not None:
            plan = comparison.plans[name]
            choices.append(_choice(name, CASES[name].title, "", float("nan"), solved, max(plan.bound, solved.npv)))
    return choices


def _under_limit(
    bench: Bench, known: Numbers, served: Floats, goal: Goal, limit: float, start: Levels | None
) -> tuple[Choice | Missing, Levels | None]:
    try:
        solved = bench.solve(known, rows=limit_rows(goal, limit, served), start=start)
    except (InfeasibleError, SolverError) as failure:
        return Missing(goal=goal, limit=limit, reason=str(failure)), None
    if solved.x is None:
        reason = CANNOT if solved.status == "infeasible" else "none was found in its time"
        return Missing(goal=goal, limit=limit, reason=reason), None
    title = f"{TITLES[goal]} at most {_written(goal, limit)}"
    return _choice(f"{goal}_{limit:.4g}", title, goal, limit, solved, solved.bound), solved.levels


def _choice(name: str, title: str, goal: str, limit: float, solved: Solved, bound: float) -> Choice:
    return Choice(
        name=name,
        title=title,
        goal=goal,
        limit=limit,
        figures=figures(solved),
        bound=bound,
        status=solved.status,
        seconds=solved.seconds,
        opens=solved.opened,
    )


def _is_dominated(row: Choice, others: Sequence[Choice]) -> bool:
    """Whether another plan is no worse in every figure and better in one."""
    return any(_dominates(other.figures, row.figures) for other in others if other is not row)


def _dominates(one: Figures, two: Figures) -> bool:
    scale = max(abs(one.npv), abs(two.npv), 1.0)
    better = [(one.npv - two.npv) / scale] + [
        (two.goal(goal) - one.goal(goal)) / max(abs(two.goal(goal)), 1e-12) for goal in GOALS
    ]
    return min(better) >= -SAME and max(better) > 1e-4


def _size(known: Numbers) -> float:
    from manyworks.plan.search.by_parts import cost_size

    return cost_size(known.instance)


def _issue(where: str, message: str, found: float) -> Issue:
    return Issue(
        rule="stress.pareto", severity="error", path=where, message=message, found=f"{found:.6g}",
        cure="Please report this document.",
    )  # fmt: skip
