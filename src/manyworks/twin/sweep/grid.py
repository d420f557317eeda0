"""The grid of a sweep: paths of the document with the values that each takes, and the document at each combination."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from pydantic import ValidationError

from manyworks.errors import UsageError
from manyworks.model.network import Network
from manyworks.model.scenario import matching_fields

Value = float | int | str
Point = tuple[Value, ...]
MOST_POINTS = 100_000


def grid_points(grid: Mapping[str, Sequence[Value]]) -> list[Point]:
    """All combinations, the last path moving fastest.

    Raises
    ------
    UsageError
        A path has no values, or the same one twice, or there are too many combinations.
    """
    for path, values in grid.items():
        if not values:
            raise UsageError("must have values", where=path, cure="Write path=value,value.")
        if len(set(values)) < len(values):
            raise UsageError("must have each value once", where=path, found=", ".join(str(v) for v in values))
    count = 1
    for values in grid.values():
        count *= len(values)
    if not grid or count > MOST_POINTS:
        cure = "Vary fewer values, or in several sweeps."
        raise UsageError(f"must have 1 to {MOST_POINTS:,} combinations", where="grid", found=f"{count:,}", cure=cure)
    return list(product(*grid.values()))


def network_at(network: Network, line: str, paths: Sequence[str], point: Point) -> Network:
    """The document with the values of one combination.

    Rows of collections that belong to lines (``stations.filler.count``, ``buffers.b1.capacity_units``) are those of
    ``line`` alone.

    Raises
    ------
    UsageError
        A path names nothing, or a value is not legal there.
    """
    data = network.model_dump()
    for path, value in zip(paths, point, strict=True):
        targets = [t for t in matching_fields(data, path) if t[0].get("line", line) == line]
        if not targets:
            known = [name for name in varied_paths(network, line) if name.rpartition(".")[2] == path.rpartition(".")[2]]
            near = difflib.get_close_matches(path, known, 1)
            cure = (
                f"Did you mean {near[0]}?" if near else "Write collection.id.field, for example stations.filler.count."
            )
            raise UsageError(f"must be a field of the document or of {line}", where=path, found="nothing", cure=cure)
        for record, field in targets:
            record[field] = value
    try:
        return Network.model_validate(data)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        what = first["msg"].replace("Input should be", "must be")
        raise UsageError(
            what, where=where, found=repr(first.get("input")), cure="Change the values of the sweep."
        ) from None


def varied_paths(network: Network, line: str) -> Iterator[str]:
    """Paths that a sweep of the line is likely to vary, for guesses at what was meant."""
    rows: list[tuple[str, Any]] = [("lines", network.get("lines", line))]
    rows += [("stations", row) for row in network.stations if row.line == line]
    rows += [("buffers", row) for row in network.buffers if row.line == line]
    used = {row.equipment for row in network.stations if row.line == line}
    rows += [("equipment", row) for row in network.equipment if row.id in used]
    return (f"{name}.{row.id}.{field}" for name, row in rows for field in type(row).model_fields)


def grid_from_words(words: Sequence[str]) -> dict[str, list[Value]]:
    """Read ``path=value,value`` or ``path=first:last:steps``; numbers where they are numbers.

    Values in words that have commas of their own, such as ``weibull(shape=1, scale=3)``, are parted by ``;``.

    Raises
    ------
    UsageError
        Words that are neither.
    """
    grid: dict[str, list[Value]] = {}
    for text in words:
        path, sign, values = text.partition("=")
        if not sign or not path.strip() or not values.strip():
            cure = "Example: --vary buffers.b1.capacity_units=0,5,10"
            raise UsageError("must be path=value,value or path=first:last:steps", where="--vary", found=text, cure=cure)
        grid[path.strip()] = _values(values.strip())
    return grid


def _values(text: str) -> list[Value]:
    parts = text.split(":")
    if len(parts) == 3 and all(_is_number(part) for part in parts) and int(float(parts[2])) > 1:
        first, last, steps = float(parts[0]), float(parts[1]), int(float(parts[2]))
        return [_plain(first + (last - first) * k / (steps - 1)) for k in range(steps)]
    pieces = text.split(";") if ";" in text or "(" in text else text.split(",")
    return [_plain(float(piece)) if _is_number(piece) else piece.strip() for piece in pieces if piece.strip()]


def _plain(number: float) -> Value:
    short = float(f"{number:.12g}")
    return int(short) if short == int(short) else short


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
