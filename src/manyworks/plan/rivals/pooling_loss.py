"""What splitting costs in pooling: the safety stock of a plan beside that of the same demand pooled at one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from manyworks.model.network import Network
from manyworks.model.periods import Period
from manyworks.model.stock import pooled_variance, weekly_cvs
from manyworks.plan.money.ledger import plan_index
from manyworks.plan.points import demand_points, via_of
from manyworks.plan.result import PlanTables


@dataclass(frozen=True, kw_only=True)
class PoolingLoss:
    """Units of safety stock in one period: ``held`` by the plan, and ``pooled`` if errors of all markets met at one
    place with the same transit, waiting and review."""

    period: str
    held: float
    pooled: float

    @property
    def share(self) -> float:
        """Part of the stock that is held because demand is split, in [0, 1]."""
        return 1 - self.pooled / self.held if self.held > 0 else 0.0


def pooling_loss(network: Network, periods: Sequence[Period], tables: PlanTables) -> PoolingLoss:
    """The loss in the last period of a plan.

    Per product the stock shrinks by the standard deviation of all errors together over the sum of those of the places.
    """
    last, index = periods[-1].name, plan_index(network, periods)
    rows = tables.shipments.where(tables.shipments["period"] == last)
    stock = tables.stock.where(tables.stock["period"] == last)
    cvs = weekly_cvs(network, demand_points(network).markets)
    sigma = rows["units"] * cvs[index.point(rows)]
    stores = rows["origin"] + " over " + via_of(rows)  # Each pair of factory and warehouse holds its own.
    rho, held, pooled = network.policy.demand_correlation, 0.0, 0.0
    for product in index.products:
        mine = rows["product"] == product
        units = float(stock["safety"][stock["product"] == product].sum())
        apart = sum(np.sqrt(pooled_variance(sigma[mine & (stores == store)], rho)) for store in set(stores[mine]))
        markets = np.zeros(len(cvs))
        np.add.at(markets, index.point(rows)[mine], sigma[mine])
        together = np.sqrt(pooled_variance(markets, rho))
        held += units
        pooled += units * min(float(together / apart), 1.0) if apart > 0 else 0.0
    return PoolingLoss(period=last, held=held, pooled=pooled)
