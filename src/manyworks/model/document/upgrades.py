"""From older versions of the document to the present one, on rows that nobody has judged yet.

``UPGRADES[n]`` turns a document of version n into one of version n + 1. Old names stay readable for ever; a new
version is one function more, never a change of an old one.
"""

from __future__ import annotations

from collections.abc import Callable

from manyworks.model.document import rules
from manyworks.model.document.cells import short
from manyworks.model.document.raw import RawDocument, RawRow
from manyworks.model.document.scalars import NUMBER
from manyworks.model.network import DOCUMENT_VERSION, collections

RENAMED_IN_1 = {"plants": "sites", "customers": "markets"}
"""Collections whose name changed from version 0 to version 1."""

KNOWN_PARTS: tuple[str, ...] = (*collections(), *RENAMED_IN_1)
"""Collections of this and of all older versions."""


def upgrade(raw: RawDocument) -> None:
    """Bring ``raw`` to the present version, step by step. An unknown version is an issue."""
    version = _version(raw)
    if version is None:
        return
    raw.is_old = version < DOCUMENT_VERSION
    for step in range(version, DOCUMENT_VERSION):
        UPGRADES[step](raw)
    raw.header.values["version"] = str(DOCUMENT_VERSION)
    for name in RENAMED_IN_1.keys() & raw.tables.keys():
        table = raw.tables.pop(name)
        message = f"is called {RENAMED_IN_1[name]} since version 1"
        cure = f"Rename it, or state `version: 0`. Did you mean {RENAMED_IN_1[name]}?"
        raw.issues.append(rules.COLLECTION_UNKNOWN.issue(name, message, place=table.place, cure=cure))


def _version(raw: RawDocument) -> int | None:
    """The stated version; a document that states none is of the present one."""
    stated = raw.header.values.get("version")
    text = "" if stated is None else str(stated).strip()
    if not text:
        return DOCUMENT_VERSION
    place = raw.header.places.at("version")
    if not NUMBER.fullmatch(text) or not float(text).is_integer():
        issue = rules.VERSION_UNKNOWN.issue(
            "version", "must be a whole number", found=short(stated), place=place, cure=f"Write {DOCUMENT_VERSION}."
        )
    elif not 0 <= float(text) <= DOCUMENT_VERSION:
        message = f"must be 0 to {DOCUMENT_VERSION}"
        issue = rules.VERSION_UNKNOWN.issue("version", message, found=short(stated), place=place)
    else:
        return int(float(text))
    raw.issues.append(issue)
    return None


def _from_0_to_1(raw: RawDocument) -> None:
    """Plants became sites and customers markets; ``kind: remote`` is no field any more, ``wage`` is per hour."""
    for old, new in RENAMED_IN_1.items():
        if old in raw.tables:
            raw.tables[new] = raw.tables.pop(old)
            if old in raw.files:
                raw.files[new] = raw.files.pop(old)
    for row in raw.tables["sites"].rows if "sites" in raw.tables else ():
        _rename(row, "wage", "wage_per_h")


def _rename(row: RawRow, old: str, new: str) -> None:
    if old in row.values and new not in row.values:
        row.values[new] = row.values.pop(old)


UPGRADES: dict[int, Callable[[RawDocument], None]] = {0: _from_0_to_1}
