"""The numbers of one case: everything that the equations need, as arrays, computed once from the document.

Index letters: o options, g line places, j columns (wheels), m markets, f families, p products, t periods. Sites,
markets, products and families are in order of their ids, so that a permuted document gives the same arrays. Values
are present values of after-tax money, income positive, by ``conventions``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.contracts import contract_units
from manyworks.model.demand import demand_units, monthly_demand, peak_quarter_ratio, season_build_up
from manyworks.model.hours import open_hours, overtime_hours, template_calendar
from manyworks.model.market import Market, Opportunity
from manyworks.model.network import Network
from manyworks.model.periods import Period, planning_periods
from manyworks.model.places import positions
from manyworks.model.product import Product
from manyworks.model.rates import effective_rates
from manyworks.model.site import Site, Upgrade, Warehouse
from manyworks.model.upgrades import done_upgrades
from manyworks.plan.case import Case
from manyworks.plan.conventions import MoneyWeights, last_year_share, money_weights
from manyworks.plan.equations.options import (
    Column,
    LinePlace,
    Option,
    line_places,
    plan_columns,
    plan_options,
    plan_sites,
    plan_upgrades,
    plan_warehouses,
    with_upgrades,
)
from manyworks.plan.equations.packers import packer_hours
from manyworks.plan.points import demand_points, selling_prices
from manyworks.units import DAYS_PER_QUARTER, MINUTES_PER_HOUR

Floats = NDArray[np.float64]
MONTHS_PER_YEAR = 12


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One case of one document, ready for the equations.

    ``markets`` are demand points: the document's markets, then the market of each of ``contracts``, so that a contract
    is a point of its own. ``demand`` (points, products, periods) in units; ``price`` (points, products); ``family_of``
    (products,).
    ``hours_per_unit`` (options, products) of the option's reference line, inf where none can run it; ``work`` (columns,
    families) line hours on the column per reference hour, inf where its wheel does not run the family.
    ``staffed`` (columns,) staffed hours per running hour. ``open_hours`` and ``overtime_hours`` (options, periods) of
    one line. ``mix`` (products, periods) share of a product in the units of its family over the whole network.
    ``is_storable`` (families,): whether units of a quarter may wait for the next one. ``peak`` (families, periods)
    hours of the busiest quarter over the mean where a year's making must follow demand; ``build_up`` (markets,
    products, periods) mean season stock of a yearly period over its volume, where it need not.
    """

    network: Network
    case: Case
    periods: tuple[Period, ...]
    weights: MoneyWeights
    sites: tuple[Site, ...]
    markets: tuple[Market, ...]
    contracts: tuple[Opportunity, ...]
    products: tuple[Product, ...]
    families: tuple[str, ...]
    family_of: NDArray[np.intp]
    options: tuple[Option, ...]
    warehouses: tuple[Warehouse, ...]
    places: tuple[LinePlace, ...]
    columns: tuple[Column, ...]
    upgrades: tuple[Upgrade, ...]
    demand: Floats
    price: Floats
    hours_per_unit: Floats
    work: Floats
    staffed: Floats
    open_hours: Floats
    overtime_hours: Floats
    mix: Floats
    is_storable: NDArray[np.bool_]
    peak: Floats
    build_up: Floats

    @property
    def own_markets(self) -> int:
        """Number of points that are markets; contracts follow."""
        return len(self.markets) - len(self.contracts)

    @property
    def site_of(self) -> NDArray[np.intp]:
        """Site of each option."""
        return np.array([option.site for option in self.options], dtype=np.intp)

    @property
    def option_of(self) -> NDArray[np.intp]:
        """Option of each line place."""
        return np.array([place.option for place in self.places], dtype=np.intp)

    @property
    def place_of(self) -> NDArray[np.intp]:
        """Line place of each column."""
        return np.array([column.place for column in self.columns], dtype=np.intp)

    @property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """Line places of each line type that may be upgraded: as it stands, then with each set of upgrades."""
        found: dict[tuple[int, str], list[int]] = {}
        for g, place in enumerate(self.places):
            found.setdefault((place.option, place.line.id), []).append(g)
        return tuple(tuple(group) for group in found.values() if len(group) > 1)


def make_instance(network: Network, case: Case) -> Instance:
    """Arrays of one case."""
    periods = planning_periods(network.finance)
    by_id = _sorted(network)
    sites = plan_sites(by_id, case)
    options = plan_options(by_id, case, sites)
    upgrades = plan_upgrades(by_id, case, sites)
    places = with_upgrades(by_id, sites, options, line_places(by_id, sites, options), upgrades)
    families = tuple(sorted({product.family for product in by_id.products}))
    family_of = np.array([families.index(product.family) for product in by_id.products], dtype=np.intp)
    members = [[p.id for p in by_id.products if p.family == family] for family in families]
    columns = plan_columns(by_id, sites, options, places, members)
    own = demand_units(by_id, periods)
    points = demand_points(by_id)
    hours = _hours_per_unit(by_id, sites, options, places)
    storable = _is_storable(by_id, families)
    return Instance(
        network=by_id,
        case=case,
        periods=periods,
        weights=money_weights(network.finance, periods),
        sites=tuple(sites),
        markets=points.markets,
        contracts=points.contracts,
        products=tuple(by_id.products),
        families=families,
        family_of=family_of,
        options=tuple(options),
        warehouses=tuple(plan_warehouses(by_id, case)),
        places=tuple(places),
        columns=tuple(columns),
        upgrades=tuple(upgrades),
        demand=np.concatenate([own, _contract_demand(by_id, periods)]),
        price=_prices(by_id),
        hours_per_unit=hours,
        work=_work(by_id, sites, options, places, columns, family_of, len(families), hours),
        staffed=np.array([(1 + c.wheel.sanitation_share) / (1 - c.wheel.changeover_share) for c in columns]),
        open_hours=_calendar_hours(by_id, options, periods, open_hours),
        overtime_hours=_calendar_hours(by_id, options, periods, overtime_hours),
        mix=_mix(own.sum(axis=0), family_of),
        is_storable=storable,
        peak=_peak(by_id, periods, family_of, storable),
        build_up=_build_up(by_id, periods, storable[family_of]),
    )


def stock_waits(instance: Instance) -> NDArray[np.bool_]:
    """Whether goods of period t may wait for the next one, (t,): both are quarters, and both are lived equally often.

    Where the last year stands for all years after the horizon, stock from before it would be laid in once and sold in
    every one of them.
    """
    quarter = np.array([period.quarters == 1 for period in instance.periods])
    repeats = (last_year_share(instance.periods) > 0) & (instance.weights.terminal > 0)
    waits = np.zeros(len(quarter), dtype=bool)
    waits[:-1] = quarter[:-1] & quarter[1:] & (repeats[:-1] == repeats[1:])
    return waits


def ramp_share(ramp: Sequence[float], ready: Period, period: Period) -> float:
    """Share of capacity in ``period`` of what became ready at the start of ``ready``: mean over the period's
    quarters."""
    first = period.first_quarter - ready.first_quarter
    shares = [ramp[q] if q < len(ramp) else 1.0 for q in range(first, first + period.quarters)]
    return sum(shares) / len(shares)


def ramp_shares(instance: Instance) -> Floats:
    """Share of capacity in period t of lines ready since period s, (options, t, s); 0 before they are ready."""
    count = len(instance.periods)
    shares = np.zeros((len(instance.options), count, count))
    known: dict[tuple[float, ...], Floats] = {}
    for o, option in enumerate(instance.options):
        ramp = tuple(option.template.ramp)
        if ramp not in known:
            known[ramp] = np.zeros((count, count))
            for t, period in enumerate(instance.periods):
                known[ramp][t, : t + 1] = [ramp_share(ramp, ready, period) for ready in instance.periods[: t + 1]]
        shares[o] = known[ramp]
    return shares


def _sorted(network: Network) -> Network:
    names = ("sites", "markets", "products", "opportunities")
    return network.model_copy(update={name: sorted(getattr(network, name), key=lambda row: row.id) for name in names})


def _contract_demand(network: Network, periods: Sequence[Period]) -> Floats:
    """Units of each contract, (contracts, products, periods)."""
    at = positions(network.products)
    units = np.zeros((len(network.opportunities), len(network.products), len(periods)))
    for k, row in enumerate(contract_units(network.opportunities, periods)):
        units[k, at[network.opportunities[k].product]] = row
    return units


def _prices(network: Network) -> Floats:
    """Price per unit, (points, products): a contract's own for its product."""
    market_at, product_at = positions(network.markets), positions(network.products)
    listed = selling_prices(network)
    agreed = [listed[market_at[row.market]].copy() for row in network.opportunities]
    for row, prices in zip(network.opportunities, agreed, strict=True):
        prices[product_at[row.product]] = row.price
    return np.concatenate([listed, np.array(agreed).reshape(len(agreed), listed.shape[1])])


def _hours_per_unit(
    network: Network, sites: Sequence[Site], options: Sequence[Option], places: Sequence[LinePlace]
) -> Floats:
    """Hours per good unit on the first line type of each option that runs the product."""
    hours = np.full((len(options), len(network.products)), np.inf)
    for place in places:
        hours[place.option] = np.where(
            np.isinf(hours[place.option]), _line_hours(network, sites, options, place), hours[place.option]
        )
    return hours


def _line_hours(network: Network, sites: Sequence[Site], options: Sequence[Option], place: LinePlace) -> Floats:
    option = options[place.option]
    if option.packer is not None:
        return packer_hours(network, option.packer, option.template)
    site, template = sites[option.site].id, option.template.id
    has = (*place.upgrades, *done_upgrades(network, site, place.line.id))
    rates = effective_rates(network, place.line.id, site=site, template=template, upgrades=has)
    return np.where(rates > 0, 1 / (np.where(rates > 0, rates, 1.0) * MINUTES_PER_HOUR), np.inf)


def _work(
    network: Network,
    sites: Sequence[Site],
    options: Sequence[Option],
    places: Sequence[LinePlace],
    columns: Sequence[Column],
    family_of: NDArray[np.intp],
    families: int,
    reference: Floats,
) -> Floats:
    """Line hours per reference hour; of a family's products the slowest against the reference, which is exact where
    line types differ by one factor."""
    hours = [_line_hours(network, sites, options, place) for place in places]
    work = np.full((len(columns), families), np.inf)
    for j, column in enumerate(columns):
        own = reference[places[column.place].option]
        for f in column.families:
            work[j, f] = (hours[column.place][family_of == f] / own[family_of == f]).max()
    return work


def _calendar_hours(network: Network, options: Sequence[Option], periods: Sequence[Period], hours: object) -> Floats:
    assert callable(hours)
    return np.array(
        [
            [
                0.0
                if o.packer is not None and hours is overtime_hours
                else hours(template_calendar(network, o.template), period.quarters)
                for period in periods
            ]
            for o in options
        ]
    ).reshape(len(options), len(periods))


def _mix(units: Floats, family_of: NDArray[np.intp]) -> Floats:
    """Share of each product in its family, (products, periods); equal shares where nothing is asked for."""
    mix = np.empty_like(units)
    for f in set(family_of.tolist()):
        rows = family_of == f
        total = units[rows].sum(axis=0)
        mix[rows] = np.where(total > 0, units[rows] / np.where(total > 0, total, 1.0), 1.0 / rows.sum())
    return mix


def _is_storable(network: Network, families: Sequence[str]) -> NDArray[np.bool_]:
    """Families whose products all keep for a quarter longer than customers ask for."""
    spare = {
        product.id: product.shelf_life_days is None
        or product.shelf_life_days - product.minimum_remaining_life_days >= DAYS_PER_QUARTER
        for product in network.products
    }
    return np.array([all(spare[p.id] for p in network.products if p.family == family) for family in families])


def _year_months(period: Period, monthly: Floats) -> Floats:
    first = 3 * period.first_quarter
    return monthly[..., first : first + MONTHS_PER_YEAR]


def _peak(
    network: Network, periods: Sequence[Period], family_of: NDArray[np.intp], storable: NDArray[np.bool_]
) -> Floats:
    monthly = monthly_demand(network).sum(axis=0)
    peak = np.ones((len(storable), len(periods)))
    for t, period in enumerate(periods):
        for f in np.flatnonzero(~storable) if period.quarters == 4 else ():
            peak[f, t] = peak_quarter_ratio(_year_months(period, monthly[family_of == f].sum(axis=0)))
    return peak


def _build_up(network: Network, periods: Sequence[Period], storable: NDArray[np.bool_]) -> Floats:
    monthly = monthly_demand(network)
    share = np.zeros((*monthly.shape[:2], len(periods)))
    for t, period in enumerate(periods):
        if period.quarters == 4:
            share[:, :, t] = season_build_up(_year_months(period, monthly)) * storable
    return np.concatenate([share, np.zeros((len(network.opportunities), *share.shape[1:]))])
