"""The JSON form of a document: one object with the same names as ``network.yaml``, everything inline."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed leaves it out
from pathlib import Path
from typing import Any

from manyworks.errors import Issue
from manyworks.model.checks.registry import Rule
from manyworks.model.document import rules
from manyworks.model.document.cells import short
from manyworks.model.document.raw import LinePlaces, RawDocument, RawRow
from manyworks.model.document.text_file import read_text
from manyworks.model.document.yaml_text import MAX_DEPTH, YamlList, YamlMap

_SPACE = re.compile(r"[ \t\r\n]*")
_WORD = re.compile(r"true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?", re.ASCII)
_SCALARS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


class _Stop(Exception):  # noqa: N818 - a jump out of the loop, not an error
    def __init__(self, message: str, position: int, rule: Rule = rules.JSON_SYNTAX) -> None:
        super().__init__(message)
        self.message, self.position, self.rule = message, position, rule


def read_json_document(path: Path) -> RawDocument:
    """Read a ``.json`` document; every value keeps its line."""
    from manyworks.model.document.reader import read_tree

    raw = RawDocument(path, "json", RawRow({}, LinePlaces(path.name, 0)))
    text = read_text(path, path.name, raw.issues)
    tree = None if text is None else read_json(text, path.name, raw.issues)
    raw.is_whole = tree is not None or not raw.issues
    if raw.is_whole:
        read_tree(tree, raw)
    return raw


def read_json(text: str, file: str, issues: list[Issue]) -> Any:
    """Nested mappings and lists that know their lines, or None with issues. Unquoted scalars stay as written."""
    reader = _Reader(text, file, issues)
    try:
        value, position = reader.value(0, 0)
        if reader.skip(position) < len(text):
            raise _Stop("must end after its one value", position)
    except _Stop as stop:
        issues.append(stop.rule.issue("", stop.message, place=reader.place(stop.position)))
        return None
    except JSONDecodeError as fault:
        message = f"must be JSON: {fault.msg[:1].lower()}{fault.msg[1:]}"
        issues.append(rules.JSON_SYNTAX.issue("", message, place=reader.place(fault.pos)))
        return None
    return value


class _Reader:
    """Recursive descent; the depth is bounded long before the stack of the interpreter is."""

    def __init__(self, text: str, file: str, issues: list[Issue]) -> None:
        self.text, self.file, self.issues = text, file, issues
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def line(self, position: int) -> int:
        return bisect_right(self.starts, position)

    def place(self, position: int) -> str:
        return f"{self.file}:{self.line(position)}"

    def skip(self, position: int) -> int:
        found = _SPACE.match(self.text, position)
        return found.end() if found else position

    def value(self, position: int, depth: int) -> tuple[Any, int]:
        """The value that begins at or after ``position``, and where it ends."""
        position = self.skip(position)
        sign = self.text[position : position + 1]
        if sign == '"':
            text, end = scanstring(self.text, position + 1, True)
            return text, end
        if sign in ("{", "["):
            if depth >= MAX_DEPTH:
                raise _Stop(f"must not nest deeper than {MAX_DEPTH} levels", position, rules.YAML_SIZE)
            return self._mapping(position, depth) if sign == "{" else self._list(position, depth)
        word = _WORD.match(self.text, position)
        if word is None:
            raise _Stop("must be JSON: a value is missing", position)
        return _SCALARS.get(word[0], word[0]), word.end()

    def _list(self, position: int, depth: int) -> tuple[YamlList, int]:
        found = YamlList(self.line(position))
        for start in self._entries(position, "]"):
            value, self.end = self.value(start, depth + 1)
            found.append(value)
        return found, self.end

    def _mapping(self, position: int, depth: int) -> tuple[YamlMap, int]:
        found = YamlMap(self.line(position))
        for start in self._entries(position, "}"):
            if self.text[start : start + 1] != '"':
                raise _Stop("must be JSON: keys are texts in double quotes", start)
            key, end = scanstring(self.text, start + 1, True)
            end = self.skip(end)
            if self.text[end : end + 1] != ":":
                raise _Stop("must be JSON: a colon is missing", end)
            value, self.end = self.value(end + 1, depth + 1)
            self._put(found, key, value, start)
        return found, self.end

    def _entries(self, position: int, closing: str) -> Iterator[int]:
        """Where each entry of a collection begins; ``self.end`` is where the caller's entry, then the whole, ended."""
        start = self.skip(position + 1)
        if self.text[start : start + 1] == closing:
            self.end = start + 1
            return
        while True:
            yield start
            end = self.skip(self.end)
            sign = self.text[end : end + 1]
            if sign == closing:
                self.end = end + 1
                return
            if sign != ",":
                raise _Stop(f"must be JSON: a comma or {closing} is missing", end)
            start = self.skip(end + 1)

    def _put(self, found: YamlMap, key: str, value: Any, position: int) -> None:
        if key in found.lines:
            message = f"must occur once, and stands already on line {found.lines[key]}"
            place = self.place(position)
            self.issues.append(rules.YAML_DUPLICATE_KEY.issue("", message, found=short(key), place=place))
        else:
            found[key] = value
            found.lines[key] = self.line(position)
