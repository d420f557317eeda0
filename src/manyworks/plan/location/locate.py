"""Which sites to open: prices for a bound, a search for plans, and branching until the gap is closed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks import __version__
from manyworks.errors import CheckError, UsageError
from manyworks.plan.location.bound import Priced, Relaxation, better_prices, first_prices
from manyworks.plan.location.branch import prove
from manyworks.plan.location.problem import LocationProblem
from manyworks.plan.location.result import PROVEN, Location, Status
from manyworks.plan.location.search import Design, Search, near_arcs, rounded
from manyworks.plan.progress import Display
from manyworks.plan.search.watch import Watch

Floats = NDArray[np.float64]

ROUNDS = 4
ROUND_STEPS = 200
LAST_STEPS = 300
"""Steps of the prices: in each round that ends with a better plan, and once the best plan is known."""
NEAR_SITES = 15
"""Sites of each customer that the search may use; the flows of the answer may use all."""
SEARCH_TRIES = 100
"""Plans that the search computes at most before branching begins, when no time limit is stated."""


def locate_sites(
    problem: LocationProblem,
    *,
    gap: float = 0.0,
    time_limit: float | None = None,
    seed: int = 0,
    display: Display | None = None,
) -> Location:
    """The plan of least cost, with its proof.

    ``gap`` is the share of the cost at which to stop, in [0, 1); 0 proves the optimum to one part in a million.
    ``time_limit`` in wall seconds; none: until the gap is reached. Ctrl-C ends the search and returns the best plan so
    far with its bound. Same seed, same plan, unless a time limit or Ctrl-C ends it.

    Raises
    ------
    UsageError
        An argument is outside its range.
    CheckError
        The plan does not survive its own recomputation.
    """
    if not 0 <= gap < 1:
        raise UsageError("must be in [0, 1)", where="gap", found=gap, cure="State it as a share: 0.01 is 1 %.")
    if time_limit is not None and time_limit <= 0:
        raise UsageError("must be > 0 seconds", where="time_limit", found=time_limit, cure="State wall seconds.")
    watch = Watch(case=problem.name, gap=gap, time_limit=time_limit, display=display, measure="cost")
    cpu, count = time.process_time(), _Count()
    with watch.listening():
        relaxation = Relaxation(problem)
        search = Search(relaxation, near_arcs(problem, NEAR_SITES), seed=seed)
        design, priced = _begin(relaxation, search, watch)
        watch.say("Searching for a better plan", -design.cost, -priced.bound)
        design = search.settle(search.improve(design, _enough(search, watch, priced.bound, gap)).opened)
        priced = better_prices(relaxation, priced.prices, steps=LAST_STEPS, target=design.cost, step=0.2)
        design, bound = prove(
            relaxation,
            search,
            priced,
            design,
            gap=max(gap, PROVEN / 2),
            is_over=lambda: watch.is_over,
            tell=lambda cost, bound: count.tell(watch, cost, bound),
        )
        settled = search.settle(design.opened)
    bound = min(bound, settled.cost)
    location = Location(
        problem=problem,
        opened=settled.opened,
        share=_shares(search, settled),
        cost=settled.cost,
        bound=bound,
        prices=priced.prices,
        priced_bound=priced.bound,
        status=_status(watch, settled.cost, bound, gap),
        nodes=count.nodes,
        seconds=watch.seconds,
        cpu_seconds=time.process_time() - cpu,
        seed=seed,
        version=__version__,
    )
    failures = [str(issue) for issue in location.check()]
    if failures:
        raise CheckError("the plan failed its own check", failures=failures, where=problem.name)
    watch.done(-settled.cost, -bound, location.gap)
    return location


def _begin(relaxation: Relaxation, search: Search, watch: Watch) -> tuple[Design, Priced]:
    """Prices and plans in turn: each brings the other nearer."""
    watch.say("Pricing demand")
    sites = relaxation.problem.size[0]
    prices = first_prices(relaxation.problem)
    nothing, everything = np.zeros(sites, dtype=bool), np.ones(sites, dtype=bool)
    opened = relaxation.answer(prices, nothing, everything).opened
    design = search.evaluate(rounded(relaxation, opened, 0.5))
    assert design is not None
    priced = None
    for number in range(ROUNDS):
        priced = better_prices(
            relaxation,
            prices if priced is None else priced.prices,
            steps=ROUND_STEPS,
            target=design.cost,
            step=0.5 if number == 0 else 0.3,
        )
        for threshold in (0.5, 0.3, 0.7):
            trial = search.evaluate(rounded(relaxation, priced.mean_opened, threshold))
            if trial is not None and trial.cost < design.cost:
                design = trial
        if watch.is_over:
            break
    assert priced is not None
    return design, priced


def _enough(search: Search, watch: Watch, bound: float, gap: float) -> Callable[[float], bool]:
    def is_over(cost: float) -> bool:
        return cost <= bound / (1 - gap) * (1 + PROVEN / 2) or len(search.known) >= SEARCH_TRIES or watch.is_over

    return is_over


@dataclass
class _Count:
    """Branches so far; every so often somebody is told."""

    nodes: int = 0

    def tell(self, watch: Watch, cost: float, bound: float) -> None:
        self.nodes += 1
        if self.nodes % 10 == 1:
            watch.say("Proving by branching", -cost, -bound)


def _shares(search: Search, design: Design) -> Floats:
    """Flows as a table (sites, customers)."""
    share = np.zeros(search.problem.size)
    share[search.transport.site, search.transport.customer] = np.where(
        design.flows.share > 1e-12, design.flows.share, 0
    )
    return np.asarray(share / share.sum(axis=0))


def _status(watch: Watch, cost: float, bound: float, gap: float) -> Status:
    share = (cost - bound) / cost if cost > 0 else 0.0
    if share <= PROVEN:
        return "optimal"
    if share <= gap + PROVEN:
        return "gap_reached"
    return "interrupted" if watch.is_interrupted else "time_limit"
