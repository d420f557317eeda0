"""Event logs: rows of equipment, state, from, to, from a CSV file or the document's own records; all faults at once.

A CSV has the columns ``equipment`` (a station of the line, or a path that ends with it, such as
``reno/line_1/filler/2``), ``state`` (PackML), ``from`` and ``to`` (times with a zone, or minutes), and may have
``reason``, ``good_units`` and ``scrap_units``. A row without a state only counts units. Other columns are not used.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from pathlib import Path
from typing import Any

from manyworks.errors import DocumentError, Issue
from manyworks.model.checks.paths import did_you_mean
from manyworks.model.line import Station
from manyworks.model.operation import Count, StateInterval
from manyworks.twin.calibration.stretches import STATES, Batch, Stretch, doing_of

COLUMNS: dict[str, tuple[str, ...]] = {
    "equipment": ("equipment", "equipment_path"),
    "state": ("state",),
    "starts": ("from", "starts"),
    "ends": ("to", "ends"),
    "reason": ("reason",),
    "good_units": ("good_units",),
    "scrap_units": ("scrap_units",),
}
NEEDED = ("equipment", "state", "starts", "ends")
MOST_SHOWN = 20
"""Faults of one rule that are listed; the rest are counted."""
OVERLAP_MIN = 1e-4
"""Overlap of two intervals of a machine that is taken for rounding, minutes."""


@dataclass(frozen=True, kw_only=True)
class ServerLog:
    """What one machine did, in order of time, and the units that it counted."""

    stretches: list[Stretch] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class LineLog:
    """The log of one line: by station, then by number of the machine there, "" where there is one.

    ``source`` names the file or the document; ``begins`` is the moment of minute 0, None where the log counts minutes
    itself; ``elsewhere`` counts rows of other lines, by path; ``unused`` are columns that were not read.
    """

    servers: dict[str, dict[str, ServerLog]]
    source: str
    begins: datetime | None = None
    elsewhere: dict[str, int] = field(default_factory=dict)
    unused: tuple[str, ...] = ()


@dataclass(slots=True)
class _Row:
    """One row as it was written, with its place."""

    cells: Mapping[str, Any]
    place: str


def read_log_file(
    path: Path | str, *, line: str, stations: Sequence[Station], states: Mapping[str, str] | None = None,
    zone: tzinfo | None = None,
) -> LineLog:  # fmt: skip
    """Read a CSV log; ``states`` translates the log's own words to PackML, ``zone`` is that of times without one.

    Raises
    ------
    DocumentError
        The log has faults; every one is listed with its line.
    """
    from manyworks.model.document.csv_text import read_csv
    from manyworks.model.document.text_file import read_text

    path = Path(path)
    issues: list[Issue] = []
    text = read_text(path, path.name, issues)
    table = None if text is None else read_csv(text, path.name, "log", issues)
    if issues or table is None:
        raise DocumentError(issues, where=str(path))
    header = list(table.rows[0].values) if table.rows else []
    names = {key: next((name for name in known if name in header), None) for key, known in COLUMNS.items()}
    missing = [COLUMNS[key][0] for key in NEEDED if names[key] is None]
    if missing:
        raise DocumentError([_missing_columns(missing, header, path.name)], where=str(path))
    used = {name: key for key, name in names.items() if name is not None}
    rows = [
        _Row({used[name]: value for name, value in row.values.items() if name in used}, row.places.at())
        for row in table.rows
    ]
    log = _Builder(line, stations, states or {}, zone).build(rows, path.name)
    return LineLog(
        servers=log.servers, source=log.source, begins=log.begins, elsewhere=log.elsewhere,
        unused=tuple(name for name in header if name not in used),
    )  # fmt: skip


def read_log_records(
    intervals: Iterable[StateInterval], counts: Iterable[Count] = (), *, line: str, stations: Sequence[Station],
    states: Mapping[str, str] | None = None, source: str = "the document's states",
) -> LineLog:  # fmt: skip
    """The same from records of the document.

    Raises
    ------
    DocumentError
        The records have faults; every one is listed with its position.
    """
    rows = [
        _Row(
            {"equipment": r.equipment_path, "state": r.state, "reason": r.reason, "starts": r.starts, "ends": r.ends},
            f"states[{at}]",
        )
        for at, r in enumerate(intervals)
    ]
    rows += [
        _Row(
            {
                "equipment": r.equipment_path, "state": "", "starts": r.starts, "ends": r.ends,
                "good_units": r.good_units, "scrap_units": r.scrap_units,
            },
            f"counts[{at}]",
        )
        for at, r in enumerate(counts)
    ]  # fmt: skip
    return _Builder(line, stations, states or {}, None).build(rows, source)


@dataclass
class _Builder:
    """Turns rows into stretches and batches, and gathers what is wrong."""

    line: str
    stations: Sequence[Station]
    states: Mapping[str, str]
    zone: tzinfo | None
    issues: list[Issue] = field(default_factory=list)
    elsewhere: dict[str, int] = field(default_factory=dict)

    def build(self, rows: list[_Row], source: str) -> LineLog:
        """The whole log, or every fault of it."""
        names = {name.lower(): name for name in STATES} | {own.lower(): to for own, to in self.states.items()}
        found: list[tuple[tuple[str, str], Any, Any, str | None, str, float, str]] = []
        for row in rows:
            at = self._station(str(row.cells["equipment"]).strip(), row.place)
            starts, ends = (self._time(row.cells[key], key, row.place) for key in ("starts", "ends"))
            state = self._state(str(row.cells["state"] or "").strip(), names, row)
            units = self._units(row)
            if at is None or starts is None or ends is None or (state is None and units is None):
                continue
            found.append((at, starts, ends, state, str(row.cells.get("reason") or ""), units or 0.0, row.place))
        origin = self._origin(found)
        servers = self._servers(found, origin) if not self.issues else {}
        if not rows:
            self._fault("log-empty", source, "log", "must have rows", cure="Export the log anew.")
        if self.issues:
            raise DocumentError(_shortened(self.issues), where=source)
        begins = origin if isinstance(origin, datetime) else None
        return LineLog(servers=servers, source=source, begins=begins, elsewhere=dict(self.elsewhere))

    def _fault(self, rule: str, place: str, path: str, message: str, found: str = "", cure: str = "") -> None:
        self.issues.append(
            Issue(rule=rule, severity="error", path=path, message=message, found=found, cure=cure, place=place)
        )

    def _station(self, path: str, place: str) -> tuple[str, str] | None:
        """Station and number of the machine; None for another line's, and for what is unknown, which is a fault."""
        parts = [part for part in path.split("/") if part]
        number = parts.pop() if len(parts) > 1 and parts[-1].isdigit() else ""
        if len(parts) > 1 and parts[-2] != self.line:
            key = "/".join(parts[:-1])
            self.elsewhere[key] = self.elsewhere.get(key, 0) + 1
            return None
        name = parts[-1] if parts else ""
        known = [station.id for station in self.stations]
        if name in known:
            return name, number
        by_item = [station.id for station in self.stations if station.equipment == name]
        if len(by_item) == 1:
            return by_item[0], number
        cure = did_you_mean(name, known) or f"Stations of {self.line}: {', '.join(known)}."
        self._fault("log-equipment", place, "equipment", f"must be a station of {self.line}", path or "nothing", cure)
        return None

    def _state(self, text: str, names: Mapping[str, str], row: _Row) -> str | None:
        if not text:
            if not row.cells.get("good_units") and not row.cells.get("scrap_units"):
                self._fault("log-state", row.place, "state", "must be stated", "nothing", "Write a PackML state.")
            return None
        name = names.get(text.lower())
        if name in STATES:
            return name
        cure = did_you_mean(text, STATES) or "Translate it: --state WORD=Execute, or Held, Aborted, Suspended, Stopped."
        self._fault("log-state", row.place, "state", "must be a PackML state", name or text, cure)
        return None

    def _units(self, row: _Row) -> float | None:
        """Good and scrapped units; None where the row counts none."""
        total = None
        for key in ("good_units", "scrap_units"):
            value = row.cells.get(key)
            if value is None or value == "":
                continue
            number = _number(value)
            if number is None or number < 0:
                self._fault("log-units", row.place, key, "must be a number from 0", str(value), "Correct the count.")
                continue
            total = (total or 0.0) + number
        return total

    def _time(self, value: Any, key: str, place: str) -> float | datetime | None:
        """Minutes, or an aware moment."""
        name = COLUMNS[key][0]
        if isinstance(value, datetime):
            return value
        number = _number(value)
        if number is not None:
            return number
        try:
            moment = datetime.fromisoformat(str(value).strip())
        except ValueError:
            cure = "Write 2027-03-01T06:00:00+00:00, or minutes since the start of the log."
            self._fault("log-time", place, name, "must be a time", str(value) or "nothing", cure)
            return None
        if moment.tzinfo is None and self.zone is None:
            cure = "Write it with its zone (…Z, …+02:00), or name the zone of the whole log: --zone Europe/Paris."
            self._fault("log-time", place, name, "must have a zone", str(value), cure)
            return None
        aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=self.zone)
        return aware.astimezone(UTC)  # moments of one zone would subtract as clocks on the wall do

    def _origin(self, found: Sequence[tuple[Any, ...]]) -> float | datetime:
        """The moment of minute 0: the earliest; 0 where the log counts minutes itself."""
        moments = [row[1] for row in found if isinstance(row[1], datetime)]
        if moments and any(not isinstance(moment, datetime) for row in found for moment in row[1:3]):
            odd = next(row for row in found if not all(isinstance(moment, datetime) for moment in row[1:3]))
            self._fault("log-time", odd[6], "from", "must be a moment as in other rows", "minutes", "Use one of both.")
        return min(moments) if moments else 0.0

    def _servers(self, found: Sequence[tuple[Any, ...]], origin: float | datetime) -> dict[str, dict[str, ServerLog]]:
        servers: dict[str, dict[str, ServerLog]] = {}
        for (station, number), starts, ends, state, reason, units, place in found:
            first, last = (_minutes(moment, origin) for moment in (starts, ends))
            if last < first:
                self._fault("log-order", place, "to", "must not be before from", str(ends), "Correct the row.")
                continue
            log = servers.setdefault(station, {}).setdefault(number, ServerLog())
            if state is not None and last > first:
                log.stretches.append(Stretch(first, last, doing_of(state, reason), place))
            if units:
                log.batches.append(Batch(first, last, units, place))
        for station, machines in servers.items():
            for log in machines.values():
                log.stretches.sort(key=lambda stretch: (stretch.starts, stretch.ends))
                self._overlaps(station, log.stretches)
        order = [station.id for station in self.stations]
        return dict(sorted(servers.items(), key=lambda item: order.index(item[0])))

    def _overlaps(self, station: str, stretches: list[Stretch]) -> None:
        for one, next_one in pairwise(stretches):
            if next_one.starts < one.ends - OVERLAP_MIN:
                message = f"must not begin before {one.place} ends: one machine is in one state at a time"
                cure = "Correct the times, or write the machines' numbers: station/1, station/2."
                self._fault(
                    "log-overlap",
                    next_one.place,
                    station,
                    message,
                    f"{one.ends - next_one.starts:.4g} min overlap",
                    cure,
                )


def _minutes(moment: float | datetime, origin: float | datetime) -> float:
    if isinstance(moment, datetime) and isinstance(origin, datetime):
        return (moment - origin).total_seconds() / 60
    return float(moment) if not isinstance(moment, datetime) else math.nan


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _missing_columns(missing: Sequence[str], header: Sequence[str], file: str) -> Issue:
    return Issue(
        rule="log-columns",
        severity="error",
        path="log",
        message=f"must have the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}",
        found=", ".join(header) or "no rows",
        cure="The columns are equipment, state, from, to; reason, good_units and scrap_units may be added.",
        place=f"{file}:1",
    )


def _shortened(issues: list[Issue]) -> list[Issue]:
    """The first faults of each rule, and how many more there are."""
    shown: list[Issue] = []
    for rule in dict.fromkeys(issue.rule for issue in issues):
        of_rule = [issue for issue in issues if issue.rule == rule]
        shown += of_rule[:MOST_SHOWN]
        if len(of_rule) > MOST_SHOWN:
            more = len(of_rule) - MOST_SHOWN
            shown.append(Issue(rule=rule, severity="error", path="log", message=f"has {more} more faults of this kind"))
    return shown
