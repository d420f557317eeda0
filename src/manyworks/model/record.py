"""The base of every record of the document, and how a record points at another one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

ID_PATTERN = r"^[a-z][a-z0-9_]{0,40}$"
"""Ids become message subjects, file names and anchors, so they are plain lower-case words."""


class Record(BaseModel):
    """A frozen, keyword-only row of one collection.

    Records are flat: numbers, words, dates, short lists of these, and mappings of word to word. What belongs to
    another record says so by id. So a YAML entry, a CSV row, a sheet row and a REST row are the same thing.
    ``None`` means *not stated*; zero is a number like any other.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, str_strip_whitespace=True)


@dataclass(frozen=True)
class Ref:
    """Marks a field as the id of a record in one of ``collections``."""

    collections: tuple[str, ...]

    def __init__(self, *collections: str) -> None:
        object.__setattr__(self, "collections", collections)


Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NonNegative = Annotated[float, Field(ge=0)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]

BufferId = Annotated[str, Ref("buffers")]
CalendarId = Annotated[str, Ref("calendars")]
EquipmentId = Annotated[str, Ref("equipment")]
FloorId = Annotated[str, Ref("floors")]
LineId = Annotated[str, Ref("lines")]
MarketId = Annotated[str, Ref("markets")]
MaterialId = Annotated[str, Ref("materials")]
ModeId = Annotated[str, Ref("freight_modes")]
OutageClassId = Annotated[str, Ref("outage_classes")]
ProductId = Annotated[str, Ref("products")]
ScenarioId = Annotated[str, Ref("scenarios")]
SeasonId = Annotated[str, Ref("seasons")]
SiteId = Annotated[str, Ref("sites")]
SupplierId = Annotated[str, Ref("suppliers")]
TemplateId = Annotated[str, Ref("templates")]
DemandOrderId = Annotated[str, Ref("demand_orders")]
JobOrderId = Annotated[str, Ref("job_orders")]
