"""Money over time: bars for each period, a line for what has come together so far."""

from __future__ import annotations

from collections.abc import Sequence

from manyworks.render.figure import Columns, Figure, draw
from manyworks.render.table import DataTable
from manyworks.render.theme import BLUE, GREY, INK, LIGHT_BLUE, MUTED, WIDTH_PX


def cash_flow_chart(
    *, periods: Sequence[str], flows: Sequence[float], cumulative: Sequence[float], unit: str, title: str,
    description: str, flow_name: str = "Cash flow of the period", sum_name: str = "Discounted sum so far",
    payback: int | None = None, table: DataTable | None = None, width: int = WIDTH_PX - 110, height: int = 250,
) -> Figure:  # fmt: skip
    """Bars of ``flows`` and a line of ``cumulative``, both in ``unit``; ``payback`` marks the period of return."""
    import altair as alt

    rows: Columns = {"period": list(periods), "flow": list(flows), "sum": list(cumulative)}
    order = alt.Scale(domain=list(periods))
    x = alt.X("period:N", scale=order, title=None, axis=alt.Axis(labelAngle=-45 if len(periods) > 12 else 0))
    scale = alt.Scale(domain=_range([*flows, *cumulative]), nice=False)
    y = alt.Y("flow:Q", title=unit, scale=scale, axis=alt.Axis(tickCount=5))
    colours = alt.Scale(domain=[flow_name, sum_name], range=[LIGHT_BLUE, BLUE])
    base = alt.Chart(alt.NamedData("money")).encode(x=x)
    bars = base.mark_bar(size=_bar_px(width, len(periods))).encode(
        y=y, color=alt.Color("series:N", scale=colours, legend=alt.Legend(title=None))
    ).transform_calculate(series=f"'{flow_name}'")  # fmt: skip
    line = base.mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=26, filled=True)).encode(
        y=alt.Y("sum:Q", scale=scale), color=alt.Color("series:N", scale=colours)
    ).transform_calculate(series=f"'{sum_name}'")  # fmt: skip
    zero = alt.Chart(alt.NamedData("zero")).mark_rule(color=MUTED, strokeWidth=1).encode(y=alt.Y("at:Q", scale=scale))
    layers = [bars, zero, line]
    data: dict[str, Columns] = {"money": rows, "zero": {"at": [0.0]}}
    if payback is not None:
        data["mark"] = {"period": [periods[payback]], "at": [scale["domain"][1]], "text": ["paid back"]}
        mark = alt.Chart(alt.NamedData("mark")).encode(x=alt.X("period:N", scale=order))
        layers.insert(0, mark.mark_rule(color=GREY, strokeDash=[4, 3]))
        layers.append(
            mark.mark_text(align="right", dx=-5, dy=6, color=INK).encode(y=alt.Y("at:Q", scale=scale), text="text:N")
        )
    chart = alt.layer(*layers).properties(width=width, height=height)
    return draw(chart, data, title=title, description=description, table=table)


def _range(values: Sequence[float]) -> list[float]:
    low, high = min(0.0, *values), max(0.0, *values)
    margin = 0.06 * ((high - low) or 1.0)
    return [low - (margin if low < 0 else 0), high + margin]


def _bar_px(width: int, count: int) -> float:
    return max(4.0, 0.62 * width / max(1, count))
