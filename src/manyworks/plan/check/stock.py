"""Rules of stock: what lies where follows from what is shipped, each kind by its own law."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from manyworks.errors import Issue
from manyworks.model.demand import monthly_demand, season_build_up
from manyworks.model.stock import service_factor, weekly_cvs
from manyworks.plan.check.facts import Facts, Floats, Rule, excesses, own_rows, slack, sums
from manyworks.plan.equations.packers import packer_wheel
from manyworks.plan.money.ways import ways_of
from manyworks.plan.points import demand_points, via_of
from manyworks.plan.waiting import make_days, standing_option
from manyworks.units import DAYS_PER_QUARTER, DAYS_PER_WEEK, DAYS_PER_YEAR

KINDS = ("cycle", "safety", "season", "in_transit")
MONTHS_PER_QUARTER = 3


def stock_follows_goods(facts: Facts) -> Iterator[Issue]:
    """Cycle = flow × (interval + wait)/2; in transit = flow × days; season = goods that wait for later demand; safety =
    z · sqrt((lead + review) · pooled variance + (flow · spread)²) of the markets that the place serves.
    """
    shape = facts.made.shape
    straight, over = _flowing(facts), _over_warehouses(facts)
    cycle, safety, moving = (one + two for one, two in zip(straight, over, strict=True))
    expected = dict(zip(KINDS, (cycle, safety, _season(facts), moving), strict=True))
    sites = [facts.index.places[stand.site.id] for stand in facts.standing]
    sites += [facts.index.places[row.id] for row in facts.network.warehouses]
    packers = [facts.index.places[row.id] for row in facts.network.co_packers]
    for kind in KINDS:
        stated = sums(facts.index, facts.plan.tables.stock, "place", kind, shape)
        off = np.zeros(shape)
        there = sites if kind == "cycle" else [*sites, *packers]  # Lots of co-packers are the packers' own rule.
        off[there] = np.abs(stated - expected[kind])[there]
        words = f"{kind.replace('_', ' ')} stock of {{}} must follow from the shipments".format
        yield from excesses(facts, "stock_follows_goods", "place", off, 10 * slack(facts.sent), words)


def _waiting(facts: Facts) -> Floats:
    """Days between two runs, (places,)."""
    days = np.zeros(facts.made.shape[0])
    sites = [stand.site for stand in facts.standing]
    options = [standing_option(k, stand.site, stand.template) for k, stand in enumerate(facts.standing)]
    days[[stand.place for stand in facts.standing]] = make_days(facts.network, sites, options)
    for packer in facts.network.co_packers:
        offered = [p.id for p in facts.network.products if not packer.products or p.id in packer.products]
        days[facts.index.places[packer.id]] = packer_wheel(facts.network, packer, offered).cycle_days
    return days


def _flowing(facts: Facts) -> tuple[Floats, Floats, Floats]:
    """Cycle, safety and in-transit stock of what goes straight, units (places, products, periods)."""
    table, lanes, policy = facts.plan.tables.shipments, facts.lanes, facts.network.policy
    table = table.where(via_of(table) == "")
    origin, product, period = (facts.index.of(table, n) for n in ("origin", "product", "period"))
    market, cvs = facts.index.point(table), weekly_cvs(facts.network, demand_points(facts.network).markets)
    a_year = table["units"] / facts.years[period]
    waiting, at = _waiting(facts), (origin, product, period)
    days, interval, spread = (a[origin, market] for a in (lanes.days, lanes.interval_days, lanes.days_sd))

    def total(amount: Floats) -> Floats:
        found = np.zeros(facts.made.shape)
        np.add.at(found, at, amount)
        return found

    weekly = a_year * DAYS_PER_WEEK / DAYS_PER_YEAR
    error = weekly * cvs[market]
    units, rho = total(weekly), policy.demand_correlation
    variance = np.maximum((1 - rho) * total(error**2) + rho * total(error) ** 2, 0.0)
    lead = total(weekly * (days + waiting[origin] + policy.review_days)) / np.where(units > 0, units, 1.0)
    unsure = total(weekly * spread) / DAYS_PER_WEEK
    safety = service_factor(policy.service_level) * np.sqrt(lead / DAYS_PER_WEEK * variance + unsure**2)
    cycle = total(a_year * (interval + waiting[origin]) / 2) / DAYS_PER_YEAR
    return cycle, safety, total(a_year * days) / DAYS_PER_YEAR


def _over_warehouses(facts: Facts) -> tuple[Floats, Floats, Floats]:
    """The same of what goes over warehouses: the factory has half a turn of its line and what is on the first leg, the
    warehouse half an interval of each leg, what is on the last one, and the safety stock of each factory's goods apart.
    """
    table = facts.plan.tables.shipments.where(via_of(facts.plan.tables.shipments) != "")
    cycle, safety, moving = (np.zeros(facts.made.shape) for _ in range(3))
    if not len(table):
        return cycle, safety, moving
    legs, lanes, policy, waiting = facts.prices.legs, facts.lanes, facts.network.policy, _waiting(facts)
    origin, product, period = (facts.index.of(table, n) for n in ("origin", "product", "period"))
    point, ways = facts.index.point(table), ways_of(facts.prices, facts.index, table)
    house = np.array([legs.destinations.index(name) for name in via_of(table).tolist()], dtype=np.intp)
    leaving, passing = (units / facts.years[period] / DAYS_PER_YEAR for units in (table["units"], ways.arriving))
    first, last = (origin, house), (ways.house, point)
    np.add.at(cycle, (origin, product, period), leaving * waiting[origin] / 2)
    np.add.at(moving, (origin, product, period), leaving * legs.days[first])
    interval = legs.interval_days[first] + lanes.interval_days[last]
    np.add.at(cycle, (ways.house, product, period), passing * interval / 2)
    np.add.at(moving, (ways.house, product, period), passing * lanes.days[last])
    exposed = waiting[origin] + legs.days[first] + legs.interval_days[first] + lanes.days[last] + policy.review_days
    spread = np.hypot(legs.days_sd[first], lanes.days_sd[last])
    error = weekly_cvs(facts.network, demand_points(facts.network).markets)[point]
    weekly = passing * DAYS_PER_WEEK
    keys = np.stack([origin, ways.house, product, period])
    groups, at = np.unique(keys, axis=1, return_inverse=True)
    at = at.ravel()

    def total(amount: Floats) -> Floats:
        return np.asarray(np.bincount(at, weights=amount, minlength=groups.shape[1]), dtype=np.float64)

    rho, units = policy.demand_correlation, total(weekly)
    variance = np.maximum((1 - rho) * total((weekly * error) ** 2) + rho * total(weekly * error) ** 2, 0.0)
    weeks = total(weekly * exposed) / np.where(units > 0, units, 1.0) / DAYS_PER_WEEK
    unsure = total(weekly * spread) / DAYS_PER_WEEK
    stock = service_factor(policy.service_level) * np.sqrt(weeks * variance + unsure**2)
    np.add.at(safety, tuple(groups[1:]), stock)
    return cycle, safety, moving


def _season(facts: Facts) -> Floats:
    """Mean units that wait: within a year for its months, and from quarter to quarter."""
    table = own_rows(facts.plan.tables.shipments)  # Contracts ask for the same in every month.
    origin, market, product, period = (facts.index.of(table, n) for n in ("origin", "market", "product", "period"))
    season = np.zeros(facts.made.shape)
    np.add.at(season, (origin, product, period), table["units"] * _waits_within_years(facts)[market, product, period])
    stored = np.maximum(np.cumsum(facts.made - facts.sent - facts.spoiled, axis=2), 0.0)
    stored[:, :, -1] = 0.0
    before = np.concatenate([np.zeros_like(stored[:, :, :1]), stored[:, :, :-1]], axis=2)
    return np.asarray(season + (stored + before) / 2)


def _waits_within_years(facts: Facts) -> Floats:
    """Mean season stock of a yearly period over its volume, (markets, products, periods); 0 where goods do not keep."""
    monthly = monthly_demand(facts.network)
    share = np.zeros(facts.demand.shape)
    for t, period in enumerate(facts.plan.periods):
        if period.quarters > 1:
            first = MONTHS_PER_QUARTER * period.first_quarter
            share[:, :, t] = season_build_up(monthly[:, :, first : first + MONTHS_PER_QUARTER * period.quarters])
    families: dict[str, bool] = {}
    for row in facts.network.products:
        spare = np.inf if row.shelf_life_days is None else row.shelf_life_days - row.minimum_remaining_life_days
        families[row.family] = families.get(row.family, True) and spare >= DAYS_PER_QUARTER
    keeps = np.array([families[row.family] for row in facts.network.products])
    return np.asarray(share * keeps[None, :, None])


RULES: tuple[Rule, ...] = (stock_follows_goods,)
