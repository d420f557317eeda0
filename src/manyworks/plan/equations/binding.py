"""Limits that bind, and what one more unit of each is worth."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from manyworks.model.purchasing import supplier_capacities
from manyworks.model.table import Table
from manyworks.plan.equations.formulation import Model
from manyworks.plan.equations.levels import hours_unit

Floats = NDArray[np.float64]
WORTH = 1e-6
"""Prices below this share of the money unit are rounding."""


def binding_limits(model: Model, row_price: Floats, reduced_value: Floats, contract_worth: Floats) -> Table:
    """Rows of the model and bounds of people with a price at the plan's whole numbers.

    Prices are present value of npv for one more unit, the design unchanged. ``contract_worth`` (contracts,) in the
    model's unit is that of taking each contract.
    """
    found = [
        *_capacity(model, row_price),
        *_throughput(model, row_price),
        *_suppliers(model, row_price),
        *_people(model, reduced_value),
        *_policy(model, row_price),
        *_contracts(model, contract_worth),
    ]
    header = ("limit", "place", "period", "price", "meaning")
    columns = {name: [row[k] for row in found] for k, name in enumerate(header)}
    return Table(
        {name: np.array(values, dtype=np.float64 if name == "price" else object) for name, values in columns.items()}
    )


Row = tuple[str, str, str, float, str]


def _priced(model: Model, row_price: Floats, name: str) -> Iterator[tuple[tuple[int, ...], float]]:
    rows = model.linear.rows.get(name)
    if rows is not None and rows.size:
        prices = row_price[rows] * model.scale
        for index in np.argwhere(np.abs(row_price[rows]) > WORTH):
            at = tuple(int(i) for i in index)
            yield at, float(prices[at])


def _capacity(model: Model, row_price: Floats) -> Iterator[Row]:
    instance, unit = model.instance, hours_unit(model.instance)
    for (g, t), price in _priced(model, row_price, "capacity"):
        place = instance.places[g]
        site = instance.sites[instance.options[place.option].site]
        worth = price / unit
        packer = instance.options[place.option].packer
        if packer is not None:
            per_unit = instance.hours_per_unit[place.option]
            worth *= float(per_unit[np.isfinite(per_unit)].min(initial=np.inf))
            meaning = f"One more unit that {packer.name} can make would add {worth:,.4f} to the npv."
            yield "packer_capacity", site.id, instance.periods[t].name, worth, meaning
            continue
        meaning = f"One more hour of {place.line.name} at {site.name} would add {worth:,.2f} to the npv."
        yield "line_hours", site.id, instance.periods[t].name, worth, meaning


def _throughput(model: Model, row_price: Floats) -> Iterator[Row]:
    instance = model.instance
    for (w, t), price in _priced(model, row_price, "throughput"):
        house = instance.warehouses[w]
        worth = price / (house.capacity_pallets_per_year or 1.0)
        meaning = f"One more pallet through {house.name} would add {worth:,.2f} to the npv."
        yield "warehouse_throughput", house.id, instance.periods[t].name, worth, meaning


def _suppliers(model: Model, row_price: Floats) -> Iterator[Row]:
    instance = model.instance
    limits = list(supplier_capacities(instance.network).items())
    for (k, t), price in _priced(model, row_price, "supplier_capacity"):
        (supplier, material), most = limits[k]
        worth = price / (most * instance.weights.years[t])
        name = instance.network.get("suppliers", supplier).name
        meaning = f"One more unit of {material} from {name} would add {worth:,.4f} to the npv."
        yield "supplier_capacity", supplier, instance.periods[t].name, float(worth), meaning


def _contracts(model: Model, worth: Floats) -> Iterator[Row]:
    """What taking each contract is worth against leaving it, at the plan's whole numbers."""
    for contract, value in zip(model.instance.contracts, worth * model.scale, strict=True):
        meaning = f"Taking {contract.name} changes the npv by {value:,.2f} against leaving it, the design unchanged."
        yield "contract", contract.id, "", float(value), meaning


def _people(model: Model, reduced_value: Floats) -> Iterator[Row]:
    """Sites that employ, or hire, as many people as they can."""
    instance, columns = model.instance, model.linear.columns
    for name, limit, what in (("people", "labour_pool", "in the pool"), ("hired", "hires_per_quarter", "hired")):
        worth = reduced_value[columns[name]] * model.scale
        for o, t in np.argwhere(reduced_value[columns[name]] > WORTH):
            site = instance.sites[instance.options[o].site]
            meaning = f"One more person {what} at {site.name} would add {worth[o, t]:,.2f} to the npv."
            yield limit, site.id, instance.periods[t].name, float(worth[o, t]), meaning


POLICY = {
    "budget": ("capex_budget", "One more unit of money in the capital budget"),
    "budget_quarter": ("capex_budget_per_quarter", "One more unit of money to invest in this period"),
    "maximum_sites": ("maximum_sites", "One more site open at once"),
    "maximum_site_share": ("maximum_site_share", "One more unit of volume that this site may make"),
}


def _policy(model: Model, row_price: Floats) -> Iterator[Row]:
    instance = model.instance
    for name, (limit, what) in POLICY.items():
        for at, price in _priced(model, row_price, name):
            worth = price / model.scale if name.startswith("budget") else price
            period = instance.periods[at[-1]].name if name != "budget" else ""
            place = instance.sites[instance.options[at[0]].site].id if name == "maximum_site_share" else ""
            yield limit, place, period, worth, f"{what} would add {worth:,.2f} to the npv, the design unchanged."
