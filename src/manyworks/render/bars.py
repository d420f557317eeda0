"""Bars: one number for each name, with the number written beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from manyworks.render.figure import Chart, Columns, Figure, draw
from manyworks.render.table import DataTable
from manyworks.render.theme import BLUE, INK, MUTED

ROW_PX = 30


def bar_chart(
    *, names: Sequence[str], values: Sequence[float], texts: Sequence[str], title: str, description: str,
    colours: Sequence[str] | None = None, table: DataTable | None = None, width: int = 560,
) -> Figure:  # fmt: skip
    """Horizontal bars in the given order; ``texts`` are the numbers as written. Negative values run to the left."""
    import altair as alt

    rows: Columns = {
        "name": list(names), "value": list(values), "text": list(texts), "colour": list(colours or [BLUE] * len(names))
    }  # fmt: skip
    base = alt.Chart(alt.NamedData("bars")).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=420, labelColor=INK, labelPadding=10))
    )
    low, high = min(0.0, *values), max(0.0, *values)
    room = 0.17 * ((high - low) or 1.0)
    scale = alt.Scale(domain=[low - (room if low < 0 else 0), high + room], nice=False)
    bars = base.mark_bar(height=ROW_PX * 0.62).encode(
        x=alt.X("value:Q", scale=scale, axis=None), color=alt.Color("colour:N", scale=None)
    )
    layers = [bars, *_texts(base, scale)]
    if low < 0:
        layers.append(alt.Chart(alt.NamedData("zero")).mark_rule(color=MUTED).encode(x=alt.X("value:Q", scale=scale)))
    chart = alt.layer(*layers).properties(width=width, height=ROW_PX * len(names))
    return draw(chart, {"bars": rows, "zero": {"value": [0.0]}}, title=title, description=description, table=table)


def column_chart(
    *, names: Sequence[str], values: Sequence[float], texts: Sequence[str], title: str, description: str,
    colours: Sequence[str] | None = None, table: DataTable | None = None, width: int = 420, height: int = 180,
    axis_title: str = "",
) -> Figure:  # fmt: skip
    """Upright bars with the number above: a distribution over ordered classes."""
    import altair as alt

    rows: Columns = {
        "name": list(names), "value": list(values), "text": list(texts), "colour": list(colours or [BLUE] * len(names))
    }  # fmt: skip
    base = alt.Chart(alt.NamedData("columns")).encode(
        x=alt.X("name:N", sort=None, title=axis_title or None, axis=alt.Axis(labelAngle=0, labelColor=INK))
    )
    top = alt.Scale(domain=[0, 1.15 * max([*values, 1e-9])], nice=False)
    bars = base.mark_bar().encode(y=alt.Y("value:Q", scale=top, axis=None), color=alt.Color("colour:N", scale=None))
    text = base.mark_text(dy=-8, color=INK).encode(y=alt.Y("value:Q", scale=top, axis=None), text="text:N")
    chart = alt.layer(bars, text).properties(width=width, height=height)
    return draw(chart, {"columns": rows}, title=title, description=description, table=table)


def _texts(base: Chart, scale: Any) -> list[Chart]:
    """Numbers at the end of their bars: right of positive ones, left of negative ones."""
    import altair as alt

    x = alt.X("value:Q", scale=scale, axis=None)
    return [
        base.transform_filter(f"datum.value {sign} 0")
        .mark_text(align=align, dx=dx, color=INK)
        .encode(x=x, text="text:N")
        for sign, align, dx in ((">=", "left", 6), ("<", "right", -6))
    ]
