"""A figure over a number that was varied: points with their intervals, one line for each series."""

from __future__ import annotations

from collections.abc import Sequence

from manyworks.render.figure import Columns, Figure, draw
from manyworks.render.theme import AMBER, BLUE, GREY, PURPLE, TEAL

COLOURS = (BLUE, AMBER, TEAL, PURPLE, GREY)


def response_figure(
    *, points: Columns, series: Sequence[str], x_title: str, y_title: str, title: str, description: str,
    is_number: bool = True, width: int = 620, height: int = 300,
) -> Figure:  # fmt: skip
    """``points``: ``x, y, low, high, series``. With ``is_number`` the points of a series are joined along x."""
    import altair as alt

    kind, named = ("Q", alt.Scale(zero=False, nice=True)) if is_number else ("N", alt.Undefined)
    x = alt.X(f"x:{kind}", title=x_title, scale=named, sort=None, axis=alt.Axis(labelAngle=0))
    low, high = min(points["low"]), max(points["high"])
    room = 0.06 * ((high - low) or abs(high) or 1.0)
    scale = alt.Scale(domain=[max(low - room, 0.0), high + room], nice=False)
    legend = alt.Legend(title=None, columns=3) if len(series) > 1 else None
    colour = alt.Color(
        "series:N", scale=alt.Scale(domain=list(series), range=[COLOURS[k % len(COLOURS)] for k in range(len(series))]),
        legend=legend,
    )  # fmt: skip
    base = alt.Chart(alt.NamedData("points")).encode(x=x, color=colour)
    y = alt.Y("y:Q", scale=scale, title=y_title, axis=alt.Axis(tickCount=6))
    bars = base.mark_rule(strokeWidth=1.6).encode(y=alt.Y("low:Q", scale=scale, title=y_title), y2="high:Q")
    marks = base.mark_point(filled=True, size=60, opacity=1).encode(y=y)
    layers = [bars, marks, *([base.mark_line(strokeWidth=1.6).encode(y=y)] if is_number else [])]
    chart = alt.layer(*layers).properties(width=width, height=height)
    return draw(chart, {"points": points}, title=title, description=description)
