"""One value at a time: from what is written to what the field means, and back.

A *cell* is the text of a CSV or workbook cell: empty is absent, ``""`` an empty text, lists are joined by ``;``,
mappings are ``key=value;key=value``. Inside lists a backslash keeps ``;`` and ``=`` as they are; a cell that begins
with ``#`` or reads ``""`` is written with a backslash in front.
A *value* is what YAML or JSON hold: scalars, lists, mappings; unquoted YAML scalars arrive as their text, so that the
field, not the look of the text, decides what ``007``, ``NO`` or ``14:30`` is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NoReturn

from manyworks.model.document import rules
from manyworks.model.document.fields import FieldKind
from manyworks.model.document.scalars import MAX_INT, READERS, CellFault, as_text, write_scalar

ABSENT: Any = object()
"""Nothing is written: the field takes its default."""

_GUARDED = re.compile(r'\\+(""$|#)')
_MUST_GUARD = re.compile(r'\\*(""$|#)')
_LIST_ESCAPES = frozenset('\\;="[{#')


def read_cell(kind: FieldKind, cell: Any) -> Any:
    """Value of a flat cell, or ``ABSENT``; raises ``CellFault``."""
    if not isinstance(cell, str):
        return ABSENT if cell is None else read_value(kind, [cell] if kind.container == "list" else cell)
    if cell == "" or cell.isspace():
        return ABSENT
    if kind.container == "one":
        if kind.base is str:
            return as_text(_unguarded(cell))
        text = cell.strip()
        return None if text == "null" and kind.is_optional else READERS[kind.base](text)
    return _read_list(kind, cell.strip()) if kind.container == "list" else _read_mapping(kind, cell.strip())


def read_value(kind: FieldKind, value: Any) -> Any:
    """Value of a YAML or JSON node, or ``ABSENT``; raises ``CellFault``."""
    if value is None:
        return None if kind.is_optional else ABSENT
    read = READERS[kind.base]
    if kind.container == "one":
        return read(value) if not isinstance(value, list | dict) else _wrong(kind, "Write one value.")
    if kind.container == "list":
        if not isinstance(value, list):
            _wrong(kind, f"Write [{short(value)}]." if not isinstance(value, dict) else "Write a list.")
        return [_entry(kind, entry, read) for entry in value]
    if not isinstance(value, dict):
        _wrong(kind, "Write {word: value}.")
    return {as_text(key): _entry(kind, entry, read) for key, entry in value.items()}


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


def guarded(text: str) -> str:
    """Text of one cell: an empty text becomes ``""``, and what would be read otherwise gets a backslash."""
    if text == "":
        return '""'
    return f"\\{text}" if _MUST_GUARD.match(text) else text


def short(value: Any, width: int = 60) -> str:
    """The value in at most ``width`` characters, however large it is."""
    if isinstance(value, dict):
        return f"a mapping of {len(value)} keys"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)} entries"
    text = write_scalar(value) if not isinstance(value, int) or abs(value) <= MAX_INT else "a huge number"
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


def _read_list(kind: FieldKind, cell: str) -> list[Any]:
    if cell == "[]":
        return []
    read = READERS[kind.base]
    return [read(_plain(piece)) for piece in _split(cell, ";") if piece.strip()]


def _read_mapping(kind: FieldKind, cell: str) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    for piece in [] if cell == "{}" else _split(cell, ";"):
        if not piece.strip():
            continue
        key, *rest = _split(piece, "=")
        if len(rest) != 1:
            _wrong(kind, "Write word=value, and put a semicolon between pairs.")
        name = as_text(_plain(key))
        if name in pairs:
            raise CellFault(rules.VALUE_TYPE, f"must name {short(name)} once", "Remove one of the two.")
        pairs[name] = READERS[kind.base](_plain(rest[0]))
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
