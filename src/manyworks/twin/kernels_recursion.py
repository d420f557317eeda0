"""Kernels of the recursion: times of starting and leaving of each part at each station, without events.

A step makes the next part of one station. It starts when its parts are there and the server is free, takes its span
(change, work and stops, which depend on nothing but the station's own luck), and leaves when there is room behind:

    start = max(ready, free)        leave = max(start + span, taken)        ready behind = leave + travel

``taken`` is when the part that frees the room was taken out of the place, or, with a direct hand-over, when the next
server became free. Replications run side by side in *lanes*, the last axis of each array, so that a step is one row of
additions and comparisons for the machine.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from manyworks.compiled import compiled, part, shared_part
from manyworks.twin.engine.streams import TO_FAILURE, TO_REPAIR, WORK, draw, open_stream

BLOCK = 64
"""Good units whose spans are drawn before their steps are made: both stay in the processor's nearest memory."""
FREE, DIRECT, LIMITED = range(3)
"""What limits a place: nothing, the next server, or its capacity."""
START, LEAVE, CHANGE, WORKED, MINOR, SPAN = range(6)
"""Columns of the history of each part, ticks: when it starts and leaves, how long each takes, and all of it."""
COLUMNS = 6


class Tree(NamedTuple):
    """A line as the recursion reads it.

    ``order`` stations of the steps that make one good unit; ``work`` law by station and product; ``modes`` first
    failure mode of each station and, last, their number; ``change`` ticks by station, product before and after;
    ``into`` first of ``fed_by`` of each station; ``behind`` place behind each station; ``per_unit`` steps of each
    station for one good unit; ``row`` where its spans of a block begin. Of each place: ``target``, ``limit``,
    ``capacity``, ``quantity``, ``travel`` in ticks, and its ring of ``taken`` rows from ``ring`` on, ``mask`` + 1 of
    them.
    """

    order: NDArray[np.int64]
    laws: Any
    values: NDArray[np.float64]
    work: NDArray[np.int64]
    modes: NDArray[np.int64]
    to_failure: NDArray[np.int64]
    to_repair: NDArray[np.int64]
    is_minor: NDArray[np.int64]
    change: NDArray[np.int64]
    into: NDArray[np.int64]
    fed_by: NDArray[np.int64]
    behind: NDArray[np.int64]
    per_unit: NDArray[np.int64]
    row: NDArray[np.int64]
    target: NDArray[np.int64]
    limit: NDArray[np.int64]
    capacity: NDArray[np.int64]
    quantity: NDArray[np.int64]
    travel: NDArray[np.int64]
    ring: NDArray[np.int64]
    mask: NDArray[np.int64]


class Lanes(NamedTuple):
    """Where each replication stands; the lane is the last axis, of ``streams`` and ``until`` the first."""

    streams: Any
    until: NDArray[np.int64]
    setup: NDArray[np.int64]
    done: NDArray[np.int64]
    free: NDArray[np.int64]
    ready: NDArray[np.int64]
    taken: NDArray[np.int64]
    spans: NDArray[np.int64]
    start: NDArray[np.int64]


@shared_part
def draw_seldom(stream: Any, law: Any, values: Any) -> Any:
    """A time of the law; not inlined, for all but the busiest place."""
    return draw(stream, law, values)


@compiled
def begin(tree: Any, lanes: Any, seed: Any, replications: Any) -> None:
    """Open the streams of each lane, and draw the time to each first failure."""
    stations, modes = tree.behind.shape[0], tree.to_failure.shape[0]
    each = stations + 2 * modes
    for lane in range(replications.shape[0]):
        for s in range(stations):
            open_stream(lanes.streams[lane * each + s], seed, replications[lane], s, WORK)
            for mode in range(tree.modes[s], tree.modes[s + 1]):
                fails = lanes.streams[lane * each + stations + 2 * mode]
                open_stream(fails, seed, replications[lane], s, TO_FAILURE + 2 * (mode - tree.modes[s]))
                repair = lanes.streams[lane * each + stations + 2 * mode + 1]
                open_stream(repair, seed, replications[lane], s, TO_REPAIR + 2 * (mode - tree.modes[s]))
                lanes.until[lane, mode] = draw_seldom(fails, tree.laws[tree.to_failure[mode]], tree.values)


@compiled
def go_on(tree: Any, lanes: Any, products: Any, leaving: Any, history: Any) -> None:
    """Make as many good units as ``products`` has; ``leaving`` (units, lanes) gets when they leave, ticks.

    ``history`` (steps of a station one after the other, `COLUMNS`) is filled in for a single lane; empty: not wanted.
    """
    units = products.shape[0]
    last = tree.order[tree.order.shape[0] - 1]
    first = 0
    while first < units:
        block = min(BLOCK, units - first)
        for s in range(tree.behind.shape[0]):
            for lane in range(leaving.shape[1]):
                draw_spans(tree, lanes, s, lane, products, first, block, history)
        for unit in range(block):
            for step in range(tree.order.shape[0]):
                make(tree, lanes, tree.order[step], first, units, history)
            for lane in range(leaving.shape[1]):
                leaving[first + unit, lane] = lanes.free[last, lane]
        first += block


@part
def draw_spans(tree: Any, lanes: Any, s: int, lane: int, products: Any, first: int, block: int, history: Any) -> None:
    """Draw the spans of one station and lane for a block of good units."""
    stream = lanes.streams[lane * (tree.behind.shape[0] + 2 * tree.to_failure.shape[0]) + s]
    count, row = tree.per_unit[s], tree.row[s]
    if tree.work.shape[1] == 1:
        law = tree.laws[tree.work[s, 0]]
        for k in range(block * count):
            lanes.spans[row + k, lane] = draw(stream, law, tree.values)
    else:
        for k in range(block * count):
            product = products[first + k // count]
            lanes.spans[row + k, lane] = draw_seldom(stream, tree.laws[tree.work[s, product]], tree.values)
    where = 0
    if history.shape[0] > 0:
        where = history_row(tree, s, products.shape[0]) + first * count
        for k in range(block * count):
            history[where + k, WORKED] = lanes.spans[row + k, lane]
    if tree.modes[s + 1] > tree.modes[s]:
        add_stops(tree, lanes, s, lane, block * count, where, history)
    if tree.work.shape[1] > 1:
        for k in range(block * count):
            product, before = products[first + k // count], lanes.setup[s, lane]
            lanes.spans[row + k, lane] += tree.change[s, before, product]
            lanes.setup[s, lane] = product
            if history.shape[0] > 0:
                history[where + k, CHANGE] = tree.change[s, before, product]
    if history.shape[0] > 0:
        for k in range(block * count):
            history[where + k, SPAN] = lanes.spans[row + k, lane]


@part
def add_stops(tree: Any, lanes: Any, s: int, lane: int, count: int, where: int, history: Any) -> None:
    """Lengthen the work of a block by the stops that it brings."""
    row, mode = tree.row[s], tree.modes[s]
    is_single = tree.modes[s + 1] == mode + 1
    for k in range(count):
        span = lanes.spans[row + k, lane]
        if is_single and span < lanes.until[lane, mode]:
            lanes.until[lane, mode] -= span
        else:
            lanes.spans[row + k, lane] = span + stops(tree, lanes, s, lane, span, where + k, history)


@shared_part
def stops(tree: Any, lanes: Any, s: int, lane: int, work: int, where: int, history: Any) -> Any:
    """Ticks of all stops in this much work: it ends where it is below what is left to the next failure."""
    stations = tree.behind.shape[0]
    first_stream = lane * (stations + 2 * tree.to_failure.shape[0]) + stations
    left, lost = work, 0
    while True:
        soonest = tree.modes[s]
        for mode in range(tree.modes[s] + 1, tree.modes[s + 1]):
            if lanes.until[lane, mode] < lanes.until[lane, soonest]:
                soonest = mode
        fails = left >= lanes.until[lane, soonest]
        piece = lanes.until[lane, soonest] if fails else left
        for mode in range(tree.modes[s], tree.modes[s + 1]):
            lanes.until[lane, mode] -= piece
        left -= piece
        if not fails:
            return lost
        at = first_stream + 2 * soonest
        stop = draw_seldom(lanes.streams[at + 1], tree.laws[tree.to_repair[soonest]], tree.values)
        lanes.until[lane, soonest] = draw_seldom(lanes.streams[at], tree.laws[tree.to_failure[soonest]], tree.values)
        lost += stop
        if history.shape[0] > 0 and tree.is_minor[soonest]:
            history[where, MINOR] += stop


@part
def history_row(tree: Any, s: int, units: int) -> Any:
    """Where the history of a station begins."""
    row = 0
    for other in range(s):
        row += tree.per_unit[other] * units
    return row


@part
def make(tree: Any, lanes: Any, s: int, first: int, units: int, history: Any) -> None:
    """The next part of one station, in all lanes."""
    k = lanes.done[s]
    lanes.done[s] = k + 1
    span_row = tree.row[s] + k - first * tree.per_unit[s]
    behind = tree.behind[s]
    limit = tree.limit[behind]
    capacity = tree.capacity[behind]
    room_row = 0
    if limit == LIMITED:
        if k < capacity:
            limit = FREE
        else:
            frees = k - capacity
            if tree.quantity[behind] > 1:
                frees = frees // tree.quantity[behind]
            room_row = tree.ring[behind] + (frees & tree.mask[behind])
    if lanes.start.shape[0] == 1:
        pass_one(tree, lanes, s, k, span_row, limit, room_row)
    else:
        pass_row(tree, lanes, s, k, span_row, limit, room_row)
    if history.shape[0] > 0:
        where = history_row(tree, s, units) + k
        history[where, START] = lanes.start[0]
        history[where, LEAVE] = lanes.free[s, 0]


@part
def pass_one(tree: Any, lanes: Any, s: int, k: int, span_row: int, limit: int, room_row: int) -> None:
    """Start and leave in a single lane."""
    start = lanes.free[s, 0]
    for feed in range(tree.into[s], tree.into[s + 1]):
        start = max(start, lanes.ready[tree.fed_by[feed], 0])
    for feed in range(tree.into[s], tree.into[s + 1]):
        place = tree.fed_by[feed]
        lanes.taken[tree.ring[place] + (k & tree.mask[place]), 0] = start
    leave = start + lanes.spans[span_row, 0]
    behind = tree.behind[s]
    if limit == LIMITED:
        leave = max(leave, lanes.taken[room_row, 0])
    elif limit == DIRECT:
        leave = max(leave, lanes.free[tree.target[behind], 0])
    lanes.start[0] = start
    lanes.free[s, 0] = leave
    lanes.ready[behind, 0] = leave + tree.travel[behind]


@part
def pass_row(tree: Any, lanes: Any, s: int, k: int, span_row: int, limit: int, room_row: int) -> None:
    """Start and leave in all lanes; whole rows at a time, which the machine adds and compares several at once."""
    behind = tree.behind[s]
    travel = tree.travel[behind]
    start, free, ready = lanes.start, lanes.free[s], lanes.ready[behind]
    spans, count = lanes.spans[span_row], lanes.start.shape[0]
    for lane in range(count):
        start[lane] = free[lane]
    for feed in range(tree.into[s], tree.into[s + 1]):
        there = lanes.ready[tree.fed_by[feed]]
        for lane in range(count):
            start[lane] = max(start[lane], there[lane])
    for feed in range(tree.into[s], tree.into[s + 1]):
        place = tree.fed_by[feed]
        if tree.limit[place] == LIMITED:
            taken = lanes.taken[tree.ring[place] + (k & tree.mask[place])]
            for lane in range(count):
                taken[lane] = start[lane]
    if limit == FREE:
        for lane in range(count):
            free[lane] = start[lane] + spans[lane]
            ready[lane] = free[lane] + travel
    else:
        room = lanes.taken[room_row] if limit == LIMITED else lanes.free[tree.target[behind]]
        for lane in range(count):
            leave = max(start[lane] + spans[lane], room[lane])
            free[lane] = leave
            ready[lane] = leave + travel
