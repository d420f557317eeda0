"""Small helpers that several parts share: money columns on one scale, durations, counts."""

from __future__ import annotations

from collections.abc import Iterable

from manyworks.render.numbers import money_unit, number, scale_of
from manyworks.render.table import Column, amount

MONTHS_PER_YEAR = 12
TEN = 9.95
MILLIONS_FROM, ONE_DECIMAL_FROM = 1e7, 1e8


def money_column(title: str, values: Iterable[float], currency: str) -> Column:
    """A column of money in whole units or in millions, whichever suits the largest of ``values``.

    Billions stay in millions, so that a difference between two of them still shows.
    """
    largest = max((abs(value) for value in values if value == value), default=0.0)
    if largest < MILLIONS_FROM:
        return amount(title, currency, decimals=0)
    return amount(title, money_unit(currency, "M"), 1e6, 1 if largest >= ONE_DECIMAL_FROM else 2)


def fine_money(value: float) -> str:
    """Millions and more with two decimals, as `107.13 M`: rivals of a large network must not look alike."""
    divisor, word = scale_of(value)
    return f"{number(value / divisor, 2)}\u00a0{word}" if word else number(value)


def duration(years: float) -> str:
    """`4.25` as `4.3 years`, less than a year in months."""
    if years < 1:
        return count(round(years * MONTHS_PER_YEAR), "month")
    return f"{number(years, 0 if float(years).is_integer() else 1)} {'year' if years == 1 else 'years'}"


def count(value: float, one: str, many: str = "") -> str:
    """`1 line`, `2 lines`, `1,200 lines`."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def days(value: float) -> str:
    """`1.4 days`; ten and more without a point."""
    return f"{number(value, 1 if value < TEN else 0)} days"


def listed(words: list[str], most: int = 4) -> str:
    """`a, b and c`, or `Reno, NV; Salem, OR and c` where a name has a comma; beyond ``most`` the rest is counted."""
    comma = "; " if any("," in word for word in words) else ", "
    if len(words) > most:
        return f"{comma.join(words[: most - 1])} and {len(words) - most + 1} more"
    return words[0] if len(words) == 1 else f"{comma.join(words[:-1])} and {words[-1]}"
