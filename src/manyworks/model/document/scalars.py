"""One scalar: from what is written to a number, a date or a text, and back. Nothing is guessed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, NoReturn

from manyworks.model.checks.registry import Rule
from manyworks.model.document import rules

NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", re.ASCII)
MAX_INT = 2**63 - 1
_GROUPED = re.compile(r"[-+]?\d{1,3}([,.' _\u00a0\u202f]\d{3})+([.,]\d+)?", re.ASCII)
_COMMA = re.compile(r"[-+]?\d*,\d+", re.ASCII)
_WITH_UNIT = re.compile(r"\s*([-+]?[\d.]+)\s*(%|[^\d\s.,;:eE+-][^\d]*)", re.ASCII)
_MONEY_FIRST = re.compile(r"[$€£¥]\s*([-+]?[\d.]+)", re.ASCII)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_UNPORTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


class CellFault(Exception):  # noqa: N818 - it becomes an issue
    """A value that cannot be what its field needs; carries the broken rule and the words."""

    def __init__(self, rule: Rule, message: str, cure: str = "") -> None:
        super().__init__(message)
        self.rule, self.message, self.cure = rule, message, cure


def write_scalar(value: Any) -> str:
    """Text of one scalar: ISO dates, ``true`` and ``false``, the shortest number that reads back the same."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return write_number(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def write_number(value: float) -> str:
    """Shortest text that reads back as the same float; whole numbers without ``.0``."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def unportable(text: str) -> bool:
    """Whether the text holds a character that one of the formats cannot keep."""
    return _UNPORTABLE.search(text) is not None


def as_text(value: Any) -> str:
    """Text of a scalar, without blanks around it; raises for control characters."""
    text: str = value if isinstance(value, str) else write_scalar(value)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable() and unportable(text):
        raise CellFault(rules.VALUE_TEXT, "must not hold control characters")
    return text.strip()


def _as_float(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value) if not isinstance(value, int) or abs(value) <= 10**300 else math.inf
    elif isinstance(value, str) and NUMBER.fullmatch(text := value.strip()):
        number = float(text)
    else:
        return _no_number(value, "a number")
    if not math.isfinite(number):
        raise CellFault(rules.VALUE_TYPE, "must be a finite number")
    return number


def _as_int(value: Any) -> int:
    if isinstance(value, str) and value.lstrip("+-").isdecimal() and value.isascii() and len(value) < 20:
        number = int(value)
    else:
        as_float = _as_float(value)
        number = int(as_float)
        if number != as_float:
            raise CellFault(rules.VALUE_TYPE, "must be a whole number", f"Write {round(as_float)}.")
    if abs(number) > MAX_INT:
        raise CellFault(rules.VALUE_TYPE, "must be a whole number of at most 18 digits")
    return number


def _no_number(value: Any, words: str) -> NoReturn:
    text = value.strip() if isinstance(value, str) else ""
    if _GROUPED.fullmatch(text):
        plain = re.sub(r"[^\d.,+-]", "", text)
        if _COMMA.fullmatch(plain):
            comma = plain.replace(",", ".")
            cure = f"Write {plain.replace(',', '')} if the comma separates thousands, {comma} if it is a decimal comma."
        elif "," in plain and "." in plain and plain.rindex(",") > plain.rindex("."):
            cure = f"Write {plain.replace('.', '').replace(',', '.')}."
        else:
            cure = f"Write {plain.replace(',', '')}."
        raise CellFault(rules.VALUE_NUMBER_FORMAT, "must have nothing between its thousands", cure)
    if _COMMA.fullmatch(text):
        cure = f"Write {text.replace(',', '.')}."
        raise CellFault(rules.VALUE_NUMBER_FORMAT, "must have a decimal point, not a decimal comma", cure)
    if unit := _WITH_UNIT.fullmatch(text) or _MONEY_FIRST.fullmatch(text):
        raise CellFault(rules.VALUE_NUMBER_FORMAT, "must be a number without unit or sign", _without_unit(unit))
    raise CellFault(rules.VALUE_TYPE, f"must be {words}")


def _without_unit(found: re.Match[str]) -> str:
    number = found[1]
    if found.re is _WITH_UNIT and found[2] == "%" and NUMBER.fullmatch(number):
        return f"Write {write_number(round(float(number) / 100, 12))}: shares are fractions of one."
    return f"Write {number}; the unit is in the field's name."


def _as_bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    words = {"true": True, "false": False}
    found = words.get(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        says_yes = str(value).strip().lower() in ("yes", "y", "on", "1", "1.0", "wahr", "vrai")
        raise CellFault(rules.VALUE_TYPE, "must be true or false", f"Write {'true' if says_yes else 'true or false'}.")
    return found


def _as_date(value: Any) -> date:
    if isinstance(value, datetime):
        if value.time() == time(0):
            return value.date()
    elif isinstance(value, date):
        return value
    elif isinstance(value, str) and _ISO_DATE.fullmatch(value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            raise CellFault(rules.VALUE_TYPE, "must be a day of the calendar", "Correct month and day.") from None
    raise CellFault(rules.VALUE_TYPE, "must be a date", "Write it as year-month-day, such as 2027-03-31.")


def _as_time(value: Any) -> time:
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(value.strip()) if isinstance(value, str) and ":" in value else _no_time()
    except ValueError:
        return _no_time()


def _no_time() -> NoReturn:
    raise CellFault(rules.VALUE_TYPE, "must be a time of day", "Write hours and minutes, such as 06:30.")


def _as_datetime(value: Any) -> datetime:
    cure = "Write it with its zone, such as 2027-03-31T14:30Z or 2027-03-31T14:30+02:00."
    try:
        found = datetime.fromisoformat(value.strip()) if isinstance(value, str) and "-" in value else value
    except ValueError:
        found = None
    if not isinstance(found, datetime):
        raise CellFault(rules.VALUE_TYPE, "must be a date and time", cure)
    if found.tzinfo is None:
        raise CellFault(rules.VALUE_TYPE, "must be a time with its zone", cure)
    return found


READERS: dict[type, Callable[[Any], Any]] = {
    str: as_text,
    float: _as_float,
    int: _as_int,
    bool: _as_bool,
    date: _as_date,
    time: _as_time,
    datetime: _as_datetime,
}
"""How each kind of scalar is read."""
