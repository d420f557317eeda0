"""Points with their intervals: what something makes against what it costs or takes, with a limit drawn in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from manyworks.render.figure import Columns, Figure, draw
from manyworks.render.table import DataTable
from manyworks.render.theme import AMBER, INK, MUTED, PAPER


def interval_points(
    *, points: Columns, colours: Mapping[str, str], x_title: str, y_title: str, title: str, description: str,
    limit: float | None = None, limit_text: str = "", is_joined: bool = False, table: DataTable | None = None,
    width: int = 560, height: int = 300,
) -> Figure:  # fmt: skip
    """Points ``x, y, low, high, kind, label``; an empty label is not written.

    ``limit`` is a level line with ``limit_text`` on it; ``is_joined`` draws a line through the points in order of x.
    """
    import altair as alt

    levels = [*points["low"], *points["high"], *([limit] if limit is not None else [])]
    x_scale, y_scale = _scale(points["x"], 0.08, 0.16), _scale(levels, 0.08, 0.14)
    x = alt.X("x:Q", scale=x_scale, title=x_title, axis=alt.Axis(format=",.4~r", tickCount=5))
    y = alt.Y("y:Q", scale=y_scale, title=y_title, axis=alt.Axis(format=",.4~r", tickCount=6))
    legend = alt.Legend(title=None) if len(colours) > 1 else None
    colour = alt.Color("kind:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=legend)
    base = alt.Chart(alt.NamedData("points")).encode(x=x, color=colour)
    whiskers = base.mark_rule(strokeWidth=1.5, opacity=0.7).encode(y=alt.Y("low:Q", scale=y_scale), y2="high:Q")
    dots = base.mark_point(filled=True, size=85, opacity=1, stroke=PAPER).encode(y=y)
    words = base.mark_text(align="left", dx=8, dy=-8, fontSize=11).encode(y=y, text="label:N", color=alt.value(INK))
    layers: list[Any] = [whiskers, dots, words]
    if is_joined:
        joined = alt.Chart(alt.NamedData("points")).mark_line(strokeWidth=1.5, opacity=0.6).encode(x=x, y=y)
        layers.insert(0, joined.encode(color=alt.value(next(iter(colours.values())))))
    data: dict[str, Columns] = {"points": points}
    if limit is not None:
        data["limit"] = {"y": [limit], "text": [limit_text]}
        rule = alt.Chart(alt.NamedData("limit")).encode(y=alt.Y("y:Q", scale=y_scale))
        layers = [
            rule.mark_rule(color=AMBER, strokeWidth=1.5, strokeDash=[6, 3]),
            rule.mark_text(align="right", dx=-4, dy=-7, color=MUTED).encode(x=alt.value(width), text="text:N"),
            *layers,
        ]
    chart = alt.layer(*layers).properties(width=width, height=height)
    return draw(chart, data, title=title, description=description, table=table)


def _scale(values: Any, before: float, after: float) -> Any:
    import altair as alt

    least, most = min(values), max(values)
    room = (most - least) or abs(most) or 1.0
    return alt.Scale(domain=[least - before * room, most + after * room], nice=False, zero=False)
