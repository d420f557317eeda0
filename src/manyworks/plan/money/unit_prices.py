"""Money per unit, per hour and per turn of a wheel, as the document's physics gives it to the business case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.duties import DutyTable, product_duties
from manyworks.model.network import Network
from manyworks.model.periods import Period
from manyworks.model.places import Located
from manyworks.model.purchasing import contested_pairs
from manyworks.model.shipping import LaneTable, lane_table
from manyworks.model.stock import unit_value
from manyworks.model.supply_costs import MaterialCosts, material_costs
from manyworks.model.upgrades import done_upgrades
from manyworks.model.wheels import Wheel, best_wheel
from manyworks.plan.equations.options import wheel_site
from manyworks.plan.equations.routes import full_load_lanes
from manyworks.plan.money.purchases import Purchases, purchases
from manyworks.plan.money.standing import Stand
from manyworks.plan.points import demand_points
from manyworks.plan.result import PlanTables
from manyworks.plan.typical import co_packer_make, typical_make

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class UnitPrices:
    """Prices of one plan. ``purchases`` are the contested materials of stands, then co-packers.

    ``materials`` lines have shape (stands, products, periods), in the order of the stands.

    ``lanes`` and ``duties`` go from all places of the index (sites, warehouses, co-packers) to all demand points,
    ``legs`` and ``leg_duties`` from them to all warehouses. ``stock_value`` (products,) is money per unit in stock.
    ``packed`` are materials sent to each of the co-packers of the document.
    """

    network: Network
    materials: MaterialCosts
    packed: MaterialCosts
    purchases: Purchases
    lanes: LaneTable
    legs: LaneTable
    leg_duties: DutyTable
    duties: DutyTable
    stock_value: Floats

    def duty(self, origin: Ints, point: Ints, product: Ints, period: Ints) -> Floats:
        """Outbound duty per unit, (rows,)."""
        table = self.duties
        zones = table.origin_zone[origin], table.destination_zone[point]
        return np.asarray(table.values[(*zones, product, period)])

    def leg_duty(self, origin: Ints, house: Ints, product: Ints, period: Ints) -> Floats:
        """Duty per unit that goes to a warehouse, (rows,)."""
        table = self.leg_duties
        zones = table.origin_zone[origin], table.destination_zone[house]
        return np.asarray(table.values[(*zones, product, period)])

    def wheel(self, site: str, template: str, line: str, upgrades: str, products: str) -> Wheel:
        """The wheel of a line with ``upgrades`` that runs ``products``, ids joined by ``;``, as the plan chose it."""
        own = wheel_site(self.network, site, line)
        has = [*(upgrades.split(";") if upgrades else []), *done_upgrades(self.network, site, line)]
        return best_wheel(self.network, line, products.split(";"), template=template, site=own, upgrades=has)


def unit_prices(
    network: Network, periods: Sequence[Period], standing: Sequence[Stand], tables: PlanTables
) -> UnitPrices:
    """Prices for the sites that stand in a plan."""
    origins: list[Located] = [*network.sites, *network.warehouses, *network.co_packers]
    makers: list[Located] = [*(stand.site for stand in standing), *network.co_packers]
    makes = np.array(
        [
            *(typical_make(network, stand.site, stand.template) for stand in standing),
            *(co_packer_make(network, row) for row in network.co_packers),
        ]
    ).reshape(len(makers), len(network.products))
    points = demand_points(network)
    bought = purchases(network, makers, periods, makes, tables.purchases)
    materials = material_costs(network, makers, periods, makes, without=contested_pairs(network)) + bought.costs
    count = len(standing)
    return UnitPrices(
        network=network,
        materials=materials.of(slice(0, count)),
        packed=materials.of(slice(count, None)),
        purchases=bought,
        legs=full_load_lanes(network, origins, network.warehouses),
        leg_duties=product_duties(network, origins, network.warehouses, periods),
        lanes=lane_table(network, origins, points.markets, points.yearly),
        duties=product_duties(network, origins, points.markets, periods),
        stock_value=unit_value(network),
    )
