"""Back into the document: where machines stand, and how long units travel between them."""

from __future__ import annotations

from manyworks.model.line import Buffer
from manyworks.model.network import Network
from manyworks.twin.layout.floor_layout import FloorLayout, PlacedLink


def network_with_layout(
    network: Network,
    layout: FloorLayout,
    *,
    conveyor_m_per_min: float | None = None,
    units_per_m: float | None = None,
) -> Network:
    """The network with the layout's placements, and with length and travel time of every buffer between its stations.

    ``length_m`` is the way round the machines, the mean by units where several machines work in parallel, and
    ``travel_min`` that length at ``conveyor_m_per_min``, > 0; none: the floor's. With ``units_per_m``, > 0, a buffer
    holds at least what stands on such a length, else its stated capacity: see ``throttled``. An aisle that the layout
    chose becomes a zone of the document. Stations that nothing but their order joins have no buffer to keep a travel
    time: see ``unbuffered``.
    """
    speed = layout.floor.conveyor_m_per_min if conveyor_m_per_min is None else conveyor_m_per_min
    names = set(layout.lines)
    kept = [row for row in network.placements if row.line not in names]
    known = {(zone.floor, zone.id) for zone in network.zones}
    chosen = [zone for zone in layout.zones if (zone.floor, zone.id) not in known]
    return network.model_copy(
        update={
            "placements": [*kept, *layout.placements],
            "zones": [*network.zones, *chosen],
            "buffers": [_travelled(row, layout, speed, units_per_m) for row in network.buffers],
        }
    )


def unbuffered(network: Network, layout: FloorLayout) -> list[tuple[str, str, str, float]]:
    """(line, station, station, metres) of every way between two stations that no buffer stands for."""
    known = {(row.line, row.after, row.before) for row in network.buffers}
    found = {}
    for link in layout.links:
        a, b = link.source.split("/"), link.target.split("/")
        if not link.is_wish and len(a) == len(b) == 3 and (a[0], a[1], b[1]) not in known:
            found[a[0], a[1], b[1]] = _mean_length(layout, a[0], a[1], b[1])
    return [(*key, length) for key, length in found.items() if length is not None]


def throttled(network: Network, layout: FloorLayout) -> list[tuple[str, str, int, float]]:
    """(line, buffer, capacity, units on the way) of buffers too small for what travels through at the nominal rate.

    A buffer holds what travels through it as well: with fewer units than rate times travel time, it slows the line.
    """
    found = []
    for row in network.buffers:
        ways = _between(layout, row.line, row.after, row.before) if row.line in layout.lines else []
        on_way = sum(way.units_per_min for way in ways) * row.travel_min
        if on_way > row.capacity_units:
            found.append((row.line, row.id, row.capacity_units, on_way))
    return found


def _travelled(row: Buffer, layout: FloorLayout, speed: float, units_per_m: float | None) -> Buffer:
    length = _mean_length(layout, row.line, row.after, row.before) if row.line in layout.lines else None
    if length is None:
        return row
    update = {"length_m": round(length, 3), "travel_min": round(length / speed, 4)}
    holds = row.capacity_units if units_per_m is None else max(row.capacity_units, int(length * units_per_m))
    return row.model_copy(update=update | {"capacity_units": holds})


def _mean_length(layout: FloorLayout, line: str, after: str, before: str) -> float | None:
    """Mean way from one station to another, weighted by units; None where nothing goes that way."""
    ways = _between(layout, line, after, before)
    units = sum(way.units_per_min for way in ways)
    return sum(way.units_per_min * way.route_m for way in ways) / units if units > 0 else None


def _between(layout: FloorLayout, line: str, after: str, before: str) -> list[PlacedLink]:
    """Ways of goods from the machines of one station to those of another."""
    source, target = f"{line}/{after}/", f"{line}/{before}/"
    return [
        link
        for link in layout.links
        if not link.is_wish and link.source.startswith(source) and link.target.startswith(target)
    ]
