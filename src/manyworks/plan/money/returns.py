"""What a stream of money is worth: npv, internal rate of return, payback, funding need, annuity.

Pure functions. Amounts are money in constant currency, income positive; ``years`` are the moments of the amounts in
years from the start of the horizon; rates are real and a year (0.08 is 8 %). Formulas: Brealey, Myers and Allen,
*Principles of Corporate Finance*, chapters on present value and investment rules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

LOWEST_RATE, HIGHEST_RATE = -0.99, 100.0
"""Rates of return outside -99 % and 10,000 % a year are not looked for."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class InternalRate:
    """Every rate at which a stream of money is worth nothing, ascending.

    ``value`` is the one rate where there is exactly one; None where there is none or where there are several, because
    then no single rate says whether the stream is good. ``note`` says which it is, in a sentence.
    """

    rates: tuple[float, ...]
    note: str

    @property
    def value(self) -> float | None:
        """The rate, where there is exactly one."""
        return self.rates[0] if len(self.rates) == 1 else None

    @property
    def has_several(self) -> bool:
        """Whether the stream has more than one rate, so that none of them decides."""
        return len(self.rates) > 1

    def __str__(self) -> str:
        if self.value is not None:
            return f"{self.value:.1%}"
        return "none" if not self.rates else "several: " + ", ".join(f"{rate:.1%}" for rate in self.rates)


@dataclass(frozen=True, kw_only=True)
class PeakFunding:
    """The deepest point of the cumulative undiscounted cash: ``amount`` (0 or more), reached at ``years``."""

    amount: float
    years: float


def npv(rate: float, amounts: Sequence[float], years: Sequence[float]) -> float:
    """Present value at time 0 of ``amounts`` that fall due at ``years``.

    >>> round(npv(0.10, [-100, 60, 60], [0, 1, 2]), 6)  # -100 + 60 / 1.1 + 60 / 1.21
    4.132231
    """
    factors = (1 + rate) ** -np.asarray(years, dtype=np.float64)
    return float(np.asarray(amounts, dtype=np.float64) @ factors)


def irr(amounts: Sequence[float], years: Sequence[float]) -> InternalRate:
    """All real internal rates of return between -99 % and 10,000 % a year.

    With d = ln(1 + rate) the npv is a sum of exponentials, f(d) = sum c_i exp(-d t_i). After multiplying by
    exp(d t_0) its derivative has one term less, and by Rolle's theorem the roots of the derivative separate the roots
    of f. So all roots follow from those of ever shorter sums, one bisection between neighbours, and none is missed.

    >>> round(irr([-100, 60, 60], [0, 1, 2]).value, 6)
    0.130662
    >>> irr([-100, 230, -132], [0, 1, 2]).note  # the textbook stream with two answers
    '2 internal rates of return (10.0 %, 20.0 %): use the NPV'
    >>> irr([50, 60], [0, 1]).note
    'no internal rate of return: the cash flow never changes sign'
    """
    amounts_, years_ = _merged(amounts, years)
    if not _changes_sign(amounts_):
        return InternalRate(rates=(), note="no internal rate of return: the cash flow never changes sign")
    low, high = np.log1p(LOWEST_RATE), np.log1p(HIGHEST_RATE)
    rates = tuple(float(np.expm1(d)) for d in _roots(amounts_ / np.abs(amounts_).max(), years_, low, high))
    if not rates:
        return InternalRate(rates=(), note="no internal rate of return: the NPV has one sign at every rate")
    if len(rates) == 1:
        return InternalRate(rates=rates, note=f"one internal rate of return, {_percent(rates[0])}")
    listed = ", ".join(_percent(rate) for rate in rates)
    return InternalRate(rates=rates, note=f"{len(rates)} internal rates of return ({listed}): use the NPV")


def discounted_payback(present_values: Sequence[float], ends: Sequence[float]) -> float | None:
    """Years after which the cumulative present value is at least 0 and stays so; None where it never does.

    ``present_values`` are the discounted amounts of the periods, ``ends`` the ends of the periods in years; inside the
    period in which the sum turns, the amount is taken as even over time. A stream that is never negative pays at 0.

    >>> discounted_payback([-100, 50, 100], [1, 2, 3])
    2.5
    >>> discounted_payback([-100, 50], [1, 2]) is None
    True
    """
    sums = np.cumsum(np.asarray(present_values, dtype=np.float64))
    tolerance = 1e-9 * float(np.abs(present_values).sum()) if len(sums) else 0.0
    negative = np.flatnonzero(sums < -tolerance)
    if not len(negative):
        return 0.0
    last = int(negative[-1])
    if last + 1 == len(sums):
        return None
    share = -sums[last] / (sums[last + 1] - sums[last])
    return float(ends[last] + share * (ends[last + 1] - ends[last]))


def peak_funding(amounts: Sequence[float], ends: Sequence[float]) -> PeakFunding:
    """The most money that is tied up at the end of any period, undiscounted, and when.

    >>> peak_funding([-100, -50, 80, 90], [1, 2, 3, 4])
    PeakFunding(amount=150.0, years=2.0)
    """
    sums = np.cumsum(np.asarray(amounts, dtype=np.float64))
    if not len(sums) or sums.min() >= 0:
        return PeakFunding(amount=0.0, years=0.0)
    deepest = int(sums.argmin())
    return PeakFunding(amount=float(-sums[deepest]), years=float(ends[deepest]))


def annuity(present_value: float, rate: float, years: float) -> float:
    """Equal amount at the end of each of ``years`` years that is worth ``present_value`` today.

    >>> round(annuity(1000, 0.08, 10), 2)
    149.03
    >>> annuity(1000, 0, 10)
    100.0
    """
    if years <= 0:
        raise ValueError(f"annuity: years must be > 0, found {years}")
    return present_value / years if rate == 0 else present_value * rate / -np.expm1(-years * np.log1p(rate)).item()


def _percent(rate: float) -> str:
    return f"{100 * rate:.1f} %"


def _merged(amounts: Sequence[float], years: Sequence[float]) -> tuple[Floats, Floats]:
    """Amounts of equal moments added up, zeros left out, in order of time."""
    moments, inverse = np.unique(np.asarray(years, dtype=np.float64), return_inverse=True)
    sums = np.zeros(len(moments))
    np.add.at(sums, inverse, np.asarray(amounts, dtype=np.float64))
    kept = sums != 0
    return sums[kept], moments[kept]


def _changes_sign(amounts: Floats) -> bool:
    return bool((amounts > 0).any() and (amounts < 0).any())


def _roots(amounts: Floats, years: Floats, low: float, high: float) -> list[float]:
    """Roots of sum(amounts x exp(-d x years)) in [low, high], ascending."""
    if not _changes_sign(amounts):
        return []  # Descartes' rule of signs for exponential sums
    shifted = years - years[0]
    slopes = -amounts[1:] * shifted[1:]
    turning = _roots(slopes / np.abs(slopes).max(), shifted[1:], low, high)

    def value(d: float) -> float:
        return float(amounts @ np.exp(-d * shifted))

    def size(d: float) -> float:
        return float(np.abs(amounts) @ np.exp(-d * shifted))

    edges = [low, *turning, high]
    touching = [d for d in turning if abs(value(d)) <= 1e-13 * size(d)]
    crossing = [
        _bisect(value, left, right)
        for left, right in pairwise(edges)
        if left not in touching and right not in touching and value(left) * value(right) < 0
    ]
    return sorted(touching + crossing)


def _bisect(value: Callable[[float], float], left: float, right: float) -> float:
    """The root between two points of opposite sign, to the last bit."""
    sign = value(left) > 0
    while left < (middle := (left + right) / 2) < right:
        left, right = (middle, right) if (value(middle) > 0) == sign else (left, middle)
    return middle
