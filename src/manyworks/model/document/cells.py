"""One value at a time: from what is written to what the field means, and back.

A *cell* is the text of a CSV or workbook cell: empty is absent, ``""`` an empty text, lists are joined by ``;``,
mappings are ``key=value;key=value``. Inside lists a backslash keeps ``;`` and ``=`` as they are; a cell that begins
with ``#`` or reads ``""`` is written with a backslash in front.
A *value* is what YAML or JSON hold: scalars, lists, mappings; unquoted YAML scalars arrive as their text, so that the
field, not the look of the text, decides what ``007``, ``NO`` or ``14:30`` is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, NoReturn

from manyworks.model.checks.registry import Rule
from manyworks.model.document import rules
from manyworks.model.document.fields import FieldKind

ABSENT: Any = object()
"""Nothing is written: the field takes its default."""

NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_MAX_INT = 2**63 - 1
_GROUPED = re.compile(r"[-+]?\d{1,3}([,.' _\u00a0\u202f]\d{3})+([.,]\d+)?", re.ASCII)
_COMMA = re.compile(r"[-+]?\d*,\d+", re.ASCII)
_WITH_UNIT = re.compile(r"\s*([-+]?[\d.]+)\s*(%|[^\d\s.,;:eE+-][^\d]*)", re.ASCII)
_MONEY_FIRST = re.compile(r"[$€£¥]\s*([-+]?[\d.]+)", re.ASCII)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_GUARDED = re.compile(r'\\+(""$|#)')
_MUST_GUARD = re.compile(r'\\*(""$|#)')
_UNPORTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LIST_ESCAPES = frozenset('\\;="[{#')


class CellFault(Exception):  # noqa: N818 - it becomes an issue
    """A value that cannot be what its field needs; carries the broken rule and the words."""

    def __init__(self, rule: Rule, message: str, cure: str = "") -> None:
        super().__init__(message)
        self.rule, self.message, self.cure = rule, message, cure


def read_cell(kind: FieldKind, cell: Any) -> Any:
    """Value of a flat cell, or ``ABSENT``; raises ``CellFault``."""
    if not isinstance(cell, str):
        return ABSENT if cell is None else read_value(kind, [cell] if kind.container == "list" else cell)
    if cell == "" or cell.isspace():
        return ABSENT
    if kind.container == "one":
        if kind.base is str:
            return _as_text(_unguarded(cell))
        text = cell.strip()
        return None if text == "null" and kind.is_optional else _SCALARS[kind.base](text)
    return _read_list(kind, cell.strip()) if kind.container == "list" else _read_mapping(kind, cell.strip())


def read_value(kind: FieldKind, value: Any) -> Any:
    """Value of a YAML or JSON node, or ``ABSENT``; raises ``CellFault``."""
    if value is None:
        return None if kind.is_optional else ABSENT
    read = _SCALARS[kind.base]
    if kind.container == "one":
        return read(value) if not isinstance(value, list | dict) else _wrong(kind, "Write one value.")
    if kind.container == "list":
        if not isinstance(value, list):
            _wrong(kind, f"Write [{short(value)}]." if not isinstance(value, dict) else "Write a list.")
        return [_entry(kind, entry, read) for entry in value]
    if not isinstance(value, dict):
        _wrong(kind, "Write {word: value}.")
    return {_as_text(key): _entry(kind, entry, read) for key, entry in value.items()}


def write_cell(kind: FieldKind, value: Any) -> str:
    """Flat text of a value such that ``read_cell`` gives it back; equal to the default may still be written."""
    if value is None:
        return "null" if kind.default is not None else ""
    if kind.container == "list":
        return ";".join(_escaped(write_scalar(entry)) for entry in value) if value else "[]"
    if kind.container == "mapping":
        pairs = (f"{_escaped(key)}={_escaped(write_scalar(entry))}" for key, entry in value.items())
        return ";".join(pairs) if value else "{}"
    return guarded(write_scalar(value))


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


def guarded(text: str) -> str:
    """Text of one cell: an empty text becomes ``""``, and what would be read otherwise gets a backslash."""
    if text == "":
        return '""'
    return f"\\{text}" if _MUST_GUARD.match(text) else text


def unportable(text: str) -> bool:
    """Whether the text holds a character that one of the formats cannot keep."""
    return _UNPORTABLE.search(text) is not None


def short(value: Any, width: int = 60) -> str:
    """The value in at most ``width`` characters, however large it is."""
    if isinstance(value, dict):
        return f"a mapping of {len(value)} keys"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)} entries"
    text = write_scalar(value) if not isinstance(value, int) or abs(value) <= _MAX_INT else "a huge number"
    text = text[: 2 * width].encode("utf-8", "backslashreplace").decode().replace("\n", "\\n")
    text = "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text)
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _unguarded(cell: str) -> str:
    text = cell.strip()
    if text == '""':
        return ""
    return text[1:] if text[0] == "\\" and _GUARDED.match(text) else text


def _entry(kind: FieldKind, entry: Any, read: Callable[[Any], Any]) -> Any:
    if entry is None or isinstance(entry, list | dict):
        _wrong(kind, "Write plain entries.")
    return read(entry)


def _wrong(kind: FieldKind, cure: str) -> NoReturn:
    raise CellFault(rules.VALUE_TYPE, f"must be {kind.words}", cure)


def _as_text(value: Any) -> str:
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
    if abs(number) > _MAX_INT:
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


_SCALARS: dict[type, Callable[[Any], Any]] = {
    str: _as_text,
    float: _as_float,
    int: _as_int,
    bool: _as_bool,
    date: _as_date,
    time: _as_time,
    datetime: _as_datetime,
}


def _read_list(kind: FieldKind, cell: str) -> list[Any]:
    if cell == "[]":
        return []
    read = _SCALARS[kind.base]
    return [read(_plain(piece)) for piece in _split(cell, ";") if piece.strip()]


def _read_mapping(kind: FieldKind, cell: str) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    for piece in [] if cell == "{}" else _split(cell, ";"):
        if not piece.strip():
            continue
        key, *rest = _split(piece, "=")
        if len(rest) != 1:
            _wrong(kind, "Write word=value, and put a semicolon between pairs.")
        name = _as_text(_plain(key))
        if name in pairs:
            raise CellFault(rules.VALUE_TYPE, f"must name {short(name)} once", "Remove one of the two.")
        pairs[name] = _SCALARS[kind.base](_plain(rest[0]))
    return pairs


def _escaped(text: str) -> str:
    if text == "":
        return '""'
    text = re.sub(r"[\\;=]", r"\\\g<0>", text)
    return f"\\{text}" if text[0] in '"[{#' else text


def _plain(piece: str) -> str:
    piece = piece.strip()
    if piece == '""':
        return ""
    return re.sub(r'\\([\\;="\[{#])', r"\1", piece)


def _split(text: str, separator: str) -> list[str]:
    if "\\" not in text:
        return text.split(separator)
    pieces, start, position = [], 0, 0
    while position < len(text):
        if text[position] == "\\" and text[position + 1 : position + 2] in _LIST_ESCAPES:
            position += 1
        elif text[position] == separator:
            pieces.append(text[start:position])
            start = position + 1
        position += 1
    return [*pieces, text[start:]]
