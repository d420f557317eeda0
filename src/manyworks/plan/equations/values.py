"""Present value of each decision: arcs, hours, lines, sites, people. Every formula is that of ``conventions``."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from manyworks.model.contracts import signing_period
from manyworks.model.duties import product_duties
from manyworks.model.hours import template_calendar
from manyworks.model.purchasing import contested_pairs
from manyworks.model.rates import crew_per_shift, kw_execute, line_capex
from manyworks.model.shipping import LaneTable, lane_table
from manyworks.model.site import InstalledLine, Upgrade
from manyworks.model.standup import stand_up_quarters
from manyworks.model.stock import unit_value
from manyworks.model.supply_costs import MaterialCosts, material_costs
from manyworks.plan.conventions import listed_done, listed_upgrade, replacement, spending, straight_line
from manyworks.plan.equations.instance import Instance
from manyworks.plan.equations.options import LinePlace, Option
from manyworks.plan.equations.routes import Routes, make_routes
from manyworks.plan.equations.supply import Supply, make_supply
from manyworks.plan.points import demand_points
from manyworks.plan.pooling import WEEKS_PER_YEAR, SafetyLaw, opening_safety, outward_line, safety_law
from manyworks.plan.typical import co_packer_make, typical_make
from manyworks.plan.waiting import make_days
from manyworks.units import DAYS_PER_YEAR, MINUTES_PER_HOUR

Floats = NDArray[np.float64]
MONTHS_PER_YEAR = 12


@dataclass(frozen=True, kw_only=True)
class ArcValues:
    """What serving the whole demand of a market for a family from an option is worth; shapes (o, m, f, t) unless said.

    ``value`` present value, -inf where it is not allowed; ``hours`` reference line hours, ``pallets`` mean pallets in
    store. ``shipped`` (o, m) units that leave per unit received. ``cycle`` and ``in_transit`` (o, m) years of stock per
    unit of yearly flow, ``safety`` (o, m, p, 1 or t) the line that stands for safety stock, ``law`` what it truly is.
    ``penalty`` (m, f, t) value of serving nothing. ``stored`` (o, f, t) value of one reference hour of season stock at
    the end of a quarter, ``stored_pallets`` of mean pallets; making it a period earlier and holding it. ``level`` (o,
    t) is ``level_weights``. ``routes`` go over warehouses, ``supply`` are the contested materials.
    """

    lanes: LaneTable
    materials: MaterialCosts
    value: Floats
    hours: Floats
    pallets: Floats
    shipped: Floats
    cycle: Floats
    in_transit: Floats
    safety: Floats
    law: SafetyLaw
    supply: Supply
    penalty: Floats
    stored: Floats
    stored_pallets: Floats
    level: Floats
    routes: Routes | None = None


@dataclass(frozen=True, kw_only=True)
class SiteValues:
    """Values of hours, lines, sites and people.

    ``run`` (j, t) of one running hour; ``overtime`` (g, t) of one hour; ``line`` (g, t) of one standing line;
    ``site`` (o, t) of an open site; ``add_line`` (g, t) and ``open_site`` (o, t) of what becomes ready in t, -inf where
    it cannot; ``close_site`` (o, t) of an existing site that works no longer from t on; ``keep_site`` (o,) of one that
    stands at the end, ``keep_line`` (g,) of a line that does. ``upgrade`` (u, t) of an upgrade that works from t on,
    -inf where it cannot, ``upgraded`` (u, t) of one that works, ``keep_upgrade`` (u,) of one that does at the end.
    ``person`` (o, t), ``hire`` (o, t). ``crew`` (g,) people on a running line, ``paid_hours`` (o, t). ``first_copy``
    (template id → (t,)) premium of a first site that starts in t. ``spend_line`` (g, t, t'), ``spend_site`` (o, t, t'),
    ``spend_upgrade`` (u, t, t') capital spent in t' for what is ready in t. ``constant`` is what no decision changes.
    ``sign`` (contracts,) of signing a contract.
    """

    run: Floats
    overtime: Floats
    line: Floats
    site: Floats
    add_line: Floats
    open_site: Floats
    close_site: Floats
    keep_site: Floats
    keep_line: Floats
    upgrade: Floats
    upgraded: Floats
    keep_upgrade: Floats
    person: Floats
    hire: Floats
    crew: Floats
    wage: Floats
    paid_hours: Floats
    first_copy: dict[str, Floats]
    spend_line: Floats
    spend_site: Floats
    spend_upgrade: Floats
    spend_first: dict[str, Floats]
    constant: float
    sign: Floats


def level_weights(instance: Instance) -> Floats:
    """Value (options, periods) of one unit of working capital standing at the end of each period.

    Its increase is paid, its decrease comes back, and all of it at the end; existing places have paid period 0 before.
    """
    cash, end = instance.weights.cash, instance.weights.end
    level = -cash.copy()
    level[:-1] += cash[1:]
    level[-1] += end
    weights = np.tile(level, (len(instance.options), 1))
    existing = [o for o, option in enumerate(instance.options) if option.is_existing]
    weights[existing, 0] += cash[0]
    return weights


def arc_values(instance: Instance, safety: Floats | None = None, far_safety: Floats | None = None) -> ArcValues:
    """Values of all arcs, with ``safety`` as the line of safety stock and ``far_safety`` as that of warehouses; none:
    lines that never lie above the law."""
    network, options = instance.network, instance.options
    origins = [instance.sites[option.site] for option in options]
    points = demand_points(network)
    lanes = lane_table(network, origins, points.markets, points.yearly)
    waiting = make_days(network, instance.sites, options)
    turns = np.where([option.packer is None for option in options], waiting, 0.0)  # Lots of others are counted whole.
    made = np.array([_typical_make(instance, option) for option in options])
    made = made.reshape(len(options), len(instance.products))
    supply = make_supply(instance, origins, made, level_weights(instance))
    sure = material_costs(network, origins, instance.periods, made, without=contested_pairs(network))
    materials = _with_toll(instance, sure + supply.base)
    law, allowed = safety_law(network, lanes, points.markets, waiting), _is_allowed(instance, lanes)
    shipped = 1 / np.maximum(1 - lanes.damage_share, 1e-9)
    stock = _Stock(
        cycle=(lanes.interval_days + turns[:, None]) / 2 / DAYS_PER_YEAR,
        in_transit=lanes.days / DAYS_PER_YEAR,
        safety=_likely_lines(instance, lanes, law, allowed, shipped) if safety is None else safety,
        law=law,
    )
    direct = _arcs(instance, lanes, materials, supply, shipped, stock, allowed)
    return replace(direct, routes=make_routes(instance, direct, waiting, turns, far_safety))


@dataclass(frozen=True, kw_only=True)
class _Stock:
    """Years of cover by kind, and the law of safety stock."""

    cycle: Floats
    in_transit: Floats
    safety: Floats
    law: SafetyLaw


def _likely_lines(
    instance: Instance, lanes: LaneTable, law: SafetyLaw, allowed: NDArray[np.bool_], shipped: Floats
) -> Floats:
    """Years of cover (o, m, p, 1): outward lines of safety stock, close where options serve what is nearest to them."""
    demand = _mean_demand(instance)
    weekly = _likely_shares(instance, lanes, allowed)[:, :, None] * (demand * shipped[:, :, None]) / WEEKS_PER_YEAR
    cover = np.zeros((*weekly.shape, 1))
    for p, f in enumerate(instance.family_of):
        for o in range(len(weekly)):
            cover[o, :, p] = outward_line(law, o, weekly[o, :, [p]].T, allowed[o, :, f] & (demand[:, p] > 0))
    return cover / WEEKS_PER_YEAR


def _likely_shares(instance: Instance, lanes: LaneTable, allowed: NDArray[np.bool_]) -> Floats:
    """Share of each market that an option would serve if it worked all its lines for what is nearest, (o, m)."""
    demand = _mean_demand(instance)
    most = _most_lines(instance) * instance.open_hours.sum(axis=1) / instance.weights.years.sum()
    hours = np.where(np.isinf(instance.hours_per_unit), 0.0, instance.hours_per_unit) @ demand.T
    hours = np.where(allowed.any(axis=2), hours, 0.0)
    order = np.argsort(np.where(allowed.any(axis=2), lanes.km, np.inf), axis=1, kind="stable")
    sorted_hours = np.take_along_axis(hours, order, axis=1)
    before = np.cumsum(sorted_hours, axis=1) - sorted_hours
    share = np.clip((most[:, None] - before) / np.where(sorted_hours > 0, sorted_hours, 1.0), 0.0, 1.0)
    shares = np.zeros(hours.shape)
    np.put_along_axis(shares, order, share, axis=1)
    return np.where(hours > 0, shares, 0.0)


def _mean_demand(instance: Instance) -> Floats:
    """Units a year, (points, products)."""
    return np.asarray(instance.demand.sum(axis=2) / instance.weights.years.sum())


def _most_lines(instance: Instance) -> Floats:
    """Most lines (o,) that an option can have."""
    lines = np.array([float(option.maximum_added) for option in instance.options])
    np.add.at(lines, instance.option_of, [float(place.standing) for place in instance.places])
    return lines


def _typical_make(instance: Instance, option: Option) -> Floats:
    if option.packer is not None:
        return co_packer_make(instance.network, option.packer)
    return typical_make(instance.network, instance.sites[option.site], option.template)


def _with_toll(instance: Instance, materials: MaterialCosts) -> MaterialCosts:
    """Materials with the toll fee of contracts among what is paid on the spot for every unit made."""
    fees = np.array([0.0 if o.packer is None else o.packer.toll_fee_per_unit for o in instance.options])
    return replace(materials, local=materials.local + fees[:, None, None])


def unpaid_level(instance: Instance, level: Floats) -> Floats:
    """The same for season and safety stock, of which no decision changes what existing places have before."""
    unpaid = level.copy()
    unpaid[[o for o, option in enumerate(instance.options) if option.is_existing], 0] -= instance.weights.cash[0]
    return unpaid


def _arcs(
    instance: Instance,
    lanes: LaneTable,
    materials: MaterialCosts,
    supply: Supply,
    shipped: Floats,
    stock: _Stock,
    allowed: NDArray[np.bool_],
) -> ArcValues:
    shape = (len(instance.options), len(instance.markets), len(instance.families), len(instance.periods))
    value, hours, pallets = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    duty = product_duties(
        instance.network, [instance.sites[o.site] for o in instance.options], instance.markets, instance.periods
    )
    level = level_weights(instance)
    duties = None if duty.is_free else duty.all_pairs()
    for p, f in enumerate(instance.family_of):
        unit, stored_units = _unit_value(instance, lanes, materials, shipped, stock, level, p)
        if duties is not None:
            unit -= duties[:, :, p] * shipped[:, :, None] * instance.weights.operating
        value[:, :, f] += unit * instance.demand[None, :, p]
        per_unit = np.where(np.isinf(instance.hours_per_unit[:, p]), 0.0, instance.hours_per_unit[:, p])
        hours[:, :, f] += (per_unit[:, None] * shipped)[:, :, None] * instance.demand[None, :, p]
        pallets[:, :, f] += stored_units * instance.demand[None, :, p] / instance.products[p].units_per_pallet
    for f in range(shape[2]):
        value[:, :, f][~allowed[:, :, f]] = -np.inf
    value[np.isnan(value)] = -np.inf
    stored, stored_pallets = _stored(instance, materials, level, unpaid_level(instance, level))
    return ArcValues(
        lanes=lanes,
        materials=materials,
        value=value,
        hours=hours,
        pallets=pallets,
        shipped=shipped,
        cycle=stock.cycle,
        in_transit=stock.in_transit,
        safety=stock.safety,
        law=stock.law,
        supply=supply,
        penalty=_penalty(instance),
        stored=stored,
        stored_pallets=stored_pallets,
        level=level,
    )


def _unit_value(
    instance: Instance,
    lanes: LaneTable,
    materials: MaterialCosts,
    shipped: Floats,
    stock: _Stock,
    level: Floats,
    p: int,
) -> tuple[Floats, Floats]:
    """Value of one unit received, (options, markets, periods), and mean units in store (cycle, safety, season) of
    it."""
    finance, policy, weights = instance.network.finance, instance.network.policy, instance.weights
    operating, years = weights.operating, weights.years
    worth = float(unit_value(instance.network)[p])
    made = materials.total[:, p][:, None, :] * shipped[:, :, None]
    bought = (materials.purchase + materials.freight)[:, p][:, None, :] * shipped[:, :, None]
    moved = (lanes.freight_per_unit + lanes.packaging_per_unit)[:, :, p] * shipped
    safety = shipped[:, :, None] * stock.safety[:, :, p] / years
    stored = safety + shipped[:, :, None] * (stock.cycle[:, :, None] / years + instance.build_up[None, :, p])
    units = stored + (shipped * stock.in_transit)[:, :, None] / years
    price = instance.price[None, :, p, None]
    receivable, payable = finance.receivable_days / DAYS_PER_YEAR, finance.payable_days / DAYS_PER_YEAR
    tied = (receivable * price - payable * bought) / years + units * worth
    carried = units * worth * policy.stock_cost_share_per_year * years
    value = operating * (price - made - moved[:, :, None] - carried) + level[:, None, :] * tied
    # What existing sites have of safety stock at the start is a fact (``opening_safety``), whatever they ship.
    value += (unpaid_level(instance, level) - level)[:, None, :] * safety * worth
    return np.asarray(value), np.asarray(stored)


def _stored(instance: Instance, materials: MaterialCosts, level: Floats, unpaid: Floats) -> tuple[Floats, Floats]:
    """Value (o, f, t) of one reference hour's make that stands at the end of a quarter instead of being made in the
    next.

    It is made in t and not in t + 1 (materials and what is owed for them), lies for half of each of both quarters, and
    stands at the end of t. Its products are those of the network's mix in t + 1.
    """
    weights, finance = instance.weights, instance.network.finance
    operating, years = weights.operating, weights.years
    payable = finance.payable_days / DAYS_PER_YEAR
    worth = unit_value(instance.network)
    share = instance.network.policy.stock_cost_share_per_year
    shape = (len(instance.options), len(instance.families), len(instance.periods))
    value, pallets = np.zeros(shape), np.zeros(shape)
    for f in range(shape[1]):
        rows = np.flatnonzero(instance.family_of == f)
        units = _units_per_hour(instance, rows)
        total = np.einsum("op,opt->ot", units, materials.total[:, rows])
        bought = np.einsum("op,opt->ot", units, (materials.purchase + materials.freight)[:, rows])
        held = units @ worth[rows]
        for t in range(shape[2] - 1):
            now, then = operating[t], operating[t + 1]
            value[:, f, t] = then * total[:, t + 1] - now * total[:, t]
            value[:, f, t] += payable * (level[:, t + 1] * bought[:, t + 1] / years[t + 1])
            value[:, f, t] -= level[:, t] * payable * bought[:, t] / years[t]
            value[:, f, t] -= held * share * 0.5 * (now * years[t] + then * years[t + 1])
            value[:, f, t] += held * 0.5 * (unpaid[:, t] + unpaid[:, t + 1])
        pallets[:, f] = (units / np.array([instance.products[p].units_per_pallet for p in rows])).sum(axis=1)[:, None]
    return value, pallets


def _units_per_hour(instance: Instance, rows: NDArray[np.intp]) -> Floats:
    """Units of each product of a family made in one reference hour in the network's mix, (options, rows)."""
    mix = _constant_mix(instance)[rows]
    hours = np.where(np.isinf(instance.hours_per_unit[:, rows]), 0.0, instance.hours_per_unit[:, rows])
    one = (hours * mix).sum(axis=1, keepdims=True)
    return np.where(one > 0, mix / np.where(one > 0, one, 1.0), 0.0)


def _constant_mix(instance: Instance) -> Floats:
    """Share of each product in its family over the whole horizon, (products,)."""
    units = instance.demand[: instance.own_markets].sum(axis=(0, 2))
    total = np.array([units[instance.family_of == f].sum() for f in instance.family_of])
    count = np.array([(instance.family_of == f).sum() for f in instance.family_of])
    return np.where(total > 0, units / np.where(total > 0, total, 1.0), 1.0 / count)


def product_shares(instance: Instance) -> Floats:
    """Units of each product in one reference hour of its family's season stock, (options, products)."""
    shares = np.zeros((len(instance.options), len(instance.products)))
    for f in range(len(instance.families)):
        rows = np.flatnonzero(instance.family_of == f)
        shares[:, rows] = _units_per_hour(instance, rows)
    return shares


def _penalty(instance: Instance) -> Floats:
    """Value of leaving a market's demand for a family unserved, or of not delivering what a contract asks for."""
    owed = instance.network.policy.unmet_penalty_share * instance.price
    for k, contract in enumerate(instance.contracts):
        owed[instance.own_markets + k] = contract.penalty_per_unit
    lost = -owed[:, :, None] * instance.demand * instance.weights.operating
    out = np.zeros((len(instance.markets), len(instance.families), len(instance.periods)))
    for p, f in enumerate(instance.family_of):
        out[:, f] += lost[:, p]
    return out


def _is_allowed(instance: Instance, lanes: LaneTable) -> NDArray[np.bool_]:
    """Whether an option may serve a market with a family, (o, m, f): lane, freshness, promised days, a line for it."""
    ways = lanes.is_allowed.copy()
    if instance.network.policy.is_service_binding:
        promised = np.array([np.inf if m.service_days is None else m.service_days for m in instance.markets])
        ways &= lanes.days <= promised + 1e-9
    runs = np.zeros((len(instance.options), len(instance.families)), dtype=bool)
    for column in instance.columns:
        runs[instance.places[column.place].option, list(column.families)] = True
    fresh = np.ones((*ways.shape, len(instance.families)), dtype=bool)
    for p, f in enumerate(instance.family_of):
        asked = instance.demand[:, p].sum(axis=1) > 0
        fresh[:, :, f] &= lanes.is_fresh[:, :, p] | ~asked
    return np.asarray(ways[:, :, None] & fresh & runs[:, None, :])


def site_values(instance: Instance) -> SiteValues:
    """Values of everything that happens inside sites."""
    network, options, places = instance.network, instance.options, instance.places
    weights = instance.weights
    yearly = weights.operating * weights.years
    option_of = instance.option_of
    wage = np.array([instance.sites[o.site].wage_per_h for o in options])
    paid = np.array([template_calendar(network, o.template).paid_hours_per_worker_year for o in options])
    crew = np.array([crew_per_shift(network, place.line) for place in places])
    premium = np.array([template_calendar(network, o.template).overtime_premium for o in options])
    capital = [_line_capital(instance, options[place.option], place) for place in places]
    sites = [_site_capital(instance, option) for option in options]
    standing = np.array([_line_a_year(instance, options[place.option], place) for place in places])
    opened = np.array([_site_a_year(instance, option) for option in options])
    first = _first_copies(instance)
    changes = [_upgrade_capital(instance, row) for row in instance.upgrades]
    listed = np.array([listed_upgrade(network, row) for row in instance.upgrades])
    tax = np.array([network.get("sites", row.site).property_tax_share for row in instance.upgrades])
    return SiteValues(
        run=_run(instance, wage),
        overtime=-(crew * (wage * (1 + premium))[option_of])[:, None] * weights.operating,
        line=-standing[:, None] * yearly,
        site=-opened[:, None] * yearly,
        add_line=np.array([value for value, _ in capital]).reshape(len(places), len(instance.periods)),
        open_site=np.array([value for value, _ in sites]).reshape(len(options), len(instance.periods)),
        close_site=np.array([_closing(instance, option) for option in options]),
        keep_site=np.array([_kept_site(instance, option) for option in options]),
        keep_line=np.array([_kept_line(instance, options[place.option], place) for place in places]),
        upgrade=np.array([value for value, _ in changes]).reshape(len(changes), len(instance.periods)),
        upgraded=-(listed * tax)[:, None] * yearly,
        keep_upgrade=np.array([_kept_upgrade(instance, row) for row in instance.upgrades]),
        person=-(paid * wage)[:, None] * yearly,
        hire=-(network.policy.hiring_cost + network.policy.training_hours * wage)[:, None] * weights.operating,
        crew=crew,
        wage=wage,
        paid_hours=paid[:, None] * weights.years,
        first_copy={name: value for name, (value, _) in first.items()},
        spend_line=np.array([spent for _, spent in capital]).reshape(len(places), *[len(instance.periods)] * 2),
        spend_site=np.array([spent for _, spent in sites]).reshape(len(options), *[len(instance.periods)] * 2),
        spend_upgrade=np.array([spent for _, spent in changes]).reshape(len(changes), *[len(instance.periods)] * 2),
        spend_first={name: spent for name, (_, spent) in first.items()},
        constant=_book_values(instance) + _opening_stock(instance),
        sign=_signing(instance),
    )


def _signing(instance: Instance) -> Floats:
    """One-off cost of each contract in the period in which it is signed; nothing where that is done."""
    value = np.zeros(len(instance.contracts))
    for k, contract in enumerate(instance.contracts):
        t = signing_period(contract, instance.periods)
        if t is not None and not contract.is_signed:
            value[k] = -contract.one_off_cost * instance.weights.once[t]
    return value


def _run(instance: Instance, wage: Floats) -> Floats:
    """Value of one running hour of each column: energy, cleaning, scrap and helpers of its wheel; crews are apart."""
    worth = unit_value(instance.network)
    cost = np.zeros(len(instance.columns))
    for j, column in enumerate(instance.columns):
        place, wheel = instance.places[column.place], column.wheel
        site = instance.sites[instance.options[place.option].site]
        idle = instance.staffed[j] - 1
        cycles = instance.staffed[j] * MINUTES_PER_HOUR / wheel.open_min_per_cycle
        cost[j] = site.power_price_per_kwh * (kw_execute(instance.network, place.line) + idle * place.line.kw_idle)
        cost[j] += wheel.sanitation_cost_per_h + cycles * wheel.cost_per_cycle
        cost[j] += cycles * float(wheel.scrap_units_per_cycle @ worth)
        cost[j] += cycles * wheel.crew_min_per_cycle / MINUTES_PER_HOUR * wage[place.option]
    return -cost[:, None] * instance.weights.operating


def _line_a_year(instance: Instance, option: Option, place: LinePlace) -> float:
    site, template, line = instance.sites[option.site], option.template, place.line
    paid = template_calendar(instance.network, template).paid_hours_per_worker_year
    people = template.indirect_staff_per_line * template.indirect_wage_ratio * site.wage_per_h * paid
    power = kw_execute(instance.network, line) * site.demand_charge_per_kw_month * MONTHS_PER_YEAR
    tax = site.property_tax_share * line_capex(instance.network, line)
    return people + power + line.footprint_m2 * site.rent_per_m2_year + line.service_per_year + tax


def _site_a_year(instance: Instance, option: Option) -> float:
    site, template = instance.sites[option.site], option.template
    paid = template_calendar(instance.network, template).paid_hours_per_worker_year
    people = template.indirect_staff * template.indirect_wage_ratio * site.wage_per_h * paid
    rent = template.area_m2 * site.rent_per_m2_year
    listed = template.capex + (listed_done(instance.network, site.id) if option.is_existing else 0.0)
    return people + rent + template.fixed_cost_per_year + site.property_tax_share * listed


def _capital(instance: Instance, option: Option, amount: float, lead: int, t: int) -> tuple[float, Floats] | None:
    """Value of spending ``amount`` for what is ready in ``t``, incentives, depreciation and salvage included."""
    shares = spending(instance.periods, t, lead)
    if shares is None:
        return None
    weights, site = instance.weights, instance.sites[option.site]
    paid = float(shares @ weights.cash) * (1 - site.incentive_capex_share)
    relief = float(straight_line(instance.periods, t, option.template.depreciation_years) @ weights.depreciation)
    return amount * (relief - paid + option.template.salvage_share * weights.end), amount * shares


def _line_capital(instance: Instance, option: Option, place: LinePlace) -> tuple[Floats, Floats]:
    count = len(instance.periods)
    value, spent = np.full(count, -np.inf), np.zeros((count, count))
    amount = line_capex(instance.network, place.line) * (1 - option.template.copy_saving_share)
    for t in range(count) if place.may_add else ():
        found = _capital(instance, option, amount, option.template.line_lead_quarters, t)
        if found is not None:
            value[t], spent[t] = found
    return value, spent


def _upgrade_capital(instance: Instance, upgrade: Upgrade) -> tuple[Floats, Floats]:
    option = _upgraded_option(instance, upgrade)
    count = len(instance.periods)
    value, spent = np.full(count, -np.inf), np.zeros((count, count))
    for t in range(count):
        found = _capital(instance, option, upgrade.capex, upgrade.lead_quarters, t)
        if found is not None:
            value[t], spent[t] = found
    return value, spent


def _upgraded_option(instance: Instance, upgrade: Upgrade) -> Option:
    return next(o for o in instance.options if o.is_existing and instance.sites[o.site].id == upgrade.site)


def _kept_upgrade(instance: Instance, upgrade: Upgrade) -> float:
    finance, life = instance.network.finance, _upgraded_option(instance, upgrade).template.life_years
    yearly = replacement(finance, listed_upgrade(instance.network, upgrade), life)
    return -(1 - finance.tax_rate) * instance.weights.terminal * yearly


def _site_capital(instance: Instance, option: Option) -> tuple[Floats, Floats]:
    count = len(instance.periods)
    value, spent = np.full(count, -np.inf), np.zeros((count, count))
    amount = option.template.capex * (1 - option.template.copy_saving_share)
    lead = stand_up_quarters(instance.network, option.template)
    for t in range(count) if not option.is_existing else ():
        found = _capital(instance, option, amount, lead, t)
        if found is not None:
            value[t], spent[t] = found
            value[t] += instance.sites[option.site].incentive_amount * instance.weights.cash[t]
    return value, spent


def _first_copies(instance: Instance) -> dict[str, tuple[Floats, Floats]]:
    """Premium of the first site of each template that saves on copies and does not stand yet."""
    stands = {option.template.id for option in instance.options if option.is_existing}
    premiums: dict[str, tuple[Floats, Floats]] = {}
    for option in instance.options:
        template = option.template
        if template.id in stands or template.id in premiums or not template.copy_saving_share:
            continue
        first_line = line_capex(instance.network, instance.network.get("lines", template.lines[0]))
        amount = template.copy_saving_share * (template.capex + template.minimum_lines * first_line)
        count = len(instance.periods)
        value, spent = np.full(count, -np.inf), np.zeros((count, count))
        for t in range(count):
            found = _capital(instance, option, amount, stand_up_quarters(instance.network, template), t)
            if found is not None:
                value[t], spent[t] = found
                granted = instance.sites[option.site].incentive_capex_share * spent[t] @ instance.weights.cash
                value[t] -= granted
        premiums[template.id] = (value, spent)
    return premiums


def _list_capex(instance: Instance, option: Option) -> float:
    """List price of an existing site and the lines that stand there."""
    lines = sum(
        place.standing * line_capex(instance.network, place.line)
        for place in instance.places
        if instance.options[place.option] is option and not place.upgrades
    )
    return option.template.capex + listed_done(instance.network, instance.sites[option.site].id) + lines


def _closing(instance: Instance, option: Option) -> Floats:
    if not option.is_existing:
        return np.zeros(len(instance.periods))
    salvage = option.template.salvage_share * _list_capex(instance, option) * instance.weights.cash
    return np.asarray(salvage - instance.sites[option.site].closure_cost * instance.weights.once)


def _kept_site(instance: Instance, option: Option) -> float:
    """Value of a site that stands at the end: salvage of an existing one, and its renewal after the horizon."""
    finance, weights = instance.network.finance, instance.weights
    renewal = (1 - finance.tax_rate) * weights.terminal
    done = listed_done(instance.network, instance.sites[option.site].id) if option.is_existing else 0.0
    renewal *= replacement(finance, option.template.capex + done, option.template.life_years)
    salvage = option.template.salvage_share * _list_capex(instance, option) * weights.end if option.is_existing else 0.0
    return salvage - renewal


def _kept_line(instance: Instance, option: Option, place: LinePlace) -> float:
    finance = instance.network.finance
    yearly = replacement(finance, line_capex(instance.network, place.line), option.template.life_years)
    return -(1 - finance.tax_rate) * instance.weights.terminal * yearly


def _book_values(instance: Instance) -> float:
    """Tax relief of what stands already, whatever is decided."""
    known = {site.id for site in instance.sites}
    standing: list[InstalledLine | Upgrade] = [*instance.network.installed_lines]
    standing += [row for row in instance.network.upgrades if row.is_done]
    return sum(
        row.book_value * float(straight_line(instance.periods, 0, row.book_years) @ instance.weights.depreciation)
        for row in standing
        if row.site in known
    )


def _opening_stock(instance: Instance) -> float:
    """Value of the safety stock that existing sites need not buy, whatever is decided."""
    worth = opening_safety(instance.network).sum(axis=0) @ unit_value(instance.network)
    return float(worth * instance.weights.cash[0])
