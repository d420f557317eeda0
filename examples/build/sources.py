"""Reads the public source tables and writes example tables with the same bytes every time."""

from __future__ import annotations

import csv
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent.parent
Row = Mapping[str, str]


def data_folder() -> Path:
    """Folder of the source tables: ``$MANYWORKS_DATA``, else ``../shared/data`` beside the repository."""
    return Path(os.environ.get("MANYWORKS_DATA", EXAMPLES.parent.parent / "shared" / "data"))


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of one source table as words; an empty word is a value that is not known."""
    with (data_folder() / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_table(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """Write rows with the columns of the first one; numbers in their shortest form, lists joined by ``;``."""
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def metro_id(metro: Row) -> str:
    """A metro's id: its first city and state, ``new_york_city_ny``."""
    return word(f"{metro['principal_city']} {metro['state']}")


def word(text: str) -> str:
    """Text as an id: plain lower-case letters, digits and underscores."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:41]


def states() -> dict[str, dict[str, str]]:
    """State rows by two-letter abbreviation."""
    return {row["abbr"]: row for row in read_table("us_states")}


def metros() -> list[dict[str, str]]:
    """Metropolitan areas, most populous first."""
    return read_table("us_metros")


def timezone(state: str, lon: float) -> str:
    """IANA zone of a metro; the few states with two zones are split at their usual longitude."""
    for zone, members in ZONES.items():
        if state in members:
            return zone
    west, longitude, east = SPLIT_ZONES[state]
    return west if lon < longitude else east


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, list | tuple):
        return ";".join(_cell(item) for item in value)
    return "" if value is None else str(value)


ZONES = {
    "America/New_York": "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV MI",
    "America/Chicago": "AL AR IA IL LA MN MO MS OK WI",
    "America/Denver": "CO MT NM UT WY",
    "America/Los_Angeles": "CA NV WA",
    "America/Phoenix": "AZ",
    "America/Anchorage": "AK",
    "Pacific/Honolulu": "HI",
}
ZONES = {zone: frozenset(members.split()) for zone, members in ZONES.items()}
SPLIT_ZONES = {
    "FL": ("America/Chicago", -85.0, "America/New_York"),
    "ID": ("America/Boise", 0.0, "America/Boise"),
    "IN": ("America/Chicago", -86.9, "America/Indiana/Indianapolis"),
    "KS": ("America/Denver", -101.0, "America/Chicago"),
    "KY": ("America/Chicago", -86.0, "America/New_York"),
    "ND": ("America/Denver", -101.0, "America/Chicago"),
    "NE": ("America/Denver", -101.0, "America/Chicago"),
    "OR": ("America/Boise", -117.5, "America/Los_Angeles"),
    "SD": ("America/Denver", -101.0, "America/Chicago"),
    "TN": ("America/Chicago", -85.5, "America/New_York"),
    "TX": ("America/Denver", -104.0, "America/Chicago"),
}
