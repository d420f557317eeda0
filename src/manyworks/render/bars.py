"""Bars: one number for each name, with the number written beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    *, names: Sequence[str], series: Mapping[str, Sequence[float]], colours: Sequence[str],
    write: Callable[[float], str], title: str, description: str, table: DataTable | None = None,
    width: int = 420, height: int = 180,
) -> Figure:  # fmt: skip
    """Upright bars with the number above: distributions over ordered classes, side by side for each class.

    ``series`` are named rows of values, one for each of ``names``; ``colours`` one for each series.
    """
    import altair as alt

    cells = [(name, key, value) for key, row in series.items() for name, value in zip(names, row, strict=True)]
    rows: Columns = {
        "name": [name for name, _, _ in cells], "series": [key for _, key, _ in cells],
        "value": [value for _, _, value in cells], "text": [write(value) for _, _, value in cells],
    }  # fmt: skip
    axis = alt.Axis(labelAngle=0, labelColor=INK)
    x = alt.X("name:N", scale=alt.Scale(domain=list(names), paddingInner=0.25), title=None, axis=axis)
    base = alt.Chart(alt.NamedData("columns")).encode(x=x, xOffset=alt.XOffset("series:N", sort=list(series)))
    top = alt.Scale(domain=[0, 1.15 * max([*rows["value"], 1e-9])], nice=False)
    scale = alt.Scale(domain=list(series), range=list(colours))
    legend = alt.Legend(title=None) if len(series) > 1 else None
    bars = base.mark_bar().encode(
        y=alt.Y("value:Q", scale=top, axis=None), color=alt.Color("series:N", scale=scale, legend=legend)
    )
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
