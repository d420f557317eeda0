"""The cheapest cyclic order of a few things, when the way there may cost more than the way back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

EXACT_UP_TO = 12

Array = NDArray[np.float64]


def cheapest_cycle(cost: Array) -> tuple[int, ...]:
    """Order that visits each index of ``cost`` (n, n) once and returns to 0, the cheapest way round.

    Exact up to 12 by dynamic programming over subsets (Held and Karp 1962, doi:10.1137/0110015); above, the better of
    cheapest insertion and the best nearest neighbour, each improved by moves of up to three neighbours while they pay
    (Or 1976), which keep the direction of travel.
    """
    count = len(cost)
    if count <= 2:
        return tuple(range(count))
    if count <= EXACT_UP_TO:
        return _exact(cost)
    nearest = min((_nearest(cost, start) for start in range(count)), key=lambda order: cycle_cost(tuple(order), cost))
    return min((_improve(order, cost) for order in (_insert(cost), nearest)), key=lambda order: cycle_cost(order, cost))


def cycle_cost(order: tuple[int, ...], cost: Array) -> float:
    """Cost of going round once; a single stop costs nothing."""
    return float(cost[list(order), list(order[1:] + order[:1])].sum()) if len(order) > 1 else 0.0


def _exact(cost: Array) -> tuple[int, ...]:
    """best[S, j]: cheapest path from 0 through the set S of other indices that ends in j, j in S."""
    count = len(cost) - 1
    best = np.full((1 << count, count), np.inf)
    came = np.zeros((1 << count, count), dtype=np.intp)
    best[1 << np.arange(count), np.arange(count)] = cost[0, 1:]
    inner = cost[1:, 1:]
    bits = 1 << np.arange(count)
    for subset in range(1, 1 << count):
        nexts = np.flatnonzero((subset & bits) == 0)
        if len(nexts):
            reach = best[subset, :, None] + inner[:, nexts]
            came[subset | bits[nexts], nexts] = reach.argmin(axis=0)
            best[subset | bits[nexts], nexts] = reach.min(axis=0)
    return _walk_back(best, came, cost)


def _walk_back(best: Array, came: NDArray[np.intp], cost: Array) -> tuple[int, ...]:
    subset = len(best) - 1
    last = int((best[subset] + cost[1:, 0]).argmin())
    path: list[int] = []
    while True:
        path.append(last + 1)
        before = int(came[subset, last])
        subset &= ~(1 << last)
        if not subset:
            return (0, *reversed(path))
        last = before


def _insert(cost: Array) -> list[int]:
    order = [0]
    for stop in range(1, len(cost)):
        here = np.array(order)
        after = np.roll(here, -1)
        detour = cost[here, stop] + cost[stop, after] - np.where(here == after, 0.0, cost[here, after])
        order.insert(int(detour.argmin()) + 1, stop)
    return order


def _nearest(cost: Array, start: int) -> list[int]:
    order, ahead = [start], cost.astype(np.float64, copy=True)
    while len(order) < len(cost):
        ahead[:, order[-1]] = np.inf
        order.append(int(ahead[order[-1]].argmin()))
    return order


def _improve(order: list[int], cost: Array) -> tuple[int, ...]:
    is_better = True
    while is_better:
        is_better = False
        for length in (1, 2, 3):
            for begin in range(len(order)):
                moved = _move(order, begin, length, cost)
                if moved is not None:
                    order, is_better = moved, True
    start = order.index(0)
    return tuple(order[start:] + order[:start])


def _move(order: list[int], begin: int, length: int, cost: Array) -> list[int] | None:
    """The segment of ``length`` from ``begin`` put where it is cheapest; None when it is best where it is."""
    turned = order[begin:] + order[:begin]
    segment, rest = turned[:length], turned[length:]
    here, after = np.array(rest), np.roll(rest, -1)
    price = cost[here, segment[0]] + cost[segment[-1], after] - cost[here, after]
    place = int(price.argmin())
    if price[place] >= price[-1] - 1e-9 * (1 + abs(price[-1])):
        return None
    return rest[: place + 1] + segment + rest[place + 1 :]
