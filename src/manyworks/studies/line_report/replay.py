"""From the engine's trace of one run to what the page plays: a stretch of it in which something happens."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from manyworks.render.line_player import Player, Replay
from manyworks.studies.line_report.floor_plan import WIDTH, floor_height, stations_on_floor, ways_on_floor
from manyworks.twin.draws import TICKS_PER_MINUTE
from manyworks.twin.line_state import advance, start_line
from manyworks.twin.program import OUTSIDE, LineProgram
from manyworks.twin.reading import Trace, trace
from manyworks.twin.states import Doing

TICKS_PER_MS = 1_000
ENTERED, PUT, TAKEN = 10, 11, 12
"""Rows of the trace beside the doings of servers."""
MOST_EVENTS = 24_000
MOST_ROWS = 600_000
LONGEST_MIN = 120.0
BEFORE_MIN = 5
"""Minutes shown before the stop that the stretch was chosen for."""
BINS = 360
STOPS = (Doing.MINOR_STOP, Doing.UNDER_REPAIR, Doing.AWAITING_REPAIR, Doing.CHANGEOVER)


@dataclass(kw_only=True)
class _Moment:
    """States of servers and what lies in every place, while the trace is read."""

    states: list[int]
    queues: list[deque[tuple[int, int]]]
    good: int = 0
    levels: list[tuple[int, list[int]]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A player, and the units in every place between stations at ``minutes`` of it, for the plot of levels."""

    player: Player
    minutes: NDArray[np.float64]
    levels: dict[str, NDArray[np.float64]]


def replay_line(program: LineProgram, *, seed: int, after_min: float, most_events: int = MOST_EVENTS) -> Stretch:
    """A replay of replication 0 from ``after_min`` on, around the first long stop or change found there."""
    rows = _rows(program, seed, after_min)
    begin, end = _chosen(program, rows, after_min, most_events)
    return _stretch(program, rows, begin, end)


def _rows(program: LineProgram, seed: int, after_min: float) -> Trace:
    """The trace of a run that is long enough, or as long as memory lets it be."""
    state = start_line(program, seed=seed, replication=0, trace=MOST_ROWS)
    advance(state, after_min + 4 * LONGEST_MIN)
    return trace(state)


def _chosen(program: LineProgram, rows: Trace, after_min: float, most: int) -> tuple[int, int]:
    """First and last tick of the stretch: at most two hours and so many events, a few minutes before a stop."""
    shown = _is_shown(program, rows)
    first = int(after_min * TICKS_PER_MINUTE)
    last = int(rows.tick[-1]) if len(rows.tick) else 0
    if first >= last:
        first = 0
    begin = max(_first_stop(rows, first) - BEFORE_MIN * TICKS_PER_MINUTE, first)
    ticks = rows.tick[shown & (rows.tick >= begin)]
    end = int(ticks[most]) if len(ticks) > most else last
    return begin, max(min(end, begin + int(LONGEST_MIN * TICKS_PER_MINUTE)), begin + 1)


def _first_stop(rows: Trace, first: int) -> int:
    """When something happens that is worth watching: a repair or a change, else any stop, else the beginning."""
    for kinds in ((Doing.UNDER_REPAIR, Doing.CHANGEOVER), STOPS):
        ticks = rows.tick[np.isin(rows.what, kinds) & (rows.tick >= first)]
        if len(ticks):
            return int(ticks[0])
    return first


def _is_shown(program: LineProgram, rows: Trace) -> NDArray[np.bool_]:
    """Doings, and moves into and out of places but the supply."""
    inner = np.array([place.source != OUTSIDE for place in program.places])
    moves = np.isin(rows.what, (PUT, TAKEN))
    where = np.where(moves, rows.where, 0)
    return np.asarray((rows.what < ENTERED) | (moves & inner[where]))


def _stretch(program: LineProgram, rows: Trace, begin: int, end: int) -> Stretch:
    servers = sum(station.servers for station in program.stations)
    now = _Moment(states=[int(Doing.STARVED)] * servers, queues=[deque() for _ in program.places])
    kinds = len(program.products) + 1
    events: list[tuple[int, int]] = []
    spans: list[list[tuple[int, int]]] = [[] for _ in range(servers)]
    start: Replay | None = None
    keep = np.flatnonzero(_is_shown(program, rows) & (rows.tick <= end))
    columns = (rows.tick[keep], rows.what[keep], rows.where[keep], rows.product[keep])
    for tick, what, where, product in zip(*(column.tolist() for column in columns), strict=True):
        if tick >= begin and start is None:
            start = _start(program, now, begin, end)
            spans = [[(begin, state)] for state in now.states]
        if what < ENTERED:
            code = 10 * where + what
            if now.states[where] == what:
                continue
            now.states[where] = what
            spans[where].append((tick, what))
        else:
            code = 10 * servers + where * kinds + (0 if what == TAKEN else 1 + product)
            _move(program, now, where, what, product, tick)
        if start is not None:
            events.append(((tick - begin) // TICKS_PER_MS, code))
            now.levels.append((tick, [len(queue) for queue in now.queues]))
    start = start or _start(program, now, begin, end)
    if not spans[0]:
        spans = [[(begin, state)] for state in now.states]
    return _player(program, start, events, spans, now, begin, end)


def _move(program: LineProgram, now: _Moment, where: int, what: int, product: int, tick: int) -> None:
    if what == TAKEN:
        if now.queues[where]:
            now.queues[where].popleft()
    elif program.places[where].target >= 0:
        now.queues[where].append((product, tick))
    elif program.places[where].target == OUTSIDE:
        now.good += 1


def _start(program: LineProgram, now: _Moment, begin: int, end: int) -> Replay:
    machines = stations_on_floor(program)
    return Replay(
        start_min=begin / TICKS_PER_MINUTE,
        minutes=(end - begin) / TICKS_PER_MINUTE,
        stations=machines,
        ways=ways_on_floor(program, machines),
        products=program.products,
        units=program.units_per_part,
        states=tuple(now.states),
        queues=[[(product, (begin - tick) / TICKS_PER_MINUTE) for product, tick in queue] for queue in now.queues],
        events=(),
        strips=(),
        good_before=now.good,
    )


def _player(
    program: LineProgram,
    start: Replay,
    events: list[tuple[int, int]],
    spans: list[list[tuple[int, int]]],
    now: _Moment,
    begin: int,
    end: int,
) -> Stretch:
    from dataclasses import replace

    first = np.cumsum([0, *(station.servers for station in program.stations)])
    strips = [_strip(spans[first[s] : first[s + 1]], begin, end) for s in range(len(program.stations))]
    replay = replace(start, events=events, strips=strips)
    hours = f"{replay.minutes:.0f} minutes of {program.name}"
    player = Player(
        replay=replay,
        title=f"Replay of {hours}",
        description=f"Stations from left to right with what they do, and the parts between them, over {hours}.",
        width=WIDTH,
        height=floor_height(program, list(replay.stations)),
    )
    minutes, levels = _levels(program, now, begin, end)
    return Stretch(player=player, minutes=minutes, levels=levels)


def _strip(spans: list[list[tuple[int, int]]], begin: int, end: int) -> list[tuple[float, float, int]]:
    """What most of the time of each of `BINS` equal pieces went to, over all servers; equal neighbours joined."""
    edges = np.linspace(begin, end, BINS + 1)
    time = np.zeros((BINS, len(Doing)))
    for span in spans:
        ticks = np.array([tick for tick, _ in span] + [end], dtype=float)
        for state, a, b in zip((state for _, state in span), ticks[:-1], ticks[1:], strict=True):
            low, high = np.searchsorted(edges, (a, b), side="right") - 1
            high = min(high, BINS - 1)
            low = min(max(low, 0), BINS - 1)
            if low == high:
                time[low, state] += b - a
            else:
                time[low, state] += edges[low + 1] - a
                time[low + 1 : high, state] += edges[1] - edges[0]
                time[high, state] += b - edges[high]
    most = [_worst_or_most(row) for row in time]
    pieces: list[tuple[float, float, int]] = []
    for k, state in enumerate(most):
        if pieces and pieces[-1][2] == state:
            pieces[-1] = (pieces[-1][0], (k + 1) / BINS, state)
        else:
            pieces.append((k / BINS, (k + 1) / BINS, state))
    return pieces


def _worst_or_most(row: NDArray[np.float64]) -> int:
    """A stop that takes a third of a piece is shown, else what takes most of it."""
    stops = [int(doing) for doing in STOPS if row[doing] > row.sum() / 3]
    return stops[0] if stops else int(np.argmax(row))


def _levels(
    program: LineProgram, now: _Moment, begin: int, end: int
) -> tuple[NDArray[np.float64], dict[str, NDArray[np.float64]]]:
    """Units in every place between stations, at `BINS` moments."""
    at = np.linspace(begin, end, BINS)
    ticks = np.array([tick for tick, _ in now.levels], dtype=float)
    counts = np.array([levels for _, levels in now.levels], dtype=float).reshape(len(ticks), len(program.places))
    found = {}
    for p, place in enumerate(program.places):
        if place.source >= 0 and place.target >= 0 and place.capacity > 0 and len(ticks):
            position = np.maximum(np.searchsorted(ticks, at, side="right") - 1, 0)
            found[place.id] = counts[position, p] * program.units_per_part
    return (at - begin) / TICKS_PER_MINUTE, found
