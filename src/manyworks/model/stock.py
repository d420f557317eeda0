"""How many units lie where: cycle, safety and in-transit stock, and what they cost to hold.

Goods wait in four ways, each with its own reason: *cycle* stock because a line makes and a lane ships in lots,
*safety* stock because forecasts err and transit times spread, *in-transit* stock because the way takes days, *season*
stock because making is more level than demand (``demand.season_build_up``). Textbook: Silver, Pyke and Thomas (2017),
*Inventory and Production Management in Supply Chains*, chapters 5 to 7; pooling: Eppen (1979),
doi:10.1287/mnsc.25.5.498.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from manyworks.model.market import Market
from manyworks.model.network import Network
from manyworks.units import DAYS_PER_WEEK, DAYS_PER_YEAR

if TYPE_CHECKING:
    from manyworks.model.shipping import LaneTable

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class StockCoefficients:
    """Mean units in stock per unit of yearly flow, so years of cover; shape (origins, destinations), any product.

    ``cycle`` at the market's end of the lane, ``in_transit`` on the way, ``safety`` held at the origin. Cycle stock of
    the wheel at the origin is apart: ``cycle_units`` of its length.
    """

    cycle: Array
    safety: Array
    in_transit: Array


def stock_coefficients(
    network: Network,
    lanes: LaneTable,
    markets: Sequence[Market],
    units_per_year: Array,
    *,
    sites: float,
    make_days: ArrayLike = 0.0,
) -> StockCoefficients:
    """Linear stock of a plan, one coefficient an arc, when ``sites`` origins share the demand.

    Safety stock follows a root and a plan needs a line. The law of ``safety_units`` is divided by the flow of a typical
    site: one of ``sites`` equal shares of ``units_per_year`` (markets, products), with each arc's own lead time. So a
    case with more sites pays more per unit, which is the pooling that it loses. ``make_days`` (origins,) are waited
    for the line's next turn, on top of review and transit. ``safety_units`` is exact once the flows are known.
    """
    spread = typical_variance(network, markets, units_per_year, sites)
    waiting = np.broadcast_to(np.asarray(make_days, dtype=np.float64), len(lanes.origins))[:, None]
    exposed_weeks = (lanes.days + waiting + network.policy.review_days) / DAYS_PER_WEEK
    variance = exposed_weeks * spread + (lanes.days_sd / DAYS_PER_WEEK) ** 2
    weeks_of_cover = service_factor(network.policy.service_level) * np.sqrt(variance)
    return StockCoefficients(
        cycle=lanes.interval_days / 2 / DAYS_PER_YEAR,
        safety=np.asarray(weeks_of_cover * DAYS_PER_WEEK / DAYS_PER_YEAR),
        in_transit=lanes.days / DAYS_PER_YEAR,
    )


def typical_variance(network: Network, markets: Sequence[Market], units_per_year: Array, sites: float) -> float:
    """Relative variance of the weekly forecast error at a site that serves 1 / ``sites`` of all demand.

    With n sites: (1 − ρ) · n · Σ σ² / D² + ρ · (Σ σ / D)², all markets summed; never more than if every error came
    together, (Σ σ / D)², which is what a market alone has.
    """
    units = np.asarray(units_per_year, dtype=np.float64).sum(axis=1)
    total = float(units.sum())
    if total <= 0:
        return float(network.policy.default_demand_cv**2)
    sigma = units * weekly_cvs(network, markets) / total
    together, rho = float(sigma.sum()) ** 2, network.policy.demand_correlation
    apart = min(max(sites, 1.0), len(markets)) * float((sigma**2).sum())
    return min(max((1 - rho) * apart + rho * together, 0.0), together)


def safety_units(
    weekly_units: ArrayLike,
    weekly_cv: ArrayLike,
    *,
    lead_days: ArrayLike,
    lead_days_sd: ArrayLike,
    review_days: float,
    service_level: float,
    correlation: float = 0.0,
) -> float:
    """Safety stock of one product at one site that serves several markets, units.

    ``weekly_units``, ``weekly_cv``, ``lead_days`` and ``lead_days_sd`` have shape (markets,) or are one for all. With
    periodic review of R days, lead time L ± s and weekly forecast error σ = cv × units, in weeks:
    z · sqrt((L + R) · σ_pool² + D² · s²), where σ_pool² = (1 − ρ) Σ σ² + ρ (Σ σ)², D = Σ units, and L and s are means
    weighted by units. Negative correlations are floored where the variance would be negative.
    """
    units, cv, lead, spread = (
        np.atleast_1d(a).astype(np.float64)
        for a in np.broadcast_arrays(weekly_units, weekly_cv, lead_days, lead_days_sd)
    )
    total = float(units.sum())
    if total <= 0:
        return 0.0
    sigma = units * cv
    pooled = pooled_variance(sigma, correlation)
    weeks = float((units * lead).sum() / total + review_days) / DAYS_PER_WEEK
    spread_weeks = float((units * spread).sum() / total) / DAYS_PER_WEEK
    return service_factor(service_level) * float(np.sqrt(weeks * pooled + (total * spread_weeks) ** 2))


def pooled_variance(sigma: Array, correlation: float) -> float:
    """Variance of a sum of errors with standard deviations ``sigma`` (markets,) and one correlation between all."""
    squares, total = float((sigma**2).sum()), float(sigma.sum())
    return max((1 - correlation) * squares + correlation * total**2, 0.0)


def cycle_units(units_per_year: ArrayLike, cycle_days: ArrayLike) -> Array:
    """Mean stock of lots that arrive every ``cycle_days`` and are used up evenly: half a lot."""
    return np.multiply(np.asarray(units_per_year, dtype=np.float64), np.asarray(cycle_days) / DAYS_PER_YEAR / 2)


def in_transit_units(units_per_year: ArrayLike, days: ArrayLike) -> Array:
    """Mean stock on the way (Little's law): flow × days."""
    return np.multiply(np.asarray(units_per_year, dtype=np.float64), np.asarray(days) / DAYS_PER_YEAR)


def service_factor(service_level: float) -> float:
    """Normal quantile z of the probability of no stock-out in a cycle; 2.05 for 0.98."""
    return NormalDist().inv_cdf(service_level)


def weekly_cvs(network: Network, markets: Sequence[Market]) -> Array:
    """Coefficient of variation of weekly forecast error, (markets,); the policy's where a market states none."""
    default = network.policy.default_demand_cv
    return np.array([default if row.demand_cv is None else row.demand_cv for row in markets])


def unit_value(network: Network) -> Array:
    """Value of one unit in stock, (products,): its price × ``policy.customs_value_share``, margin left out."""
    return np.array([product.price for product in network.products]) * network.policy.customs_value_share


def carrying_share(network: Network) -> float:
    """Cost of holding one money of stock for a year: capital at the discount rate, and storage with its risks."""
    return network.finance.discount_rate + network.policy.stock_cost_share_per_year
