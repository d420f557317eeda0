"""Numbers as people write them: few digits, thousands apart, a real minus sign, the unit beside them."""

from __future__ import annotations

import math

MINUS, SPACE = "−", "\u00a0"
"""A real minus sign, and a space at which no line breaks."""
SMALLEST = 0.005
STEPS = ((1e9, "bn"), (1e6, "M"))


def number(value: float, decimals: int = 0) -> str:
    """`1234.5` as `1,234` (or with ``decimals``); never `-0`."""
    text = f"{abs(value):,.{decimals}f}"
    return f"{MINUS}{text}" if value < 0 and float(text.replace(",", "")) != 0 else text


def significant(value: float, digits: int = 3) -> str:
    """``value`` with at least ``digits`` significant digits and no digit lost left of the point."""
    if value == 0:
        return "0"
    if not math.isfinite(value):
        return "–"
    magnitude = math.floor(math.log10(abs(float(f"{value:.{digits - 1}e}"))))  # 9.996 is written 10.0
    decimals = max(0, digits - 1 - magnitude)
    return number(value, decimals)


def compact(value: float, digits: int = 3) -> str:
    """`12_345_678` as `12.3 M`: millions (M), billions (bn); less than half a hundredth is 0."""
    if abs(value) < SMALLEST:
        return "0"
    divisor, word = scale_of(value)
    return f"{significant(value / divisor, digits)}{SPACE + word if word else ''}"


def money(value: float, currency: str = "USD", digits: int = 3) -> str:
    """`-4_200_000` as `−USD 4.20 M`; the code of the currency, because several countries write a dollar sign."""
    sign = MINUS if compact(value, digits).startswith(MINUS) else ""
    return f"{sign}{currency}{SPACE}{compact(abs(value), digits)}"


def signed(value: float, digits: int = 3) -> str:
    """`4_200_000` as `+4.20 M`: a difference."""
    return f"{'+' if value > 0 else ''}{compact(value, digits)}"


def cents(value: float, currency: str = "USD") -> str:
    """`-1234.5` as `−USD 1,234.50`."""
    sign = MINUS if number(value, 2).startswith(MINUS) else ""
    return f"{sign}{currency}{SPACE}{number(abs(value), 2)}"


def percent(share: float, decimals: int = 1) -> str:
    """`0.0734` as `7.3 %`."""
    return f"{number(100 * share, decimals)}{SPACE}%"


def scale_of(*values: float) -> tuple[float, str]:
    """Divisor and word that suit the largest of ``values``: `(1e6, "M")` for millions, `(1, "")` below a million."""
    largest = max((abs(value) for value in values), default=0)
    return next(((step, word) for step, word in STEPS if largest >= 0.9995 * step), (1.0, ""))


def money_unit(currency: str, word: str) -> str:
    """Unit of a column of money: `M USD`, `USD`."""
    return f"{word} {currency}".strip()
