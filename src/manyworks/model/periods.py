"""The planning grid: quarters first, then years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from manyworks.model.finance import Finance


@dataclass(frozen=True, kw_only=True)
class Period:
    """One step of the plan. ``quarters`` is 1 or 4; ``first_quarter`` counts from the start of the horizon."""

    index: int
    name: str
    starts: date
    ends: date
    quarters: int
    first_quarter: int

    @property
    def years(self) -> float:
        """Length in years."""
        return self.quarters / 4

    @property
    def middle_years(self) -> float:
        """Years from the start of the horizon to the middle of the period."""
        return (self.first_quarter + self.quarters / 2) / 4


def planning_periods(finance: Finance) -> tuple[Period, ...]:
    """Quarters of the horizon, then its years; a year after the quarters starts where they end."""
    steps = [1] * finance.quarters + [4] * finance.years
    periods, quarter = [], 0
    for index, quarters in enumerate(steps):
        starts, ends = _quarter_start(finance.start, quarter), _quarter_start(finance.start, quarter + quarters)
        name = f"{starts.year}-Q{(starts.month + 2) // 3}"
        if quarters == 4:
            name = str(starts.year) if starts.month == 1 else f"{name}+4"
        periods.append(
            Period(index=index, name=name, starts=starts, ends=ends, quarters=quarters, first_quarter=quarter)
        )
        quarter += quarters
    return tuple(periods)


def discount_factors(finance: Finance, periods: tuple[Period, ...]) -> NDArray[np.float64]:
    """Present value at the start of the horizon of one unit of money in the middle of each period."""
    years = np.array([period.middle_years for period in periods])
    return np.asarray((1 + finance.discount_rate) ** -years, dtype=np.float64)


def terminal_weight(finance: Finance) -> float:
    """Present value, at the middle of the last planned year, of repeating that year ``terminal_years`` times."""
    if not finance.terminal_years:
        return 0.0
    ratio = (1 + finance.terminal_growth) / (1 + finance.discount_rate)
    whole = int(finance.terminal_years)
    return sum(ratio**k for k in range(1, whole + 1)) + (finance.terminal_years - whole) * ratio ** (whole + 1)


def _quarter_start(start: date, quarters: int) -> date:
    months = start.month - 1 + 3 * quarters
    return date(start.year + months // 12, months % 12 + 1, 1)
