"""What is owed to customers at a quarter: demand with time moved on, contracts, whose customers, what is held."""

from __future__ import annotations

from typing import Any

import numpy as np

from manyworks.model.contracts import signing_period
from manyworks.model.market import DemandRule, Market, Opportunity
from manyworks.model.operation import StockTarget
from manyworks.model.site import Site
from manyworks.plan.adopt.moment import Moment
from manyworks.plan.points import contract_of

QUARTERS = 4


def demand_then(moment: Moment) -> tuple[dict[str, list[Any]], list[str]]:
    """Rules grown to the quarter, and stated rows that are not over."""
    network = moment.network
    grown = [_grown(rule, moment.k / QUARTERS) for rule in network.demand_rules]
    year, quarter = moment.period.starts.year, (moment.period.starts.month + 2) // 3
    rows = [row for row in network.demand if _ends(row.period) > (year, quarter)]
    notes = []
    if moment.k and any(rule.growth_per_year for rule in network.demand_rules):
        notes.append("Demand rules that grow are restated at the level of the new start.")
    if gone := len(network.demand) - len(rows):
        notes.append(f"{gone} stated rows of demand are over, and left out.")
    return {"demand_rules": grown, "demand": rows}, notes


def _grown(rule: DemandRule, years: float) -> DemandRule:
    """The rule with its growth counted from the new start."""
    factor = (1 + rule.growth_per_year) ** years
    return rule.model_copy(update={"units_per_head_year": rule.units_per_head_year * factor})


def _ends(period: str) -> tuple[int, int]:
    """Year and quarter after the end of a period's name; within a quarter it counts as lasting to the quarter's end."""
    year = int(period[:4])
    if len(period) == 4:
        return year + 1, 1
    quarter = int(period[6]) if period[5] == "Q" else (int(period[5:7]) + 2) // 3
    return (year, quarter + 1) if quarter < QUARTERS else (year + 1, 1)


def contracts_then(moment: Moment) -> tuple[list[Opportunity], list[str]]:
    """Contracts whose deliveries have begun are signed or lost; those that are over are left out."""
    taken = {row["place"] for row in moment.openings("opportunity")}
    kept, notes = [], []
    for contract in moment.network.opportunities:
        first = signing_period(contract, moment.plan.periods)
        has_begun = first is not None and first < moment.k
        if contract.ends < moment.period.starts:
            notes.append(f"Contract {contract.id} is over, and left out.")
        elif contract.id in taken and has_begun:
            kept.append(contract.model_copy(update={"is_signed": True}))
            notes.append(f"Contract {contract.id} is signed.")
        elif has_begun:
            notes.append(f"Contract {contract.id} was left, and is left out.")
        else:
            kept.append(contract)
    return kept, notes


def markets_then(moment: Moment, sites: list[Site]) -> list[Market]:
    """Markets with the site that sends them most; none where nobody does, or no existing site."""
    standing = {site.id for site in sites if site.status == "existing"}
    table = moment.plan.tables.shipments
    rows = table.where((table["period"] == moment.period.name) & (contract_of(table) == ""))
    received: dict[str, dict[str, float]] = {}
    for row in rows.rows():
        if row["origin"] in standing:
            at_market = received.setdefault(row["market"], {})
            at_market[row["origin"]] = at_market.get(row["origin"], 0.0) + row["received"]
    return [
        market.model_copy(update={"served_by": _most(received.get(market.id, {}))}) for market in moment.network.markets
    ]


def _most(received: dict[str, float]) -> str:
    return max(sorted(received), key=lambda site: received[site])


def stock_targets(moment: Moment, sites: list[Site]) -> list[StockTarget]:
    """Mean stock of the quarter at each existing site, in whole units."""
    standing = {site.id for site in sites if site.status == "existing"}
    table = moment.plan.tables.stock
    rows = table.where(np.isin(table["period"].astype(str), [moment.period.name]))
    return [
        StockTarget(
            site=row["place"],
            product=row["product"],
            cycle_units=float(round(row["cycle"])),
            safety_units=float(round(row["safety"])),
            season_units=float(round(row["season"])),
        )
        for row in rows.rows()
        if row["place"] in standing
    ]
