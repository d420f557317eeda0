"""The book in which the money of a plan is entered, line by line, and the index that all entries share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from manyworks.model.network import Network
from manyworks.model.periods import Period, discount_factors
from manyworks.model.places import positions
from manyworks.model.table import Table
from manyworks.plan.money.money_line import LINE_INDEX, LINE_NAMES
from manyworks.plan.points import contract_of

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
At = Ints | int
"""One position, or one for each amount."""


@dataclass(frozen=True, kw_only=True)
class Index:
    """Positions of everything that the tables of a plan name; ``places`` are sites, warehouses, co-packers and ''."""

    places: dict[str, int]
    products: dict[str, int]
    markets: dict[str, int]
    periods: dict[str, int]
    contracts: dict[str, int]

    def of(self, table: Table, column: str) -> Ints:
        """Positions (rows,) of what a column of ``table`` names."""
        names = {"place": "places", "origin": "places", "market": "markets", "product": "products"}
        known: dict[str, int] = getattr(self, names.get(column, "periods"))
        return np.array([known[name] for name in table[column].tolist()], dtype=np.intp)

    def contract(self, table: Table) -> Ints:
        """Position (rows,) of the contract that each row belongs to, -1 where it is the market's own demand."""
        return np.array([self.contracts.get(name, -1) for name in contract_of(table).tolist()], dtype=np.intp)

    def point(self, table: Table) -> Ints:
        """Demand point (rows,) of each row: its market, or its contract."""
        contract = self.contract(table)
        return np.where(contract >= 0, len(self.markets) + contract, self.of(table, "market"))


def plan_index(network: Network, periods: Sequence[Period]) -> Index:
    """The index of one document on one grid of periods."""
    rows = [*network.sites, *network.warehouses, *network.co_packers]
    return Index(
        places=positions(rows) | {"": len(rows)},
        products=positions(network.products),
        markets=positions(network.markets),
        periods={period.name: period.index for period in periods},
        contracts=positions(network.opportunities),
    )


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Money as it is entered; income positive, cost negative.

    ``amounts`` (lines, places, periods). ``product_values`` (lines, places, products) and ``market_values`` (lines,
    markets) are the present values of those entries that name a product or a market.
    """

    index: Index
    discount: Floats
    amounts: Floats
    product_values: Floats
    market_values: Floats
    purchases: Floats = field(repr=False)
    """Materials and inbound freight of everything made, positive, (places, periods): what payables rest on."""

    def enter(
        self,
        line: str,
        place: At,
        period: At,
        amount: ArrayLike,
        *,
        product: At | None = None,
        market: At | None = None,
    ) -> None:
        """Add amounts; positions and amounts have one shape, or broadcast to it."""
        row = LINE_INDEX[line]
        value = np.asarray(amount, dtype=np.float64)
        _add(self.amounts[row], (place, period), value)
        present = np.asarray(value * self.discount[period])
        if product is not None:
            _add(self.product_values[row], (place, product), present)
        if market is not None:
            _add(self.market_values[row], (market,), present)

    def enter_grid(self, line: str, amounts: Floats) -> None:
        """Add amounts of shape (places, periods)."""
        self.amounts[LINE_INDEX[line]] += amounts


def _add(target: Floats, at: tuple[At, ...], amounts: Floats) -> None:
    """Add at positions that may repeat."""
    np.add.at(target, tuple(np.asarray(position) for position in at), amounts)


def open_ledger(network: Network, periods: Sequence[Period]) -> Ledger:
    """An empty ledger."""
    index = plan_index(network, periods)
    lines, places, steps = len(LINE_NAMES), len(index.places), len(periods)
    return Ledger(
        index=index,
        discount=discount_factors(network.finance, tuple(periods)),
        amounts=np.zeros((lines, places, steps)),
        product_values=np.zeros((lines, places, len(index.products))),
        market_values=np.zeros((lines, len(index.markets))),
        purchases=np.zeros((places, steps)),
    )
