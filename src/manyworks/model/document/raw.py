"""A document as it is written: rows of uninterpreted values that know where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from manyworks.errors import Issue

Format = Literal["folder", "workbook", "json"]


class Places(Protocol):
    """Where the values of one row stand on disk."""

    def at(self, name: str = "") -> str:
        """Place of the field ``name``; of the row itself when it has no such field."""
        ...


@dataclass(frozen=True, slots=True)
class LinePlaces:
    """Places by line: ``sites.csv:14``. ``lines`` maps fields that stand on a line of their own."""

    file: str
    line: int
    lines: dict[str, int] | None = None

    def at(self, name: str = "") -> str:
        """File and line of a field."""
        line = self.line if self.lines is None else self.lines.get(name, self.line)
        return f"{self.file}:{line}" if line else self.file


@dataclass(slots=True)
class RawRow:
    """Field name to value as written. ``is_flat``: values are cells, in which lists are joined by semicolons."""

    values: dict[str, Any]
    places: Places
    is_flat: bool = False


@dataclass(slots=True)
class RawTable:
    """The rows of one collection and where it begins."""

    rows: list[RawRow]
    place: str


@dataclass(slots=True)
class RawDocument:
    """Everything that was written, before it is judged. ``issues`` are the faults of the files themselves."""

    path: Path
    format: Format
    header: RawRow
    heads: dict[str, RawRow] = field(default_factory=dict)
    tables: dict[str, RawTable] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    """Collection to the CSV file that it is read from, relative to the document."""
    is_whole: bool = True
    """False when the main file could not be read to its end, so that nothing can be said about what is missing."""
    is_old: bool = False
    """Whether it was written for an older version."""
    instead: Mapping[Path, bytes] = field(default_factory=dict)
    """Contents to take instead of what files hold, to judge a change before it is made."""
