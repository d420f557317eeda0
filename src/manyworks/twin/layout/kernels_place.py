"""Compiled annealing of rectangles on a floor: shift, turn, dock to a neighbour, swap.

Every machine always stands where it may stand by itself; two machines may come too near on the way, at a price that
rises until nobody pays it. Source of the method: simulated annealing, Kirkpatrick, Gelatt and Vecchi (1983),
doi:10.1126/science.220.4598.671.

Machines are numbered from 0; fixed points (doors, utilities) follow them. The ways of machine i are
``ways[first[i]:first[i + 1]]`` as (other, kind), with ``units`` a minute: kind 0 leads from it, 1 to it, 2 joins the
middles. Goods leave and enter a machine along a straight piece, ``stub`` metres long, before they may turn.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from manyworks.compiled import compiled, part
from manyworks.twin.layout.kernels_tabu import uniform

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Words = NDArray[np.uint64]

FROM, TO, MIDDLES = 0, 1, 2
BEND_M = 0.1
"""A bend counts like so many metres: of two layouts with the same work the straighter one is taken."""
WORK, CROWDED, BEST = 0, 1, 2
"""What ``state`` holds: transport work now, crowding now, and the least work without crowding."""


@part
def across(turn: int, straight: float, turned: float) -> float:
    """Extent along x or y: ``straight`` as the machine is, ``turned`` after a quarter turn."""
    return turned if turn % 2 == 1 else straight


@part
def point_x(which: int, x: float, turn: int, length: float, width: float, stub: float) -> float:
    """Along x the end of the straight piece at the outlet (0) or inlet (1), or of the middle (2), of a machine."""
    if turn % 2 == 1:
        return x + 0.5 * width
    if which == MIDDLES:
        return x + 0.5 * length
    return x + length + stub if (turn == 0) == (which == FROM) else x - stub


@part
def point_y(which: int, y: float, turn: int, length: float, width: float, stub: float) -> float:
    """Along y the end of the straight piece at the outlet (0) or inlet (1), or of the middle (2), of a machine."""
    if turn % 2 == 0:
        return y + 0.5 * width
    if which == MIDDLES:
        return y + 0.5 * length
    return y + length + stub if (turn == 1) == (which == FROM) else y - stub


@part
def way_m(
    i: int, other: int, kind: int, x: Floats, y: Floats, turn: Ints, length: Floats, width: Floats, stub: Floats
) -> float:
    """Rectilinear metres of one way of machine i, and what a bend counts."""
    away = kind if kind == MIDDLES else 1 - kind
    dx = point_x(kind, x[i], turn[i], length[i], width[i], stub[i])
    dx -= point_x(away, x[other], turn[other], length[other], width[other], stub[other])
    dy = point_y(kind, y[i], turn[i], length[i], width[i], stub[i])
    dy -= point_y(away, y[other], turn[other], length[other], width[other], stub[other])
    if kind == MIDDLES:
        return float(abs(dx) + abs(dy))
    bend = BEND_M if abs(dx) > 1e-6 and abs(dy) > 1e-6 else 0.0
    return float(stub[i] + stub[other] + abs(dx) + abs(dy) + bend)


@part
def work_of(
    i: int,
    x: Floats,
    y: Floats,
    turn: Ints,
    length: Floats,
    width: Floats,
    stub: Floats,
    first: Ints,
    ways: Ints,
    units: Floats,
) -> float:
    """Units times metres a minute of all ways of machine i."""
    total = 0.0
    for k in range(first[i], first[i + 1]):
        total += units[k] * way_m(i, ways[k, 0], ways[k, 1], x, y, turn, length, width, stub)
    return total


@part
def too_near(
    i: int, j: int, x: Floats, y: Floats, turn: Ints, length: Floats, width: Floats, clearance: float
) -> float:
    """Metres by which machines i and j are too near, and 0.2 for being so at all."""
    w = across(turn[i], length[i], width[i])
    d = across(turn[i], width[i], length[i])
    v = across(turn[j], length[j], width[j])
    e = across(turn[j], width[j], length[j])
    near_x = clearance - max(x[i] - x[j] - v, x[j] - x[i] - w)
    near_y = clearance - max(y[i] - y[j] - e, y[j] - y[i] - d)
    if near_x > 1e-7 and near_y > 1e-7:
        return float(min(near_x, near_y)) + 0.2
    return 0.0


@part
def crowding_of(
    i: int, count: int, x: Floats, y: Floats, turn: Ints, length: Floats, width: Floats, clearance: float
) -> float:
    """Crowding of machine i with all others."""
    total = 0.0
    for j in range(count):
        if j != i:
            total += too_near(i, j, x, y, turn, length, width, clearance)
    return total


@part
def to_step(value: float, step: float, way: float) -> float:
    """The multiple of ``step`` at or beyond ``value`` in the direction ``way``; 0: the nearest."""
    if way > 0.0:
        return float(np.ceil(value / step - 1e-9) * step)
    if way < 0.0:
        return float(np.floor(value / step + 1e-9) * step)
    return float(np.rint(value / step) * step)


@part
def may_stand(i: int, x: float, y: float, turn: int, kind: Ints, allowed: Flags, step: float) -> bool:
    """Whether machine i may have its corner at (x, y)."""
    a, b = int(np.rint(x / step)), int(np.rint(y / step))
    if a < 0 or b < 0 or a >= allowed.shape[2] or b >= allowed.shape[3]:
        return False
    return bool(allowed[kind[i], turn % 2, a, b])


@part
def propose(
    i: int, reach: float, x: Floats, y: Floats, turn: Ints, length: Floats, width: Floats, stub: Floats, first: Ints,
    ways: Ints, clearance: float, step: float, stream: Words, new: Floats,
) -> None:  # fmt: skip
    """Another place and turn for machine i into ``new``: a shift, a turn, or docked to one of its neighbours."""
    choice = uniform(stream)
    new[0], new[1], new[2] = x[i], y[i], float(turn[i])
    if choice < 0.45 or first[i] == first[i + 1]:
        new[0] += to_step((2.0 * uniform(stream) - 1.0) * reach, step, 0.0)
        new[1] += to_step((2.0 * uniform(stream) - 1.0) * reach, step, 0.0)
        return
    quarter = int(4.0 * uniform(stream))
    w = across(quarter, length[i], width[i])
    d = across(quarter, width[i], length[i])
    if choice < 0.6:
        # The middle stays as nearly as the grid allows.
        new[0] = to_step(x[i] + 0.5 * (across(turn[i], length[i], width[i]) - w), step, 0.0)
        new[1] = to_step(y[i] + 0.5 * (across(turn[i], width[i], length[i]) - d), step, 0.0)
        new[2] = float(quarter)
        return
    k = first[i] + int(uniform(stream) * (first[i + 1] - first[i]))
    other, kind = ways[k, 0], ways[k, 1]
    if uniform(stream) < 0.6:
        quarter = turn[other]
        w = across(quarter, length[i], width[i])
        d = across(quarter, width[i], length[i])
    # Beside one of the four sides of the neighbour, the points that goods pass level with each other.
    side = int(4.0 * uniform(stream))
    v = across(turn[other], length[other], width[other])
    e = across(turn[other], width[other], length[other])
    away = kind if kind == MIDDLES else 1 - kind
    px = point_x(away, x[other], turn[other], length[other], width[other], stub[other])
    py = point_y(away, y[other], turn[other], length[other], width[other], stub[other])
    own_x = point_x(kind, 0.0, quarter, length[i], width[i], stub[i])
    own_y = point_y(kind, 0.0, quarter, length[i], width[i], stub[i])
    if side == 0:
        new[0], new[1] = to_step(x[other] + v + clearance, step, 1.0), to_step(py - own_y, step, 0.0)
    elif side == 1:
        new[0], new[1] = to_step(px - own_x, step, 0.0), to_step(y[other] + e + clearance, step, 1.0)
    elif side == 2:
        new[0], new[1] = to_step(x[other] - clearance - w, step, -1.0), to_step(py - own_y, step, 0.0)
    else:
        new[0], new[1] = to_step(px - own_x, step, 0.0), to_step(y[other] - clearance - d, step, -1.0)
    new[2] = float(quarter)


@part
def burden(
    i: int, j: int, count: int, x: Floats, y: Floats, turn: Ints, length: Floats, width: Floats, stub: Floats,
    first: Ints, ways: Ints, units: Floats, clearance: float, out: Floats,
) -> None:  # fmt: skip
    """Work and crowding of machine i, and of j where j >= 0, into ``out``; what they share is counted once."""
    out[0] = work_of(i, x, y, turn, length, width, stub, first, ways, units)
    out[1] = crowding_of(i, count, x, y, turn, length, width, clearance)
    if j >= 0:
        out[0] += work_of(j, x, y, turn, length, width, stub, first, ways, units)
        out[1] += crowding_of(j, count, x, y, turn, length, width, clearance)
        out[1] -= too_near(i, j, x, y, turn, length, width, clearance)
        for k in range(first[i], first[i + 1]):
            if ways[k, 0] == j:
                out[0] -= units[k] * way_m(i, j, ways[k, 1], x, y, turn, length, width, stub)


@compiled
def measure(
    count: int, x: Floats, y: Floats, turn: Ints, length: Floats, width: Floats, stub: Floats, first: Ints, ways: Ints,
    units: Floats, clearance: float, state: Floats,
) -> None:  # fmt: skip
    """Work and crowding of the whole floor into ``state``."""
    work, crowding = 0.0, 0.0
    for i in range(count):
        for k in range(first[i], first[i + 1]):
            share = 0.5 if ways[k, 0] < count else 1.0
            work += share * units[k] * way_m(i, ways[k, 0], ways[k, 1], x, y, turn, length, width, stub)
        crowding += 0.5 * crowding_of(i, count, x, y, turn, length, width, clearance)
    state[WORK] = work
    state[CROWDED] = crowding


@compiled
def anneal(
    movable: Ints, count: int, x: Floats, y: Floats, turn: Ints, best_x: Floats, best_y: Floats, best_turn: Ints,
    length: Floats, width: Floats, stub: Floats, kind: Ints, allowed: Flags, first: Ints, ways: Ints, units: Floats,
    clearance: float, step: float, heat: float, price: float, reach: float, moves: int, stream: Words,
    before: Floats, after: Floats, new: Floats, state: Floats,
) -> None:  # fmt: skip
    """``moves`` tries at one ``heat`` (in work) and one ``price`` of a metre of crowding; the best is kept."""
    for _ in range(moves):
        i = movable[int(uniform(stream) * movable.shape[0])]
        j = -1
        if movable.shape[0] > 1 and uniform(stream) < 0.12:
            j = movable[int(uniform(stream) * movable.shape[0])]
            if j == i:
                continue
        xi, yi, ti = x[i], y[i], turn[i]
        if j < 0:
            propose(i, reach, x, y, turn, length, width, stub, first, ways, clearance, step, stream, new)
            if not may_stand(i, new[0], new[1], int(new[2]), kind, allowed, step):
                continue
            burden(i, j, count, x, y, turn, length, width, stub, first, ways, units, clearance, before)
            x[i], y[i], turn[i] = new[0], new[1], int(new[2])
        else:
            xj, yj, tj = x[j], y[j], turn[j]
            # Middles and turns change hands.
            mx = xj + 0.5 * (across(tj, length[j], width[j]) - across(tj, length[i], width[i]))
            my = yj + 0.5 * (across(tj, width[j], length[j]) - across(tj, width[i], length[i]))
            nx = xi + 0.5 * (across(ti, length[i], width[i]) - across(ti, length[j], width[j]))
            ny = yi + 0.5 * (across(ti, width[i], length[i]) - across(ti, width[j], length[j]))
            mx, my = to_step(mx, step, 0.0), to_step(my, step, 0.0)
            nx, ny = to_step(nx, step, 0.0), to_step(ny, step, 0.0)
            if not may_stand(i, mx, my, tj, kind, allowed, step) or not may_stand(j, nx, ny, ti, kind, allowed, step):
                continue
            burden(i, j, count, x, y, turn, length, width, stub, first, ways, units, clearance, before)
            x[i], y[i], turn[i] = mx, my, tj
            x[j], y[j], turn[j] = nx, ny, ti
        burden(i, j, count, x, y, turn, length, width, stub, first, ways, units, clearance, after)
        work, crowding = after[0] - before[0], after[1] - before[1]
        worse = work + price * crowding
        if worse <= 0.0 or uniform(stream) < np.exp(-worse / heat):
            state[WORK] += work
            state[CROWDED] += crowding
            if state[CROWDED] < 1e-6 and state[WORK] < state[BEST] - 1e-9 * abs(state[BEST]):
                state[BEST] = state[WORK]
                for k in range(count):
                    best_x[k], best_y[k], best_turn[k] = x[k], y[k], turn[k]
        else:
            x[i], y[i], turn[i] = xi, yi, ti
            if j >= 0:
                x[j], y[j], turn[j] = xj, yj, tj
