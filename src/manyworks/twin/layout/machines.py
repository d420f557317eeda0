"""The machines of lines as rectangles, with what they may not stand beside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from manyworks.errors import InfeasibleError
from manyworks.model.equipment import Equipment
from manyworks.model.floor import Placement
from manyworks.model.line import Station
from manyworks.model.network import Network

SHAPE = 2.0
"""Length over width of a machine of which only the floor area is known."""


@dataclass(frozen=True, kw_only=True)
class Machine:
    """One machine: ``length_m`` along its goods, ``width_m`` across; ``fixed`` where it stands already."""

    line: str
    station: str
    number: int
    name: str
    kind: str
    length_m: float
    width_m: float
    allergens: frozenset[str]
    fixed: Placement | None = None

    @property
    def id(self) -> str:
        """``line/station/number``."""
        return f"{self.line}/{self.station}/{self.number}"


def machines_of(network: Network, lines: Sequence[str], floor: str) -> tuple[list[Machine], list[str]]:
    """Every machine of the lines in order of their stations, and a note for each size that had to be assumed.

    Raises
    ------
    InfeasibleError
        A machine has no size and no floor area; all such machines at once.
    """
    fixed = {
        (row.line, row.station, row.number): row
        for row in network.placements
        if row.is_fixed and row.floor == floor
    }  # fmt: skip
    machines: list[Machine] = []
    notes: dict[str, None] = {}
    faults: dict[str, None] = {}
    for line in lines:
        for station in stations_in_order(network, line):
            equipment: Equipment = network.get("equipment", station.equipment)
            size, note = _size(network, line, equipment)
            if size is None:
                faults[f"equipment.{equipment.id}: no length_m and width_m, no footprint_m2, no area of its line"] = (
                    None
                )
                continue
            if note:
                notes[note] = None
            machines += [
                Machine(
                    line=line,
                    station=station.id,
                    number=number,
                    name=station.id if station.count == 1 else f"{station.id} {number}",
                    kind=equipment.kind,
                    length_m=size[0],
                    width_m=size[1],
                    allergens=_allergens(network, line),
                    fixed=fixed.get((line, station.id, number)),
                )
                for number in range(1, station.count + 1)
            ]
    if faults:
        cure = "State length_m and width_m of the equipment, or its footprint_m2."
        raise InfeasibleError("machines without a size cannot be placed", conflicts=list(faults), cure=cure)
    return machines, list(notes)


def stations_in_order(network: Network, line: str) -> list[Station]:
    """Stations of a line by sequence."""
    return sorted((row for row in network.stations if row.line == line), key=lambda row: row.sequence)


def _size(network: Network, line: str, equipment: Equipment) -> tuple[tuple[float, float] | None, str]:
    """Length and width, and how they were come by if not stated."""
    if equipment.length_m is not None and equipment.width_m is not None:
        return (equipment.length_m, equipment.width_m), ""
    known = equipment.length_m if equipment.length_m is not None else equipment.width_m
    area, source = equipment.footprint_m2, f"its footprint of {equipment.footprint_m2:g} m²"
    if area <= 0:
        count = sum(row.count for row in network.stations if row.line == line)
        whole = network.get("lines", line).footprint_m2
        area, source = whole / max(count, 1), f"its share of the {whole:g} m² of {line}"
    if area <= 0:
        return None, ""
    if known is None:
        size = (round(math.sqrt(SHAPE * area), 2), round(math.sqrt(area / SHAPE), 2))
    else:
        other = round(area / known, 2)
        size = (known, other) if equipment.length_m is not None else (other, known)
    return size, f"{equipment.id} is taken as {size[0]:g} x {size[1]:g} m, from {source}"


def _allergens(network: Network, line: str) -> frozenset[str]:
    """Allergens of all products that the line runs."""
    named = network.get("lines", line).products
    return frozenset(a for product in network.products if not named or product.id in named for a in product.allergens)
