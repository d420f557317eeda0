"""When people work."""

from __future__ import annotations

from datetime import date, time
from typing import Literal

from pydantic import Field

from manyworks.model.record import CalendarId, Id, LineId, NonNegative, Positive, Record, SiteId

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Calendar(Record):
    """A working pattern. Plans use its hours a year; schedules use its shifts and holidays minute by minute."""

    id: Id
    name: str = ""
    shifts_per_day: Positive = Field(2, le=4, description="Shifts on a working day.")
    hours_per_shift: Positive = Field(8, le=24, description="Hours of one shift, breaks taken off.")
    days_per_week: Positive = Field(5, le=7, description="Working days a week.")
    weeks_per_year: Positive = Field(50, le=53, description="Working weeks a year, holidays taken off.")
    overtime_share: NonNegative = Field(0.1, le=1, description="Further hours that may be worked, as a share.")
    overtime_premium: NonNegative = Field(0.5, description="Extra pay of an overtime hour, as a share of the wage.")
    paid_hours_per_worker_year: Positive = Field(
        1900, description="Hours that one full-time worker is on shift a year."
    )


class Shift(Record):
    """One shift of a calendar, in local time; an end before the start is on the next day."""

    calendar: CalendarId
    id: Id
    days: list[Weekday] = Field(description="Days of the week on which it starts.")
    starts: time = Field(description="Local time at which it starts.")
    ends: time = Field(description="Local time at which it ends.")
    break_min: NonNegative = Field(0, description="Unpaid break inside it.")


class Holiday(Record):
    """A day on which a calendar does not work."""

    calendar: CalendarId
    day: date = Field(description="Local date.")
    name: str = ""


class MaintenanceWindow(Record):
    """A planned stop of a line or site."""

    site: SiteId
    line: LineId | None = Field(None, description="None: the whole site.")
    day: date = Field(description="Local date of the first time.")
    starts: time = Field(description="Local time at which it starts.")
    minutes: Positive = Field(description="Length.")
    every_days: Positive | None = Field(None, description="Repeats after this many days; none: once.")
    reason: str = Field("maintenance", description="What is done, in a word or two.")
