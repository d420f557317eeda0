"""Every cost of standing and moving goods pushes the plan the way that it should, and strictly.

Each row raises one number of a small document, and says which figures of the best plan must rise or fall with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from manyworks.model.network import Network
from manyworks.plan.design import design_network
from manyworks.plan.result import NetworkPlan
from tests.plan.rich import rich_network

Figure = Callable[[NetworkPlan], float]


def line(name: str) -> Figure:
    """Amount of one money line over the horizon, undiscounted."""
    return lambda plan: float(plan.money.line(name).sum())


def npv(plan: NetworkPlan) -> float:
    return plan.npv


def hired(plan: NetworkPlan) -> float:
    return float(plan.tables.labour["hired"].sum())


def overtime(plan: NetworkPlan) -> float:
    return float(plan.tables.production["overtime_h"].sum())


def unmet(plan: NetworkPlan) -> float:
    return float(plan.tables.unmet["units"].sum())


def first_unmet(plan: NetworkPlan) -> float:
    table = plan.tables.unmet
    return float(table["units"][table["period"] == plan.periods[1].name].sum())


def capital_tied(plan: NetworkPlan) -> float:
    return float(plan.money.net_working_capital[:, 2].sum())


def built(plan: NetworkPlan) -> float:
    return float(sum(row["kind"] == "site" and bool(row["decided"]) for row in plan.tables.openings.rows()))


@dataclass(frozen=True, kw_only=True)
class Direction:
    """``low`` and ``high`` values of ``field`` in every row of ``collection``, or in the one with the id ``only``.

    Each of ``figures`` must be higher (+1) or lower (−1) with the high value, by more than ``least``. ``is_green``: the
    document has no existing site. ``also``: collection to fields that both documents get in every row.
    """

    collection: str
    field: str
    low: Any
    high: Any
    figures: tuple[tuple[Figure, int], ...]
    least: float = 1.0
    only: str = ""
    case: str = "do_nothing"
    network: dict[str, Any] = field(default_factory=dict)
    is_green: bool = False
    also: dict[str, dict[str, Any]] = field(default_factory=dict)


FULL = {"demand": 9}
"""Two lines that cannot make all that is asked for."""
NEW = {"case": "distributed", "network": {"demand": 3, "freight": 12}}
"""Micro-factories are built and the existing plant closes."""
LOWER, HIGHER = -1, +1

DIRECTIONS = {
    "copy_saving": Direction(
        collection="templates", field="copy_saving_share", low=0.0, high=0.3,
        figures=((npv, HIGHER), (line("capex"), HIGHER)), **NEW,
    ),
    "indirect_staff": Direction(
        collection="templates", field="indirect_staff", low=2, high=3,
        figures=((npv, LOWER), (line("indirect_labour"), LOWER)),
    ),
    "indirect_staff_is_for_a_site_not_for_its_lines": Direction(
        collection="templates", field="indirect_staff", low=1, high=900, figures=((built, LOWER),), least=0.5,
        only="micro", **NEW,
    ),
    "wage_rise": Direction(
        collection="sites", field="wage_rise_per_pool_share", low=0.0, high=3.0,
        figures=((npv, LOWER), (line("direct_labour"), LOWER)),
    ),
    "hires_per_quarter": Direction(
        collection="sites", field="hires_per_quarter", low=1.0, high=40.0, figures=((npv, HIGHER), (unmet, LOWER)),
        **NEW,
    ),
    "turnover": Direction(
        collection="sites", field="turnover_per_year", low=0.0, high=0.6, figures=((npv, LOWER), (hired, HIGHER)),
    ),
    "hiring_cost": Direction(
        collection="policy", field="hiring_cost", low=0.0, high=9000.0,
        figures=((npv, LOWER), (line("hiring_training"), LOWER)),
    ),
    "closure_cost": Direction(
        collection="sites", field="closure_cost", low=0.0, high=900_000.0,
        figures=((npv, LOWER), (line("closure"), LOWER)), **NEW,
    ),
    "incentive_amount": Direction(
        collection="sites", field="incentive_amount", low=0.0, high=90_000.0,
        figures=((npv, HIGHER), (line("incentives"), HIGHER)), **NEW,
    ),
    "incentive_share": Direction(
        collection="sites", field="incentive_capex_share", low=0.0, high=0.2,
        figures=((npv, HIGHER), (line("incentives"), HIGHER)), **NEW,
    ),
    "property_tax": Direction(
        collection="sites", field="property_tax_share", low=0.0, high=0.02,
        figures=((npv, LOWER), (line("property_tax"), LOWER)),
    ),
    "receivable_days": Direction(
        collection="finance", field="receivable_days", low=15, high=90,
        figures=((npv, LOWER), (capital_tied, HIGHER)), is_green=True, **NEW,
    ),
    "payable_days": Direction(
        collection="finance", field="payable_days", low=0, high=60,
        figures=((npv, HIGHER), (capital_tied, LOWER)), is_green=True, **NEW,
    ),
    "ramp": Direction(
        collection="templates", field="ramp", low=[0.2, 0.4], high=[], figures=((npv, HIGHER),), **NEW,
    ),
    "stand_up": Direction(
        collection="templates", field="stand_up_quarters", low=1, high=3, figures=((npv, LOWER),), only="micro", **NEW,
    ),
    "line_lead": Direction(
        collection="templates", field="line_lead_quarters", low=1, high=3,
        figures=((npv, LOWER), (first_unmet, HIGHER)), network=FULL, case="second_line",
    ),
    "demand_charge": Direction(
        collection="sites", field="demand_charge_per_kw_month", low=0.0, high=20.0,
        figures=((npv, LOWER), (line("energy"), LOWER)),
    ),
    "rent": Direction(
        collection="sites", field="rent_per_m2_year", low=0.0, high=90.0,
        figures=((npv, LOWER), (line("rent"), LOWER)),
    ),
    "discount_rate": Direction(
        collection="finance", field="discount_rate", low=0.05, high=0.12, figures=((npv, LOWER),),
    ),
    "tax_rate": Direction(
        collection="finance", field="tax_rate", low=0.1, high=0.4, figures=((npv, LOWER), (line("tax"), LOWER)),
    ),
    "salvage": Direction(
        collection="templates", field="salvage_share", low=0.0, high=0.4,
        figures=((npv, HIGHER), (line("salvage"), HIGHER)),
    ),
    "overtime_premium": Direction(
        collection="calendars", field="overtime_premium", low=0.0, high=2.0,
        figures=((npv, LOWER), (line("overtime"), LOWER)), network=FULL, also={"calendars": {"overtime_share": 0.2}},
    ),
    "overtime_share": Direction(
        collection="calendars", field="overtime_share", low=0.0, high=0.2,
        figures=((npv, HIGHER), (unmet, LOWER), (overtime, HIGHER)), network=FULL,
    ),
    "shelf_life": Direction(
        collection="products", field="shelf_life_days", low=93.0, high=270.0, figures=((npv, HIGHER),),
        also={"products": {"minimum_remaining_life_days": 90.0}},
    ),
    "damage": Direction(
        collection="freight_modes", field="damage_share_per_1000_km", low=0.0, high=0.02,
        figures=((npv, LOWER), (line("transit_damage"), LOWER)),
    ),
    "duty": Direction(
        collection="duties", field="ad_valorem_share", low=0.0, high=0.3,
        figures=((npv, LOWER), (line("outbound_duty"), LOWER)),
    ),
    "stock_cost": Direction(
        collection="policy", field="stock_cost_share_per_year", low=0.0, high=0.2,
        figures=((npv, LOWER), (line("cycle_stock"), LOWER)),
    ),
    "upgrade_downtime": Direction(
        collection="upgrades", field="downtime_weeks", low=0.0, high=6.0, figures=((npv, LOWER),), network=FULL,
        case="improve",
    ),
    "upgrade_capex": Direction(
        collection="upgrades", field="capex", low=2e5, high=9e5, figures=((npv, LOWER), (line("capex"), LOWER)),
        network=FULL, case="improve",
    ),
}  # fmt: skip

UPGRADE = {"id": "speed", "name": "Faster", "site": "albany", "capex": 5e5, "rate_factor": 1.4, "lead_quarters": 2}


def planned(row: Direction, value: Any) -> NetworkPlan:
    """The best plan with the field at ``value``."""
    data = rich_network(**row.network, finance={"years": 1}).model_dump(mode="json")
    data["upgrades"] = [dict(UPGRADE)]
    if row.is_green:
        data |= {"sites": data["sites"][1:], "installed_lines": [], "upgrades": []}
    for name, fields in row.also.items():
        data[name] = [there | fields for there in data[name]]
    if isinstance(data[row.collection], dict):
        data[row.collection] |= {row.field: value}
    else:
        data[row.collection] = [
            there | {row.field: value} if row.only in ("", there.get("id")) else there for there in data[row.collection]
        ]
    return design_network(Network.model_validate(data), case=row.case, gap=1e-5)


@pytest.mark.parametrize("name", DIRECTIONS)
def test_a_cost_pushes_the_plan_its_way(name):
    row = DIRECTIONS[name]
    low, high = planned(row, row.low), planned(row, row.high)
    for figure, sign in row.figures:
        assert sign * (figure(high) - figure(low)) > row.least
