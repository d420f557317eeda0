"""Tables as an Excel workbook: a sheet for each, with units, widths, a frozen heading and a filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from manyworks.render.table import Column, DataTable
from manyworks.render.theme import BLUE, LIGHT_BLUE, MUTED, PANEL

FORMATS = {"number": "#,##0", "share": "0.0%", "money": "#,##0.00"}
WIDEST = 70
FEWEST_DECIMALS = 2
"""Money shows its cents; what costs less by the unit shows more."""
NO_DATE = datetime(2000, 1, 1)  # noqa: DTZ001 - the format knows no time zones


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table on one sheet; ``name`` is at most 31 letters without ``[]:*?/\\``."""

    name: str
    title: str
    table: DataTable
    note: str = ""


def render_workbook(sheets: Sequence[Sheet], *, title: str) -> bytes:
    """The workbook as bytes; the same sheets give the same bytes, so it carries no date of its own.

    Text is never read as a formula or a link.
    """
    import xlsxwriter

    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": title, "created": NO_DATE})
        book.set_calc_mode("auto")
        looks = _Looks(book)
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.name), sheet, looks)
    return buffer.getvalue()


class _Looks:
    """Cell formats, made once for each combination."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[str, bool], Any] = {}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.note = book.add_format({"font_color": MUTED, "italic": True})
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": LIGHT_BLUE, "bottom": 1}
        )
        self.unit = book.add_format({"font_color": MUTED, "bg_color": PANEL, "bottom": 1, "bottom_color": BLUE})

    def cell(self, number_format: str, is_total: bool) -> Any:
        """Format of a cell; sums are bold under a line."""
        key = (number_format, is_total)
        if key not in self.made:
            look: dict[str, Any] = {"num_format": number_format} if number_format else {"text_wrap": False}
            self.made[key] = self.book.add_format(look | ({"bold": True, "top": 1} if is_total else {}))
        return self.made[key]


def _write_sheet(page: Any, sheet: Sheet, looks: _Looks) -> None:
    """Title, note, headings, units, rows."""
    table = sheet.table
    page.write_string(0, 0, sheet.title, looks.title)
    page.write_string(1, 0, sheet.note, looks.note)
    for index, column in enumerate(table.columns):
        page.write_string(3, index, column.title, looks.head)
        page.write_string(4, index, _unit(column), looks.unit)
        page.set_column(index, index, _width(column, [row[index] for row in table.rows]))
    for position, row in enumerate(table.rows):
        for index, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            _write_cell(page, 5 + position, index, column, value, looks, table.is_total(position))
    page.freeze_panes(5, 1)
    if table.rows:
        page.autofilter(4, 0, 4 + len(table.rows) - table.total_rows, len(table.columns) - 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(3, 4)


def _write_cell(page: Any, row: int, index: int, column: Column, value: Any, looks: _Looks, is_total: bool) -> None:
    if value is None or value == "":
        page.write_blank(row, index, None, looks.cell("", is_total))
    elif isinstance(value, datetime | date):
        page.write_string(row, index, value.isoformat(), looks.cell("", is_total))
    elif column.kind == "text" or isinstance(value, str):
        page.write_string(row, index, str(value), looks.cell("", is_total))
    else:
        page.write_number(row, index, float(value), looks.cell(_number_format(column), is_total))


def _number_format(column: Column) -> str:
    if column.kind == "number" and column.decimals:
        return "#,##0." + "0" * column.decimals
    if column.kind == "share" and column.decimals:
        return f"0.{'0' * column.decimals}%"
    if column.kind == "money" and column.divisor == 1 and column.decimals > FEWEST_DECIMALS:
        return "#,##0." + "0" * column.decimals
    return FORMATS[column.kind]


def _unit(column: Column) -> str:
    """Unit of the stored value: the workbook keeps whole amounts where the page shows millions."""
    words = column.unit.split()
    return words[-1] if column.divisor != 1 and words else column.unit


def _width(column: Column, values: Sequence[Any]) -> float:
    longest = max((len(_shown(column, value)) for value in values), default=0)
    return float(min(WIDEST, max(10, len(column.title) * 0.7, longest + 2)))


def _shown(column: Column, value: Any) -> str:
    if column.kind == "money" and isinstance(value, int | float):
        return f"{value:,.2f}"
    return column.show(value)
