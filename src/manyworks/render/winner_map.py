"""Who wins where: solved points on two axes of factors, and where the winner changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from manyworks.render.figure import Columns, Figure, draw
from manyworks.render.table import DataTable
from manyworks.render.theme import INK, PAPER

SIDE_PX = 400


def winner_map(
    *, points: Columns, crossings: Columns, colours: Mapping[str, str], ticks: Sequence[float], x_title: str,
    y_title: str, title: str, description: str, table: DataTable | None = None,
) -> Figure:  # fmt: skip
    """A square for each point of the grid, a dot for each point tried on an edge, a diamond where the winner changes.

    ``points``: ``x, y, winner, size, text``; factors on logarithmic axes, ``text`` is written inside (`?` where it is
    too close to call). ``crossings``: ``x, y``.
    """
    import altair as alt

    low, high = min(ticks) / 1.18, max(ticks) * 1.18
    scale = alt.Scale(type="log", domain=[low, high], nice=False)

    def axis(title: str) -> Any:
        return alt.Axis(values=list(ticks), title=title, labelExpr="'× ' + format(datum.value, '~g')", grid=False)

    x, y = alt.X("x:Q", scale=scale, axis=axis(x_title)), alt.Y("y:Q", scale=scale, axis=axis(y_title))
    used = [name for name in colours if name in set(points["winner"])]
    colour = alt.Color(
        "winner:N", scale=alt.Scale(domain=used, range=[colours[name] for name in used]), legend=alt.Legend(title=None)
    )
    base = alt.Chart(alt.NamedData("points")).encode(x=x, y=y)
    squares = base.mark_point(shape="square", filled=True, opacity=1, stroke=PAPER).encode(
        color=colour, size=alt.Size("size:Q", scale=None)
    )
    texts = base.mark_text(fontSize=13, fontWeight="bold", color=PAPER).encode(text="text:N")
    changes = alt.Chart(alt.NamedData("crossings")).mark_point(
        shape="diamond", size=60, filled=True, color=INK, opacity=1
    ).encode(x=alt.X("x:Q", scale=scale), y=alt.Y("y:Q", scale=scale))  # fmt: skip
    chart = alt.layer(squares, texts, changes).properties(width=SIDE_PX, height=SIDE_PX)
    return draw(chart, {"points": points, "crossings": crossings}, title=title, description=description, table=table)
