"""Results in a dozen lines of text, and as a small table for notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import isnan
from typing import TYPE_CHECKING

from manyworks.plan.money.cents import short_money
from manyworks.plan.money.money_line import MONEY_LINES
from manyworks.plan.money.openings import Opening, plan_changes
from manyworks.plan.rate_words import rate_words
from manyworks.plan.result import NetworkPlan
from manyworks.plan.rivals.service import service

if TYPE_CHECKING:
    from manyworks.plan.money.returns import InternalRate
    from manyworks.plan.rivals.compare import Comparison

STATUS_WORDS = {
    "optimal": "proven optimal",
    "gap_reached": "stopped at the gap that was asked for",
    "search_ended": "nothing better found; gap above the one asked for",
    "time_limit": "stopped by the time limit",
    "interrupted": "interrupted; best plan so far",
}
COLUMNS = ("Rival", "NPV", "Against nothing", "Proven gap", "Investment", "Cost a unit", "IRR", "Payback", "Sites")


def plan_summary(plan: NetworkPlan) -> str:
    """What the plan does, what it is worth, how sure that is, and what it costs."""
    money, currency = plan.money, plan.network.finance.currency
    changes = plan_changes(plan)
    words = str(changes)
    amounts = {
        "npv": plan.npv,
        "terminal": money.terminal_value,
        "bound": plan.bound,
        "revenue": money.present_values["revenue"],
        "cost": money.cost_present_value,
        "capex": -money.present_values["capex"],
    }
    words_of = {name: short_money(amount, currency) for name, amount in amounts.items()}
    lines = [
        f"{plan.network.name}: {plan.case.title}",
        f"Plan      {words[0].upper()}{words[1:]}",
        *(f"          {_opening(row)}" for row in changes.opened[:5]),
        f"NPV       {words_of['npv']}, of which {words_of['terminal']} lies after {plan.periods[-1].ends.year - 1}",
        f"Proof     {STATUS_WORDS[plan.status]}: bound {words_of['bound']}, gap {plan.gap:.2%} of the costs",
        f"Money     revenue {words_of['revenue']}, costs {words_of['cost']}, with capital {words_of['capex']}",
        f"Costs     {_largest_groups(plan)}",
        f"Landed    {_per_unit(money.landed.cost_per_unit, currency)} a unit delivered",
        f"Service   {_service(plan)}",
        *(f"{'Rates' if k == 0 else '':<10}{words}" for k, words in enumerate(rate_words(plan.network))),
        f"Run       {plan.seconds:.1f} s, seed {plan.seed}, version {plan.version}, document {plan.input_hash[:12]}",
    ]
    return "\n".join(lines)


def comparison_summary(comparison: Comparison) -> str:
    """The recommendation, why, the rivals side by side, what would flip it, and the first step."""
    rows = _rival_rows(comparison)
    widths = [max(len(row[i]) for row in [COLUMNS, *rows]) for i in range(len(COLUMNS))]
    table = [
        "  ".join(
            cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in [COLUMNS, *rows]
    ]
    lines = [
        f"{comparison.network.name}",
        comparison.recommendation,
        f"Why: {comparison.why}",
        "",
        *table,
        *(f"Rate of {words}." for words in rate_words(comparison.network) if not words.endswith("as stated")),
        *(f"Absent: {_title(comparison, name)}: {reason}." for name, reason in comparison.absent.items()),
        "",
        *(f"Flips: {flip.sentence}" for flip in comparison.flips[:3] if flip.scale is not None),
        f"First step: {comparison.first_steps.headline}",
    ]
    return "\n".join(lines)


def plan_html(plan: NetworkPlan) -> str:
    """The plan as a small table of key figures."""
    lines = plan_summary(plan).splitlines()
    rows = [(line[:10].strip(), line[10:]) for line in lines[1:]]
    body = "".join(f"<tr><th style='text-align:left'>{escape(k)}</th><td>{escape(v)}</td></tr>" for k, v in rows)
    return f"<b>{escape(lines[0])}</b><table>{body}</table>"


def comparison_html(comparison: Comparison) -> str:
    """The recommendation and the rivals as a small table."""
    head = "".join(f"<th>{escape(name)}</th>" for name in COLUMNS)
    body = "".join(
        "<tr>" + "".join(f"<td style='text-align:right'>{escape(cell)}</td>" for cell in row) + "</tr>"
        for row in _rival_rows(comparison)
    )
    return (
        f"<p><b>{escape(comparison.recommendation)}</b><br>{escape(comparison.why)}</p>"
        f"<table><tr>{head}</tr>{body}</table>"
    )


def _opening(row: Opening) -> str:
    what = f"{row.template} at {row.name}" if row.template else f"{row.kind.replace('_', '-')} {row.name}"
    return f"{what}: decided {row.decided}, works from {row.starts}"


def _largest_groups(plan: NetworkPlan) -> str:
    totals: dict[str, float] = {}
    for line in MONEY_LINES:
        if line.is_landed:
            totals[line.group] = totals.get(line.group, 0.0) - plan.money.present_values[line.name]
    ranked = sorted(totals.items(), key=lambda item: -item[1])[:4]
    currency = plan.network.finance.currency
    return ", ".join(f"{name.lower()} {short_money(amount, currency)}" for name, amount in ranked if amount > 0)


def _service(plan: NetworkPlan) -> str:
    found = service(plan.network, plan.periods, plan.tables)
    if isnan(found.days):
        return f"nothing is delivered in {found.period}"
    within = ", ".join(f"{share:.0%} within {days} d" for days, share in found.within.items())
    return f"{found.share_served:.1%} of demand served in {found.period}, mean {found.days:.1f} days: {within}"


def _rival_rows(comparison: Comparison) -> list[tuple[str, ...]]:
    currency = comparison.network.finance.currency
    rows: list[tuple[str, ...]] = []
    for row in comparison.table.rows():
        if row["absent"]:
            continue
        mark = " *" if row["case"] == comparison.recommended else ""
        money = (short_money(row["npv"], currency), _or_dash(row["against_nothing"], currency))
        rate = comparison.incremental[row["case"]].internal_rate if row["case"] in comparison.incremental else None
        payback = "-" if isnan(row["payback_years"]) else f"{row['payback_years']:.1f} y"
        rows.append(
            (
                str(row["title"]) + mark,
                *money,
                f"{row['gap']:.2%}",
                short_money(-float(comparison.plans[row["case"]].money.line("capex").sum()), currency),
                _per_unit(row["landed_cost_per_unit"], currency),
                _rate(rate, isnan(row["payback_years"])),
                payback,
                f"{row['sites']:.0f}",
            )
        )
    return rows


def _rate(rate: InternalRate | None, is_never_paid_back: bool) -> str:
    if rate is None or (is_never_paid_back and not rate.rates):
        return "-"
    return "several" if rate.has_several else str(rate)


def _or_dash(amount: float, currency: str) -> str:
    return "-" if isnan(amount) else short_money(amount, currency)


def _per_unit(amount: float, currency: str) -> str:
    return "-" if isnan(amount) else f"{currency} {amount:,.4f}"


def _title(comparison: Comparison, name: str) -> str:
    titles: Sequence[tuple[str, str]] = [(row["case"], row["title"]) for row in comparison.table.rows()]
    return dict(titles)[name]
