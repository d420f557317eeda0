"""What travels on each lane of a plan: how often, how full, at what price, and which measure fills the vehicle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from manyworks.model.network import Network
from manyworks.model.periods import Period
from manyworks.model.places import Located
from manyworks.model.shipments import MEASURES
from manyworks.model.shipping import LaneTable, lane_table
from manyworks.model.table import Table
from manyworks.plan.money.ledger import plan_index
from manyworks.plan.result import PlanTables
from manyworks.plan.typical import yearly_demand
from manyworks.units import DAYS_PER_WEEK

Floats = NDArray[np.float64]
LEAST_SHARE = 1e-6
"""A flow below this share of the largest is noise of the solver."""


def shipped_lanes(network: Network, periods: Sequence[Period], tables: PlanTables) -> Table:
    """Lanes to markets that are used in the last period, the most loads first.

    ``origin, market, mode, km, units_per_year, interval_days, loads_per_week, fill, measure, drops,
    price_per_shipment, freight_per_unit``. Goods that go over a warehouse count on the lane from there. ``fill`` is the
    share of the vehicles' space that a shipment uses by the ``measure`` that counts its loads, nan on a round of
    several ``drops``, where neighbours fill the rest. A shipment is that of the market's whole demand, as the plan
    prices it; loads a week are those of the units that go this way. ``mode`` is empty, and what a load would say is
    nan, where customers fetch or the lane states its freight alone.
    """
    index = plan_index(network, periods)
    rows = tables.shipments.where(tables.shipments["period"] == periods[-1].name)
    if "opportunity" in rows.columns:
        rows = rows.where(rows["opportunity"] == "")
    over = rows["via"] if "via" in rows.columns else np.full(len(rows), "", dtype=object)
    origins: list[Located] = [*network.sites, *network.warehouses, *network.co_packers]
    demand = yearly_demand(network)
    lanes = lane_table(network, origins, network.markets, demand)
    at = {row.id: k for k, row in enumerate(origins)}
    start = np.array([at[via or own] for own, via in zip(rows["origin"], over, strict=True)], dtype=np.intp)
    market, product = index.of(rows, "market"), index.of(rows, "product")
    units = np.zeros((len(origins), len(network.markets), len(network.products)))
    np.add.at(units, (start, market, product), rows["units"].astype(np.float64) / periods[-1].years)
    return _table(network, lanes, units, demand)


def _table(network: Network, lanes: LaneTable, units: Floats, demand: Floats) -> Table:
    total = units.sum(axis=2)
    o, m = np.nonzero(total > LEAST_SHARE * max(float(total.max(initial=0.0)), 1.0))
    loads, interval = lanes.loads_per_shipment[o, m], lanes.interval_days[o, m]
    is_hauled = (loads > 0) & (interval > 0) & (lanes.mode[o, m] >= 0)
    share = total[o, m] / np.maximum(demand[m].sum(axis=1), 1e-12)
    a_week = np.where(is_hauled, loads * share * DAYS_PER_WEEK / np.where(interval > 0, interval, 1.0), 0.0)
    fill = np.where(is_hauled & (lanes.drops[o, m] == 1), loads / np.maximum(np.ceil(loads - 1e-9), 1.0), np.nan)
    freight = (units[o, m] * lanes.freight_per_unit[o, m]).sum(axis=1) / total[o, m]
    modes = np.array([*(row.name for row in network.freight_modes), ""], dtype=object)
    order = np.lexsort((m, o, -np.round(a_week, 9)))
    columns = {
        "origin": np.array(lanes.origins, dtype=object)[o],
        "market": np.array(lanes.destinations, dtype=object)[m],
        "mode": np.where(is_hauled, modes[lanes.mode[o, m]], ""),
        "km": lanes.km[o, m],
        "units_per_year": total[o, m],
        "interval_days": interval,
        "loads_per_week": a_week,
        "fill": fill,
        "measure": np.where(is_hauled, np.array(MEASURES, dtype=object)[lanes.measure[o, m]], ""),
        "drops": lanes.drops[o, m],
        "price_per_shipment": lanes.price_per_shipment[o, m],
        "freight_per_unit": freight,
    }
    return Table({name: values[order] for name, values in columns.items()})
