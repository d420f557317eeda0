"""Rectangles on a floor, and the two points at which goods enter and leave a machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from manyworks.model.floor import Placement

Point = tuple[float, float]
Side = Literal["right", "up", "left", "down"]

SIDES: tuple[Side, ...] = ("right", "up", "left", "down")
"""Where goods leave a machine after each quarter turn counter-clockwise."""

DIRECTIONS: tuple[Point, ...] = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))
"""Way of goods through a machine for each quarter turn: right, up, left, down."""


@dataclass(frozen=True)
class Rectangle:
    """From (x, y) to (x + width, y + depth), metres."""

    x: float
    y: float
    width: float
    depth: float

    @property
    def right(self) -> float:
        """Far end along x."""
        return self.x + self.width

    @property
    def top(self) -> float:
        """Far end along y."""
        return self.y + self.depth

    @property
    def centre(self) -> Point:
        """Middle."""
        return self.x + self.width / 2, self.y + self.depth / 2

    def gap(self, other: Rectangle) -> float:
        """Free way between both along x or y, the wider of the two; below 0: they overlap by so much."""
        along_x = max(self.x - other.right, other.x - self.right)
        along_y = max(self.y - other.top, other.y - self.top)
        return max(along_x, along_y)

    def inset(self, other: Rectangle) -> float:
        """How far this rectangle stays within another one at its nearest side; below 0: it reaches over."""
        return min(self.x - other.x, self.y - other.y, other.right - self.right, other.top - self.top)

    def grown(self, by: float) -> Rectangle:
        """The rectangle with a margin all round."""
        return Rectangle(self.x - by, self.y - by, self.width + 2 * by, self.depth + 2 * by)


def turn_of(placement: Placement) -> int:
    """Degrees by which a machine is turned counter-clockwise."""
    return 90 * SIDES.index(placement.goods_leave)


def footprint(x: float, y: float, length: float, width: float, turn_deg: int) -> Rectangle:
    """Floor under a machine whose corner is at (x, y); its length runs along its goods."""
    return Rectangle(x, y, length, width) if turn_deg % 180 == 0 else Rectangle(x, y, width, length)


def inlet(ground: Rectangle, turn_deg: int, stub: float = 0.0) -> Point:
    """Middle of the side at which goods enter, or the point so many metres straight before it."""
    return _side(ground.grown(stub), turn_deg, -1)


def outlet(ground: Rectangle, turn_deg: int, stub: float = 0.0) -> Point:
    """Middle of the side at which goods leave, or the point so many metres straight beyond it."""
    return _side(ground.grown(stub), turn_deg, 1)


def _side(ground: Rectangle, turn_deg: int, sign: int) -> Point:
    (x, y), (dx, dy) = ground.centre, DIRECTIONS[turn_deg // 90]
    return x + sign * dx * ground.width / 2, y + sign * dy * ground.depth / 2


def walked(one: Point, other: Point) -> float:
    """Rectilinear distance, m."""
    return abs(one[0] - other[0]) + abs(one[1] - other[1])
