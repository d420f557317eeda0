"""How goods travel: loads a week, how full, how often, what fills the vehicle, and what a unit pays."""

from __future__ import annotations

import numpy as np

from manyworks.plan.money.openings import place_name
from manyworks.plan.rivals.shipped_lanes import shipped_lanes
from manyworks.render.numbers import number, percent
from manyworks.render.page import Block, Grid, Section, Words
from manyworks.render.table import DataTable, amount, count, share, text
from manyworks.studies.plan_report.subject import Subject
from manyworks.studies.plan_report.words import count as counted

SHOWN = 8
MEASURE_WORDS = {"mass": "mass", "cube": "volume", "pallets": "pallet places", "": ""}


def section(subject: Subject) -> Section:
    """The busiest lanes of the recommended plan in its last period."""
    table = lanes_table(subject)
    blocks: list[Block] = [Words(text=_sentence(subject))]
    if table.rows:
        blocks.append(Grid(table=table, most=SHOWN))
    return Section(id="freight", title="How goods travel", blocks=blocks)


def lanes_table(subject: Subject) -> DataTable:
    """Every lane in use, the most loads first."""
    network, lanes = subject.network, shipped_lanes(subject.network, subject.plan.periods, subject.plan.tables)
    markets = {row.id: row.name for row in network.markets}
    rows = [
        (place_name(network, row["origin"]), markets[row["market"]], row["mode"] or "stated or fetched", row["km"],
         row["units_per_year"], row["loads_per_week"], None if np.isnan(row["fill"]) else row["fill"],
         MEASURE_WORDS[row["measure"]], row["interval_days"], row["drops"], row["price_per_shipment"],
         row["freight_per_unit"])
        for row in lanes.rows()
    ]  # fmt: skip
    unit = subject.currency
    columns = [
        text("From"), text("Market"), text("By", is_tight=True), count("Way", "km"), count("Units", "a year"),
        count("Loads", "a week", 2), share("Fill", 0), text("Filled by"), count("Every", "days"),
        count("Drops", "on a round"), amount("Shipment", unit, decimals=0), amount("Freight", f"{unit} per unit", 1, 4),
    ]  # fmt: skip
    return DataTable(columns=columns, rows=rows)


def _sentence(subject: Subject) -> str:
    lanes = shipped_lanes(subject.network, subject.plan.periods, subject.plan.tables)
    loads = lanes["loads_per_week"].astype(float)
    if not loads.sum():
        return "No lane to a market is priced by its shipments: freight is stated, or customers fetch the goods."
    used = loads > 0
    straight = used & ~np.isnan(lanes["fill"].astype(float))
    words = f"In {subject.last.name}, {number(loads.sum())} loads a week go out on {counted(used.sum(), 'lane')}"
    if straight.any():
        fill = float(np.average(lanes["fill"][straight].astype(float), weights=loads[straight]))
        words += f"; a vehicle that goes straight to its market is {percent(fill, 0)} full"
    by = {name: loads[lanes["measure"] == name].sum() / loads.sum() for name in ("mass", "cube", "pallets")}
    most = max(by, key=lambda name: by[name])
    share_of = "all loads" if by[most] > 0.995 else f"{percent(by[most], 0)} of the loads"
    words += f". {MEASURE_WORDS[most].capitalize()} is what fills {share_of} first"
    rounds = float(loads[lanes["drops"] > 1].sum() / loads.sum())
    return words + (f"; {percent(rounds, 0)} go on rounds of several markets." if rounds else ".")
