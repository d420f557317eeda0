"""Why machines do not fit a floor: which one, and by how much."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from manyworks.twin.layout.geometry import Rectangle, footprint, turn_of
from manyworks.twin.layout.ground import SLACK_M, Ground, rectangle_of
from manyworks.twin.layout.machines import Machine


def faults_of(ground: Ground, machines: Sequence[Machine], stranded: Sequence[int]) -> list[str]:
    """Each machine that may stand nowhere, each fixed one that stands wrongly, and too little floor for all together.

    All of these are proofs: no arrangement exists while one of them stands.
    """
    faults = [_why_nowhere(ground, machines[i]) for i in stranded]
    faults += _standing(ground, machines)
    if not faults:
        faults += _too_full(ground, machines)
    return list(dict.fromkeys(faults))


def _why_nowhere(ground: Ground, machine: Machine) -> str:
    """The first of floor, zones and obstacles that leaves no room."""
    name, size = machine.id, f"{machine.length_m:g} x {machine.width_m:g} m"
    inner = ground.inner
    short = _shortfall(machine, inner)
    if short > SLACK_M:
        return (
            f"{name} ({size}) is {short:.2f} m too long for the floor: {max(inner.width, 0):g} x "
            f"{max(inner.depth, 0):g} m are left within {ground.floor.wall_clearance_m:g} m to the walls"
        )
    for group in ground.homes(machine):
        shorts = [(_shortfall(machine, rectangle_of(zone)), zone) for zone in group]
        least, zone = min(shorts, key=lambda pair: (pair[0], pair[1].id))
        if least > SLACK_M:
            return (
                f"{name} ({size}) must stand in a {zone.kind} zone, and is {least:.2f} m too long for {zone.id}"
                f" ({zone.width_m:g} x {zone.depth_m:g} m)"
            )
    bars = [bar for _, _, bar in ground.barred(machine)]
    names = ", ".join(bars[:4]) + (f" and {len(bars) - 4} more" if len(bars) > 4 else "")
    return f"{name} ({size}) finds no free rectangle between {names or 'the machines that stand there'}"


def _shortfall(machine: Machine, box: Rectangle) -> float:
    """Metres that are missing in the better one of both directions; <= 0: it fits."""
    straight = max(machine.length_m - box.width, machine.width_m - box.depth)
    turned = max(machine.width_m - box.width, machine.length_m - box.depth)
    return min(straight, turned)


def _standing(ground: Ground, machines: Sequence[Machine]) -> list[str]:
    """Fixed machines that reach over the floor, or overlap each other or a fixed place."""
    floor, faults = Rectangle(0, 0, ground.floor.width_m, ground.floor.depth_m), []
    boxes = [
        (machine.id, footprint(row.x_m, row.y_m, machine.length_m, machine.width_m, turn_of(row)))
        for machine in machines
        if (row := machine.fixed) is not None
    ]
    for position, (name, box) in enumerate(boxes):
        if box.inset(floor) < -SLACK_M:
            faults.append(f"{name} stands fixed and reaches {-box.inset(floor):.2f} m over the edge of the floor")
        for other, second in boxes[:position]:
            if box.gap(second) < -SLACK_M:
                faults.append(f"{name} and {other} stand fixed and overlap by {-box.gap(second):.2f} m")
        inside = [place for place in ground.fixed if box.gap(rectangle_of(place)) < -SLACK_M]
        faults += [f"{name} stands fixed and overlaps {place.kind} {place.id}" for place in inside]
    return faults


def _too_full(ground: Ground, machines: Sequence[Machine]) -> list[str]:
    """Machines with half their free way around must find room beside each other, within the floor's inner part."""
    half = ground.floor.clearance_m / 2
    wanted = sum((m.length_m + 2 * half) * (m.width_m + 2 * half) for m in machines if m.fixed is None)
    room = ground.inner.grown(half)
    step = ground.step_m
    x, y = (np.arange(low, low + extent, step) for low, extent in ((room.x, room.width), (room.y, room.depth)))
    free = np.ones((len(x), len(y)), dtype=bool)
    for zone in ground.zones:
        if zone.kind in ("aisle", "closed"):
            # Only whole squares of the grid that surely lie in the zone count, so that the area is never too small.
            box = rectangle_of(zone).grown(-half)
            inside = (x >= box.x)[:, None] & (x + step <= box.right)[:, None] & (y >= box.y) & (y + step <= box.top)
            free &= ~inside
    area = float(free.sum()) * step * step
    if wanted <= area:
        return []
    short = f"{len(machines)} machines with their free way need {wanted:.1f} m², {wanted - area:.1f} m² more than the "
    return [f"{short}{area:.1f} m² that aisles, closed zones and walls leave"]
