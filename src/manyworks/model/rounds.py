"""What a part load costs when its vehicle goes on to the neighbours: rounds with several drops.

A round leaves its origin, drives to the middle of its markets and from one to the next. The way between them is taken
from the continuous approximation of tours, 0.57 · √(area / drops) for each drop (Daganzo 1984, *The distance traveled
to visit N points with a maximum of C stops per vehicle*, doi:10.1287/trsc.18.4.331), the area being the circle around
the market that reaches its farthest neighbour on the round, in road km. So no tour is built, and the price of a lane
stays a number known beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.freight import FreightMode
from manyworks.model.places import Located, places
from manyworks.model.shipments import TINY, km_price
from manyworks.units import haversine_km

Array = NDArray[np.float64]
TOUR_CONSTANT = 0.57
"""Length of a long tour over random points, as a multiple of √(area × points)."""


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """The markets nearest to each, nearest first: ``index`` and road ``km``, both (destinations, neighbours)."""

    index: NDArray[np.intp]
    km: Array


@dataclass(frozen=True, kw_only=True)
class Rounds:
    """The cheapest round of each pair, (origins, destinations).

    ``price`` of the pair's part load on it, inf where there is none; ``drops`` of the round; ``days`` that the last
    drop waits longer than a straight trip would take.
    """

    price: Array
    drops: NDArray[np.intp]
    days: Array


def neighbours(destinations: Sequence[Located], count: int, circuity: float) -> Neighbours:
    """The ``count`` nearest other destinations of each; of equally near ones the first by id."""
    there = places(destinations)
    km = haversine_km(there.lat_deg[:, None], there.lon_deg[:, None], there.lat_deg, there.lon_deg) * circuity
    np.fill_diagonal(km, np.inf)
    rank = np.empty(len(there), dtype=np.intp)
    rank[np.argsort(np.array(there.ids, dtype=object), kind="stable")] = np.arange(len(there))
    order = np.lexsort((np.broadcast_to(rank, km.shape), np.round(km, 6)), axis=1)[:, : min(count, len(there) - 1)]
    return Neighbours(index=order, km=np.take_along_axis(km, order, axis=1))


def cheapest_rounds(
    mode: FreightMode,
    near: Neighbours,
    *,
    part: Array,
    km: Array,
    empty_share: Array,
    interval_days: Array,
    is_joinable: NDArray[np.bool_],
    spare_days: Array,
) -> Rounds:
    """Rounds of 2 to ``mode.maximum_drops`` markets for the part loads ``part``; all arrays (origins, destinations).

    A market takes its neighbours along, nearest first, while their part loads still fit; only where ``is_joinable``
    (the same mode, open, delivered) and with the same interval. All pay the way to their middle by their share of the
    goods, and each pays its own way between drops and its stop:

    part / goods × max(minimum_cost, mean km × price) + 0.57 · √(π · reach² / drops) × price + stop_cost.

    A round that would bring the last drop more than ``spare_days`` later than a straight trip is not used.
    """
    goods, way, drops = part.copy(), km.copy(), np.ones(part.shape, dtype=np.intp)
    best = Rounds(price=np.full(part.shape, np.inf), drops=drops.copy(), days=np.zeros(part.shape))
    starts, price = is_joinable & (part > 0), km_price(mode, empty_share)
    for k in range(near.index.shape[1]):
        other = near.index[:, k]
        joins = starts & is_joinable[:, other] & (part[:, other] > 0) & (drops < mode.maximum_drops)
        joins &= (goods + part[:, other] <= 1 + TINY) & (interval_days[:, other] == interval_days)
        goods += np.where(joins, part[:, other], 0.0)
        way += np.where(joins, km[:, other], 0.0)
        drops = drops + joins
        leg = TOUR_CONSTANT * np.sqrt(np.pi * near.km[:, k] ** 2 / drops)
        shared = part / np.where(goods > 0, goods, 1.0) * np.maximum(mode.minimum_cost, way / drops * price)
        later = np.maximum(way / drops + drops * leg - km, 0.0) / mode.km_per_day
        best = _cheaper(best, joins & (later <= spare_days), shared + leg * price + mode.stop_cost, drops, later)
    return best


def _cheaper(
    best: Rounds, is_possible: NDArray[np.bool_], price: Array, drops: NDArray[np.intp], days: Array
) -> Rounds:
    wins = is_possible & (price < best.price * (1 - TINY))
    return Rounds(
        price=np.where(wins, price, best.price),
        drops=np.where(wins, drops, best.drops),
        days=np.where(wins, days, best.days),
    )
