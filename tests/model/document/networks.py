"""Random networks that are valid record by record, and small written documents."""

from __future__ import annotations

import string
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any, get_args

import hypothesis.strategies as st
from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import StringConstraints

from manyworks.model.document.fields import FieldKind, field_kinds
from manyworks.model.document.scalars import unportable
from manyworks.model.finance import Finance, Policy
from manyworks.model.network import Network, collections
from manyworks.model.record import ID_PATTERN, Record

TRICKY = [
    "=1+1", "+4", "-x", "@SUM(A1)", "007", "0", "1e5", "14:30", "NO", "no", "on", "Yes", "true", "false",
    "null", "~", "None", "nan", "inf", ".5", "1_000", "0x1F", "0o17", "2027-01-01", "2027", "1,5", "a;b",
    "a=b", "a,b", "\\", "\\;", "a\\", "\"", "\"\"", "\\\"\"", "#x", "\\#x", "# no remark", "[]", "{}", "[a]",
    "{a: b}", "- a", "a: b", "a #b", "x:", "*", "&a", "!t", "%", "@", "`", "|", ">", "'", "''", "it's",
    "a\nb", "a\tb", "über", "日本", "😀", "\u2028", "\u0085a\u0085b", "a\ufeffb", "http://x/y", "_x0041_",
    "_x000D_", "1.0", "1E+02", "TRUE", "#N/A", "=", "---", "...", "<<", "12:00:00", "a  b",
]  # fmt: skip

texts = st.one_of(
    st.sampled_from(TRICKY),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.text(string.ascii_letters + " ;=\\\"#'\n,", max_size=8),
).filter(lambda text: not unportable(text)).map(lambda text: text.strip())  # fmt: skip
zones = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8))])
scalars: dict[type, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    date: st.dates(),
    time: st.times(),
    datetime: st.datetimes(timezones=zones).filter(lambda moment: 1 < moment.year < 9999),
}
PATTERNS = {
    ID_PATTERN: st.from_regex(r"\A[a-z][a-z0-9_]{0,8}\Z"),
    r"^[A-Z]{2}$": st.sampled_from(["US", "NO", "DE"]),
    r"^[A-Z]{3}$": st.sampled_from(["USD", "EUR"]),
    r"^\d{4}(-Q[1-4]|-\d{2})?$": st.sampled_from(["2027", "2027-Q3", "2027-08"]),
}


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Two short collections, sometimes a long one (that gets a file of its own), and the two heads."""
    names = sorted(collections())
    few = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
    parts: dict[str, Any] = {name: draw(st.lists(cached_records(collections()[name]), max_size=2)) for name in few}
    if draw(st.booleans()):
        name = draw(st.sampled_from(names))
        row = st.lists(cached_records(collections()[name]), min_size=2, max_size=2)
        parts[name] = draw(row) * 5
    heads = {"finance": draw(cached_records(Finance)), "policy": draw(cached_records(Policy))}
    return Network(name=draw(texts), note=draw(texts), **heads, **parts)


@cache
def cached_records(record: type[Record]) -> st.SearchStrategy[Any]:
    """One strategy per record, because building one is slow."""
    return records(record)


def records(record: type[Record]) -> st.SearchStrategy[Any]:
    required, optional = {}, {}
    for name, kind in field_kinds(record).items():
        (required if kind.is_required else optional)[name] = _values(record, kind)
    return st.fixed_dictionaries(required, optional=optional).map(record.model_validate)


def _values(record: type[Record], kind: FieldKind) -> st.SearchStrategy[Any]:
    constraints = list(_constraints(record.model_fields[kind.name]))
    scalar = _scalar(kind, constraints)
    if kind.container == "list":
        least = max((item.min_length for item in constraints if isinstance(item, MinLen)), default=0)
        most = min((item.max_length for item in constraints if isinstance(item, MaxLen)), default=least + 3)
        return st.lists(scalar, min_size=least, max_size=most)
    if kind.container == "mapping":
        return st.dictionaries(texts, scalar, max_size=3)
    return st.none() | scalar if kind.is_optional else scalar


def _scalar(kind: FieldKind, constraints: list[Any]) -> st.SearchStrategy[Any]:
    if kind.choices:
        return st.sampled_from(kind.choices)
    if kind.base is str:
        pattern = next((item.pattern for item in constraints if isinstance(item, StringConstraints)), None)
        if pattern:
            return PATTERNS[pattern]
        return PATTERNS[ID_PATTERN] if kind.refs else texts
    if kind.base not in (int, float):
        return scalars[kind.base]
    low = max((item.ge for item in constraints if isinstance(item, Ge)), default=None)
    above = max((item.gt for item in constraints if isinstance(item, Gt)), default=None)
    high = min((item.le for item in constraints if isinstance(item, Le)), default=None)
    below = min((item.lt for item in constraints if isinstance(item, Lt)), default=None)
    if kind.base is int:
        return st.integers(low if low is not None else -(2**40), high if high is not None else 2**40)
    least = above if low is None else low if above is None else max(low, above)
    most = below if high is None else high if below is None else min(high, below)
    return st.floats(
        least, most, allow_nan=False, allow_infinity=False,
        exclude_min=above is not None and above == least, exclude_max=below is not None and below == most,
    )  # fmt: skip


def _constraints(item: Any) -> Any:
    """Every constraint of a field, however deep its annotation hides it."""
    for entry in getattr(item, "metadata", ()):
        yield from _flat(entry)
    todo = [getattr(item, "annotation", item)]
    while todo:
        here = todo.pop()
        for entry in getattr(here, "__metadata__", ()):
            yield from _flat(entry)
        todo += [argument for argument in get_args(here) if not isinstance(argument, str)]


def _flat(entry: Any) -> Any:
    if hasattr(entry, "metadata"):
        for inner in entry.metadata:
            yield from _flat(inner)
    else:
        yield entry


def write(folder: Path, **files: str) -> Path:
    """Files by name, in which ``_csv`` and ``_yaml`` at the end stand for the suffix."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        stem, _, suffix = name.rpartition("_")
        (folder / f"{stem}.{suffix}").write_text(text, encoding="utf-8", newline="")
    return folder
