"""The money over time: cash flow, what it is worth, when it is back, what is needed at most."""

from __future__ import annotations

import numpy as np

from manyworks.plan.money.money_line import MONEY_LINES
from manyworks.render.cash_flow import cash_flow_chart
from manyworks.render.figure import Figure
from manyworks.render.numbers import money, money_unit, percent, scale_of
from manyworks.render.page import Block, Fact, Facts, Grid, Notice, Picture, Section, Words
from manyworks.render.table import DataTable, text
from manyworks.studies.plan_report.subject import Subject
from manyworks.studies.plan_report.words import duration, money_column


def section(subject: Subject) -> Section:
    """Cash flow, its figures, and the present value of every line."""
    blocks: list[Block] = [Words(text=_sentence(subject)), Facts(items=_facts(subject)), *_several_rates(subject)]
    blocks.append(Picture(figure=_picture(subject), caption=_caption(subject)))
    blocks.append(Words(text="Present value of every line of money; costs are negative:"))
    blocks.append(Grid(table=lines_table(subject), is_dense=True))
    return Section(id="money", title="The money", blocks=blocks)


def lines_table(subject: Subject) -> DataTable:
    """Present value of each line: doing nothing, the recommended plan, the difference."""
    plan, base = subject.plan.money.present_values, subject.base
    shown = [line for line in MONEY_LINES if plan[line.name] or (base and base.money.present_values[line.name])]
    if base is None or not subject.is_change:
        columns = [text("Line"), money_column(subject.plan.case.title, plan.values(), subject.currency)]
        rows = [(line.title, plan[line.name]) for line in shown]
        return DataTable(columns=columns, rows=[*rows, ("Net present value", subject.plan.npv)], total_rows=1)
    before = base.money.present_values
    values = [*plan.values(), *before.values()]
    titles = (base.case.title, subject.plan.case.title, "Difference")
    columns = [text("Line"), *(money_column(title, values, subject.currency) for title in titles)]
    lines = [(line.title, before[line.name], plan[line.name], plan[line.name] - before[line.name]) for line in shown]
    total = ("Net present value", base.npv, subject.plan.npv, subject.plan.npv - base.npv)
    return DataTable(columns=columns, rows=[*lines, total], total_rows=1)


def cash_table(subject: Subject) -> DataTable:
    """Cash flow and present value of every period; the terminal value apart."""
    flow, discount = subject.cash_flow, subject.plan.money.discount
    present = flow * discount
    sums, need = np.cumsum(present), np.cumsum(flow)
    columns = [text("Period")] + [
        money_column(title, [*flow, *sums], subject.currency)
        for title in ("Cash flow", "Cash flow so far", "Present value", "Present value so far")
    ]
    rows: list[tuple[object, ...]] = [
        (period.name, float(flow[t]), float(need[t]), float(present[t]), float(sums[t]))
        for t, period in enumerate(subject.plan.periods)
    ]
    terminal = _terminal(subject)
    rows.append(("After the plan (terminal value)", None, None, terminal, float(sums[-1]) + terminal))
    return DataTable(columns=columns, rows=rows, total_rows=1)


def _sentence(subject: Subject) -> str:
    if subject.incremental is None:
        return "Cash flow of the plan after tax, quarter by quarter and then year by year."
    return "Cash flow of the plan less that of doing nothing, after tax, quarter by quarter and then year by year."


def _terminal(subject: Subject) -> float:
    more = subject.incremental
    return subject.plan.money.terminal_value if more is None else more.terminal_value


def _facts(subject: Subject) -> list[Fact]:
    more, currency = subject.incremental, subject.currency
    source = subject.plan.money if more is None else more
    terminal, worth = _terminal(subject), subject.plan.npv if more is None else more.npv
    if more is None and not subject.is_change:
        yearly = float(subject.cash_flow[-1]) / subject.last.years
        return [
            Fact(label="Net present value", value=money(worth, currency),
                 note=f"{money(worth - terminal, currency)} in the plan, {money(terminal, currency)} after it"),
            Fact(label=f"Cash flow of {subject.last.name}", value=money(yearly, currency), note="a year, after tax"),
        ]  # fmt: skip
    rate, payback, peak = source.internal_rate, source.payback_years, source.peak_funding
    return [
        Fact(label="Net present value", value=money(worth, currency),
             note=f"{money(worth - terminal, currency)} in the plan, {money(terminal, currency)} after it"),
        Fact(label="Internal rate of return", value="–" if rate.value is None else percent(rate.value),
             note="a year, with the value after the plan" if rate.value is not None else rate.note),
        Fact(label="Payback, discounted", value="not in the plan" if payback is None else duration(payback),
             note="without the value after the plan"),
        Fact(label="Peak funding", value=money(peak.amount, currency),
             note=f"{duration(peak.years)} after the start" if peak.amount else "cash is never negative"),
    ]  # fmt: skip


def _several_rates(subject: Subject) -> list[Notice]:
    source = subject.plan.money if subject.incremental is None else subject.incremental
    if not source.internal_rate.has_several:
        return []
    return [Notice(word="Several rates of return.", text=f"The cash flow has {source.internal_rate.note}.")]


def _picture(subject: Subject) -> Figure:
    flow, money_ = subject.cash_flow, subject.plan.money
    sums = np.cumsum(flow * money_.discount)
    divisor, word = scale_of(*flow, *sums)
    names = [period.name for period in subject.plan.periods]
    payback = (money_ if subject.incremental is None else subject.incremental).payback_years
    paid = None if not payback else next((t for t, end in enumerate(money_.ends) if end >= payback - 1e-9), None)
    described = (
        f"The discounted sum is lowest at {money(float(sums.min()), subject.currency)} in {names[int(sums.argmin())]} "
        f"and ends at {money(float(sums[-1]), subject.currency)}."
    )
    return cash_flow_chart(
        periods=names, flows=(flow / divisor).tolist(), cumulative=(sums / divisor).tolist(),
        unit=money_unit(subject.currency, word), payback=paid, title="Cash flow", description=described,
        table=cash_table(subject),
    )  # fmt: skip


def _caption(subject: Subject) -> str:
    years = sum(period.quarters == 4 for period in subject.plan.periods)
    text = "The line adds up what each period is worth today; the value after the plan is left out."
    if years and years < len(subject.plan.periods):
        text = f"The last {years} bars are whole years, the others quarters. {text}"
    return text
