"""The bottleneck by evidence: which work, stops and waits decided when the last unit left.

Each moment of a recursion was decided by one other: a start by the part or by the server, a departure by the work or
by the room behind. Followed back from the last departure this gives one path through the whole run, whose lengths add
up to the makespan. The share of a station on it is what a faster station would save, at first; a place that the path
often passes backwards, because the room came last, is too small.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyworks.twin.draws import TICKS_PER_MINUTE
from manyworks.twin.program import OUTSIDE, LineProgram
from manyworks.twin.recursion import Path, path


@dataclass(frozen=True, kw_only=True)
class CriticalShares:
    """Shares of the time up to the last departure; those of stations and travel add up to 1.

    By station: ``work``, ``change``, ``minor`` stops and ``breakdown``. By place: ``travel``; and how often, per
    good unit, the path passes it forwards (``starved``: the part came last) or backwards (``blocked``: the room did).
    """

    stations: tuple[str, ...]
    places: tuple[str, ...]
    work: tuple[float, ...]
    change: tuple[float, ...]
    minor: tuple[float, ...]
    breakdown: tuple[float, ...]
    travel: tuple[float, ...]
    starved: tuple[float, ...]
    blocked: tuple[float, ...]

    @property
    def by_station(self) -> tuple[float, ...]:
        """Share of each station, all causes together."""
        return tuple(map(sum, zip(self.work, self.change, self.minor, self.breakdown, strict=True)))

    @property
    def bottleneck(self) -> str:
        """Station with the largest share."""
        return self.stations[int(np.argmax(self.by_station))]

    def __str__(self) -> str:
        rows = sorted(zip(self.by_station, self.stations, strict=True), reverse=True)
        return ", ".join(f"{name} {share:.0%}" for share, name in rows)


def critical_shares(
    program: LineProgram, *, seed: int = 0, replication: int = 0, units: int = 10_000
) -> CriticalShares:
    """Shares of the critical path of one run.

    >>> from manyworks.model.times import deterministic
    >>> from manyworks.twin.program import serial_line
    >>> slow_middle = serial_line([deterministic(1), deterministic(2), deterministic(1)], [3, 3])
    >>> print(critical_shares(slow_middle, units=998))
    s2 100%, s3 0%, s1 0%
    """
    return follow(path(program, seed=seed, replication=replication, units=units))


def follow(run: Path) -> CriticalShares:
    """The critical path of a run that is over."""
    walk = _Walk(run)
    walk.to_the_beginning()
    makespan, units = walk.leaves[walk.last][-1], len(walk.leaves[walk.last])
    spent = np.zeros((4, len(walk.steps)))
    for station, parts in enumerate(walk.steps):
        columns = (run.change, run.worked, run.minor, run.span)
        change, work, minor, span = (column[station][parts].sum() for column in columns)
        spent[:, station] = change, work, minor, span - change - work - minor
    change, work, minor, breakdown = (tuple(row) for row in (spent / makespan).tolist())
    return CriticalShares(
        stations=tuple(station.id for station in run.program.stations),
        places=tuple(place.id for place in run.program.places),
        work=work,
        change=change,
        minor=minor,
        breakdown=breakdown,
        travel=tuple(ticks / makespan for ticks in walk.travel),
        starved=tuple(times / units for times in walk.starved),
        blocked=tuple(times / units for times in walk.blocked),
    )


class _Walk:
    """One path back through a run; ``steps`` the parts of each station whose spans lie on it."""

    def __init__(self, run: Path) -> None:
        program = run.program
        stations, places = range(len(program.stations)), len(program.places)
        self.program = program
        self.starts, self.leaves = ([column.tolist() for column in side] for side in (run.starts, run.leaves))
        self.spans = [column.tolist() for column in run.span]
        self.behind = [program.out_of(s)[0] for s in stations]
        self.feeds = [[p for p in program.into(s) if program.places[p].source != OUTSIDE] for s in stations]
        self.last = next(place.source for place in program.places if place.target == OUTSIDE)
        self.steps: list[list[int]] = [[] for _ in stations]
        self.travel, self.starved, self.blocked = [0] * places, [0] * places, [0] * places

    def to_the_beginning(self) -> None:
        """From the last departure, always to what decided it: a departure, then the start, then what it waited for."""
        s, k, is_leaving = self.last, len(self.leaves[self.last]) - 1, True
        while True:
            if is_leaving and self.leaves[s][k] > self.starts[s][k] + self.spans[s][k]:
                place = self.behind[s]
                self.blocked[place] += 1
                s, k, is_leaving = self._freed_by(place, k)
            elif is_leaving:
                self.steps[s].append(k)
                is_leaving = False
            elif k > 0 and self.starts[s][k] == self.leaves[s][k - 1]:
                k, is_leaving = k - 1, True
            elif self.starts[s][k] > 0:
                s, k = self._fed_by(s, k)
                is_leaving = True
            else:
                return

    def _freed_by(self, place: int, k: int) -> tuple[int, int, bool]:
        """What made room for part k behind a station: the next server's departure, or the taking of a part."""
        made = self.program.places[place]
        if made.capacity == 0:
            return made.target, k - 1, True
        return made.target, (k - made.capacity) // self._quantity(place), False

    def _fed_by(self, station: int, k: int) -> tuple[int, int]:
        """The departure that brought the last part to the start of part k."""
        for place in self.feeds[station]:
            source = self.program.places[place].source
            part = (k + 1) * self._quantity(place) - 1
            travel = round(self.program.places[place].travel_min * TICKS_PER_MINUTE)
            if self.leaves[source][part] + travel == self.starts[station][k]:
                self.starved[place] += 1
                self.travel[place] += travel
                return source, part
        raise AssertionError("a start that nothing decided")

    def _quantity(self, place: int) -> int:
        made = self.program.places[place]
        return made.quantity if self.program.stations[made.target].joins else 1
