"""The prices that prove a plan's bound, published in words that anybody can read: ids and periods of the document.

Any prices give a valid bound (``plan/verify``); those of a good search give a tight one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.table import Table
from manyworks.plan.equations.instance import Instance

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class PlanPrices:
    """``demand``: ``market, opportunity, family, period, price``: present value asked for serving all that a market, or
    a contract there, asks for of a family in a period. ``stock``: ``place, template, period, price``: present value
    offered for an hour of a line whose goods wait for the next period. What has no row is priced at nothing."""

    demand: Table
    stock: Table


def published(instance: Instance, demand: Floats, stock: Floats | None = None) -> PlanPrices:
    """Prices as tables. ``demand`` (markets × families, periods) in the order of the instance, ``stock`` (options,
    periods); what is priced at nothing is left out."""
    points, times = np.nonzero(demand)
    markets, families = np.divmod(points, len(instance.families))
    places, later = np.nonzero(np.zeros((0, 1)) if stock is None else stock)
    options = [instance.options[o] for o in places.tolist()]
    return PlanPrices(
        demand=Table(
            {
                "market": _names([instance.markets[m].id for m in markets.tolist()]),
                "opportunity": _names([_contract(instance, m) for m in markets.tolist()]),
                "family": _names([instance.families[f] for f in families.tolist()]),
                "period": _names([instance.periods[t].name for t in times.tolist()]),
                "price": np.asarray(demand[points, times], dtype=np.float64),
            }
        ),
        stock=Table(
            {
                "place": _names([instance.sites[option.site].id for option in options]),
                "template": _names([option.template.id for option in options]),
                "period": _names([instance.periods[t].name for t in later.tolist()]),
                "price": np.zeros(0) if stock is None else np.asarray(stock[places, later], dtype=np.float64),
            }
        ),
    )


def priced(instance: Instance, prices: PlanPrices) -> tuple[Floats, Floats]:
    """The same prices as arrays (markets × families, periods) and (options, periods).

    Raises
    ------
    KeyError
        A row names something that the instance does not have.
    """
    period = {row.name: t for t, row in enumerate(instance.periods)}
    market = {(row.id, _contract(instance, m)): m for m, row in enumerate(instance.markets)}
    family = {name: f for f, name in enumerate(instance.families)}
    option = {(instance.sites[row.site].id, row.template.id): o for o, row in enumerate(instance.options)}
    demand = np.zeros((len(market), len(family), len(period)))
    stock = np.zeros((len(instance.options), len(period)))
    for row in prices.demand.rows():
        demand[market[row["market"], row["opportunity"]], family[row["family"]], period[row["period"]]] = row["price"]
    for row in prices.stock.rows():
        stock[option[row["place"], row["template"]], period[row["period"]]] = row["price"]
    return demand.reshape(-1, len(period)), stock


def _contract(instance: Instance, market: int) -> str:
    """Id of the contract that a demand point is; empty where it is a market's own demand."""
    number = market - instance.own_markets
    return instance.contracts[number].id if number >= 0 else ""


def _names(values: list[str]) -> NDArray[np.object_]:
    return np.array(values, dtype=object)
