"""Proof by branching: sites are forced open or closed until every branch costs at least what the best plan does."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.location.bound import Priced, Relaxation, better_prices
from manyworks.plan.location.search import Design, Search, rounded

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NODE_STEPS = 40
"""Steps of the prices in each branch."""
TRY_EVERY = 4
"""One branch of so many is also tried as a plan: the flows of a plan cost as much as the prices of several branches."""


@dataclass(frozen=True, kw_only=True)
class Node:
    """A branch: sites that ``must`` and ``may`` be open, prices to begin with, and the bound of its parent."""

    must: Flags
    may: Flags
    priced: Priced


def prove(
    relaxation: Relaxation,
    search: Search,
    root: Priced,
    design: Design,
    *,
    gap: float,
    is_over: Callable[[], bool],
    tell: Callable[[float, float], None],
) -> tuple[Design, float]:
    """The best plan found and the least bound of all branches left; ``gap`` is a share of the cost."""
    sites = len(root.mean_opened)
    everything, nothing = np.ones(sites, dtype=bool), np.zeros(sites, dtype=bool)
    heap: list[tuple[float, int, Node]] = []
    count, proven = 0, np.inf
    heapq.heappush(heap, (root.bound, count, Node(must=nothing, may=everything, priced=root)))
    while heap and not is_over():
        bound, _, node = heapq.heappop(heap)
        if bound >= design.cost * (1 - gap):
            heap.clear()
            proven = min(proven, bound)
            break
        must, may = _fixed(relaxation, node, design.cost * (1 - gap))
        free = may & ~must
        if relaxation.problem.capacity[may].sum() < relaxation.total * (1 - 1e-12):
            continue
        if not free.any():
            leaf = search.settle(must)
            proven = min(proven, leaf.cost)
            design = leaf if leaf.cost < design.cost else design
            continue
        site = int(np.argmin(np.where(free, np.abs(node.priced.mean_opened - 0.5), np.inf)))
        for is_open in (True, False):
            child_must, child_may = must.copy(), may.copy()
            child_must[site] = is_open
            child_may[site] = is_open
            priced = better_prices(
                relaxation,
                node.priced.prices,
                steps=NODE_STEPS,
                target=design.cost,
                must=child_must,
                may=child_may,
                step=0.2,
                is_enough=lambda bound: bound >= design.cost * (1 - gap),  # noqa: B023
            )
            if priced.bound >= design.cost * (1 - gap):
                proven = min(proven, priced.bound)
                continue
            worth = design.cost if count % TRY_EVERY == 0 else -np.inf
            trial = _tried(relaxation, search, priced, child_must, child_may, worth)
            if trial is not None and trial.cost < design.cost:
                design = search.settle(search.improve(trial, lambda _: is_over()).opened)
            count += 1
            heapq.heappush(heap, (max(priced.bound, bound), count, Node(must=child_must, may=child_may, priced=priced)))
        tell(design.cost, min(heap[0][0] if heap else proven, proven))
    left = min((entry[0] for entry in heap), default=np.inf)
    return design, min(left, proven, design.cost)


def _tried(
    relaxation: Relaxation, search: Search, priced: Priced, must: Flags, may: Flags, worth: float
) -> Design | None:
    """The plan nearest to the branch's answers, where the prices do not say already that it is no better."""
    opened = rounded(relaxation, np.where(may, priced.mean_opened, 0.0) + must, 0.5)
    least = float(priced.prices.sum()) + float(priced.reduced_cost @ opened)
    return search.evaluate(opened) if least < worth else None


def _fixed(relaxation: Relaxation, node: Node, worth: float) -> tuple[Flags, Flags]:
    """Sites whose opposite is too dear at the node's prices are fixed."""
    must, may = node.must.copy(), node.may.copy()
    priced = node.priced
    total = float(priced.prices.sum())
    now, opened = relaxation.cheapest_cover(priced.reduced_cost, must, may)
    for site in np.flatnonzero(may & ~must).tolist():
        closed_costs = open_costs = 0.0
        if opened[site] > 0:
            may[site] = False
            closed_costs = relaxation.cheapest_cover(priced.reduced_cost, must, may)[0] - now
            may[site] = True
        if opened[site] < 1:
            must[site] = True
            open_costs = relaxation.cheapest_cover(priced.reduced_cost, must, may)[0] - now
            must[site] = False
        must[site] = total + now + closed_costs >= worth
        may[site] = must[site] or total + now + open_costs < worth
    return must, may
