"""Rows and names that may occur only once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from manyworks.model.checks.paths import at_position, has_unique_id, natural_key
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.network import Network, collections

PLACES = ("sites", "warehouses", "co_packers")
"""Collections whose rows share one space of names: what leaves them is told apart by the id alone."""


@rule(
    "duplicate-id",
    "error",
    title="An id may be given once",
    explanation="Other records, lanes, results and files point at a record by its id, so two records of one collection "
    "cannot share it.",
    cure="Give one of them another id, or delete the one that is not meant.",
    is_local=True,
)
def duplicate_ids(network: Network) -> Iterator[Finding]:
    """Ids that two rows of a collection share."""
    for collection in collections():
        if has_unique_id(collection):
            for position, first, row in _repeated(getattr(network, collection), ("id",)):
                yield Finding(
                    path=at_position(collection, position, "id"),
                    message=f"must be unique; the row at position {first} has it too",
                    found=row.id,
                )


@rule(
    "duplicate-row",
    "error",
    title="A row may be stated once",
    explanation="Two rows that say something about the same thing contradict each other or count twice. What makes a "
    "row one of a kind is, for example, market, product and period for demand, and line and id for stations.",
    cure="Delete one of the two rows, or merge them.",
    is_local=True,
)
def duplicate_rows(network: Network) -> Iterator[Finding]:
    """Rows of collections without ids, or with ids inside a parent, that state the same thing twice."""
    for collection in collections():
        key = natural_key(collection)
        if not has_unique_id(collection):
            for position, first, row in _repeated(getattr(network, collection), key):
                yield Finding(
                    path=at_position(collection, position, key[-1]),
                    message=f"must be the only row with this {', '.join(key)}; the row at position {first} is alike",
                    found=", ".join(str(_value(row, name)) for name in key),
                )


@rule(
    "duplicate-place",
    "error",
    title="Sites, warehouses and co-packers share one space of ids",
    explanation="Lanes and results name the place that goods leave by its id alone.",
    cure="Give one of the two places another id.",
)
def duplicate_places(network: Network) -> Iterator[Finding]:
    """Ids that a site shares with a warehouse or a co-packer."""
    seen: dict[str, str] = {}
    for collection in PLACES:
        for position, row in enumerate(getattr(network, collection)):
            other = seen.setdefault(row.id, collection)
            if other != collection:
                yield Finding(
                    path=at_position(collection, position, "id"),
                    message=f"must be another id than that of one of the {other}",
                    found=row.id,
                )


def _repeated(rows: list[Any], key: tuple[str, ...]) -> Iterator[tuple[int, int, Any]]:
    """Rows seen before as (position, position of the first, row)."""
    first: dict[Any, int] = {}
    for position, row in enumerate(rows):
        value = tuple(_value(row, name) for name in key)
        earlier = first.setdefault(value, position)
        if earlier != position:
            yield position, earlier, row


def _value(row: Any, name: str) -> Any:
    value = getattr(row, name)
    return tuple(value) if isinstance(value, list) else value
