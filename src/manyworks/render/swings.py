"""A tornado: how far each uncertain number moves a value, with two bars for two ways of answering it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from manyworks.render.figure import Columns, Figure, draw
from manyworks.render.table import DataTable
from manyworks.render.theme import AMBER, INK, MUTED, WIDTH_PX

ROW_PX = 34


def swing_chart(
    *, rows: Sequence[str], bars: Columns, colours: Mapping[str, str], base: float, marks: Columns, title: str,
    description: str, unit: str, table: DataTable | None = None, width: int = WIDTH_PX - 330,
) -> Figure:  # fmt: skip
    """Bars from a low to a high value around ``base``, two for each row, one below the other.

    Parameters
    ----------
    rows
        Names from top to bottom.
    bars
        ``row, kind, from, until, low_text, high_text``: ends in any order; the texts say what stands at each end.
    colours
        Kind of bar to its colour, in the order in which they lie.
    marks
        ``row, at, text``: ends that need a word, such as another answer.
    """
    import altair as alt

    both = [*bars["from"], *bars["until"], base]
    room = 0.22 * ((max(both) - min(both)) or 1.0)
    scale = alt.Scale(domain=[min(both) - room, max(both) + room], nice=False)
    y = alt.Y("row:N", sort=list(rows), title=None, scale=alt.Scale(domain=list(rows), paddingInner=0.25),
              axis=alt.Axis(labelLimit=260, labelColor=INK))  # fmt: skip
    offset = alt.YOffset("kind:N", sort=list(colours))
    x_axis = alt.X("from:Q", scale=scale, title=unit, axis=alt.Axis(grid=True, tickCount=5))
    colour = alt.Color(
        "kind:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=alt.Legend(title=None)
    )
    least, most = _reach(bars)
    ends = {
        "row": [*bars["row"], *bars["row"]],
        "kind": [*bars["kind"], *bars["kind"]],
        "at": [*(least[row] for row in bars["row"]), *(most[row] for row in bars["row"])],
        "text": [*_at_end(bars, min), *_at_end(bars, max)],
        "side": ["low"] * len(bars["row"]) + ["high"] * len(bars["row"]),
    }  # fmt: skip
    last = list(colours)[-1]
    sides: tuple[tuple[str, Any, int], ...] = (("low", "right", -6), ("high", "left", 6))
    chart = alt.layer(
        alt.Chart(alt.NamedData("bars")).mark_bar().encode(x=x_axis, x2="until:Q", y=y, yOffset=offset, color=colour),
        *[
            alt.Chart(alt.NamedData("ends"))
            .transform_filter(f"datum.side == '{side}' && datum.kind == '{last}'")
            .mark_text(align=align, dx=dx, fontSize=11, color=MUTED)
            .encode(x=alt.X("at:Q", scale=scale), y=y, text="text:N")
            for side, align, dx in sides
        ],
        alt.Chart(alt.NamedData("marks")).mark_point(shape="diamond", size=110, filled=True, color=AMBER, opacity=1)
        .encode(x=alt.X("at:Q", scale=scale), y=y),
        alt.Chart(alt.NamedData("base")).mark_rule(color=INK).encode(x=alt.X("value:Q", scale=scale)),
    ).properties(width=width, height=ROW_PX * len(rows))  # fmt: skip
    data = {"bars": bars, "ends": ends, "marks": marks, "base": {"value": [base]}}
    return draw(chart, data, title=title, description=description, table=table)


def _reach(bars: Columns) -> tuple[dict[str, float], dict[str, float]]:
    """Lowest and highest value of each row over all its bars, so that texts stand clear of them."""
    least: dict[str, float] = {}
    most: dict[str, float] = {}
    for row, one, two in zip(bars["row"], bars["from"], bars["until"], strict=True):
        least[row] = min(one, two, least.get(row, one))
        most[row] = max(one, two, most.get(row, one))
    return least, most


def _at_end(bars: Columns, side: object) -> list[str]:
    """Text of the lower or the upper end in value, which is not always that of the low end of the range."""
    low = [one <= two for one, two in zip(bars["from"], bars["until"], strict=True)]
    pairs = zip(low, bars["low_text"], bars["high_text"], strict=True)
    return [(a if is_low else b) if side is min else (b if is_low else a) for is_low, a, b in pairs]
