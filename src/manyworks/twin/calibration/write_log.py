"""The trace of a simulated line as the log of a real one: states by machine, and a count for each part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from manyworks.model.operation import Count, StateInterval
from manyworks.twin.program import LineProgram
from manyworks.twin.reading import Trace
from manyworks.twin.states import PACKML, Doing

STOPS = (Doing.MINOR_STOP, Doing.UNDER_REPAIR, Doing.AWAITING_REPAIR, Doing.CLOSED, Doing.ON_COMMAND)
"""What may come between two pieces of work on the same part."""
SCRAPPED = 14
COLUMNS = ("equipment", "state", "from", "to", "reason", "product", "good_units", "scrap_units")
_Row = tuple[int, int, int, int]


def write_log(
    trace: Trace, program: LineProgram, *, begins: datetime, path: str = "", until_min: float | None = None
) -> tuple[list[StateInterval], list[Count]]:
    """State intervals and counts of every machine, in order of machine and time.

    ``begins`` is the aware moment at which the trace starts, ``path`` what stands before the station in the equipment
    path, such as ``reno/line_1``; machines side by side are numbered from 1. The log ends at ``until_min``, None: with
    the last row of the trace. A count begins when work on a part does and ends when the part is done; a part that its
    station spoils counts as scrap.
    """
    last = int(trace.tick[-1]) if until_min is None and len(trace) else round((until_min or 0.0) * 60_000_000)
    spoiled = _spoiled(trace)
    intervals: list[StateInterval] = []
    counts: list[Count] = []
    for server, (name, station) in enumerate(_machines(program, path)):
        rows = _rows_of(trace, server, last)
        intervals += _intervals(rows, last, name, begins)
        counts += _counts(rows, name, begins, program, spoiled, station)
    return intervals, counts


def save_log(path: Path | str, intervals: Sequence[StateInterval], counts: Sequence[Count] = ()) -> Path:
    """Write a log as CSV, which `calibrate_line` reads; returns its path."""
    from manyworks.model.document.csv_text import write_csv

    rows = [
        [row.equipment_path, row.state, row.starts.isoformat(), row.ends.isoformat(), row.reason, "", "", ""]
        for row in intervals
    ]
    rows += [
        [
            row.equipment_path, "", row.starts.isoformat(), row.ends.isoformat(), "", row.product,
            f"{row.good_units:g}", f"{row.scrap_units:g}",
        ]
        for row in counts
    ]  # fmt: skip
    path = Path(path)
    path.write_text(write_csv(COLUMNS, rows), encoding="utf-8")
    return path


def _machines(program: LineProgram, path: str) -> Iterator[tuple[str, int]]:
    """Equipment path and position of the station of each server, in order."""
    for position, station in enumerate(program.stations):
        name = f"{path}/{station.id}" if path else station.id
        for number in range(1, station.servers + 1):
            yield (f"{name}/{number}" if station.servers > 1 else name), position


def _spoiled(trace: Trace) -> set[tuple[int, int, int]]:
    """Tick, station and part of everything that stations scrapped."""
    at = np.flatnonzero(trace.what == SCRAPPED)
    return {(int(trace.tick[k]), int(trace.where[k]), int(trace.part[k])) for k in at}


def _rows_of(trace: Trace, server: int, last: int) -> list[_Row]:
    """Tick, doing, part and product of one server, from the start on and up to ``last``; it begins starved."""
    own = (trace.what < len(Doing)) & (trace.where == server) & (trace.tick <= last)
    found = zip(*(getattr(trace, name)[own].tolist() for name in ("tick", "what", "part", "product")), strict=True)
    return [(0, int(Doing.STARVED), -1, 0), *found]


def _intervals(rows: list[_Row], last: int, name: str, begins: datetime) -> Iterator[StateInterval]:
    """Stretches of one doing each; changes that take no time are left out."""
    doing, since = rows[0][1], 0
    for tick, what, _, _ in [*rows[1:], (last, -1, -1, 0)]:
        if what == doing:
            continue
        if tick > since:
            now = Doing(doing)
            yield StateInterval(
                equipment_path=name, state=PACKML[now], reason=now.name.lower(), starts=_moment(begins, since),
                ends=_moment(begins, tick),
            )  # fmt: skip
        doing, since = what, tick


def _counts(
    rows: list[_Row], name: str, begins: datetime, program: LineProgram, spoiled: set[tuple[int, int, int]],
    station: int,
) -> Iterator[Count]:  # fmt: skip
    """One for each part that was finished."""
    part, since, product = -1, 0, 0
    for tick, what, held, kind in rows:
        is_same = what == Doing.WORKING and held == part
        if part >= 0 and not is_same and not (what in STOPS and held in (part, -1)) and tick > since:
            is_scrap = (tick, station, part) in spoiled
            units = program.units_per_part
            yield Count(
                equipment_path=name, product=program.products[product], good_units=0 if is_scrap else units,
                scrap_units=units if is_scrap else 0, starts=_moment(begins, since), ends=_moment(begins, tick),
            )  # fmt: skip
            part = -1
        if what == Doing.WORKING and held != part:
            part, since, product = held, tick, kind


def _moment(begins: datetime, tick: int) -> datetime:
    return begins + timedelta(microseconds=tick)
