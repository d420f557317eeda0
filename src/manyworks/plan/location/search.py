"""Better sets of open sites: open, close and exchange, each guessed from prices and then computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.location.bound import Relaxation
from manyworks.plan.location.problem import LocationProblem
from manyworks.plan.location.transport import Flows, Transport

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]

CANDIDATES = 30
"""Sites of each kind that are looked at for a change."""
TRIES = 30
"""Changes that are computed before the search gives up."""


@dataclass(frozen=True, kw_only=True)
class Design:
    """A set of open sites with its total cost and its flows."""

    opened: Flags
    cost: float
    flows: Flows


class Search:
    """Local search on open sites over chosen arcs."""

    def __init__(self, relaxation: Relaxation, arcs: Flags, *, seed: int = 0) -> None:
        self.relaxation, self.problem = relaxation, relaxation.problem
        self.transport = Transport(relaxation.problem, arcs, seed=seed)
        self.known: dict[bytes, float] = {}

    def evaluate(self, opened: Flags) -> Design | None:
        """Cost of a set of open sites; None where it cannot hold all demand, or was computed before."""
        key = opened.tobytes()
        if key in self.known or self.problem.capacity[opened].sum() < self.relaxation.total:
            return None
        flows = self.transport.flows(opened)
        cost = flows.cost + float(self.problem.fixed_cost[opened].sum())
        self.known[key] = cost
        return Design(opened=opened, cost=cost, flows=flows)

    def settle(self, opened: Flags) -> Design:
        """The least cost of a set of open sites over all arcs, not just the chosen ones."""
        flows = self.transport.exact_flows(opened)
        return Design(opened=opened, cost=flows.cost + float(self.problem.fixed_cost[opened].sum()), flows=flows)

    def improve(self, design: Design, is_over: Callable[[float], bool]) -> Design:
        """First improvement until no guess helps any more or ``is_over`` at the cost reached."""
        while not is_over(design.cost):
            better = self._step(design, is_over)
            if better is None:
                return design
            design = better
        return design

    def _step(self, design: Design, is_over: Callable[[float], bool]) -> Design | None:
        for opened in self._neighbours(design):
            if is_over(design.cost):
                return None
            trial = self.evaluate(opened)
            if trial is not None and trial.cost < design.cost - 1e-9 * abs(design.cost):
                return trial
        return None

    def _neighbours(self, design: Design) -> list[Flags]:
        """Sets that differ by one site opened, closed or both, the most promising first."""
        gain = self.opening_gains(design)
        save = self.closing_savings(design)
        opens = [k for k in np.argsort(-gain, kind="stable").tolist() if not design.opened[k]][:CANDIDATES]
        closes = [k for k in np.argsort(-save, kind="stable").tolist() if design.opened[k]][:CANDIDATES]
        spare = float(self.problem.capacity[design.opened].sum()) - self.relaxation.total
        holds = self.problem.capacity
        moves: list[tuple[float, tuple[int, ...]]] = [(gain[k], (k,)) for k in opens]
        moves += [(save[k], (k,)) for k in closes if holds[k] <= spare]
        moves += [(gain[a] + save[b], (a, b)) for a in opens for b in closes if holds[b] <= spare + holds[a]]
        promising = sorted((move for move in moves if move[0] > 0), key=lambda move: (-move[0], move[1]))
        return [_changed(design.opened, sites) for _, sites in promising[:TRIES]]

    def opening_gains(self, design: Design) -> Floats:
        """At most what each closed site would save if it were opened, (sites,)."""
        return self.relaxation.profits(design.flows.price, ~design.opened) - self.problem.fixed_cost

    def closing_savings(self, design: Design) -> Floats:
        """At most what closing each open site saves, (sites,): its rent is lost, and its customers pay more."""
        problem, flows = self.problem, design.flows
        paid = problem.cost + flows.rent[:, None] * problem.demand
        paid[~design.opened] = np.inf
        two = np.partition(paid, 1, axis=0)[:2] if design.opened.sum() > 1 else np.vstack([paid.min(axis=0)] * 2)
        site, customer = self.transport.site, self.transport.customer
        mine = paid[site, customer]
        other = np.where(mine <= two[0, customer], two[1, customer], two[0, customer])
        more = flows.share * (other - problem.cost[site, customer])
        more = np.where(flows.share > 0, more, 0.0)
        lost = np.bincount(site, weights=more, minlength=len(problem.fixed_cost))
        return np.asarray(problem.fixed_cost - np.maximum(lost, flows.rent * problem.capacity))


def _changed(opened: Flags, sites: tuple[int, ...]) -> Flags:
    changed = opened.copy()
    for site in sites:
        changed[site] = ~changed[site]
    return changed


def near_arcs(problem: LocationProblem, count: int) -> Flags:
    """The ``count`` sites of least cost for each customer, with a full site's rent counted in, (sites, customers)."""
    rent = (problem.fixed_cost / problem.capacity)[:, None] * problem.demand
    best = np.argpartition(problem.cost + 0.5 * rent, min(count, len(rent)) - 1, axis=0)[:count]
    arcs = np.zeros(problem.cost.shape, dtype=bool)
    arcs[best, np.arange(problem.size[1])[None, :]] = True
    return arcs


def rounded(relaxation: Relaxation, mean_opened: Floats, threshold: float) -> Flags:
    """Sites open by more than ``threshold`` on average, and the next ones until all demand fits."""
    order = np.argsort(-mean_opened, kind="stable")
    held = np.cumsum(relaxation.problem.capacity[order])
    enough = int(np.searchsorted(held, relaxation.total * (1 + 1e-9))) + 1
    opened = mean_opened > threshold
    opened[order[:enough]] = True
    return np.asarray(opened)
