"""What it costs, takes and spoils to bring a unit from a place to a market.

A market is replenished at intervals with all its products together. What fills first, mass, cube or pallet places,
counts the loads of one shipment; whole loads pay the full price, the rest goes as a part load. The cost falls on the
products by their share of the measure that binds, so that the units shipped pay exactly the shipments. Every pair is
priced as if the market took its whole demand from that origin. Left out: rounds with several drops, part pallets
rounded up, return loads beyond ``empty_share``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.freight import FreightBreak, FreightMode
from manyworks.model.lanes import LaneTerms, lane_terms
from manyworks.model.network import Network
from manyworks.model.places import Located, places
from manyworks.units import DAYS_PER_YEAR, KG_PER_TONNE, LITRES_PER_M3

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class LaneTable:
    """Every pair of origin and destination; shapes (origins, destinations) and (origins, destinations, products).

    ``days`` from loading to receipt with standard deviation ``days_sd``; ``interval_days`` between shipments, 0 where
    customers fetch; ``loads_per_shipment`` of one interval. ``freight_per_unit`` and ``packaging_per_unit`` are money,
    ``co2_kg_per_unit`` kg CO2e. ``damage_share`` of the units that leave do not arrive. ``is_allowed``: goods may go
    this way; ``is_fresh``: a product that leaves on the day it is made arrives with the life that customers ask for.
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    km: Array
    days: Array
    days_sd: Array
    interval_days: Array
    loads_per_shipment: Array
    damage_share: Array
    is_allowed: NDArray[np.bool_]
    is_picked_up: NDArray[np.bool_]
    freight_per_unit: Array
    packaging_per_unit: Array
    co2_kg_per_unit: Array
    is_fresh: NDArray[np.bool_]


def lane_table(
    network: Network, origins: Sequence[Located], destinations: Sequence[Located], units_per_year: Array
) -> LaneTable:
    """Terms of every pair; ``units_per_year`` has shape (destinations, products), the volume that sizes the loads.

    Duty is apart: ``duties.product_duties``.
    """
    terms = lane_terms(network, origins, destinations)
    fetched = _is_picked_up(terms, destinations)
    freight, loads = _freight(network, terms, np.asarray(units_per_year, dtype=np.float64))
    packaging, extra_kg = _packaging(network, terms.km)
    mass_kg = np.array([row.mass_kg for row in network.products]) + extra_kg
    here = ~fetched
    return LaneTable(
        origins=tuple(row.id for row in origins),
        destinations=tuple(row.id for row in destinations),
        km=terms.km,
        days=terms.days * here,
        days_sd=terms.days_sd * here,
        interval_days=terms.interval_days * here,
        loads_per_shipment=loads * here,
        damage_share=_damage(network, terms) * here,
        is_allowed=terms.is_allowed | fetched,
        is_picked_up=fetched,
        freight_per_unit=freight * here[:, :, None],
        packaging_per_unit=packaging * here[:, :, None],
        co2_kg_per_unit=mass_kg
        * (_by_mode(network, terms, "co2_kg_per_tonne_km") * terms.km * here)[:, :, None]
        / KG_PER_TONNE,
        is_fresh=(terms.days * here)[:, :, None] <= _days_to_spare(network),
    )


def shipment_price(mode: FreightMode, breaks: Sequence[FreightBreak], loads: Array, km: Array) -> Array:
    """Price of shipments of ``loads`` full loads (2.3 is two full ones and a part load) over ``km``; any equal shapes.

    full = max(minimum_cost, km × cost_per_km × (1 + empty_share)) + stop_cost. A part load pays the price breaks of its
    mode, else its share of a full load × (1 + part_load_premium), and never more than a full load.
    """
    full = full_load_price(mode, km)
    whole = np.floor(loads + 1e-9)
    part = np.maximum(loads - whole, 0.0)
    price = part * (1 + mode.part_load_premium) * full
    if breaks:
        price = _break_price(breaks, part * mode.payload_kg, km)
    return np.asarray(whole * full + np.where(part > 1e-9, np.minimum(price, full), 0.0))


def full_load_price(mode: FreightMode, km: Array) -> Array:
    """Price of one full load over ``km`` travelled."""
    return np.asarray(np.maximum(mode.minimum_cost, km * mode.cost_per_km * (1 + mode.empty_share)) + mode.stop_cost)


def _break_price(breaks: Sequence[FreightBreak], kg: Array, km: Array) -> Array:
    """Cheapest way to rate a part load; its mass may be declared up to the next break, as tariffs allow.

    ``kg`` is chargeable: bulky goods count the mass of the share of the truck that they fill.
    """
    ways = [
        np.maximum(row.minimum_cost, np.maximum(kg, row.from_kg) / KG_PER_TONNE * km * row.cost_per_tonne_km)
        for row in breaks
    ]
    return np.asarray(np.min(ways, axis=0))


def _freight(network: Network, terms: LaneTerms, units_per_year: Array) -> tuple[Array, Array]:
    """Freight per unit (origins, destinations, products), and loads of one shipment (origins, destinations)."""
    _, extra_kg = _packaging(network, terms.km)
    mass_kg = np.array([row.mass_kg for row in network.products]) + extra_kg
    freight, loads = np.zeros(mass_kg.shape), np.zeros(terms.km.shape)
    for position, mode in enumerate(network.freight_modes):
        o, d = np.nonzero(terms.mode == position)
        if len(o):
            breaks = [row for row in network.freight_breaks if row.mode == mode.id]
            use, volume = _load_shares(network, mode, mass_kg[o, d], units_per_year[d])
            per_shipment = volume * terms.interval_days[o, d] / DAYS_PER_YEAR
            freight[o, d] = use * _price_per_load(mode, breaks, per_shipment, terms.km[o, d])[:, None]
            loads[o, d] = per_shipment
    stated = np.where(
        np.isnan(terms.cost_per_tonne)[:, :, None], freight, mass_kg / KG_PER_TONNE * terms.cost_per_tonne[:, :, None]
    )
    return np.where(np.isnan(terms.cost_per_unit)[:, :, None], stated, terms.cost_per_unit[:, :, None]), loads


def _load_shares(network: Network, mode: FreightMode, mass_kg: Array, units: Array) -> tuple[Array, Array]:
    """Loads per unit (pairs, products) of the measure that binds for the pair's mix, and loads a year (pairs,).

    A pair without demand takes each product's own binding measure.
    """
    cube = np.array([row.volume_l for row in network.products]) / LITRES_PER_M3 / mode.cube_m3
    floor = 1 / np.array([row.units_per_pallet for row in network.products]) / mode.pallets
    measures = np.stack(np.broadcast_arrays(mass_kg / mode.payload_kg, cube, floor))  # (3, pairs, products)
    volumes = (measures * units).sum(axis=2)
    binding = volumes.argmax(axis=0)
    pairs = np.arange(len(binding))
    volume = volumes[binding, pairs]
    use = np.where(volume[:, None] > 0, measures[binding, pairs], measures.max(axis=0))
    return use, volume


def _price_per_load(mode: FreightMode, breaks: Sequence[FreightBreak], loads: Array, km: Array) -> Array:
    """Mean price of one load when shipments have ``loads``; of a full load where nothing is shipped."""
    moving = loads > 0
    price = shipment_price(mode, breaks, np.where(moving, loads, 1.0), km)
    return np.asarray(price / np.where(moving, loads, 1.0))


def _packaging(network: Network, km: Array) -> tuple[Array, Array]:
    """Money and kg of extra packaging per unit, (origins, destinations, products); rows of a product add up."""
    cost, mass = (np.zeros((*km.shape, len(network.products))) for _ in range(2))
    at = {row.id: p for p, row in enumerate(network.products)}
    for row in network.packaging:
        beyond = km > row.beyond_km
        cost[:, :, at[row.product]] += beyond * row.cost_per_unit
        mass[:, :, at[row.product]] += beyond * row.mass_kg_per_unit
    return cost, mass


def _damage(network: Network, terms: LaneTerms) -> Array:
    share = _by_mode(network, terms, "damage_share")
    share = share + _by_mode(network, terms, "damage_share_per_1000_km") * terms.km / 1000
    return np.minimum(share, 1.0)


def _by_mode(network: Network, terms: LaneTerms, name: str) -> Array:
    return np.array([*(getattr(row, name) for row in network.freight_modes), 0.0])[terms.mode]


def _is_picked_up(terms: LaneTerms, destinations: Sequence[Located]) -> NDArray[np.bool_]:
    """Pairs so near that customers fetch the goods; a market of 0 km has no such customers."""
    reach = places(destinations).pick_up_km
    return (reach > 0) & (terms.km <= reach) & terms.is_allowed


def _days_to_spare(network: Network) -> Array:
    """Days (products,) that a product may spend before receipt; inf where it does not spoil."""
    return np.array(
        [
            np.inf if row.shelf_life_days is None else row.shelf_life_days - row.minimum_remaining_life_days
            for row in network.products
        ]
    )
