"""A proven lower bound of a location problem, as a function of a price on each customer's demand.

With a price λ_j on serving customer j wholly, the sites no longer meet: each earns, if open, the best that fits its
capacity (a continuous knapsack), and those open together must be able to hold all demand:

    L(λ) = Σ_j λ_j + min { Σ_i (f_i − profit_i(λ)) y_i : Σ_i s_i y_i ≥ Σ_j d_j, Σ_i y_i ≥ fewest, y free or fixed }.

Any λ gives a bound, so a third party needs the prices alone to recompute it. The last row follows from the one before
for whole y, and makes the bound much tighter where capacities are equal; y is relaxed to shares, and the larger of the
two values with one row each is taken. Prices are improved by the volume algorithm (Barahona and Anbil 2000,
doi:10.1007/s101070050002), whose averages say which sites to try.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.location.problem import LocationProblem

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

STEPS_TO_TURN = 8
"""Steps without a better bound after which the steps get shorter."""
SHORTER = 0.7
LEAST_STEP = 1e-4


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What all sites answer to prices: ``opened`` (sites,) shares, ``served`` (customers,) shares of demand, the
    ``reduced_cost`` (sites,) of opening each, and the ``bound``."""

    bound: float
    opened: Floats
    served: Floats
    reduced_cost: Floats


@dataclass(frozen=True, kw_only=True)
class Priced:
    """The best prices found, their bound and answer, and ``mean_opened`` (sites,) over the answers."""

    prices: Floats
    bound: float
    reduced_cost: Floats
    mean_opened: Floats


class Relaxation:
    """The bound as a function of prices, with scratch space for the compiled answers."""

    def __init__(self, problem: LocationProblem) -> None:
        self.problem = problem
        sites, customers = problem.size
        self._density = np.zeros(customers)
        self._customer = np.zeros(customers, dtype=np.int64)
        self._profit = np.zeros(sites)
        self.total = float(problem.demand.sum())
        held = np.cumsum(np.sort(problem.capacity)[::-1])
        self.fewest = int(np.searchsorted(held, self.total * (1 - 1e-12)) + 1)

    def profits(self, prices: Floats, may: Flags) -> Floats:
        """What each site that may be open earns at the prices, (sites,)."""
        from manyworks.plan.location.kernels import profits

        it = self.problem
        profits(it.cost, it.demand, it.capacity, prices, may, self._density, self._customer, self._profit)
        return self._profit.copy()

    def answer(self, prices: Floats, must: Flags, may: Flags, *, want_served: bool = True) -> Answer:
        """The bound and the answers; sites that ``must`` be open are, sites that not ``may`` be open are not."""
        from manyworks.plan.location.kernels import add_served

        it = self.problem
        reduced = it.fixed_cost - self.profits(prices, may)
        value, opened = self.cheapest_cover(reduced, must, may)
        served = np.zeros(len(it.demand))
        if want_served:
            add_served(it.cost, it.demand, it.capacity, prices, opened, self._density, self._customer, served)
        return Answer(bound=float(prices.sum()) + value, opened=opened, served=served, reduced_cost=reduced)

    def cheapest_cover(self, reduced: Floats, must: Flags, may: Flags) -> tuple[float, Floats]:
        """Least Σ reduced · y of enough sites to hold all demand, and y (sites,); inf where too few may open."""
        opened = (must | (may & (reduced < 0))).astype(np.float64)
        ways = [
            _cover(reduced, opened, may, self.problem.capacity, self.total * (1 - 1e-12)),
            _cover(reduced, opened, may, np.ones(len(reduced)), float(self.fewest)),
        ]
        return max(ways, key=lambda way: way[0])


def _cover(reduced: Floats, opened: Floats, may: Flags, holds: Floats, wanted: float) -> tuple[float, Floats]:
    """Open more sites, cheapest per unit held first and the last in part, until they hold what is wanted."""
    missing = wanted - float(holds @ opened)
    value = float(reduced @ opened)
    if missing <= 1e-9 * max(wanted, 1.0):
        return value, opened
    spare = np.flatnonzero(may & (opened == 0))
    order = spare[np.argsort(reduced[spare] / holds[spare], kind="stable")]
    ends = np.cumsum(holds[order])
    if not len(order) or ends[-1] < missing - 1e-9 * max(wanted, 1.0):
        return np.inf, opened
    share = np.clip((missing - (ends - holds[order])) / holds[order], 0.0, 1.0)
    more = opened.copy()
    more[order] = share
    return value + float(reduced[order] @ share), more


def first_prices(problem: LocationProblem) -> Floats:
    """Prices to begin with: the cheapest way to serve each customer with its part of a full site's fixed cost."""
    rent = (problem.fixed_cost / problem.capacity)[:, None] * problem.demand
    return np.asarray((problem.cost + rent).min(axis=0))


def better_prices(
    relaxation: Relaxation,
    prices: Floats,
    *,
    steps: int,
    target: float,
    must: Flags | None = None,
    may: Flags | None = None,
    step: float = 0.5,
    is_enough: Callable[[float], bool] | None = None,
) -> Priced:
    """The volume algorithm from ``prices``; ``target`` is a cost that some plan has, ``is_enough`` ends it early."""
    sites = relaxation.problem.size[0]
    must = np.zeros(sites, dtype=bool) if must is None else must
    may = np.ones(sites, dtype=bool) if may is None else may
    best, best_prices = relaxation.answer(prices, must, may), prices
    mean_served, mean_opened = best.served.copy(), best.opened.copy()
    since = 0
    for _ in range(steps):
        if (is_enough is not None and is_enough(best.bound)) or not np.isfinite(best.bound):
            break
        gradient = 1.0 - mean_served
        norm = float(gradient @ gradient)
        if norm < 1e-12 or step < LEAST_STEP:
            break
        aim = max(target, best.bound + 1e-4 * abs(best.bound))
        trial_prices = np.maximum(best_prices + step * (aim - best.bound) / norm * gradient, 0.0)
        trial = relaxation.answer(trial_prices, must, may)
        share = _weight(mean_served, trial.served)
        mean_served += share * (trial.served - mean_served)
        mean_opened += share * (trial.opened - mean_opened)
        if trial.bound > best.bound:
            if (1.0 - trial.served) @ gradient > 0:
                step = min(step * 1.1, 2.0)
            best, best_prices, since = trial, trial_prices, 0
        else:
            since += 1
            if since >= STEPS_TO_TURN:
                step, since = step * SHORTER, 0
    return Priced(
        prices=best_prices,
        bound=best.bound,
        reduced_cost=best.reduced_cost,
        mean_opened=mean_opened,
    )


def _weight(mean: Floats, new: Floats) -> float:
    """Share of the new answer that brings the mean's violation down most, within bounds that keep it moving."""
    old, change = 1.0 - mean, new - mean
    square = float(change @ change)
    best = float(old @ change) / square if square > 0 else 0.1
    return float(min(max(best, 0.01), 0.1))
