"""What limits the plan, and what one more unit of each limit would be worth."""

from __future__ import annotations

from manyworks.plan.money.openings import place_name
from manyworks.render.page import Block, Grid, Section, Words
from manyworks.render.table import DataTable, amount, text
from manyworks.studies.plan_report.places import lines_over_time
from manyworks.studies.plan_report.subject import Subject

LIMITS = {
    "line_hours": ("Hours of the lines", "hour"),
    "packer_capacity": ("Units that the co-packer can make", "unit"),
    "supplier_capacity": ("Units that the supplier can deliver", "unit"),
    "warehouse_throughput": ("Pallets that go through the warehouse", "pallet"),
    "labour_pool": ("People who can be hired in all", "person"),
    "hires_per_quarter": ("People who can be hired in a quarter", "person"),
    "capex_budget": ("Capital budget", "unit of money"),
    "capex_budget_per_quarter": ("Capital budget of a quarter", "unit of money"),
    "maximum_sites": ("Most sites open at once", "site"),
    "maximum_site_share": ("Most volume that one site may make", "unit"),
}
"""Word of the plan for a limit to words for people and the unit that is priced."""
SHOWN_ROWS = 12


def section(subject: Subject) -> Section:
    """The dearest limits first."""
    table = limits_table(subject)
    words = (
        "These limits hold the plan back. The price is what one more unit in each of the periods named would add to "
        "the net present value, with sites and lines left as planned. A new site or line "
        "is not priced here, nor is a new upgrade or warehouse."
    )
    if not table.rows:
        words = "No limit holds the plan back: more hours, people or budget would not make it better."
    blocks: list[Block] = [Words(text=words)]
    if table.rows:
        blocks.append(Grid(table=table, most=SHOWN_ROWS))
    return Section(id="limits", title="What limits the plan", blocks=blocks)


def limits_table(subject: Subject) -> DataTable:
    """One row for each limit and place, its periods together; hours of lines that do not stand are no limit."""
    at, standing = subject.positions, lines_over_time(subject.plan)
    groups: dict[tuple[str, str], dict[str, float]] = {}
    for row in subject.plan.binding.rows():
        if row["limit"] == "contract":  # they have a part of their own
            continue
        if row["limit"] == "line_hours" and not standing.get(row["place"], {at[row["period"]]: 0})[at[row["period"]]]:
            continue
        prices = groups.setdefault((row["limit"], row["place"]), {})
        prices[row["period"]] = prices.get(row["period"], 0.0) + row["price"]
    rows = []
    for (limit, place), prices in groups.items():
        name, unit = LIMITS.get(limit, (limit.replace("_", " "), "unit"))
        where = place_name(subject.network, place) if place else "whole network"
        rows.append((name, where, _span(prices, at), unit, sum(prices.values())))
    rows.sort(key=lambda row: (-abs(row[4]), row[0], row[1]))
    columns = [
        text("Limit"), text("Where"), text("When it binds", is_tight=True), text("One more"),
        amount("is worth", subject.currency),
    ]  # fmt: skip
    return DataTable(columns=columns, rows=rows)


def _span(prices: dict[str, float], at: dict[str, int]) -> str:
    """Periods in words: one, a run, or how many within a span."""
    names = sorted((name for name in prices if name in at), key=at.__getitem__)
    if not names:
        return "whole plan"
    if len(names) == 1:
        return names[0]
    whole = at[names[-1]] - at[names[0]] + 1
    span = f"{names[0]} to {names[-1]}"
    return span if whole == len(names) else f"{len(names)} periods, {span}"
