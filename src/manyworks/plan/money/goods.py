"""Money that follows the goods: revenue, materials, freight, duty, stock, waste."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from manyworks.model.network import Network
from manyworks.model.table import Table
from manyworks.plan.money.ledger import Index, Ledger
from manyworks.plan.money.standing import Stand
from manyworks.plan.money.unit_prices import UnitPrices
from manyworks.plan.money.ways import ways_of
from manyworks.plan.points import selling_prices
from manyworks.plan.pooling import opening_safety
from manyworks.plan.result import PlanTables

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
MONTHS_PER_YEAR = 12
STOCK_LINES = {
    "cycle": "cycle_stock",
    "safety": "safety_stock",
    "season": "season_stock",
    "in_transit": "in_transit_stock",
}
"""Column of ``tables.stock`` to money line."""
SUPPLY_LINES = {
    "purchase": "materials",
    "freight": "inbound_freight",
    "duty": "inbound_duty",
    "local": "local_materials",
}
"""Line of ``MaterialCosts`` to money line."""


def enter_goods(
    ledger: Ledger,
    network: Network,
    tables: PlanTables,
    standing: Sequence[Stand],
    prices: UnitPrices,
    years: Floats,
) -> None:
    """Enter every line that is money per unit; ``years`` (periods,) is the length of the periods."""
    _enter_making(ledger, tables, standing, prices)
    _enter_co_packing(ledger, network, tables, prices, years)
    _enter_warehouses(ledger, network, tables, years)
    _enter_shipping(ledger, network, tables.shipments, prices)
    _enter_unmet(ledger, network, tables.unmet)
    _enter_signing(ledger, network, tables.openings)
    _enter_stock(ledger, network, tables.stock, prices, years)
    _enter_large_orders(ledger, network, standing, prices)


def stock_levels(index: Index, stock: Table, prices: UnitPrices, shape: tuple[int, int]) -> Floats:
    """Value of all stock, (places, periods)."""
    return _value_of(index, stock, prices, shape, tuple(STOCK_LINES))


def newly_stocked(index: Index, stock: Table, prices: UnitPrices, shape: tuple[int, int]) -> Floats:
    """Value (places,) of season and safety stock in the first period less the safety stock that was there before."""
    before = np.zeros(shape[0])
    before[: len(prices.network.sites)] = opening_safety(prices.network) @ prices.stock_value
    return np.asarray(_value_of(index, stock, prices, shape, ("season", "safety"))[:, 0] - before)


def _value_of(index: Index, stock: Table, prices: UnitPrices, shape: tuple[int, int], kinds: tuple[str, ...]) -> Floats:
    place, product, period = (index.of(stock, name) for name in ("place", "product", "period"))
    value = np.zeros(shape)
    units = np.sum([stock[kind] for kind in kinds], axis=0)
    np.add.at(value, (place, period), units * prices.stock_value[product])
    return value


def _enter_making(ledger: Ledger, tables: PlanTables, standing: Sequence[Stand], prices: UnitPrices) -> None:
    """Supplies of everything made; those of units that end as waste are taken out there and are the spoilage."""
    made, spoiled = tables.production, tables.spoiled
    of_place = {stand.site.id: k for k, stand in reversed(list(enumerate(standing)))}
    of_template = {(stand.site.id, stand.template.id): k for k, stand in enumerate(standing)}
    keys = zip(made["place"].tolist(), made["template"].tolist(), strict=True)
    makers = np.array([of_template[key] for key in keys], dtype=np.intp)
    losers = np.array([of_place[name] for name in spoiled["place"].tolist()], dtype=np.intp)
    for source, line in SUPPLY_LINES.items():
        cost = getattr(prices.materials, source)
        _enter_supply(ledger, line, made, makers, -cost)
        _enter_supply(ledger, line, spoiled, losers, cost)
    _enter_supply(ledger, "spoilage", spoiled, losers, -prices.materials.total)
    place, product, period = (ledger.index.of(made, name) for name in ("place", "product", "period"))
    bought = (prices.materials.purchase + prices.materials.freight)[makers, product, period]
    np.add.at(ledger.purchases, (place, period), made["units"] * bought)


def _enter_co_packing(ledger: Ledger, network: Network, tables: PlanTables, prices: UnitPrices, years: Floats) -> None:
    """Our materials at co-packers, their fee for what they make, and what is paid without being taken."""
    made = tables.co_packed
    at = {row.id: k for k, row in enumerate(network.co_packers)}
    packer = np.array([at[name] for name in made["place"].tolist()], dtype=np.intp)
    for source, line in SUPPLY_LINES.items():
        _enter_supply(ledger, line, made, packer, -getattr(prices.packed, source))
    place, product, period = (ledger.index.of(made, name) for name in ("place", "product", "period"))
    bought = (prices.packed.purchase + prices.packed.freight)[packer, product, period]
    np.add.at(ledger.purchases, (place, period), made["units"] * bought)
    fee = np.array([row.toll_fee_per_unit for row in network.co_packers])
    ledger.enter("co_packing", place, period, -made["units"] * fee[packer], product=product)
    for row, short in zip(network.co_packers, not_taken(ledger.index, network, tables, years), strict=True):
        steps = np.arange(len(years))
        ledger.enter("co_packing", ledger.index.places[row.id], steps, -row.toll_fee_per_unit * short)


def not_taken(index: Index, network: Network, tables: PlanTables, years: Floats) -> Floats:
    """Units (co-packers, periods) that are paid without being taken: the contract's least less what is made."""
    made = np.zeros((len(index.places), len(years)))
    np.add.at(
        made, (index.of(tables.co_packed, "place"), index.of(tables.co_packed, "period")), tables.co_packed["units"]
    )
    rows = [index.places[row.id] for row in network.co_packers]
    least = np.array([[row.take_or_pay_units_per_year] for row in network.co_packers]).reshape(len(rows), 1)
    return np.asarray(np.maximum(least * years * contracted(index, tables, len(years))[rows] - made[rows], 0.0))


def contracted(index: Index, tables: PlanTables, steps: int) -> Floats:
    """1 where a co-packer is under contract, (places, periods)."""
    return _stands(index, tables, steps, "co_packer")


def _stands(index: Index, tables: PlanTables, steps: int, kind: str) -> Floats:
    state = np.zeros((len(index.places), steps))
    for row in tables.openings.rows():
        if row["kind"] == kind:
            closes = index.periods[row["closes"]] if row["closes"] else steps
            state[index.places[row["place"]], index.periods[row["starts"]] : closes] = 1.0
    return state


def _enter_supply(ledger: Ledger, line: str, table: Table, stand: Ints, money: Floats) -> None:
    """Enter units × money, the latter of shape (stands, products, periods)."""
    place, product, period = (ledger.index.of(table, name) for name in ("place", "product", "period"))
    ledger.enter(line, place, period, table["units"] * money[stand, product, period], product=product)


def _enter_shipping(ledger: Ledger, network: Network, shipments: Table, prices: UnitPrices) -> None:
    origin, market, product, period = (
        ledger.index.of(shipments, name) for name in ("origin", "market", "product", "period")
    )
    units, lost = shipments["units"], shipments["units"] - shipments["received"]
    contract = ledger.index.contract(shipments)
    agreed = np.array([*(row.price for row in network.opportunities), 0.0])
    price = np.where(contract >= 0, agreed[contract], selling_prices(network)[market, product])
    ways = ways_of(prices, ledger.index, shipments)
    first = {
        "revenue": units * price,
        "transit_damage": -lost * price,
        "outbound_freight": -units * ways.first_freight,
        "packaging_distance": -units * ways.first_packaging,
        "outbound_duty": -units * ways.first_duty,
    }
    last = {
        "outbound_freight": -ways.arriving * ways.freight,
        "packaging_distance": -ways.arriving * ways.packaging,
        "outbound_duty": -ways.arriving * ways.duty,
    }
    for place, entries in ((origin, first), (ways.start, last)):
        for line, amount in entries.items():
            ledger.enter(line, place, period, amount, product=product, market=market)
    per_pallet = np.array([row.units_per_pallet for row in network.products])[product]
    fee = np.zeros(len(ledger.index.places) + 1)
    for house in network.warehouses:
        fee[ledger.index.places[house.id]] = house.throughput_fee_per_pallet
    handled = -ways.arriving / per_pallet * fee[ways.house]
    ledger.enter("warehouse_fees", ways.start, period, handled, product=product)


def _enter_warehouses(ledger: Ledger, network: Network, tables: PlanTables, years: Floats) -> None:
    """Fixed cost of warehouses while they are used, and their fee for every pallet that lies there."""
    stock = tables.stock
    place, product, period = (ledger.index.of(stock, name) for name in ("place", "product", "period"))
    per_pallet = np.array([row.units_per_pallet for row in network.products])[product]
    lying = (stock["cycle"] + stock["safety"] + stock["season"]) / per_pallet * years[period] * MONTHS_PER_YEAR
    in_use = used_houses(ledger.index, tables, len(years))
    for house in network.warehouses:
        at = ledger.index.places[house.id]
        ledger.enter("warehouse_fees", at, np.arange(len(years)), -house.fixed_cost_per_year * years * in_use[at])
        here = place == at
        fee = -lying[here] * house.storage_fee_per_pallet_month
        ledger.enter("warehouse_fees", at, period[here], fee, product=product[here])


def used_houses(index: Index, tables: PlanTables, steps: int) -> Floats:
    """1 where a warehouse is used, (places, periods)."""
    return _stands(index, tables, steps, "warehouse")


def _enter_unmet(ledger: Ledger, network: Network, unmet: Table) -> None:
    market, product, period = (ledger.index.of(unmet, name) for name in ("market", "product", "period"))
    contract = ledger.index.contract(unmet)
    agreed = np.array([*(row.penalty_per_unit for row in network.opportunities), 0.0])
    share = network.policy.unmet_penalty_share
    owed = np.where(contract >= 0, agreed[contract], selling_prices(network)[market, product] * share)
    nowhere = np.full(len(unmet), ledger.index.places[""])
    ledger.enter("unmet_penalty", nowhere, period, -unmet["units"] * owed, product=product, market=market)


def _enter_signing(ledger: Ledger, network: Network, openings: Table) -> None:
    """One-off cost of each contract that the plan signs."""
    for row in openings.rows():
        contract = network.get("opportunities", row["place"]) if row["kind"] == "opportunity" else None
        if contract is not None and not contract.is_signed:
            ledger.enter(
                "one_off",
                ledger.index.places[""],
                ledger.index.periods[row["starts"]],
                -contract.one_off_cost,
                product=ledger.index.products[contract.product],
                market=ledger.index.markets[contract.market],
            )


def _enter_large_orders(ledger: Ledger, network: Network, standing: Sequence[Stand], prices: UnitPrices) -> None:
    places = [*(stand.place for stand in standing), *(ledger.index.places[row.id] for row in network.co_packers)]
    for place, cost in zip(places, prices.purchases.carried, strict=False):
        ledger.enter("material_stock", place, np.arange(len(cost)), -cost)


def _enter_stock(ledger: Ledger, network: Network, stock: Table, prices: UnitPrices, years: Floats) -> None:
    place, product, period = (ledger.index.of(stock, name) for name in ("place", "product", "period"))
    cost = network.policy.stock_cost_share_per_year * years[period] * prices.stock_value[product]
    for kind, line in STOCK_LINES.items():
        ledger.enter(line, place, period, -stock[kind] * cost, product=product)
