"""Records of the running network: orders, runs, states, counts, forecasts, stock targets, recipes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from manyworks.model.record import (
    DemandOrderId,
    Id,
    JobOrderId,
    LineId,
    NonNegative,
    Positive,
    ProductId,
    Record,
    SiteId,
)


class DemandOrder(Record):
    """What a customer asked for."""

    id: Id
    customer: str = Field(description="Who asked.")
    product: ProductId
    quantity: Positive = Field(description="Sellable units.")
    due: datetime = Field(description="Aware time at which it must be with the customer.")
    value: NonNegative = Field(0, description="Money at stake.")
    site: SiteId | None = Field(None, description="Site whose customer it is; none: the network decides.")
    accepted: datetime | None = Field(None, description="When it was promised; none: not yet.")


class JobOrder(Record):
    """ISA-95 job order: the indivisible unit of work and of ownership."""

    id: Id
    demand_order: DemandOrderId | None = None
    site: SiteId
    product: ProductId
    quantity: Positive = Field(description="Good units to make.")
    release: datetime | None = Field(None, description="Earliest start.")
    due: datetime = Field(description="Aware time at which it must be ready to leave.")
    weight: NonNegative = Field(1, description="Money per unit and day late, relative.")


class RunSlot(Record):
    """One entry of a line's run sequence."""

    site: SiteId
    line: LineId
    number: int = Field(1, ge=1, description="Which of the site's lines of this type.")
    job_order: JobOrderId
    starts: datetime = Field(description="Aware time at which the first unit is started.")
    ends: datetime = Field(description="Aware time at which the line is empty.")
    changeover_min: NonNegative = Field(0, description="Changeover just before it.")


class StateInterval(Record):
    """A machine was in one PackML state from one moment to another."""

    equipment_path: str = Field(description="site/area/line/equipment.")
    state: str = Field(description="PackML state.")
    mode: str = Field("Production", description="PackML mode.")
    reason: str = Field("", description="Reason code; empty: none was given.")
    starts: datetime = Field(description="Aware time.")
    ends: datetime = Field(description="Aware time.")


class Count(Record):
    """Units counted by a machine in an interval."""

    equipment_path: str = Field(description="site/area/line/equipment.")
    product: ProductId
    good_units: NonNegative = Field(description="Units that may be sold.")
    scrap_units: NonNegative = Field(0, description="Units that may not.")
    starts: datetime = Field(description="Aware time.")
    ends: datetime = Field(description="Aware time.")


class ForecastRow(Record):
    """Forecast of one product at one site in one period."""

    site: SiteId
    product: ProductId
    period: str = Field(description="2027-08 or 2027-W33.")
    mean_units: NonNegative = Field(description="Expected units in the period.")
    quantiles: dict[str, float] = Field({}, description="Quantile to units, for example 0.1=90;0.9=130.")


class StockTarget(Record):
    """What a site should hold of a product on average."""

    site: SiteId
    product: ProductId
    cycle_units: NonNegative = Field(0, description="Half of what is made, and sent, in one go.")
    safety_units: NonNegative = Field(0, description="Against errors of the forecast and late transports.")
    season_units: NonNegative = Field(0, description="Made ahead of a season.")


class Recipe(Record):
    """Set-points for one product on one kind of equipment."""

    id: Id
    product: ProductId
    equipment_kind: Id = Field(description="Kind of equipment that it is for.")
    version: int = Field(1, ge=1, description="Counts up with each change.")
    set_points: dict[str, str] = Field({}, description="Parameter to value with unit.")
    approved_by: str = Field("", description="Role that approved it; empty: a draft.")
    approved: datetime | None = Field(None, description="When; none: a draft.")


class ChecklistStep(Record):
    """A step of a changeover, clean or start-up."""

    checklist: Id = Field(description="Checklist that it belongs to.")
    step: int = Field(ge=1, description="Place in the order.")
    kind: Literal["changeover", "clean", "startup", "shift"] = Field("changeover", description="Occasion.")
    text: str = Field(description="What to do.")
    needs: Literal["confirm", "value", "scan", "signature"] = Field(
        "confirm", description="What the operator must give."
    )
    minutes: NonNegative = Field(0, description="Time that it usually takes.")
    line: LineId | None = None
