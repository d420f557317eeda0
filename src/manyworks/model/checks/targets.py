"""Paths that mean fields of many rows: ``sites.*.wage_per_h``, ``finance.tax_rate``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manyworks.model.checks.paths import HEADS, did_you_mean
from manyworks.model.network import Network, collections


@dataclass(frozen=True)
class TargetFault:
    """Why a path means nothing, and what was perhaps meant."""

    message: str
    cure: str


class Targets:
    """Finds the rows that paths mean; reads each collection's ids once."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._ids: dict[str, list[str]] = {}
        self._faults: dict[str, TargetFault | None] = {}

    def fault(self, path: str) -> TargetFault | None:
        """Why ``path`` matches no field, or None when it matches one."""
        if path not in self._faults:
            self._faults[path] = self._judge(path)
        return self._faults[path]

    def values(self, path: str) -> list[Any]:
        """Value of every field that ``path`` matches."""
        head, *rest = path.split(".")
        if head in HEADS:
            return [getattr(getattr(self._network, head), rest[0])]
        wanted, field = rest
        rows = getattr(self._network, head)
        ids = self._ids_of(head)
        return [getattr(row, field) for row, name in zip(rows, ids, strict=True) if is_named(name, wanted)]

    def _judge(self, path: str) -> TargetFault | None:
        parts = path.split(".")
        kinds = collections()
        if parts[0] not in kinds and parts[0] not in HEADS:
            return TargetFault(
                "must start with a collection, finance or policy", did_you_mean(parts[0], [*kinds, *HEADS])
            )
        if len(parts) != (2 if parts[0] in HEADS else 3):
            form = f"{parts[0]}.field" if parts[0] in HEADS else f"{parts[0]}.id.field"
            return TargetFault(f"must be {form}", f"Write {form}; * stands for any id." if parts[0] in kinds else "")
        record = type(getattr(self._network, parts[0])) if parts[0] in HEADS else kinds[parts[0]]
        if parts[-1] not in record.model_fields:
            return TargetFault(f"must end with a field of {parts[0]}", did_you_mean(parts[-1], record.model_fields))
        if parts[0] in HEADS or any(is_named(name, parts[1]) for name in self._ids_of(parts[0])):
            return None
        return TargetFault(f"must match a row of {parts[0]}", did_you_mean(parts[1], self._ids_of(parts[0])))

    def _ids_of(self, collection: str) -> list[str]:
        """Ids of the rows, empty words for rows without one, which only ``*`` matches."""
        if collection not in self._ids:
            self._ids[collection] = [getattr(row, "id", "") for row in getattr(self._network, collection)]
        return self._ids[collection]


def is_named(name: str, wanted: str) -> bool:
    """Whether an id is what a path wants; one ``*`` in it stands for any characters."""
    if "*" not in wanted:
        return name == wanted
    head, _, tail = wanted.partition("*")
    return name.startswith(head) and name.endswith(tail) and len(name) >= len(head) + len(tail)
