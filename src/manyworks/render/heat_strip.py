"""A grid of shares: dark where a thing is full."""

from __future__ import annotations

from collections.abc import Sequence

from manyworks.render.figure import Columns, Figure, draw
from manyworks.render.table import DataTable
from manyworks.render.theme import INK, PAPER, STEPS, WIDTH_PX

ROW_PX = 21


def heat_strip(
    *, rows: Sequence[str], periods: Sequence[str], shares: Sequence[Sequence[float | None]], title: str,
    description: str, table: DataTable | None = None, width: int = WIDTH_PX - 210,
) -> Figure:  # fmt: skip
    """Cells of ``shares`` (rows, periods) from 0 to 1 with the percentage written inside; None stays empty."""
    import altair as alt

    cells = [
        (row, period, value) for row, line in zip(rows, shares, strict=True)
        for period, value in zip(periods, line, strict=True) if value is not None
    ]  # fmt: skip
    data: Columns = {
        "row": [row for row, _, _ in cells], "period": [period for _, period, _ in cells],
        "share": [value for _, _, value in cells], "text": [f"{100 * value:.0f}" for _, _, value in cells],
    }  # fmt: skip
    x = alt.X("period:N", sort=list(periods), title=None, scale=alt.Scale(domain=list(periods)),
              axis=alt.Axis(orient="top", labelAngle=-45, labelFontSize=11))  # fmt: skip
    y = alt.Y(
        "row:N",
        sort=list(rows),
        title=None,
        scale=alt.Scale(domain=list(rows)),
        axis=alt.Axis(labelLimit=190, labelColor=INK),
    )
    base = alt.Chart(alt.NamedData("cells")).encode(x=x, y=y)
    colour = alt.Color("share:Q", scale=alt.Scale(domain=[0, 1], range=[STEPS[0], STEPS[-1]], clamp=True), legend=None)
    grid = base.mark_rect(stroke=PAPER, strokeWidth=1.5).encode(color=colour)
    dark = alt.condition("datum.share > 0.45", alt.value(PAPER), alt.value(INK))
    texts = base.mark_text(fontSize=11).encode(text="text:N", color=dark)
    chart = alt.layer(grid, texts).properties(width=width, height=ROW_PX * len(rows))
    return draw(chart, {"cells": data}, title=title, description=description, table=table)
