"""How much is asked for, where and when: rules by population, stated rows, seasons, limited runs.

A rule says population × units per head and year × share, spread over the months by its season and grown by the month.
Rules of the same market and product add up. A stated row replaces what the rules say for its months, and a finer row
(month before quarter before year) what a coarser one says. A limited run has demand on its days only.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from manyworks.model.market import DemandRow, DemandRule
from manyworks.model.network import Network
from manyworks.model.periods import Period, planning_periods
from manyworks.model.places import positions
from manyworks.model.product import Product
from manyworks.units import MONTHS_PER_QUARTER

Array = NDArray[np.float64]
MONTHS_PER_YEAR = 12


def demand_units(network: Network, periods: Sequence[Period] | None = None) -> Array:
    """Demand in sellable units, shape (markets, products, periods), in document order.

    ``periods`` are those of ``planning_periods``; none: the whole horizon. A yearly period sums twelve months.
    """
    steps = tuple(periods) if periods is not None else planning_periods(network.finance)
    monthly = monthly_demand(network)
    sums = [
        monthly[:, :, MONTHS_PER_QUARTER * step.first_quarter :][:, :, : MONTHS_PER_QUARTER * step.quarters].sum(axis=2)
        for step in steps
    ]
    return np.stack(sums, axis=2)


def monthly_demand(network: Network) -> Array:
    """Demand in units by month of the horizon, shape (markets, products, months); month 0 starts at ``finance.start``.

    Month m of a rule is population × units_per_head_year × share × index / 12 × (1 + growth) ** (m / 12).
    """
    start = network.finance.start
    lead = start.month - 1  # Stated years are whole calendar years: count from January.
    months = MONTHS_PER_QUARTER * network.finance.quarters + MONTHS_PER_YEAR * network.finance.years
    whole = -(-(lead + months) // MONTHS_PER_YEAR) * MONTHS_PER_YEAR
    shares = [_open_share(product, start.year, whole) for product in network.products]
    share_open: Array = np.array(shares, dtype=np.float64).reshape(-1, whole)
    units: Array = _ruled(network, whole, lead) * share_open[None]
    _state(units, network, share_open)
    return units[:, :, lead : lead + months]


def peak_quarter_ratio(monthly: Array) -> Array:
    """Demand of the busiest calendar quarter over the average quarter, shape (...,), at least 1.

    ``monthly`` has shape (..., 12) and starts with the first month of a quarter; 1 where there is no demand.
    """
    quarters = monthly.reshape(*monthly.shape[:-1], -1, MONTHS_PER_QUARTER).sum(axis=-1)
    mean = quarters.mean(axis=-1)
    return np.where(mean > 0, quarters.max(axis=-1) / np.where(mean > 0, mean, 1.0), 1.0)


def season_build_up(monthly: Array) -> Array:
    """Mean season stock as a share of the year's volume when making is level, shape (...,).

    ``monthly`` has shape (..., 12): one year that repeats. Stock at the end of month k is the sum of (mean − demand) up
    to k, lifted so that its least value is zero; the mean is taken over month ends, the same every year. 0 where there
    is no demand. Source: level strategy of aggregate planning, for example Silver, Pyke and Thomas (2017), chapter 13.
    """
    year = monthly.sum(axis=-1, keepdims=True)
    share = np.where(year > 0, monthly / np.where(year > 0, year, 1.0), 1.0 / monthly.shape[-1])
    stock = np.cumsum(1.0 / monthly.shape[-1] - share, axis=-1)
    return np.asarray((stock - stock.min(axis=-1, keepdims=True)).mean(axis=-1))


def _ruled(network: Network, months: int, lead: int) -> Array:
    units = np.zeros((len(network.markets), len(network.products), months))
    product_at, market_at = positions(network.products), positions(network.markets)
    people = np.array([market.population for market in network.markets])
    for rule in network.demand_rules:
        covered = np.array([market_at[name] for name in rule.markets] or list(range(len(people))), dtype=np.intp)
        a_year = people[covered] * rule.units_per_head_year * rule.share
        units[covered, product_at[rule.product]] += a_year[:, None] * _curve(network, rule, months, lead)
    return units


def _curve(network: Network, rule: DemandRule, months: int, lead: int) -> Array:
    index = np.ones(MONTHS_PER_YEAR)
    if rule.season is not None:
        index = np.array(network.get("seasons", rule.season).month_index)
    growth = (1 + rule.growth_per_year) ** ((np.arange(months) - lead) / MONTHS_PER_YEAR)
    return np.asarray(np.resize(index, months) / MONTHS_PER_YEAR * growth)


def _open_share(product: Product, year: int, months: int) -> list[float]:
    """Share of the days of each month on which the product may be sold, counted from January of ``year``."""
    shares = []
    for month in range(months):
        y, m = year + month // MONTHS_PER_YEAR, month % MONTHS_PER_YEAR + 1
        length = monthrange(y, m)[1]
        first = max(date(y, m, 1), product.limited_from or date.min)
        last = min(date(y, m, length), product.limited_until or date.max)
        shares.append(max((last - first).days + 1, 0) / length)
    return shares


def _state(units: Array, network: Network, share_open: Array) -> None:
    """Replace months of ``units`` by the stated rows, spread as the rules are, else evenly over the open months."""
    market_at, product_at = positions(network.markets), positions(network.products)
    first_year, ruled = network.finance.start.year, units.copy()
    for name, rows in _by_period(network.demand).items():
        begin, length = _months_of(name, first_year)
        if not 0 <= begin < units.shape[2]:
            continue
        span = slice(begin, begin + length)
        m = np.array([market_at[row.market] for row in rows], dtype=np.intp)
        p = np.array([product_at[row.product] for row in rows], dtype=np.intp)
        weight = ruled[m, p, span]
        weight = np.where(weight.sum(axis=1, keepdims=True) > 0, weight, share_open[p, span])
        total = weight.sum(axis=1, keepdims=True)
        stated = np.array([row.units for row in rows])[:, None]
        units[m, p, span] = stated * weight / np.where(total > 0, total, 1.0)


def _by_period(rows: Iterable[DemandRow]) -> dict[str, list[DemandRow]]:
    """Rows by period, years before quarters before months, so that the finer word is the last."""
    groups: dict[str, list[DemandRow]] = {}
    for row in rows:
        groups.setdefault(row.period, []).append(row)
    return dict(sorted(groups.items(), key=lambda item: -_months_of(item[0], 0)[1]))


def _months_of(name: str, first_year: int) -> tuple[int, int]:
    """First month, counted from January of ``first_year``, and number of months of a period's name."""
    begin = (int(name[:4]) - first_year) * MONTHS_PER_YEAR
    if len(name) == 4:
        return begin, MONTHS_PER_YEAR
    if name[5] == "Q":
        return begin + (int(name[6]) - 1) * MONTHS_PER_QUARTER, MONTHS_PER_QUARTER
    return begin + int(name[5:7]) - 1, 1
