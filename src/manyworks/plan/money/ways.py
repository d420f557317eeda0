"""The way of each shipment, straight or over a warehouse: what it pays, loses and takes on each leg."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.table import Table
from manyworks.plan.money.ledger import Index
from manyworks.plan.money.unit_prices import UnitPrices
from manyworks.plan.points import via_of

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Ways:
    """Rows of shipments, (rows,) each. ``start`` is the place where the last leg begins, ``house`` the warehouse or -1.

    ``arriving`` units begin the last leg and ``received`` end it. ``first_freight``, ``first_packaging`` and
    ``first_duty`` are paid per unit that leaves the origin, ``freight``, ``packaging`` and ``duty`` per unit that
    begins the last leg. ``promised_days`` are those of the last leg, ``days`` of both.
    """

    start: Ints
    house: Ints
    arriving: Floats
    received: Floats
    first_freight: Floats
    first_packaging: Floats
    first_duty: Floats
    freight: Floats
    packaging: Floats
    duty: Floats
    promised_days: Floats
    days: Floats
    is_allowed: NDArray[np.bool_]


def ways_of(prices: UnitPrices, index: Index, shipments: Table) -> Ways:
    """The way of each row."""
    origin, product, period = (index.of(shipments, name) for name in ("origin", "product", "period"))
    point, vias = index.point(shipments), via_of(shipments)
    house = np.array([index.places[name] if name else -1 for name in vias.tolist()], dtype=np.intp)
    over = np.flatnonzero(house >= 0)
    start = np.where(house >= 0, house, origin)
    legs, lanes = prices.legs, prices.lanes
    at = (origin[over], np.array([legs.destinations.index(name) for name in vias[over].tolist()], dtype=np.intp))

    def first(values: Floats) -> Floats:
        """Figures of the rows with a first leg, 0 in all others."""
        out = np.zeros(len(shipments))
        out[over] = values
        return out

    arriving = shipments["units"] * (1 - first(legs.damage_share[at]))
    is_allowed = lanes.is_allowed[start, point].copy()
    is_allowed[over] &= legs.is_allowed[at]
    return Ways(
        start=start,
        house=house,
        arriving=arriving,
        received=arriving * (1 - lanes.damage_share[start, point]),
        first_freight=first(legs.freight_per_unit[(*at, product[over])]),
        first_packaging=first(legs.packaging_per_unit[(*at, product[over])]),
        first_duty=first(prices.leg_duty(*at, product[over], period[over])),
        freight=lanes.freight_per_unit[start, point, product],
        packaging=lanes.packaging_per_unit[start, point, product],
        duty=prices.duty(start, point, product, period),
        promised_days=lanes.days[start, point],
        days=first(legs.days[at]) + lanes.days[start, point],
        is_allowed=is_allowed,
    )
