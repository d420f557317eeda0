"""What it costs, takes and spoils to bring a unit from a place to a market.

A market is replenished at intervals with all its products together: whole loads straight to it, the part load that is
left straight or on a round with its neighbours, whichever is cheaper. The cost falls on the products by their share of
the measure that binds, so that the units shipped pay exactly the shipments. Every pair is priced as if the market, and
the neighbours on its round, took their whole demand from that origin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.lanes import LaneTerms, lane_terms
from manyworks.model.network import Network
from manyworks.model.places import Located, places
from manyworks.model.replenishment import Shipments, plan_shipments
from manyworks.model.shipments import Goods, goods
from manyworks.units import DAYS_PER_YEAR, KG_PER_TONNE

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class LaneTable:
    """Every pair of origin and destination; shapes (origins, destinations) and (origins, destinations, products).

    ``mode`` is the position in ``network.freight_modes``, -1 for none. ``days`` from loading to receipt with standard
    deviation ``days_sd``; ``interval_days`` between shipments, 0 where customers fetch; ``loads_per_shipment`` of one
    interval, counted by ``measure`` (``shipments.MEASURES``); its part load goes on a round of ``drops`` markets, 1 for
    straight. ``price_per_shipment``, ``freight_per_unit`` and ``packaging_per_unit`` are money, ``co2_kg_per_unit`` kg
    CO2e. ``damage_share`` of the units that leave do not arrive. ``is_allowed``: goods may go this way; ``is_fresh``: a
    product that leaves on the day it is made arrives with the life that customers ask for.
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    mode: NDArray[np.intp]
    km: Array
    days: Array
    days_sd: Array
    interval_days: Array
    loads_per_shipment: Array
    measure: NDArray[np.intp]
    drops: NDArray[np.intp]
    price_per_shipment: Array
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
    units = np.asarray(units_per_year, dtype=np.float64)
    terms = lane_terms(network, origins, destinations)
    fetched = _is_picked_up(terms, destinations)
    packaging, extra_kg = _packaging(network, terms.km)
    mass_kg = np.array([row.mass_kg for row in network.products]) + extra_kg
    taken = goods(network.products, units, mass_kg)
    shipped = plan_shipments(
        network,
        terms,
        taken,
        destinations,
        is_delivered=terms.is_allowed & ~fetched,
        latest_days=_latest_days(network, destinations, units),
    )
    freight = _per_unit(terms, taken, shipped)
    here = ~fetched
    days = terms.days + shipped.round_days
    return LaneTable(
        origins=tuple(row.id for row in origins),
        destinations=tuple(row.id for row in destinations),
        mode=terms.mode,
        km=terms.km,
        days=days * here,
        days_sd=(terms.days_sd + shipped.round_days * _by_mode(network, terms, "days_cv")) * here,
        interval_days=shipped.interval_days * here,
        loads_per_shipment=shipped.loads * here,
        measure=shipped.measure,
        drops=shipped.drops,
        price_per_shipment=np.einsum("odp,dp->od", freight, units) * shipped.interval_days / DAYS_PER_YEAR * here,
        damage_share=_damage(network, terms) * here,
        is_allowed=terms.is_allowed | fetched,
        is_picked_up=fetched,
        freight_per_unit=freight * here[:, :, None],
        packaging_per_unit=packaging * here[:, :, None],
        co2_kg_per_unit=mass_kg
        * (_by_mode(network, terms, "co2_kg_per_tonne_km") * terms.km * here)[:, :, None]
        / KG_PER_TONNE,
        is_fresh=(days * here)[:, :, None] <= _days_to_spare(network),
    )


def _per_unit(terms: LaneTerms, taken: Goods, shipped: Shipments) -> Array:
    """Freight per unit, (origins, destinations, products): what the lane states, else its share of a shipment."""
    per_tonne = terms.cost_per_tonne[:, :, None]
    priced = np.where(
        np.isnan(per_tonne),
        shipped.unit_share * shipped.price[:, :, None],
        taken.kg_per_unit / KG_PER_TONNE * per_tonne,
    )
    per_unit = terms.cost_per_unit[:, :, None]
    return np.asarray(np.where(np.isnan(per_unit), priced, per_unit))


def _latest_days(network: Network, destinations: Sequence[Located], units_per_year: Array) -> Array:
    """Days (destinations,) after which goods are late for the promise, or too old in one of the products taken."""
    promised = np.array([getattr(row, "service_days", None) or np.inf for row in destinations], dtype=np.float64)
    spare = np.where(units_per_year > 0, _days_to_spare(network), np.inf)
    return np.asarray(np.minimum(promised, spare.min(axis=1, initial=np.inf)))


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
