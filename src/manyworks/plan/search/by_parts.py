"""Large networks: a bound from priced demand, designs from its averages, flows from the exact model at the design."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.formulation import Arcs, Model, formulate
from manyworks.plan.equations.instance import Instance
from manyworks.plan.equations.routes import arcs_of, route_arcs
from manyworks.plan.equations.values import ArcValues, SiteValues
from manyworks.plan.highs import Answer, Solver
from manyworks.plan.search.improve import first_design, improve, legal, stand_still
from manyworks.plan.search.lagrangian import Lagrangian, Pieces, best_paths, hour_rent, make_pieces
from manyworks.plan.search.transport import Transport
from manyworks.plan.search.volume import Priced, better_prices, first_prices
from manyworks.plan.search.watch import Watch
from manyworks.plan.search.without_upgrades import kinds

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
PRICED_ARCS = 14
"""Best options of each demand point on which prices are found; the bound itself is then taken over all arcs."""
FEW_PAIRS = 10_000
"""Up to so many pairs of option and demand point prices are found on all of them."""
FLOW_ARCS = 10
"""Best options of each demand point that the search may use."""
STEPS = 120
"""Steps of the volume algorithm."""
SEARCH_WORK = 8_000_000
"""Flows in solved models (arcs of a period, each time it is solved) after which the search for a better design ends
when no time limit is stated."""
PRICE_UNTIL, SEARCH_UNTIL = 0.4, 0.75
"""Shares of a stated time limit at which pricing and searching end; the rest is for settling the flows."""


@dataclass(frozen=True, kw_only=True)
class Design:
    """States of every option (o, t), and a proven bound in money on any design.

    ``merit`` (o,): how much priced demand speaks for each option. ``others``: more designs to look at, the present
    network first. ``prices`` of demand (points, periods) and of hours that go into stock (o, t) prove the bound.
    """

    paths: Ints
    bound: float
    merit: Floats
    others: tuple[Ints, ...]
    prices: tuple[Floats, Floats]


def design_by_parts(
    instance: Instance, arcs: ArcValues, values: SiteValues, watch: Watch, *, threads: int | None
) -> Design:
    """A good design and a bound; the watch says when to stop. Upgrades are relaxed, kind of plan by kind of plan."""
    found = [_design(kind, arcs, worth, watch, threads=threads) for kind, worth in kinds(instance, values)]
    found.sort(key=lambda design: -design.bound)
    others = tuple(paths for design in found[1:] for paths in (design.paths, *design.others))
    return replace(found[0], others=(*found[0].others, *others))


def _design(instance: Instance, arcs: ArcValues, values: SiteValues, watch: Watch, *, threads: int | None) -> Design:
    watch.say("Pricing demand")
    pieces = make_pieces(instance, arcs, values)
    rent = hour_rent(instance, values)
    size = cost_size(instance)
    useful: NDArray[np.bool_] = np.asarray(np.isfinite(pieces.reward).any(axis=2))
    merit = _merit(pieces, rent, useful)
    few = _nearest(merit, PRICED_ARCS, useful) | (useful & pieces.states.is_existing[:, None])
    few = useful if useful.size <= FEW_PAIRS else few
    priced = better_prices(
        Lagrangian(pieces, few),
        first_prices(pieces, rent),
        steps=STEPS,
        spread=SPREAD * size,
        is_over=watch.budget(PRICE_UNTIL),
    )
    bound = Lagrangian(pieces, useful).evaluate(priced.prices, want_flows=False).bound + values.constant
    watch.say("Searching for a better design", None, bound)
    promise, prices = _promise(pieces, priced, useful), (priced.prices, pieces.sell)
    others = (stand_still(pieces), *roundings(pieces, priced))
    if pieces.wheels:  # Flows alone do not see who shares a line: ``with_wheels`` compares designs.
        return Design(paths=others[-1], bound=bound, merit=promise, others=others[:-1], prices=prices)
    live = priced.mean_state.max(axis=1) > LIVE
    near = _nearest(np.where(live[:, None], merit, -np.inf), FLOW_ARCS, useful & live[:, None])
    near |= _nearest(merit, FLOW_ARCS, useful) | (useful & pieces.states.is_existing[:, None])
    transport = Transport(pieces, near, scale=size / 1000, threads=threads)
    paths, value = first_design(pieces, transport, priced.mean_state)
    over = watch.budget(SEARCH_UNTIL, lambda: transport.work >= SEARCH_WORK)
    paths, value = improve(
        Lagrangian(pieces, near),
        transport,
        paths,
        value,
        target=bound - values.constant - TARGET * watch.gap * size,
        is_over=over,
        tell=lambda found: watch.say("Searching for a better design", found + values.constant, bound),
    )
    return Design(paths=paths, bound=bound, merit=promise, others=others, prices=prices)


def roundings(pieces: Pieces, priced: Priced) -> list[Ints]:
    """Designs near the averages of the priced answers, each once."""
    found: dict[bytes, Ints] = {}
    for threshold in (0.5, 0.7, 0.9):
        paths = legal(pieces, np.floor(priced.mean_state + threshold).astype(np.intp))
        found.setdefault(paths.tobytes(), paths)
    return list(found.values())


def _promise(pieces: Pieces, priced: Priced, useful: NDArray[np.bool_]) -> Floats:
    """What each option alone would earn at the prices, opened in the averages or not."""
    gain = Lagrangian(pieces, useful).evaluate(priced.prices, want_flows=False).gain
    values, _ = best_paths(pieces.states, gain, want_paths=False)
    return np.asarray(values + priced.mean_state.sum(axis=1))


SPREAD = 0.005
"""Part of the costs by which the best plan is taken to lie below the bound while prices are sought."""
LIVE = 0.02
"""Lines on average from which an option counts as tried."""
TARGET = 0.5
"""Part of the asked gap at which the search of designs stops; the rest covers what it leaves out."""


def cost_size(instance: Instance) -> float:
    """Half the present value of all revenue, before tax: a cautious guess of the costs of a plan."""
    own = slice(instance.own_markets)
    revenue = (instance.demand[own] * instance.price[own, :, None]).sum(axis=(0, 1))
    return 0.5 * float(revenue @ instance.weights.cash)


def _merit(pieces: Pieces, rent: Floats, useful: NDArray[np.bool_]) -> Floats:
    """What serving a point wholly is worth over the horizon with every hour paid, (o, d)."""
    net = np.where(np.isfinite(pieces.reward), pieces.reward - pieces.hours * rent[:, None, :], 0.0).sum(axis=2)
    return np.where(useful, net, -np.inf)


def _nearest(merit: Floats, count: int, useful: NDArray[np.bool_]) -> NDArray[np.bool_]:
    best = np.argsort(-merit, axis=0, kind="stable")[:count]
    mask = np.zeros(merit.shape, dtype=bool)
    mask[best, np.arange(merit.shape[1])[None, :]] = True
    return mask & useful


def settle_design(
    instance: Instance,
    arcs: ArcValues,
    values: SiteValues,
    design: Design,
    watch: Watch,
    *,
    threads: int | None,
    seed: int,
    is_trial: bool = False,
    floor: float = -np.inf,
    start: Floats | None = None,
) -> tuple[Model, Answer]:
    """The exact model on the arcs of open options with the design fixed; wheels are chosen where a line has several.

    ``is_trial``: briefly, with the lines of the design; otherwise more lines may come to where they must choose.
    A trial is given up, without a plan, where no giving of lines to wheels can be worth ``floor``, in money.
    ``start``: a plan of the same design to begin with.
    """
    lines, opened = design_levels(instance, values, design.paths)
    model = formulate(instance, open_arcs(arcs, opened), arcs, values, tight=False)
    columns = model.linear.columns
    high = model.linear.bounds[1]
    model.linear.fix(columns["open"], opened)
    model.linear.fix(columns["added"], lines)
    shut = opened[model.arcs.option] == 0  # A closed site ships nothing, not even stock.
    model.linear.fix(columns["flow"][shut], np.zeros(int(shut.sum())))
    has_wheels = bool((columns["used"] >= 0).any()) or "holds" in columns or bool(columns["upgraded"].size)
    has_contracts = bool(columns["taken"].size) or any(name in columns for name in ("lots", "house"))
    if has_wheels and is_trial and np.isfinite(floor):
        relaxed = Solver(model.linear, whole=False, threads=threads, seed=seed).solve()
        if relaxed.value * model.scale + model.linear.constant <= floor:
            return model, replace(relaxed, x=None)
    solver = Solver(model.linear, whole=has_wheels or has_contracts, threads=threads, seed=seed)
    limit = nodes = None  # Flows must be settled, or there is no plan at all.
    if has_wheels:
        limit = None if watch.seconds_left is None else max(watch.seconds_left, LEAST_SECONDS)
        nodes = WHEEL_NODES if limit is None else None
        if is_trial:
            limit, nodes = None if limit is None else TRIAL_SHARE * limit, TRIAL_NODES
    gap = 0.1 * watch.gap * cost_size(instance) / model.scale
    if has_wheels and not is_trial:
        # Designs by parts take it that any line can run any family: as many lines as pay, at the sites they chose.
        solver.set_bounds(columns["added"], np.zeros(columns["added"].shape), high[columns["added"]])
        part = None if limit is None else SPARE_SHARE * limit
        if start is not None:
            solver.start_from(start)
        answer = solver.solve(gap=gap, time_limit=part, node_limit=nodes)
        if answer.x is not None or answer.status == "interrupted":
            return model, answer
        solver.set_bounds(columns["added"], lines, lines)
    answer = solver.solve(gap=gap, time_limit=limit, node_limit=nodes)
    return model, answer


SPARE_SHARE = 0.7
"""Part of the time for giving lines to wheels in which their number may change."""
LEAST_SECONDS = 5.0
"""Time that giving lines to wheels has even when the limit has passed."""
TRIAL_SHARE = 0.25
"""Most of the time left that one of many designs may take."""
TRIAL_NODES = 4
"""Most branches for one of many designs that are compared."""
WHEEL_NODES = 60
"""Most branches for giving lines to wheels when no time limit is stated."""


def open_arcs(arcs: ArcValues, opened: Floats) -> Arcs:
    """Every arc of the options that are ever open, (o, t)."""
    asked = np.asarray((np.isfinite(arcs.value) & (arcs.hours > 0)).any(axis=3))
    used = np.flatnonzero((opened > 0).any(axis=1))
    option, market, family = np.nonzero(asked & np.isin(np.arange(len(opened)), used)[:, None, None])
    return arcs_of(option, market, family, route_arcs(arcs.routes, used))


def design_levels(instance: Instance, values: SiteValues, paths: Ints) -> tuple[Floats, Floats]:
    """Lines added (g, t) and options open (o, t) of a design; added lines are of the option's best line type."""
    from manyworks.plan.search.states import best_place, site_states

    states = site_states(instance, values)
    standing = np.take_along_axis(states.lines, paths, axis=1)
    opened = (paths > 0).astype(np.float64)
    before = np.where(states.is_existing, states.lines[:, 1], 0.0)
    extra = np.maximum(standing - before[:, None] * opened, 0.0)
    added = np.zeros((len(instance.places), paths.shape[1]))
    place = best_place(instance, values)
    added[place[place >= 0]] = extra[place >= 0]
    return added, opened
