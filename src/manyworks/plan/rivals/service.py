"""How long customers wait: days from order to receipt, and how much of the demand is there in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.model.demand import demand_units
from manyworks.model.network import Network
from manyworks.model.periods import Period
from manyworks.model.places import Located
from manyworks.model.shipping import LaneTable, lane_table
from manyworks.model.table import Table
from manyworks.plan.money.ledger import plan_index
from manyworks.plan.points import contract_of, via_of
from manyworks.plan.result import PlanTables
from manyworks.plan.typical import yearly_demand

Floats = NDArray[np.float64]
WITHIN_DAYS = (1, 2, 3, 5)
ASSUMPTION = (
    "An order is filled from stock at the site, or at the warehouse that serves the market, on the day it arrives; "
    "days are those from loading to receipt. "
    "Where goods leave only at the lane's intervals, half an interval is waited on top (days_with_wait)."
)


@dataclass(frozen=True, kw_only=True)
class Service:
    """Service of the markets' own demand in one period of a plan; contracts are apart.

    ``by_market``: ``market, demand, served, days, longest_days, days_with_wait, promised_days, share_in_time``. Days
    are means weighted by units, nan where nothing is served; ``promised_days`` is nan where nothing was promised, and
    everything served then counts as in time. Shares are of the demand, so what is not served is never in time.
    ``within`` maps 1, 2, 3 and 5 days to the share of all demand received within them.
    """

    period: str
    by_market: Table
    share_served: float
    share_in_time: float
    within: dict[int, float]
    days: float
    days_with_wait: float
    assumption: str = ASSUMPTION

    def to_frame(self) -> Any:
        """The markets as a pandas DataFrame."""
        return self.by_market.to_frame()


def service(network: Network, periods: Sequence[Period], tables: PlanTables, period: str | None = None) -> Service:
    """Service of a plan in ``period``; none: the last one, when everything stands."""
    name = periods[-1].name if period is None else period
    index = plan_index(network, periods)
    own = contract_of(tables.shipments) == ""
    rows = tables.shipments.where((tables.shipments["period"] == name) & own)
    origins: list[Located] = [*network.sites, *network.warehouses, *network.co_packers]
    lanes = lane_table(network, origins, network.markets, yearly_demand(network))
    market, vias = index.of(rows, "market"), via_of(rows)
    last = np.where(vias == "", rows["origin"], vias)
    origin = np.array([index.places[name] for name in last.tolist()], dtype=np.intp)
    units = rows["received"].astype(np.float64)
    days, wait = lanes.days[origin, market], (lanes.days + lanes.interval_days / 2)[origin, market]
    demand = demand_units(network, periods)[:, :, index.periods[name]].sum(axis=1)
    promised = np.array([np.nan if m.service_days is None else m.service_days for m in network.markets])
    in_time = units * ~(days > promised[market] + 1e-9)
    served = _by_market(units, market, demand.size)
    total = float(demand.sum())
    return Service(
        period=name,
        by_market=Table(
            {
                "market": np.array([row.id for row in network.markets], dtype=object),
                "demand": demand,
                "served": served,
                "days": _ratio(_by_market(units * days, market, demand.size), served),
                "longest_days": _longest(lanes, origin, market, units, demand.size),
                "days_with_wait": _ratio(_by_market(units * wait, market, demand.size), served),
                "promised_days": promised,
                "share_in_time": _ratio(_by_market(in_time, market, demand.size), demand),
            }
        ),
        share_served=_of(units.sum(), total),
        share_in_time=_of(in_time.sum(), total),
        within={limit: _of(units[days <= limit + 1e-9].sum(), total) for limit in WITHIN_DAYS},
        days=_of((units * days).sum(), float(units.sum())),
        days_with_wait=_of((units * wait).sum(), float(units.sum())),
    )


def _by_market(values: Floats, market: NDArray[np.intp], count: int) -> Floats:
    return np.asarray(np.bincount(market, weights=values, minlength=count), dtype=np.float64)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan)


def _of(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")


def _longest(lanes: LaneTable, origin: NDArray[np.intp], market: NDArray[np.intp], units: Floats, count: int) -> Floats:
    """Days of the slowest lane in use to each market; flows below a millionth of the largest are noise."""
    longest = np.full(count, np.nan)
    used = units > 1e-6 * max(float(units.max(initial=0)), 1.0)
    np.fmax.at(longest, market[used], lanes.days[origin[used], market[used]])
    return longest
