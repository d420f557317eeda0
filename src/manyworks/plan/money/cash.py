"""From what is earned and spent to cash: tax, working capital, and what comes after the horizon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.finance import Finance
from manyworks.model.periods import Period, terminal_weight
from manyworks.plan.conventions import end_factor, last_year_share
from manyworks.plan.money.money_line import LINE_INDEX, OPERATING
from manyworks.units import DAYS_PER_YEAR

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class CashDrivers:
    """What the derived lines rest on beside the entered ones; shapes (places, periods) unless said.

    ``depreciation`` and ``purchases`` are positive amounts, ``stock_value`` a level. ``stood_before`` (places,) marks
    places that existed at the start, ``newly_stocked`` (places,) values what nobody had before of their stock of period
    0: season stock, and safety stock beyond ``pooling.opening_safety``, less where there was more. ``renewal``
    (places,) is the yearly amount that renews what stands at the end.
    """

    depreciation: Floats
    purchases: Floats
    stock_value: Floats
    stood_before: NDArray[np.bool_]
    newly_stocked: Floats
    renewal: Floats


def derived_lines(
    finance: Finance, periods: Sequence[Period], amounts: Floats, drivers: CashDrivers
) -> tuple[Floats, Floats]:
    """``amounts`` with tax, working capital and terminal value filled in, and the net working capital.

    ``amounts`` has shape (lines, places, periods); whatever the derived lines held is replaced. Every derived line is
    linear in ``amounts`` and ``drivers`` together.
    """
    filled = amounts.copy()
    operating = amounts[list(OPERATING)].sum(axis=0)
    filled[LINE_INDEX["tax"]] = -finance.tax_rate * (operating - drivers.depreciation)
    levels = net_working_capital(finance, periods, amounts, drivers)
    filled[LINE_INDEX["working_capital"]] = _working_capital(finance, levels, drivers)
    filled[LINE_INDEX["terminal_value"]] = 0.0
    filled[LINE_INDEX["terminal_value"], :, -1] = _terminal(finance, periods, amounts, operating, drivers.renewal)
    return filled, levels


def net_working_capital(finance: Finance, periods: Sequence[Period], amounts: Floats, drivers: CashDrivers) -> Floats:
    """Receivables − payables + stock at the end of each period, (places, periods)."""
    years = np.array([period.years for period in periods])
    sold = amounts[LINE_INDEX["revenue"]] + amounts[LINE_INDEX["transit_damage"]]
    receivables = finance.receivable_days / DAYS_PER_YEAR * sold / years
    payables = finance.payable_days / DAYS_PER_YEAR * drivers.purchases / years
    return np.asarray(receivables - payables + drivers.stock_value)


def _working_capital(finance: Finance, levels: Floats, drivers: CashDrivers) -> Floats:
    """Its increase is paid; it comes back when the network ends. What stood before has paid its first level, but
    what is newly stocked."""
    before = np.where(drivers.stood_before, levels[:, 0] - drivers.newly_stocked, 0.0)
    flow = -np.diff(levels, axis=1, prepend=before[:, None])
    flow[:, -1] += levels[:, -1] * end_factor(finance)
    return flow


def _terminal(
    finance: Finance, periods: Sequence[Period], amounts: Floats, operating: Floats, renewal: Floats
) -> Floats:
    """Repeating the last four quarters, and renewing what wears out, after tax, (places,)."""
    lasting = operating - amounts[LINE_INDEX["closure"]] - amounts[LINE_INDEX["one_off"]]
    a_year = lasting @ last_year_share(periods)
    return np.asarray(terminal_weight(finance) * (1 - finance.tax_rate) * (a_year - renewal))
