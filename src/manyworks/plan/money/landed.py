"""What a delivered unit costs: levelised landed cost, by product and by market."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.model.table import Table
from manyworks.plan.money.ledger import Ledger
from manyworks.plan.money.money_line import LANDED, MONEY_LINES
from manyworks.plan.points import via_of
from manyworks.plan.result import PlanTables

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class LandedCost:
    """Present value of the landed lines over the present units, delivered units discounted like money.

    ``by_product``: ``product, units, cost_per_unit``; ``by_market``: ``market, units, cost_per_unit``. ``units`` are
    delivered in all planned periods, undiscounted; ``cost_per_unit`` is nan where nothing is delivered. Cost of a place
    that no one product causes falls on its products by the line hours that they take; cost before the goods leave falls
    on the markets by the units that the place ships to them.
    """

    cost_per_unit: float
    units: float
    present_units: float
    by_product: Table
    by_market: Table


def landed_cost(ledger: Ledger, tables: PlanTables) -> LandedCost:
    """Spread the landed lines over what is delivered."""
    landed = list(LANDED)
    cost = -(ledger.amounts[landed] @ ledger.discount).sum(axis=0)  # (places,)
    own = -ledger.product_values[landed].sum(axis=0)  # (places, products)
    place_product = own + _shares(_hours(ledger, tables)) * (cost - own.sum(axis=1))[:, None]
    units, present = _delivered(ledger, tables, tables.shipments["origin"])  # (places, markets, products)
    handled = present + _delivered(ledger, tables, via_of(tables.shipments))[1]
    here = present.sum(axis=1)  # (places, products)
    outbound = [i for i in landed if MONEY_LINES[i].names_market]
    at_market = -ledger.market_values[outbound].sum(axis=0)
    before = place_product - (-ledger.product_values[outbound].sum(axis=0))
    moved = handled.sum(axis=1)
    per_unit = before / np.where(moved > 0, moved, 1.0)
    by_market = at_market + np.einsum("op,omp->m", per_unit, handled)
    total, whole = float(cost.sum()), float(present.sum())
    return LandedCost(
        cost_per_unit=total / whole if whole else float("nan"),
        units=float(units.sum()),
        present_units=whole,
        by_product=_table(
            "product", list(ledger.index.products), units.sum(axis=(0, 1)), place_product.sum(axis=0), here.sum(axis=0)
        ),
        by_market=_table(
            "market", list(ledger.index.markets), units.sum(axis=(0, 2)), by_market, present.sum(axis=(0, 2))
        ),
    )


def _hours(ledger: Ledger, tables: PlanTables) -> Floats:
    """Line hours by (places, products); units where somebody else makes or handles them."""
    table = tables.production
    hours = np.zeros(ledger.product_values.shape[1:])
    worked = (table["run_h"] + table["changeover_h"]).astype(np.float64)
    np.add.at(hours, (ledger.index.of(table, "place"), ledger.index.of(table, "product")), worked)
    bought = tables.co_packed
    np.add.at(hours, (ledger.index.of(bought, "place"), ledger.index.of(bought, "product")), bought["units"])
    moved, vias = tables.shipments, via_of(tables.shipments)
    over = vias != ""
    house = np.array([ledger.index.places[name] for name in vias[over].tolist()], dtype=np.intp)
    np.add.at(hours, (house, ledger.index.of(moved, "product")[over]), moved["units"][over])
    return hours


def _shares(hours: Floats) -> Floats:
    """Each row over its sum; an idle place burdens all products alike, so that no cost is lost."""
    total = hours.sum(axis=1, keepdims=True)
    even = 1.0 / max(hours.shape[1], 1)
    return np.where(total > 0, hours / np.where(total > 0, total, 1.0), even)


def _delivered(ledger: Ledger, tables: PlanTables, places: NDArray[Any]) -> tuple[Floats, Floats]:
    """Units received and present units, both (places, markets, products), counted at the place of each shipment."""
    table, index = tables.shipments.where(places != ""), ledger.index
    at = np.array([index.places[name] for name in places[places != ""].tolist()], dtype=np.intp)
    where = (at, *(index.of(table, name) for name in ("market", "product")))
    units = np.zeros((len(index.places), len(index.markets), len(index.products)))
    present = np.zeros_like(units)
    received = table["received"].astype(np.float64)
    np.add.at(units, where, received)
    np.add.at(present, where, received * ledger.discount[index.of(table, "period")])
    return units, present


def _table(name: str, ids: list[str], units: Floats, cost: Floats, present: Floats) -> Table:
    per_unit = np.where(present > 0, cost / np.where(present > 0, present, 1.0), np.nan)
    return Table({name: np.array(ids, dtype=object), "units": units, "cost_per_unit": per_unit})
