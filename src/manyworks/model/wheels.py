"""The changeover wheel of a line: in which order it runs a set of products, how often, and what that costs.

A wheel makes every product once a cycle, in the cheapest order. A short cycle changes over often; a long one carries
more cycle stock and lets goods grow old. The plan prices who shares a line by the loss of the wheel, so no setup
appears in it period by period. Source: product wheels, King (2009), *Lean for the Process Industries*, chapter 15.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from manyworks.model.calendar import Calendar
from manyworks.model.changeovers import Changeovers, compile_changeovers
from manyworks.model.hours import STANDARD, open_hours, template_calendar
from manyworks.model.line import Line
from manyworks.model.network import Network
from manyworks.model.rates import crew_per_shift, effective_rates, line_capex
from manyworks.model.site import SiteTemplate
from manyworks.model.stock import carrying_share, unit_value
from manyworks.model.tours import cheapest_cycle
from manyworks.units import DAYS_PER_YEAR, MINUTES_PER_HOUR, QUARTERS_PER_YEAR

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Wheel:
    """One cycle of a line that runs ``order`` and begins again; amounts are per cycle of one line.

    ``line_min_per_cycle`` the line alone stands still, ``site_min_per_cycle`` the whole site does;
    ``crew_min_per_cycle`` person-minutes of helpers; ``cost_per_cycle`` money beside people and scrap;
    ``scrap_units_per_cycle`` (products,) in document order; ``open_min_per_cycle`` staffed minutes of the line.
    ``sanitation_share`` is cleaning time over running time, ``sanitation_cost_per_h`` its money per running hour.
    """

    products: tuple[str, ...]
    order: tuple[str, ...]
    cycle_days: float
    line_min_per_cycle: float
    site_min_per_cycle: float
    crew_min_per_cycle: float
    cost_per_cycle: float
    scrap_units_per_cycle: Array
    open_min_per_cycle: float
    sanitation_share: float
    sanitation_cost_per_h: float

    @property
    def changeover_share(self) -> float:
        """Share of the line's staffed minutes that its own wheel costs; 1 or more: the wheel cannot turn."""
        return (self.line_min_per_cycle + self.site_min_per_cycle) / self.open_min_per_cycle

    @property
    def site_share(self) -> float:
        """Share of the staffed minutes that this wheel also takes from every other line of the site."""
        return self.site_min_per_cycle / self.open_min_per_cycle

    @property
    def cycles_per_year(self) -> float:
        """Turns of the wheel in a year."""
        return DAYS_PER_YEAR / self.cycle_days


def best_wheel(
    network: Network,
    line: str,
    products: Sequence[str],
    *,
    template: str | None = None,
    site: str | None = None,
    upgrades: Sequence[str] = (),
    units_per_year: Array | None = None,
    hour_value: float | None = None,
    other_lines: float = 0,
) -> Wheel:
    """The cheapest wheel of ``products`` on one line.

    The length is taken from ``policy.wheel_days`` by yearly cost: lost line hours × ``hour_value``, changeover money,
    helpers and scrap, and carrying of cycle stock, half a cycle's make of each product. ``units_per_year`` (products,)
    is what the line makes (none: the line's open hours, shared equally); ``hour_value`` money of one line hour (none:
    ``line_hour_value``); ``other_lines`` stand still with it in site-wide changeovers; ``upgrades`` (ids) are those
    that the line has. No length exceeds the shelf life less the life that customers ask for; when all do, the wheel
    turns just that often.
    """
    at = {row.id: position for position, row in enumerate(network.products)}
    members = np.array(sorted(at[product] for product in products), dtype=np.intp)
    calendar = _calendar(network, template)
    hour = line_hour_value(network, line, template=template, site=site) if hour_value is None else hour_value
    changes = compile_changeovers(network, line, template=template, site=site, upgrades=upgrades)
    value = unit_value(network)
    price = (changes.minutes + other_lines * changes.site_minutes) / MINUTES_PER_HOUR * hour + changes.cost
    price = price + changes.crew_minutes / MINUTES_PER_HOUR * _wage(network, site) + changes.scrap_units * value
    order = members[list(cheapest_cycle(price[np.ix_(members, members)]))]
    rates = effective_rates(network, line, site=site, template=template, upgrades=upgrades)
    made = _make(rates, calendar, members) if units_per_year is None else units_per_year
    build = partial(_wheel, network, line, changes, order, calendar, made)
    a_turn = float(_arcs(price, order).sum())
    carrying = float((made * value)[members].sum()) / 2 * carrying_share(network)
    wheels = [build(days) for days in _lengths(network, members)]
    return min(
        wheels, key=lambda w: (w.changeover_share >= 1, a_turn * w.cycles_per_year + carrying / w.cycles_per_year)
    )


def line_hour_value(network: Network, line: str, *, template: str | None = None, site: str | None = None) -> float:
    """Money of one staffed hour of a line: crew × wage, and its capital and service over the open hours of a year.

    Capital costs capex × (discount rate + 1 / life) a year. The wage is the site's, else the mean over all sites.
    """
    row: Line = network.get("lines", line)
    life = network.get("templates", template).life_years if template is not None else DEFAULT_LIFE_YEARS
    hours = open_hours(_calendar(network, template), QUARTERS_PER_YEAR)
    capital = line_capex(network, row) * (network.finance.discount_rate + 1 / life) + row.service_per_year
    return crew_per_shift(network, row) * _wage(network, site) + capital / hours


DEFAULT_LIFE_YEARS = 15.0
"""Life of a line that belongs to no template, as the default of ``SiteTemplate.life_years``."""


def longest_cycle_days(network: Network, products: Sequence[str]) -> float:
    """Days between two runs of a product such that its oldest unit still has the life that customers ask for."""
    rows = [network.get("products", product) for product in products]
    return min(
        (row.shelf_life_days - row.minimum_remaining_life_days for row in rows if row.shelf_life_days is not None),
        default=np.inf,
    )


def _lengths(network: Network, members: NDArray[np.intp]) -> list[float]:
    limit = longest_cycle_days(network, [network.products[p].id for p in members])
    fitting = sorted(days for days in set(network.policy.wheel_days) if days <= limit)
    return fitting or [max(limit, 1.0) if np.isfinite(limit) else network.policy.review_days]


def _wheel(
    network: Network,
    line: str,
    changes: Changeovers,
    order: NDArray[np.intp],
    calendar: Calendar,
    made: Array,
    days: float,
) -> Wheel:
    site_minutes = float(_arcs(changes.site_minutes, order).sum())
    scrap = np.zeros(len(network.products))
    scrap[np.roll(order, -1)] = _arcs(changes.scrap_units, order)
    share, cost = _sanitation(network, line, order, made)
    return Wheel(
        products=tuple(network.products[p].id for p in sorted(order)),
        order=tuple(network.products[p].id for p in order),
        cycle_days=days,
        line_min_per_cycle=float(_arcs(changes.minutes, order).sum()) - site_minutes,
        site_min_per_cycle=site_minutes,
        crew_min_per_cycle=float(_arcs(changes.crew_minutes, order).sum()),
        cost_per_cycle=float(_arcs(changes.cost, order).sum()),
        scrap_units_per_cycle=scrap,
        open_min_per_cycle=open_hours(calendar, QUARTERS_PER_YEAR) * MINUTES_PER_HOUR * days / DAYS_PER_YEAR,
        sanitation_share=share,
        sanitation_cost_per_h=cost,
    )


def _arcs(matrix: Array, order: NDArray[np.intp]) -> Array:
    """Entries along the cycle, from each product to the next one and from the last to the first."""
    return np.asarray(matrix[order, np.roll(order, -1)])


def _sanitation(network: Network, line: str, order: NDArray[np.intp], made: Array) -> tuple[float, float]:
    """Cleaning time over running time, and money per running hour; products weigh by their part of the make."""
    total = made[order].sum()
    share = cost = 0.0
    for row in network.sanitations:
        counted = [p for p in order if not row.products or network.products[p].id in row.products]
        if not row.lines or line in row.lines:
            part = made[counted].sum() / total if total > 0 else len(counted) / len(order)
            share += part * row.minutes / MINUTES_PER_HOUR / row.every_h
            cost += part * row.cost / row.every_h
    return float(share), float(cost)


def _make(rates: Array, calendar: Calendar, members: NDArray[np.intp]) -> Array:
    made = np.zeros(len(rates))
    minutes = open_hours(calendar, QUARTERS_PER_YEAR) * MINUTES_PER_HOUR
    made[members] = rates[members] * minutes / len(members)
    return made


def _wage(network: Network, site: str | None) -> float:
    if site is not None:
        return float(network.get("sites", site).wage_per_h)
    return float(np.mean([row.wage_per_h for row in network.sites])) if network.sites else 0.0


def _calendar(network: Network, template: str | None) -> Calendar:
    if template is None:
        return (
            STANDARD
            if network.policy.default_calendar is None
            else network.get("calendars", network.policy.default_calendar)
        )
    row: SiteTemplate = network.get("templates", template)
    return template_calendar(network, row)
