"""Compiled robust tabu search for quadratic assignment, by Taillard (1991), doi:10.1016/S0167-8191(05)80147-4.

Facilities stand where ``place`` says. The distances and the linear costs are kept in the order of the facilities
(``near[i, j]`` is the distance from the place of i to that of j), and so is the memory of forbidden moves: every inner
loop then runs along a row, and a swap costs one pass over a triangle of n x n numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from manyworks.compiled import compiled, part

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)
S30, S27, S31, S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
UNIT = 1.0 / 9007199254740992.0
"""2 ** -53: a word's upper 53 bits become a number in [0, 1)."""

COST, BEST, STEP, SINCE = 0, 1, 2, 3
"""What ``state`` holds: cost now, best cost, steps done, steps since the best was bettered."""


@part
def uniform(stream: Words) -> float:
    """The next number in [0, 1) of the stream (key, counter): splitmix64 of the counter, Steele et al. (2014)."""
    stream[1] += np.uint64(1)
    word = stream[0] + stream[1] * GOLDEN
    word = (word ^ (word >> S30)) * MIX_1
    word = (word ^ (word >> S27)) * MIX_2
    word = word ^ (word >> S31)
    return float(word >> S11) * UNIT


@part
def swap_columns(matrix: Floats, r: int, s: int) -> None:
    """Exchange columns r and s."""
    for k in range(matrix.shape[0]):
        matrix[k, r], matrix[k, s] = matrix[k, s], matrix[k, r]


@part
def swap_rows(matrix: Floats, r: int, s: int) -> None:
    """Exchange rows r and s."""
    for k in range(matrix.shape[1]):
        matrix[r, k], matrix[s, k] = matrix[s, k], matrix[r, k]


@part
def swap_rows_and_columns(matrix: Floats, r: int, s: int) -> None:
    """Exchange rows r and s and columns r and s."""
    swap_rows(matrix, r, s)
    swap_columns(matrix, r, s)


@part
def price_row(
    r: int, flow: Floats, back: Floats, near: Floats, rear: Floats, fixed: Floats, gain: Floats, row: Floats
) -> None:
    """What swapping r with each other facility would add to the cost, into row and column r of ``gain``.

    ``back`` and ``rear`` are the transposes of ``flow`` and ``near``. The sum over all third facilities k of
    (f_rk - f_vk)(d_vk - d_rk) + (f_kr - f_kv)(d_kv - d_kr), with the terms of the pair itself put right.
    """
    n = flow.shape[0]
    for v in range(n):
        row[v] = 0.0
    for k in range(n):
        if k != r:
            f, g, d, e = flow[r, k], back[r, k], near[r, k], rear[r, k]
            for v in range(n):
                row[v] += (f - back[k, v]) * (rear[k, v] - d) + (g - flow[k, v]) * (near[k, v] - e)
    for v in range(n):
        if v != r:
            # k = v does not belong into the sum: only what r and v send to each other and to themselves changes.
            wrong = (flow[r, v] - flow[v, v]) * (near[v, v] - near[r, v])
            wrong += (flow[v, r] - flow[v, v]) * (near[v, v] - near[v, r])
            pair = (flow[r, r] - flow[v, v]) * (near[v, v] - near[r, r])
            pair += (flow[r, v] - flow[v, r]) * (near[v, r] - near[r, v])
            linear = fixed[r, v] - fixed[r, r] + fixed[v, r] - fixed[v, v]
            gain[r, v] = row[v] - wrong + pair + linear
            gain[v, r] = gain[r, v]


@part
def price_row_symmetric(r: int, flow: Floats, near: Floats, fixed: Floats, gain: Floats, row: Floats) -> None:
    """``price_row`` where flows and distances are the same both ways, at half its work."""
    n = flow.shape[0]
    for v in range(n):
        row[v] = 0.0
    for k in range(n):
        if k != r:
            f, d = flow[r, k], near[r, k]
            for v in range(n):
                row[v] += (f - flow[k, v]) * (near[k, v] - d)
    for v in range(n):
        if v != r:
            wrong = (flow[r, v] - flow[v, v]) * (near[v, v] - near[r, v])
            pair = (flow[r, r] - flow[v, v]) * (near[v, v] - near[r, r])
            linear = fixed[r, v] - fixed[r, r] + fixed[v, r] - fixed[v, v]
            gain[r, v] = 2.0 * (row[v] - wrong) + pair + linear
            gain[v, r] = gain[r, v]


@part
def reprice(r: int, s: int, matrix: Floats, near: Floats, factor: float, gain: Floats, x: Floats, y: Floats) -> None:
    """Bring the gains of all pairs without r and s up to date after r and s were swapped: two numbers a pair."""
    n = matrix.shape[0]
    for k in range(n):
        x[k] = (matrix[r, k] - matrix[s, k]) * factor
        y[k] = near[s, k] - near[r, k]
    for u in range(n):
        if u in (r, s):
            continue
        a, b = x[u], y[u]
        for v in range(u + 1, n):
            gain[u, v] += (a - x[v]) * (b - y[v])


@compiled
def begin(
    flow: Floats, back: Floats, distance: Floats, linear: Floats, place: Ints, near: Floats, rear: Floats,
    fixed: Floats, gain: Floats, row: Floats, state: Floats,
) -> None:  # fmt: skip
    """Fill the tables that belong to ``place`` and the cost of it; the best cost becomes the present one."""
    n = flow.shape[0]
    cost = 0.0
    for i in range(n):
        for j in range(n):
            near[i, j] = distance[place[i], place[j]]
            rear[j, i] = near[i, j]
            fixed[i, j] = linear[i, place[j]]
            cost += flow[i, j] * near[i, j]
        cost += fixed[i, i]
    for r in range(n):
        price_row(r, flow, back, near, rear, fixed, gain, row)
    state[COST] = cost
    state[BEST] = cost
    state[SINCE] = 0.0


@part
def best_move(gain: Floats, until: Floats, until_t: Floats, step: float, needed: float) -> tuple[int, int]:
    """The pair of least gain that is not forbidden, or is forbidden and betters the best cost (gain < ``needed``)."""
    n = gain.shape[0]
    least, r, s = np.inf, -1, -1
    for u in range(n - 1):
        for v in range(u + 1, n):
            if gain[u, v] < least and (until[u, v] < step or until_t[u, v] < step or gain[u, v] < needed):
                least, r, s = gain[u, v], u, v
    return r, s


@part
def oldest_move(gain: Floats, until: Floats, until_t: Floats, before: float) -> tuple[int, int]:
    """The pair of least gain of which neither place was left by the other since ``before``; (-1, -1) if none."""
    n = gain.shape[0]
    least, r, s = np.inf, -1, -1
    for u in range(n - 1):
        for v in range(u + 1, n):
            if gain[u, v] < least and until[u, v] < before and until_t[u, v] < before:
                least, r, s = gain[u, v], u, v
    return r, s


@compiled
def search(
    flow: Floats, back: Floats, is_symmetric: bool, place: Ints, best: Ints, near: Floats, rear: Floats,
    fixed: Floats, gain: Floats, until: Floats, until_t: Floats, row: Floats, other: Floats, stream: Words,
    state: Floats, steps: int, patience: float,
) -> None:  # fmt: skip
    """``steps`` swaps, each the best that is allowed; ``best`` and ``state[BEST]`` keep the best assignment.

    A swap may not bring both facilities back to where they stood for about n swaps (a random time around it), unless
    the result is the best ever. Every n-th swap takes, where there is one, a pair that was left alone for
    ``patience`` swaps: what Taillard calls the long-term memory. Rounding errors cannot pile up in the tables when all
    numbers are whole; else the caller begins anew from time to time.
    """
    n = flow.shape[0]
    for _ in range(steps):
        state[STEP] += 1.0
        state[SINCE] += 1.0
        step = state[STEP]
        r, s = -1, -1
        if int(step) % n == 0:
            r, s = oldest_move(gain, until, until_t, step - patience)
        if r < 0:
            r, s = best_move(gain, until, until_t, step, state[BEST] - state[COST] - 1e-9 * abs(state[BEST]))
        if r < 0:
            r = int(uniform(stream) * n)
            s = (r + 1 + int(uniform(stream) * (n - 1))) % n
        state[COST] += gain[min(r, s), max(r, s)]
        # Column j of the memory is the place of facility j, so that what r and s leave is forbidden to them.
        until[r, r] = step + n * (0.9 + 0.2 * uniform(stream)) + 2.0 * uniform(stream)
        until[s, s] = step + n * (0.9 + 0.2 * uniform(stream)) + 2.0 * uniform(stream)
        until_t[r, r] = until[r, r]
        until_t[s, s] = until[s, s]
        swap_columns(until, r, s)
        swap_rows(until_t, r, s)
        swap_columns(fixed, r, s)
        place[r], place[s] = place[s], place[r]
        swap_rows_and_columns(near, r, s)
        if is_symmetric:
            reprice(r, s, flow, near, 2.0, gain, row, other)
            price_row_symmetric(r, flow, near, fixed, gain, row)
            price_row_symmetric(s, flow, near, fixed, gain, row)
        else:
            swap_rows_and_columns(rear, r, s)
            reprice(r, s, flow, near, 1.0, gain, row, other)
            reprice(r, s, back, rear, 1.0, gain, row, other)
            price_row(r, flow, back, near, rear, fixed, gain, row)
            price_row(s, flow, back, near, rear, fixed, gain, row)
        if state[COST] < state[BEST] - 1e-9 * abs(state[BEST]):
            state[BEST] = state[COST]
            state[SINCE] = 0.0
            for k in range(n):
                best[k] = place[k]
