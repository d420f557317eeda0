"""From what a machine did to samples: clocks run only in the time that counts for them, and the log's ends cut times.

Each kind of stop has a clock of its own, as in the twin. It runs while the machine works (failures by operation), or in
all open time in which it is not down (by time); it goes on through stops of the other kind, and starts anew after a
stop of its own kind. The first time of each clock began before the log did and is left uncounted, unless the log says
that the machine started fresh; the last one is censored. Waiting for a repair person belongs to neither clock nor
repair.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from manyworks.twin.calibration.sample import Sample
from manyworks.twin.calibration.stretches import Batch, Stretch

Kind = Literal["minor stop", "breakdown"]
FIELDS: dict[Kind, tuple[str, str]] = {
    "breakdown": ("time_to_failure", "time_to_repair"),
    "minor stop": ("time_to_minor_stop", "minor_stop_time"),
}
"""Fields of the running time to a stop of each kind and of its length."""
TINY = 1e-9


@dataclass(slots=True)
class _Stop:
    """A stop: its kind, its length, and whether the log holds its beginning and its end."""

    kind: Kind
    minutes: float
    has_start: bool
    has_end: bool = False


@dataclass(slots=True)
class _Run:
    """Minutes of the clock between stops; ``cuts`` means that the log has a hole behind it."""

    minutes: float
    cuts: bool = False


@dataclass(slots=True)
class Tally:
    """Times collected of one kind over the servers of a machine."""

    complete: list[float] = field(default_factory=list)
    censored: list[float] = field(default_factory=list)
    uncounted: list[float] = field(default_factory=list)

    def put(self, minutes: float, *, has_start: bool, has_end: bool) -> None:
        """Add a time where it belongs; nothing is no time."""
        if minutes > TINY:
            (self.uncounted if not has_start else self.complete if has_end else self.censored).append(minutes)

    def sample(self) -> Sample:
        """The times as arrays."""
        return Sample(np.array(self.complete), np.array(self.censored), len(self.uncounted), sum(self.uncounted))


def stop_samples(
    servers: Iterable[Sequence[Stretch]],
    *,
    clock: Literal["operation", "time"] = "operation",
    minor_below_min: float | None = None,
    starts_fresh: bool = False,
    gap_min: float = 0.1,
) -> dict[str, Sample]:
    """Samples by field of `Equipment`, over all ``servers`` of a machine, each a list of stretches in order.

    With ``minor_below_min`` a stop shorter than it is a minor one, whatever its state; without, Held is minor and
    Aborted is not. A hole in the log longer than ``gap_min`` ends what was seen: what follows begins unseen.
    """
    tallies = {name: Tally() for names in FIELDS.values() for name in names}
    for stretches in servers:
        pieces = list(_pieces(stretches, clock, starts_fresh, gap_min, is_one_kind=minor_below_min is not None))
        if minor_below_min is not None:
            for piece in pieces:
                if isinstance(piece, _Stop):
                    piece.kind = "minor stop" if piece.minutes < minor_below_min else "breakdown"
        _tally(pieces, tallies, starts_fresh)
    return {name: tally.sample() for name, tally in tallies.items()}


def _pieces(
    stretches: Sequence[Stretch], clock: str, starts_fresh: bool, gap_min: float, *, is_one_kind: bool
) -> Iterator[_Run | _Stop]:
    """Runs and stops in turn; stops of one kind with no time of the clock between them are one stop."""
    stop: _Stop | None = None
    is_standing = False  # whether the stop still lasted at the end of the last stretch
    before: float | None = None
    for stretch in stretches:
        if before is not None and stretch.starts - before > gap_min:
            if stop is not None:
                stop.has_end = not is_standing
                yield stop
                stop = None
            yield _Run(0.0, cuts=True)
            before = None
        is_first = before is None and not (starts_fresh and stretch is stretches[0])
        before = stretch.ends
        if stretch.doing in ("minor stop", "breakdown", "awaiting repair"):
            minutes = 0.0 if stretch.doing == "awaiting repair" else stretch.minutes
            kind: Kind = "minor stop" if stretch.doing == "minor stop" and not is_one_kind else "breakdown"
            if stop is not None and stop.kind != kind:
                stop.has_end = True
                yield stop
                stop = None
            if stop is None:
                stop = _Stop(kind, 0.0, has_start=not is_first)
            stop.minutes += minutes
            is_standing = True
        elif stretch.doing == "working" or (clock == "time" and stretch.doing == "waiting"):
            if stop is not None:
                stop.has_end = True
                yield stop
                stop = None
            yield _Run(stretch.minutes)
        elif stretch.doing == "waiting":
            is_standing = False
    if stop is not None:
        stop.has_end = not is_standing
        yield stop


def _tally(pieces: Iterable[_Run | _Stop], tallies: dict[str, Tally], starts_fresh: bool) -> None:
    """Put runs and stops of one server into the tallies."""
    ran = dict.fromkeys(FIELDS, 0.0)
    has_start = dict.fromkeys(FIELDS, starts_fresh)
    for piece in pieces:
        if isinstance(piece, _Stop):
            to_stop, length = FIELDS[piece.kind]
            tallies[length].put(piece.minutes, has_start=piece.has_start, has_end=piece.has_end)
            tallies[to_stop].put(ran[piece.kind], has_start=has_start[piece.kind], has_end=True)
            ran[piece.kind], has_start[piece.kind] = 0.0, True
            continue
        for kind in FIELDS:
            ran[kind] += piece.minutes
        if piece.cuts:
            _cut(ran, has_start, tallies)
    _cut(ran, has_start, tallies)


def _cut(ran: dict[Kind, float], has_start: dict[Kind, bool], tallies: dict[str, Tally]) -> None:
    """The log breaks off: what the clocks have run is censored, and what they run next began unseen."""
    for kind in FIELDS:
        tallies[FIELDS[kind][0]].put(ran[kind], has_start=has_start[kind], has_end=False)
        ran[kind], has_start[kind] = 0.0, False


def work_sample(servers: Iterable[tuple[Sequence[Stretch], Sequence[Batch]]]) -> tuple[Sample, float, float]:
    """Times at work on one unit, where the log counts single units; and all counted work (minutes) and units.

    Work is time in Execute inside the interval of the count, so stops and waiting are left out.
    """
    times: list[float] = []
    minutes = units = 0.0
    for stretches, batches in servers:
        knots = np.array([moment for s in stretches for moment in (s.starts, s.ends)])
        steps = [part for s in stretches for part in (0.0, s.minutes if s.doing == "working" else 0.0)]
        worked = np.cumsum(steps)
        for batch in batches:
            work = (
                float(np.interp(batch.ends, knots, worked) - np.interp(batch.starts, knots, worked)) if steps else 0.0
            )
            minutes, units = minutes + work, units + batch.units
            if batch.units == 1 and work > TINY:
                times.append(work)
    return Sample.of(times), minutes, units
