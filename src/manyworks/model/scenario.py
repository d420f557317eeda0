"""Named changes against the base document."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from manyworks.errors import UsageError
from manyworks.model.finance import Change
from manyworks.model.network import Network, collections

HEADS = ("finance", "policy")


def apply_scenario(network: Network, scenario: str) -> Network:
    """The network as ``scenario`` changes it.

    Raises
    ------
    UsageError
        There is no such scenario, or one of its changes matches nothing or gives an illegal value.
    """
    known = [row.id for row in network.scenarios]
    if scenario not in known:
        guess = difflib.get_close_matches(scenario, known, 1)
        cure = f"Did you mean {guess[0]!r}?" if guess else f"Known scenarios: {', '.join(known) or 'none'}."
        raise UsageError("must be the id of a scenario", where="scenarios", found=scenario, cure=cure)
    return apply_changes(network, [change for change in network.changes if change.scenario == scenario])


def apply_changes(network: Network, changes: Iterable[Change]) -> Network:
    """The network after each change in turn; the original is left as it is."""
    data = network.model_dump()
    for change in changes:
        targets = matching_fields(data, change.path)
        if not targets:
            raise UsageError(
                "must match a field of a record",
                where=f"changes.{change.path}",
                found="nothing",
                cure=_near(data, change.path),
            )
        for record, field in targets:
            record[field] = _changed(record[field], change)
    return _validated(data)


def change_from_words(text: str, scenario: str = "command_line") -> Change:
    """Read ``path=value``, ``path*=factor`` or ``path+=amount`` as a change."""
    path, sign, value = text.partition("=")
    operation = {"*": "scale", "+": "add"}.get(path[-1:], "set")
    path = path.rstrip("*+ ").strip() if operation != "set" else path.strip()
    if not sign or not path:
        raise UsageError(
            "must be path=value, path*=factor or path+=amount",
            where="--set",
            found=text,
            cure="Example: --set 'sites.*.wage_per_h*=1.2'",
        )
    return Change.model_validate({"scenario": scenario, "path": path, "operation": operation, "value": value.strip()})


def matching_fields(data: dict[str, Any], path: str) -> list[tuple[dict[str, Any], str]]:
    """Records and field that ``collection.id.field`` (``*`` for any id) or ``finance.field`` means in dumped data."""
    parts = path.split(".")
    if len(parts) == 2 and parts[0] in HEADS:
        return [(data[parts[0]], parts[1])] if parts[1] in data[parts[0]] else []
    if len(parts) != 3 or parts[0] not in collections():
        return []
    collection, wanted, field = parts
    rows = [row for row in data[collection] if field in row and _is_named(row, wanted)]
    return [(row, field) for row in rows]


def _is_named(row: dict[str, Any], wanted: str) -> bool:
    if "*" not in wanted:
        return row.get("id") == wanted
    head, _, tail = wanted.partition("*")
    name = str(row.get("id", ""))
    return name.startswith(head) and name.endswith(tail) and len(name) >= len(head) + len(tail)


def _changed(old: Any, change: Change) -> Any:
    if change.operation == "set":
        return _same_kind(old, change.value)
    if isinstance(old, bool) or not isinstance(old, int | float):
        raise UsageError(
            f"must be a number to {change.operation} it",
            where=f"changes.{change.path}",
            found=repr(old),
            cure="Use operation: set.",
        )
    try:
        amount = float(change.value)
    except ValueError:
        raise UsageError(
            "must have a number as value", where=f"changes.{change.path}", found=change.value, cure="Write 1.2."
        ) from None
    new = old * amount if change.operation == "scale" else old + amount
    return round(new) if isinstance(old, int) and new == round(new) else new


def _same_kind(old: Any, value: str) -> Any:
    """A word read as the kind of thing that it replaces; pydantic judges the rest."""
    if value == "":
        return [] if isinstance(old, list) else None
    if isinstance(old, list) or (old is None and ";" in value):
        return [part.strip() for part in value.split(";") if part.strip()]
    return value


def _validated(data: dict[str, Any]) -> Network:
    try:
        return Network.model_validate(data)
    except ValidationError as fault:
        first = fault.errors()[0]
        what = first["msg"].replace("Input should be", "must be")
        where = ".".join(_called(data, first["loc"]))
        raise UsageError(
            what, where=where, found=repr(first.get("input")), cure="Change it to a legal value."
        ) from None


def _called(data: dict[str, Any], loc: tuple[int | str, ...]) -> list[str]:
    """The place of a fault as a path of the document: records by their ids."""
    words = [str(part) for part in loc]
    if len(loc) > 1 and isinstance(loc[1], int):
        words[1] = str(data[words[0]][loc[1]].get("id") or loc[1])
    return words


def _near(data: dict[str, Any], path: str) -> str:
    """The nearest collection, id or field to the part of ``path`` that names nothing."""
    how = "Write collection.id.field, finance.field or policy.field; * stands for any id."
    head, *rest = path.split(".")
    if head not in data or not isinstance(data[head], dict | list):
        word, known = head, [*HEADS, *collections()]
    elif isinstance(data[head], dict):
        word, known = rest[0] if rest else "", list(data[head])
    else:
        fields = collections()[head].model_fields
        ids = [str(row.get("id", "")) for row in data[head]]
        is_field_known = len(rest) > 1 and rest[-1] in fields
        word, known = (rest[0], ids) if is_field_known else (rest[-1] if rest else "", list(fields))
    guess = difflib.get_close_matches(word, known, 1) or [
        name for name in known if word and name.startswith(f"{word}_")
    ]
    return f"Did you mean {guess[0]}? {how}" if guess else how
