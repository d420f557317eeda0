"""What a plan adds to doing nothing: the difference of two cash flows, and its returns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.table import Table
from manyworks.plan.money.business_case import BusinessCase
from manyworks.plan.money.returns import InternalRate, PeakFunding, discounted_payback, irr, peak_funding


@dataclass(frozen=True, kw_only=True)
class Incremental:
    """The plan of ``title`` less the plan of ``against``, after tax.

    ``npv`` includes ``terminal_value``, the difference of the two terminal values, which is also given apart.
    ``cash_flow`` (periods,) leaves it out; so do ``payback_years`` (discounted; None: not within the horizon, or the
    two cash flows are one) and
    ``peak_funding``. ``internal_rate`` includes it, ``internal_rate_before_terminal`` does not.
    """

    title: str
    against: str
    npv: float
    terminal_value: float
    cash_flow: NDArray[np.float64]
    internal_rate: InternalRate
    internal_rate_before_terminal: InternalRate
    payback_years: float | None
    peak_funding: PeakFunding
    by_quarter: Table
    """``quarter, cash_flow, present_value, cumulative_present_value``."""


def incremental(plan: BusinessCase, base: BusinessCase, title: str, against: str) -> Incremental:
    """Difference of two business cases on the same periods."""
    flow = plan.cash_flow - base.cash_flow
    terminal = plan.line("terminal_value") - base.line("terminal_value")
    years = [period.middle_years for period in plan.periods]
    return Incremental(
        title=title,
        against=against,
        npv=plan.npv - base.npv,
        terminal_value=plan.terminal_value - base.terminal_value,
        cash_flow=flow,
        internal_rate=irr((flow + terminal).tolist(), years),
        internal_rate_before_terminal=irr(flow.tolist(), years),
        payback_years=discounted_payback((flow * plan.discount).tolist(), plan.ends) if flow.any() else None,
        peak_funding=peak_funding(flow.tolist(), plan.ends),
        by_quarter=_difference(plan.by_quarter, base.by_quarter),
    )


def _difference(plan: Table, base: Table) -> Table:
    numbers = ("cash_flow", "present_value", "cumulative_present_value")
    return Table({"quarter": plan["quarter"]} | {name: plan[name] - base[name] for name in numbers})
