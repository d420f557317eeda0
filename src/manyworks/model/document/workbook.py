"""The workbook form of a document: one sheet per collection, and the sheets network, finance and policy.

The first row of a collection's sheet names the fields, a note on each says what it means; rows whose first cell begins
with ``#``, and sheets whose name does, are remarks. In the three other sheets every row is one field. Texts are always
written as texts, never as formulas.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from manyworks.errors import DocumentError
from manyworks.model.document import rules
from manyworks.model.document.cells import short, write_cell
from manyworks.model.document.fields import HEADS, FieldKind, field_kinds, header_kinds
from manyworks.model.document.raw import LinePlaces, RawDocument, RawRow, RawTable
from manyworks.model.document.reader import unknown_part
from manyworks.model.document.store import write_atomically
from manyworks.model.document.text_file import read_bytes
from manyworks.model.document.units import unit_of
from manyworks.model.document.upgrades import KNOWN_PARTS
from manyworks.model.document.writer import flat_cell, written_columns
from manyworks.model.network import Network, collections
from manyworks.model.record import Record

MAX_CELLS = 10_000_000
MAX_UNPACKED = 1024 * 1024 * 1024
HEAD_COLUMNS = ("field", "value", "unit", "default", "description")


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
        if reason := _refusal(data):
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


_TAG = re.compile(rb"""<(?:\w+:)?(?:c|row)\b((?:"[^"]*"|'[^']*'|[^>"'])*)>""")
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([^"']*)["']""")
_COUNT = re.compile(rb"""\w*[cC]ount\s*=\s*["']\s*([^"'\s]{1,20})""")
_SANE = re.compile(rb"([A-Z]{0,3})([1-9]\d{0,6})")


def _refusal(data: bytes) -> str:
    """Why the file must not be unpacked: what it would take in memory is decided by its cells, not by its bytes."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names or {"content.xml", "xl/workbook.bin"} & names:
            raise zipfile.BadZipFile("it is no .xlsx workbook")
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            return f"it unpacks to more than {MAX_UNPACKED // 2**20} MiB"
        for name in names:
            content = archive.read(name)
            if any(not number.isdigit() or int(number) > MAX_CELLS for number in _COUNT.findall(content)):
                raise zipfile.BadZipFile(f"{short(name)} counts more entries than any document has")
            if b"sheetData" in content and (reason := _far_cell(content)):
                return reason
    return ""


def _far_cell(sheet: bytes) -> str:
    """What is wrong with the extent of a sheet, judged by the references of its rows and cells."""
    rows = columns = 1
    for tag in _TAG.finditer(sheet):
        for reference in _REFERENCE.findall(tag[1]):
            sane = _SANE.fullmatch(reference)
            if sane is None:
                raise zipfile.BadZipFile(f"a cell is called {short(reference.decode(errors='replace'))}")
            rows, columns = max(rows, int(sane[2])), max(columns, _column_number(sane[1]))
    if rows * columns > MAX_CELLS:
        return f"a cell in row {rows:,} or column {columns:,}; delete stray cells far from the table"
    return ""


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


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


def workbook_bytes(network: Network) -> bytes:
    """The ``.xlsx`` form of ``network``; the same network gives the same bytes."""
    return _Writer(network, is_template=False).bytes()


def write_workbook_template(path: Path | str, network: Network) -> None:
    """Write a workbook for people to fill in, with the rows of ``network`` as examples.

    Beside what ``save_network`` writes it has a sheet ``#guide`` that says what each sheet is for, and under each
    header a remark row with unit and meaning of every column. It reads back as ``network``.
    """
    write_atomically(Path(path), _Writer(network, is_template=True).bytes())


class _Exact(float):
    """A number that xlsxwriter writes with all the digits it needs, not with 16."""

    def __format__(self, _spec: str) -> str:
        return repr(float(self))


class _Writer:
    """Fills one workbook, sheet by sheet."""

    def __init__(self, network: Network, *, is_template: bool) -> None:
        import xlsxwriter

        self.network, self.is_template = network, is_template
        self.buffer = BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False}
        self.book = xlsxwriter.Workbook(self.buffer, {**options, "strings_to_urls": False})
        self.book.set_properties({"title": network.name, "created": datetime(2000, 1, 1)})  # noqa: DTZ001
        self.header = self.book.add_format({"bold": True, "bg_color": "#D9E1E8", "border": 1})
        self.optional = self.book.add_format({"bg_color": "#EEF1F4", "border": 1})
        self.remark = self.book.add_format(
            {"italic": True, "font_color": "#555555", "text_wrap": True, "valign": "top"}
        )
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self.first_row = 2 if is_template else 1
        self.rows_of = {name: getattr(network, name) for name in collections() if getattr(network, name)}
        self.currency = network.finance.currency

    def bytes(self) -> bytes:
        """The finished file."""
        if self.is_template:
            self._guide()
        self._fields("network", self.network, header_kinds())
        for name, record in HEADS.items():
            self._fields(name, getattr(self.network, name), field_kinds(record))
        for name, rows in self.rows_of.items():
            self._table(name, rows)
        self.book.close()
        return self.buffer.getvalue()

    def _guide(self) -> None:
        sheet = self.book.add_worksheet("#guide")
        lines = [
            ("Fill in the sheets from left to right; replace the example rows by your own.", ""),
            ("An empty cell means the default. Several entries in one cell are separated by semicolons.", ""),
            ("Rows and sheets that begin with # are remarks. Numbers are plain: no units, no % signs.", ""),
            ("", ""),
            *((name, (collections()[name].__doc__ or "").partition("\n")[0]) for name in self.rows_of),
        ]
        for row, (left, right) in enumerate(lines):
            sheet.write_string(row, 0, left, self.header if right else None)
            sheet.write_string(row, 1, right)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 100)

    def _fields(self, name: str, record: Record, kinds: dict[str, FieldKind]) -> None:
        sheet = self.book.add_worksheet(name)
        for column, word in enumerate(HEAD_COLUMNS):
            sheet.write_string(0, column, word, self.header)
        for row, kind in enumerate(kinds.values(), start=1):
            value = getattr(record, kind.name)
            sheet.write_string(row, 0, kind.name, self.header if kind.is_required else self.optional)
            if kind.is_required or value != kind.default or kind.name == "version":
                self._cell(sheet, row, 1, kind, value, name)
            sheet.write_string(row, 2, unit_of(kind.name, self.currency) if kind.base in (int, float) else "")
            sheet.write_string(row, 3, "" if kind.is_required or kind.default is None else _shown(kind))
            sheet.write_string(row, 4, kind.description)
            self._choices(sheet, kind, row, row, 1)
        for column, width in enumerate((30, 24, 14, 16, 90)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 1)

    def _table(self, name: str, rows: Sequence[Record]) -> None:
        sheet = self.book.add_worksheet(name)
        kinds = written_columns(type(rows[0]), rows)
        for column, kind in enumerate(kinds):
            sheet.write_string(0, column, kind.name, self.header if kind.is_required else self.optional)
            sheet.write_comment(0, column, self._note(kind), {"x_scale": 2.5, "y_scale": 1.2})
            if self.is_template:
                sheet.write_string(1, column, f"{'# ' if column == 0 else ''}{self._note(kind)}", self.remark)
            for row, record in enumerate(rows, start=self.first_row):
                value = getattr(record, kind.name)
                if kind.is_required or value != kind.default:
                    self._cell(sheet, row, column, kind, value, f"{name}[{row - self.first_row}]")
            self._choices(sheet, kind, self.first_row, max(len(rows) + 100, 500), column)
            longest = max((len(flat_cell(kind, getattr(record, kind.name))) for record in rows[:200]), default=0)
            least = 18 if self.is_template else 6
            sheet.set_column(column, column, min(max(longest, len(kind.name), least) + 2, 44))
        sheet.freeze_panes(self.first_row, 1)
        sheet.autofilter(self.first_row - 1, 0, len(rows) + self.first_row - 1, len(kinds) - 1)

    def _note(self, kind: FieldKind) -> str:
        unit = unit_of(kind.name, self.currency) if kind.base in (int, float) else ""
        need = "Required." if kind.is_required else ""
        default = "" if kind.is_required or kind.default in (None, "", [], {}) else f"Default: {_shown(kind)}."
        words = f"One of {', '.join(word or 'empty' for word in kind.choices)}." if kind.choices else ""
        target = f"Id from {' or '.join(kind.refs)}." if kind.refs else ""
        parts = (f"[{unit}]" if unit else "", kind.description, words, target, default, need)
        return " ".join(part for part in parts if part) or f"{kind.words[:1].upper()}{kind.words[1:]}."

    def _choices(self, sheet: Any, kind: FieldKind, first: int, last: int, column: int) -> None:
        """Offer the words, or the ids, that the field takes."""
        words = ["true", "false"] if kind.base is bool else [word for word in kind.choices if word]
        if kind.container != "one":
            return
        if words and len(",".join(words)) <= 255:
            sheet.data_validation(first, column, last, column, {"validate": "list", "source": words})
            return
        target = next((name for name in kind.refs if name in self.rows_of), None)
        if target and next(iter(field_kinds(collections()[target]))) == "id":
            end = self.first_row + max(len(self.rows_of[target]) + 100, 500)
            source = f"={target}!$A${self.first_row + 1}:$A${end}"
            options = {"validate": "list", "source": source, "error_type": "warning"}
            sheet.data_validation(first, column, last, column, options)

    def _cell(self, sheet: Any, row: int, column: int, kind: FieldKind, value: Any, path: str) -> None:
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, float) or (isinstance(value, int) and abs(value) <= 2**53):
            sheet.write_number(row, column, _Exact(value))
        elif type(value) is date and value >= date(1900, 3, 1):
            sheet.write_datetime(row, column, value, self.day)
        elif sheet.write_string(row, column, write_cell(kind, value)) != 0:
            message = "must be shorter than 32,767 characters to fit into a cell"
            raise DocumentError([rules.VALUE_TEXT.issue(f"{path}.{kind.name}", message, found=short(value))])


def _shown(kind: FieldKind) -> str:
    return write_cell(kind, kind.default)
