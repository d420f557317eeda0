"""Ids that must name a record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from manyworks.model.checks.paths import at, did_you_mean, reference_fields, words
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.network import Network, collections
from manyworks.model.record import Record


@rule(
    "unknown-reference",
    "error",
    title="An id must name a record that exists",
    explanation="Records point at each other by id. An id that names nothing is mostly a misspelling, or the record "
    "was renamed or deleted.",
    cure="Write the id of an existing record, or add the missing one.",
    is_local=True,
)
def unknown_references(network: Network) -> Iterator[Finding]:
    """Ids in reference fields, also inside lists, that name no record."""
    ids = _Ids(network)
    for collection, kind in collections().items():
        fields = reference_fields(kind)
        rows = getattr(network, collection)
        for name, targets in fields if rows else ():
            known = ids.of(targets)
            for position, row in enumerate(rows):
                value = getattr(row, name)
                if value is not None and (
                    value not in known if isinstance(value, str) else not known.issuperset(value)
                ):
                    yield from _unknown(at(collection, position, row, name), value, known, targets)
    heads: dict[str, Record] = {"finance": network.finance, "policy": network.policy}
    for head, record in heads.items():
        for name, targets in reference_fields(type(record)):
            yield from _unknown(f"{head}.{name}", getattr(record, name), ids.of(targets), targets)


class _Ids:
    """Ids of each set of collections, gathered once."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._known: dict[tuple[str, ...], frozenset[str]] = {}

    def of(self, targets: tuple[str, ...]) -> frozenset[str]:
        if targets not in self._known:
            self._known[targets] = frozenset(row.id for name in targets for row in getattr(self._network, name))
        return self._known[targets]


def _unknown(path: str, value: Any, known: Iterable[str], targets: tuple[str, ...]) -> Iterator[Finding]:
    for word in words(value):
        if word not in known:
            yield Finding(
                path=path,
                message=f"must be an id of {' or '.join(targets)}",
                found=word,
                cure=did_you_mean(word, known),
            )


@rule(
    "unknown-water-material",
    "error",
    title="The policy's water must be a material",
    explanation="Reports show the water that sites take; ``policy.water_material`` names the material that is water.",
    cure="Write the id of a material, or leave it empty.",
)
def unknown_water(network: Network) -> Iterator[Finding]:
    """A water material that is none."""
    name, known = network.policy.water_material, [row.id for row in network.materials]
    if name and name not in known:
        yield Finding(
            path="policy.water_material",
            message="must be an id of materials",
            found=name,
            cure=did_you_mean(name, known),
        )


@rule(
    "unknown-equipment-kind",
    "warning",
    title="A class of equipment should be in the catalogue",
    explanation="Routings and recipes name the class of equipment that an operation needs. When no catalogue item is "
    "of that class, nothing can be matched with it.",
    cure="Write the kind of a catalogue item, or add such an item to equipment.",
)
def unknown_kinds(network: Network) -> Iterator[Finding]:
    """Equipment kinds of routings and recipes that no catalogue item has."""
    known = dict.fromkeys(row.kind for row in network.equipment)
    for collection in ("routings", "recipes"):
        for position, row in enumerate(getattr(network, collection)):
            if row.equipment_kind is not None and row.equipment_kind not in known:
                yield Finding(
                    path=at(collection, position, row, "equipment_kind"),
                    message="should be a kind of equipment",
                    found=row.equipment_kind,
                    cure=did_you_mean(row.equipment_kind, known),
                )


@rule(
    "unknown-equipment-path",
    "error",
    title="An equipment path must lead to a station",
    explanation="Machines are addressed by the equipment hierarchy of ISA-95: site/line/station, and where several "
    "machines work in parallel site/line/station/number, counted from 1.",
    cure="Write site/line/station with ids of the document.",
)
def unknown_equipment_paths(network: Network) -> Iterator[Finding]:
    """Equipment paths of endpoints, states and counts whose parts name nothing."""
    judge = _path_judge(network)
    verdicts: dict[str, tuple[str, str]] = {}
    for collection in ("endpoints", "states", "counts"):
        for position, row in enumerate(getattr(network, collection)):
            path = row.equipment_path
            message, cure = verdicts.setdefault(path, judge(path))
            if message:
                yield Finding(
                    path=at(collection, position, row, "equipment_path"), message=message, found=path, cure=cure
                )


def _path_judge(network: Network) -> Callable[[str], tuple[str, str]]:
    sites, lines = ([row.id for row in rows] for rows in (network.sites, network.lines))
    stations = {(row.line, row.id): row.count for row in network.stations}

    def judge(path: str) -> tuple[str, str]:
        parts = path.split("/")
        if len(parts) not in (3, 4):
            return "must be site/line/station or site/line/station/number", ""
        site, line, station = parts[:3]
        if site not in sites:
            return "must start with the id of a site", did_you_mean(site, sites)
        if line not in lines:
            return "must name a line after the site", did_you_mean(line, lines)
        if (line, station) not in stations:
            return f"must name a station of {line}", did_you_mean(station, [s for at, s in stations if at == line])
        if len(parts) == 4 and not (parts[3].isdecimal() and 1 <= int(parts[3]) <= stations[line, station]):
            return f"must end with a number from 1 to {stations[line, station]}", ""
        return "", ""

    return judge
