"""From a network to files: only what differs from the defaults, and all or nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from manyworks.errors import DocumentError, Issue
from manyworks.model.document import rules
from manyworks.model.document.cells import short, write_cell
from manyworks.model.document.csv_text import write_csv
from manyworks.model.document.fields import HEADS, FieldKind, field_kinds, header_kinds
from manyworks.model.document.scalars import unportable, write_number, write_scalar
from manyworks.model.network import Network, collections
from manyworks.model.record import Record

INLINE_ROWS = 8
"""Collections with more rows than this get a CSV file of their own."""

SCHEMA_FILE = "network.schema.json"

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_ ./()%+-]*", re.ASCII)
_RESERVED = frozenset(["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"])


def folder_files(network: Network, *, with_schema: bool) -> dict[str, str]:
    """File name to text of the folder form of ``network``."""
    files: dict[str, str] = {}
    lines = [f"# yaml-language-server: $schema=./{SCHEMA_FILE}"] if with_schema else []
    lines += _fields(network, header_kinds(), indent="", always=("version",))
    for name in HEADS:
        if fields := _fields(getattr(network, name), field_kinds(HEADS[name]), indent="  "):
            lines += ["", f"{name}:", *fields]
    for name, record in collections().items():
        rows: Sequence[Record] = getattr(network, name)
        if len(rows) > INLINE_ROWS:
            files[f"{name}.csv"] = csv_table(record, rows)
            lines += ["", f"{name}:", f"  from: {name}.csv"]
        elif rows:
            lines += ["", f"{name}:", *(line for row in rows for line in yaml_row(row))]
    if with_schema:
        from manyworks.model.document.schema import network_schema

        files[SCHEMA_FILE] = json.dumps(network_schema(), indent=1, ensure_ascii=False) + "\n"
    return {**files, "network.yaml": "\n".join(lines) + "\n"}


def csv_table(record: type[Record], rows: Sequence[Record]) -> str:
    """CSV text of records: required fields, and those in which any row differs from the default."""
    kinds = written_columns(record, rows)
    cells = ([flat_cell(kind, getattr(row, kind.name)) for kind in kinds] for row in rows)
    return write_csv([kind.name for kind in kinds], cells)


def written_columns(record: type[Record], rows: Sequence[Record]) -> list[FieldKind]:
    """Fields that must be written so that ``rows`` read back equal."""
    kinds = field_kinds(record).values()
    return [kind for kind in kinds if kind.is_required or any(getattr(row, kind.name) != kind.default for row in rows)]


def flat_cell(kind: FieldKind, value: Any) -> str:
    """Cell text; empty for a value that is the default, which an empty cell means."""
    return "" if not kind.is_required and value == kind.default else write_cell(kind, value)


def plain_data(network: Network) -> dict[str, Any]:
    """The network as JSON data: header, heads and collections, each with what differs from its defaults."""
    data = _plain_record(network, header_kinds(), always=("version",))
    for name in HEADS:
        if part := _plain_record(getattr(network, name), field_kinds(HEADS[name])):
            data[name] = part
    for name, record in collections().items():
        if rows := getattr(network, name):
            data[name] = [_plain_record(row, field_kinds(record)) for row in rows]
    return data


def refuse_unportable(network: Network) -> None:
    """Raise ``DocumentError`` for texts that not every format can keep, and times without a zone."""
    issues: list[Issue] = []
    _find_unportable("", network, header_kinds(), issues)
    for name in HEADS:
        _find_unportable(f"{name}.", getattr(network, name), field_kinds(HEADS[name]), issues)
    for name, position, row in network.rows():
        _find_unportable(f"{name}[{position}].", row, field_kinds(type(row)), issues)
    if issues:
        raise DocumentError(issues)


def _find_unportable(prefix: str, record: Record, kinds: dict[str, FieldKind], issues: list[Issue]) -> None:
    for name, kind in kinds.items():
        value = getattr(record, name)
        if value == kind.default or (kind.base in (int, float, bool) and kind.container != "mapping"):
            continue
        for scalar in _scalars(value):
            if isinstance(scalar, str) and not scalar.isprintable() and unportable(scalar):
                message = "must not hold control characters"
                issues.append(rules.VALUE_TEXT.issue(f"{prefix}{name}", message, found=short(scalar)))
            elif getattr(scalar, "hour", None) is not None and hasattr(scalar, "day") and scalar.tzinfo is None:
                message = "must be a time with its zone"
                issues.append(rules.VALUE_TYPE.issue(f"{prefix}{name}", message, found=short(scalar)))


def _scalars(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else [value]


def _plain_record(record: Record, kinds: dict[str, FieldKind], always: tuple[str, ...] = ()) -> dict[str, Any]:
    return {name: _plain(getattr(record, name)) for name in _differing(record, kinds, always)}


def _differing(record: Record, kinds: dict[str, FieldKind], always: tuple[str, ...] = ()) -> list[str]:
    return [
        name
        for name, kind in kinds.items()
        if kind.is_required or name in always or getattr(record, name) != kind.default
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    return write_scalar(value)


def yaml_row(record: Record) -> list[str]:
    """Lines of one row of an inline collection."""
    lines = _fields(record, field_kinds(type(record)), indent="    ") or ["    {}"]
    return [f"  - {lines[0].strip()}", *lines[1:]]


def _fields(record: Record, kinds: dict[str, FieldKind], indent: str, always: tuple[str, ...] = ()) -> list[str]:
    return [f"{indent}{name}: {yaml_value(getattr(record, name))}" for name in _differing(record, kinds, always)]


def yaml_value(value: Any) -> str:
    """A value in flow style, quoted wherever any version of YAML could read something else."""
    if value is None:
        return "null"
    if isinstance(value, list):
        return f"[{', '.join(yaml_value(entry) for entry in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_text(key)}: {yaml_value(entry)}' for key, entry in value.items())}}}"
    if isinstance(value, bool | int):
        return write_scalar(value)
    if isinstance(value, float):
        return write_number(value)
    if hasattr(value, "hour"):
        return json.dumps(value.isoformat())
    return value.isoformat() if hasattr(value, "isoformat") else _text(value)


def _text(text: str) -> str:
    is_plain = _PLAIN.fullmatch(text) and text.strip() == text and text.lower() not in _RESERVED
    if is_plain and " #" not in text and "  " not in text:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return re.sub("[\x85\u2028\u2029\ufeff]", lambda found: f"\\u{ord(found[0]):04x}", quoted)
