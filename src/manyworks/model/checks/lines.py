"""Lines: their stations, buffers and flows, and what they are known to do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from manyworks.model.checks.making import could_stand, named_in_scenarios, runnable
from manyworks.model.checks.paths import at, did_you_mean, listed
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.line import Flow, Line, Station
from manyworks.model.network import Network
from manyworks.model.rates import nominal_rate

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
    stations = _stations(network)
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
    edges = {line: _edges(stations, network, line) for line, stations in _stations(network).items()}
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
    for line, stations in _stations(network).items():
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
    edges = {line: _edges(stations, network, line) for line, stations in _stations(network).items()}
    for position, row in enumerate(network.buffers):
        ways = edges.get(row.line, {})
        if row.after in ways and row.before in ways and row.before not in ways[row.after]:
            yield Finding(
                path=at("buffers", position, row, "before"),
                message=f"does not follow {row.after} on {row.line}",
                found=row.before,
            )


def _stations(network: Network) -> dict[str, list[Station]]:
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


@rule(
    "line-without-rate",
    "error",
    title="A line needs a rate",
    explanation="A line's rate is stated, or that of its slowest station, or measured as a capability. Without any of "
    "these the line makes nothing.",
    cure="State nominal_rate_per_min, or add its stations.",
)
def lines_without_rate(network: Network) -> Iterator[Finding]:
    """Lines of which no rate is known."""
    known = {row.line for row in network.stations} | {row.line for row in network.capabilities}
    for position, row in enumerate(network.lines):
        if row.nominal_rate_per_min is None and row.id not in known:
            yield Finding(
                path=at("lines", position, row, "nominal_rate_per_min"), message="must be stated, or stations be added"
            )


@rule(
    "line-faster-than-stations",
    "warning",
    title="A line is not faster than its slowest station",
    explanation="Units pass every station of a serial line, so its rated speed is at most that of the slowest station "
    "(machines × rated speed).",
    cure="Leave nominal_rate_per_min empty to take the slowest station, or correct a station.",
    is_deep=True,
)
def fast_lines(network: Network) -> Iterator[Finding]:
    """Serial lines with a stated rate above that of their slowest station."""
    branched = {row.line for row in network.flows}
    stations = _stations(network)
    for position, row in enumerate(network.lines):
        if row.nominal_rate_per_min is not None and row.id in stations and row.id not in branched:
            slowest = nominal_rate(network, row.model_copy(update={"nominal_rate_per_min": None}))
            if row.nominal_rate_per_min > slowest * 1.01:
                yield Finding(
                    path=at("lines", position, row, "nominal_rate_per_min"),
                    message=f"is above the slowest station's {slowest:g} units/min",
                    found=f"{row.nominal_rate_per_min:g}",
                )


@rule(
    "line-free-of-charge",
    "warning",
    title="A line should cost money and people",
    explanation="A line that is bought for nothing or runs by itself wins every comparison.",
    cure="State capex and crew_per_shift, or the price and crew of its machines.",
)
def free_lines(network: Network) -> Iterator[Finding]:
    """Lines that could be built and cost no money, or that run without people."""
    machines = {row.id: row for row in network.equipment}
    sums: dict[str, list[float]] = {}
    for station in network.stations:
        if station.equipment in machines:
            total = sums.setdefault(station.line, [0.0, 0.0])
            total[0] += station.count * machines[station.equipment].price
            total[1] += station.count * machines[station.equipment].crew
    used = could_stand(network)
    for position, row in enumerate(network.lines):
        price, crew = sums.get(row.id, [0.0, 0.0])
        for field, value in (("capex", row.capex or price), ("crew_per_shift", row.crew_per_shift or crew)):
            if row.id in used and value == 0:
                yield Finding(path=at("lines", position, row, field), message="is nothing", found="0")


@rule(
    "unused-line",
    "warning",
    title="A type of line should have a place",
    explanation="A type of line that no site has or may have makes nothing.",
    cure="Add it to the lines of a template that a site has or may have, or delete it.",
)
def unused_lines(network: Network) -> Iterator[Finding]:
    """Types of line that stand nowhere and never can."""
    used = could_stand(network) | named_in_scenarios(network)
    for position, row in enumerate(network.lines):
        if row.id not in used:
            yield Finding(path=at("lines", position, row, "id"), message="can stand at no site", found=row.id)


@rule(
    "family-apart",
    "warning",
    title="A line runs whole families",
    explanation="Products of a family share lines and are sourced together. A line that runs only some products of a "
    "family cannot serve a market with the family.",
    cure="List all products of the family, or give the others a family of their own.",
)
def split_families(network: Network) -> Iterator[Finding]:
    """Lines that run a part of a family."""
    families: dict[str, list[str]] = {}
    for product in network.products:
        families.setdefault(product.family, []).append(product.id)
    for position, row in enumerate(network.lines):
        runs = runnable(network, row)
        for family, members in families.items():
            missing = [name for name in members if name not in runs]
            if missing and len(missing) < len(members):
                yield Finding(
                    path=at("lines", position, row, "products"),
                    message=f"runs a part of the family {family}",
                    found=f"without {listed(missing)}",
                )


@rule(
    "capability-above-nominal",
    "error",
    title="An effective rate is at most the nominal one",
    explanation="The effective rate is good units per open minute, after all losses; its 95 % interval holds it.",
    cure="Correct the rates: low ≤ effective ≤ high, effective ≤ nominal.",
    is_local=True,
)
def impossible_capabilities(network: Network) -> Iterator[Finding]:
    """Capabilities whose rates are not in order."""
    for position, row in enumerate(network.capabilities):
        rate = row.effective_rate_per_min
        for field, value, is_wrong in (
            ("effective_rate_per_min", rate, rate > row.nominal_rate_per_min * (1 + 1e-9)),
            ("effective_low_per_min", row.effective_low_per_min, (row.effective_low_per_min or rate) > rate),
            ("effective_high_per_min", row.effective_high_per_min, (row.effective_high_per_min or rate) < rate),
        ):
            if is_wrong:
                yield Finding(
                    path=at("capabilities", position, row, field),
                    message=f"is out of order (nominal {row.nominal_rate_per_min:g}, effective {rate:g} units/min)",
                    found=f"{value:g}",
                )


@rule(
    "capability-never-used",
    "warning",
    title="A capability should be of a product that the line runs",
    explanation="A measured rate of a product that the line may not run is never used.",
    cure="Add the product to the line's products or its routing, or delete the row.",
)
def unused_capabilities(network: Network) -> Iterator[Finding]:
    """Capabilities of products that the line may not run."""
    runs: dict[str, Line] = {row.id: row for row in network.lines}
    products = {row.id for row in network.products}
    for position, row in enumerate(network.capabilities):
        if row.line in runs and row.product in products and row.product not in runnable(network, runs[row.line]):
            yield Finding(
                path=at("capabilities", position, row, "product"),
                message=f"may not be run by {row.line}",
                found=row.product,
            )
