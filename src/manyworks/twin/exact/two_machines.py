"""The two-machine line of Buzacott: equal work times, failures and repairs by chance at each beat, room between.

Gershwin (1994), *Manufacturing Systems Engineering*, section 3.2; Buzacott (1967), doi:10.1080/00207546708929767. Time
goes in beats of one part. A machine that has a part and a place for it fails with probability p, one that is down is
repaired with probability r; parts are passed on at the end of the beat.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from manyworks.twin.exact.chain import stationary


def buzacott_rate(p1: float, r1: float, p2: float, r2: float, room: int) -> float:
    """Parts per beat; ``room`` parts between the machines, the one in the second machine included.

    >>> round(buzacott_rate(0.1, 0.1, 0.1, 0.1, 4), 12) == 23 / 64
    True
    """
    if room < 1 or not all(0 < chance < 1 for chance in (p1, r1, p2, r2)):
        raise ValueError("probabilities must be between 0 and 1, and the room at least 1")
    states = list(product(range(room + 1), (0, 1), (0, 1)))
    number = {state: position for position, state in enumerate(states)}
    flows: dict[tuple[int, int], float] = {}
    made = np.zeros(len(states))
    for level, first, second in states:
        here = number[level, first, second]
        for up1, up2 in product((0, 1), (0, 1)):
            chance = _next(first, up1, level < room, p1, r1) * _next(second, up2, level > 0, p2, r2)
            there = number[level + up1 * (level < room) - up2 * (level > 0), up1, up2]
            made[here] += chance * up2 * (level > 0)
            if chance and there != here:
                flows[here, there] = flows.get((here, there), 0.0) + chance
    return float(_recurrent(flows, len(states)) @ made)


def _next(was_up: int, is_up: int, can_work: bool, fails: float, mends: float) -> float:
    """Probability that a machine is up, or down, in the next beat."""
    up = (1 - fails if can_work else 1.0) if was_up else mends
    return up if is_up else 1 - up


def _recurrent(flows: dict[tuple[int, int], float], count: int) -> NDArray[np.float64]:
    """Shares of the states that the line comes back to; those that it only leaves have none."""
    kept = set(range(count))
    while True:
        entered = {there for (here, there) in flows if here in kept}
        if entered >= kept:
            break
        kept &= entered
    order = sorted(kept)
    place = {state: position for position, state in enumerate(order)}
    inner = {(place[a], place[b]): rate for (a, b), rate in flows.items() if a in kept and b in kept}
    shares = np.zeros(count)
    shares[order] = stationary(inner, len(order))
    return shares
