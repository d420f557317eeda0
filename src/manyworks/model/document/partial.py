"""The part of a faulty document that could be read, so that its other faults are said at the same time."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from manyworks.errors import Issue
from manyworks.model.document.raw import RawDocument, RawRow
from manyworks.model.document.validation import build_parts
from manyworks.model.finance import Finance, Policy
from manyworks.model.network import Network, collections
from manyworks.model.record import ID_PATTERN


@dataclass(frozen=True, kw_only=True)
class ReadablePart:
    """A network of the sound rows.

    ``unread`` are the collections with rows that are not in it, each with the ids of these, None where an id could not
    be read; ``kept`` the positions of the sound rows in the document; ``heads`` of finance and policy those stated.
    """

    network: Network
    unread: dict[str, frozenset[str] | None]
    kept: dict[str, list[int]]
    heads: frozenset[str]


def readable_part(raw: RawDocument) -> ReadablePart:
    """The rows that are sound one by one; where a whole file or table cannot be read, no id of any table is certain."""
    parts, rows = build_parts(raw, [])
    is_whole = not any(issue.severity == "error" for issue in raw.issues)
    heads = {"finance": Finance(start=date(2000, 1, 1)), "policy": Policy()}
    stated = frozenset(name for name in heads if parts.get(name) is not None)
    sound: dict[str, Any] = {name: [row for row in found if row is not None] for name, found in rows.items()}
    unread = {name: _ids(raw, name, found) for name, found in rows.items() if None in found}
    return ReadablePart(
        network=Network(name="", **heads | {name: parts[name] for name in stated} | sound),
        unread=unread if is_whole else dict.fromkeys(collections()),
        kept={name: [p for p, row in enumerate(found) if row is not None] for name, found in rows.items()},
        heads=stated,
    )


def further_issues(raw: RawDocument) -> list[Issue]:
    """What the rules find among the sound rows of a document that is already known to be faulty."""
    from manyworks.model.checks import check_rows

    if not raw.is_whole:
        return []
    part = readable_part(raw)
    issues = [_moved(issue, part.kept) for issue in check_rows(part.network, part.unread)]
    absent = {"finance", "policy"} - part.heads
    return [issue for issue in issues if issue.path.partition(".")[0] not in absent]


def _ids(raw: RawDocument, name: str, found: list[Any]) -> frozenset[str] | None:
    """Ids of the rows that could not be read; None when one of them has no id, or one that is malformed."""
    rows: list[RawRow] = [row for row, record in zip(raw.tables[name].rows, found, strict=True) if record is None]
    ids = [row.values.get("id") for row in rows]
    is_readable = all(isinstance(word, str) and re.match(ID_PATTERN, word) for word in ids)
    return frozenset(map(str, ids)) if is_readable else None


def _moved(issue: Issue, kept: dict[str, list[int]]) -> Issue:
    """The issue with the position that its row has in the document."""
    match = re.fullmatch(r"(\w+)\[(\d+)\](.*)", issue.path)
    if match is None:
        return issue
    return replace(issue, path=f"{match[1]}[{kept[match[1]][int(match[2])]}]{match[3]}")
