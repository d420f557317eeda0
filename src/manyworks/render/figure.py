"""A picture that also says in words and in a table what it shows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from manyworks.render.table import DataTable
from manyworks.render.theme import chart_config

Columns = Mapping[str, Sequence[Any]]
Chart = Any
"""An Altair chart; the library is imported only where a picture is drawn, and types its own methods loosely."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """Static SVG with its title, the sentence that a listener hears instead, and the same content as a table."""

    svg: str
    title: str
    description: str
    table: DataTable | None = None

    def as_file(self) -> str:
        """The picture as a file of its own, on white."""
        root = re.search(r'viewBox="[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)"', self.svg)
        if root is None:
            raise ValueError("the picture has no size")
        size = f'width="{root[1]}" height="{root[2]}" style="background:#ffffff"'
        return re.sub(r'width="100%" style="[^"]*"', size, self.svg, count=1) + "\n"

    def named(self, key: str) -> Figure:
        """The same figure with every id inside made unique to ``key``, so that several fit one page."""
        svg = re.sub(r'\bid="([^"]+)"', rf'id="{key}-\1"', self.svg)
        svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{key}-\1)", svg)
        svg = re.sub(r'aria-labelledby="([^"]+)"', f'aria-labelledby="{key}-title {key}-description"', svg)
        return replace(self, svg=re.sub(r'href="#([^"]+)"', rf'href="#{key}-\1"', svg))


def draw(
    chart: Chart, data: Mapping[str, Columns], *,
    title: str, description: str, table: DataTable | None = None,
) -> Figure:  # fmt: skip
    """Render ``chart`` to a figure whose size follows the page.

    The chart names its data (``altair.NamedData``) and ``data`` holds them, because a chart that carries thousands of
    values is copied and validated value by value: 2 s instead of 0.5 s for a map.
    """
    import vl_convert

    specification: dict[str, Any] = chart.to_dict(validate=False)
    specification["datasets"] = {name: _rows(columns) for name, columns in data.items()}
    specification["config"] = chart_config()
    specification.setdefault("autosize", {"type": "pad", "contains": "padding"})
    svg = _plain(vl_convert.vegalite_to_svg(specification))
    return Figure(svg=_fluid(svg, title, description), title=title, description=description, table=table)


def _rows(columns: Columns) -> list[dict[str, Any]]:
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*(columns[name] for name in names), strict=True)]


def _plain(svg: str) -> str:
    """``svg`` without roles for each mark, its ids numbered from 1; the renderer counts on through all its pictures."""
    svg = re.sub(r' (?:role|aria-roledescription|aria-hidden|pointer-events)="[^"]*"', "", svg)
    numbers: dict[str, int] = {}
    for name in re.findall(r'\bid="([^"]+)"', svg):
        numbers.setdefault(name, len(numbers) + 1)
    svg = re.sub(r'\bid="([^"]+)"', lambda found: f'id="clip{numbers[found[1]]}"', svg)
    return re.sub(r"url\(#([^)]+)\)", lambda found: f"url(#clip{numbers[found[1]]})", svg)


def _fluid(svg: str, title: str, description: str) -> str:
    """Root of ``svg`` with a text alternative, and a width that may shrink with the page but not grow."""
    width = re.search(r'\bwidth="([\d.]+)"', svg)
    box = re.search(r'viewBox="([^"]+)"', svg)
    if width is None or box is None:
        raise ValueError("the renderer gave a picture without a size")
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{box[1]}" '
        f'width="100%" style="max-width:{width[1]}px;height:auto" role="img" aria-labelledby="title description">'
        f'<title id="title">{escape(title)}</title><desc id="description">{escape(description)}</desc>'
    )
    return re.sub(r"^<svg[^>]*>", lambda _: root, svg, count=1)
