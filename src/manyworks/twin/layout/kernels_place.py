"""Compiled annealing of rectangles on a floor: shift, turn, dock to a neighbour, swap, move a part of the line.

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
    size: int, group: Ints, mark: Ints, count: int, x: Floats, y: Floats, turn: Ints, length: Floats, width: Floats,
    stub: Floats, first: Ints, ways: Ints, units: Floats, clearance: float, out: Floats,
) -> None:  # fmt: skip
    """Work and crowding of the first ``size`` machines of ``group``, which are marked; what they share counts once."""
    out[0] = 0.0
    out[1] = 0.0
    for g in range(size):
        i = group[g]
        for k in range(first[i], first[i + 1]):
            share = 0.5 if mark[ways[k, 0]] == 1 else 1.0
            out[0] += share * units[k] * way_m(i, ways[k, 0], ways[k, 1], x, y, turn, length, width, stub)
        for j in range(count):
            if j != i:
                share = 0.5 if mark[j] == 1 else 1.0
                out[1] += share * too_near(i, j, x, y, turn, length, width, clearance)


@part
def gather(
    i: int, count: int, may_move: Ints, first: Ints, ways: Ints, most: int, direction: int, group: Ints, mark: Ints
) -> int:
    """Machine i and up to ``most`` - 1 that follow it along the ways (0) or lead to it (1); all of them marked."""
    group[0] = i
    mark[i] = 1
    size, at = 1, 0
    while at < size and size < most:
        one = group[at]
        for k in range(first[one], first[one + 1]):
            other = ways[k, 0]
            if ways[k, 1] == direction and other < count and mark[other] == 0 and may_move[other] == 1 and size < most:
                group[size] = other
                mark[other] = 1
                size += 1
        at += 1
    return size


@part
def turn_group(
    size: int, group: Ints, quarter: int, x: Floats, y: Floats, turn: Ints, length: Floats, width: Floats, step: float,
    new_x: Floats, new_y: Floats, new_turn: Ints,
) -> None:  # fmt: skip
    """The whole group turned by quarters round the middle of its first machine."""
    head = group[0]
    px = x[head] + 0.5 * across(turn[head], length[head], width[head])
    py = y[head] + 0.5 * across(turn[head], width[head], length[head])
    for g in range(size):
        i = group[g]
        dx = x[i] + 0.5 * across(turn[i], length[i], width[i]) - px
        dy = y[i] + 0.5 * across(turn[i], width[i], length[i]) - py
        for _ in range(quarter):
            dx, dy = -dy, dx
        new_turn[g] = (turn[i] + quarter) % 4
        new_x[g] = to_step(px + dx - 0.5 * across(new_turn[g], length[i], width[i]), step, 0.0)
        new_y[g] = to_step(py + dy - 0.5 * across(new_turn[g], width[i], length[i]), step, 0.0)


@part
def swap_middles(
    i: int, j: int, x: Floats, y: Floats, turn: Ints, length: Floats, width: Floats, step: float,
    new_x: Floats, new_y: Floats, new_turn: Ints,
) -> None:  # fmt: skip
    """Middles and turns of two machines change hands."""
    s, t = turn[i], turn[j]
    new_x[0] = to_step(x[j] + 0.5 * (across(t, length[j], width[j]) - across(t, length[i], width[i])), step, 0.0)
    new_y[0] = to_step(y[j] + 0.5 * (across(t, width[j], length[j]) - across(t, width[i], length[i])), step, 0.0)
    new_x[1] = to_step(x[i] + 0.5 * (across(s, length[i], width[i]) - across(s, length[j], width[j])), step, 0.0)
    new_y[1] = to_step(y[i] + 0.5 * (across(s, width[i], length[i]) - across(s, width[j], length[j])), step, 0.0)
    new_turn[0], new_turn[1] = t, s


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


@part
def try_another(
    movable: Ints, may_move: Ints, count: int, x: Floats, y: Floats, turn: Ints, length: Floats, width: Floats,
    stub: Floats, first: Ints, ways: Ints, clearance: float, step: float, reach: float, stream: Words, group: Ints,
    mark: Ints, new_x: Floats, new_y: Floats, new_turn: Ints, new: Floats,
) -> int:  # fmt: skip
    """New places for a marked ``group`` of machines: two that swap, a part of the line, or one; returns how many."""
    choice = uniform(stream)
    i = movable[int(uniform(stream) * movable.shape[0])]
    if choice < 0.12:
        j = movable[int(uniform(stream) * movable.shape[0])]
        group[0], group[1] = i, j
        mark[i] = 1
        mark[j] = 1
        swap_middles(i, j, x, y, turn, length, width, step, new_x, new_y, new_turn)
        return 2 if i != j else 1
    if choice >= 0.3:
        group[0] = i
        mark[i] = 1
        propose(i, reach, x, y, turn, length, width, stub, first, ways, clearance, step, stream, new)
        new_x[0], new_y[0], new_turn[0] = new[0], new[1], int(new[2])
        return 1
    most = 2 + int(uniform(stream) * uniform(stream) * movable.shape[0])
    size = gather(i, count, may_move, first, ways, most, int(2.0 * uniform(stream)), group, mark)
    quarter = 0 if uniform(stream) < 0.65 else 1 + int(3.0 * uniform(stream))
    turn_group(size, group, quarter, x, y, turn, length, width, step, new_x, new_y, new_turn)
    if quarter == 0:
        axis = uniform(stream)
        dx = 0.0 if axis < 0.35 else to_step((2.0 * uniform(stream) - 1.0) * reach, step, 0.0)
        dy = 0.0 if axis > 0.65 else to_step((2.0 * uniform(stream) - 1.0) * reach, step, 0.0)
        for g in range(size):
            new_x[g] += dx
            new_y[g] += dy
    return size


@compiled
def anneal(
    movable: Ints, may_move: Ints, count: int, x: Floats, y: Floats, turn: Ints, best_x: Floats, best_y: Floats,
    best_turn: Ints, length: Floats, width: Floats, stub: Floats, kind: Ints, allowed: Flags, first: Ints, ways: Ints,
    units: Floats, clearance: float, step: float, heat: float, price: float, reach: float, moves: int, stream: Words,
    group: Ints, mark: Ints, new_turn: Ints, old_turn: Ints, new_x: Floats, new_y: Floats, old_x: Floats,
    old_y: Floats, before: Floats, after: Floats, new: Floats, state: Floats,
) -> None:  # fmt: skip
    """``moves`` tries at one ``heat`` (in work) and one ``price`` of a metre of crowding; the best is kept."""
    for _ in range(moves):
        size = try_another(
            movable, may_move, count, x, y, turn, length, width, stub, first, ways, clearance, step, reach, stream,
            group, mark, new_x, new_y, new_turn, new,
        )  # fmt: skip
        may = True
        for g in range(size):
            may = may and may_stand(group[g], new_x[g], new_y[g], new_turn[g], kind, allowed, step)
        for phase in range(2):
            if may:
                before[0], before[1] = after[0], after[1]
                burden(size, group, mark, count, x, y, turn, length, width, stub, first, ways, units, clearance, after)
                for g in range(size if phase == 0 else 0):
                    m = group[g]
                    old_x[g], old_y[g], old_turn[g] = x[m], y[m], turn[m]
                    x[m], y[m], turn[m] = new_x[g], new_y[g], new_turn[g]
        work, crowding = after[0] - before[0], after[1] - before[1]
        worse = work + price * crowding
        if may and (worse <= 0.0 or uniform(stream) < np.exp(-worse / heat)):
            state[WORK] += work
            state[CROWDED] += crowding
            if state[CROWDED] < 1e-6 and state[WORK] < state[BEST] - 1e-9 * abs(state[BEST]):
                state[BEST] = state[WORK]
                for k in range(count):
                    best_x[k], best_y[k], best_turn[k] = x[k], y[k], turn[k]
        elif may:
            for g in range(size):
                x[group[g]], y[group[g]], turn[group[g]] = old_x[g], old_y[g], old_turn[g]
        for g in range(size):
            mark[group[g]] = 0
