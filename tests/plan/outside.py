"""The tiny network with a co-packer in Iowa, to be planned beside its one factory."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from manyworks.model.network import Network
from manyworks.model.table import Table
from manyworks.plan.design import design_network
from manyworks.plan.result import NetworkPlan
from tests.networks import tiny_data

HOUSE = {
    "id": "tacoma",
    "name": "Tacoma",
    "lat": 47.25,
    "lon": -122.44,
    "throughput_fee_per_pallet": 6.0,
    "storage_fee_per_pallet_month": 8.0,
    "fixed_cost_per_year": 10_000.0,
}
PACKER = {
    "id": "helper",
    "name": "Helper foods, Iowa",
    "lat": 41.6,
    "lon": -93.6,
    "toll_fee_per_unit": 0.02,
    "capacity_units_per_year": 4_000_000,
    "lead_quarters": 1,
}


def packed_network(
    *, finance: dict[str, Any] | None = None, policy: dict[str, Any] | None = None, **packer: Any
) -> Network:
    """The tiny network with one co-packer; ``packer`` changes his terms."""
    data = tiny_data(finance=finance or {}, policy=policy or {})
    data["co_packers"] = [PACKER | packer]
    return Network.model_validate(data)


def packed_plan(case: str = "co_packer", **packer: Any) -> NetworkPlan:
    """The best plan of the tiny network with a co-packer."""
    return design_network(packed_network(**packer), case=case, gap=1e-7)


def forward_network(*, damage: float = 0.002, policy: dict[str, Any] | None = None, **house: Any) -> Network:
    """The tiny network with a warehouse near Seattle; ``house`` changes its terms."""
    data = tiny_data(policy={"unmet_penalty_share": 0.0, "storage_fee_per_pallet_month": 12.0} | (policy or {}))
    data["freight_modes"] = [
        row | {"damage_share": damage, "part_load_premium": 1.5, "replenishment_days": 3}
        for row in data["freight_modes"]
    ]
    data["warehouses"] = [HOUSE | house]
    return Network.model_validate(data)


def forward_plan(case: str = "warehouses", **terms: Any) -> NetworkPlan:
    """The best plan of the tiny network with a warehouse."""
    return design_network(forward_network(**terms), case=case, gap=1e-7)


@cache
def sound_forward_plan() -> NetworkPlan:
    """A plan whose goods for Seattle go over the warehouse."""
    return forward_plan()


@cache
def sound_packed_plan() -> NetworkPlan:
    """A plan with a co-packer who asks for lots."""
    return packed_plan(minimum_run_units=100_000)


def with_rows(plan: NetworkPlan, name: str, **columns: Any) -> NetworkPlan:
    """``plan`` with columns of one of its tables changed by functions of their values."""
    old = getattr(plan.tables, name)
    changed = {
        column: np.asarray(change(old[column].copy()), dtype=old[column].dtype) for column, change in columns.items()
    }
    return replace(plan, tables=replace(plan.tables, **{name: Table(dict(old.columns) | changed)}))
