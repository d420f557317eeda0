"""Fingerprints of what a document says, whatever its format, the order of its rows or the defaults it writes out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from manyworks.model.document.fields import HEADS, FieldKind, field_kinds
from manyworks.model.document.scalars import write_scalar
from manyworks.model.network import Network, collections
from manyworks.model.record import Record

RUNNING = (
    "endpoints", "recipes", "checklists", "demand_orders", "job_orders", "run_slots", "states", "counts", "forecasts",
    "stock_targets",
)  # fmt: skip
"""Collections of the running network, which no plan depends on."""

LAYOUT = ("floors", "zones", "fixed_places", "placements", "adjacency_wishes")
"""Collections of the floor: what a layout does to a line stands in its buffers."""

NOT_INPUT = ("capabilities", *LAYOUT, *RUNNING)
"""Collections that ``input_hash`` leaves out; measured capabilities are named by their own ``line_hash``."""

ORDERED = ("changes",)
"""Collections in which the order of rows says something: changes of a scenario are applied one after the other."""

NOT_OF_THE_LINE = {
    "line": ("name", "capex", "footprint_m2", "service_per_year"),
    "buffers": ("length_m",),
    "equipment": ("name", "vendor", "price", "lead_time_weeks", "length_m", "width_m", "footprint_m2", "service_km"),
}
"""Names, money and places on the floor, which do not change what a line can do."""


def input_hash(network: Network) -> str:
    """Hash of the inputs of a plan: all but measured capabilities, layouts and the records of the running network.

    Equal for documents that say the same: order of rows, file format, defaults written out or left out, 5 or 5.0 and
    the zone in which a moment is written make no difference. Name and note are left out, the sources of numbers
    (``evidence``) are kept, because reports state them.
    """
    parts: dict[str, Any] = {name: _record(getattr(network, name)) for name in HEADS}
    for name in collections():
        if name not in NOT_INPUT and getattr(network, name):
            parts[name] = _rows(name, getattr(network, name))
    return _digest(parts)


def line_hash(network: Network, line: str) -> str:
    """Hash of one line: its record, stations, crews, buffers and flows, and the equipment that its stations use.

    What a line costs or how it is called does not change it; positions and lengths on the floor do not either, except
    a buffer's capacity and travel time.

    Raises
    ------
    KeyError
        There is no such line.
    """
    record = network.get("lines", line)
    stations = [row for row in network.stations if row.line == line]
    used = {row.equipment for row in stations}
    parts = {
        "line": _rows("lines", [record]),
        "stations": _rows("stations", stations),
        "buffers": _rows("buffers", [row for row in network.buffers if row.line == line]),
        "flows": _rows("flows", [row for row in network.flows if row.line == line]),
        "equipment": _rows("equipment", [row for row in network.equipment if row.id in used]),
    }
    crews = [row for row in network.crews if row.line == line]
    if crews:
        parts["crews"] = _rows("crews", crews)
    for part, names in NOT_OF_THE_LINE.items():
        for row in parts[part]:
            for name in names:
                row.pop(name, None)
    return _digest(parts)


def _rows(name: str, rows: Iterable[Record]) -> list[dict[str, Any]]:
    found = [_record(row) for row in rows]
    return found if name in ORDERED else sorted(found, key=_text)


def _record(record: Record) -> dict[str, Any]:
    """What differs from the defaults, in one form for each value."""
    found: dict[str, Any] = {}
    for name, kind in field_kinds(type(record)).items():
        value = getattr(record, name)
        if kind.is_required or value != kind.default:
            found[name] = _canonical(kind, value)
    return found


def _canonical(kind: FieldKind, value: Any) -> Any:
    if isinstance(value, list):
        return [_canonical(kind, entry) for entry in value]
    if isinstance(value, dict):
        return {key: _canonical(kind, entry) for key, entry in sorted(value.items())}
    if value is None or (isinstance(value, bool | int | str) and kind.base is not float):
        return value
    if kind.base is float:
        return repr(float(value) + 0.0)  # minus zero is zero
    if isinstance(value, datetime):
        return write_scalar(value.astimezone(UTC))
    return write_scalar(value)


def _digest(parts: dict[str, Any]) -> str:
    return hashlib.sha256(_text(parts).encode()).hexdigest()[:16]


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
