"""How findings name a place of the document, and how they guess what a word was meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, get_args

from manyworks.model.network import collections
from manyworks.model.record import Record, Ref

NATURAL_KEYS: dict[str, tuple[str, ...]] = {
    "bill": ("product", "material", "alternative"),
    "packaging": ("product", "beyond_km"),
    "offers": ("supplier", "material", "from_units_per_year"),
    "stations": ("line", "id"),
    "crews": ("line", "id"),
    "buffers": ("line", "id"),
    "flows": ("line", "source", "target", "product"),
    "zones": ("floor", "id"),
    "fixed_places": ("floor", "id"),
    "placements": ("floor", "line", "station", "number"),
    "adjacency_wishes": ("line", "station", "other"),
    "routings": ("product", "stage", "operation"),
    "capabilities": ("site", "template", "line", "product", "method"),
    "shifts": ("calendar", "id"),
    "holidays": ("calendar", "day"),
    "maintenance": ("site", "line", "day", "starts"),
    "stand_up_steps": ("template", "id"),
    "demand": ("market", "product", "period"),
    "freight_breaks": ("mode", "from_kg"),
    "lanes": ("origin", "destination"),
    "duties": ("origin_zone", "destination_zone", "duty_class", "starts"),
    "changes": ("scenario", "path"),
    "evidence": ("target",),
    "endpoints": ("equipment_path",),
    "recipes": ("id", "version"),
    "checklists": ("checklist", "step"),
    "run_slots": ("site", "line", "number", "starts"),
    "states": ("equipment_path", "starts"),
    "counts": ("equipment_path", "product", "starts"),
    "forecasts": ("site", "product", "period"),
    "stock_targets": ("site", "product"),
}
"""What makes a row of a collection one of a kind; collections that are not listed are told apart by ``id``."""

HEADS = ("finance", "policy")
"""Records of which a document has exactly one."""


def at(collection: str, position: int, row: Any, field: str = "") -> str:
    """Path of a field of a row: ``sites.lyon.wage_per_h``, or ``demand[14].units`` where an id is not enough."""
    head = f"{collection}.{row.id}" if has_unique_id(collection) else f"{collection}[{position}]"
    return f"{head}.{field}" if field else head


def at_position(collection: str, position: int, field: str) -> str:
    """Path of a field by position, for rows whose ids are what is wrong."""
    return f"{collection}[{position}].{field}"


@cache
def has_unique_id(collection: str) -> bool:
    """Whether the rows of a collection are told apart by their id alone."""
    return collection not in NATURAL_KEYS


def natural_key(collection: str) -> tuple[str, ...]:
    """Fields that make a row of the collection one of a kind."""
    return NATURAL_KEYS.get(collection, ("id",))


@cache
def reference_fields(kind: type[Record]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Fields of a record that name others by id, each with the collections that it may name."""
    found = []
    for name, field in kind.model_fields.items():
        marks = [mark for mark in field.metadata if isinstance(mark, Ref)] or _marks_within(field.annotation)
        if marks:
            found.append((name, marks[0].collections))
    return tuple(found)


def _marks_within(annotation: Any) -> list[Ref]:
    """Marks inside ``X | None`` and ``list[X]``."""
    marks = [mark for mark in getattr(annotation, "__metadata__", ()) if isinstance(mark, Ref)]
    for part in get_args(annotation):
        marks += _marks_within(part)
    return marks


def words(value: Any) -> list[str]:
    """The ids in a reference field: none, one, or those of a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A cure that names the nearest known word, or lists the known ones when they are few; empty when neither helps."""
    names = known if isinstance(known, frozenset) else frozenset(known)
    near = _nearest(word, names)
    if near:
        return f"Did you mean {near}?"
    return f"Known: {', '.join(sorted(names))}." if 0 < len(names) <= 8 else ""


@lru_cache(maxsize=4096)
def _nearest(word: str, names: frozenset[str]) -> str:
    """Nearest of ``names``, capitals aside; only names that begin or end alike and are about as long are compared."""
    word = word.lower()
    ends = (word[:1], word[-1:])
    similar = {name.lower(): name for name in sorted(names) if abs(len(name) - len(word)) <= 3}
    similar = {low: name for low, name in similar.items() if low[:1] in ends or low[-1:] in ends}
    found = difflib.get_close_matches(word, similar, 1, 0.6)
    return similar[found[0]] if found else ""


def listed(names: Iterable[str], most: int = 3) -> str:
    """The first names and how many more there are: ``a, b, c and 4 more``."""
    every = list(names)
    head = ", ".join(every[:most])
    return head if len(every) <= most else f"{head} and {len(every) - most} more"


def plural(count: int, noun: str) -> str:
    """``1 site``, ``2 sites``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


@cache
def known_collections() -> tuple[str, ...]:
    """Names of all collections, in document order."""
    return tuple(collections())
