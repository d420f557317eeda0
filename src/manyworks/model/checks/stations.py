"""Stations of a line, and the buffers and flows between them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from manyworks.model.checks.paths import at, did_you_mean
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.line import Flow, Station
from manyworks.model.network import Network

EXITS = ("scrap", "sink")
Edges = dict[str, set[str]]


@rule(
    "unknown-station",
    "error",
    title="Buffers and flows join stations of their line",
    explanation="A buffer stands between two stations, a flow leads from one to another, and both name stations of the "
    "same line. Flows may also end at scrap or sink.",
    cure="Write the id of a station of the line.",
)
def unknown_stations(network: Network) -> Iterator[Finding]:
    """Ends of buffers and flows that are no stations of the line."""
    stations = stations_of(network)
    for collection, fields in (("buffers", ("after", "before")), ("flows", ("source", "target"))):
        for position, row in enumerate(getattr(network, collection)):
            known = [station.id for station in stations.get(row.line, [])]
            for field in fields:
                name = getattr(row, field)
                if name not in known and not (field == "target" and name in EXITS):
                    yield Finding(
                        path=at(collection, position, row, field),
                        message=f"must be a station of {row.line}",
                        found=name,
                        cure=did_you_mean(name, known),
                    )


@rule(
    "flow-shares",
    "error",
    title="The shares of a branch add up to one",
    explanation="What leaves a station goes somewhere: the shares of its flows add up to 1, or to less where one flow "
    "states none and takes the rest. Shares to scrap and rework alone may be small: the rest goes on along the line.",
    cure="Correct the shares, or leave one of them empty for the rest.",
)
def flow_shares(network: Network) -> Iterator[Finding]:
    """Stations whose flows hand on more than everything, or lose a part."""
    branches: dict[tuple[str, str, str | None], list[tuple[int, Flow]]] = {}
    for position, row in enumerate(network.flows):
        branches.setdefault((row.line, row.source, row.product), []).append((position, row))
    for (_, source, _), branch in branches.items():
        total = sum(row.share or 0.0 for _, row in branch)
        is_whole = any(row.share is None for _, row in branch) or all(_is_aside(row) for _, row in branch)
        if total > 1 + 1e-6 or (total < 1 - 1e-6 and not is_whole):
            position, row = branch[-1]
            yield Finding(
                path=at("flows", position, row, "share"),
                message=f"must bring the shares that leave {source} to 1; they sum to {total:g}",
                found="nothing" if row.share is None else f"{row.share:g}",
            )


def _is_aside(row: Flow) -> bool:
    return row.is_rework or row.target in EXITS


@rule(
    "flow-circle",
    "error",
    title="Flows lead forward; the way back is rework",
    explanation="Units that go round in a circle never leave the line. A way back upstream is rework and says so.",
    cure="Set is_rework on the flow that leads back, or turn it round.",
)
def flow_circles(network: Network) -> Iterator[Finding]:
    """Flows that close a circle without being rework."""
    edges = {line: _edges(stations, network, line) for line, stations in stations_of(network).items()}
    for position, row in enumerate(network.flows):
        ahead = edges.get(row.line, {})
        if not row.is_rework and (row.source == row.target or row.source in _reached(ahead, row.target)):
            yield Finding(
                path=at("flows", position, row, "target"),
                message=f"leads back to {row.source} without being rework",
                found=row.target,
            )


@rule(
    "station-not-connected",
    "error",
    title="All stations of a line belong together",
    explanation="Stations follow each other by sequence, and by flows where the line branches. A group of stations "
    "that nothing joins to the rest is another line.",
    cure="Add the flow that joins it, or make it a line of its own.",
)
def loose_stations(network: Network) -> Iterator[Finding]:
    """Stations that no way joins to the first one of the line."""
    for line, stations in stations_of(network).items():
        ways = _edges(stations, network, line)
        both: Edges = {station.id: set() for station in stations}
        for source, targets in ways.items():
            for target in targets & both.keys():
                both.setdefault(source, set()).add(target)
                both[target].add(source)
        loose = both.keys() - _reached(both, stations[0].id)
        for position, row in enumerate(network.stations) if loose else ():
            if row.line == line and row.id in loose:
                yield Finding(
                    path=at("stations", position, row, "id"), message=f"is joined to no station of {line}", found=row.id
                )


@rule(
    "buffer-out-of-place",
    "warning",
    title="A buffer stands where units pass",
    explanation="A buffer between two stations that do not follow each other is never used.",
    cure="Name two stations that follow each other by sequence or by a flow.",
)
def misplaced_buffers(network: Network) -> Iterator[Finding]:
    """Buffers between stations that do not follow each other."""
    edges = {line: _edges(stations, network, line) for line, stations in stations_of(network).items()}
    for position, row in enumerate(network.buffers):
        ways = edges.get(row.line, {})
        if row.after in ways and row.before in ways and row.before not in ways[row.after]:
            yield Finding(
                path=at("buffers", position, row, "before"),
                message=f"does not follow {row.after} on {row.line}",
                found=row.before,
            )


@rule(
    "flow-quantity-whole",
    "error",
    title="An assembly takes whole units",
    explanation="The quantity of a flow is how many units of the source one unit of an assembly takes. Machines take "
    "whole units, and a station that is no assembly takes one at a time.",
    cure="State a whole number at a flow into an assembly, or count the source in smaller units; else leave it at 1.",
)
def broken_quantities(network: Network) -> Iterator[Finding]:
    """Flows with a fraction of a unit, or with several units into a station that takes one at a time."""
    kinds = {(row.line, row.id): row.kind for row in network.stations}
    for position, row in enumerate(network.flows):
        kind = kinds.get((row.line, row.target))
        if kind is not None and (row.quantity != round(row.quantity) or (row.quantity != 1 and kind != "assembly")):
            yield Finding(
                path=at("flows", position, row, "quantity"),
                message="must be a whole number into an assembly" if kind == "assembly" else "must be 1 into a station",
                found=f"{row.quantity:g}",
            )


@rule(
    "unknown-crew",
    "error",
    title="A crew serves the stations that name it",
    explanation="A station names the crew that it shares by its id, and a repair crew does not run machines. A name "
    "without a row in crews would leave open how many people there are.",
    cure="Write the id of a crew of the line, or add it to crews with its people.",
)
def unknown_crews(network: Network) -> Iterator[Finding]:
    """Crews of stations that are no crew of the line, or one of the other kind."""
    for position, row in enumerate(network.stations):
        for kind in ("operator", "repair"):
            name, field = getattr(row, f"{kind}_crew"), f"{kind}_crew"
            known = [crew.id for crew in network.crews if crew.line == row.line and crew.kind == kind]
            if name and name not in known:
                yield Finding(
                    path=at("stations", position, row, field),
                    message=f"must be a crew of {row.line} of the kind {kind}",
                    found=name,
                    cure=did_you_mean(name, known),
                )


@rule(
    "crew-too-small",
    "error",
    title="A crew can run each of its machines",
    explanation="A machine waits until the people that it needs are free. One that needs more people than its crew has "
    "never starts.",
    cure="Add people to the crew, or lower the crew of the machine.",
)
def small_crews(network: Network) -> Iterator[Finding]:
    """Operator crews with fewer people than one machine needs."""
    machines = {row.id: row for row in network.equipment}
    for position, crew in enumerate(network.crews):
        rows = [row for row in network.stations if (row.line, row.operator_crew) == (crew.line, crew.id)]
        needs = max((machines[row.equipment].crew for row in rows if row.equipment in machines), default=0)
        if crew.kind == "operator" and needs > crew.people:
            yield Finding(
                path=at("crews", position, crew, "people"),
                message=f"must be at least the {needs:g} that one machine needs",
                found=str(crew.people),
            )


@rule(
    "unused-crew",
    "warning",
    title="A crew has a station",
    explanation="People whom no station names as its crew do nothing on the line.",
    cure="Name the crew at its stations, or delete it.",
)
def unused_crews(network: Network) -> Iterator[Finding]:
    """Crews that no station names."""
    used = {(row.line, "operator", row.operator_crew) for row in network.stations}
    used |= {(row.line, "repair", row.repair_crew) for row in network.stations}
    for position, crew in enumerate(network.crews):
        if (crew.line, crew.kind, crew.id) not in used:
            yield Finding(path=at("crews", position, crew, "id"), message="serves no station", found=crew.id)


def stations_of(network: Network) -> dict[str, list[Station]]:
    """Stations of each line in order of sequence."""
    stations: dict[str, list[Station]] = {}
    for row in network.stations:
        stations.setdefault(row.line, []).append(row)
    return {line: sorted(rows, key=lambda row: row.sequence) for line, rows in stations.items()}


def _edges(stations: list[Station], network: Network, line: str) -> Edges:
    """Ways forward: flows where a station states any that stay on the line, else the next station by sequence."""
    edges: Edges = {station.id: set() for station in stations}
    for row in network.flows:
        if row.line == line and row.source in edges and not _is_aside(row):
            edges[row.source].add(row.target)
    leaves = {row.source for row in network.flows if row.line == line and row.target == "sink"}
    for here, after in pairwise(stations):
        if not edges[here.id] and here.id not in leaves:
            edges[here.id].add(after.id)
    return edges


def _reached(edges: Edges, start: str) -> set[str]:
    """Stations that can be reached from ``start``, itself included."""
    seen, ahead = {start}, [start]
    while ahead:
        for target in edges.get(ahead.pop(), ()):
            if target not in seen:
                seen.add(target)
                ahead.append(target)
    return seen
