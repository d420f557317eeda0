"""Volumes that size shipments, quantity tiers and pooled stock before the plan is known; the money uses the same."""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from manyworks.model.demand import demand_units
from manyworks.model.hours import open_hours, template_calendar
from manyworks.model.network import Network
from manyworks.model.periods import planning_periods
from manyworks.model.rates import effective_rates
from manyworks.model.site import CoPacker, Site, SiteTemplate
from manyworks.units import MINUTES_PER_HOUR, QUARTERS_PER_YEAR

Floats = NDArray[np.float64]


def yearly_demand(network: Network) -> Floats:
    """Mean demand a year over the horizon, (markets, products): what ``lane_table`` sizes its shipments by."""
    periods = planning_periods(network.finance)
    return np.asarray(demand_units(network, periods).sum(axis=2) / sum(period.years for period in periods))


def typical_make(network: Network, site: Site, template: SiteTemplate) -> Floats:
    """Units a year (products,) that say which quantity tier of materials a site reaches.

    The lines that stand there (candidates: half of the template's most lines, rounded up, of its first type) at full
    open hours, over the products that they run in proportion to the network's demand; never more than that demand.
    """
    demand = yearly_demand(network).sum(axis=0)
    hours = open_hours(template_calendar(network, template), QUARTERS_PER_YEAR)
    standing = {row.line: row.count for row in network.installed_lines if row.site == site.id}
    if not standing:
        standing = {template.lines[0]: ceil(template.maximum_lines / 2)}
    made = np.zeros(len(demand))
    for line, count in standing.items():
        rates = effective_rates(network, line, site=site.id, template=template.id)
        mix = np.where(rates > 0, demand, 0.0)
        work = float((mix / np.where(rates > 0, rates, 1.0)).sum())
        made += mix * (count * hours * MINUTES_PER_HOUR / work if work else 0.0)
    return np.asarray(np.minimum(made, demand))


def co_packer_make(network: Network, packer: CoPacker) -> Floats:
    """Units a year (products,) that say which quantity tier of materials is reached at a co-packer.

    The demand for what he offers, or his capacity in proportion to it.
    """
    demand = yearly_demand(network).sum(axis=0)
    offered = np.array([not packer.products or product.id in packer.products for product in network.products])
    wanted = np.where(offered, demand, 0.0)
    total = float(wanted.sum())
    most = packer.capacity_units_per_year
    return np.asarray(wanted * (min(1.0, most / total) if most is not None and total > 0 else 1.0))


def typical_sites(network: Network, sites: list[Site], templates: list[SiteTemplate]) -> float:
    """Number of sites that share the demand in safety stock's linear coefficients.

    As many of the typical (middle) size of ``templates`` at ``sites`` as the whole demand needs, at least 1, and at
    most ``policy.maximum_sites`` or the number of sites.
    """
    demand = float(yearly_demand(network).sum())
    sizes = sorted(float(typical_make(network, s, t).sum()) for s, t in zip(sites, templates, strict=True))
    middle = sizes[len(sizes) // 2] if sizes else demand
    most = min(len(sites), network.policy.maximum_sites or len(sites))
    return float(np.clip(np.ceil(demand / middle - 1e-9) if middle else most, 1, max(most, 1)))
