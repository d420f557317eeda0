"""What a plan is in days, units and hours, beside its money."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from manyworks.model.lanes import lane_terms
from manyworks.model.places import Located
from manyworks.model.table import Table
from manyworks.plan.result import NetworkPlan
from manyworks.plan.rivals.service import service
from manyworks.units import DAYS_PER_YEAR


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure of a plan in its last planned period, unless it says otherwise; nan where there is none."""

    title: str
    unit: str
    of: Callable[[NetworkPlan], float]


def _last(plan: NetworkPlan, table: str) -> Table:
    rows = plan.tables.items()[table]
    return rows.where(rows["period"] == plan.periods[-1].name)


def _people(plan: NetworkPlan) -> float:
    rows = _last(plan, "labour")
    return float(np.sum(rows["direct"]) + np.sum(rows["indirect"]))


def _kilometres(plan: NetworkPlan) -> float:
    rows, network = _last(plan, "shipments"), plan.network
    makers: list[Located] = [*network.sites, *network.warehouses, *network.co_packers]
    km = lane_terms(network, makers, network.markets).km
    start = {row.id: o for o, row in enumerate(makers)}
    end = {row.id: m for m, row in enumerate(network.markets)}
    units = rows["received"].astype(np.float64)
    way = [km[start[o], end[m]] for o, m in zip(rows["origin"], rows["market"], strict=True)]
    return float(units @ np.array(way) / units.sum()) if units.sum() > 0 else float("nan")


def _changeover_share(plan: NetworkPlan) -> float:
    rows = _last(plan, "production")
    run, change = float(np.sum(rows["run_h"])), float(np.sum(rows["changeover_h"]))
    return 100 * change / (run + change) if run + change > 0 else float("nan")


def _days_of_stock(plan: NetworkPlan) -> float:
    rows, made = _last(plan, "stock"), _last(plan, "shipments")
    units = sum(float(np.sum(rows[name])) for name in ("cycle", "safety", "season", "in_transit"))
    yearly = float(np.sum(made["received"])) * 4 / plan.periods[-1].quarters
    return units / yearly * DAYS_PER_YEAR if yearly > 0 else float("nan")


def _first_product(plan: NetworkPlan) -> float:
    names = [period.name for period in plan.periods]
    begun = [
        plan.periods[names.index(row["starts"])].first_quarter
        for row in plan.tables.openings.rows()
        if row["kind"] == "site" and row["decided"]
    ]
    return float(min(begun)) if begun else float("nan")


def _age(plan: NetworkPlan) -> float:
    return service(plan.network, plan.periods, plan.tables).days


def _days(plan: NetworkPlan) -> float:
    return service(plan.network, plan.periods, plan.tables).days_with_wait


def _unserved(plan: NetworkPlan) -> float:
    return 100 * (1 - service(plan.network, plan.periods, plan.tables).share_served)


FIGURES: Mapping[str, Figure] = {
    "people": Figure(title="people", unit="people", of=_people),
    "distance": Figure(title="way to the customer", unit="km", of=_kilometres),
    "changeover": Figure(title="line hours lost to changeovers", unit="%", of=_changeover_share),
    "stock": Figure(title="stock", unit="days of demand", of=_days_of_stock),
    "first_product": Figure(title="first product of a new site after", unit="quarters", of=_first_product),
    "age": Figure(title="days on the way", unit="days", of=_age),
    "days": Figure(
        title="days until a customer has an order, waiting for the next truck included", unit="days", of=_days
    ),
    "unserved": Figure(title="demand not served", unit="%", of=_unserved),
}
