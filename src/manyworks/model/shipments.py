"""How many loads a shipment is, which measure fills them, and what it costs on its own.

Goods fill a vehicle by mass, by cube or by pallet places; what fills it first counts the loads. Whole loads pay in
full, the rest goes as a part load. How often: ``replenishment``; several markets on one vehicle: ``rounds``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from manyworks.model.freight import FreightBreak, FreightMode
from manyworks.model.product import Product
from manyworks.units import DAYS_PER_YEAR, KG_PER_TONNE, LITRES_PER_M3

Array = NDArray[np.float64]
MEASURES = ("mass", "cube", "pallets")
"""What may fill a vehicle first, in the order of ``LaneTable.measure``."""
TINY = 1e-9
"""Loads and pallets are counted with this slack, so that rounding errors of the last digit book no vehicle."""


@dataclass(frozen=True, kw_only=True)
class Goods:
    """What the destinations of a mode take: each array of shape (origins, destinations) unless said.

    ``kg_per_year`` and ``m3_per_year``; ``kg_per_unit`` (origins, destinations, products); ``units_per_year``
    (destinations, products).
    """

    products: Sequence[Product]
    units_per_year: Array
    kg_per_unit: Array
    kg_per_year: Array
    m3_per_year: Array


def goods(products: Sequence[Product], units_per_year: Array, kg_per_unit: Array) -> Goods:
    """Mass and volume of what every destination takes from every origin."""
    litres = units_per_year @ np.array([row.volume_l for row in products], dtype=np.float64)
    return Goods(
        products=products,
        units_per_year=units_per_year,
        kg_per_unit=kg_per_unit,
        kg_per_year=np.einsum("odp,dp->od", kg_per_unit, units_per_year),
        m3_per_year=np.broadcast_to(litres / LITRES_PER_M3, kg_per_unit.shape[:2]),
    )


def shipment_loads(mode: FreightMode, taken: Goods, interval_days: ArrayLike) -> tuple[Array, NDArray[np.intp]]:
    """Loads of the shipment of one interval, (origins, destinations), and the measure that counts them."""
    years = np.asarray(interval_days, dtype=np.float64) / DAYS_PER_YEAR
    floor = pallets(mode, taken.products, taken.units_per_year, years).sum(axis=2) / mode.pallets
    if mode.part_pallets == "mixed":
        floor = _rounded_up(floor * mode.pallets) / mode.pallets
    loads = np.stack([taken.kg_per_year * years / mode.payload_kg, taken.m3_per_year * years / mode.cube_m3, floor])
    measure = loads.argmax(axis=0)
    return np.take_along_axis(loads, measure[None], axis=0)[0], measure


def pallets(mode: FreightMode, products: Sequence[Product], units_per_year: Array, years: Array) -> Array:
    """Pallets of each product in one shipment, (origins, destinations, products); products on pallets of their own are
    rounded up."""
    count = units_per_year / np.array([row.units_per_pallet for row in products]) * years[..., None]
    return _rounded_up(count) if mode.part_pallets == "product" else np.asarray(count)


def unit_shares(mode: FreightMode, taken: Goods, interval_days: Array, measure: NDArray[np.intp]) -> Array:
    """Share of the price of a shipment that one unit pays, (origins, destinations, products).

    Its part of the measure that counts the loads, so that all units pay exactly the shipment. A pair that takes nothing
    has no shipment: there it is the share of a full load.
    """
    years = np.asarray(interval_days, dtype=np.float64) / DAYS_PER_YEAR
    per_pallet = 1 / np.array([row.units_per_pallet for row in taken.products]) / mode.pallets
    cube = np.array([row.volume_l for row in taken.products]) / LITRES_PER_M3 / mode.cube_m3
    mass, by = taken.kg_per_unit / mode.payload_kg, measure[:, :, None]
    if mode.part_pallets == "product":
        units = taken.units_per_year * years[..., None]
        places = pallets(mode, taken.products, taken.units_per_year, years) / mode.pallets
        per_pallet = np.where(units > 0, places / np.where(units > 0, units, 1.0), per_pallet)
    share = np.where(by == 0, mass, np.where(by == 1, cube, per_pallet))
    total = np.einsum("odp,dp->od", share, taken.units_per_year) * years
    alone = np.maximum(
        np.maximum(mass, cube), 1 / np.array([r.units_per_pallet for r in taken.products]) / mode.pallets
    )
    moving = total[:, :, None] > 0
    return np.where(moving, share / np.where(moving, total[:, :, None], 1.0), alone)


def shipment_price(
    mode: FreightMode,
    breaks: Sequence[FreightBreak],
    loads: Array,
    km: Array,
    empty_share: ArrayLike | None = None,
) -> Array:
    """Price of shipments of ``loads`` full loads (2.3 is two full ones and a part load) over ``km``; any equal shapes.

    full = max(minimum_cost, km × cost_per_km × (1 + empty_share)) + stop_cost. A part load pays the price breaks of its
    mode, else its share of a full load × (1 + part_load_premium), and never more than a full load.
    """
    whole, part = parted(loads)
    return np.asarray(
        whole * full_load_price(mode, km, empty_share) + part_load_price(mode, breaks, part, km, empty_share)
    )


def parted(loads: Array) -> tuple[Array, Array]:
    """Whole loads, and the part load that is left."""
    whole = np.floor(loads + TINY)
    part = np.maximum(loads - whole, 0.0)
    return whole, np.where(part > TINY, part, 0.0)


def part_load_price(
    mode: FreightMode,
    breaks: Sequence[FreightBreak],
    part: Array,
    km: Array,
    empty_share: ArrayLike | None = None,
) -> Array:
    """Price of a part load that goes straight to its market; 0 for no load."""
    full = full_load_price(mode, km, empty_share)
    price = _break_price(breaks, part * mode.payload_kg, km) if breaks else part * (1 + mode.part_load_premium) * full
    return np.asarray(np.where(part > 0, np.minimum(price, full), 0.0))


def full_load_price(mode: FreightMode, km: Array, empty_share: ArrayLike | None = None) -> Array:
    """Price of one full load over ``km`` travelled; the share of empty km is the mode's unless stated."""
    return np.asarray(np.maximum(mode.minimum_cost, km * km_price(mode, empty_share)) + mode.stop_cost)


def km_price(mode: FreightMode, empty_share: ArrayLike | None = None) -> Array:
    """Price of a loaded km with the empty ones that are paid."""
    return np.asarray(mode.cost_per_km * (1 + np.asarray(mode.empty_share if empty_share is None else empty_share)))


def _break_price(breaks: Sequence[FreightBreak], kg: Array, km: Array) -> Array:
    """Cheapest way to rate a part load; its mass may be declared up to the next break, as tariffs allow.

    ``kg`` is chargeable: bulky goods count the mass of the share of the truck that they fill.
    """
    ways = [
        np.maximum(row.minimum_cost, np.maximum(kg, row.from_kg) / KG_PER_TONNE * km * row.cost_per_tonne_km)
        for row in breaks
    ]
    return np.asarray(np.min(ways, axis=0))


def _rounded_up(count: Array) -> Array:
    return np.asarray(np.ceil(count - TINY))
