"""A document on disk: read, judged, and able to say where each of its values stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from manyworks.errors import DocumentError, Issue, VersionError
from manyworks.model.document import rules
from manyworks.model.document.raw import Format, RawDocument, RawRow
from manyworks.model.document.reader import MAIN_FILE, read_raw
from manyworks.model.document.validation import build_network, has_unique_ids
from manyworks.model.network import Network, collections

_PATH = re.compile(r"(?P<part>\w+)(\[(?P<position>\d+)\])?(\.(?P<rest>.*))?", re.DOTALL)


@dataclass(frozen=True)
class Document:
    """What was read from ``path``; ``issues`` are the faults of the files themselves."""

    raw: RawDocument

    @property
    def path(self) -> Path:
        """The main file."""
        return self.raw.path

    @property
    def format(self) -> Format:
        """``folder`` (YAML and CSV), ``workbook`` or ``json``."""
        return self.raw.format

    @property
    def issues(self) -> list[Issue]:
        """Faults of the files, before any value is judged."""
        return list(self.raw.issues)

    def validate(self) -> tuple[Network | None, list[Issue]]:
        """The network and everything that was found, errors and warnings; no network when there is an error."""
        network, issues = build_network(self.raw)
        if network is not None:
            from manyworks.model.checks import check_network

            issues += [self.located(issue) for issue in check_network(network)]
        issues += unused_files(self.raw)
        if any(issue.severity == "error" for issue in issues):
            network = None
        return network, issues

    def located(self, issue: Issue) -> Issue:
        """The issue with the place of its path on disk."""
        return issue if issue.place else replace(issue, place=self.place(issue.path))

    def place(self, path: str) -> str:
        """File and line, or cell, of ``sites.lyon.wage_per_h``, ``bill[3].material`` or ``finance.start``."""
        match = _PATH.fullmatch(path)
        if match is None:
            return self.raw.path.name
        part, rest = match["part"], match["rest"] or ""
        if part in self.raw.heads:
            return self.raw.heads[part].places.at(_first(rest))
        if part not in self.raw.tables:
            return self.raw.header.places.at(part)
        if match["position"] is not None:
            row = self._row_at(part, int(match["position"]))
            return row.places.at(_first(rest)) if row else self.raw.tables[part].place
        name, _, field = rest.partition(".")
        row = self._row_named(part, name)
        return row.places.at(_first(field)) if row else self.raw.tables[part].place

    def _row_at(self, collection: str, position: int) -> RawRow | None:
        rows = self.raw.tables[collection].rows
        return rows[position] if position < len(rows) else None

    def _row_named(self, collection: str, id: str) -> RawRow | None:
        """The last row with this id: of two equal ids the later one is the fault."""
        if id.isdecimal():
            return self._row_at(collection, int(id))
        rows = self.raw.tables[collection].rows
        return next((row for row in reversed(rows) if row.values.get("id") == id), None) if id else None


def read_document(path: Path | str) -> Document:
    """Read a folder, ``.yaml``, ``.json`` or ``.xlsx``; never raises for what it finds there."""
    return Document(read_raw(path))


def load_network(path: Path | str) -> Network:
    """The network written at ``path``: a folder with ``network.yaml``, or a ``.yaml``, ``.json`` or ``.xlsx`` file.

    Raises
    ------
    DocumentError
        Anything is wrong; ``issues`` lists everything at once, grouped by file, with place, found and cure.
        Warnings alone do not raise: see ``read_document(path).validate()``.
    """
    network, issues = read_document(path).validate()
    if network is None:
        is_version = any(issue.rule == rules.VERSION_UNKNOWN.id for issue in issues)
        raise (VersionError if is_version else DocumentError)(sorted_issues(issues), where=str(path))
    return network


def sorted_issues(issues: list[Issue]) -> list[Issue]:
    """Issues grouped by file, in order of lines."""
    return sorted(issues, key=_place_key)


def unused_files(raw: RawDocument) -> list[Issue]:
    """A warning for each CSV file that is named like a collection and lies unread beside ``network.yaml``."""
    if raw.format != "folder" or raw.path.name != MAIN_FILE or not raw.path.is_file():
        return []
    used = set(raw.files.values())
    names = (f"{collection}.csv" for collection in collections())
    return [
        rules.FILE_UNUSED.issue(
            name.removesuffix(".csv"),
            f"{name} lies in the folder and is not read",
            place=raw.path.name,
            cure=f"Write `{name.removesuffix('.csv')}: {{from: {name}}}`, or rename the file.",
        )
        for name in names
        if name not in used and (raw.path.parent / name).is_file()
    ]


def _first(rest: str) -> str:
    return re.split(r"[.\[]", rest, maxsplit=1)[0]


def _place_key(issue: Issue) -> tuple[str, str, int, str]:
    head, separator, number = issue.place.rpartition(":")
    if separator and number.isdecimal():
        return head, "", int(number), issue.path
    file, _, cell = issue.place.partition("!")
    sheet, _, address = cell.partition("!")
    row = re.sub(r"\D", "", address)
    return file, sheet, int(row or 0), issue.path


__all__ = ["Document", "has_unique_ids", "load_network", "read_document", "sorted_issues"]
