"""What happens where and when: a row for each place, a bar for each phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from manyworks.render.figure import Columns, Figure, draw
from manyworks.render.table import DataTable
from manyworks.render.theme import INK, MUTED, PAPER, WIDTH_PX

ROW_PX = 21


def timeline(
    *, rows: Sequence[str], phases: Columns, kinds: Mapping[str, str], periods: Sequence[str], title: str,
    description: str, table: DataTable | None = None, width: int = WIDTH_PX - 210,
) -> Figure:  # fmt: skip
    """Gantt chart over the steps ``periods``, equally wide.

    Parameters
    ----------
    rows
        Names from top to bottom.
    phases
        ``row, kind, from, until, text``: positions among ``periods``, ``until`` not included; the text stands inside.
    kinds
        Kind of phase to its colour, in the order of the legend.
    """
    import altair as alt

    scale = alt.Scale(domain=[0, len(periods)], nice=False)
    y = alt.Y(
        "row:N",
        sort=list(rows),
        title=None,
        axis=alt.Axis(labelLimit=190, labelColor=INK),
        scale=alt.Scale(domain=list(rows)),
    )
    used = [kind for kind in kinds if kind in set(phases["kind"])]
    colour = alt.Color(
        "kind:N", scale=alt.Scale(domain=used, range=[kinds[kind] for kind in used]), legend=alt.Legend(title=None)
    )
    base = alt.Chart(alt.NamedData("phases")).encode(y=y)
    bars = base.mark_bar(height=ROW_PX * 0.7, stroke=PAPER, strokeWidth=1).encode(
        x=alt.X("from:Q", scale=scale, title=None, axis=_axis(periods)), x2="until:Q", color=colour
    )
    texts = base.mark_text(align="left", dx=4, fontSize=11).encode(
        x=alt.X("from:Q", scale=scale), text="text:N", color=alt.Color("ink:N", scale=None)
    )
    inks = {**phases, "ink": [_ink(kinds[kind]) for kind in phases["kind"]]}
    chart = alt.layer(bars, texts).properties(width=width, height=ROW_PX * len(rows))
    return draw(chart, {"phases": inks}, title=title, description=description, table=table)


def _axis(periods: Sequence[str]) -> Any:
    """Names of the periods at their left edges, at most some sixteen of them, above the rows."""
    import altair as alt

    step = max(1, -(-len(periods) // 16))
    names = ", ".join(f"'{name}'" for name in periods)
    return alt.Axis(
        orient="top", values=list(range(0, len(periods), step)), labelExpr=f"[{names}][datum.value]", labelAlign="left",
        labelColor=MUTED, labelFontSize=11, grid=True,
    )  # fmt: skip


def _ink(colour: str) -> str:
    """White on dark bars, ink on light ones (WCAG's relative brightness)."""
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return PAPER if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 140 else INK
