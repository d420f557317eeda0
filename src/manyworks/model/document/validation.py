"""From a raw document to a network, with every fault at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from manyworks.errors import Issue
from manyworks.model.checks.registry import Rule
from manyworks.model.document import rules
from manyworks.model.document.cells import ABSENT, read_cell, read_value, short
from manyworks.model.document.fields import HEADS, FieldKind, field_kinds, header_kinds
from manyworks.model.document.raw import RawDocument, RawRow, RawTable
from manyworks.model.document.reader import did_you_mean
from manyworks.model.document.scalars import CellFault
from manyworks.model.document.units import unit_of
from manyworks.model.network import Network, collections
from manyworks.model.record import ID_PATTERN, Record


def build_network(raw: RawDocument) -> tuple[Network | None, list[Issue]]:
    """The network, or None when an issue is an error. References and rules between records are not judged here."""
    issues = list(raw.issues)
    if not raw.is_whole:
        return None, issues
    parts, rows = build_parts(raw, issues)
    if any(issue.severity == "error" for issue in issues):
        return None, issues
    whole: dict[str, Any] = parts | rows
    return Network(**whole), issues


def build_parts(raw: RawDocument, issues: list[Issue]) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Header and heads, and the rows of each collection, None for what cannot be read; faults go to ``issues``."""
    currency = _currency(raw)
    parts: dict[str, Any] = _header(raw, issues)
    for name, record in HEADS.items():
        row = raw.heads.get(name) or RawRow({}, raw.header.places)
        parts[name] = _record(name, record, row, issues, currency)
    rows: dict[str, list[Any]] = {}
    for name, record in collections().items():
        if table := raw.tables.get(name):
            _drop_unknown_columns(name, record, table, issues)
            rows[name] = list(_records(name, record, table.rows, issues, currency))
    return parts, rows


def row_path(collection: str, position: int, row: RawRow) -> str:
    """How a row is called: ``sites.lyon``, or ``bill[3]`` in a collection without ids or where the id is unusable."""
    name = row.values.get("id") if has_unique_ids(collection) else None
    is_usable = isinstance(name, str) and re.match(ID_PATTERN, name)
    return f"{collection}.{name}" if is_usable else f"{collection}[{position}]"


@cache
def has_unique_ids(collection: str) -> bool:
    """Whether records of ``collection`` are called by their id; parts of a line or template are not."""
    kinds = field_kinds(collections()[collection])
    return "id" in kinds and next(iter(kinds)) == "id"


def _currency(raw: RawDocument) -> str:
    stated = raw.heads["finance"].values.get("currency") if "finance" in raw.heads else None
    return stated if isinstance(stated, str) and re.fullmatch("[A-Z]{3}", stated) else "USD"


def _header(raw: RawDocument, issues: list[Issue]) -> dict[str, Any]:
    faulty: set[str] = set()
    values = _converted(header_kinds(), raw.header, faulty, issues)
    if "name" not in values and "name" not in faulty:
        issues.append(rules.FIELD_MISSING.issue("name", "must be stated", place=raw.header.places.at("name")))
    return values


def _records(
    collection: str, record: type[Record], rows: list[RawRow], issues: list[Issue], currency: str
) -> Iterator[Record | None]:
    for position, row in enumerate(rows):
        yield _record("", record, row, issues, currency, collection=collection, position=position)


def _drop_unknown_columns(collection: str, record: type[Record], table: RawTable, issues: list[Issue]) -> None:
    """One issue for an unknown column, not one for each of its cells; an empty column without a name is let pass."""
    kinds = field_kinds(record)
    unknown = (
        [name for name in table.rows[0].values if name not in kinds] if table.rows and table.rows[0].is_flat else []
    )
    for name in unknown:
        cells = [row.values.pop(name, None) for row in table.rows]
        if name or any(cell not in (None, "") for cell in cells):
            cure = _field_cure(name, kinds)
            path = f"{collection}.{short(name)}"
            issue = rules.FIELD_UNKNOWN.issue(path, "must be a known column", place=table.place, cure=cure)
            issues.append(issue)


def _record(
    path: str,
    record: type[Record],
    row: RawRow,
    issues: list[Issue],
    currency: str,
    *,
    collection: str = "",
    position: int = 0,
) -> Record | None:
    """One record, or None with issues for everything that is wrong with it."""
    faulty: set[str] = set()
    found: list[Issue] = []
    values = _converted(field_kinds(record), row, faulty, found)
    result = None
    try:
        result = record.model_validate(values)
    except ValidationError as fault:
        details = fault.errors(include_url=False)
        found += [_issue(record, row, detail, currency) for detail in details if detail["loc"][:1][0] not in faulty]
    if found:
        where = path or row_path(collection, position, row)
        issues += [_under(issue, where) for issue in found]
        return None
    return result


def _converted(kinds: dict[str, FieldKind], row: RawRow, faulty: set[str], issues: list[Issue]) -> dict[str, Any]:
    """Values of a row by the kind of their field; fields that cannot be converted go to ``faulty``."""
    read = read_cell if row.is_flat else read_value
    values: dict[str, Any] = {}
    for name, written in row.values.items():
        kind = kinds.get(name)
        if kind is None:
            if not (row.is_flat and written == ""):
                cure = _field_cure(name, kinds)
                place = row.places.at(name)
                issues.append(rules.FIELD_UNKNOWN.issue(short(name), "must be a known field", place=place, cure=cure))
            continue
        try:
            value = read(kind, written)
        except CellFault as fault:
            faulty.add(name)
            place = row.places.at(name)
            issues.append(fault.rule.issue(name, fault.message, found=short(written), place=place, cure=fault.cure))
        else:
            if value is not ABSENT:
                values[name] = value
    return values


def _field_cure(name: str, kinds: dict[str, FieldKind]) -> str:
    if name.strip().isdecimal():
        return "A comma separates fields here: write numbers with a decimal point."
    if name == "<<":
        return "Merge keys are no part of YAML 1.2: write the fields out."
    return did_you_mean(name, kinds)


def _under(issue: Issue, where: str) -> Issue:
    return replace(issue, path=f"{where}.{issue.path}" if issue.path else where)


def _issue(record: type[Record], row: RawRow, detail: ErrorDetails, currency: str) -> Issue:
    """A pydantic error in the words of this document."""
    name = str(detail["loc"][0])
    kind = field_kinds(record)[name]
    entry = "".join(f"[{part}]" for part in detail["loc"][1:])
    rule, message, cure = _words(kind, detail, unit_of(name, currency))
    found = "" if detail["type"] == "missing" else short(detail["input"])
    return rule.issue(f"{name}{entry}", message, found=found, place=row.places.at(name), cure=cure)


_FORMS = {
    r"^[A-Z]{2}$": "be two capital letters, such as US",
    r"^[A-Z]{3}$": "be three capital letters, such as USD",
    r"^\d{4}(-Q[1-4]|-\d{2})?$": "be a year, quarter or month, such as 2027, 2027-Q3 or 2027-08",
}
"""Patterns of codes in words."""

_BOUNDS = {"greater_than": ">", "greater_than_equal": "≥", "less_than": "<", "less_than_equal": "≤"}
_BOUND_KEYS = {"greater_than": "gt", "greater_than_equal": "ge", "less_than": "lt", "less_than_equal": "le"}


def _words(kind: FieldKind, detail: ErrorDetails, unit: str) -> tuple[Rule, str, str]:
    """Rule, message and special cure of a pydantic error."""
    type_, context = detail["type"], detail.get("ctx", {})
    if type_ == "missing":
        return rules.FIELD_MISSING, "must be stated", _hint(kind)
    if type_ in _BOUNDS:
        bound = short(context[_BOUND_KEYS[type_]])
        return rules.VALUE_RANGE, f"must be {_BOUNDS[type_]} {bound} {_spoken(unit)}".rstrip(), _hint(kind)
    if type_ in ("too_short", "too_long"):
        least = context.get("min_length", 0)
        words = f"at least {least}" if type_ == "too_short" else f"at most {context.get('max_length')}"
        return rules.VALUE_RANGE, f"must have {words} entr{'y' if words.endswith(' 1') else 'ies'}", _hint(kind)
    if type_ == "literal_error":
        allowed = [word or '""' for word in kind.choices]
        cure = did_you_mean(str(detail["input"]), kind.choices)
        return rules.WORD_UNKNOWN, f"must be one of {', '.join(allowed)}", cure
    if type_ == "string_pattern_mismatch":
        if context["pattern"] == ID_PATTERN:
            return rules.ID_PATTERN, "must be a plain lower-case id", _id_cure(str(detail["input"]))
        form = _FORMS.get(context["pattern"], f"match {context['pattern']}")
        return rules.TEXT_PATTERN, f"must {form}", _hint(kind)
    return rules.VALUE_WRONG, detail["msg"][:1].lower() + detail["msg"][1:], _hint(kind)


def _spoken(unit: str) -> str:
    return f"per {unit[2:]}" if unit.startswith("1/") else unit


def _hint(kind: FieldKind) -> str:
    return f"Meaning: {kind.description}" if kind.description else ""


def _id_cure(text: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:41]
    plain = plain if plain[:1].isalpha() else f"x{plain}"[:41]
    return f"Write {plain}, say, and put the full text into `name`."
