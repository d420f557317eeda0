"""Where a machine may stand by itself: the floor without walls, obstacles, aisles and zones of others."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.floor import FixedPlace, Floor, Zone
from manyworks.twin.layout.geometry import Rectangle
from manyworks.twin.layout.machines import Machine

Flags = NDArray[np.bool_]

SLACK_M = 1e-6
FINEST_M = 0.05
POSITIONS = 600_000
"""Positions of a corner on the whole floor, at most; no two are nearer than 0.05 m."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One floor with its zones and fixed places."""

    floor: Floor
    zones: tuple[Zone, ...]
    fixed: tuple[FixedPlace, ...]

    @property
    def step_m(self) -> float:
        """Distance of neighbouring positions, m; a multiple of 0.05."""
        finest = math.sqrt(self.floor.width_m * self.floor.depth_m / POSITIONS)
        return max(FINEST_M, math.ceil(finest * 20 - SLACK_M) / 20)

    @property
    def stub_m(self) -> float:
        """Straight piece at which goods leave and enter a machine before they may turn: half the clearance."""
        return self.floor.clearance_m / 2

    @property
    def shape(self) -> tuple[int, int]:
        """Positions along x and y."""
        floor = self.floor
        return int(floor.width_m / self.step_m + SLACK_M) + 1, int(floor.depth_m / self.step_m + SLACK_M) + 1

    @property
    def inner(self) -> Rectangle:
        """The floor within its wall clearance."""
        floor = self.floor
        return Rectangle(0, 0, floor.width_m, floor.depth_m).grown(-floor.wall_clearance_m)

    def clear_m(self, place: FixedPlace) -> float:
        """Free way that a fixed place wants."""
        return self.floor.clearance_m if place.clear_m is None else place.clear_m

    def barred(self, machine: Machine) -> Iterator[tuple[Rectangle, float, str]]:
        """(rectangle, free way round it, name) of everything that this machine must keep off."""
        for place in self.fixed:
            yield rectangle_of(place), self.clear_m(place), f"{place.kind} {place.id}"
        for zone in self.zones:
            if zone.kind in ("aisle", "closed") or not may_enter(zone, machine):
                yield rectangle_of(zone), 0.0, f"{zone.kind} zone {zone.id}"

    def homes(self, machine: Machine) -> list[list[Zone]]:
        """Groups of zones: the machine must stand wholly inside one zone of each group."""
        hygiene = [zone for zone in self.zones if zone.kind == "hygiene" and machine.kind in zone.equipment_kinds]
        allergen = [zone for zone in self.zones if zone.kind == "allergen" and machine.allergens & {*zone.allergens}]
        return [group for group in (hygiene, allergen) if group]

    def allowed(self, machine: Machine, standing: Sequence[Rectangle] = ()) -> Flags:
        """Positions of the machine's corner at which it may stand, (2, along x, along y): as it is, turned by 90°.

        ``standing`` are machines that stay where they are.
        """
        return np.array(
            [
                self._allowed(machine, machine.length_m, machine.width_m, standing),
                self._allowed(machine, machine.width_m, machine.length_m, standing),
            ]
        )

    def _allowed(self, machine: Machine, width: float, depth: float, standing: Sequence[Rectangle]) -> Flags:
        free = self._inside([self.inner], width, depth)
        for group in self.homes(machine):
            free &= self._inside([rectangle_of(zone) for zone in group], width, depth)
        bars = [(box, clear) for box, clear, _ in self.barred(machine)]
        for box, clear in [*bars, *((box, self.floor.clearance_m) for box in standing)]:
            across = self._between(box.x - clear - width, box.right + clear, 0)
            along = self._between(box.y - clear - depth, box.top + clear, 1)
            free[across, along] = False
        return free

    def _inside(self, boxes: Iterable[Rectangle], width: float, depth: float) -> Flags:
        free = np.zeros(self.shape, dtype=bool)
        x, y = (np.arange(count) * self.step_m for count in self.shape)
        for box in boxes:
            in_x = (x >= box.x - SLACK_M) & (x + width <= box.right + SLACK_M)
            in_y = (y >= box.y - SLACK_M) & (y + depth <= box.top + SLACK_M)
            free |= in_x[:, None] & in_y[None, :]
        return free

    def _between(self, low: float, high: float, axis: int) -> slice:
        """Positions strictly between two numbers."""
        first = int(np.floor((low + SLACK_M) / self.step_m)) + 1
        last = int(np.ceil((high - SLACK_M) / self.step_m))
        return slice(max(0, first), max(0, min(last, self.shape[axis])))


def may_enter(zone: Zone, machine: Machine) -> bool:
    """Whether the machine may stand in a hygiene or allergen zone."""
    if zone.kind == "allergen":
        return bool(machine.allergens & {*zone.allergens})
    return zone.kind == "hygiene" and (not zone.is_exclusive or machine.kind in zone.equipment_kinds)


def rectangle_of(part: Zone | FixedPlace) -> Rectangle:
    """The rectangle of a zone or fixed place."""
    return Rectangle(part.x_m, part.y_m, part.width_m, part.depth_m)
