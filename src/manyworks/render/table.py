"""A table for people: columns with a heading, a unit and a way to write their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from manyworks.render.numbers import number, percent

Kind = Literal["text", "number", "share", "money"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. ``unit`` stands under the heading; ``decimals`` after the point on the page.

    Numbers are shown divided by ``divisor`` (a page shows millions where the workbook keeps every cent). ``is_tight``
    keeps short words, such as dates and kinds, on one line.
    """

    title: str
    kind: Kind = "text"
    unit: str = ""
    decimals: int = 0
    divisor: float = 1.0
    is_tight: bool = False

    def show(self, value: Any) -> str:
        """``value`` as the page writes it; an absent value is a dash."""
        if value is None or value == "":
            return "–"
        if isinstance(value, date):
            return value.isoformat()
        if self.kind == "text" or isinstance(value, str):
            return str(value)
        if self.kind == "share":
            return percent(value, self.decimals)
        return number(value / self.divisor, self.decimals)


@dataclass(frozen=True, kw_only=True)
class DataTable:
    """Columns and rows; ``total_rows`` counts the last rows that are sums and are set apart."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    caption: str = ""
    total_rows: int = 0

    @property
    def shown(self) -> list[list[str]]:
        """The cells as text, row by row."""
        return [[column.show(cell) for column, cell in zip(self.columns, row, strict=True)] for row in self.rows]

    def is_total(self, position: int) -> bool:
        """Whether the row at ``position`` is one of the sums at the end."""
        return position >= len(self.rows) - self.total_rows


def text(title: str, *, is_tight: bool = False) -> Column:
    """A column of words."""
    return Column(title=title, is_tight=is_tight)


def count(title: str, unit: str = "", decimals: int = 0) -> Column:
    """A column of numbers."""
    return Column(title=title, kind="number", unit=unit, decimals=decimals)


def share(title: str, decimals: int = 1) -> Column:
    """A column of shares, shown in percent."""
    return Column(title=title, kind="share", decimals=decimals)


def amount(title: str, unit: str, divisor: float = 1.0, decimals: int = 2) -> Column:
    """A column of money; ``unit`` names what is left after dividing by ``divisor``, for instance `M USD`."""
    return Column(title=title, kind="money", unit=unit, divisor=divisor, decimals=decimals)
