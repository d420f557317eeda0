"""From files to a raw document, whatever its format."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from manyworks.errors import Issue
from manyworks.model.document import rules
from manyworks.model.document.cells import short
from manyworks.model.document.csv_text import read_csv
from manyworks.model.document.fields import HEADS, header_kinds
from manyworks.model.document.raw import LinePlaces, RawDocument, RawRow, RawTable
from manyworks.model.document.text_file import decode, read_text
from manyworks.model.document.upgrades import KNOWN_PARTS, upgrade
from manyworks.model.document.yaml_text import YamlMap, read_yaml

MAIN_FILE = "network.yaml"


def read_raw(path: Path | str, *, instead: Mapping[Path, bytes] | None = None) -> RawDocument:
    """Read a folder, a ``.yaml``, ``.json`` or ``.xlsx`` file. Nothing is judged yet but the files themselves.

    ``instead`` gives contents to take in place of what YAML and CSV files hold.
    """
    path = Path(path)
    main = path / MAIN_FILE if path.is_dir() else path
    suffix = main.suffix.lower()
    if suffix in (".yaml", ".yml"):
        raw = _read_folder(main, instead or {})
    elif suffix == ".json":
        from manyworks.model.document.json_text import read_json_document

        raw = read_json_document(main)
    elif suffix in (".xlsx", ".xlsm"):
        from manyworks.model.document.workbook import read_workbook

        raw = read_workbook(main)
    else:
        raw = RawDocument(main, "folder", RawRow({}, LinePlaces(main.name, 0)))
        rule = rules.FILE_KIND if main.exists() else rules.FILE_MISSING
        message = "must be a folder, .yaml, .json or .xlsx" if main.exists() else "must exist"
        raw.issues.append(rule.issue("", message, found=main.name, place=main.name))
        raw.is_whole = False
    if not raw.issues:
        upgrade(raw)
    return raw


def read_tree(tree: Any, raw: RawDocument) -> None:
    """Sort the top of a YAML or JSON document into header, heads and tables of ``raw``."""
    file = raw.path.name
    if not isinstance(tree, dict):
        what = "nothing" if tree is None else short(tree)
        issue = rules.COLLECTION_TYPE.issue(
            "", "must be a mapping of field names", found=what, place=f"{file}:1", cure="Begin with `version: 1`."
        )
        raw.issues.append(issue)
        raw.is_whole = False
        return
    lines = getattr(tree, "lines", {})
    raw.header = RawRow({}, LinePlaces(file, 1, lines))
    for name, value in tree.items():
        place = LinePlaces(file, 0, lines).at(name)
        if name in header_kinds():
            raw.header.values[name] = value
        elif name in HEADS:
            _read_head(name, value, raw, place)
        elif name in KNOWN_PARTS:
            _read_collection(name, value, raw, place)
        else:
            raw.issues.append(unknown_part(name, place))


def unknown_part(name: str, place: str) -> Issue:
    """The issue of a part of the document that has an unknown name."""
    known = [*header_kinds(), *HEADS, *KNOWN_PARTS]
    return rules.COLLECTION_UNKNOWN.issue(
        short(name), "must be the name of a part of the document", place=place, cure=did_you_mean(name, known)
    )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A cure that names the nearest known word, or nothing when none is near."""
    names = list(known)
    guess = difflib.get_close_matches(word[:80], names, 1, 0.6)
    guess = guess or [name for name in names if word and name.startswith(f"{word}_")]
    return f"Did you mean {guess[0]}?" if guess else ""


def _read_folder(main: Path, instead: Mapping[Path, bytes]) -> RawDocument:
    raw = RawDocument(main, "folder", RawRow({}, LinePlaces(main.name, 0)), instead=instead)
    text = _text(main, main.name, raw)
    tree = None if text is None else read_yaml(text, main.name, raw.issues)
    raw.is_whole = tree is not None or not raw.issues
    if raw.is_whole:
        read_tree(tree, raw)
    return raw


def _read_head(name: str, value: Any, raw: RawDocument, place: str) -> None:
    if value is None:
        return
    if not isinstance(value, dict):
        issue = rules.COLLECTION_TYPE.issue(
            name, "must be a mapping of field names", found=short(value), place=place, cure="Write one field a line."
        )
        raw.issues.append(issue)
        return
    raw.heads[name] = _row(value, raw, place)


def _read_collection(name: str, value: Any, raw: RawDocument, place: str) -> None:
    if isinstance(value, dict) and "from" in value:
        raw.tables[name] = RawTable([], place)
        _read_from(name, value, raw, place)
    elif isinstance(value, list) or value is None:
        table = raw.tables[name] = RawTable([], place)
        for position, row in enumerate(value or ()):
            if isinstance(row, dict):
                table.rows.append(_row(row, raw, place))
            else:
                where = f"{name}[{position}]"
                message = "must be a row of named fields"
                raw.issues.append(rules.COLLECTION_TYPE.issue(where, message, found=short(row), place=place))
    else:
        message = "must be a list of rows or `from: FILE.csv`"
        raw.issues.append(rules.COLLECTION_TYPE.issue(name, message, found=short(value), place=place))


def _row(value: dict[str, Any], raw: RawDocument, place: str) -> RawRow:
    if isinstance(value, YamlMap):
        return RawRow(dict(value), LinePlaces(raw.path.name, value.line, value.lines))
    return RawRow(dict(value), LinePlaces(place, 0))


def _read_from(name: str, value: dict[str, Any], raw: RawDocument, place: str) -> None:
    file = value["from"]
    if isinstance(value, YamlMap):
        place = LinePlaces(raw.path.name, value.line, value.lines).at("from")
    for other in value.keys() - {"from"}:
        raw.issues.append(
            rules.FIELD_UNKNOWN.issue(name, "must hold nothing beside `from`", found=short(other), place=place)
        )
    if not isinstance(file, str) or not file.strip():
        raw.issues.append(rules.VALUE_TYPE.issue(f"{name}.from", "must be the name of a CSV file", place=place))
        return
    file = file.strip().replace("\\", "/")
    parts = PurePosixPath(file).parts
    if ".." in parts or file.startswith("/") or ":" in parts[0]:
        message = "must lie in the folder of the document"
        raw.issues.append(rules.FILE_OUTSIDE.issue(f"{name}.from", message, found=short(file), place=place))
        return
    path = raw.path.parent / file
    if not path.is_file():
        message = f"must be a file beside {raw.path.name}"
        folder = path.parent.iterdir() if path.parent.is_dir() else ()
        cure = did_you_mean(path.name, sorted(entry.name for entry in folder))
        raw.issues.append(rules.FILE_MISSING.issue(f"{name}.from", message, found=short(file), place=place, cure=cure))
        return
    raw.files[name] = file
    text = _text(path, file, raw)
    if text is not None:
        raw.tables[name] = read_csv(text, file, name, raw.issues)


def _text(path: Path, file: str, raw: RawDocument) -> str | None:
    if path in raw.instead:
        return decode(raw.instead[path], file, raw.issues)
    return read_text(path, file, raw.issues)
