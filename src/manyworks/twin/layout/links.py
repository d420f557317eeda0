"""Ways of goods: how many units a minute go from which machine or door to which, and what should stand near what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from manyworks.model.floor import FixedPlace
from manyworks.model.line import Flow, Station
from manyworks.model.network import Network
from manyworks.model.rates import nominal_rate
from manyworks.twin.layout.machines import Machine, stations_in_order

RECEIVING, SHIPPING = "receiving", "shipping"


@dataclass(frozen=True, kw_only=True)
class Link:
    """``units_per_min`` from ``source`` to ``target``: positions of machines, or ``-1 - k`` for fixed place k.

    A wish is measured between the middles of both and its units may be below 0; all else from outlet to inlet.
    """

    source: int
    target: int
    units_per_min: float
    is_wish: bool = False


def links_of(
    network: Network, lines: Sequence[str], machines: Sequence[Machine], fixed: Sequence[FixedPlace]
) -> list[Link]:
    """Flows between machines, from the receiving and to the shipping door, and the wishes of the lines.

    Flows are those of the line at its nominal rate; machines in parallel share them equally, and so do several doors
    of one kind.
    """
    links: list[Link] = []
    for line in lines:
        at: dict[str, list[int]] = {}
        for position, machine in enumerate(machines):
            if machine.line == line:
                at.setdefault(machine.station, []).append(position)
        doors = {kind: [-1 - k for k, row in enumerate(fixed) if row.kind == kind] for kind in (RECEIVING, SHIPPING)}
        places = at | doors
        for source, target, units in unit_flows(network, line):
            links += _shared(places[source], places[target], units, is_wish=False)
        for wish in network.adjacency_wishes:
            if wish.line == line:
                other = at.get(wish.other) or [-1 - k for k, row in enumerate(fixed) if row.id == wish.other]
                links += _shared(at[wish.station], other, wish.weight_per_min, is_wish=True)
    return links


def _shared(sources: Sequence[int], targets: Sequence[int], units: float, *, is_wish: bool) -> list[Link]:
    part = units / max(1, len(sources) * len(targets))
    return [
        Link(source=source, target=target, units_per_min=part, is_wish=is_wish)
        for source in sources
        for target in targets
        if source != target and part
    ]


def unit_flows(network: Network, line: str) -> list[tuple[str, str, float]]:
    """(source, target, units per minute) between stations, from ``receiving`` and to ``shipping``.

    Every station without a way into it takes from the receiving door; what leaves the line as good units goes to the
    shipping door. Shares of products of their own are taken as equal.
    """
    stations = stations_in_order(network, line)
    ways = _ways(network, line, stations)
    order = {station.id: position for position, station in enumerate(stations)}
    into: dict[str, list[tuple[str, str, float, float]]] = {}
    for way in ways:
        into.setdefault(way[1], []).append(way)
    rate = nominal_rate(network, network.get("lines", line))
    # Throughput v of the stations: v = supplied + A v, where an assembly counts one unit of all its inputs together.
    matrix, supplied = np.eye(len(stations)), np.zeros(len(stations))
    for station in stations:
        inputs = [way for way in into.get(station.id, []) if way[0] in order]
        if not [way for way in inputs if order[way[0]] < order[station.id]]:
            needs = [way[3] for way in ways if way[0] == station.id]
            supplied[order[station.id]] = rate * (needs[0] if needs else 1.0)
        joined = len(inputs) if station.kind == "assembly" else 1
        for source, _, share, quantity in inputs:
            matrix[order[station.id], order[source]] -= share / (joined * quantity)
    units = np.linalg.solve(matrix, supplied)
    found = [(RECEIVING, s.id, float(supplied[order[s.id]])) for s in stations if supplied[order[s.id]] > 0]
    found += [(a, b, float(units[order[a]]) * share) for a, b, share, _ in ways]
    return [row for row in found if row[2] > 1e-9]


def _ways(network: Network, line: str, stations: Sequence[Station]) -> list[tuple[str, str, float, float]]:
    """(source, target, share, quantity) of every way between stations and to the shipping door."""
    found: list[tuple[str, str, float, float]] = []
    known = {station.id for station in stations}
    for position, station in enumerate(stations):
        rows = [row for row in network.flows if row.line == line and row.source == station.id]
        scrapped = sum(row.share or 0.0 for row in rows if row.target == "scrap")
        back = [row for row in rows if row.is_rework and row.target in known]
        ahead = [row for row in rows if not row.is_rework and row.target != "scrap"]
        left = 1.0 - scrapped - sum(row.share or 0.0 for row in back)
        found += [(station.id, row.target, row.share or 0.0, row.quantity) for row in back]
        if ahead:
            found += [(station.id, _name(row), share, row.quantity) for row, share in _shares(ahead, left)]
        elif position + 1 < len(stations):
            found.append((station.id, stations[position + 1].id, left, 1.0))
        else:
            found.append((station.id, SHIPPING, left, 1.0))
    return found


def _name(row: Flow) -> str:
    return SHIPPING if row.target == "sink" else row.target


def _shares(rows: Sequence[Flow], left: float) -> list[tuple[Flow, float]]:
    """Stated shares as they are; the others divide what is left over."""
    stated = sum(row.share for row in rows if row.share is not None)
    open_rows = [row for row in rows if row.share is None]
    rest = max(0.0, left - stated) / max(1, len(open_rows))
    return [(row, row.share if row.share is not None else rest) for row in rows]
