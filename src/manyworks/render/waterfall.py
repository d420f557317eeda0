"""A bridge from one total to another: every difference is a step, and the steps sum to the cent."""

from __future__ import annotations

from collections.abc import Sequence

from manyworks.render.figure import Figure, draw
from manyworks.render.table import DataTable
from manyworks.render.theme import AMBER, BLUE, GREY, HAIRLINE, INK

ROW_PX = 27


def waterfall(
    *, start: tuple[str, float], steps: Sequence[tuple[str, float]], end: str, texts: Sequence[str],
    title: str, description: str, better: str = "up", words: tuple[str, str] = ("better", "worse"),
    table: DataTable | None = None, width: int = 520,
) -> Figure:  # fmt: skip
    """Rows from ``start`` through ``steps`` to ``end``, whose value is the sum of all before.

    A ``start`` of zero gets no row: the bridge then shows the difference alone, which keeps small steps readable.
    ``texts`` are the numbers as written, one for the start, one for each step and one for the end. ``better`` says
    whether an increase is good (``up``: worth) or bad (``down``: cost); the sign of the text says it beside the colour.
    """
    import altair as alt

    rows = _rows(start, steps, end, texts, better, words)
    span = alt.Scale(domain=_domain(rows), nice=False)
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=420, labelColor=INK, labelPadding=10))
    kinds = ["total", *words]
    colour = alt.Color(
        "kind:N", scale=alt.Scale(domain=kinds, range=[GREY, BLUE, AMBER]), legend=alt.Legend(title=None)
    )
    base = alt.Chart(alt.NamedData("steps")).encode(y=y)
    bars = base.mark_bar(height=ROW_PX * 0.64).encode(
        x=alt.X("low:Q", scale=span, axis=None), x2="high:Q", color=colour
    )
    text = base.mark_text(align="left", dx=6, color=INK).encode(x=alt.X("high:Q", scale=span, axis=None), text="text:N")
    zero = alt.Chart(alt.NamedData("zero")).mark_rule(color=HAIRLINE).encode(x=alt.X("at:Q", scale=span, axis=None))
    chart = alt.layer(zero, bars, text).properties(width=width, height=ROW_PX * len(rows["name"]))
    return draw(chart, {"steps": rows, "zero": {"at": [0.0]}}, title=title, description=description, table=table)


def _rows(
    start: tuple[str, float], steps: Sequence[tuple[str, float]], end: str, texts: Sequence[str],
    better: str, words: tuple[str, str],
) -> dict[str, list[object]]:  # fmt: skip
    """Each bar from its low to its high end, what it is, and its text."""
    level = start[1]
    names: list[object] = [start[0]] if level else []
    ends: list[tuple[float, float]] = [(0.0, level)] if level else []
    kinds = ["total"] if level else []
    for name, change in steps:
        names.append(name)
        ends.append((level, level + change))
        kinds.append(words[0] if (change >= 0) == (better == "up") else words[1])
        level += change
    names, ends, kinds = [*names, end], [*ends, (0.0, level)], [*kinds, "total"]
    return {
        "name": names, "low": [min(pair) for pair in ends], "high": [max(pair) for pair in ends],
        "kind": [*kinds], "text": [*texts] if start[1] else [*texts[1:]],
    }  # fmt: skip


def _domain(rows: dict[str, list[object]]) -> list[float]:
    """From the lowest to the highest level, with room for the text on the right."""
    lows, highs = [float(str(v)) for v in rows["low"]], [float(str(v)) for v in rows["high"]]
    low, high = min(0.0, *lows), max(0.0, *highs)
    return [low, high + 0.16 * ((high - low) or 1.0)]
