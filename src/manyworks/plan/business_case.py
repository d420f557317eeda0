"""The money of a plan: every line at every place in every period, and what the whole is worth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.model.periods import Period
from manyworks.model.table import Table
from manyworks.plan.money_line import LANDED, LINE_INDEX, LINE_NAMES, MONEY_LINES
from manyworks.plan.returns import InternalRate, PeakFunding, discounted_payback, irr, peak_funding

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class LandedCost:
    """What a delivered unit costs, levelised: present value of the landed lines over that of the delivered units.

    ``by_product``: ``product, units, cost_per_unit`` and ``by_market``: ``market, units, cost_per_unit``; ``units`` are
    delivered over the planned periods, undiscounted. ``cost_per_unit`` is that of all units together.
    Cost of a place that no single product causes is spread over its products by the line hours that they take; cost
    before the goods leave is spread over the markets by the units that they get.
    """

    cost_per_unit: float
    units: float
    present_units: float
    by_product: Table
    by_market: Table


@dataclass(frozen=True, kw_only=True)
class BusinessCase:
    """Money of one plan, in constant currency of the price year; income positive, cost negative.

    ``amounts`` has shape (lines, places, periods): lines as in ``MONEY_LINES``, places as in ``places`` (the empty id
    stands for what belongs to no place, such as penalties for unmet demand). ``discount`` (periods,) is the present
    value of one unit of money of each period. ``depreciation``, ``stock_value`` and ``net_working_capital`` are
    (places, periods); the latter two are levels at the end of a period.
    The terminal value is an amount of the last period that stands for all that comes after it, and is shown apart.
    """

    currency: str
    periods: tuple[Period, ...]
    places: tuple[str, ...]
    amounts: Floats
    discount: Floats
    depreciation: Floats
    stock_value: Floats
    net_working_capital: Floats
    landed: LandedCost

    def line(self, name: str) -> Floats:
        """Amounts (periods,) of one line over all places."""
        return np.asarray(self.amounts[LINE_INDEX[name]].sum(axis=0), dtype=np.float64)

    @cached_property
    def present_values(self) -> dict[str, float]:
        """Line name to present value, in the order of the lines."""
        values = self.amounts.sum(axis=1) @ self.discount
        return dict(zip(LINE_NAMES, values.tolist(), strict=True))

    @cached_property
    def npv(self) -> float:
        """Present value of all lines, terminal value included."""
        return float(sum(self.present_values.values()))

    @property
    def terminal_value(self) -> float:
        """Present value of all that comes after the planned periods."""
        return self.present_values["terminal_value"]

    @property
    def npv_before_terminal(self) -> float:
        """Present value of the planned periods alone."""
        return self.npv - self.terminal_value

    @cached_property
    def cost_present_value(self) -> float:
        """Present value of the landed lines, as a positive amount: what gaps are measured against."""
        values = list(self.present_values.values())
        return -sum(values[index] for index in LANDED)

    @cached_property
    def cash_flow(self) -> Floats:
        """After-tax cash (periods,), terminal value left out."""
        return np.asarray(self.amounts.sum(axis=(0, 1)) - self.line("terminal_value"), dtype=np.float64)

    @property
    def internal_rate(self) -> InternalRate:
        """Internal rates of return of the cash flow with its terminal value."""
        flow = self.cash_flow + self.line("terminal_value")
        return irr(flow.tolist(), [period.middle_years for period in self.periods])

    @property
    def payback_years(self) -> float | None:
        """Discounted payback without the terminal value, in years from the start; None: not within the horizon."""
        return discounted_payback((self.cash_flow * self.discount).tolist(), self.ends)

    @property
    def peak_funding(self) -> PeakFunding:
        """Deepest cumulative cash, undiscounted."""
        return peak_funding(self.cash_flow.tolist(), self.ends)

    @property
    def ends(self) -> list[float]:
        """End of each period in years from the start of the horizon."""
        return [(period.first_quarter + period.quarters) / 4 for period in self.periods]

    @cached_property
    def statement(self) -> Table:
        """``line, title, group, present_value`` and a column of amounts for each period name; every line."""
        totals = self.amounts.sum(axis=1)
        columns: dict[str, NDArray[Any]] = {
            "line": np.array([line.name for line in MONEY_LINES], dtype=object),
            "title": np.array([line.title for line in MONEY_LINES], dtype=object),
            "group": np.array([line.group for line in MONEY_LINES], dtype=object),
            "present_value": totals @ self.discount,
        }
        return Table(columns | {period.name: totals[:, t] for t, period in enumerate(self.periods)})

    @cached_property
    def by_place(self) -> Table:
        """``line, place, period, amount, present_value``: every amount that is not zero."""
        lines, places, periods = np.nonzero(self.amounts)
        amounts = self.amounts[lines, places, periods]
        return Table(
            {
                "line": np.array(LINE_NAMES, dtype=object)[lines],
                "place": np.array(self.places, dtype=object)[places],
                "period": np.array([period.name for period in self.periods], dtype=object)[periods],
                "amount": amounts,
                "present_value": amounts * self.discount[periods],
            }
        )

    @cached_property
    def by_quarter(self) -> Table:
        """``quarter, cash_flow, present_value, cumulative_present_value``: the cash of a year evenly over its quarters.

        Present values are those of the period's middle, so that the last cumulative one is ``npv_before_terminal``.
        """
        count = np.array([period.quarters for period in self.periods])
        cash = np.repeat(self.cash_flow / count, count)
        present = np.repeat(self.cash_flow * self.discount / count, count)
        start = self.periods[0].starts
        index = start.year * 4 + (start.month - 1) // 3 + np.arange(len(cash))
        names = [f"{quarter // 4}-Q{quarter % 4 + 1}" for quarter in index.tolist()]
        return Table(
            {
                "quarter": np.array(names, dtype=object),
                "cash_flow": cash,
                "present_value": present,
                "cumulative_present_value": np.cumsum(present),
            }
        )

    def to_frame(self) -> Any:
        """The statement as a pandas DataFrame."""
        return self.statement.to_frame()
