"""Safety stock of a site as its flows decide it, and straight lines below and along it.

The law is ``model.stock.safety_units``: per product, S = z · sqrt(W · P + N²), where the markets that a site serves
weekly with u units pool their errors, P = (1 − ρ) Σ (cv u)² + ρ (Σ cv u)², W is the mean of the exposed weeks w,
weighted by units, and N = Σ u × spread of the transit weeks. S is homogeneous: twice the flows, twice the stock.

A plan that is solved as a linear model needs lines. ``outward_line`` never lies above S, whatever the flows: sqrt(P)
is a norm, so each of its tangents lies below it, sqrt(W) ≥ mean of sqrt(w), and the product of the two means is at
least its McCormick line. ``tangent`` touches S at given flows and has its slope there; by homogeneity it is the stock
itself at these flows. Pooling: Eppen (1979), doi:10.1287/mnsc.25.5.498; McCormick (1976), doi:10.1007/BF01580665.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.market import Market
from manyworks.model.network import Network
from manyworks.model.shipping import LaneTable, lane_table
from manyworks.model.stock import service_factor, weekly_cvs
from manyworks.plan.typical import yearly_demand
from manyworks.plan.waiting import make_days, standing_option
from manyworks.units import DAYS_PER_WEEK, DAYS_PER_YEAR

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
WEEKS_PER_YEAR = DAYS_PER_YEAR / DAYS_PER_WEEK


@dataclass(frozen=True, kw_only=True)
class SafetyLaw:
    """Numbers of the law: ``cv`` (markets,), ``weeks`` exposed and ``spread`` of the transit weeks, (origins,
    markets)."""

    factor: float
    correlation: float
    cv: Floats
    weeks: Floats
    spread: Floats


def safety_law(network: Network, lanes: LaneTable, markets: Sequence[Market], waiting_days: Floats) -> SafetyLaw:
    """The law on each lane; ``waiting_days`` (origins,) for the line's next turn."""
    exposed = lanes.days + waiting_days[:, None] + network.policy.review_days
    return SafetyLaw(
        factor=service_factor(network.policy.service_level),
        correlation=network.policy.demand_correlation,
        cv=weekly_cvs(network, markets),
        weeks=exposed / DAYS_PER_WEEK,
        spread=lanes.days_sd / DAYS_PER_WEEK,
    )


@dataclass(frozen=True, kw_only=True)
class _Moments:
    """Sums over the markets of one origin, each (periods,)."""

    units: Floats
    sigma: Floats
    pooled: Floats
    weeks: Floats
    spread: Floats
    stock: Floats


def _moments(law: SafetyLaw, origin: int, weekly: Floats) -> _Moments:
    units = weekly.sum(axis=0)
    errors = law.cv[:, None] * weekly
    sigma, squares = errors.sum(axis=0), (errors**2).sum(axis=0)
    pooled = np.maximum((1 - law.correlation) * squares + law.correlation * sigma**2, 0.0)
    weeks = (law.weeks[origin] @ weekly) / np.where(units > 0, units, 1.0)
    spread = law.spread[origin] @ weekly
    stock = law.factor * np.sqrt(weeks * pooled + spread**2)
    return _Moments(units=units, sigma=sigma, pooled=pooled, weeks=weeks, spread=spread, stock=stock)


def safety_stock(law: SafetyLaw, origin: int, weekly: Floats) -> Floats:
    """Safety stock (periods,) of one product at one origin that ships ``weekly`` units (markets, periods)."""
    return _moments(law, origin, weekly).stock


def outward_line(law: SafetyLaw, origin: int, weekly: Floats, reach: Bools) -> Floats:
    """Weeks of cover (markets, periods): Σ cover × u ≤ S(u) for every u ≥ 0 on the markets of ``reach``.

    Closest to S where flows are like ``weekly`` (markets, periods). Zero where nothing is in reach; where errors of
    markets offset each other (negative correlation) only the spread of the transit counts.
    """
    if not reach.any():
        return np.zeros(weekly.shape)
    there = _moments(law, origin, weekly * reach[:, None])
    error = np.sqrt(there.weeks * there.pooled)
    size = np.where(there.stock > 0, there.stock / law.factor, 1.0)
    slope = np.zeros(weekly.shape)
    if law.correlation >= 0:
        norm = np.sqrt(np.where(there.pooled > 0, there.pooled, 1.0))
        own = (1 - law.correlation) * law.cv[:, None] ** 2 * weekly * reach[:, None]
        slope = (own + law.correlation * law.cv[:, None] * there.sigma) / norm
    root = np.sqrt(law.weeks[origin])[:, None]
    least_root, least_slope = root[reach].min(), slope[reach].min(axis=0)
    line = least_root * slope + least_slope * (root - least_root)
    line = error / size * line + there.spread / size * law.spread[origin][:, None]
    return np.asarray(law.factor * np.maximum(line, 0.0) * reach[:, None])


def tangent(law: SafetyLaw, origin: int, weekly: Floats) -> Floats:
    """Weeks of cover (markets, periods): the slope of S at ``weekly``; Σ cover × weekly = S(weekly)."""
    there = _moments(law, origin, weekly)
    units = np.where(there.units > 0, there.units, 1.0)
    own = (1 - law.correlation) * law.cv[:, None] ** 2 * weekly
    variance = there.weeks * (own + law.correlation * law.cv[:, None] * there.sigma) * (there.pooled > 0)
    variance = variance + (law.weeks[origin][:, None] - there.weeks) * there.pooled / (2 * units)
    slope = law.factor**2 * (variance + there.spread * law.spread[origin][:, None])
    return np.asarray(slope / np.where(there.stock > 0, there.stock, 1.0))


def opening_safety(network: Network) -> Floats:
    """Safety stock that existing sites hold before the plan, units (sites, products).

    What is there before is a fact, not a decision. The document does not state it, so it is taken to be that of mean
    demand, each market at the nearest existing site that may ship to it.
    """
    stock = np.zeros((len(network.sites), len(network.products)))
    here = sorted((site.id, k) for k, site in enumerate(network.sites) if site.status == "existing")
    if not here:
        return stock
    order = [k for _, k in here]
    sites = [network.sites[k] for k in order]
    demand = yearly_demand(network)
    lanes = lane_table(network, sites, network.markets, demand)
    templates = [network.get("templates", site.template or "") for site in sites]
    options = [standing_option(o, site, t) for o, (site, t) in enumerate(zip(sites, templates, strict=True))]
    law = safety_law(network, lanes, network.markets, make_days(network, sites, options))
    nearest = np.where(lanes.is_allowed, lanes.km, np.inf).argmin(axis=0)
    for o, k in enumerate(order):
        served = (nearest == o) & lanes.is_allowed[o]
        stock[k] = safety_stock(law, o, demand * served[:, None] / WEEKS_PER_YEAR)
    return stock
