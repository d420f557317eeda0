"""Records of the running network: orders, runs, states, counts, forecasts, recipes."""

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
    customer: str
    product: ProductId
    quantity: Positive = Field(description="Sellable units.")
    due: datetime = Field(description="Aware time at which it must be with the customer.")
    value: NonNegative = Field(0, description="Money at stake.")
    site: SiteId | None = Field(None, description="Site whose customer it is; none: the network decides.")
    accepted: datetime | None = None


class JobOrder(Record):
    """ISA-95 job order: the indivisible unit of work and of ownership."""

    id: Id
    demand_order: DemandOrderId | None = None
    site: SiteId
    product: ProductId
    quantity: Positive
    release: datetime | None = Field(None, description="Earliest start.")
    due: datetime
    weight: NonNegative = Field(1, description="Money per unit and day late, relative.")


class RunSlot(Record):
    """One entry of a line's run sequence."""

    site: SiteId
    line: LineId
    number: int = Field(1, ge=1, description="Which of the site's lines of this type.")
    job_order: JobOrderId
    starts: datetime
    ends: datetime
    changeover_min: NonNegative = 0


class StateInterval(Record):
    """A machine was in one PackML state from one moment to another."""

    equipment_path: str
    state: str = Field(description="PackML state.")
    mode: str = Field("Production", description="PackML mode.")
    reason: str = ""
    starts: datetime
    ends: datetime


class Count(Record):
    """Units counted by a machine in an interval."""

    equipment_path: str
    product: ProductId
    good_units: NonNegative
    scrap_units: NonNegative = 0
    starts: datetime
    ends: datetime


class ForecastRow(Record):
    """Forecast of one product at one site in one period."""

    site: SiteId
    product: ProductId
    period: str = Field(description="2027-08 or 2027-W33.")
    mean_units: NonNegative
    quantiles: dict[str, float] = Field({}, description="Quantile to units, for example 0.1=90;0.9=130.")


class Recipe(Record):
    """Set-points for one product on one kind of equipment."""

    id: Id
    product: ProductId
    equipment_kind: Id
    version: int = Field(1, ge=1)
    set_points: dict[str, str] = Field({}, description="Parameter to value with unit.")
    approved_by: str = ""
    approved: datetime | None = None


class ChecklistStep(Record):
    """A step of a changeover, clean or start-up."""

    checklist: Id
    step: int = Field(ge=1)
    kind: Literal["changeover", "clean", "startup", "shift"] = "changeover"
    text: str
    needs: Literal["confirm", "value", "scan", "signature"] = "confirm"
    minutes: NonNegative = 0
    line: LineId | None = None
