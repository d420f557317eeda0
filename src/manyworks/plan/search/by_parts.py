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
from manyworks.plan.search.hour_values import hour_rent
from manyworks.plan.search.improve import first_design, improve, legal, stand_still
from manyworks.plan.search.lagrangian import Lagrangian, Prices
from manyworks.plan.search.paths import best_paths
from manyworks.plan.search.pieces import Pieces, make_pieces
from manyworks.plan.search.siting import site_once
from manyworks.plan.search.transport import Transport, design_value
from manyworks.plan.search.volume import Priced, better_prices, first_prices
from manyworks.plan.search.watch import Watch
from manyworks.plan.search.wide import must_choose_wheels
from manyworks.plan.search.without_upgrades import kinds

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
PRICED_ARCS = 25
"""Best options of each demand point on which prices are found; the bound itself is then taken over all arcs."""
FEW_PAIRS = 60_000
"""Up to so many pairs of option and demand point prices are found on all of them."""
FLOW_ARCS, FLOW_ARCS_OF_WHEELS = 10, 24
"""Best options of each demand point that the search may use; more where lines run wheels of many families."""
STEPS, MORE_STEPS, ROOMY_STEPS = 200, 80, 80
"""Steps of the volume algorithm: from the beginning, from the prices of a like network, and without overtime."""
SEARCH_WORK, IDLE_WORK = 8_000_000, 1_500_000
"""Flows in solved models (arcs of a period, each time it is solved) after which the search for a better design ends
when no time limit is stated: in all, and since the last better design."""
SITING_ARCS = 15
"""Best options of each demand point in the small model that sites a first design."""
SITED_ARCS = 60_000
"""Most arcs of the small model that sites a first design."""
SITING_GAP, SITING_NODES, SITING_UNTIL = 0.01, 5, 0.4
"""Part of the costs within which that model is solved, its most branches, most of the time left that it may take."""
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
    instance: Instance, arcs: ArcValues, values: SiteValues, watch: Watch, *, threads: int | None, seed: int = 0
) -> Design:
    """A good design and a bound; the watch says when to stop. Upgrades are relaxed, kind of plan by kind of plan."""
    found: list[Design] = []
    for kind, worth in kinds(instance, values):
        before = Prices(demand=found[-1].prices[0], stock=found[-1].prices[1]) if found else None
        found.append(_design(kind, arcs, worth, watch, before, threads=threads, seed=seed))
    found.sort(key=lambda design: -design.bound)
    others = tuple(paths for design in found[1:] for paths in (design.paths, *design.others))
    return replace(found[0], others=(*found[0].others, *others))


def _design(
    instance: Instance,
    arcs: ArcValues,
    values: SiteValues,
    watch: Watch,
    before: Prices | None,
    *,
    threads: int | None,
    seed: int,
) -> Design:
    """A design of one kind; ``before``: prices of a like kind to begin with."""
    watch.say("Pricing demand")
    pieces = make_pieces(instance, arcs, values)
    rent = hour_rent(instance, values)
    size = cost_size(instance)
    merit = _merit(pieces, rent)
    priced, promise = _price(pieces, merit, rent, size, watch, before)
    bound = priced.bound + values.constant
    watch.say("Searching for a better design", None, bound)
    others = (stand_still(pieces), *roundings(pieces, priced))
    prices = (priced.prices.demand, priced.prices.stock)
    if must_choose_wheels(instance):  # Flows alone do not see who shares a line: ``with_wheels`` compares designs.
        return Design(paths=others[-1], bound=bound, merit=promise, others=others[:-1], prices=prices)
    near = _flow_arcs(pieces, merit, priced)
    transport = Transport(pieces, near, scale=size / 1000, threads=threads)
    closest = _nearest(merit, SITING_ARCS, pieces.useful) | _of_existing(pieces)
    sited = _sited(pieces, closest, size, watch, threads=threads, seed=seed)
    if sited is not None:
        paths, value = sited, transport.value(sited) + design_value(pieces, sited)
    if sited is None or not np.isfinite(value):
        paths, value = first_design(pieces, transport, _roomy_states(pieces, near, priced, size, watch))
    worked = [transport.work]  # when the design last got better

    def tell(found: float) -> None:
        worked[0] = transport.work
        watch.say("Searching for a better design", found + values.constant, bound)

    over = watch.budget(
        SEARCH_UNTIL,
        lambda: transport.work >= SEARCH_WORK or transport.work - worked[0] >= IDLE_WORK,
    )
    paths, value = improve(
        Lagrangian(pieces, near, is_wide=True),
        transport,
        paths,
        value,
        target=bound - values.constant - TARGET * watch.gap * size,
        is_over=over,
        tell=tell,
    )
    return Design(paths=paths, bound=bound, merit=promise, others=others, prices=prices)


def _roomy_states(
    pieces: Pieces, arcs: NDArray[np.bool_], priced: Priced, size: float, watch: Watch
) -> NDArray[np.float64]:
    """Averages of the answers without overtime: they hold more lines, and rounded are closer to what serves all."""
    regular = replace(pieces, extra=np.zeros_like(pieces.extra))
    return better_prices(
        Lagrangian(regular, arcs, is_wide=True),
        priced.prices,
        steps=ROOMY_STEPS,
        spread=SPREAD * size,
        is_over=watch.budget(PRICE_UNTIL),
    ).mean_state


def _price(
    pieces: Pieces, merit: Floats, rent: Floats, size: float, watch: Watch, before: Prices | None
) -> tuple[Priced, Floats]:
    """Prices with the bound that they prove over all arcs, and what each option alone would earn at them."""
    useful, over = pieces.useful, watch.budget(PRICE_UNTIL)
    start = first_prices(pieces, rent) if before is None else before
    steps = STEPS if before is None else MORE_STEPS
    few = useful if useful.size <= FEW_PAIRS else _nearest(merit, PRICED_ARCS, useful) | _of_existing(pieces)
    everything = Lagrangian(pieces, useful)
    # Shared wheels are quick to price; whether giving lines whole to wheels proves more, one look says.
    pooled = replace(pieces, apart=())
    priced = better_prices(Lagrangian(pooled, few), start, steps=steps, spread=SPREAD * size, is_over=over)
    answer = everything.evaluate(priced.prices, want_flows=False)
    if pieces.apart and answer.bound < priced.bound - LOOK * size:
        lagrangian = everything if few is useful else Lagrangian(pieces, few)
        priced = better_prices(lagrangian, priced.prices, steps=steps, spread=SPREAD * size, is_over=over)
        answer = everything.evaluate(priced.prices, want_flows=False)
    alone, _ = best_paths(pieces.states, answer.gain, want_paths=False)
    return replace(priced, bound=answer.bound), np.asarray(alone + priced.mean_state.sum(axis=1))


LOOK = 1e-4
"""Part of the costs by which whole lines on single wheels must lower the bound to be priced as well."""


def _of_existing(pieces: Pieces) -> NDArray[np.bool_]:
    return pieces.useful & pieces.states.is_existing[:, None]


def _flow_arcs(pieces: Pieces, merit: Floats, priced: Priced) -> NDArray[np.bool_]:
    """Arcs that the search may use: the best ones of all options, of those that were tried, and of what stands."""
    live = priced.mean_state.max(axis=1) > LIVE
    count = FLOW_ARCS_OF_WHEELS if pieces.apart else FLOW_ARCS
    near = _nearest(np.where(live[:, None], merit, -np.inf), count, pieces.useful & live[:, None])
    return near | _nearest(merit, count, pieces.useful) | _of_existing(pieces)


def _sited(
    pieces: Pieces, arcs: NDArray[np.bool_], size: float, watch: Watch, *, threads: int | None, seed: int
) -> Ints | None:
    """The design of ``siting``, where its model is not too large."""
    if int(arcs.sum()) > SITED_ARCS:
        return None
    seconds = None if watch.seconds_left is None else SITING_UNTIL * watch.seconds_left
    return site_once(
        pieces,
        arcs,
        scale=size / 1000,
        gap=SITING_GAP * size,
        nodes=SITING_NODES,
        seconds=seconds,
        threads=threads,
        seed=seed,
    )


def roundings(pieces: Pieces, priced: Priced) -> list[Ints]:
    """Designs near the averages of the priced answers, each once."""
    found: dict[bytes, Ints] = {}
    for threshold in (0.5, 0.7, 0.9):
        paths = legal(pieces, np.floor(priced.mean_state + threshold).astype(np.intp))
        found.setdefault(paths.tobytes(), paths)
    return list(found.values())


SPREAD = 0.03
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


def _merit(pieces: Pieces, rent: Floats) -> Floats:
    """What serving a point wholly is worth over the horizon with every hour paid, (o, d)."""
    nets = [np.where(np.isfinite(net), net, 0.0).sum(axis=1) for net in pieces.nets(rent)]
    return np.where(pieces.useful, np.stack(nets), -np.inf)


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
