"""Workbooks that people fill in: notes on every column, lists of the words and ids that fit, the first row in sight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from manyworks.errors import DocumentError
from manyworks.model.document import rules
from manyworks.model.document.cells import short, write_cell
from manyworks.model.document.fields import HEADS, FieldKind, field_kinds, header_kinds
from manyworks.model.document.store import write_atomically
from manyworks.model.document.units import unit_of
from manyworks.model.document.writer import flat_cell, written_columns
from manyworks.model.network import Network, collections
from manyworks.model.record import Record

HEAD_COLUMNS = ("field", "value", "unit", "default", "description")


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
