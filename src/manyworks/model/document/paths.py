"""Paths inside a document: ``sites.lyon.wage_per_h``, ``bill[3].material``, ``finance.start``, ``name``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from manyworks.model.document.raw import RawDocument, RawRow

_PATH = re.compile(r"(\w+)(?:\[(\d{1,9})\])?(?:\.(.*))?", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class DocumentPath:
    """A path taken apart: ``part`` is a collection, finance, policy or a field of the header."""

    part: str
    row: str = ""
    """Id of the row, or its position in digits."""
    field: str = ""

    @property
    def position(self) -> int | None:
        """Position from 0 where the row is named by it."""
        return int(self.row) if self.row.isdecimal() else None


def parse_path(path: str, raw: RawDocument) -> DocumentPath:
    """Take ``path`` apart; whatever it is, something near it is meant."""
    match = _PATH.fullmatch(path)
    if match is None:
        return DocumentPath(part=path)
    part, position, rest = match[1], match[2], match[3] or ""
    if part in raw.heads or part in ("finance", "policy"):
        return DocumentPath(part=part, field=_first(rest))
    if position is not None:
        return DocumentPath(part=part, row=position, field=_first(rest))
    row, _, field = rest.partition(".")
    return DocumentPath(part=part, row=row, field=_first(field))


def matching_rows(path: DocumentPath, raw: RawDocument) -> list[tuple[int, RawRow]]:
    """Rows of the collection that the path names, with their positions; ids of parts may occur in several lines."""
    rows = raw.tables[path.part].rows if path.part in raw.tables else []
    if path.position is not None:
        return [(path.position, rows[path.position])] if path.position < len(rows) else []
    return [(position, row) for position, row in enumerate(rows) if path.row and row.values.get("id") == path.row]


def place_of(path: str, raw: RawDocument) -> str:
    """File and line, or cell, of what ``path`` names; of two rows with one id the later one is meant."""
    parsed = parse_path(path, raw)
    if parsed.part in raw.heads:
        return raw.heads[parsed.part].places.at(parsed.field)
    if parsed.part not in raw.tables:
        return raw.header.places.at(parsed.part)
    rows = matching_rows(parsed, raw)
    return rows[-1][1].places.at(parsed.field) if rows else raw.tables[parsed.part].place


def _first(rest: str) -> str:
    return re.split(r"[.\[]", rest, maxsplit=1)[0]
