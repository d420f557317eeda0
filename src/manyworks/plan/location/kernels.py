"""Compiled answers of single sites to priced demand: a continuous knapsack each, found without sorting."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from manyworks.compiled import compiled, part

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@part
def gather(site: int, cost: Floats, demand: Floats, price: Floats, density: Floats, customer: Ints) -> int:
    """Customers worth serving, unsorted, with their margin per unit of demand; returns how many."""
    count = 0
    for j in range(demand.shape[0]):
        margin = price[j] - cost[site, j]
        if margin > 0.0:
            density[count] = margin / demand[j]
            customer[count] = j
            count += 1
    return count


@part
def swap(a: int, b: int, density: Floats, customer: Ints) -> None:
    """Exchange two entries."""
    density[a], density[b] = density[b], density[a]
    customer[a], customer[b] = customer[b], customer[a]


@part
def fill(count: int, capacity: float, demand: Floats, density: Floats, customer: Ints) -> tuple[int, float]:
    """Partition so that the entries worth most come first until the capacity is full.

    Returns (number served wholly, share of the next one). Weighted quickselect: Balas and Zemel (1980),
    doi:10.1287/opre.28.5.1130.
    """
    low, high, left = 0, count, capacity
    while low < high:
        middle = (low + high) // 2
        a, b, c = density[low], density[middle], density[high - 1]
        pivot = max(min(a, b), min(max(a, b), c))
        # Three ways: above the pivot | equal to it | below it.
        above, at, below = low, low, high
        while at < below:
            if density[at] > pivot:
                swap(above, at, density, customer)
                above += 1
                at += 1
            elif density[at] < pivot:
                below -= 1
                swap(at, below, density, customer)
            else:
                at += 1
        heavy = 0.0
        for k in range(low, above):
            heavy += demand[customer[k]]
        if heavy > left:
            high = above
            continue
        left -= heavy
        low = above
        while low < below and demand[customer[low]] <= left:
            left -= demand[customer[low]]
            low += 1
        if low < below:
            return low, left / demand[customer[low]]
    return low, 0.0


@compiled
def profits(
    cost: Floats,
    demand: Floats,
    capacity: Floats,
    price: Floats,
    may: Flags,
    density: Floats,
    customer: Ints,
    profit: Floats,
) -> None:
    """What each site that ``may`` be open earns at the prices of demand, its fixed cost apart: ``profit`` (sites,)."""
    for site in range(cost.shape[0]):
        profit[site] = 0.0
        if not may[site]:
            continue
        count = gather(site, cost, demand, price, density, customer)
        whole, share = fill(count, capacity[site], demand, density, customer)
        total = 0.0
        for k in range(whole):
            total += density[k] * demand[customer[k]]
        if share > 0.0:
            total += share * density[whole] * demand[customer[whole]]
        profit[site] = total


@compiled
def add_served(
    cost: Floats,
    demand: Floats,
    capacity: Floats,
    price: Floats,
    opened: Floats,
    density: Floats,
    customer: Ints,
    served: Floats,
) -> None:
    """Add to ``served`` (customers,) the shares that the sites serve, each weighted by how far it is ``opened``."""
    for site in range(cost.shape[0]):
        weight = opened[site]
        if weight > 0.0:
            count = gather(site, cost, demand, price, density, customer)
            whole, share = fill(count, capacity[site], demand, density, customer)
            for k in range(whole):
                served[customer[k]] += weight
            if share > 0.0:
                served[customer[whole]] += weight * share
