"""Cheapest flows from a set of open sites: one linear model kept warm while the set changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.highs import Solver
from manyworks.plan.linear import LinearModel
from manyworks.plan.location.problem import LocationProblem

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Flows:
    """``cost`` of serving everybody, fixed costs apart; ``price`` (customers,) and ``rent`` (sites,) are the duals of
    demand and capacity, ``share`` (arcs,) of each arc's customer; ``is_served``: nobody is left out."""

    cost: float
    price: Floats
    rent: Floats
    share: Floats
    is_served: bool


class Transport:
    """min Σ cost x + penalty · unserved over chosen arcs, Σ_i x + unserved = 1, Σ_j d x <= capacity of open sites."""

    def __init__(self, problem: LocationProblem, arcs: Flags, *, seed: int = 0) -> None:
        """``arcs`` (sites, customers) that may carry flow."""
        self.problem = problem
        self.site, self.customer = np.nonzero(arcs)
        self.unit = float(problem.cost.max()) or 1.0
        self.held = float(problem.capacity.max())
        penalty = 2 * self.unit + float(problem.fixed_cost.max())
        linear = LinearModel()
        flow = linear.add_columns("flow", -problem.cost[self.site, self.customer] / self.unit)
        left = linear.add_columns("unserved", np.full(len(problem.demand), -penalty / self.unit))
        everyone = np.arange(len(problem.demand))
        self._demand = linear.add_rows(
            "demand", everyone.shape, [(self.customer, flow, 1.0), (everyone, left, 1.0)], 1.0, 1.0
        )
        self._capacity = linear.add_rows(
            "capacity",
            problem.capacity.shape,
            [(self.site, flow, problem.demand[self.customer] / self.held)],
            high=np.zeros(len(problem.capacity)),
        )
        self._solver = Solver(linear, whole=False, seed=seed, is_brief=True)
        self._opened = np.zeros(len(problem.capacity), dtype=bool)
        self._flow, self._left = flow, left
        self._columns = linear.column_count

    def flows(self, opened: Flags) -> Flows:
        """The cheapest flows when just these sites are open."""
        changed = np.flatnonzero(opened != self._opened)
        limit = np.where(opened[changed], self.problem.capacity[changed] / self.held, 0.0)
        self._solver.set_row_bounds(self._capacity[changed], np.full(len(changed), -np.inf), limit)
        self._opened = opened.copy()
        return self._solved()

    def exact_flows(self, opened: Flags) -> Flows:
        """The cheapest flows over every arc: arcs that would help are added until there are none."""
        found = self.flows(opened)
        while True:
            paid = self.problem.cost + found.rent[:, None] * self.problem.demand - found.price
            helps = (paid < -1e-9 * self.unit) & opened[:, None]
            helps[self.site, self.customer] = False
            if not helps.any():
                return found
            self._add(helps)
            found = self._solved()

    def _add(self, arcs: Flags) -> None:
        from scipy.sparse import csc_matrix

        site, customer = np.nonzero(arcs)
        count = len(site)
        rows = np.concatenate([self._demand[customer], self._capacity[site]])
        values = np.concatenate([np.ones(count), self.problem.demand[customer] / self.held])
        columns = np.tile(np.arange(count), 2)
        matrix = csc_matrix((values, (rows, columns)), shape=(len(self._demand) + len(self._capacity), count))
        self._solver.add_columns(-self.problem.cost[site, customer] / self.unit, np.full(count, np.inf), matrix)
        self._flow = np.concatenate([self._flow, self._columns + np.arange(count)])
        self._columns += count
        self.site, self.customer = np.concatenate([self.site, site]), np.concatenate([self.customer, customer])

    def _solved(self) -> Flows:
        answer = self._solver.solve()
        assert answer.x is not None
        assert answer.row_price is not None
        return Flows(
            cost=-answer.value * self.unit,
            price=-answer.row_price[self._demand] * self.unit,
            rent=np.abs(answer.row_price[self._capacity]) * self.unit / self.held,
            share=answer.x[self._flow],
            is_served=bool(answer.x[self._left].max(initial=0.0) < 1e-9),
        )
