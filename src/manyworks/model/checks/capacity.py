"""Is there, or could there be, enough capacity for the demand, and not absurdly much?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from manyworks.model.checks.paths import at
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.demand import demand_units
from manyworks.model.hours import open_hours, overtime_hours, template_calendar
from manyworks.model.network import Network
from manyworks.model.periods import planning_periods
from manyworks.model.rates import effective_rates
from manyworks.model.site import Site, SiteTemplate
from manyworks.units import MINUTES_PER_HOUR, QUARTERS_PER_YEAR

Array = NDArray[np.float64]


def possible_units(network: Network) -> Array:
    """Most units a year that each place could ever make of each product alone, shape (sites then co-packers, products).

    A site has the best of its templates, full of its fastest lines, with overtime and upgrades. Ramp, changeovers and
    people are left out, so that no real plan makes more. inf for co-packers without a stated capacity.
    """
    by_template = {row.id: _full(network, row) for row in network.templates}
    measured = {row.site for row in network.capabilities}
    rows = [_at_site(network, site, by_template, site.id in measured) for site in network.sites]
    for packer in network.co_packers:
        most = np.inf if packer.capacity_units_per_year is None else packer.capacity_units_per_year
        rows.append(
            np.array([most if not packer.products or row.id in packer.products else 0.0 for row in network.products])
        )
    return np.array(rows).reshape(len(rows), len(network.products))


def _full(network: Network, template: SiteTemplate, site: str | None = None) -> Array:
    """Units a year (products,) of a template full of its fastest lines."""
    calendar = template_calendar(network, template)
    hours = open_hours(calendar, QUARTERS_PER_YEAR) + overtime_hours(calendar, QUARTERS_PER_YEAR)
    rates = [effective_rates(network, line, site=site, template=template.id) for line in template.lines]
    return np.asarray(np.max(rates, axis=0) * MINUTES_PER_HOUR * hours * template.maximum_lines)


def _at_site(network: Network, site: Site, by_template: dict[str, Array], is_measured: bool) -> Array:
    """Units a year (products,) of the best of the templates that a site has or may have."""
    if site.status == "existing":
        names = [site.template] if site.template is not None else []
    else:
        names = site.templates or list(by_template)
    best = np.zeros(len(network.products))
    for name in names:
        best = np.maximum(best, by_template[name])
        if is_measured:  # What was measured there may be faster than what the template says.
            best = np.maximum(best, _full(network, network.get("templates", name), site.id))
    for row in network.upgrades:
        if row.site == site.id:
            best = best * max(row.rate_factor, 1.0) * (1 if row.is_done else 1 + row.added_lines)
    return best


def _yearly(network: Network) -> tuple[Array, list[str]]:
    """Demand (products, periods) as units a year, and the names of the periods."""
    periods = planning_periods(network.finance)
    units = demand_units(network, periods).sum(axis=0)
    return units / np.array([period.years for period in periods]), [period.name for period in periods]


def _short(network: Network) -> Iterator[Finding]:
    """Products, or all of them together, of which more is asked for than could ever be made."""
    if not network.markets or not network.products or not (network.sites or network.co_packers):
        return
    places = possible_units(network)
    most = places.sum(axis=0)
    yearly, names = _yearly(network)
    mean = yearly.mean(axis=1)
    for p, product in enumerate(network.products):
        if mean[p] > most[p] > 0:
            yield Finding(
                path=at("products", p, product, "id"),
                message=f"is asked for {mean[p]:,.0f} times a year, but all lines that could ever stand make "
                f"{most[p]:,.0f}",
                found=product.id,
            )
    if (mean <= most)[most > 0].all():
        load = _load(yearly, places)
        if load.min() > 1:
            yield Finding(
                path="demand_rules" if network.demand_rules else "demand",
                message=f"ask for {load.min():.3g} times what all lines that could ever stand make together",
                found=f"in {names[int(load.argmin())]}, the lowest period",
            )


def _load(yearly: Array, places: Array) -> Array:
    """Least share of all capacity (periods,) that the demand takes; above 1 it can never be met.

    For any weights w ≥ 0 of the products, what is made satisfies Σ_p w_p d_p ≤ Σ_s max_p w_p c_sp, as site s makes at
    most its capacity c_sp when it makes p alone. Here w_p = 1 / Σ_s c_sp, 0 where that is 0 or unlimited.
    """
    most = places.sum(axis=0)
    is_counted = (most > 0) & np.isfinite(most)
    weights = np.zeros(len(most))
    weights[is_counted] = 1 / most[is_counted]
    room = np.max(np.where(is_counted, places, 0.0) * weights, axis=1, initial=0.0).sum()
    return np.asarray(weights @ yearly / room) if room > 0 else np.zeros(yearly.shape[1])


@rule(
    "capacity-below-demand",
    "warning",
    title="All lines that could ever stand should meet the demand",
    explanation="Yearly demand is compared with what every site could make if its best template were full of lines, "
    "with overtime and without a changeover. Demand beyond that can never be served; mostly the unit of demand or of a "
    "rate is another one (cases and bottles, units an hour and a minute).",
    cure="Check the units of demand and rates, or add sites, lines or a co-packer.",
    is_deep=True,
)
def capacity_below_demand(network: Network) -> Iterator[Finding]:
    """Demand that can never be met, where it may stay unserved."""
    if network.policy.is_demand_optional:
        yield from _short(network)


@rule(
    "capacity-below-required-demand",
    "error",
    title="All lines that could ever stand must meet required demand",
    explanation="``policy.is_demand_optional`` is false, so all demand must be served, and yet every site full of "
    "lines, with overtime and without a changeover, makes less.",
    cure="Check the units of demand and rates, add sites or lines, or make demand optional.",
    is_deep=True,
)
def capacity_below_required_demand(network: Network) -> Iterator[Finding]:
    """Demand that can never be met, where it must be served."""
    if not network.policy.is_demand_optional:
        yield from _short(network)


@rule(
    "capacity-absurd",
    "warning",
    title="Demand should fill a line at least in part",
    explanation="All demand of the best year would fill less than a hundredth of one line. Mostly units are confused: "
    "thousands of units, units an hour, or a share in percent.",
    cure="Check the units of demand and rates.",
    is_deep=True,
)
def absurd_capacity(network: Network) -> Iterator[Finding]:
    """Demand that would not fill a hundredth of the slowest line."""
    if not network.markets or not network.lines:
        return
    yearly, _ = _yearly(network)
    rates = np.array([effective_rates(network, line.id) for line in network.lines])
    rates = np.where(rates > 0, rates, np.inf)
    minutes = (yearly / rates.min(axis=0)[:, None]).sum(axis=0).max()
    calendars = [template_calendar(network, template) for template in network.templates]
    year = min((open_hours(calendar, QUARTERS_PER_YEAR) for calendar in calendars), default=0.0) * MINUTES_PER_HOUR
    if 0 < minutes < year / 100:
        yield Finding(
            path="demand_rules" if network.demand_rules else "demand",
            message=f"fill {minutes / year:.2%} of one line in the best year",
            found=f"{minutes:.3g} minutes of work a year",
        )
