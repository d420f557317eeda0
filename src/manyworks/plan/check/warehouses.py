"""Rules of warehouses: which may be used, from when, and how much goes through."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from manyworks.errors import Issue
from manyworks.model.site import Warehouse
from manyworks.plan.check.facts import TOLERANCE, Facts, Floats, Rule, slack, violation
from manyworks.plan.money.goods import used_houses
from manyworks.plan.money.ways import ways_of


def warehouses_are_allowed(facts: Facts) -> Iterator[Issue]:
    """Candidates where the case allows it, after their lead, for good; what stands is in the plan, and is given up only
    where the case may close."""
    first = [period.first_quarter for period in facts.plan.periods]
    case, seen = facts.plan.case, []
    for row in facts.plan.tables.openings.rows():
        if row["kind"] != "warehouse":
            continue
        house: Warehouse = facts.network.get("warehouses", row["place"])
        seen.append(house.id)
        starts = first[facts.index.periods[row["starts"]]]
        decided = first[facts.index.periods[row["decided"]]] if row["decided"] else -1
        if house.status == "existing":
            if row["closes"] and not case.may_close:
                yield _fault("warehouses_are_allowed", house, "may not be given up", row["closes"])
            continue
        if not case.may_use_warehouses:
            yield _fault("warehouses_are_allowed", house, "the case uses no new warehouse", case.name)
        if row["closes"]:
            yield _fault("warehouses_are_allowed", house, "stays once it is used", row["closes"])
        if starts < house.lead_quarters or not 0 <= decided <= starts - house.lead_quarters:
            found = f"decided {row['decided'] or 'never'}, starts {row['starts']}, takes {house.lead_quarters} quarters"
            yield _fault("warehouses_are_allowed", house, "must be decided its lead before it starts", found)
    for house in facts.network.warehouses:
        if seen.count(house.id) > 1 or (house.status == "existing" and house.id not in seen):
            yield _fault("warehouses_are_allowed", house, "must be in the plan once", f"{seen.count(house.id)} times")


def throughput(facts: Facts) -> Iterator[Issue]:
    """Pallets that leave to customers ≤ capacity × years, and none where the warehouse is not used."""
    pallets = _pallets(facts)
    used = used_houses(facts.index, facts.plan.tables, len(facts.plan.periods))
    for house in facts.network.warehouses:
        at = facts.index.places[house.id]
        a_year = np.inf if house.capacity_pallets_per_year is None else house.capacity_pallets_per_year
        most = np.where(used[at] > 0, a_year * facts.years, 0.0)
        limit = np.where(np.isfinite(most), most, 0.0) * TOLERANCE + slack(pallets)
        for t in np.flatnonzero(pallets[at] > most + limit).tolist():
            found = f"{pallets[at, t]:,.1f} of {most[t]:,.1f} pallets in {facts.plan.periods[t].name}"
            yield _fault("throughput", house, "must not handle more than it can", found)


def _pallets(facts: Facts) -> Floats:
    """Pallets that begin the last leg at each place, (places, periods); 0 at places that are no warehouse."""
    table = facts.plan.tables.shipments
    ways = ways_of(facts.prices, facts.index, table)
    per_pallet = np.array([row.units_per_pallet for row in facts.network.products])
    through = np.zeros((len(facts.index.places), len(facts.plan.periods)))
    over = ways.house >= 0
    product, period = facts.index.of(table, "product"), facts.index.of(table, "period")
    np.add.at(through, (ways.house[over], period[over]), (ways.arriving / per_pallet[product])[over])
    return through


def _fault(rule: str, house: Warehouse, message: str, found: str) -> Issue:
    return violation(rule, house.id, message, found)


RULES: tuple[Rule, ...] = (warehouses_are_allowed, throughput)
