"""YAML by the rules of version 1.2, read from parser events so that every value keeps its line.

Unquoted scalars stay text (``null``, ``~`` and nothing are None): which of them are numbers, dates or words is decided
by the field that they are for. Nesting and aliases are bounded, keys occur once, tags are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from manyworks.errors import Issue
from manyworks.model.checks.registry import Rule
from manyworks.model.document import rules
from manyworks.model.document.cells import short

MAX_DEPTH = 12
MAX_ALIASED = 100_000
"""Nodes that aliases may repeat, all together."""

_NULL = frozenset({"", "~", "null", "Null", "NULL"})


class YamlMap(dict[str, Any]):
    """A mapping that knows its first line and the line of every key, from 1."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class YamlList(list[Any]):
    """A list that knows its first line."""

    __slots__ = ("line",)

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


@dataclass(slots=True)
class _Open:
    """A collection that is being read: what it is, the key that waits for its value, its size, its anchor."""

    value: YamlMap | YamlList
    key: str | None = None
    size: int = 1
    anchor: str | None = None
    seen_twice: bool = False


@dataclass
class _Reading:
    file: str
    issues: list[Issue]
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    aliased: int = 0
    root: Any = None
    documents: int = 0


class _Stop(Exception):  # noqa: N818 - a jump out of the loop, not an error
    """Nothing further can be read."""


def read_yaml(text: str, file: str, issues: list[Issue]) -> Any:
    """The one document in ``text``: nested ``YamlMap``, ``YamlList``, text and None. Faults are added to ``issues``."""
    import yaml

    bad = re.search("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        issues.append(
            rules.VALUE_TEXT.issue("", "must not hold control characters", found=short(bad[0]), place=f"{file}:{line}")
        )
        return None
    parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    reading = _Reading(file, issues)
    try:
        _run(parser, reading)
    except yaml.YAMLError as fault:
        issues.append(_syntax_issue(fault, text, file))
        return None
    except _Stop:
        return None
    finally:
        parser.dispose()
    return reading.root


def _run(parser: Any, reading: _Reading) -> None:
    """Follow the events; tested by type in order of frequency, because a large document has a million of them."""
    from yaml import events

    scalar, map_start, map_end = events.ScalarEvent, events.MappingStartEvent, events.MappingEndEvent
    list_start, list_end, alias = events.SequenceStartEvent, events.SequenceEndEvent, events.AliasEvent
    stack, get_event = reading.stack, parser.get_event
    while True:
        event = get_event()
        kind = type(event)
        if kind is scalar:
            value = event.value
            if event.tag is not None or event.anchor is not None:
                _check_tag(reading, event)
                if event.anchor is not None:
                    reading.anchors[event.anchor] = (value, 1)
            if not event.style and value in _NULL:
                value = None
            _add(reading, value, event.start_mark.line + 1, 1)
        elif kind is map_start or kind is list_start:
            _check_tag(reading, event)
            _open(reading, event, kind is map_start)
        elif kind is map_end or kind is list_end:
            closed = stack.pop()
            if closed.anchor is not None:
                reading.anchors[closed.anchor] = (closed.value, closed.size)
            _add(reading, closed.value, closed.value.line, closed.size)
        elif kind is alias:
            _alias(reading, event)
        elif kind is events.DocumentStartEvent:
            _count_document(reading, event)
        elif kind is events.StreamEndEvent:
            return


def _add(reading: _Reading, value: Any, line: int, size: int) -> None:
    stack = reading.stack
    if not stack:
        reading.root = value
        return
    top = stack[-1]
    top.size += size
    target = top.value
    if isinstance(target, YamlList):
        target.append(value)
    elif top.key is None:
        top.key = _key(reading, value, line, target)
        if top.key in target.lines:
            first = target.lines[top.key]
            reading.issues.append(
                rules.YAML_DUPLICATE_KEY.issue(
                    "", f"must occur once, and stands already on line {first}", found=short(top.key),
                    place=f"{reading.file}:{line}",
                )
            )  # fmt: skip
            top.seen_twice = True
        else:
            target.lines[top.key] = line
    else:
        if not top.seen_twice:
            target[top.key] = value
        top.key, top.seen_twice = None, False


def _key(reading: _Reading, value: Any, line: int, target: Any) -> str:
    if isinstance(value, str):
        return value
    issue = rules.YAML_SYNTAX.issue("", "must have words as keys", found=short(value), place=f"{reading.file}:{line}")
    reading.issues.append(issue)
    return f"(key on line {line}, {len(target.lines)})"


def _open(reading: _Reading, event: Any, is_map: bool) -> None:
    line = event.start_mark.line + 1
    if len(reading.stack) >= MAX_DEPTH:
        _stop(reading, rules.YAML_SIZE, f"must not nest deeper than {MAX_DEPTH} levels", line)
    value = YamlMap(line) if is_map else YamlList(line)
    reading.stack.append(_Open(value, anchor=event.anchor))


def _alias(reading: _Reading, event: Any) -> None:
    line = event.start_mark.line + 1
    if event.anchor not in reading.anchors:
        _stop(
            reading,
            rules.YAML_SYNTAX,
            f"must refer to an anchor that is written before it, found *{event.anchor}",
            line,
        )
    value, size = reading.anchors[event.anchor]
    reading.aliased += size
    if reading.aliased > MAX_ALIASED:
        _stop(reading, rules.YAML_SIZE, f"must not repeat more than {MAX_ALIASED:,} values by aliases", line)
    _add(reading, value, line, size)


def _check_tag(reading: _Reading, event: Any) -> None:
    if event.tag is not None and event.tag != "!":
        place = f"{reading.file}:{event.start_mark.line + 1}"
        reading.issues.append(rules.YAML_TAG.issue("", "must not carry a tag", found=short(event.tag), place=place))


def _count_document(reading: _Reading, event: Any) -> None:
    reading.documents += 1
    if reading.documents > 1:
        _stop(reading, rules.YAML_SYNTAX, "must hold one document, not several", event.start_mark.line + 1)


def _stop(reading: _Reading, rule: Rule, message: str, line: int) -> None:
    reading.issues.append(rule.issue("", message, place=f"{reading.file}:{line}"))
    raise _Stop


def _syntax_issue(fault: Any, text: str, file: str) -> Issue:
    mark = getattr(fault, "problem_mark", None) or getattr(fault, "context_mark", None)
    words = "; ".join(part for part in (getattr(fault, "context", None), getattr(fault, "problem", None)) if part)
    place = f"{file}:{mark.line + 1}" if mark else file
    column = f" (column {mark.column + 1})" if mark else ""
    line = text.split("\n")[mark.line] if mark and mark.line <= text.count("\n") else ""
    cure = "Indent with spaces, not tabs." if "\t" in line[: len(line) - len(line.lstrip())] else ""
    return rules.YAML_SYNTAX.issue("", f"must be YAML: {words or 'unreadable'}{column}", place=place, cure=cure)
