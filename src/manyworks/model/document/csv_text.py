"""CSV tables: a header of field names, then one record a row; lines that begin with ``#`` are remarks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from manyworks.errors import Issue
from manyworks.model.document import rules
from manyworks.model.document.cells import short
from manyworks.model.document.raw import LinePlaces, RawRow, RawTable


def read_csv(text: str, file: str, collection: str, issues: list[Issue]) -> RawTable:
    """The rows of a CSV text, each with the line on which it starts; faults are added to ``issues``."""
    table = RawTable([], f"{file}:1")
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    line = 1
    try:
        for cells in rows:
            if any(cells) and not cells[0].lstrip().startswith("#"):
                if header is None:
                    header = _header(cells, f"{file}:{line}", collection, issues)
                    if header is None:
                        return table
                elif len(cells) != len(header):
                    issues.append(_ragged(cells, header, f"{file}:{line}", collection))
                else:
                    values = dict(zip(header, cells, strict=True))
                    table.rows.append(RawRow(values, LinePlaces(file, line), is_flat=True))
            line = rows.line_num + 1
    except csv.Error as fault:
        issues.append(rules.CSV_SYNTAX.issue(collection, f"must be CSV: {fault}", place=f"{file}:{line}"))
    if header is None:
        issues.append(rules.CSV_HEADER.issue(collection, "must have a header of field names", place=f"{file}:1"))
    return table


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """CSV text with ``\\n`` line ends."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def _header(cells: list[str], place: str, collection: str, issues: list[Issue]) -> list[str] | None:
    names = [cell.strip() for cell in cells]
    if len(names) == 1 and (separator := next((sign for sign in ";\t|" if sign in names[0]), None)):
        word = {";": "semicolons", "\t": "tabs", "|": "bars"}[separator]
        issues.append(rules.CSV_DELIMITER.issue(collection, "must have commas between cells", found=word, place=place))
        return None
    before = len(issues)
    for position, name in enumerate(names):
        if not name:
            message = f"must name column {position + 1}"
            issues.append(rules.CSV_HEADER.issue(collection, message, found="an empty cell", place=place))
        elif name in names[:position]:
            message = "must name every column once"
            issues.append(rules.CSV_HEADER.issue(collection, message, found=f"{short(name)} twice", place=place))
    return names if len(issues) == before else None


def _ragged(cells: list[str], header: list[str], place: str, collection: str) -> Issue:
    message = f"must have {len(header)} cells like the header"
    return rules.CSV_RAGGED.issue(collection, message, found=f"{len(cells)} cells", place=place)
