"""The answer of a location problem: who is open, who serves whom, what it costs, and what proves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import Issue
from manyworks.model.table import Table
from manyworks.plan.location.problem import LocationProblem

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TOLERANCE = 1e-6
PROVEN = 1e-6
"""Gap below which a plan counts as optimal."""

Status = Literal["optimal", "gap_reached", "time_limit", "interrupted"]


@dataclass(frozen=True, kw_only=True)
class Location:
    """Result of ``locate_sites``.

    ``opened`` (sites,); ``share`` (sites, customers) of each customer's demand; ``cost`` in the instance's money, and
    ``bound`` that no plan can be below, proven by branching. ``prices`` (customers,) are those of the root: with them
    alone anybody can recompute ``priced_bound``, by the formula of ``bound.py``; ``check`` does. ``nodes`` branches.
    """

    problem: LocationProblem
    opened: Flags
    share: Floats
    cost: float
    bound: float
    prices: Floats
    priced_bound: float
    status: Status
    nodes: int
    seconds: float
    cpu_seconds: float
    seed: int
    version: str

    @property
    def gap(self) -> float:
        """(cost − bound) / cost."""
        return (self.cost - self.bound) / self.cost if self.cost > 0 else 0.0

    @property
    def table(self) -> Table:
        """One row for each open site: ``site, fixed_cost, serving_cost, units, used`` (share of its capacity)."""
        it, sites = self.problem, np.flatnonzero(self.opened)
        units = self.share[sites] @ it.demand
        return Table(
            {
                "site": sites + 1,
                "fixed_cost": it.fixed_cost[sites],
                "serving_cost": (self.share[sites] * it.cost[sites]).sum(axis=1),
                "units": units,
                "used": units / it.capacity[sites],
            }
        )

    def to_frame(self) -> Any:
        """The open sites as a pandas DataFrame."""
        return self.table.to_frame()

    @property
    def flows(self) -> Table:
        """One row for each site that serves a customer: ``site, customer, share, units, cost``."""
        site, customer = np.nonzero(self.share > 0)
        share = self.share[site, customer]
        return Table(
            {
                "site": site + 1,
                "customer": customer + 1,
                "share": share,
                "units": share * self.problem.demand[customer],
                "cost": share * self.problem.cost[site, customer],
            }
        )

    def summary(self) -> str:
        """The answer in some lines of text."""
        sites, customers = self.problem.size
        fixed = float(self.problem.fixed_cost[self.opened].sum())
        proof = "proven optimal" if self.status == "optimal" else f"at most {self.gap:.3%} above the best there can be"
        return "\n".join(
            [
                f"{self.problem.name}: {int(self.opened.sum())} of {sites} sites serve {customers} customers",
                f"  cost   {self.cost:,.3f} = {fixed:,.3f} fixed + {self.cost - fixed:,.3f} serving",
                f"  bound  {self.bound:,.3f}; {proof} ({self.status}, {self.nodes} branches)",
                f"  sites  {', '.join(str(site + 1) for site in np.flatnonzero(self.opened))}",
                f"  time   {self.seconds:.1f} s, {self.cpu_seconds:.1f} CPU s",
            ]
        )

    def check(self) -> list[Issue]:
        """Every broken rule, recomputed with sorting in plain numpy, without the solver and the compiled kernels."""
        it, share = self.problem, self.share
        fixed = float(it.fixed_cost[self.opened].sum())
        cost = fixed + float((share * it.cost).sum())
        bound = priced_bound(it, self.prices)
        room = np.where(self.opened, it.capacity, 0.0) * (1 + TOLERANCE)
        rules = [
            ("served", bool(np.abs(share.sum(axis=0) - 1).max() > TOLERANCE), "every customer must be served wholly"),
            ("share", bool(share.min() < -TOLERANCE), "no share may be negative"),
            ("capacity", bool((share @ it.demand > room + TOLERANCE).any()), "a site serves more than it holds"),
            ("cost", abs(cost - self.cost) > TOLERANCE * max(cost, 1.0), f"the cost is {cost:.6f}"),
            (
                "priced_bound",
                abs(bound - self.priced_bound) > TOLERANCE * max(abs(bound), 1.0),
                f"the prices give a bound of {bound:.6f}",
            ),
            ("bound", self.bound > self.cost * (1 + TOLERANCE), "the bound is above the cost of a plan"),
        ]
        return [
            Issue(rule=f"location.{name}", severity="error", path=it.name, message=message)
            for name, is_broken, message in rules
            if is_broken
        ]

    def __repr__(self) -> str:
        return f"Location({self.problem.name!r}: cost {self.cost:,.3f}, gap {self.gap:.4%}, {self.status})"


def priced_bound(problem: LocationProblem, prices: Floats) -> float:
    """The bound that ``prices`` prove, by the formula of ``bound.py``, with nothing of the solver's code."""
    worth = np.maximum(prices - problem.cost, 0.0)
    order = np.argsort(-worth / problem.demand, axis=1, kind="stable")
    taken = np.where(worth > 0, problem.demand, 0.0)
    taken = np.take_along_axis(taken, order, axis=1)
    before = np.cumsum(taken, axis=1) - taken
    part = np.clip(problem.capacity[:, None] - before, 0.0, taken) / np.where(taken > 0, taken, 1.0)
    reduced = problem.fixed_cost - (part * np.take_along_axis(worth, order, axis=1)).sum(axis=1)
    total = problem.demand.sum()
    fewest = 1 + int((np.cumsum(np.sort(problem.capacity)[::-1]) < total * (1 - 1e-12)).sum())
    covers = [(problem.capacity, total * (1 - 1e-12)), (np.ones(len(reduced)), float(fewest))]
    return float(prices.sum()) + max(_least_cover(reduced, holds, wanted) for holds, wanted in covers)


def _least_cover(reduced: Floats, holds: Floats, wanted: float) -> float:
    """Min Σ reduced y, Σ holds y >= wanted, 0 <= y <= 1: in the order of cost per unit held."""
    value, held = 0.0, 0.0
    for site in sorted(range(len(reduced)), key=lambda i: (reduced[i] / holds[i], i)):
        part = 1.0 if reduced[site] < 0 else min(max((wanted - held) / holds[site], 0.0), 1.0)
        value += part * reduced[site]
        held += part * holds[site]
    return value
