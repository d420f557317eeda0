"""Money as people read it: decimal cents that add up, and short words for large amounts."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")


def cents(amount: float) -> Decimal:
    """The amount in whole cents, half to even.

    >>> cents(2.675)  # the float is a hair below
    Decimal('2.67')
    """
    return Decimal(amount).quantize(CENT, rounding=ROUND_HALF_EVEN)


def residual(parts: Iterable[Decimal], whole: Decimal) -> Decimal:
    """What rounding each part took from, or gave to, the whole.

    >>> residual([cents(1 / 3)] * 3, cents(1))
    Decimal('0.01')
    """
    return whole - sum(parts, Decimal(0))


def short_money(amount: float, currency: str) -> str:
    """Three or four figures with a word for the size.

    >>> short_money(-12_345_678, "USD")
    '-USD 12.3 million'
    >>> short_money(4_321, "EUR")
    'EUR 4,321'
    >>> short_money(0.0, "USD")
    'USD 0'
    """
    sign = "-" if amount < 0 and round(abs(amount)) > 0 else ""
    size = abs(amount)
    for limit, unit, word in ((999.5e6, 1e9, " billion"), (999.5e3, 1e6, " million")):
        if size >= limit:
            return f"{sign}{currency} {size / unit:,.{_decimals(size / unit)}f}{word}"
    return f"{sign}{currency} {size:,.0f}"


def _decimals(value: float) -> int:
    return 2 if value < 10 else 1 if value < 1000 else 0
