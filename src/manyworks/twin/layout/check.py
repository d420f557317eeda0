"""Is the layout what it claims? Recomputed in plain arithmetic, without maps, ports and kernels of the search."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from manyworks.errors import Issue

if TYPE_CHECKING:
    from manyworks.twin.layout.floor_layout import FloorLayout, PlacedLink, PlacedMachine

SLACK_M = 1e-4
Box = tuple[float, float, float, float]
Point = tuple[float, float]


def check_layout(layout: FloorLayout) -> list[Issue]:
    """Floor, walls, overlaps, clearances, obstacles, aisles, zones, distances, ways and the bound."""
    issues: list[Issue] = []
    for rule in (_edges, _clearances, _obstacles, _zones, _distances, _paths, _total):
        issues += [
            Issue(rule=f"layout.{name}", severity="error", path=path, message=message)
            for name, path, message in rule(layout)
        ]
    return issues


Broken = Iterator[tuple[str, str, str]]


def box_of(row: PlacedMachine) -> Box:
    """(left, bottom, right, top), from corner, size and turn."""
    along, across = row.machine.length_m, row.machine.width_m
    if row.turn_deg in (90, 270):
        along, across = across, along
    return row.x_m, row.y_m, row.x_m + along, row.y_m + across


def _apart(a: Box, b: Box) -> float:
    return max(a[0] - b[2], b[0] - a[2], a[1] - b[3], b[1] - a[3])


def _edges(layout: FloorLayout) -> Broken:
    floor = layout.floor
    for row in layout.machines:
        left, bottom, right, top = box_of(row)
        wall = 0.0 if row.machine.fixed is not None else floor.wall_clearance_m
        room = min(left, bottom, floor.width_m - right, floor.depth_m - top)
        if room < wall - SLACK_M:
            yield "walls", row.machine.id, f"must stay {wall:g} m from the walls, is at {room:.3f} m"
        drawn = (row.ground.x, row.ground.y, row.ground.right, row.ground.top)
        if max(abs(a - b) for a, b in zip((left, bottom, right, top), drawn, strict=True)) > SLACK_M:
            yield "ground", row.machine.id, "the rectangle is not that of its corner, size and turn"
        fixed = row.machine.fixed
        side = {0: "right", 90: "up", 180: "left", 270: "down"}[row.turn_deg]
        if fixed is not None and (fixed.x_m, fixed.y_m, fixed.goods_leave) != (row.x_m, row.y_m, side):
            yield "fixed", row.machine.id, "stands fixed, and was moved"


def _clearances(layout: FloorLayout) -> Broken:
    for one, other in combinations(layout.machines, 2):
        free = _apart(box_of(one), box_of(other))
        both = f"{one.machine.id} and {other.machine.id}"
        if free < -SLACK_M:
            yield "overlap", both, f"overlap by {-free:.3f} m"
        elif free < layout.floor.clearance_m - SLACK_M and None in (one.machine.fixed, other.machine.fixed):
            yield "clearance", both, f"must be {layout.floor.clearance_m:g} m apart, are {free:.3f} m"


def _obstacles(layout: FloorLayout) -> Broken:
    for place in layout.fixed_places:
        box = (place.x_m, place.y_m, place.x_m + place.width_m, place.y_m + place.depth_m)
        wanted = layout.floor.clearance_m if place.clear_m is None else place.clear_m
        for row in layout.machines:
            least = -SLACK_M if row.machine.fixed is not None else wanted - SLACK_M
            if _apart(box, box_of(row)) < least:
                yield "obstacle", row.machine.id, f"must stay {wanted:g} m from {place.kind} {place.id}"


def _zones(layout: FloorLayout) -> Broken:
    for row in layout.machines:
        if row.machine.fixed is not None:
            continue
        box, machine = box_of(row), row.machine
        for kind in ("hygiene", "allergen"):
            own = [zone for zone in layout.zones if zone.kind == kind and _belongs(zone, machine)]
            if own and not any(_within(box, zone) for zone in own):
                yield "zone", machine.id, f"must stand in {' or '.join(zone.id for zone in own)}"
        for zone in layout.zones:
            is_barred = zone.kind in ("aisle", "closed") or (
                not _belongs(zone, machine) and (zone.kind == "allergen" or zone.is_exclusive)
            )
            area = (zone.x_m, zone.y_m, zone.x_m + zone.width_m, zone.y_m + zone.depth_m)
            if is_barred and _apart(area, box) < -SLACK_M:
                yield "zone", machine.id, f"must stay out of {zone.kind} zone {zone.id}"


def _belongs(zone: object, machine: object) -> bool:
    kind = getattr(zone, "kind", "")
    if kind == "allergen":
        return bool(set(getattr(zone, "allergens", ())) & set(getattr(machine, "allergens", ())))
    return kind == "hygiene" and getattr(machine, "kind", "") in getattr(zone, "equipment_kinds", ())


def _within(box: Box, zone: object) -> bool:
    x, y = getattr(zone, "x_m", 0.0), getattr(zone, "y_m", 0.0)
    right, top = x + getattr(zone, "width_m", 0.0), y + getattr(zone, "depth_m", 0.0)
    return box[0] >= x - SLACK_M and box[1] >= y - SLACK_M and box[2] <= right + SLACK_M and box[3] <= top + SLACK_M


def _ends(layout: FloorLayout, link: PlacedLink, stub: float) -> tuple[Point, Point]:
    """Outlet and inlet, or the points so many metres straight beyond and before them."""
    machines = {row.machine.id: row for row in layout.machines}
    places = {place.id: place for place in layout.fixed_places}
    found: list[Point] = []
    for name, sign in ((link.source, 1), (link.target, -1)):
        if name in machines:
            left, bottom, right, top = box_of(machines[name])
            middle = ((left + right) / 2, (bottom + top) / 2)
            turn = machines[name].turn_deg if sign == 1 else (machines[name].turn_deg + 180) % 360
            ways = {
                0: (right + stub, middle[1]),
                90: (middle[0], top + stub),
                180: (left - stub, middle[1]),
                270: (middle[0], bottom - stub),
            }
            found.append(middle if link.is_wish else ways[turn])
        else:
            place = places[name]
            found.append((place.x_m + place.width_m / 2, place.y_m + place.depth_m / 2))
    return found[0], found[1]


def _distances(layout: FloorLayout) -> Broken:
    for link in layout.links:
        # Half the clearance straight out of a machine and straight into the next, the rest along both axes.
        stub = 0.0 if link.is_wish else layout.floor.clearance_m / 2
        (a, b), (c, d) = _ends(layout, link, stub)
        pieces = sum("/" in name for name in (link.source, link.target))
        distance = abs(a - c) + abs(b - d) + stub * pieces
        if abs(distance - link.distance_m) > SLACK_M:
            path = f"{link.source} to {link.target}"
            yield "distance", path, f"is {distance:.3f} m, stated {link.distance_m:.3f} m"


def _paths(layout: FloorLayout) -> Broken:
    boxes = [(row.machine.id, box_of(row)) for row in layout.machines]
    for link in layout.links:
        if not link.path:
            continue
        name, ends = f"{link.source} to {link.target}", _ends(layout, link, 0.0)
        off = max(
            abs(p - q)
            for a, b in zip((link.path[0], link.path[-1]), ends, strict=True)
            for p, q in zip(a, b, strict=True)
        )
        if off > SLACK_M:
            yield "path", name, "does not lead from outlet to inlet"
        for (a, b), (c, d) in zip(link.path, link.path[1:], strict=False):
            if abs(a - c) > SLACK_M and abs(b - d) > SLACK_M:
                yield "path", name, "has a piece that runs along neither side of the floor"
            piece = (min(a, c), min(b, d), max(a, c), max(b, d))
            for machine, box in boxes:
                if _apart(piece, box) < -SLACK_M:
                    yield "path", name, f"runs through {machine}"


def _total(layout: FloorLayout) -> Broken:
    if layout.bound > layout.work + SLACK_M * max(1.0, abs(layout.work)):
        yield "bound", layout.floor.id, f"the bound {layout.bound:g} is above the work {layout.work:g}"
