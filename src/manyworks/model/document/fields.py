"""What each field of a record is: kind, unit, default, words and references, taken from its declaration."""

from __future__ import annotations

import types
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from manyworks.model.finance import Finance, Policy
from manyworks.model.network import Network, collections
from manyworks.model.record import Record, Ref

SCALARS = (bool, int, float, str, date, datetime, time)
HEADS: dict[str, type[Record]] = {"finance": Finance, "policy": Policy}
"""Parts of the document that are one record, not a list."""


@dataclass(frozen=True, kw_only=True)
class FieldKind:
    """One field of a record.

    ``base`` is the scalar type; ``container`` says whether the field holds one scalar, a list of them or a mapping of
    word to scalar. ``choices`` are the allowed words of a literal, ``refs`` the collections that an id points into.
    ``default`` is None also for a required field.
    """

    name: str
    base: type
    container: Literal["one", "list", "mapping"]
    is_optional: bool
    is_required: bool
    default: Any
    choices: tuple[str, ...]
    refs: tuple[str, ...]
    description: str

    @property
    def words(self) -> str:
        """The kind in words, for messages: ``a number``, ``a list of words``."""
        singular, plural = _WORDS[self.base]
        if self.container == "list":
            return f"a list of {plural}"
        return f"a mapping of word to {singular.partition(' ')[2]}" if self.container == "mapping" else singular


_WORDS: dict[type, tuple[str, str]] = {
    str: ("a text", "texts"),
    float: ("a number", "numbers"),
    int: ("a whole number", "whole numbers"),
    bool: ("true or false", "true or false"),
    date: ("a date such as 2027-03-31", "dates"),
    datetime: ("a time with its zone such as 2027-03-31T14:30Z", "times with their zone"),
    time: ("a time of day such as 14:30", "times of day"),
}


@cache
def field_kinds(record: type[Record]) -> dict[str, FieldKind]:
    """Every field of ``record`` by name, in order of declaration."""
    return {name: _kind(name, info) for name, info in record.model_fields.items()}


@cache
def header_kinds() -> dict[str, FieldKind]:
    """The fields of the document itself: version, name and note."""
    parts = {*collections(), *HEADS}
    return {name: _kind(name, info) for name, info in Network.model_fields.items() if name not in parts}


def _kind(name: str, info: FieldInfo) -> FieldKind:
    found = _Found()
    _walk(info.annotation, found)
    for item in info.metadata:
        _note(item, found)
    if found.base is None:
        raise TypeError(f"field {name} must be flat: a scalar, a list or a mapping of scalars")
    return FieldKind(
        name=name,
        base=found.base,
        container=found.container,
        is_optional=found.is_optional,
        is_required=info.is_required(),
        default=None if info.is_required() else info.get_default(call_default_factory=True),
        choices=found.choices,
        refs=found.refs,
        description=info.description or "",
    )


class _Found:
    def __init__(self) -> None:
        self.base: type | None = None
        self.container: Literal["one", "list", "mapping"] = "one"
        self.is_optional = False
        self.choices: tuple[str, ...] = ()
        self.refs: tuple[str, ...] = ()


def _walk(annotation: Any, found: _Found) -> None:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        _walk(arguments[0], found)
        for item in arguments[1:]:
            _note(item, found)
    elif origin in (Union, types.UnionType):
        found.is_optional = type(None) in arguments
        for part in arguments:
            if part is not type(None):
                _walk(part, found)
    elif origin is list:
        found.container = "list"
        _walk(arguments[0], found)
    elif origin is dict:
        found.container = "mapping"
        _walk(arguments[1], found)
    elif origin is Literal:
        found.base, found.choices = str, tuple(arguments)
    elif annotation in SCALARS:
        found.base = annotation


def _note(item: Any, found: _Found) -> None:
    if isinstance(item, Ref):
        found.refs = item.collections
