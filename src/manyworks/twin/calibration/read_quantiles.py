"""Tables of quantiles from CSV: a column ``quantile``, one column for each kind of time, and perhaps ``equipment``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from manyworks.errors import DocumentError, Issue
from manyworks.model.checks.paths import did_you_mean
from manyworks.model.line import Station
from manyworks.twin.calibration.fit import WHAT
from manyworks.twin.calibration.sample import Array

ALSO = {
    "stop_duration": "time_to_repair",
    "run_time_between_stops": "time_to_failure",
    "cycle_time": "process_time",
}
"""Other names of columns; each name may end in ``_min``."""


@dataclass(frozen=True, kw_only=True)
class QuantileTable:
    """Quantiles of one kind of time at one station, minutes at rising shares; ``station`` "" where none is named."""

    station: str
    field: str
    shares: Array
    quantiles: Array


def read_quantile_file(path: Path | str, *, line: str, stations: Sequence[Station]) -> list[QuantileTable]:
    """Every table of a CSV file.

    Raises
    ------
    DocumentError
        The file has faults; every one is listed with its line.
    """
    from manyworks.model.document.csv_text import read_csv
    from manyworks.model.document.text_file import read_text

    path = Path(path)
    issues: list[Issue] = []
    text = read_text(path, path.name, issues)
    table = None if text is None else read_csv(text, path.name, "quantiles", issues)
    if issues or table is None:
        raise DocumentError(issues, where=str(path))
    header = list(table.rows[0].values) if table.rows else []
    fields = {name: known for name in header if (known := _field_of(name)) is not None}
    if "quantile" not in header or not fields:
        message = "must have a column quantile and one for a kind of time"
        cure = f"Columns of times are {', '.join(WHAT)}, stop_duration_min, run_time_between_stops_min."
        raise DocumentError([_issue("quantile-columns", f"{path.name}:1", message, ", ".join(header), cure)])
    rows = [(row.values, row.places.at()) for row in table.rows]
    ids = [station.id for station in stations]
    for values, place in rows:
        name = values.get("equipment", "").strip()
        if name and name not in ids:
            cure = did_you_mean(name, ids) or f"Stations of {line}: {', '.join(ids)}."
            issues.append(_issue("log-equipment", place, f"must be a station of {line}", name, cure))
    tables = [
        _table(name, field, station, [(v, p) for v, p in rows if v.get("equipment", "").strip() == station], issues)
        for station in dict.fromkeys(values.get("equipment", "").strip() for values, _ in rows)
        for name, field in fields.items()
    ]
    if issues:
        raise DocumentError(issues, where=str(path))
    return [found for found in tables if found is not None]


def _field_of(column: str) -> str | None:
    name = column.removesuffix("_min")
    return name if name in WHAT else column if column in WHAT else ALSO.get(name)


def _table(
    column: str, field: str, station: str, rows: Sequence[tuple[dict[str, str], str]], issues: list[Issue]
) -> QuantileTable | None:
    """One column of one station; cells that are empty are left out."""
    shares: list[float] = []
    times: list[float] = []
    for values, place in rows:
        if not values[column].strip():
            continue
        share, time = _number(values["quantile"]), _number(values[column])
        if share is None or not 0 <= share <= 1:
            issues.append(_issue("quantile-share", place, "must be a share from 0 to 1", values["quantile"]))
        elif time is None or time < 0:
            issues.append(_issue("quantile-time", place, f"{column} must be minutes from 0", values[column]))
        elif shares and share <= shares[-1]:
            issues.append(_issue("quantile-order", place, "quantile must rise from row to row", values["quantile"]))
        elif times and time < times[-1]:
            issues.append(_issue("quantile-order", place, f"{column} must not fall from row to row", values[column]))
        else:
            shares.append(share)
            times.append(time)
    if len(shares) < 2 or times[-1] <= 0:
        if not issues and rows and any(values[column].strip() for values, _ in rows):
            issues.append(_issue("quantile-few", rows[0][1], f"{column} must have at least two quantiles", "fewer"))
        return None
    return QuantileTable(station=station, field=field, shares=np.array(shares), quantiles=np.array(times))


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _issue(rule: str, place: str, message: str, found: str, cure: str = "Correct the table.") -> Issue:
    shown = found or "nothing"
    return Issue(rule=rule, severity="error", path="quantiles", message=message, found=shown, cure=cure, place=place)
