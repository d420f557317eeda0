"""Where demand is: the markets, and beside them each contract as a point of its own at its market's place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.model.contracts import contract_units
from manyworks.model.market import Market, Opportunity
from manyworks.model.network import Network
from manyworks.model.periods import planning_periods
from manyworks.model.places import positions
from manyworks.model.table import Table
from manyworks.plan.typical import yearly_demand

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class DemandPoints:
    """Markets in document order, then contracts. ``markets`` names the market at the place of each point.

    ``yearly`` (points, products) is the mean volume a year that sizes the loads of shipments to the point: a contract's
    goods travel with those of its market, so its loads are sized by both together.
    """

    markets: tuple[Market, ...]
    contracts: tuple[Opportunity, ...]
    yearly: Floats


def demand_points(network: Network) -> DemandPoints:
    """The points of one document."""
    market_at, product_at = positions(network.markets), positions(network.products)
    periods = planning_periods(network.finance)
    own = yearly_demand(network)
    units = contract_units(network.opportunities, periods)
    extra = np.zeros((len(network.opportunities), len(network.products)))
    years = np.array([period.years for period in periods])
    for k, contract in enumerate(network.opportunities):
        extra[k] = own[market_at[contract.market]]
        active = float(years[units[k] > 0].sum())
        extra[k, product_at[contract.product]] += units[k].sum() / active if active else 0.0
    return DemandPoints(
        markets=(*network.markets, *(network.get("markets", row.market) for row in network.opportunities)),
        contracts=tuple(network.opportunities),
        yearly=np.concatenate([own, extra]),
    )


def selling_prices(network: Network) -> Floats:
    """Price per unit of own demand, (markets, products)."""
    factor = np.array([market.price_factor for market in network.markets])
    return np.outer(factor, [product.price for product in network.products])


def via_of(table: Table) -> NDArray[Any]:
    """Warehouse that each row of shipments goes over, (rows,); empty: straight to the market.

    Runs that were stored before warehouses were planned have none.
    """
    return np.asarray(table.columns.get("via", np.full(len(table), "", dtype=object)))


def contract_of(table: Table) -> NDArray[Any]:
    """Contract that each row of shipments or unmet demand belongs to, (rows,); empty: the market's own demand.

    Runs that were stored before contracts were planned have none.
    """
    none = np.full(len(table), "", dtype=object)
    return np.asarray(table.columns.get("opportunity", none))
