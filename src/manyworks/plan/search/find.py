"""How a plan is found: the whole model at once where it is small, by parts where it is large."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import SolverError
from manyworks.plan.equations.conflict import raise_conflict
from manyworks.plan.equations.formulation import Model, all_arcs, formulate
from manyworks.plan.equations.instance import Instance
from manyworks.plan.equations.routes import best_ways
from manyworks.plan.equations.supply import settled_tiers
from manyworks.plan.equations.values import ArcValues, SiteValues, arc_values, site_values
from manyworks.plan.highs import Answer, News, Solver
from manyworks.plan.search.by_parts import cost_size, design_by_parts, settle_design
from manyworks.plan.search.relaxed_prices import prices_of, relaxed_prices
from manyworks.plan.search.rounds import (
    ROUNDS,
    SETTLINGS,
    exact_npv,
    far_outward_lines,
    far_slopes,
    outward_lines,
    slopes,
)
from manyworks.plan.search.watch import Watch
from manyworks.plan.search.wide import must_choose_wheels, with_wide_wheels
from manyworks.plan.search.with_wheels import settle_wheels

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Found:
    """A plan in the model's columns, its true ``npv`` and proven ``bound`` in money, and the prices of its limits at
    fixed whole numbers."""

    model: Model
    x: Floats
    npv: float
    bound: float
    row_price: Floats
    reduced_value: Floats
    contract_worth: Floats
    stopped: Literal["interrupted", "time_limit"] | None
    is_whole: bool = False
    """Whether the whole model was solved, and not parts of it."""
    prices: tuple[Floats, Floats] | None = None
    """Prices of demand (points, periods) and of hours that go into stock (options, periods) that prove a bound."""


def find_plan(instance: Instance, watch: Watch, *, seed: int, threads: int | None) -> Found:
    """A plan within the watch's gap, or the best one when its time is over."""
    arcs, sites = arc_values(instance), site_values(instance)
    if np.count_nonzero(np.isfinite(arcs.value) & (arcs.hours > 0)) <= SMALL:
        return _at_once(instance, arcs, sites, watch, seed=seed, threads=threads)
    return _by_parts(instance, arcs, sites, watch, seed=seed, threads=threads)


SMALL = 25_000
"""Up to so many flows (arcs × periods) the whole model is solved at once."""


def _by_parts(
    instance: Instance, arcs: ArcValues, sites: SiteValues, watch: Watch, *, seed: int, threads: int | None
) -> Found:
    """A bound and a design by parts, then the exact model at that design."""
    design = design_by_parts(instance, best_ways(arcs), sites, watch, threads=threads, seed=seed)
    if must_choose_wheels(instance):
        model, answer = settle_wheels(instance, arcs, sites, design, watch, threads=threads, seed=seed)
    else:
        instance, sites = with_wide_wheels(instance, sites)
        model, answer = settle_design(instance, arcs, sites, design, watch, threads=threads, seed=seed)
    if answer.status == "infeasible":
        raise_conflict(formulate(instance, all_arcs(arcs), arcs, sites, tight=False), threads=threads)
    if answer.x is None:
        raise SolverError(
            "no plan was found in the time allowed", status=answer.status, cure="Allow more time: --time-limit."
        )
    watch.is_interrupted |= answer.status == "interrupted"
    found = finish(model, answer, watch, threads=threads, seed=seed, bound=design.bound)
    return replace(found, prices=design.prices)


def _at_once(
    instance: Instance, arcs: ArcValues, sites: SiteValues, watch: Watch, *, seed: int, threads: int | None
) -> Found:
    """The tight model with every arc, to the gap; again with the lines of its plan while that proves or earns more."""
    size, relaxed = cost_size(instance), arcs
    best: Found | None = None
    bound = np.inf
    for _ in range(ROUNDS):
        found = _whole_model(instance, arcs, sites, watch, seed=seed, threads=threads)
        proven = min(bound, found.bound)
        is_better = best is None or found.npv > best.npv
        gain = max(found.npv - best.npv, bound - proven) if best is not None else np.inf
        best, bound = (found if is_better or best is None else best), proven
        if found.stopped or bound - best.npv <= watch.gap * size or gain <= LEAST_GAIN * size or watch.is_over:
            break
        arcs = arc_values(instance, outward_lines(found.model, found.x), far_outward_lines(found.model, found.x))
    assert best is not None
    prices = None
    if not best.stopped and not watch.is_over:
        watch.say("Pricing the bound")
        prices = relaxed_prices(instance, relaxed, sites, threads=threads)
    prices = prices_of(best.model, best.row_price) if prices is None else prices
    return replace(best, bound=bound, is_whole=True, prices=prices)


LEAST_GAIN = 1e-5
"""Share of the costs below which another round is not worth its time."""


def _whole_model(
    instance: Instance, arcs: ArcValues, sites: SiteValues, watch: Watch, *, seed: int, threads: int | None
) -> Found:
    model = formulate(instance, all_arcs(arcs), arcs, sites, tight=True)
    watch.say("Solving the whole model")
    solver = Solver(model.linear, whole=True, threads=threads, seed=seed)
    target = watch.gap * cost_size(instance) / model.scale
    answer = solver.solve(
        gap=target, time_limit=watch.seconds_left, news=_tell(model, watch, "Solving the whole model")
    )
    if answer.status == "infeasible":
        raise_conflict(model, threads=threads)
    if answer.x is None:
        raise SolverError(
            "no plan was found in the time allowed", status=answer.status, cure="Allow more time: --time-limit."
        )
    watch.is_interrupted |= answer.status == "interrupted"
    return finish(model, answer, watch, threads=threads, seed=seed)


def finish(
    model: Model, answer: Answer, watch: Watch, *, threads: int | None, seed: int, bound: float | None = None
) -> Found:
    """The best flows for the whole numbers of ``answer``, with the prices of every limit; ``bound`` in money.

    Flows are settled with the model's own lines of safety stock, then with the slopes at the flows before, while the
    plan gains by its true money.
    """
    assert answer.x is not None
    watch.say("Settling flows and prices")
    proven = answer.bound * model.scale + model.linear.constant if bound is None else bound
    found = _settled(model, answer, watch, proven, threads=threads, seed=seed)
    for _ in range(SETTLINGS):
        if watch.is_interrupted or watch.is_over:
            break
        again, before = with_slopes(found), replace(answer, x=found.x, row_price=None)
        better = _settled(again, before, watch, proven, threads=threads, seed=seed)
        if better.npv <= found.npv + LEAST_GAIN * cost_size(model.instance):
            return max(found, better, key=lambda one: one.npv)
        found = better
    return found


def with_slopes(found: Found) -> Model:
    """The model of a plan with the slopes of safety stock at its flows; what is closed ships nothing."""
    before = found.model
    values = arc_values(before.instance, slopes(before, found.x), far_slopes(before, found.x))
    model = formulate(before.instance, before.arcs, values, before.site_values, tight=False)
    shut = found.x[model.linear.columns["open"]][model.arcs.option] < 0.5
    model.linear.fix(model.linear.columns["flow"][shut], np.zeros(int(shut.sum())))
    return model


def _settled(model: Model, answer: Answer, watch: Watch, bound: float, *, threads: int | None, seed: int) -> Found:
    assert answer.x is not None
    tiers, reached = settled_tiers(model, answer.x)
    chosen = np.setdiff1d(np.flatnonzero(model.linear.is_whole), tiers)
    whole = np.concatenate([chosen, tiers])
    values = np.concatenate([np.rint(answer.x[chosen]), reached])
    settled, worth = answer, np.full(len(model.instance.contracts), np.nan)
    if answer.row_price is None or len(tiers):
        solver = Solver(model.linear, whole=False, threads=threads, seed=seed)
        solver.set_bounds(whole, values, values)
        settled = solver.solve()
        worth = _contract_worth(solver, model, answer.x, settled.value)
    if settled.x is None or settled.row_price is None or settled.reduced_value is None:
        raise SolverError("the flows of the plan could not be settled", status=settled.status)
    x = settled.x.copy()
    x[whole] = values
    stopped: Literal["interrupted", "time_limit"] | None = None
    if watch.is_interrupted or settled.status == "interrupted":
        stopped = "interrupted"
    elif answer.status == "time_limit":
        stopped = "time_limit"
    return Found(
        model=model,
        x=x,
        npv=exact_npv(model, x),
        bound=bound,
        row_price=settled.row_price,
        reduced_value=settled.reduced_value,
        contract_worth=worth,
        stopped=stopped,
    )


def _contract_worth(solver: Solver, model: Model, x: Floats, value: float) -> Floats:
    """Value of taking each contract against leaving it, every other whole number as it is, (contracts,); nan where the
    other choice is impossible or none is."""
    columns = model.linear.columns["taken"]
    low, high = (bound[columns] for bound in model.linear.bounds)
    worth = np.full(len(columns), np.nan)
    for k in np.flatnonzero(high > low).tolist():
        taken = np.rint(x[columns[[k]]])
        solver.set_bounds(columns[[k]], 1 - taken, 1 - taken)
        other = solver.solve()
        if other.x is not None:
            worth[k] = (value - other.value) * (1.0 if taken[0] else -1.0)
        solver.set_bounds(columns[[k]], taken, taken)
    return worth


def _tell(model: Model, watch: Watch, phase: str) -> News:
    def news(best: float | None, bound: float | None) -> None:
        constant, scale = model.linear.constant, model.scale
        watch.say(
            phase,
            None if best is None else best * scale + constant,
            None if bound is None else bound * scale + constant,
        )

    return news
