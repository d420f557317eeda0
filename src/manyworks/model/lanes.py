"""What holds between each pair of places: mode, distance, days, interval, and whether goods may go at all.

The most specific lane of the document speaks for a pair, as a whole row: an id before a tariff zone before a country
before ``*``; of two equally specific ones the one that names the origin more closely, then the later row.
Pairs without a lane take the policy's default mode and the great circle × circuity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.model.freight import FreightMode, Lane
from manyworks.model.network import Network
from manyworks.model.places import Located, Places, places, positions
from manyworks.units import haversine_km

Array = NDArray[np.float64]
DEFAULT_CIRCUITY = 1.2
"""Road over great circle where no mode says it: Ballou et al. (2002), doi:10.1016/S0965-8564(01)00044-1."""


@dataclass(frozen=True, kw_only=True)
class LaneTerms:
    """Terms of every pair; each array has shape (origins, destinations).

    ``mode`` is the position in ``network.freight_modes``, -1 for none. ``km`` are travelled. ``interval_days`` lie
    between two shipments. A pair ``is_closed`` by its lane, and ``is_allowed`` when it is open and priced.
    ``cost_per_unit`` and ``cost_per_tonne`` are stated freight, nan where it is computed. ``empty_share`` of the km is
    run empty and paid. ``is_interval_free`` where the mode leaves the interval to be chosen and no lane states one;
    ``interval_days`` is then the shortest one, the policy's review interval.
    """

    mode: NDArray[np.intp]
    km: Array
    days: Array
    days_sd: Array
    interval_days: Array
    is_allowed: NDArray[np.bool_]
    is_closed: NDArray[np.bool_]
    cost_per_unit: Array
    cost_per_tonne: Array
    empty_share: Array
    is_interval_free: NDArray[np.bool_]


def lane_terms(
    network: Network, origins: Sequence[Located], destinations: Sequence[Located], *, mode: str | None = None
) -> LaneTerms:
    """Terms between ``origins`` and ``destinations``, every pair; ``mode`` is for pairs whose lane states none.

    days = km / km_per_day + fixed_days unless stated; their standard deviation is days × days_cv. Freight has a price
    when the pair has a mode or a stated cost.
    """
    starts, ends = places(origins), places(destinations)
    lane = _speaking_lane(network.lanes, starts, ends)
    by = _modes(network, lane, default_mode(network, mode))
    modes, lanes = network.freight_modes, network.lanes
    circle = haversine_km(starts.lat_deg[:, None], starts.lon_deg[:, None], ends.lat_deg, ends.lon_deg)
    km = _stated(lanes, lane, "km", circle * _of_mode(modes, by, "circuity", DEFAULT_CIRCUITY))
    review = network.policy.review_days
    speed, fixed = _of_mode(modes, by, "km_per_day", np.inf), _of_mode(modes, by, "fixed_days", 0.0)
    days = _stated(lanes, lane, "days", km / speed + fixed)
    free = _of_mode(modes, by, "is_interval_free", 0.0) > 0
    usual = np.where(free, review, _of_mode(modes, by, "replenishment_days", review))
    interval = _stated(lanes, lane, "replenishment_days", np.full(lane.shape, np.nan))
    cost_per_unit, cost_per_tonne = (
        _stated(lanes, lane, name, np.full(lane.shape, np.nan)) for name in ("cost_per_unit", "cost_per_tonne")
    )
    priced = (by >= 0) | np.isfinite(cost_per_unit) | np.isfinite(cost_per_tonne)
    closed = np.array([*(not row.is_allowed for row in lanes), False])[lane]
    return LaneTerms(
        mode=by,
        km=km,
        days=days,
        days_sd=days * _of_mode(modes, by, "days_cv", 0.0),
        interval_days=np.where(np.isnan(interval), usual, interval),
        is_allowed=priced & ~closed,
        is_closed=closed,
        cost_per_unit=cost_per_unit,
        cost_per_tonne=cost_per_tonne,
        empty_share=_stated(lanes, lane, "empty_share", _of_mode(modes, by, "empty_share", 0.0)),
        is_interval_free=free & np.isnan(interval),
    )


def default_mode(network: Network, mode: str | None = None) -> int:
    """Position of ``mode``, else of the policy's mode, else of the first of the document; -1: there is none."""
    stated = mode or network.policy.default_mode
    if stated is not None:
        return positions(network.freight_modes)[stated]
    return 0 if network.freight_modes else -1


def _speaking_lane(lanes: Sequence[Lane], origins: Places, destinations: Places) -> NDArray[np.intp]:
    """Position of the lane that speaks for each pair, -1 where none does."""
    speaking = np.full((len(origins), len(destinations)), -1, dtype=np.intp)
    starts, ends = _names(origins), _names(destinations)
    found = [
        (start + end, start, row, rows, columns)
        for row, lane in enumerate(lanes)
        for start, rows in starts.get(lane.origin, {}).items()
        for end, columns in ends.get(lane.destination, {}).items()
    ]
    for _, _, row, rows, columns in sorted(found, key=lambda entry: entry[:3]):
        if len(rows) == len(columns) == 1:
            speaking[rows[0], columns[0]] = row
        else:
            speaking[np.ix_(rows, columns)] = row
    return speaking


def _names(there: Places) -> dict[str, dict[int, list[int]]]:
    """What a lane may call these places: name to positions, by how specific the name is for each of them."""
    names: dict[str, dict[int, list[int]]] = {"*": {0: list(range(len(there)))}}
    for position, words in enumerate(zip(there.countries, there.zones, there.ids, strict=True)):
        for word, rank in {word: rank for rank, word in enumerate(words, start=1)}.items():
            names.setdefault(word, {}).setdefault(rank, []).append(position)
    return names


def _modes(network: Network, lane: NDArray[np.intp], default: int) -> NDArray[np.intp]:
    at = positions(network.freight_modes)
    return np.array([*(default if row.mode is None else at[row.mode] for row in network.lanes), default])[lane]


def _of_mode(modes: Sequence[FreightMode], mode: NDArray[np.intp], name: str, otherwise: float) -> Array:
    return np.array([*(getattr(row, name) for row in modes), otherwise], dtype=np.float64)[mode]


def _stated(lanes: Sequence[Lane], lane: NDArray[np.intp], name: str, otherwise: Array) -> Array:
    """Field ``name`` of the speaking lane, ``otherwise`` where there is none or it is silent."""
    values: list[Any] = [getattr(row, name) for row in lanes]
    stated = np.array([*(np.nan if value is None else value for value in values), np.nan], dtype=np.float64)[lane]
    return np.where(np.isnan(stated), otherwise, stated)
