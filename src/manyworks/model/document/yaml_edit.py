"""Change one value of a YAML text and leave every other character, comments included, as it is."""

from __future__ import annotations

from typing import Any

from manyworks.errors import UsageError


def set_yaml_value(text: str, keys: list[str | int], value: str) -> str:
    """``text`` with ``value`` (YAML in flow style) at ``keys``, the way from the top of the document.

    A field or a part that is not written yet is added; ``keys`` then leads through mappings only.
    """
    import yaml

    node: Any = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    key_node: Any = None
    for depth, key in enumerate(keys):
        key_node, child = (None, node.value[key]) if isinstance(key, int) else _child(node, key)
        if child is None:
            return _inserted(text, node, [str(key) for key in keys[depth:]], value)
        node = child
    start, end = node.start_mark.index, _content_end(node)
    if start == end or (node.id != "scalar" and not node.flow_style):
        return _beside_key(text, key_node, end, value)
    if text[start:end].endswith("\n"):  # a block scalar ends with its line
        value += "\n"
    return f"{text[:start]}{value}{text[end:]}"


def _beside_key(text: str, key: Any, end: int, value: str) -> str:
    """``value`` on the line of its key, in place of nothing or of the block under it; a remark on that line stays."""
    colon = text.index(":", key.end_mark.index) + 1
    line_end = text.find("\n", colon)
    line_end = len(text) if line_end < 0 else line_end
    return f"{text[:colon]} {value}{text[colon:line_end]}{text[max(line_end, end) :]}"


def _content_end(node: Any) -> int:
    """Where the last character of the node is written; the marks of a block reach over the remarks that follow it."""
    while node.id != "scalar" and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return int(node.end_mark.index)


def _child(node: Any, key: str) -> tuple[Any, Any]:
    """Key and value of the entry ``key`` of a mapping; None twice when there is none."""
    if getattr(node, "id", "") != "mapping":
        raise UsageError("has no fields", where=key, cure="Write it as a mapping of field names first.")
    return next(((name, child) for name, child in node.value if name.value == key), (None, None))


def _inserted(text: str, node: Any, keys: list[str], value: str) -> str:
    """A new entry of the mapping ``node``; several keys nest."""
    for key in reversed(keys[1:]):
        value = f"{{{key}: {value}}}"
    entry = f"{keys[0]}: {value}"
    if node.flow_style:
        end = node.end_mark.index - 1
        before = text[node.start_mark.index + 1 : end].rstrip()
        comma = "" if not before or before.endswith(",") else ", "
        return f"{text[:end].rstrip() if comma else text[:end]}{comma}{entry}{text[end:]}"
    first_key, first_value = node.value[0]
    indent = " " * first_key.start_mark.column
    if first_value.start_mark.line == first_key.start_mark.line == _last_line(first_value):
        cut = text.find("\n", first_value.end_mark.index)
        cut = len(text) if cut < 0 else cut
        return f"{text[:cut]}\n{indent}{entry}{text[cut:]}"
    start = first_key.start_mark.index
    return f"{text[:start]}{entry}\n{indent}{text[start:]}"


def _last_line(node: Any) -> int:
    """Line of the last character; the end of a block scalar or an empty value is the start of a later line."""
    end = node.end_mark
    return int(end.line if end.column or not node.value else end.line - 1)
