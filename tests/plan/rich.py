"""The tiny network with every kind of money in it, in variants that make the plan open, extend or close sites."""

from __future__ import annotations

from typing import Any

from manyworks.model.network import Network
from tests.networks import tiny_data

FINANCE = {"terminal_years": 6.5, "terminal_growth": 0.01, "receivable_days": 45, "payable_days": 30, "years": 3}
POLICY = {
    "storage_fee_per_pallet_month": 12.0,
    "unmet_penalty_share": 0.05,
    "hiring_cost": 1500.0,
    "training_hours": 80.0,
    "stock_cost_share_per_year": 0.08,
    "segregation": [],
}
SITE = {
    "wage_rise_per_pool_share": 1.5,
    "labour_pool": 400.0,
    "hireable_share": 0.2,
    "hires_per_quarter": 40.0,
    "turnover_per_year": 0.3,
    "demand_charge_per_kw_month": 9.0,
    "property_tax_share": 0.012,
    "incentive_amount": 50_000.0,
    "incentive_capex_share": 0.05,
    "closure_cost": 400_000.0,
}
LINE = {"kw_idle": 15.0, "fill_min": 5.0, "startup_scrap_units": 60.0, "service_per_year": 30_000.0}
TEMPLATE = {
    "copy_saving_share": 0.15,
    "indirect_staff_per_line": 0.5,
    "fixed_cost_per_year": 40_000.0,
    "storage_pallets": 20.0,
    "depreciation_years": 5.0,
    "ramp": [0.5, 0.8],
}


def rich_network(
    *,
    demand: float = 1.0,
    freight: float = 1.0,
    micro_capex: float = 1.0,
    wage: float = 1.0,
    duty: bool = True,
    finance: dict[str, Any] | None = None,
    policy: dict[str, Any] | None = None,
    opportunities: list[dict[str, Any]] | None = None,
) -> Network:
    """The rich network; factors scale the base numbers."""
    data = tiny_data(finance=FINANCE | (finance or {}), policy=POLICY | (policy or {}))
    data["sites"] = [row | SITE | {"wage_per_h": row["wage_per_h"] * wage} for row in data["sites"]]
    data["sites"].append(
        data["sites"][1]
        | {"id": "gary", "name": "Gary, Indiana", "lat": 41.6, "lon": -87.34, "timezone": "America/Chicago"}
    )
    data["lines"] = [row | LINE for row in data["lines"]]
    data["templates"] = [row | TEMPLATE for row in data["templates"]]
    data["templates"][1]["capex"] *= micro_capex
    data["lines"][1]["capex"] *= micro_capex
    data["templates"][0]["ramp"] = []
    data["sanitations"] = [{"id": "weekly", "every_h": 60, "minutes": 90, "cost": 200}]
    data["changeovers"][0] |= {"cost": 40, "crew": 2, "scrap_units": 30}
    data["packaging"] = [{"product": "salted_nuts", "beyond_km": 1500, "cost_per_unit": 0.02, "mass_kg_per_unit": 0.01}]
    data["freight_modes"] = [
        row | {"damage_share": 0.002, "damage_share_per_1000_km": 0.004, "cost_per_km": 1.6 * freight}
        for row in data["freight_modes"]
    ]
    for rule in data["demand_rules"]:
        rule["units_per_head_year"] *= demand
        rule["growth_per_year"] = 0.03
    data["installed_lines"] = [row | {"book_value": 1_000_000.0, "book_years": 4} for row in data["installed_lines"]]
    if duty:
        data["products"] = [row | {"duty_class": "20"} for row in data["products"]]
        data["sites"][0] |= {"tariff_zone": "south"}
        data["duties"] = [
            {"origin_zone": "south", "destination_zone": "US", "ad_valorem_share": 0.1, "starts": "2027-11-15"}
        ]
    data["opportunities"] = opportunities or []
    return Network.model_validate(data)


AIRLINE = {
    "id": "airline",
    "name": "Airline snacks",
    "market": "atlanta",
    "product": "oat_bar",
    "units_per_quarter": 500_000,
    "price": 1.0,
    "starts": "2027-08-10",
    "ends": "2029-06-30",
    "one_off_cost": 40_000.0,
    "penalty_per_unit": 0.1,
}
SCHOOLS = AIRLINE | {
    "id": "schools",
    "name": "School meals",
    "market": "seattle",
    "product": "salted_nuts",
    "units_per_quarter": 300_000,
    "price": 2.1,
    "starts": "2028-01-01",
    "ends": "2035-12-31",
    "penalty_per_unit": 0.3,
}
CHEAP = AIRLINE | {"id": "discount", "name": "Discounter", "market": "chicago", "price": 0.05}
CONTRACTS = [SCHOOLS, AIRLINE, CHEAP]
"""Two contracts that pay, the second beyond the horizon, and one that does not."""
