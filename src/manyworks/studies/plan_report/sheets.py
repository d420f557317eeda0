"""Every table of the report as a sheet of the workbook; the summary comes first."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from manyworks.model.table import Table
from manyworks.plan.case import CASES, CaseName
from manyworks.plan.money.money_line import TITLES
from manyworks.plan.money.openings import place_name
from manyworks.render.table import Column, DataTable, amount, count, share, text
from manyworks.render.workbook import Sheet
from manyworks.studies.plan_report.assumptions import assumptions_table
from manyworks.studies.plan_report.bridges import bridge_table, bridge_title, landed_table, shown_bridges
from manyworks.studies.plan_report.contracts import contracts_table
from manyworks.studies.plan_report.first_steps import actions_table, gates_table
from manyworks.studies.plan_report.flips import EXPLANATION, flips_table
from manyworks.studies.plan_report.lanes import lanes_table
from manyworks.studies.plan_report.limits import limits_table
from manyworks.studies.plan_report.money import cash_table, lines_table
from manyworks.studies.plan_report.network import places_table
from manyworks.studies.plan_report.proof import WORDS, proof_table, provenance_table
from manyworks.studies.plan_report.service import service_table
from manyworks.studies.plan_report.stress import stress_sheets
from manyworks.studies.plan_report.subject import Subject
from manyworks.studies.plan_report.timing import timing_table

UNITS = {
    "units": "units", "received": "units", "run_h": "h", "changeover_h": "h", "overtime_h": "h", "cycle": "units",
    "safety": "units", "season": "units", "in_transit": "units", "direct": "people", "indirect": "people",
    "hired": "people", "ready": "lines", "added": "lines",
}  # fmt: skip
"""Unit of each number of the plan's tables."""
NAMED = {
    "place": "",
    "origin": "",
    "market": "markets",
    "product": "products",
    "template": "templates",
    "line": "lines",
}
"""Column of ids to the collection that names them; empty for places of several collections."""


def report_sheets(subject: Subject) -> list[Sheet]:
    """Summary, the tables of the page, then the plan's own tables row by row."""
    sheets = [
        Sheet(name="Summary", title="Summary", table=_summary(subject)),
        Sheet(name="Rivals", title="The rivals side by side", table=_rivals(subject)),
        Sheet(name="Network", title="Places of the recommended plan", table=places_table(subject)),
        Sheet(name="Landed cost", title="Landed cost of 1,000 units by line", table=landed_table(subject)),
        *_bridges(subject),
        Sheet(name="Lines of money", title="Present value of every line", table=lines_table(subject)),
        Sheet(name="Cash flow", title="Cash flow by period", table=cash_table(subject)),
        Sheet(name="Statement", title="Every line in every period", table=_statement(subject)),
        *_contracts(subject),
        Sheet(name="Timeline", title="When each place starts", table=timing_table(subject)),
        Sheet(name="Service", title="Days to every market", table=service_table(subject)),
        Sheet(name="Lanes", title="What travels on every lane", table=lanes_table(subject)),
        Sheet(name="Limits", title="Limits that bind and their prices", table=limits_table(subject)),
        Sheet(name="First 90 days", title="What to do in the first 90 days", table=actions_table(subject)),
        Sheet(name="Gates", title="Go on if", table=gates_table(subject)),
        Sheet(
            name="Turning points", title="What would change the answer", table=flips_table(subject), note=EXPLANATION
        ),
        Sheet(name="Assumptions", title="What this rests on", table=assumptions_table(subject)),
        Sheet(name="Landed by product", title="Landed cost by product", table=_landed(subject)),
        Sheet(name="Proof", title="Gap and bound", table=proof_table(subject)),
        Sheet(name="Provenance", title="To repeat this", table=provenance_table(subject)),
    ]
    plan_sheets = [
        Sheet(
            name=f"Plan {name.replace('_', ' ')}",
            title=f"Plan: {name.replace('_', ' ')}",
            table=plan_table(subject, table),
        )
        for name, table in subject.plan.tables.items().items()
        if len(table) and name != "shipments"
    ]
    shipments = Sheet(name="Plan shipments", title="Plan: units received from each place", table=_shipments(subject))
    words = DataTable(columns=[text("Word"), text("Meaning")], rows=WORDS)
    return [
        *sheets,
        *stress_sheets(subject),
        *plan_sheets,
        shipments,
        Sheet(name="Words", title="The words used", table=words),
    ]


def plan_table(subject: Subject, table: Table) -> DataTable:
    """A table of the plan with names in place of ids."""
    network = subject.network
    names: dict[str, Mapping[str, str]] = {
        column: {row.id: row.name for row in getattr(network, collection)}
        for column, collection in NAMED.items()
        if collection
    }
    ids = {value for column in ("place", "origin") if column in table.columns for value in table[column].tolist()}
    places = {value: place_name(network, value) for value in ids}
    columns, cells = [], []
    for name, values in table.columns.items():
        columns.append(_column(name, values))
        lookup = places if name in ("place", "origin") else names.get(name, {})
        cells.append([lookup.get(value, value) if isinstance(value, str) else value for value in values.tolist()])
    return DataTable(columns=columns, rows=list(zip(*cells, strict=True)))


def _shipments(subject: Subject) -> DataTable:
    """Units received by origin, market and product, a column for each period: a twentieth of the rows."""
    table, at = subject.plan.tables.shipments, subject.positions
    cells: dict[tuple[str, str, str, str], list[float]] = {}
    for row in table.rows():
        key = (row["origin"], row.get("via", ""), row["market"], row["product"])
        cells.setdefault(key, [0.0] * len(at))[at[row["period"]]] += row["received"]
    network = subject.network
    names = {row.id: row.name for row in network.markets} | {row.id: row.name for row in network.products}
    places = {row.id: row.name for row in subject.places}
    columns = [text("From"), text("Over"), text("Market"), text("Product"), *(count(name, "units") for name in at)]
    rows: list[tuple[object, ...]] = [
        (places[origin], places.get(via, ""), names[market], names[product], *values)
        for (origin, via, market, product), values in cells.items()
    ]
    if not any(row[1] for row in rows):
        rows = [(row[0], *row[2:]) for row in rows]
        del columns[1]
    return DataTable(columns=columns, rows=rows)


def _column(name: str, values: object) -> Column:
    title = name.replace("_h", "").replace("_", " ").capitalize()
    is_number = isinstance(values, np.ndarray) and values.dtype != object
    return count(title, UNITS.get(name, ""), 1) if is_number else text(title)


def _summary(subject: Subject) -> DataTable:
    more, plan = subject.incremental, subject.plan
    rows: list[tuple[str, object, str]] = [
        ("Recommendation", subject.comparison.recommendation, ""),
        ("Why", subject.comparison.why, ""),
        ("Net present value", plan.npv, subject.currency),
        ("Proven bound", plan.bound, subject.currency),
        ("Proven gap", 100 * plan.gap, "% of costs"),
        ("Investment over the years", -float(plan.money.line("capex").sum()), subject.currency),
        ("Terminal value in the net present value", plan.money.terminal_value, subject.currency),
        ("Days to the customer, mean", subject.service.days, "days"),
        ("Places at the end", float(sum(not row.closes for row in subject.places)), ""),
        ("Lines at the end", float(sum(row.lines for row in subject.places)), ""),
    ]
    if more is not None:
        rate = more.internal_rate.value
        rows[3:3] = [
            ("Against doing nothing", more.npv, subject.currency),
            ("Peak funding against doing nothing", more.peak_funding.amount, subject.currency),
            (
                "Payback, discounted",
                "not within the plan" if more.payback_years is None else more.payback_years,
                "years",
            ),
            ("Internal rate of return", more.internal_rate.note if rate is None else 100 * rate, "% a year"),
        ]
    return DataTable(columns=[text("Figure"), amount("Value", ""), text("Unit")], rows=rows)


def _rivals(subject: Subject) -> DataTable:
    """One row for each rival, in numbers to calculate with; what the difference to doing nothing lacks stays empty."""
    unit = subject.currency
    columns = [
        text("Rival"), amount("Net present value", unit), amount("Against doing nothing", unit),
        amount("At most, by proof", unit), share("Proven gap, share of costs", 2), amount("Investment", unit),
        amount("Peak funding against doing nothing", unit), count("Payback, discounted", "years", 2),
        share("Internal rate of return"), amount("Landed cost", f"{unit} per unit", decimals=4),
        count("Days to the customer, mean", "days", 2), count("Sites at the end", "sites"),
    ]  # fmt: skip
    return DataTable(columns=columns, rows=[_rival(subject, name) for name in subject.comparison.plans])


def _rival(subject: Subject, name: CaseName) -> tuple[object, ...]:
    comparison = subject.comparison
    plan, more = comparison.plans[name], comparison.incremental.get(name)
    row = next(row for row in comparison.table.rows() if row["case"] == name)
    against = (row["against_nothing"], more.peak_funding.amount, more.payback_years) if more else (None, None, None)
    values = (
        plan.npv, against[0], plan.bound, plan.gap, -float(plan.money.line("capex").sum()), against[1], against[2],
        more.internal_rate.value if more else None, plan.money.landed.cost_per_unit, comparison.services[name].days,
        row["sites"],
    )  # fmt: skip
    return (CASES[name].title, *(None if value is None or np.isnan(value) else value for value in values))


def _bridges(subject: Subject) -> list[Sheet]:
    return [
        Sheet(name=f"Bridge {number}", title=bridge_title(bridge), table=bridge_table(bridge))
        for number, bridge in enumerate(shown_bridges(subject), start=1)
    ]


def _contracts(subject: Subject) -> list[Sheet]:
    """A sheet where the document offers contracts."""
    if not subject.network.opportunities:
        return []
    return [Sheet(name="Contracts", title="Contracts: take or leave", table=contracts_table(subject))]


def _statement(subject: Subject) -> DataTable:
    table, unit = subject.plan.money.statement, subject.currency
    periods = [period.name for period in subject.plan.periods]
    columns = [text("Line"), text("Group"), amount("Present value", unit), *(amount(name, unit) for name in periods)]
    rows = [
        (TITLES[row["line"]], row["group"], row["present_value"], *(row[name] for name in periods))
        for row in table.rows()
    ]
    return DataTable(columns=columns, rows=rows)


def _landed(subject: Subject) -> DataTable:
    names = {row.id: row.name for row in subject.network.products}
    rows = [
        (names[row["product"]], row["units"], None if np.isnan(row["cost_per_unit"]) else row["cost_per_unit"])
        for row in subject.plan.money.landed.by_product.rows()
    ]
    columns = [
        text("Product"),
        count("Delivered in all", "units"),
        amount("Landed cost", f"{subject.currency} per unit", decimals=4),
    ]
    return DataTable(columns=columns, rows=rows)
