"""Ways over a warehouse: factory to warehouse in full loads, warehouse to market by the last leg's terms.

A *route* is an option, a warehouse and a market. Its value is one number for each family and period, as that of a
direct arc: freight, packaging, damage and duty of both legs, the fee for every pallet that goes through, and the stock
of both legs. The factory holds what waits for the next load and what is on the first leg; the warehouse the cycle stock
of both legs, what is on the last one, and all safety stock: it lasts until the factory's next turn, over both legs and
the load's interval. What one factory keeps at a warehouse is pooled over the markets that it serves from there, and not
with another factory's. Days that customers are promised run from the warehouse; life runs over both legs.

``house`` (w, t) tells whether a warehouse is used: it costs the same whatever goes through, and limits it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from manyworks.model.duties import product_duties
from manyworks.model.lanes import lane_terms
from manyworks.model.places import places
from manyworks.model.shipping import LaneTable, lane_table
from manyworks.model.stock import service_factor, unit_value, weekly_cvs
from manyworks.plan.points import demand_points
from manyworks.plan.pooling import WEEKS_PER_YEAR, SafetyLaw, outward_line
from manyworks.plan.typical import yearly_demand
from manyworks.units import DAYS_PER_WEEK, DAYS_PER_YEAR, LITRES_PER_M3, haversine_km

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manyworks.model.market import Market
    from manyworks.model.network import Network
    from manyworks.model.places import Located
    from manyworks.model.site import Warehouse
    from manyworks.plan.equations.formulation import Arcs, Model
    from manyworks.plan.equations.instance import Instance
    from manyworks.plan.equations.values import ArcValues

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
MONTHS_PER_YEAR = 12


BY_ROUTE = (
    *("option", "via", "market", "pair", "value", "hours", "pallets", "through", "shipped", "passed"),
    *("near", "far", "promised_days", "co2_kg"),
)
"""Fields of ``Routes`` with a row for each route."""


@dataclass(frozen=True, kw_only=True)
class Routes:
    """Ways over warehouses; ``option``, ``via`` (position among the instance's warehouses) and ``market`` (routes,).

    ``value``, ``hours`` and ``pallets`` (at the factory) as those of arcs, and ``through`` pallets that go in, all
    (routes, families, periods). Per unit received: ``shipped`` units leave the factory, ``passed`` the warehouse.
    ``near`` years of cycle and in-transit stock at the factory per unit that leaves it, ``far`` those at the warehouse
    per unit that leaves it, both (routes, 2). ``promised_days`` (routes,) run from the warehouse, ``co2_kg`` (routes,
    products) per unit received are of both legs. ``pair`` (routes,) of factory and warehouse has its own safety stock
    by ``law``, for which the line ``safety`` (pairs, markets, products, 1 or periods) stands in years of cover.
    """

    option: Ints
    via: Ints
    market: Ints
    pair: Ints
    value: Floats
    hours: Floats
    pallets: Floats
    through: Floats
    shipped: Floats
    passed: Floats
    near: Floats
    far: Floats
    promised_days: Floats
    co2_kg: Floats
    law: SafetyLaw
    safety: Floats
    houses: int

    def __len__(self) -> int:
        return len(self.option)

    def scaled(self, factor: Floats) -> Routes:
        """The same with the demand of every market and period times ``factor`` (markets, periods)."""
        wide = factor[self.market][:, None, :]
        is_way = np.isfinite(self.value)
        value = np.where(is_way, np.where(is_way, self.value, 0.0) * wide, -np.inf)
        figures = {name: getattr(self, name) * wide for name in ("hours", "pallets", "through")}
        return replace(self, value=value, **figures)

    def via_of_pair(self, pair: int) -> int:
        """Warehouse of a pair."""
        return pair % self.houses

    def only(self, rows: Ints) -> Routes:
        """Some of the routes; pairs stay."""
        return replace(self, **{name: getattr(self, name)[rows] for name in BY_ROUTE})


@dataclass(frozen=True, kw_only=True)
class _Legs:
    """Lanes and duties of both legs: options to warehouses, warehouses to demand points."""

    first: LaneTable
    last: LaneTable
    first_duty: Floats
    last_duty: Floats


def full_load_lanes(network: Network, origins: Sequence[Located], warehouses: Sequence[Warehouse]) -> LaneTable:
    """Lanes to warehouses: every load is full, and leaves at the interval that the lane or its mode states, or when it
    is full where that takes longer, should the warehouse send on what the markets nearest to it ask for."""
    nothing = np.zeros((len(warehouses), len(network.products)))
    lanes, terms = lane_table(network, origins, warehouses, nothing), lane_terms(network, origins, warehouses)
    has_price = np.isfinite(terms.cost_per_unit) | np.isfinite(terms.cost_per_tonne) | (terms.mode < 0)
    days = np.where(has_price, 0.0, _days_to_fill(network, warehouses, terms.mode))
    return replace(lanes, interval_days=np.maximum(terms.interval_days, days))


def _days_to_fill(network: Network, warehouses: Sequence[Warehouse], mode: NDArray[np.intp]) -> Floats:
    """Days in which one load of a mode fills by mass, cube or pallets, (origins, warehouses)."""
    if not warehouses or not network.freight_modes:
        return np.zeros(mode.shape)
    one = np.array([(p.mass_kg, p.volume_l / LITRES_PER_M3, 1 / p.units_per_pallet) for p in network.products])
    load = np.array([(row.payload_kg, row.cube_m3, row.pallets) for row in network.freight_modes])
    loads = ((_asked_nearby(network, warehouses) @ one)[:, None, :] / load).max(axis=2)  # (warehouses, modes) a year
    loads = loads[np.arange(len(warehouses)), mode]
    return np.asarray(np.where(loads > 0, DAYS_PER_YEAR / np.where(loads > 0, loads, 1.0), 0.0))


def _asked_nearby(network: Network, warehouses: Sequence[Warehouse]) -> Floats:
    """Units a year (warehouses, products) of the markets that are nearest to each; one that is nearest to none has the
    demand of the market that is nearest to it. Of equally near ones the first by id."""
    houses, markets, yearly = places(warehouses), places(network.markets), yearly_demand(network)
    km = haversine_km(houses.lat_deg[:, None], houses.lon_deg[:, None], markets.lat_deg, markets.lon_deg).round(6)
    by_id = np.argsort(np.array(houses.ids, dtype=object), kind="stable")
    nearest = by_id[km[by_id].argmin(axis=0)]
    asked = np.zeros((len(warehouses), len(network.products)))
    np.add.at(asked, nearest, yearly)
    own = np.argsort(np.array(markets.ids, dtype=object), kind="stable")
    alone = np.flatnonzero(asked.sum(axis=1) == 0)
    asked[alone] = yearly[own[km[alone][:, own].argmin(axis=1)]]
    return asked


def make_routes(
    instance: Instance, direct: ArcValues, waiting: Floats, turns: Floats, safety: Floats | None
) -> Routes | None:
    """Every route that can be better than the direct arc in some period, or goes where that may not; None: there is
    none. ``waiting`` and ``turns`` (options,) days for the line's next turn, ``safety`` a line to use instead."""
    if not instance.warehouses:
        return None
    legs = _legs(instance)
    o, w, m = np.nonzero(legs.first.is_allowed[:, :, None] & _last_allowed(instance, legs)[None])
    passed = 1 / np.maximum(1 - legs.last.damage_share[w, m], 1e-9)
    shape = (len(o), len(instance.families), len(instance.periods))
    waits = legs.first.interval_days[o, w] + legs.last.interval_days[w, m]
    law = pair_law(instance.network, legs.first, legs.last, instance.markets, waiting)
    routes = Routes(
        option=o,
        via=w,
        market=m,
        pair=o * len(instance.warehouses) + w,
        value=np.zeros(shape),
        hours=np.zeros(shape),
        pallets=np.zeros(shape),
        through=np.zeros(shape),
        shipped=passed / np.maximum(1 - legs.first.damage_share[o, w], 1e-9),
        passed=passed,
        near=np.stack([turns[o] / 2, legs.first.days[o, w]], axis=1) / DAYS_PER_YEAR,
        far=np.stack([waits / 2, legs.last.days[w, m]], axis=1) / DAYS_PER_YEAR,
        promised_days=legs.last.days[w, m],
        co2_kg=legs.first.co2_kg_per_unit[o, w] * (passed / (1 - legs.first.damage_share[o, w]))[:, None]
        + legs.last.co2_kg_per_unit[w, m] * passed[:, None],
        law=law,
        safety=np.zeros((len(law.weeks), len(instance.markets), len(instance.products), 1)),
        houses=len(instance.warehouses),
    )
    _price(instance, direct, legs, routes)
    routes = routes.only(np.flatnonzero(_is_useful(instance, direct, routes)))
    lines = _likely_lines(instance, routes) if safety is None else safety
    return replace(routes, value=routes.value + _safety_value(instance, routes, lines), safety=lines)


def pair_law(
    network: Network, first: LaneTable, last: LaneTable, markets: Sequence[Market], waiting: Floats
) -> SafetyLaw:
    """The law of safety stock of every pair of factory and warehouse; its exposed time runs from the factory's line."""
    days = (first.days + first.interval_days + waiting[:, None])[:, :, None] + last.days[None]
    spread = np.sqrt(first.days_sd[:, :, None] ** 2 + last.days_sd[None] ** 2)
    pairs = (days.shape[0] * days.shape[1], days.shape[2])
    return SafetyLaw(
        factor=service_factor(network.policy.service_level),
        correlation=network.policy.demand_correlation,
        cv=weekly_cvs(network, markets),
        weeks=(days + network.policy.review_days).reshape(pairs) / DAYS_PER_WEEK,
        spread=spread.reshape(pairs) / DAYS_PER_WEEK,
    )


def _price(instance: Instance, direct: ArcValues, legs: _Legs, routes: Routes) -> None:
    """Fill in what routes are worth and take, without safety stock."""
    o, w, m = routes.option, routes.via, routes.market
    fresh = np.ones(routes.value.shape[:2], dtype=bool)
    days = legs.first.days[o, w] + legs.last.days[w, m]
    for p, f in enumerate(instance.family_of):
        asked, product = instance.demand[m, p], instance.products[p]
        unit, here = _unit_value(instance, direct, legs, routes, p)
        routes.value[:, f] += unit * asked
        per_unit = instance.hours_per_unit[o, p]
        routes.hours[:, f] += (np.where(np.isinf(per_unit), 0.0, per_unit) * routes.shipped)[:, None] * asked
        routes.pallets[:, f] += here * asked / product.units_per_pallet
        routes.through[:, f] += routes.passed[:, None] * asked / product.units_per_pallet
        life = np.inf if product.shelf_life_days is None else product.shelf_life_days
        fresh[:, f] &= (days <= life - product.minimum_remaining_life_days) | (asked.sum(axis=1) == 0)
    routes.value[~(fresh & _runs(instance)[o])] = -np.inf
    routes.value[np.isnan(routes.value)] = -np.inf


def _likely_lines(instance: Instance, routes: Routes) -> Floats:
    """Years of cover (pairs, markets, products, 1): outward lines, close where a warehouse serves all that it can."""
    demand = instance.demand.sum(axis=2) / instance.weights.years.sum()
    cover = np.zeros(routes.safety.shape)
    for k in np.unique(routes.pair).tolist():
        reach = np.zeros(len(instance.markets), dtype=bool)
        reach[routes.market[routes.pair == k]] = True
        for p in range(len(instance.products)):
            weekly = demand[:, [p]] / WEEKS_PER_YEAR
            cover[k, :, p] = outward_line(routes.law, k, weekly, reach & (demand[:, p] > 0)) / WEEKS_PER_YEAR
    return cover


def _safety_value(instance: Instance, routes: Routes, cover: Floats) -> Floats:
    """Value (routes, families, periods) of safety stock at the warehouses: its carrying, its capital and its places."""
    weights, houses = instance.weights, instance.warehouses
    worth = unit_value(instance.network)
    share = instance.network.policy.stock_cost_share_per_year
    a_month = np.array([[house.storage_fee_per_pallet_month] for house in houses])[routes.via]
    unpaid = house_level(instance, is_paid=False)[routes.via]
    value = np.zeros(routes.value.shape)
    for p, f in enumerate(instance.family_of):
        line = cover[routes.pair, routes.market, p] / weights.years
        units = routes.passed[:, None] * line * instance.demand[routes.market, p]
        pallets = units / instance.products[p].units_per_pallet
        carried = units * worth[p] * share + pallets * a_month * MONTHS_PER_YEAR
        value[:, f] += unpaid * units * worth[p] - weights.operating * weights.years * carried
    return value


def _legs(instance: Instance) -> _Legs:
    network, houses = instance.network, instance.warehouses
    origins = [instance.sites[option.site] for option in instance.options]
    return _Legs(
        first=full_load_lanes(network, origins, houses),
        last=lane_table(network, houses, instance.markets, demand_points(network).yearly),
        first_duty=product_duties(network, origins, houses, instance.periods).all_pairs(),
        last_duty=product_duties(network, houses, instance.markets, instance.periods).all_pairs(),
    )


def _last_allowed(instance: Instance, legs: _Legs) -> NDArray[np.bool_]:
    """Whether a warehouse may serve a market, (w, m): its lane, and the days that are promised."""
    ways = legs.last.is_allowed.copy()
    if instance.network.policy.is_service_binding:
        promised = np.array([np.inf if m.service_days is None else m.service_days for m in instance.markets])
        ways &= legs.last.days <= promised + 1e-9
    return np.asarray(ways)


def _runs(instance: Instance) -> NDArray[np.bool_]:
    """Families that some line of an option runs, (o, f)."""
    runs = np.zeros((len(instance.options), len(instance.families)), dtype=bool)
    for column in instance.columns:
        runs[instance.places[column.place].option, list(column.families)] = True
    return runs


def _unit_value(instance: Instance, direct: ArcValues, legs: _Legs, routes: Routes, p: int) -> tuple[Floats, Floats]:
    """Value of one unit received by each route, (routes, periods), and mean units in store at the factory of it;
    without safety stock."""
    o, w, m = routes.option, routes.via, routes.market
    shipped, passed, materials = routes.shipped, routes.passed, direct.materials
    finance, policy, weights = instance.network.finance, instance.network.policy, instance.weights
    operating, years = weights.operating, weights.years
    worth = float(unit_value(instance.network)[p])
    price = instance.price[m, p, None]
    made = materials.total[o, p] * shipped[:, None]
    bought = (materials.purchase + materials.freight)[o, p] * shipped[:, None]
    moved = legs.first_duty[o, w, p] * shipped[:, None] + legs.last_duty[w, m, p] * passed[:, None]
    for lanes, ends, units in ((legs.first, (o, w), shipped), (legs.last, (w, m), passed)):
        moved = moved + ((lanes.freight_per_unit + lanes.packaging_per_unit)[(*ends, p)] * units)[:, None]
    here = shipped[:, None] * (routes.near[:, :1] / years + instance.build_up[m, p])
    there = (passed * routes.far[:, 0])[:, None] / years
    houses, pallet = instance.warehouses, instance.products[p].units_per_pallet
    through = np.array([house.throughput_fee_per_pallet for house in houses])[w] * passed / pallet
    a_month = np.array([house.storage_fee_per_pallet_month for house in houses])[w, None] * there / pallet
    near_units = here + (shipped * routes.near[:, 1])[:, None] / years
    far_units = there + (passed * routes.far[:, 1])[:, None] / years
    receivable, payable = finance.receivable_days / DAYS_PER_YEAR, finance.payable_days / DAYS_PER_YEAR
    carried = (near_units + far_units) * worth * policy.stock_cost_share_per_year * years
    value = price - made - moved - through[:, None] - a_month * MONTHS_PER_YEAR * years - carried
    tied = (receivable * price - payable * bought) / years + near_units * worth
    value = operating * value + direct.level[o] * tied + house_level(instance)[w] * far_units * worth
    return np.asarray(value), np.asarray(here)


def house_level(instance: Instance, *, is_paid: bool = True) -> Floats:
    """Value (warehouses, periods) of one unit of working capital standing at the end of each period, as of sites;
    existing ones have paid it before, unless not ``is_paid``."""
    cash, end = instance.weights.cash, instance.weights.end
    level = -cash.copy()
    level[:-1] += cash[1:]
    level[-1] += end
    weights = np.tile(level, (len(instance.warehouses), 1))
    weights[[is_paid and house.status == "existing" for house in instance.warehouses], 0] += cash[0]
    return weights


def _is_useful(instance: Instance, direct: ArcValues, routes: Routes) -> NDArray[np.bool_]:
    """Routes that no direct arc makes superfluous, (routes,): worth more in some period, or using fewer hours.

    The route has no safety stock here, the direct arc the most that any flows could ask for, all of it stored outside:
    so what is left out is worse by any line of safety stock.
    """
    other = (routes.option, routes.market)
    straight = direct.value[other] - _dearest_stock(instance, direct)[other]
    better = (routes.value > straight) | (routes.hours < direct.hours[other] * (1 - 1e-9))
    return np.asarray((np.isfinite(routes.value) & better & (routes.hours > 0)).any(axis=(1, 2)))


def _dearest_stock(instance: Instance, direct: ArcValues) -> Floats:
    """Money (o, m, f, t), present value, that stock of a direct arc can cost beyond what its value counts.

    S(u) ≤ z · Σ u (sqrt(longest exposed weeks) · cv + spread), whatever the flows.
    """
    weights, law = instance.weights, direct.law
    most = law.factor * (np.sqrt(law.weeks.max(axis=1, initial=0.0))[:, None] * np.maximum(law.cv, 0.0) + law.spread)
    worth = unit_value(instance.network)
    policy = instance.network.policy
    fee = policy.storage_fee_per_pallet_month * MONTHS_PER_YEAR
    tied = np.abs(direct.level)[:, None, :] + weights.cash[0]
    out = np.zeros(direct.value.shape)
    for p, f in enumerate(instance.family_of):
        units = (direct.shipped * most / WEEKS_PER_YEAR)[:, :, None] / weights.years * instance.demand[None, :, p]
        pallets = units / instance.products[p].units_per_pallet
        a_year = units * worth[p] * policy.stock_cost_share_per_year + pallets * fee
        out[:, :, f] += weights.operating * weights.years * a_year + tied * units * worth[p]
    return out + fee * weights.operating * weights.years * direct.pallets


def best_ways(arcs: ArcValues) -> ArcValues:
    """Direct arcs with the best that any way over a warehouse offers: for bounds, that relax warehouses outward.

    Warehouses cost nothing to have and hold whatever goes through; the value is the highest of all ways, the hours and
    pallets the lowest.
    """
    routes = arcs.routes
    if routes is None or not len(routes):
        return arcs
    value, hours, pallets = arcs.value.copy(), arcs.hours.copy(), arcs.pallets.copy()
    at = (routes.option, routes.market)
    is_way = np.isfinite(routes.value)
    np.maximum.at(value, at, routes.value)
    np.minimum.at(hours, at, np.where(is_way, routes.hours, np.inf))
    np.minimum.at(pallets, at, np.where(is_way, routes.pallets, np.inf))
    return replace(arcs, value=value, hours=hours, pallets=pallets)


# ---- columns and equations -------------------------------------------------------------------------------------------


def route_arcs(routes: Routes | None, options: Ints | None = None) -> tuple[Ints, Ints, Ints, Ints]:
    """Option, market, family and route of every arc over a warehouse, of some options or of all."""
    if routes is None or not len(routes):
        none = np.zeros(0, dtype=np.intp)
        return none, none, none, none
    useful = (np.isfinite(routes.value) & (routes.hours > 0)).any(axis=2)
    if options is not None:
        useful &= np.isin(routes.option, options)[:, None]
    route, family = np.nonzero(useful)
    return routes.option[route], routes.market[route], family, route


def add_house_columns(model: Model) -> None:
    """``house``: used from a period on; existing ones may be given up where the case may close."""
    instance, linear = model.instance, model.linear
    houses = instance.warehouses
    if not houses:
        return
    yearly = instance.weights.operating * instance.weights.years
    value = -np.array([[house.fixed_cost_per_year] for house in houses]) * yearly
    begins = np.array([period.first_quarter for period in instance.periods])
    low, high = np.zeros(value.shape), np.ones(value.shape)
    for w, house in enumerate(houses):
        if house.status == "existing":
            low[w] = 0.0 if instance.case.may_close else 1.0
        else:
            high[w] = begins >= house.lead_quarters
    linear.add_columns("house", value / model.scale, low, high, whole=True)


def houses_stay(model: Model) -> None:
    """House never falls at candidates and never rises at existing warehouses."""
    instance, linear = model.instance, model.linear
    if not instance.warehouses:
        return
    house = linear.columns["house"]
    sign = np.array([[-1.0 if row.status == "existing" else 1.0] for row in instance.warehouses])
    shape = (len(house), house.shape[1] - 1)
    row = np.arange(np.prod(shape)).reshape(shape)
    linear.add_rows("house_order", shape, [(row, house[:, 1:], sign), (row, house[:, :-1], -sign)], low=0.0)


def routes_need_houses(model: Model) -> None:
    """Flow ≤ house[w,t]; Σ pallets of flows through w ≤ capacity × years × house[w,t]."""
    instance, linear, arcs = model.instance, model.linear, model.arcs
    routes = model.arc_values.routes
    over = np.flatnonzero(arcs.route >= 0)
    if routes is None or not instance.warehouses:
        return
    t_count = len(instance.periods)
    time, house = np.arange(t_count), linear.columns["house"]
    via = routes.via[arcs.route[over]]
    row = np.arange(len(over))[:, None] * t_count + time
    linear.add_rows(
        "flow_house",
        (len(over), t_count),
        [(row, linear.columns["flow"][over], 1.0), (row, house[via], -1.0)],
        high=0.0,
    )
    limited = np.array([house.capacity_pallets_per_year is not None for house in instance.warehouses])
    most = np.array([house.capacity_pallets_per_year or 1.0 for house in instance.warehouses])
    mine = over[limited[via]]
    via = routes.via[arcs.route[mine]]
    pallets = routes.through[arcs.route[mine], arcs.family[mine]]
    everything = np.arange(house.size).reshape(house.shape)
    linear.add_rows(
        "throughput",
        house.shape,
        [
            (via[:, None] * t_count + time, linear.columns["flow"][mine], pallets / most[via][:, None]),
            (everything, house, -instance.weights.years * limited[:, None]),
        ],
        high=0.0,
    )


def arcs_of(option: Ints, market: Ints, family: Ints, over: tuple[Ints, Ints, Ints, Ints]) -> Arcs:
    """Direct arcs and those over warehouses together."""
    from manyworks.plan.equations.formulation import Arcs

    direct = np.full(len(option), -1, dtype=np.intp)
    parts = [np.concatenate(pair) for pair in zip((option, market, family, direct), over, strict=True)]
    return Arcs(option=parts[0], market=parts[1], family=parts[2], route=parts[3])
