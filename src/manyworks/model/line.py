"""A production line: stations in a flow, and what the line is known to do."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from manyworks.model.record import (
    EquipmentId,
    Id,
    LineId,
    NonNegative,
    Positive,
    ProductId,
    Record,
    Share,
    SiteId,
    TemplateId,
)


class Line(Record):
    """A type of line that templates and sites install in whole numbers."""

    id: Id
    name: str
    products: list[ProductId] = Field([], description="Products that it can run; empty: all.")
    nominal_rate_per_min: Positive | None = Field(
        None, description="Rated units per minute of the whole line; none: its slowest station."
    )
    oee: Share | None = Field(
        None,
        description="Stated good units / (nominal rate × open minutes), changeovers and planned stops left out; "
        "used until the twin has measured a capability. None: the policy's default_oee.",
    )
    crew_per_shift: NonNegative = Field(
        0, description="Operators while the line is staffed; 0 with stations: their sum."
    )
    capex: NonNegative = Field(
        0, description="One line installed and commissioned; 0 with stations: their prices' sum."
    )
    kw_execute: NonNegative = Field(0, description="Power while running, kW; 0 with stations: their sum.")
    kw_idle: NonNegative = Field(0, description="Power while open but not running, kW.")
    footprint_m2: NonNegative = Field(0, description="Floor area of one line, m2.")
    fill_min: NonNegative = Field(0, description="Minutes from start until the first good unit leaves.")
    drain_min: NonNegative = Field(0, description="Minutes to run empty at the end of a run.")
    startup_scrap_units: NonNegative = Field(0, description="Units spoiled at each start of a run.")
    service_per_year: NonNegative = Field(0, description="Maintenance and spares of one line a year.")


class Station(Record):
    """A place on a line where equipment stands; ``count`` machines work in parallel."""

    line: LineId
    id: Id
    equipment: EquipmentId
    count: int = Field(1, ge=1, description="Machines in parallel.")
    sequence: int = Field(0, ge=0, description="Order along the line; flows override it where the line branches.")
    kind: Literal["serial", "assembly", "merge", "split"] = Field("serial", description="How it joins its inputs.")
    repair_crew: str = Field("", description="Repair crew that it shares, by id of crews; empty: its own.")
    operator_crew: str = Field("", description="Operators that it shares, by id of crews; empty: its own.")


class Crew(Record):
    """People that several stations of a line share; stations name it as their operator or repair crew."""

    line: LineId
    id: Id
    kind: Literal["operator", "repair"] = Field(description="Whether they run the machines or mend them.")
    people: int = Field(1, ge=1, description="People on shift.")


class Buffer(Record):
    """Space or a conveyor between two stations of a line."""

    line: LineId
    id: Id
    after: Id = Field(description="Station before it.")
    before: Id = Field(description="Station after it.")
    capacity_units: int = Field(0, ge=0, description="Units that fit; 0: the machines are coupled.")
    travel_min: NonNegative = Field(0, description="Minutes from end to end; 0: a plain buffer.")
    length_m: NonNegative = Field(0, description="Length on the floor, m.")


class Flow(Record):
    """A way that units take from station to station where the line is not simply serial."""

    line: LineId
    source: Id = Field(description="Station that sends.")
    target: Id = Field(description="Station that receives; `scrap` and `sink` leave the line.")
    share: Share | None = Field(None, description="Share of the units that go this way; none: the rest, or by product.")
    product: ProductId | None = Field(None, description="Only this product goes this way.")
    quantity: Positive = Field(1, description="Units of the source that one unit of an assembly takes.")
    is_rework: bool = Field(False, description="Goes back upstream.")


class RoutingStep(Record):
    """One operation of a product's routing; several steps are stages (roast, then pack)."""

    product: ProductId
    stage: int = Field(1, ge=1, description="Order of the operation.")
    operation: Id = Field(description="Name of the operation.")
    equipment_kind: Id | None = Field(None, description="Class of equipment that it needs.")
    lines: list[LineId] = Field([], description="Lines on which it may run; empty: any line that lists the product.")
    minutes_per_unit: Positive | None = Field(None, description="Work content; none: from the line's rate.")
    is_pausable: bool = Field(True, description="Whether it may stop for a break or the end of a shift.")


class Capability(Record):
    """What a line does with a product: measured by the twin or on the floor, with its interval."""

    site: SiteId | None = Field(None, description="Site that it was measured for; none: any.")
    template: TemplateId | None = Field(None, description="Template that it was measured for; none: any.")
    line: LineId
    product: ProductId
    nominal_rate_per_min: Positive = Field(description="Rated units per minute of this product.")
    effective_rate_per_min: Positive = Field(
        description="Good units per open minute; changeovers and planned stops are counted apart."
    )
    effective_low_per_min: Positive | None = Field(None, description="Lower end of the 95 % interval.")
    effective_high_per_min: Positive | None = Field(None, description="Upper end of the 95 % interval.")
    fill_min: NonNegative = Field(0, description="Minutes from start until the first good unit leaves.")
    drain_min: NonNegative = Field(0, description="Minutes to run empty at the end of a run.")
    method: str = Field("stated", description="stated, twin, or measured.")
    line_hash: str = Field("", description="Hash of the line that was measured.")
