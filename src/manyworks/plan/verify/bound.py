"""The bound that prices prove: priced demand, contracts where they pay, and the best answer of every site."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.instance import Instance
from manyworks.plan.equations.routes import best_ways
from manyworks.plan.equations.values import ArcValues, SiteValues
from manyworks.plan.verify.answer import numbers_of, option_worth

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class PricedBound:
    """``total`` is ``fixed``, what no decision changes, + ``demand``, that of the markets at its prices, +
    ``contracts``, those that pay, + ``sites``, the best answer of each to the prices."""

    fixed: float
    demand: float
    contracts: float
    sites: float

    @property
    def total(self) -> float:
        """The bound."""
        return self.fixed + self.demand + self.contracts + self.sites


def priced_bound(instance: Instance, arcs: ArcValues, values: SiteValues, demand: Floats, stock: Floats) -> PricedBound:
    """An upper bound on the npv of every plan, whatever the prices: ``demand`` (points, periods) of serving a point
    wholly, ``stock`` (options, periods) of a line's hour whose goods wait."""
    numbers = numbers_of(instance, best_ways(arcs), values)
    worth = np.array([option_worth(numbers, o, demand, stock[o]) for o in range(len(instance.options))])
    best = np.zeros(len(instance.sites))
    for o, option in enumerate(instance.options):
        best[option.site] = worth[o] if option.is_existing else max(best[option.site], worth[o])
    own, contracts = _demand_worth(instance, arcs, values, demand)
    return PricedBound(
        fixed=values.constant + _first_copies(values) + _houses(instance),
        demand=own,
        contracts=contracts,
        sites=float(best.sum()),
    )


def _demand_worth(instance: Instance, arcs: ArcValues, values: SiteValues, demand: Floats) -> tuple[float, float]:
    """What the markets' demand and the contracts are worth where all that is asked for is paid its price, or left where
    that may be and costs less."""
    shape = (len(instance.markets), len(instance.families), len(instance.periods))
    asked = np.zeros(shape, dtype=bool)
    for p, f in enumerate(instance.family_of):
        asked[:, f] |= instance.demand[:, p] > 0
    price = demand.reshape(shape)
    left = np.maximum(price, arcs.penalty)
    own = instance.own_markets
    paid = np.where(asked, left if instance.network.policy.is_demand_optional else price, 0.0)
    total, contracts = float(paid[:own].sum()), 0.0
    for k, contract in enumerate(instance.contracts):
        row = own + k
        if asked[row].any():
            worth = float(values.sign[k] + left[row][asked[row]].sum())
            contracts += worth if contract.is_signed else max(worth, 0.0)
    return total, contracts


def _first_copies(values: SiteValues) -> float:
    """Premiums of first copies cost money and are left out; where one pays, it is taken."""
    return sum(max(float(premium.max(initial=-np.inf)), 0.0) for premium in values.first_copy.values())


def _houses(instance: Instance) -> float:
    """Cost of the warehouses that stand and cannot be given up; all others are free here."""
    yearly = float((instance.weights.operating * instance.weights.years).sum())
    kept = [house for house in instance.warehouses if house.status == "existing" and not instance.case.may_close]
    return -yearly * sum(house.fixed_cost_per_year for house in kept)
