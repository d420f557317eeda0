"""A distribution against what was observed: bars with curves over them, and quantiles against quantiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from manyworks.render.figure import Columns, Figure, draw
from manyworks.render.theme import AMBER, BLUE, GREY, INK, LIGHT_BLUE, MUTED


def distribution_figure(
    *, edges: Sequence[float], density: Sequence[float], curves: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    quantiles: tuple[Sequence[float], Sequence[float]], unit: str, law: str, title: str, description: str,
    width: int = 340, height: int = 240,
) -> Figure:  # fmt: skip
    """Two panels. Left: ``density`` of the observed between ``edges``, and ``curves`` as (x, y) by name.

    Right: ``quantiles`` of ``law`` (x) and observed (y) at the same shares, with the line on which they would
    lie if they were the same. Scales are logarithmic where the quantiles span more than a factor of 30.
    """
    import altair as alt

    observed: Columns = {"from": list(edges[:-1]), "to": list(edges[1:]), "density": list(density)}
    lines: Columns = {
        "x": [x for xs, _ in curves.values() for x in xs],
        "y": [y for _, ys in curves.values() for y in ys],
        "law": [name for name, (xs, _) in curves.items() for _ in xs],
    }
    fitted, seen = quantiles
    low, high = min(*fitted, *seen), max(*fitted, *seen)
    scale = alt.Scale(type="log" if low > 0 and high / low > 30 else "linear", domain=[low, high], nice=False)
    bars = alt.Chart(alt.NamedData("observed")).mark_rect(color=LIGHT_BLUE, opacity=0.75).encode(
        x=alt.X("from:Q", title=unit, scale=alt.Scale(domain=[edges[0], edges[-1]], nice=False)), x2="to:Q",
        y=alt.Y("density:Q", title="share per minute", axis=alt.Axis(tickCount=4)), y2=alt.datum(0),
    )  # fmt: skip
    names = list(curves)
    colour = alt.Scale(domain=names, range=[AMBER, GREY][: len(names)])
    curve = alt.Chart(alt.NamedData("lines")).mark_line(strokeWidth=2.2, clip=True).encode(
        x="x:Q", y="y:Q", color=alt.Color("law:N", scale=colour, legend=alt.Legend(title=None)),
        strokeDash=alt.StrokeDash("law:N", scale=alt.Scale(domain=names, range=[[1, 0], [5, 4]]), legend=None),
    )  # fmt: skip
    diagonal = alt.Chart(alt.NamedData("diagonal")).mark_line(color=MUTED, strokeWidth=1.2).encode(x="v:Q", y="v:Q")
    points = alt.Chart(alt.NamedData("points")).mark_point(filled=True, color=BLUE, size=22, opacity=0.8).encode(
        x=alt.X("fitted:Q", title=f"{law}, {unit}", scale=scale, axis=alt.Axis(tickCount=5)),
        y=alt.Y("seen:Q", title=f"observed, {unit}", scale=scale, axis=alt.Axis(tickCount=5)),
    )  # fmt: skip
    left = alt.layer(bars, curve).properties(width=width, height=height)
    right = alt.layer(diagonal, points).properties(width=height, height=height)
    data: dict[str, Columns] = {
        "observed": observed, "lines": lines, "diagonal": {"v": [low, high]},
        "points": {"fitted": list(fitted), "seen": list(seen)},
    }  # fmt: skip
    chart = alt.hconcat(left, right, spacing=36, title=alt.TitleParams(title, anchor="start", color=INK, fontSize=14))
    return draw(chart, data, title=title, description=description)
