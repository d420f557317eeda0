"""The money of a plan: every line at every place in every period, and what the whole is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.model.network import Network
from manyworks.model.periods import Period
from manyworks.model.table import Table
from manyworks.plan.case import Case
from manyworks.plan.conventions import replacement
from manyworks.plan.money.capital import enter_capital
from manyworks.plan.money.cash import CashDrivers, derived_lines
from manyworks.plan.money.goods import enter_goods, newly_stocked, stock_levels
from manyworks.plan.money.landed import LandedCost, landed_cost
from manyworks.plan.money.ledger import Ledger, open_ledger
from manyworks.plan.money.money_line import LANDED, LINE_INDEX, LINE_NAMES, MONEY_LINES
from manyworks.plan.money.returns import InternalRate, PeakFunding, discounted_payback, irr, peak_funding
from manyworks.plan.money.sites import enter_sites, list_capex
from manyworks.plan.money.standing import Stand, stands
from manyworks.plan.money.unit_prices import unit_prices
from manyworks.plan.result import PlanTables

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class BusinessCase:
    """Money of one plan of one ``case``, in constant currency of the price year; income positive, cost negative.

    ``amounts`` has shape (lines, places, periods): lines as in ``MONEY_LINES``, places as in ``places`` (the empty id
    stands for what belongs to no place, such as penalties for unmet demand). ``discount`` (periods,) is the present
    value of one unit of money of each period. ``drivers`` hold depreciation and what else tax, working capital
    and terminal value rest on; ``net_working_capital`` is a level at the end of a period, (places, periods).
    The terminal value is an amount of the last period that stands for all that comes after it, and is shown apart.
    """

    case: Case
    currency: str
    periods: tuple[Period, ...]
    places: tuple[str, ...]
    amounts: Floats
    discount: Floats
    drivers: CashDrivers
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


def business_case(network: Network, case: Case, periods: Sequence[Period], tables: PlanTables) -> BusinessCase:
    """The money of ``tables``, from the document and its physics alone: the solver is not asked.

    Formulas and timing: ``plan/conventions.py``.
    """
    ledger = open_ledger(network, periods)
    standing = stands(network, periods, tables, ledger.index)
    years = np.array([period.years for period in periods])
    prices = unit_prices(network, periods, standing, tables)
    enter_goods(ledger, network, tables, standing, prices, years)
    enter_sites(ledger, network, tables, standing, prices, years)
    depreciation = enter_capital(ledger, network, periods, standing)
    drivers = CashDrivers(
        depreciation=depreciation,
        purchases=ledger.purchases,
        stock_value=stock_levels(ledger.index, tables.stock, prices, depreciation.shape),
        stood_before=_stood_before(network, ledger),
        newly_stocked=newly_stocked(ledger.index, tables.stock, prices, depreciation.shape),
        renewal=_renewal(network, standing, len(ledger.index.places)),
    )
    amounts, levels = derived_lines(network.finance, periods, ledger.amounts, drivers)
    return BusinessCase(
        case=case,
        currency=network.finance.currency,
        periods=tuple(periods),
        places=tuple(ledger.index.places),
        amounts=amounts,
        discount=ledger.discount,
        drivers=drivers,
        net_working_capital=levels,
        landed=landed_cost(ledger, tables),
    )


def _stood_before(network: Network, ledger: Ledger) -> NDArray[np.bool_]:
    existing = {site.id for site in network.sites if site.status == "existing"}
    existing |= {row.id for row in network.warehouses if row.status == "existing"}
    return np.array([name in existing for name in ledger.index.places])


def _renewal(network: Network, standing: Sequence[Stand], places: int) -> Floats:
    """Yearly amount that renews sites and lines that stand in the last period, (places,)."""
    total = np.zeros(places)
    for stand in standing:
        total[stand.place] += replacement(
            network.finance, float(list_capex(network, stand)[-1]), stand.template.life_years
        )
    return total
