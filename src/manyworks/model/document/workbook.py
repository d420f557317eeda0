"""The workbook form of a document: one sheet per collection, and the sheets network, finance and policy.

The first row of a collection's sheet names the fields, a note on each says what it means; rows whose first cell begins
with ``#``, and sheets whose name does, are remarks. In the three other sheets every row is one field. Texts are always
written as texts, never as formulas.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from manyworks.model.document import rules
from manyworks.model.document.cells import short
from manyworks.model.document.fields import HEADS
from manyworks.model.document.raw import LinePlaces, RawDocument, RawRow, RawTable
from manyworks.model.document.reader import unknown_part
from manyworks.model.document.text_file import read_bytes
from manyworks.model.document.upgrades import KNOWN_PARTS
from manyworks.model.document.workbook_guard import refusal


@dataclass(frozen=True, slots=True)
class CellPlaces:
    """Places of one row by cell: ``plant.xlsx!sites!F14``."""

    prefix: str
    row: int
    columns: dict[str, str]

    def at(self, name: str = "") -> str:
        """Cell of the field ``name``; column A for the row itself."""
        return f"{self.prefix}!{self.columns.get(name, 'A')}{self.row}"


@dataclass(frozen=True, slots=True)
class FieldPlaces:
    """Places of the fields of a sheet that has one field a row."""

    prefix: str
    cells: dict[str, str]

    def at(self, name: str = "") -> str:
        """Cell of the field ``name``; the sheet when it is not written."""
        return f"{self.prefix}!{self.cells[name]}" if name in self.cells else self.prefix


def read_workbook(path: Path) -> RawDocument:
    """Read an ``.xlsx`` document."""
    raw = RawDocument(path, "workbook", RawRow({}, LinePlaces(f"{path.name}!network", 0)))
    data = read_bytes(path, path.name, raw.issues)
    if data is None:
        raw.is_whole = False
        return raw
    names: set[str] = set()
    for name, grid in _grids(data, raw):
        prefix, part = f"{path.name}!{name}", name.strip().lower()
        if part.startswith("#"):
            continue
        if part in names:
            message = "must be one sheet, found another one of the same name"
            raw.issues.append(rules.COLLECTION_UNKNOWN.issue(part, message, place=prefix))
        elif part == "network":
            raw.header = _read_fields(grid, prefix, part, raw)
        elif part in HEADS:
            raw.heads[part] = _read_fields(grid, prefix, part, raw)
        elif part in KNOWN_PARTS:
            raw.tables[part] = _read_table(grid, prefix, part, raw)
        elif any(cell not in ("", None) for row in grid for cell in row):
            raw.issues.append(unknown_part(name, prefix))
        names.add(part)
    return raw


def _grids(data: bytes, raw: RawDocument) -> Iterator[tuple[str, list[list[Any]]]]:
    """Name and cells of each sheet; nothing with an issue when the file cannot be opened."""
    from python_calamine import CalamineWorkbook

    file = raw.path.name
    try:
        if reason := refusal(data):
            raw.issues.append(rules.FILE_SIZE.issue("", f"must be of reasonable size: {reason}", place=file))
            raw.is_whole = False
            return
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as fault:  # a damaged file may also panic inside the library
        found = short(str(fault) or type(fault).__name__)
        raw.issues.append(rules.WORKBOOK_UNREADABLE.issue("", "must be a workbook", found=found, place=file))
        raw.is_whole = False
        return
    yield from sheets


def column_letters(index: int) -> str:
    """Letters of the column at ``index`` from 0: A, B … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _read_table(grid: list[list[Any]], prefix: str, name: str, raw: RawDocument) -> RawTable:
    table = RawTable([], f"{prefix}!A1")
    columns: dict[str, int] | None = None
    letters: dict[str, str] = {}
    for number, cells in enumerate(grid, start=1):
        if _is_remark(cells):
            continue
        if columns is None:
            table.place = f"{prefix}!A{number}"
            columns = _columns(cells, f"{prefix}!", number, name, raw)
            letters = {field: column_letters(index) for field, index in columns.items()}
        else:
            values = {field: _cell(cells[index]) if index < len(cells) else "" for field, index in columns.items()}
            table.rows.append(RawRow(values, CellPlaces(prefix, number, letters), is_flat=True))
    return table


def _columns(cells: list[Any], prefix: str, number: int, name: str, raw: RawDocument) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, cell in enumerate(cells):
        field = str(_cell(cell)).strip()
        if not field:
            continue
        if field in columns:
            place = f"{prefix}{column_letters(index)}{number}"
            issue = rules.CSV_HEADER.issue(name, "must name every column once", found=short(field), place=place)
            raw.issues.append(issue)
        columns[field] = index
    return columns


def _read_fields(grid: list[list[Any]], prefix: str, name: str, raw: RawDocument) -> RawRow:
    """A sheet with one field a row, under a header with at least the columns field and value."""
    values: dict[str, Any] = {}
    places: dict[str, str] = {}
    header: list[str] | None = None
    for number, cells in enumerate(grid, start=1):
        if _is_remark(cells):
            continue
        words = [str(_cell(cell)).strip().lower() for cell in cells]
        if header is None:
            header = words
            if not {"field", "value"} <= set(words):
                message = "must have the columns field and value"
                raw.issues.append(rules.CSV_HEADER.issue(name, message, place=f"{prefix}!A{number}"))
                break
            continue
        at_field, at_value = header.index("field"), header.index("value")
        field = str(_cell(cells[at_field])).strip()
        place = f"{column_letters(at_value)}{number}"
        if field in values:
            issue = rules.YAML_DUPLICATE_KEY.issue(
                name, "must occur once", found=short(field), place=f"{prefix}!{column_letters(at_field)}{number}"
            )
            raw.issues.append(issue)
        elif field or _cell(cells[at_value]) != "":
            values[field], places[field] = _cell(cells[at_value]), place
    return RawRow(values, FieldPlaces(prefix, places), is_flat=True)


def _is_remark(cells: Sequence[Any]) -> bool:
    """Whether a row is empty or begins with ``#``."""
    if cells and isinstance(cells[0], str) and cells[0].lstrip().startswith("#"):
        return True
    return all(cell in ("", None) or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def _cell(cell: Any) -> Any:
    """A cell as the reader takes it: durations below a day are times of day, other kinds their text."""
    if cell is None:
        return ""
    if isinstance(cell, timedelta):
        is_time = timedelta(0) <= cell < timedelta(days=1)
        return (datetime(2000, 1, 1, tzinfo=UTC) + cell).time() if is_time else str(cell)
    return cell if isinstance(cell, str | bool | int | float | date | time) else str(cell)
