"""What it costs to haul the materials of a site in: shipments by what the site buys in the interval of its lane.

A site that buys little is supplied in part loads, and pays for them. Materials that only one supplier offers come on
one vehicle. Bulky ones (empty containers) fill it by cube, and a load counts what fills it first. How often is always
what lane or mode state: stock of materials is not in the plan, so nothing would speak against waiting.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.freight import FreightMode
from manyworks.model.lanes import LaneTerms
from manyworks.model.network import Network
from manyworks.model.product import Material
from manyworks.model.shipments import full_load_price, shipment_price
from manyworks.model.supply import SupplyOffer
from manyworks.units import DAYS_PER_YEAR, KG_PER_TONNE, LITRES_PER_M3

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class InboundGoods:
    """One material and what travels with it: ``kg_per_year`` and ``m3_per_year`` (sites,) of the whole vehicle."""

    material: Material
    kg_per_year: Array
    m3_per_year: Array


def inbound_goods(network: Network, offer: SupplyOffer, bought: Array) -> InboundGoods:
    """The material of ``offer`` with its company; ``bought`` (sites, materials) units a year.

    Company are the other materials that nobody but this supplier offers, hauled by the same mode. Alternatives travel
    alone: which of them a site takes is not known yet.
    """
    apart = {item.material for item in network.bill if item.alternative}
    joined = [
        m
        for m, row in enumerate(network.materials)
        if row.id == offer.material
        or (row.id not in apart and offer.material not in apart and _is_only_offered_as(network.offers, row.id, offer))
    ]
    kg = np.array([network.materials[m].mass_kg_per_unit for m in joined])
    litres = np.array([network.materials[m].volume_l_per_unit for m in joined])
    return InboundGoods(
        material=network.get("materials", offer.material),
        kg_per_year=bought[:, joined] @ kg,
        m3_per_year=bought[:, joined] @ litres / LITRES_PER_M3,
    )


def _is_only_offered_as(offers: Iterable[SupplyOffer], material: str, like: SupplyOffer) -> bool:
    ways = {(row.supplier, row.mode) for row in offers if row.material == material}
    return ways == {(like.supplier, like.mode)}


def inbound_freight(network: Network, goods: InboundGoods, terms: LaneTerms, supplier: int) -> Array:
    """Freight of one unit of material from the supplier at row ``supplier`` of ``terms``, (sites,).

    inf where a lane is closed, and where goods that weigh something have neither a mode nor a stated cost a tonne.
    """
    kg, litres = goods.material.mass_kg_per_unit, goods.material.volume_l_per_unit
    freight = np.full(terms.km.shape[1], np.inf if kg or litres else 0.0)
    for position, mode in enumerate(network.freight_modes):
        on = terms.mode[supplier] == position
        freight = np.where(on, _per_unit(network, mode, goods, terms, supplier), freight)
    stated = terms.cost_per_tonne[supplier]
    freight = np.where(np.isnan(stated), freight, kg / KG_PER_TONNE * np.nan_to_num(stated))
    return np.where(terms.is_closed[supplier], np.inf, freight)


def _per_unit(network: Network, mode: FreightMode, goods: InboundGoods, terms: LaneTerms, supplier: int) -> Array:
    """One unit's share of the shipment by the measure that fills it; of a full load where nothing is bought."""
    km, empty = terms.km[supplier], terms.empty_share[supplier]
    days = np.where(terms.is_interval_free[supplier], mode.replenishment_days, terms.interval_days[supplier])
    mass, cube = goods.kg_per_year / mode.payload_kg, goods.m3_per_year / mode.cube_m3
    own_mass = goods.material.mass_kg_per_unit / mode.payload_kg
    own_cube = goods.material.volume_l_per_unit / LITRES_PER_M3 / mode.cube_m3
    a_year = np.maximum(mass, cube)
    loads = np.where(a_year > 0, a_year * days / DAYS_PER_YEAR, 1.0)
    breaks = [row for row in network.freight_breaks if row.mode == mode.id]
    per_load = shipment_price(mode, breaks, loads, km, empty) / loads
    alone = max(own_mass, own_cube) * full_load_price(mode, km, empty)
    return np.where(a_year > 0, np.where(mass >= cube, own_mass, own_cube) * per_load, alone)
