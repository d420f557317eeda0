"""The main aisle of a floor whose document leaves its place open."""

from __future__ import annotations

from manyworks.model.floor import FixedPlace, Floor, Zone
from manyworks.twin.layout.ground import SLACK_M, rectangle_of

AISLE = "main_aisle"
DOORS = ("receiving", "shipping")


def with_main_aisle(floor: Floor, zones: tuple[Zone, ...], fixed: tuple[FixedPlace, ...]) -> list[tuple[Zone, ...]]:
    """The zones with each straight aisle that is worth a try; the zones as they are where aisles are stated.

    An aisle runs from wall to wall: through the middle, along each wall, and level with each door for goods. Only those
    that reach the most doors are kept.
    """
    if floor.main_aisle_m <= 0 or any(zone.kind == "aisle" for zone in zones):
        return [zones]
    found: list[Zone] = []
    for is_along_x in (floor.width_m >= floor.depth_m, floor.width_m < floor.depth_m):
        room = (floor.depth_m if is_along_x else floor.width_m) - floor.main_aisle_m
        if room >= 0:
            found += [_aisle(floor, is_along_x, place) for place in _places(floor, fixed, is_along_x, room)]
    reached = [_doors_at(aisle, fixed) for aisle in found]
    return [(*zones, aisle) for aisle, doors in zip(found, reached, strict=True) if doors == max(reached)] or [zones]


def _doors_at(aisle: Zone, fixed: tuple[FixedPlace, ...]) -> int:
    """Doors for goods that the aisle touches."""
    doors = [rectangle_of(place) for place in fixed if place.kind in DOORS]
    return sum(rectangle_of(aisle).gap(door) <= SLACK_M for door in doors)


def _places(floor: Floor, fixed: tuple[FixedPlace, ...], is_along_x: bool, room: float) -> list[float]:
    places = [room / 2, 0.0, room]
    for door in fixed:
        if door.kind in DOORS:
            middle = door.y_m + door.depth_m / 2 if is_along_x else door.x_m + door.width_m / 2
            places.append(min(max(middle - floor.main_aisle_m / 2, 0.0), room))
    return sorted({round(place, 3) for place in places})


def _aisle(floor: Floor, is_along_x: bool, place: float) -> Zone:
    x, y = (0.0, place) if is_along_x else (place, 0.0)
    width = floor.width_m if is_along_x else floor.main_aisle_m
    depth = floor.main_aisle_m if is_along_x else floor.depth_m
    return Zone(floor=floor.id, id=AISLE, kind="aisle", x_m=x, y_m=y, width_m=width, depth_m=depth)
