"""Rules of freight: what the money pays a unit is the price of a shipment, worked out pair by pair from the document.

Nothing of ``model.shipping`` is used: lanes are looked up, shipments counted and rounds joined one by one, as on paper.
Taken from there are only the days between shipments, which a mode may leave open.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from manyworks.errors import Issue
from manyworks.model.freight import FreightMode, Lane
from manyworks.model.market import Market
from manyworks.model.network import Network
from manyworks.model.places import Located
from manyworks.model.product import Product
from manyworks.plan.check.facts import TOLERANCE, Facts, Floats, Rule, slack, violation, worst
from manyworks.plan.money.ways import ways_of
from manyworks.plan.points import demand_points
from manyworks.units import DAYS_PER_YEAR, EARTH_RADIUS_KM, KG_PER_TONNE, LITRES_PER_M3

COUNTED = 1e-9
"""Loads and pallets are counted with this slack, as everywhere."""
ROAD = 1.2
"""Road over great circle where no mode says it."""
TOUR = 0.57
"""Way between drops over √(area / drops): Daganzo (1984), doi:10.1287/trsc.18.4.331."""
MESSAGE = "a unit must pay its share of the shipment that it travels in"


def freight_is_that_of_shipments(facts: Facts) -> Iterator[Issue]:
    """Freight a unit to a market × units of a shipment = whole loads × full price + part load, straight or on a round;
    one shipment is what the market asks for between two of them. The interval is the stated one, where it is stated."""
    table, network = facts.plan.tables.shipments, facts.network
    start, point = ways_of(facts.prices, facts.index, table).start, facts.index.point(table)
    used = table["units"] > slack(table["units"])
    origins: list[Located] = [*network.sites, *network.warehouses, *network.co_packers]
    found = []
    for o in np.unique(start[used]).tolist():
        pairs = pairs_from(network, origins[o], facts.lanes.interval_days[o])
        for m in np.unique(point[used & (start == o)]).tolist():
            for p, product in enumerate(network.products):
                expected, paid = pairs[m].freight(p), float(facts.lanes.freight_per_unit[o, m, p])
                off = abs(expected - paid)
                if off > TOLERANCE * max(expected, paid) or not pairs[m].is_in_time:
                    path = f"{origins[o].id}.{facts.lanes.destinations[m]}.{product.id}"
                    words = f"{paid:,.6f} a unit is paid, {expected:,.6f} is the share of a shipment"
                    found.append((off, violation("freight_is_that_of_shipments", path, MESSAGE, words)))
    yield from worst(found)


def pairs_from(network: Network, origin: Located, interval_days: Floats) -> list[Pair]:
    """The pairs of one origin with all demand points, which are ``interval_days`` (points,) apart in shipments."""
    points = demand_points(network)
    pairs: list[Pair] = []
    for m, market in enumerate(points.markets):
        pairs.append(Pair(network, origin, market, points.yearly[m], float(interval_days[m]), m, pairs))
    return pairs


@dataclass
class Pair:
    """One origin and one demand point. ``yearly`` units of each product size its shipments; ``all`` are those of the
    same origin, ``position`` its own place among them."""

    network: Network
    origin: Located
    market: Market
    yearly: Floats
    interval: float
    position: int
    all: Sequence[Pair]

    def freight(self, p: int) -> float:
        """Money per unit of a product."""
        if self.is_fetched:
            return 0.0
        if self.lane is not None and self.lane.cost_per_unit is not None:
            return self.lane.cost_per_unit
        if self.lane is not None and self.lane.cost_per_tonne is not None:
            return self.kg(p) / KG_PER_TONNE * self.lane.cost_per_tonne
        if self.mode is None:
            return 0.0
        loads, by = self.loads
        if loads <= 0:
            return max(self.alone(p)) * self.full
        units = float(self.yearly[p]) * self.years
        one = self.measures(p)[by] / units if units > 0 else self.alone(p)[by]
        return one / sum(self.measures(q)[by] for q in range(len(self.yearly))) * self.price

    # ---- the lane ----

    @cached_property
    def lane(self) -> Lane | None:
        """The most specific lane of the pair; of equal ones that which names the origin closer, then the later row."""
        ranked = [
            ((start + end, start, row), lane)
            for row, lane in enumerate(self.network.lanes)
            if (start := _closeness(lane.origin, self.origin)) >= 0
            and (end := _closeness(lane.destination, self.market)) >= 0
        ]
        return max(ranked, key=lambda entry: entry[0])[1] if ranked else None

    @cached_property
    def mode(self) -> FreightMode | None:
        """The lane's mode, else the policy's, else the first."""
        stated = self.lane.mode if self.lane is not None else None
        name = stated or self.network.policy.default_mode
        return next((mode for mode in self.network.freight_modes if name in (None, mode.id)), None)

    @cached_property
    def km(self) -> float:
        """Stated, or the great circle × circuity."""
        if self.lane is not None and self.lane.km is not None:
            return self.lane.km
        return _circle(self.origin, self.market) * (ROAD if self.mode is None else self.mode.circuity)

    @property
    def days(self) -> float:
        """Days of the straight trip."""
        if self.lane is not None and self.lane.days is not None:
            return self.lane.days
        return 0.0 if self.mode is None else self.km / self.mode.km_per_day + self.mode.fixed_days

    @property
    def years(self) -> float:
        """Years between two shipments."""
        return self.interval / DAYS_PER_YEAR

    @cached_property
    def is_fetched(self) -> bool:
        """Whether customers come for the goods."""
        return self.market.pick_up_km > 0 and self.km <= self.market.pick_up_km

    @property
    def is_in_time(self) -> bool:
        """Whether the interval is the stated one; a free one is the review interval or one of its doublings."""
        review = self.network.policy.review_days
        if self.is_fetched:
            return self.interval == 0
        if self.lane is not None and self.lane.replenishment_days is not None:
            return self.interval == self.lane.replenishment_days
        if self.mode is None:
            return self.interval == review
        if not self.mode.is_interval_free:
            return self.interval == self.mode.replenishment_days
        return math.isclose(math.log2(self.interval / review) % 1, 0, abs_tol=COUNTED)

    # ---- the shipment ----

    def kg(self, p: int) -> float:
        """Mass of a unit with the packaging that so long a way needs."""
        product, packaging = self.network.products[p], self.network.packaging
        more = [row.mass_kg_per_unit for row in packaging if row.product == product.id and self.km > row.beyond_km]
        return float(product.mass_kg + sum(more))

    def alone(self, p: int) -> tuple[float, float, float]:
        """Loads that one unit makes by mass, cube and pallets."""
        assert self.mode is not None
        product = self.network.products[p]
        return (
            self.kg(p) / self.mode.payload_kg,
            _cube(product) / self.mode.cube_m3,
            _floor(product) / self.mode.pallets,
        )

    def measures(self, p: int) -> tuple[float, float, float]:
        """Loads that a product makes of one shipment; pallets that products share are not rounded yet."""
        assert self.mode is not None
        units = float(self.yearly[p]) * self.years
        mass, cube, floor = (units * one for one in self.alone(p))
        if self.mode.part_pallets == "product":
            floor = math.ceil(units * _floor(self.network.products[p]) - COUNTED) / self.mode.pallets
        return mass, cube, floor

    @cached_property
    def loads(self) -> tuple[float, int]:
        """Loads of a shipment and the measure that counts them."""
        assert self.mode is not None
        mass, cube, floor = (sum(self.measures(p)[by] for p in range(len(self.yearly))) for by in range(3))
        if self.mode.part_pallets == "mixed":
            floor = math.ceil(floor * self.mode.pallets - COUNTED) / self.mode.pallets
        most = max(mass, cube, floor)
        return most, (mass, cube, floor).index(most)

    @cached_property
    def part(self) -> float:
        """Part load that is left beside the whole ones."""
        part = self.loads[0] - math.floor(self.loads[0] + COUNTED)
        return part if part > COUNTED else 0.0

    # ---- its price ----

    @cached_property
    def km_price(self) -> float:
        """Price of a loaded km with the empty ones."""
        assert self.mode is not None
        own = None if self.lane is None else self.lane.empty_share
        return self.mode.cost_per_km * (1 + (self.mode.empty_share if own is None else own))

    @cached_property
    def full(self) -> float:
        """Price of a full load."""
        assert self.mode is not None
        return max(self.mode.minimum_cost, self.km * self.km_price) + self.mode.stop_cost

    @cached_property
    def price(self) -> float:
        """Price of a shipment: whole loads in full, and the part load straight or on a round that is cheaper."""
        return math.floor(self.loads[0] + COUNTED) * self.full + (min(self.straight, self.on_round) if self.part else 0)

    @property
    def straight(self) -> float:
        """Part load by the breaks of its mode, else with the premium; never more than a full load."""
        assert self.mode is not None
        kg = self.part * self.mode.payload_kg
        ways = [
            max(row.minimum_cost, max(kg, row.from_kg) / KG_PER_TONNE * self.km * row.cost_per_tonne_km)
            for row in self.network.freight_breaks
            if row.mode == self.mode.id
        ]
        return min(self.full, min(ways) if ways else self.part * (1 + self.mode.part_load_premium) * self.full)

    @property
    def on_round(self) -> float:
        """Part load on the cheapest round with its nearest neighbours, each taken along while it fits."""
        mode, best = self.mode, math.inf
        if mode is None or mode.maximum_drops == 1 or not self.may_join:
            return best
        goods, way, drops = self.part, self.km, 1
        for reach, other in self.neighbours[: mode.maximum_drops - 1]:
            joins = other.may_join and other.mode is mode and other.interval == self.interval and other.part > 0
            if not joins or goods + other.part > 1 + COUNTED:
                continue
            goods, way, drops = goods + other.part, way + other.km, drops + 1
            between = TOUR * math.sqrt(math.pi * reach**2 / drops)
            if max(way / drops + drops * between - self.km, 0) / mode.km_per_day <= self.spare_days:
                there = self.part / goods * max(mode.minimum_cost, way / drops * self.km_price)
                best = min(best, there + between * self.km_price + mode.stop_cost)
        return best

    @cached_property
    def may_join(self) -> bool:
        """Whether a vehicle may come here at all."""
        return self.mode is not None and not self.is_fetched and (self.lane is None or self.lane.is_allowed)

    @property
    def neighbours(self) -> list[tuple[float, Pair]]:
        """Road km to all others and these, nearest first; of equally near ones the first by id."""
        assert self.mode is not None
        others = [row for row in self.all if row is not self]
        road = [(_circle(row.market, self.market) * self.mode.circuity, row) for row in others]
        return sorted(road, key=lambda entry: (round(entry[0], 6), entry[1].market.id, entry[1].position))

    @property
    def spare_days(self) -> float:
        """Days that the goods may come later than straight: until they are late, or too old in what is asked for."""
        lives = [math.inf if self.market.service_days is None else self.market.service_days or math.inf]
        lives += [_life(row) for row, units in zip(self.network.products, self.yearly, strict=True) if units > 0]
        return min(lives) - self.days


def _closeness(name: str, place: Located) -> int:
    """How closely a lane's word names a place: 3 by id, 2 by zone, 1 by country, 0 by ``*``, -1 not at all."""
    words = (place.id, place.tariff_zone or place.country, place.country, "*")
    return 3 - words.index(name) if name in words else -1


def _circle(one: Located, two: Located) -> float:
    """Great circle in km."""
    here, there = math.radians(one.lat), math.radians(two.lat)
    across = math.sin(math.radians(two.lon - one.lon) / 2) ** 2
    chord = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * across
    return 2 * EARTH_RADIUS_KM * math.asin(min(math.sqrt(chord), 1.0))


def _cube(product: Product) -> float:
    return product.volume_l / LITRES_PER_M3


def _floor(product: Product) -> float:
    return 1 / product.units_per_pallet


def _life(product: Product) -> float:
    if product.shelf_life_days is None:
        return math.inf
    return product.shelf_life_days - product.minimum_remaining_life_days


RULES: tuple[Rule, ...] = (freight_is_that_of_shipments,)
