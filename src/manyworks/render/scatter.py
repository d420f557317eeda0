"""Plans as points: one panel for each pair of goals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from manyworks.render.figure import Columns, Figure, draw
from manyworks.render.table import DataTable
from manyworks.render.theme import INK, PAPER


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Axis titles, and ``x, y, kind, label`` of each point; an empty label is not written. ``format`` of the x axis."""

    x_title: str
    y_title: str
    points: Columns
    x_format: str = ",.4~r"
    y_format: str = ",.4~r"


def scatter_panels(
    *, panels: Sequence[Panel], colours: Mapping[str, str], hollow: Sequence[str], title: str, description: str,
    table: DataTable | None = None, side: int = 250,
) -> Figure:  # fmt: skip
    """Panels side by side; kinds named in ``hollow`` are drawn as rings."""
    import altair as alt

    data = {f"panel{k}": panel.points for k, panel in enumerate(panels)}
    charts = [_panel(f"panel{k}", panel, colours, hollow, side) for k, panel in enumerate(panels)]
    chart = charts[0] if len(charts) == 1 else alt.hconcat(*charts, spacing=28).resolve_scale(color="shared")
    return draw(chart, data, title=title, description=description, table=table)


def _panel(name: str, panel: Panel, colours: Mapping[str, str], hollow: Sequence[str], side: int) -> Any:
    import altair as alt

    def scale(values: Sequence[float]) -> Any:
        least, most = min(values), max(values)
        room = 0.14 * ((most - least) or abs(most) or 1.0)
        return alt.Scale(domain=[least - room, most + 2.2 * room], nice=False, zero=False)

    x = alt.X(
        "x:Q", scale=scale(panel.points["x"]), title=panel.x_title, axis=alt.Axis(format=panel.x_format, tickCount=4)
    )
    y = alt.Y(
        "y:Q", scale=scale(panel.points["y"]), title=panel.y_title, axis=alt.Axis(format=panel.y_format, tickCount=5)
    )
    colour = alt.Color(
        "kind:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=alt.Legend(title=None)
    )
    base = alt.Chart(alt.NamedData(name)).encode(x=x, y=y)
    rings = "[" + ", ".join(f"'{kind}'" for kind in hollow) + "]"
    solid = base.transform_filter(f"indexof({rings}, datum.kind) < 0").mark_point(
        filled=True, size=85, opacity=1, stroke=PAPER
    ).encode(color=colour)  # fmt: skip
    open_points = base.transform_filter(f"indexof({rings}, datum.kind) >= 0").mark_point(
        filled=False, size=60, opacity=1, strokeWidth=1.5
    ).encode(color=colour)  # fmt: skip
    words = base.mark_text(align="left", dx=7, dy=-7, fontSize=11, color=INK).encode(text="label:N")
    return alt.layer(open_points, solid, words).properties(width=side, height=side)
