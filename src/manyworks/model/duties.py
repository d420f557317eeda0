"""What borders take: duty by zones, class and date.

Of the rows that match a pair of zones and a class and have started, the most specific one applies (a zone before a
country before ``*``, a named class before all classes), and of equally specific ones the latest. Nothing is due inside
one zone, nor between zones of one country unless the row names the zone of origin. A period in which a rate changes
pays the mean over its days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from manyworks.model.freight import Duty
from manyworks.model.network import Network
from manyworks.model.periods import Period
from manyworks.model.places import Located

Array = NDArray[np.float64]
Zone = tuple[str, str]
"""Tariff zone and country of a place."""


@dataclass(frozen=True, kw_only=True)
class DutyTable:
    """Duty by pair of zones: ``values`` (origin zones, destination zones, items, periods), money per unit.

    ``origin_zone`` (origins,) and ``destination_zone`` (destinations,) say in which zone each place lies.
    """

    values: Array
    origin_zone: NDArray[np.intp]
    destination_zone: NDArray[np.intp]

    @property
    def is_free(self) -> bool:
        """Whether nothing is ever due."""
        return not self.values.any()

    def between(self, origin: int, destination: int) -> Array:
        """Duty per unit from one place to another, shape (items, periods)."""
        return np.asarray(self.values[self.origin_zone[origin], self.destination_zone[destination]])

    def all_pairs(self) -> Array:
        """Duty per unit of every pair, shape (origins, destinations, items, periods); large, so ask only when due."""
        return np.asarray(self.values[self.origin_zone[:, None], self.destination_zone[None, :]])


def product_duties(
    network: Network, origins: Sequence[Located], destinations: Sequence[Located], periods: Sequence[Period]
) -> DutyTable:
    """Duty on products: ad valorem share × price × ``policy.customs_value_share`` + per kg × mass."""
    share = network.policy.customs_value_share
    return duties(
        network,
        origins,
        destinations,
        periods,
        classes=[row.duty_class for row in network.products],
        values=np.array([row.price * share for row in network.products]),
        masses_kg=np.array([row.mass_kg for row in network.products]),
    )


def duties(
    network: Network,
    origins: Sequence[Located],
    destinations: Sequence[Located],
    periods: Sequence[Period],
    *,
    classes: Sequence[str],
    values: Array,
    masses_kg: Array,
) -> DutyTable:
    """Duty on items with these customs ``classes``, ``values`` (money) and ``masses_kg`` per unit, shape (items,)."""
    starts, start_at = _zones(origins)
    ends, end_at = _zones(destinations)
    table = np.zeros((len(starts), len(ends), len(values), len(periods)))
    for o, start in enumerate(starts) if network.duties else ():
        for d, end in enumerate(ends):
            if start[0] != end[0]:
                for name in set(classes):
                    items = [i for i, word in enumerate(classes) if word == name]
                    ad_valorem, per_kg = _rates(_matching(network.duties, start, end, name), periods)
                    table[o, d, items] = np.outer(values[items], ad_valorem) + np.outer(masses_kg[items], per_kg)
    return DutyTable(values=table, origin_zone=start_at, destination_zone=end_at)


def _zones(rows: Sequence[Located]) -> tuple[list[Zone], NDArray[np.intp]]:
    """Distinct zones in order of first appearance, and the zone of each place."""
    seen: dict[Zone, int] = {}
    at = [seen.setdefault((row.tariff_zone or row.country, row.country), len(seen)) for row in rows]
    return list(seen), np.array(at, dtype=np.intp)


def _matching(rows: Sequence[Duty], start: Zone, end: Zone, duty_class: str) -> list[Duty]:
    """Rows that may apply, the weakest first."""
    ranked = []
    for position, row in enumerate(rows):
        ranks = (_rank(row.origin_zone, start), _rank(row.destination_zone, end))
        is_border = start[1] != end[1] or ranks[0] == 2
        if is_border and min(ranks) >= 0 and row.duty_class in ("", duty_class):
            rank = (*ranks, row.duty_class != "", row.starts or date.min, position)
            ranked.append((rank, row))
    return [row for _, row in sorted(ranked, key=lambda entry: entry[0])]


def _rank(name: str, zone: Zone) -> int:
    """How closely a row names a zone: 2 the zone, 1 the country, 0 any place, -1 another place."""
    return 2 if name == zone[0] else 1 if name == zone[1] else 0 if name == "*" else -1


def _rates(rows: Sequence[Duty], periods: Sequence[Period]) -> tuple[Array, Array]:
    """Ad valorem share and money per kg, each (periods,), mean over the days of the period; ``rows`` weakest first."""
    rates = np.zeros((2, len(periods)))
    for t, period in enumerate(periods):
        changes = {row.starts for row in rows if row.starts is not None and period.starts < row.starts < period.ends}
        days = [period.starts, *sorted(changes), period.ends]
        for begin, end in pairwise(days):
            started = [row for row in rows if row.starts is None or row.starts <= begin]
            if started:
                weight = (end - begin).days / (period.ends - period.starts).days
                rates[:, t] += weight * np.array([started[-1].ad_valorem_share, started[-1].per_kg])
    return rates[0], rates[1]
