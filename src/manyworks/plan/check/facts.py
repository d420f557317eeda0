"""What every rule looks at: the plan's tables as arrays, and one way to say what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import Issue
from manyworks.model.contracts import contract_units
from manyworks.model.demand import demand_units
from manyworks.model.network import Network
from manyworks.model.shipping import LaneTable
from manyworks.model.table import Table
from manyworks.plan.money.ledger import Index, plan_index
from manyworks.plan.money.standing import Stand, stands
from manyworks.plan.money.unit_prices import UnitPrices, unit_prices
from manyworks.plan.points import contract_of
from manyworks.plan.result import NetworkPlan

Floats = NDArray[np.float64]
TOLERANCE = 1e-6
"""A figure may be off by this share of the largest figure of its kind, or by this much where all are small."""
WORST = 10
"""Of many violations of one rule this many are listed, the worst first."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A plan seen as arrays, in units: ``made``, ``spoiled`` and ``sent`` (places, products, periods); ``received``,
    ``demand`` and ``unmet`` (markets, products, periods), contracts apart. ``signed`` (contracts, periods) is what the
    contracts that the plan takes ask for, ``delivered`` and ``short`` what is received of it and what is not.
    """

    plan: NetworkPlan
    index: Index
    standing: tuple[Stand, ...]
    prices: UnitPrices
    years: Floats
    made: Floats
    spoiled: Floats
    sent: Floats
    received: Floats
    demand: Floats
    unmet: Floats
    signed: Floats
    delivered: Floats
    short: Floats

    @property
    def network(self) -> Network:
        """The document."""
        return self.plan.network

    @property
    def lanes(self) -> LaneTable:
        """Terms from all places to all demand points: markets, then contracts."""
        return self.prices.lanes

    def stand(self, place: str, template: str) -> Stand | None:
        """The opening of a site with a template; None where the plan has none."""
        found = (s for s in self.standing if s.site.id == place and template in ("", s.template.id))
        return next(found, None)


Rule = Callable[[Facts], Iterator[Issue]]


def plan_facts(plan: NetworkPlan) -> Facts:
    """Arrays of a plan whose names are all known."""
    network, tables = plan.network, plan.tables
    index = plan_index(network, plan.periods)
    standing = stands(network, plan.periods, tables, index)
    at_place = (len(index.places), len(index.products), len(plan.periods))
    at_market = (len(index.markets), *at_place[1:])
    return Facts(
        plan=plan,
        index=index,
        standing=tuple(standing),
        prices=unit_prices(network, plan.periods, standing, tables),
        years=np.array([period.years for period in plan.periods]),
        made=sums(index, tables.production, "place", "units", at_place)
        + sums(index, tables.co_packed, "place", "units", at_place),
        spoiled=sums(index, tables.spoiled, "place", "units", at_place),
        sent=sums(index, tables.shipments, "origin", "units", at_place),
        received=sums(index, own_rows(tables.shipments), "market", "received", at_market),
        demand=demand_units(network, plan.periods),
        unmet=sums(index, own_rows(tables.unmet), "market", "units", at_market),
        signed=contract_units(network.opportunities, plan.periods) * _is_taken(plan, index)[:, None],
        delivered=_of_contracts(index, tables.shipments, "received", len(plan.periods)),
        short=_of_contracts(index, tables.unmet, "units", len(plan.periods)),
    )


def own_rows(table: Table) -> Table:
    """Rows that belong to no contract."""
    return table.where(contract_of(table) == "")


def _is_taken(plan: NetworkPlan, index: Index) -> Floats:
    taken = np.zeros(len(index.contracts))
    for row in plan.tables.openings.rows():
        if row["kind"] == "opportunity":
            taken[index.contracts[row["place"]]] = 1.0
    return taken


def _of_contracts(index: Index, table: Table, column: str, steps: int) -> Floats:
    """Sum of ``column`` by contract and period."""
    total = np.zeros((len(index.contracts), steps))
    rows = table.where(contract_of(table) != "")
    np.add.at(total, (index.contract(rows), index.of(rows, "period")), rows[column].astype(np.float64))
    return total


def sums(index: Index, table: Table, by: str, column: str, shape: tuple[int, ...]) -> Floats:
    """Sum of ``column`` by (``by``, product, period)."""
    total = np.zeros(shape)
    where = tuple(index.of(table, name) for name in (by, "product", "period"))
    np.add.at(total, where, table[column].astype(np.float64))
    return total


def slack(*figures: Floats) -> float:
    """How far figures of this size may be off."""
    largest = max((float(np.abs(f).max()) for f in figures if np.size(f)), default=0.0)
    return TOLERANCE * max(largest, 1.0)


def violation(rule: str, path: str, message: str, found: str) -> Issue:
    """A broken rule of a plan."""
    return Issue(
        rule=f"plan_{rule}",
        severity="error",
        path=path,
        message=message,
        found=found,
        cure="The plan must not be used; please report it together with the document",
    )


def worst(found: Iterable[tuple[float, Issue]]) -> Iterator[Issue]:
    """The issues with the largest excess."""
    ranked: Sequence[tuple[float, Issue]] = sorted(found, key=lambda entry: -entry[0])
    yield from (issue for _, issue in ranked[:WORST])


def excesses(
    facts: Facts, rule: str, kind: str, excess: Floats, limit: float, words: Callable[[str], str]
) -> Iterator[Issue]:
    """Issues where ``excess`` (places or markets by ``kind``, products, periods) is above ``limit``."""
    names = list(facts.index.places if kind == "place" else facts.index.markets)
    products, periods = list(facts.index.products), list(facts.index.periods)
    at = np.argwhere(excess > limit)
    yield from worst(
        (
            float(excess[a, p, t]),
            violation(
                rule,
                f"{names[a]}.{products[p]}.{periods[t]}",
                words(products[p]),
                f"off by {excess[a, p, t]:,.3f} units",
            ),
        )
        for a, p, t in at.tolist()
    )
