"""Where the difference comes from: bridges by cost line that sum to the cent."""

from __future__ import annotations

from collections.abc import Callable

from manyworks.plan.money.cents import cents, residual
from manyworks.plan.money.money_line import TITLES
from manyworks.plan.rivals.bridge import LANDED_UNITS, Bridge, landed_lines, npv_bridge
from manyworks.plan.rivals.recommendation import strongest_rival
from manyworks.render.figure import Figure
from manyworks.render.numbers import signed
from manyworks.render.page import Block, Grid, Picture, Section, Words
from manyworks.render.table import DataTable, amount, text
from manyworks.render.waterfall import waterfall
from manyworks.studies.plan_report.subject import Subject

MOST_STEPS = 11
"""Steps drawn apart; the rest is one bar, and stands line by line in the table."""


def section(subject: Subject) -> Section:
    """The bridge of worth, then the bridges of landed cost."""
    blocks: list[Block] = []
    for bridge in shown_bridges(subject):
        blocks += _bridge_blocks(bridge)
    if not blocks:
        one = len(subject.comparison.plans) == 1
        blocks.append(Words(text="There is only one rival." if one else "The rivals do not differ in any line."))
    blocks += [
        Words(text=f"Landed cost of {LANDED_UNITS:,} units by line for all rivals; each column sums to the cent:"),
        Grid(table=landed_table(subject), is_dense=True),
    ]
    return Section(id="bridges", title="Where the difference comes from", blocks=blocks)


def shown_bridges(subject: Subject) -> list[Bridge]:
    """The bridge of worth and those of landed cost, as far as there is a difference to explain.

    Where nothing is to be done, the bridge of worth starts at the strongest other answer.
    """
    comparison = subject.comparison
    worth = comparison.npv_bridge
    rival = strongest_rival(comparison.plans, comparison.recommended)
    if not subject.is_change and rival is not None:
        other, plan = comparison.plans[rival], subject.plan
        worth = npv_bridge(other.money, plan.money, other.case.title, plan.case.title)
    found = [*([] if worth is None else [worth]), *comparison.landed_cost_bridges]
    told: dict[tuple[str, frozenset[object]], Bridge] = {}
    for bridge in found:
        if any(step.line != "rounding" for step in bridge.steps):  # there and back again is one difference
            told.setdefault((bridge.measure, frozenset((bridge.start, bridge.end))), bridge)
    return list(told.values())


def bridge_table(bridge: Bridge) -> DataTable:
    """Start, every step and end in cents; the steps sum exactly."""
    rows: list[tuple[str, float | None, float]] = [(bridge.start_title, None, float(bridge.start))]
    level = bridge.start
    for step in bridge.steps:
        level += step.amount
        rows.append((step.title, float(step.amount), float(level)))
    rows.append((bridge.end_title, None, float(bridge.end)))
    columns = [text("Step"), amount("Change", bridge.unit), amount("Running sum", bridge.unit)]
    return DataTable(columns=columns, rows=rows, total_rows=1)


def landed_table(subject: Subject) -> DataTable:
    """Landed cost of 1,000 units by line, one column for each rival; rounding is a row of its own."""
    plans = subject.comparison.plans
    exact = [landed_lines(plan.money) for plan in plans.values()]
    lines = [{line: cents(value) for line, value in column.items()} for column in exact]
    totals = [cents(sum(column.values())) for column in exact]
    shown = [line for line in lines[0] if any(column[line] for column in lines)]
    rows: list[tuple[object, ...]] = [(TITLES[line], *(float(column[line]) for column in lines)) for line in shown]
    left = [residual(column.values(), total) for column, total in zip(lines, totals, strict=True)]
    rows += [("Rounding", *map(float, left)), ("Landed cost", *map(float, totals))]
    columns = [text("Line"), *(amount(plan.case.title, subject.currency) for plan in plans.values())]
    return DataTable(columns=columns, rows=rows, total_rows=1)


def bridge_title(bridge: Bridge) -> str:
    """What is bridged, from where to where."""
    what = "Net present value" if bridge.measure == "npv" else "Landed cost"
    return f"{what}, {bridge.start_title} to {bridge.end_title}"


def _bridge_blocks(bridge: Bridge) -> list[Block]:
    is_worth = bridge.measure == "npv"
    shown = signed if is_worth else _cents
    start, end = (f"{bridge.unit} {v:,.0f}" if is_worth else f"{v:,.2f}" for v in (bridge.start, bridge.end))
    if is_worth:
        words = f"Net present value goes from {start} ({bridge.start_title}) to {end} ({bridge.end_title}), by line:"
    else:
        words = f"Landed cost goes from {start} ({bridge.start_title}) to {end} ({bridge.end_title}) {bridge.unit}:"
    rest = "; small steps are drawn as one" if len(bridge.steps) > MOST_STEPS else ""
    caption = f"Difference by line, {bridge.unit}{rest}. Rounding is a step of its own, so the table sums to the cent."
    return [
        Words(text=words),
        Picture(figure=_picture(bridge, shown), caption=caption),
    ]


def _picture(bridge: Bridge, shown: Callable[[float], str]) -> Figure:
    steps = _drawn(bridge)
    total = float(bridge.end - bridge.start)
    described = ", ".join(f"{title} {shown(value)}" for title, value in steps)
    return waterfall(
        start=("", 0.0), steps=steps, end="Difference", texts=["", *(shown(v) for _, v in steps), shown(total)],
        title=bridge_title(bridge), description=f"Difference {shown(total)} {bridge.unit}: {described}.",
        better="up" if bridge.measure == "npv" else "down",
        words=("better", "worse") if bridge.measure == "npv" else ("cheaper", "dearer"), table=bridge_table(bridge),
    )  # fmt: skip


def _drawn(bridge: Bridge) -> list[tuple[str, float]]:
    """The largest steps in the order of the lines, the others together."""
    steps = [(step.title, float(step.amount)) for step in bridge.steps]
    if len(steps) <= MOST_STEPS:
        return steps
    large = {title for title, _ in sorted(steps, key=lambda step: -abs(step[1]))[: MOST_STEPS - 1]}
    small = [value for title, value in steps if title not in large]
    return [step for step in steps if step[0] in large] + [(f"{len(small)} smaller lines and rounding", sum(small))]


def _cents(value: float) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{abs(value):,.2f}"
