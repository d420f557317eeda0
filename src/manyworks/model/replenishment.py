"""How often a market is replenished, in which shipments, and what they cost.

Where the document leaves the interval of a lane free, it is the one at which freight and the capital and storage of the
stock that it makes necessary cost least together, tried at the review interval and its doublings: the best of these is
never more than 6 % dearer than the best of all (Roundy 1985, doi:10.1287/mnsc.31.11.1416, for set-up costs that are
paid in full; part loads that pay by the kilo gain less from waiting).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.freight import FreightBreak, FreightMode
from manyworks.model.lanes import LaneTerms
from manyworks.model.network import Network
from manyworks.model.places import Located
from manyworks.model.rounds import Rounds, cheapest_rounds, neighbours
from manyworks.model.shipments import (
    TINY,
    Goods,
    full_load_price,
    part_load_price,
    parted,
    shipment_loads,
    unit_shares,
)
from manyworks.model.stock import carrying_share, unit_value
from manyworks.units import DAYS_PER_YEAR

Array = NDArray[np.float64]
LONGEST_INTERVAL_DAYS = 182
"""No lane whose interval is free is replenished less often than about twice a year."""


@dataclass(frozen=True, kw_only=True)
class Shipments:
    """What is shipped on every pair; shapes (origins, destinations), ``unit_share`` (origins, destinations, products).

    ``price`` of one shipment of ``loads``, counted by ``measure``; its part load goes with a round of ``drops`` markets
    and then takes ``round_days`` longer. ``unit_share`` of that price is one unit's.
    """

    interval_days: Array
    loads: Array
    measure: NDArray[np.intp]
    price: Array
    drops: NDArray[np.intp]
    round_days: Array
    unit_share: Array


def plan_shipments(
    network: Network,
    terms: LaneTerms,
    taken: Goods,
    destinations: Sequence[Located],
    *,
    is_delivered: NDArray[np.bool_],
    latest_days: Array,
) -> Shipments:
    """Shipments of every pair by its mode; none where it has no mode.

    Goods must be there ``latest_days`` (destinations,) after they leave, and the last of an interval's goods are sold
    an interval later: that bounds a free interval and the detour of a round.
    """
    shape = terms.km.shape
    found = Shipments(
        interval_days=terms.interval_days.copy(),
        loads=np.zeros(shape),
        measure=np.zeros(shape, dtype=np.intp),
        price=np.zeros(shape),
        drops=np.ones(shape, dtype=np.intp),
        round_days=np.zeros(shape),
        unit_share=np.zeros(taken.kg_per_unit.shape),
    )
    for position, mode in enumerate(network.freight_modes):
        on = terms.mode == position
        if on.any():
            breaks = [row for row in network.freight_breaks if row.mode == mode.id]
            lanes = _ModeLanes(
                mode=mode,
                breaks=breaks,
                terms=terms,
                taken=taken,
                destinations=destinations,
                is_joinable=on & is_delivered,
                spare_days=latest_days - terms.days,
            )
            own = lanes.shipments(lanes.intervals(_stock_cost(network, taken)))
            for name in Shipments.__dataclass_fields__:
                getattr(found, name)[on] = getattr(own, name)[on]
    return found


def _stock_cost(network: Network, taken: Goods) -> Array:
    """Money a year (destinations,) of each day between shipments: half of it lies in stock."""
    worth = taken.units_per_year @ unit_value(network)
    return np.asarray(worth / DAYS_PER_YEAR / 2 * carrying_share(network))


@dataclass(frozen=True, kw_only=True)
class _ModeLanes:
    """All pairs as if every one were of this mode; only those that are ``is_joinable`` share rounds."""

    mode: FreightMode
    breaks: Sequence[FreightBreak]
    terms: LaneTerms
    taken: Goods
    destinations: Sequence[Located]
    is_joinable: NDArray[np.bool_]
    spare_days: Array

    def intervals(self, stock_cost: Array) -> Array:
        """Days between shipments: stated, or the cheapest; of equally cheap ones the shortest."""
        best = self.terms.interval_days.copy()
        if not (self.terms.is_interval_free & self.is_joinable).any():
            return best
        cost = self._yearly(best) + best * stock_cost
        longer = best * 2
        while (longer[self.terms.is_interval_free] <= LONGEST_INTERVAL_DAYS).any():
            fits = self.terms.is_interval_free & (longer <= np.minimum(self.spare_days, LONGEST_INTERVAL_DAYS))
            days = np.where(fits, longer, best)
            now = self._yearly(days) + days * stock_cost
            wins = fits & (now < cost * (1 - TINY))
            best, cost = np.where(wins, longer, best), np.where(wins, now, cost)
            longer = longer * 2
        return best

    def _yearly(self, interval_days: Array) -> Array:
        """Freight a year when every pair is replenished at these intervals."""
        loads, _ = shipment_loads(self.mode, self.taken, interval_days)
        return self._price(loads, interval_days)[0] * DAYS_PER_YEAR / interval_days

    def shipments(self, interval_days: Array) -> Shipments:
        """Shipments at these intervals, neighbours on a round only where theirs is the same."""
        loads, measure = shipment_loads(self.mode, self.taken, interval_days)
        price, rounds = self._price(loads, interval_days)
        return Shipments(
            interval_days=interval_days,
            loads=loads,
            measure=measure,
            price=price,
            drops=rounds.drops,
            round_days=rounds.days,
            unit_share=unit_shares(self.mode, self.taken, interval_days, measure),
        )

    def _price(self, loads: Array, interval_days: Array) -> tuple[Array, Rounds]:
        """Price of the shipments of ``loads``, of a full load where nothing is shipped, and the rounds that pay."""
        km, empty = self.terms.km, self.terms.empty_share
        whole, part = parted(np.where(loads > 0, loads, 1.0))
        straight = part_load_price(self.mode, self.breaks, part, km, empty)
        rounds = cheapest_rounds(
            self.mode,
            neighbours(self.destinations, self.mode.maximum_drops - 1, self.mode.circuity),
            part=np.where(loads > 0, part, 0.0),
            km=km,
            empty_share=empty,
            interval_days=interval_days,
            is_joinable=self.is_joinable,
            spare_days=self.spare_days,
        )
        pays = rounds.price < straight * (1 - TINY)
        used = Rounds(
            price=np.where(pays, rounds.price, straight),
            drops=np.where(pays, rounds.drops, 1),
            days=np.where(pays, rounds.days, 0.0),
        )
        return whole * full_load_price(self.mode, km, empty) + used.price, used
