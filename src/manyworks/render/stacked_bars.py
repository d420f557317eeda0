"""Bars made of parts: what a whole is made of, one bar for each name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from manyworks.render.figure import Figure, draw
from manyworks.render.table import DataTable
from manyworks.render.theme import INK, PAPER

ROW_PX = 30


def stacked_bars(
    *, names: Sequence[str], parts: Mapping[str, Sequence[float]], colours: Mapping[str, str], title: str,
    description: str, table: DataTable | None = None, width: int = 640,
) -> Figure:  # fmt: skip
    """Horizontal bars of shares in the order of ``parts``; shares of six per cent and more carry their number."""
    import altair as alt

    rows: dict[str, list[object]] = {"name": [], "part": [], "low": [], "high": [], "middle": [], "text": [], "ink": []}
    for k, name in enumerate(names):
        low = 0.0
        for part, values in parts.items():
            value = values[k]
            rows["name"].append(name)
            rows["part"].append(part)
            rows["low"].append(low)
            rows["high"].append(low + value)
            rows["middle"].append(low + value / 2)
            rows["text"].append(f"{100 * value:.0f}" if value >= 0.06 else "")
            rows["ink"].append(_ink(colours[part]))
            low += value
    used = [part for part, values in parts.items() if max(values) > 0.0005]
    scale = alt.Scale(domain=[0, 1], nice=False)
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=240, labelColor=INK, labelPadding=10))
    colour = alt.Color(
        "part:N",
        scale=alt.Scale(domain=used, range=[colours[part] for part in used]),
        legend=alt.Legend(title=None, columns=5),
    )
    axis = alt.Axis(format="%", grid=True)
    base = alt.Chart(alt.NamedData("parts")).encode(y=y)
    bars = base.mark_bar(height=ROW_PX * 0.66, stroke=PAPER, strokeWidth=0.7).encode(
        x=alt.X("low:Q", scale=scale, title=None, axis=axis), x2="high:Q", color=colour
    )
    text = base.mark_text(fontSize=11.5).encode(
        x=alt.X("middle:Q", scale=scale), text="text:N", color=alt.Color("ink:N", scale=None)
    )
    chart = alt.layer(bars, text).properties(width=width, height=ROW_PX * len(names))
    return draw(chart, {"parts": rows}, title=title, description=description, table=table)


def _ink(colour: str) -> str:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return PAPER if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 150 else INK
