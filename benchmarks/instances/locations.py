"""Seeded location problems of any size, in the two styles of the literature."""

from __future__ import annotations

import numpy as np

from manyworks.plan.location.problem import LocationProblem


def uniform_square(sites: int, customers: int, *, ratio: float, seed: int) -> LocationProblem:
    """Sites and customers in the unit square, unequal capacities of ``ratio`` times all demand.

    Demand U[5, 35], capacity U[10, 160] scaled to the ratio, fixed cost U[0, 90] + U[100, 110] √capacity, ten per unit
    of demand and distance: Cornuéjols, Sridharan and Thizy (1991), doi:10.1016/0377-2217(91)90261-S.
    """
    luck = np.random.default_rng([seed, sites, customers])
    places, homes = luck.random((sites, 2)), luck.random((customers, 2))
    demand, capacity = luck.uniform(5, 35, customers), luck.uniform(10, 160, sites)
    fixed = luck.uniform(0, 90, sites) + luck.uniform(100, 110, sites) * np.sqrt(capacity)
    return LocationProblem(
        name=f"uniform {sites} x {customers}, ratio {ratio:g}, seed {seed}",
        fixed_cost=fixed,
        capacity=capacity * ratio * demand.sum() / capacity.sum(),
        demand=demand,
        cost=10 * _distance(places, homes) * demand,
    )


def few_large(sites: int, customers: int, *, capacity: float, seed: int) -> LocationProblem:
    """Equal capacities and roads of uneven quality, in the style of the large OR-Library instances.

    Demand 1 to 100, distance in a square of 1,000 times U[1, 1.25], fixed cost 7.5 to 15 % of what serving everybody
    from the nearest site costs; total demand is about 50 a customer.
    """
    luck = np.random.default_rng([seed, sites, customers])
    places, homes = luck.random((sites, 2)) * 1000, luck.random((customers, 2)) * 1000
    demand = luck.integers(1, 101, customers).astype(np.float64)
    cost = _distance(places, homes) * demand * luck.uniform(1, 1.25, (sites, customers))
    return LocationProblem(
        name=f"few large {sites} x {customers}, capacity {capacity:g}, seed {seed}",
        fixed_cost=luck.uniform(0.075, 0.15, sites) * cost.min(axis=0).sum(),
        capacity=np.full(sites, capacity),
        demand=demand,
        cost=cost,
    )


def _distance(places: np.ndarray, homes: np.ndarray) -> np.ndarray:
    return np.hypot(*(places[:, None] - homes[None]).transpose(2, 0, 1))
