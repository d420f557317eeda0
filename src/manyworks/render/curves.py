"""Curves over time: a few named lines, a band around one of them, and marks where something begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from manyworks.render.figure import Columns, Figure, draw
from manyworks.render.table import DataTable
from manyworks.render.theme import AMBER, BLUE, INK, LIGHT_BLUE, MUTED, PURPLE, RED, TEAL

COLOURS = (BLUE, AMBER, TEAL, PURPLE, RED, MUTED)


def curves(
    *, x: Sequence[float], series: Mapping[str, Sequence[float]], x_title: str, y_title: str, title: str,
    description: str, band: tuple[Sequence[float], Sequence[float]] | None = None,
    marks: Mapping[str, float] | None = None, level: tuple[str, float] | None = None, is_from_zero: bool = True,
    table: DataTable | None = None, width: int = 780, height: int = 220,
) -> Figure:  # fmt: skip
    """Lines over ``x``; ``band`` low and high ends around them, ``marks`` upright lines, ``level`` a flat one."""
    import altair as alt

    names = list(series)
    rows: Columns = {
        "x": [value for _ in names for value in x],
        "y": [value for name in names for value in series[name]],
        "series": [name for name in names for _ in x],
    }
    data: dict[str, Columns] = {"lines": rows}
    scale = alt.Scale(zero=is_from_zero, nice=True)
    x_axis = alt.X("x:Q", title=x_title, axis=alt.Axis(grid=False, tickMinStep=1), scale=alt.Scale(nice=False))
    y_axis = alt.Y("y:Q", title=y_title, scale=scale)
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=names, range=[COLOURS[k % len(COLOURS)] for k in range(len(names))]),
        legend=alt.Legend(title=None) if len(names) > 1 else None,
    )
    layers = []
    if band is not None:
        data["band"] = {"x": list(x), "low": list(band[0]), "high": list(band[1])}
        layers.append(
            alt.Chart(alt.NamedData("band"))
            .mark_area(color=LIGHT_BLUE, opacity=0.55)
            .encode(x=x_axis, y=alt.Y("low:Q", title=y_title, scale=scale), y2="high:Q")
        )
    layers.append(alt.Chart(alt.NamedData("lines")).mark_line(strokeWidth=1.8).encode(x=x_axis, y=y_axis, color=colour))
    if level is not None:
        data["level"] = {"at": [level[1]], "name": [level[0]], "x": [max(x)]}
        flat = alt.Chart(alt.NamedData("level"))
        layers.append(flat.mark_rule(color=INK, strokeDash=[5, 4]).encode(y="at:Q"))
        layers.append(flat.mark_text(align="right", dy=-7, dx=-4, color=INK).encode(x="x:Q", y="at:Q", text="name:N"))
    if marks:
        data["marks"] = {"at": list(marks.values()), "name": list(marks)}
        base = alt.Chart(alt.NamedData("marks"))
        layers.append(base.mark_rule(color=MUTED).encode(x="at:Q"))
        layers.append(
            base.mark_text(align="left", dx=4, baseline="top", color=MUTED).encode(
                x="at:Q", y=alt.value(2), text="name:N"
            )
        )
    chart = alt.layer(*layers).properties(width=width, height=height)
    return draw(chart, data, title=title, description=description, table=table)
