"""The rivals on the same document, side by side."""

from __future__ import annotations

from collections import Counter

import numpy as np

from manyworks.plan.case import CASES, CaseName
from manyworks.plan.result import NetworkPlan
from manyworks.plan.rivals.incremental import Incremental
from manyworks.render.bars import bar_chart
from manyworks.render.figure import Figure
from manyworks.render.numbers import compact, percent, signed
from manyworks.render.page import Block, Bullets, Grid, Picture, Section, Words
from manyworks.render.table import DataTable, count, text
from manyworks.render.theme import BLUE, LIGHT_GREY
from manyworks.studies.plan_report.subject import Subject
from manyworks.studies.plan_report.words import duration, fine_money, listed

CENT = 0.01
USED = {"warehouse": "Warehouses", "co_packer": "Co-packers", "upgrade": "Upgrades"}
"""Kind of opening to the word of its row."""


def section(subject: Subject) -> Section:
    """Worth of each rival against doing nothing, and everything else side by side."""
    blocks: list[Block] = [
        Words(text="Every rival was planned on the same document, with the same demand, prices and rules."),
        Bullets(items=[f"{CASES[name].title}: {CASES[name].meaning}." for name in subject.comparison.plans]),
        Picture(figure=_picture(subject), caption=_caption(subject)),
        Grid(table=rivals_table(subject)),
        *_same(subject),
        *_absent(subject),
    ]
    return Section(id="rivals", title="The rivals side by side", blocks=blocks)


def rivals_table(subject: Subject) -> DataTable:
    """One column for each rival, one row for each figure: this is how people compare."""
    names = list(subject.comparison.plans)
    columns = [text("Figure", is_tight=True), *(count(CASES[name].title) for name in names)]
    cells = [_cells(subject, name) for name in names]
    rows = [(figure, *(column[figure] for column in cells)) for figure in cells[0]]
    return DataTable(columns=columns, rows=rows)


def _cells(subject: Subject, name: CaseName) -> dict[str, str]:
    plan, more = subject.comparison.plans[name], subject.comparison.incremental.get(name)
    money, unit = plan.money, subject.currency
    row = next(row for row in subject.comparison.table.rows() if row["case"] == name)
    return {
        f"Net present value, {unit}": fine_money(plan.npv),
        f"Against doing nothing, {unit}": _against(name, more),
        f"At most, by proof, {unit}": fine_money(plan.bound),
        "Proven gap, share of costs": percent(plan.gap, 2),
        f"Investment over the years, {unit}": compact(-float(money.line("capex").sum())),
        f"Peak funding against doing nothing, {unit}": "–" if more is None else compact(more.peak_funding.amount),
        "Payback, discounted": _payback(more),
        "Internal rate of return": _rate(more),
        f"Landed cost of 1,000 units, {unit}": f"{1000 * money.landed.cost_per_unit:,.2f}",
        "Days to the customer, mean": f"{subject.comparison.services[name].days:.1f}",
        "Sites at the end": f"{row['sites']:.0f}",
    } | _others(subject, plan)


def _others(subject: Subject, plan: NetworkPlan) -> dict[str, str]:
    """Warehouses, co-packers and upgrades in use at the end, each where any rival has one."""
    counts = {name: _used(other) for name, other in subject.comparison.plans.items()}
    mine = counts[plan.case.name]
    return {
        f"{word} at the end": f"{mine[kind]}"
        for kind, word in USED.items()
        if any(row[kind] for row in counts.values())
    }


def _used(plan: NetworkPlan) -> Counter[str]:
    return Counter(row["kind"] for row in plan.tables.openings.rows() if not row["closes"])


def _against(name: CaseName, more: Incremental | None) -> str:
    if more is not None:
        return signed(more.npv)
    return "0" if name == "do_nothing" else "–"


def _payback(more: Incremental | None) -> str:
    if more is None or _is_same(more):
        return "–"
    if more.payback_years == 0:
        return "at once"
    return "none" if more.payback_years is None else duration(more.payback_years)


def _is_same(more: Incremental) -> bool:
    """Whether the rival comes to the same as doing nothing."""
    return abs(more.npv) < CENT and not np.abs(more.cash_flow).max() > CENT


def _rate(more: Incremental | None) -> str:
    if more is None or _is_same(more):
        return "–"
    if not more.peak_funding.amount:
        return "no outlay"
    if more.internal_rate.value is not None:
        return percent(more.internal_rate.value)
    return "several" if more.internal_rate.has_several else "none"


def _picture(subject: Subject) -> Figure:
    plans, more = subject.comparison.plans, subject.comparison.incremental
    names = [name for name in plans if name in more] if more else list(plans)
    values = [more[name].npv if more else plans[name].npv for name in names]
    what = "Net present value less that of doing nothing" if more else "Net present value"
    titles = [CASES[name].title for name in names]
    texts = [signed(value) if more else compact(value) for value in values]
    described = "; ".join(f"{title} {text}" for title, text in zip(titles, texts, strict=True))
    return bar_chart(
        names=titles, values=values, texts=texts, title=what, description=f"{what}, {subject.currency}: {described}.",
        colours=[BLUE if name == subject.comparison.recommended else LIGHT_GREY for name in names],
    )  # fmt: skip


def _caption(subject: Subject) -> str:
    if subject.comparison.incremental:
        return f"Net present value less that of doing nothing, {subject.currency}; the recommended rival is dark."
    return f"Net present value, {subject.currency}; the recommended rival is dark."


def _same(subject: Subject) -> list[Block]:
    names = [CASES[name].title for name, more in subject.comparison.incremental.items() if _is_same(more)]
    if not names:
        return []
    verb = "comes" if len(names) == 1 else "come"
    words = f"{listed(names, len(CASES))} {verb} to the same as doing nothing: what may be done there does not pay."
    return [Words(text=words)]


def _absent(subject: Subject) -> list[Block]:
    missing = [f"{CASES[name].title}: {reason}." for name, reason in subject.comparison.absent.items()]
    if not missing:
        return []
    return [Words(text="Rivals without a plan, and why:"), Bullets(items=missing)]
