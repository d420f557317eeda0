"""The floor that a line stands on: its size, doors, zones and obstacles, and where each machine stands.

All places are in metres from one corner of the floor: x along its width, y along its depth. A rectangle is named by
its corner nearest to that one.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from manyworks.model.record import FloorId, Id, LineId, NonNegative, Positive, Record, SiteId, TemplateId


class Floor(Record):
    """A rectangular floor of a site or of a template."""

    id: Id
    name: str
    site: SiteId | None = Field(None, description="Site that it belongs to; none: any.")
    template: TemplateId | None = Field(None, description="Template that it belongs to; none: any.")
    width_m: Positive = Field(description="Length of its side along x, m.")
    depth_m: Positive = Field(description="Length of its side along y, m.")
    clearance_m: NonNegative = Field(0.8, description="Free way between two machines, and round every obstacle, m.")
    wall_clearance_m: NonNegative = Field(0.5, description="Free way between machines and the outer walls, m.")
    main_aisle_m: NonNegative = Field(
        0,
        description="Width of a straight aisle from wall to wall that is laid where no zone is an aisle, m; 0: none.",
    )
    conveyor_m_per_min: Positive = Field(12, description="Speed at which units travel between machines, m/min.")
    cost_per_1000_unit_m: NonNegative = Field(
        0, description="Money for moving 1,000 units by one metre: people, trucks, conveyors."
    )


class Zone(Record):
    """A rectangle of a floor with a rule of its own."""

    floor: FloorId
    id: Id
    kind: Literal["aisle", "closed", "hygiene", "allergen"] = Field(
        description="aisle and closed: no machine stands there. hygiene: the kinds of equipment that it names stand "
        "there. allergen: lines that run products with one of its allergens stand there, all others stay out."
    )
    x_m: NonNegative = Field(description="Corner nearest to that of the floor, along x, m.")
    y_m: NonNegative = Field(description="Corner nearest to that of the floor, along y, m.")
    width_m: Positive = Field(description="Extent along x, m.")
    depth_m: Positive = Field(description="Extent along y, m.")
    equipment_kinds: list[Id] = Field([], description="Kinds of equipment that stand only in such a hygiene zone.")
    allergens: list[str] = Field([], description="Allergens of an allergen zone.")
    is_exclusive: bool = Field(False, description="Whether other kinds of equipment stay out of a hygiene zone.")


class FixedPlace(Record):
    """A door, an obstacle or a supply that stays where it is."""

    floor: FloorId
    id: Id
    name: str = Field("", description="Name on drawings; empty: the id.")
    kind: Literal["receiving", "shipping", "door", "column", "wall", "utility", "machine"] = Field(
        description="receiving and shipping: doors that goods pass. machine: of none of the document's lines."
    )
    x_m: NonNegative = Field(description="Corner nearest to that of the floor, along x, m.")
    y_m: NonNegative = Field(description="Corner nearest to that of the floor, along y, m.")
    width_m: NonNegative = Field(0, description="Extent along x, m; 0: a line or a point.")
    depth_m: NonNegative = Field(0, description="Extent along y, m; 0: a line or a point.")
    clear_m: NonNegative | None = Field(
        None, description="Free way round it, m; none: the floor's clearance_m. Doors need more for trucks."
    )


class Placement(Record):
    """Where one machine stands: the layout of a line is one such row for each of its machines."""

    floor: FloorId
    line: LineId
    station: Id = Field(description="Station of the line.")
    number: int = Field(1, ge=1, description="Which of the station's machines.")
    x_m: NonNegative = Field(description="Corner nearest to that of the floor, along x, m.")
    y_m: NonNegative = Field(description="Corner nearest to that of the floor, along y, m.")
    goods_leave: Literal["right", "up", "left", "down"] = Field(
        "right", description="Side at which goods leave it, along x or y; they enter at the opposite one."
    )
    is_fixed: bool = Field(False, description="Whether it stands there already and stays.")


class AdjacencyWish(Record):
    """Something that should stand near a station, or far from it, beside what the flow of units asks for."""

    line: LineId
    station: Id = Field(description="Station of the line.")
    other: Id = Field(description="Another station of the line, or a fixed place of the floor.")
    weight_per_min: float = Field(
        description="Counts like so many units a minute carried between the two; below 0: keep them apart."
    )
    reason: str = Field("", description="Why: steam pipe, noise, one operator for both …")
