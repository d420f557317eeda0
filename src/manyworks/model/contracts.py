"""What a contract that may be signed asks for: its volume in each period of its window, partial quarters by days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from manyworks.model.market import Opportunity
from manyworks.model.periods import Period
from manyworks.units import MONTHS_PER_QUARTER

Array = NDArray[np.float64]


def contract_units(opportunities: Sequence[Opportunity], periods: Sequence[Period]) -> Array:
    """Units of each contract in each period, shape (opportunities, periods).

    units_per_quarter × the days of each calendar quarter that lie in the window, first and last day included, over the
    days of that quarter. What lies outside the horizon is not counted.
    """
    units = np.zeros((len(opportunities), len(periods)))
    for k, contract in enumerate(opportunities):
        units[k] = contract.units_per_quarter * quarters_in_window(contract, periods)
    return units


def quarters_in_window(contract: Opportunity, periods: Sequence[Period]) -> Array:
    """Quarters of each period in which the contract is delivered, (periods,)."""
    return np.array([sum(_share(contract, *quarter) for quarter in _quarters(period)) for period in periods])


def signing_period(contract: Opportunity, periods: Sequence[Period]) -> int | None:
    """Position of the first period with deliveries, in which the contract is signed; None: none in the horizon."""
    active = np.flatnonzero(quarters_in_window(contract, periods) > 0)
    return int(active[0]) if len(active) else None


def end_period(contract: Opportunity, periods: Sequence[Period]) -> int | None:
    """Position of the first period after the last delivery; None: it is delivered to the end of the horizon."""
    active = np.flatnonzero(quarters_in_window(contract, periods) > 0)
    return int(active[-1]) + 1 if len(active) and active[-1] + 1 < len(periods) else None


def _share(contract: Opportunity, starts: date, after: date) -> float:
    """Share of the days from ``starts`` to before ``after`` on which the contract is delivered."""
    first, last = max(starts, contract.starts), min(after - timedelta(days=1), contract.ends)
    return max((last - first).days + 1, 0) / (after - starts).days


def _quarters(period: Period) -> list[tuple[date, date]]:
    edges = [period.starts]
    for _ in range(period.quarters):
        months = edges[-1].month - 1 + MONTHS_PER_QUARTER
        edges.append(date(edges[-1].year + months // 12, months % 12 + 1, 1))
    return list(pairwise(edges))
