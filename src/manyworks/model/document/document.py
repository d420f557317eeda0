"""A document on disk: read, judged, and able to say where each of its values stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from manyworks.errors import DocumentError, Issue, VersionError
from manyworks.model.document import rules
from manyworks.model.document.paths import place_of
from manyworks.model.document.raw import Format, RawDocument
from manyworks.model.document.reader import MAIN_FILE, read_raw
from manyworks.model.document.validation import build_network
from manyworks.model.network import Network, collections


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
        """The network and everything that was found, by file and line; no network when there is an error."""
        network, issues = build_network(self.raw)
        if network is not None:
            from manyworks.model.checks import check_network

            issues += [self.located(issue) for issue in check_network(network)]
        else:
            from manyworks.model.document.partial import further_issues

            issues += [self.located(issue) for issue in further_issues(self.raw)]
        issues += unused_files(self.raw)
        if any(issue.severity == "error" for issue in issues):
            network = None
        return network, sorted_issues(issues)

    def located(self, issue: Issue) -> Issue:
        """The issue with the place of its path on disk."""
        return issue if issue.place else replace(issue, place=self.place(issue.path))

    def place(self, path: str) -> str:
        """File and line, or cell, of ``sites.lyon.wage_per_h``, ``bill[3].material`` or ``finance.start``."""
        return place_of(path, self.raw)


def read_document(path: Path | str) -> Document:
    """Read a folder, ``.yaml``, ``.json`` or ``.xlsx``; never raises for what it finds there."""
    return Document(read_raw(path))


def load_network(path: Path | str) -> Network:
    """The network written at ``path``: a folder with ``network.yaml``, or a ``.yaml``, ``.json`` or ``.xlsx`` file.

    Raises
    ------
    DocumentError
        Anything is wrong; ``issues`` lists every fault at once, grouped by file, with place, found and cure.
        Warnings neither raise nor are among them: see ``read_document(path).validate()``.
    """
    network, issues = read_document(path).validate()
    if network is None:
        is_version = any(issue.rule == rules.VERSION_UNKNOWN.id for issue in issues)
        raise (VersionError if is_version else DocumentError)(faults_of(issues), where=str(path))
    return network


def faults_of(issues: list[Issue]) -> list[Issue]:
    """The errors among ``issues``, grouped by file, in order of lines."""
    return [issue for issue in sorted_issues(issues) if issue.severity == "error"]


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


def _place_key(issue: Issue) -> tuple[str, str, int, str]:
    head, separator, number = issue.place.rpartition(":")
    if separator and number.isdecimal():
        return head, "", int(number), issue.path
    file, _, cell = issue.place.partition("!")
    sheet, _, address = cell.partition("!")
    row = re.sub(r"\D", "", address)
    return file, sheet, int(row or 0), issue.path
