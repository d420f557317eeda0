"""What contested materials cost at the tier that each place really reaches, and the stock of orders that are large."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.network import Network
from manyworks.model.periods import Period
from manyworks.model.places import Located
from manyworks.model.purchasing import contested_needs, order_stock, tier_reached
from manyworks.model.stock import carrying_share
from manyworks.model.supply_costs import MaterialCosts, Source, material_costs, material_sources
from manyworks.model.table import Table

Floats = NDArray[np.float64]
Seller = tuple[str, str, str]
LINES = ("purchase", "freight", "duty", "local")


@dataclass(frozen=True, kw_only=True)
class Purchases:
    """Contested materials of a plan. ``costs`` per good unit, (origins, products, periods), mean of what is bought.

    ``covered`` (needs, origins, periods) good units that the purchases suffice for. ``bought`` units a year (origins,
    periods) from each seller: material, supplier and mode; ``tiers`` of each, smallest first. ``carried`` (origins,
    periods) cost of what lies because orders are larger than what is used.
    """

    costs: MaterialCosts
    covered: Floats
    bought: dict[Seller, Floats]
    tiers: dict[Seller, list[Source]]
    carried: Floats


def purchases(
    network: Network, origins: Sequence[Located], periods: Sequence[Period], makes: Floats, table: Table
) -> Purchases:
    """What ``table`` says that ``origins`` buy; where it says nothing, the cheapest at the volumes ``makes``."""
    needs, years = contested_needs(network), np.array([period.years for period in periods])
    names = {material for need in needs for material in need.materials}
    tiers: dict[Seller, list[Source]] = {}
    for source in material_sources(network, origins, periods, makes, names) if needs else ():
        tiers.setdefault(source.seller, []).append(source)
    shape = (len(origins), len(periods))
    rows = _rows(origins, periods, table)
    bought = {seller: np.zeros(shape) for seller in tiers}
    for seller, o, t, _, units in rows:
        bought[seller][o, t] += units / years[t]
    reached = {seller: np.maximum(tier_reached(tiers[seller], amount), 0) for seller, amount in bought.items()}
    quantity = {
        (network.products[need.product].id, material): (n, amount)
        for n, need in enumerate(needs)
        for material, amount in zip(need.materials, need.quantities, strict=True)
    }
    covered, paid = np.zeros((len(needs), *shape)), np.zeros((len(LINES), len(needs), *shape))
    for seller, o, t, product, units in rows:
        n, per_unit = quantity[product, seller[0]]
        costs = tiers[seller][reached[seller][o, t]].costs
        covered[n, o, t] += units / per_unit
        paid[:, n, o, t] += [units * getattr(costs, line)[o, t] for line in LINES]
    return Purchases(
        costs=_mean_costs(network, origins, periods, makes, covered, paid),
        covered=covered,
        bought=bought,
        tiers=tiers,
        carried=_carried(network, tiers, bought, reached, years),
    )


def _rows(
    origins: Sequence[Located], periods: Sequence[Period], table: Table
) -> list[tuple[Seller, int, int, str, float]]:
    place = {row.id: o for o, row in enumerate(origins)}
    period = {row.name: t for t, row in enumerate(periods)}
    return [
        (
            (row["material"], row["supplier"], row["mode"]),
            place[row["place"]],
            period[row["period"]],
            row["product"],
            float(row["units"]),
        )
        for row in table.rows()
        if row["place"] in place
    ]


def _mean_costs(
    network: Network,
    origins: Sequence[Located],
    periods: Sequence[Period],
    makes: Floats,
    covered: Floats,
    paid: Floats,
) -> MaterialCosts:
    """Cost of a good unit by need, summed by product; unbought needs at the cheapest source of a typical volume."""
    needs = contested_needs(network)
    lines = {line: np.zeros((len(origins), len(network.products), len(periods))) for line in LINES}
    for n, need in enumerate(needs):
        own = {(network.products[need.product].id, material) for material in need.materials}
        others = {(p.id, m.id) for p in network.products for m in network.materials} - own
        typical = material_costs(network, origins, periods, makes, without=others) if (covered[n] <= 0).any() else None
        for k, line in enumerate(LINES):
            mean = paid[k, n] / np.where(covered[n] > 0, covered[n], 1.0)
            if typical is not None:
                mean = np.where(covered[n] > 0, mean, getattr(typical, line)[:, need.product])
            lines[line][:, need.product] += mean
    return MaterialCosts(**lines)


def _carried(
    network: Network,
    tiers: dict[Seller, list[Source]],
    bought: dict[Seller, Floats],
    reached: dict[Seller, NDArray[np.intp]],
    years: Floats,
) -> Floats:
    """Cost (origins, periods) of the extra stock of smallest orders, capital included."""
    total = np.zeros(next(iter(bought.values())).shape if bought else (0, len(years)))
    for seller, amount in bought.items():
        least = tiers[seller][0].minimum_order
        if least > 0:
            units = order_stock(amount, least, network.policy.review_days)
            prices = np.stack([tier.costs.total for tier in tiers[seller]])
            price = np.take_along_axis(prices, reached[seller][None], axis=0)[0]
            total += units * np.where(units > 0, price, 0.0) * carrying_share(network) * years
    return np.asarray(total)
