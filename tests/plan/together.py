"""One small document that offers everything: an upgrade, a warehouse, a co-packer, tiers, orders and capacities."""

from __future__ import annotations

from typing import Any

from tests.plan.outside import HOUSE, PACKER
from tests.plan.supplied import supplied_network

OFFERS = (
    {"price_per_unit": 1.8, "minimum_order_units": 2e4},
    {"price_per_unit": 1.5, "from_units_per_year": 9e5},
    {"supplier": "importer", "price_per_unit": 1.9, "capacity_units_per_year": 6e5},
)
UPGRADE = {
    "id": "quick_change",
    "name": "Quick change",
    "site": "albany",
    "capex": 60_000,
    "rate_factor": 1.3,
    "changeover_factor": 0.5,
    "lead_quarters": 2,
    "downtime_weeks": 2,
}


def together_data(**packer: Any) -> dict[str, Any]:
    """The tiny network, twice the demand, dear freight; ``packer`` changes the co-packer's terms."""
    data = supplied_network(*OFFERS, freight=6.0, supplier_freight=60.0).model_dump()
    data["policy"] |= {"storage_fee_per_pallet_month": 12.0, "unmet_penalty_share": 0.0}
    for rule in data["demand_rules"]:
        rule["units_per_head_year"] *= 6.0
    data["templates"] = [row | {"maximum_lines": 2} if row["id"] == "big" else row for row in data["templates"]]
    data["freight_modes"] = [row | {"part_load_premium": 1.5, "replenishment_days": 3} for row in data["freight_modes"]]
    data["warehouses"] = [HOUSE]
    near = {"lat": 41.8, "lon": -87.6, "toll_fee_per_unit": 0.001, "capacity_units_per_year": 12_000_000}
    terms = near | {"minimum_run_units": 50_000, "take_or_pay_units_per_year": 100_000}
    data["co_packers"] = [PACKER | terms | packer]
    data["upgrades"] = [UPGRADE]
    data["finance"] |= {"years": 1}
    return data
