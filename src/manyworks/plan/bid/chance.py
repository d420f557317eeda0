"""With what chance a contract is kept when demand errs and things stand up late, the design unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from manyworks.model.stock import weekly_cvs
from manyworks.plan.bid.kept import MISSED, Kept
from manyworks.plan.equations.formulation import formulate
from manyworks.plan.equations.instance import Instance
from manyworks.plan.highs import Solver

Floats = NDArray[np.float64]
WORK = 4_000_000
"""Flows in all samples together; of a large network fewer samples are taken, and the interval says so."""
FEWEST = 20
NORMAL_95 = 1.959964
MOST_DEMAND = 4.0
"""Largest demand of a sample over the mean."""
MOST_QUARTERS = 8
"""Longest delay."""


@dataclass(frozen=True, kw_only=True)
class Chance:
    """``kept`` of ``samples`` futures deliver all of the contract; ``low`` to ``high`` is the 95 % interval of the
    share (Wilson 1927, doi:10.1080/01621459.1927.10502953). ``delivered`` is the mean share of its volume that arrives,
    ``others_unserved`` the mean units of other customers that are left beyond those that the plan leaves."""

    samples: int
    kept: int
    low: float
    high: float
    delivered: float
    others_unserved: float
    seed: int
    assumptions: tuple[str, ...]

    @property
    def share(self) -> float:
        """Share of the futures in which it is kept."""
        return self.kept / self.samples


def chance_kept(
    kept: Kept,
    *,
    samples: int,
    seed: int,
    slip_chance: float,
    demand_cv: float | None,
) -> Chance:
    """Sampled at the design of ``kept``: flows, people, overtime and stock are planned anew in each future."""
    futures = _Futures(kept)
    count = int(np.clip(WORK // max(futures.size, 1), FEWEST, samples)) if samples > FEWEST else samples
    random = np.random.Generator(np.random.Philox(seed))
    results = []
    for _ in range(count):
        demand = _demand(futures.instance, demand_cv, random)
        delay = np.minimum(random.geometric(1 - slip_chance, len(futures.instance.options)) - 1, MOST_QUARTERS)
        results.append(futures.deliver(demand, delay))
    delivered = np.array([share for share, _ in results])
    good = int((delivered >= 1 - MISSED * 10).sum())
    low, high = wilson(good, count)
    return Chance(
        samples=count,
        kept=good,
        low=low,
        high=high,
        delivered=float(delivered.mean()),
        others_unserved=max(_mean([left for _, left in results]) - futures.planned_unserved, 0.0),
        seed=seed,
        assumptions=_assumptions(kept, slip_chance, demand_cv),
    )


def _mean(left: list[float]) -> float:
    """Mean of the futures that have a plan; those without one are counted as not kept."""
    known = [units for units in left if np.isfinite(units)]
    return float(np.mean(known)) if known else 0.0


def wilson(successes: int, trials: int, z: float = NORMAL_95) -> tuple[float, float]:
    """Interval of a share.

    >>> [round(end, 3) for end in wilson(9, 10)]
    [0.596, 0.982]
    """
    share = successes / trials
    middle = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
    half = z / (1 + z**2 / trials) * sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _demand(instance: Instance, demand_cv: float | None, random: np.random.Generator) -> Floats:
    """Demand of each market in each period over its mean, (markets, periods): 1 on average, before the floor at 0."""
    network, own = instance.network, instance.own_markets
    cv = np.full(own, demand_cv) if demand_cv is not None else weekly_cvs(network, instance.markets[:own])
    together = min(max(network.policy.demand_correlation, 0.0), 1.0)
    common = random.standard_normal(len(instance.periods))
    alone = random.standard_normal((own, len(instance.periods)))
    error = sqrt(together) * common + sqrt(1 - together) * alone
    return np.clip(1 + cv[:, None] * error, 0.0, MOST_DEMAND)


class _Futures:
    """The linear model at a fixed design, with other demand and later starts from one solve to the next."""

    def __init__(self, kept: Kept) -> None:
        found = kept.designed.found
        base = found.model
        self.instance = base.instance
        self.kept = kept
        self.model = formulate(base.instance, base.arcs, base.arc_values, base.site_values, tight=False)
        self.x = found.x
        self.size = base.linear.columns["flow"].size
        self.solver = Solver(self.model.linear, whole=False, is_brief=True)
        self._free()
        contracts = [row.id for row in self.instance.contracts]
        self.point = self.instance.own_markets + contracts.index(kept.contract.id)
        ones = np.ones((self.instance.own_markets, len(self.instance.periods)))
        _, self.planned_unserved = self.deliver(ones, np.zeros(len(self.instance.options), dtype=np.intp))

    def _free(self) -> None:
        """Whole numbers as planned; demand may be left; budgets and shares of sites judge plans, not futures."""
        linear = self.model.linear
        whole = np.flatnonzero(linear.is_whole)
        used = linear.columns["used"]
        fixed = np.setdiff1d(whole, used[used >= 0])
        values = self.x[fixed]
        self.solver.set_bounds(fixed, values, values)
        for name in ("budget", "budget_quarter", "maximum_site_share"):
            rows = linear.rows.get(name)
            if rows is not None:
                self.solver.set_row_bounds(rows, np.full(rows.shape, -np.inf), np.full(rows.shape, np.inf))
        unmet = linear.columns["unmet"]
        self.solver.set_bounds(unmet, np.zeros(unmet.shape), np.full(unmet.shape, MOST_DEMAND))

    def deliver(self, demand: Floats, delay: NDArray[np.intp]) -> tuple[float, float]:
        """Share of the contract's volume that is delivered, and units of others that are left."""
        self._start_late(delay)
        rows, asked = self.model.linear.rows["demand"], self._asked()
        own = self.instance.own_markets
        wanted = np.where(asked[:own], demand[:, None, :], 0.0)
        self.solver.set_row_bounds(rows[:own], wanted, wanted)
        answer = self.solver.solve()
        if answer.x is None:
            return 0.0, float("nan")
        unmet = answer.x[self.model.linear.columns["unmet"]]
        units = np.zeros(unmet.shape)
        for p, f in enumerate(self.instance.family_of):
            units[:, f] += self.instance.demand[:, p]
        volume = float(units[self.point].sum())
        return 1 - float((unmet * units)[self.point].sum()) / volume, float((unmet * units)[:own].sum())

    def _asked(self) -> NDArray[np.bool_]:
        units = np.zeros((len(self.instance.markets), len(self.instance.families), len(self.instance.periods)))
        for p, f in enumerate(self.instance.family_of):
            units[:, f] += self.instance.demand[:, p]
        return np.asarray(units > 0)

    def _start_late(self, delay: NDArray[np.intp]) -> None:
        """Everything that an option opens or adds comes ``delay`` (options,) quarters later."""
        linear, instance = self.model.linear, self.instance
        opened = np.rint(self.x[linear.columns["open"]])
        added = np.rint(self.x[linear.columns["added"]])
        before = np.array([1.0 if option.is_existing else 0.0 for option in instance.options])
        for o, option in enumerate(instance.options):
            if not option.is_existing:
                opened[o] = _shifted(instance, opened[o], int(delay[o]), before[o])
        for g, place in enumerate(instance.places):
            added[g] = _shifted(instance, added[g], int(delay[place.option]), 0.0)
        self.solver.set_bounds(linear.columns["open"], opened, opened)
        self.solver.set_bounds(linear.columns["added"], added, added)
        self._ship_from_open_places(opened)

    def _ship_from_open_places(self, opened: Floats) -> None:
        linear, arcs = self.model.linear, self.model.arcs
        flow = linear.columns["flow"]
        may = linear.bounds[1][flow] > 0
        high = np.where(may & (opened[arcs.option] > 0), MOST_DEMAND, 0.0)
        ordered = arcs.market >= self.instance.own_markets
        high[ordered] = np.minimum(high[ordered], 1.0)
        self.solver.set_bounds(flow, np.zeros(flow.shape), high)


def _shifted(instance: Instance, level: Floats, delay: int, before: float) -> Floats:
    """A level (periods,) ``delay`` quarters later, read in the middle of each period: within a year a slip of up to two
    quarters counts as none."""
    begins = np.array([period.first_quarter for period in instance.periods])
    middle = np.array([period.first_quarter + period.quarters // 2 for period in instance.periods]) - delay
    at = np.searchsorted(begins, middle, side="right") - 1
    return np.where(at >= 0, level[np.maximum(at, 0)], before)


def _assumptions(kept: Kept, slip_chance: float, demand_cv: float | None) -> tuple[str, ...]:
    cv = "its weekly forecast error" if demand_cv is None else f"{demand_cv:.0%} of its mean"
    slips = slip_chance / (1 - slip_chance)
    correlation = kept.plan.network.policy.demand_correlation
    return (
        (
            f"Assumed: demand of each market errs in each period by {cv} (normal, not below 0); the correlation "
            f"between markets is policy.demand_correlation, {correlation:g}."
        ),
        (
            f"Assumed: what a site opens or adds comes a quarter late with a chance of {slip_chance:.0%}, and each "
            f"further quarter late with the same chance: {slips:.2f} quarters on average."
        ),
        (
            "The contract's volume is certain and served first; flows, people, overtime and stock are planned anew "
            "for the whole of each future, its demand known: so this chance is high."
        ),
    )
