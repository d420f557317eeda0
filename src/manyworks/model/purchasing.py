"""What depends on how much a site really buys: quantity tiers, smallest orders, and what a supplier can deliver.

A *contested* need is a place in a product's bill where one of the materials has an offer with several tiers, a
smallest order or a capacity. Who supplies it is a decision of the plan; all other needs take the cheapest source.
An order below the smallest one is not accepted: who uses less than it in a review interval orders less often and keeps
the rest in stock, and who uses less than one order a year cannot buy there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from manyworks.model.network import Network
from manyworks.model.product import BillItem
from manyworks.model.supply_costs import Source, alternatives, quantity_bought
from manyworks.units import DAYS_PER_YEAR

Array = NDArray[np.float64]
REACHED = 1 - 1e-5
"""Share of a threshold from which it counts as reached: what a solver rounds must not change a price."""


@dataclass(frozen=True, kw_only=True)
class Need:
    """One place in the bill of ``product`` (position): materials to choose from, with units bought per good unit."""

    product: int
    materials: tuple[str, ...]
    quantities: tuple[float, ...]


def contested_needs(network: Network) -> list[Need]:
    """Needs whose source depends on quantities, in the order of products and bill."""
    special = _special(network)
    return [
        _need(network, p, group)
        for p, product in enumerate(network.products)
        for group in alternatives(item for item in network.bill if item.product == product.id)
        if any(item.material in special for item in group)
    ]


def contested_pairs(network: Network) -> frozenset[tuple[str, str]]:
    """Products with the materials of their contested needs."""
    return frozenset(
        (network.products[need.product].id, material)
        for need in contested_needs(network)
        for material in need.materials
    )


def _need(network: Network, product: int, group: Iterable[BillItem]) -> Need:
    items = tuple(group)
    return Need(
        product=product,
        materials=tuple(item.material for item in items),
        quantities=tuple(quantity_bought(network, item) for item in items),
    )


def _special(network: Network) -> set[str]:
    tiers: dict[tuple[str, str, str | None], int] = {}
    special = set()
    for row in network.offers:
        key = (row.supplier, row.material, row.mode)
        tiers[key] = tiers.get(key, 0) + 1
        if tiers[key] > 1 or row.minimum_order_units > 0 or row.capacity_units_per_year is not None:
            special.add(row.material)
    local = {row.id for row in network.materials if row.is_local}
    return special - local


def supplier_capacities(network: Network) -> dict[tuple[str, str], float]:
    """(supplier, material) to the most that all sites together can buy a year; the smallest figure that is stated."""
    found: dict[tuple[str, str], float] = {}
    for row in network.offers:
        if row.capacity_units_per_year is not None:
            key = (row.supplier, row.material)
            found[key] = min(found.get(key, np.inf), row.capacity_units_per_year)
    return found


def order_stock(bought_per_year: ArrayLike, minimum_order: ArrayLike, review_days: float) -> Array:
    """Mean extra units that lie because orders are larger than what a review interval uses: half the difference."""
    used = np.asarray(bought_per_year, dtype=np.float64)
    least = np.asarray(minimum_order, dtype=np.float64)
    extra = np.maximum(least - used * review_days / DAYS_PER_YEAR, 0.0) / 2
    return np.asarray(np.where(used > 0, extra, 0.0))


def tier_reached(tiers: Sequence[Source], a_year: Array) -> NDArray[np.intp]:
    """Position of the highest of a seller's ``tiers``, smallest first, that a yearly quantity reaches; -1 below the
    smallest order."""
    starts = np.array([tier.from_units for tier in tiers]) * REACHED
    reached = np.searchsorted(starts, a_year, side="right") - 1
    return np.asarray(np.where(a_year < tiers[0].minimum_order * REACHED, -1, reached))
