"""Working hours: do they fit into the day, the week and each other?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from itertools import combinations

from manyworks.model.calendar import Calendar, Shift
from manyworks.model.checks.dates import horizon
from manyworks.model.checks.paths import at, listed
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.network import Network
from manyworks.units import HOURS_PER_DAY, HOURS_PER_WEEK, MINUTES_PER_DAY, MINUTES_PER_HOUR

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_PER_WEEK = HOURS_PER_WEEK * MINUTES_PER_HOUR


@rule(
    "calendar-beyond-day",
    "error",
    title="A day has 24 hours",
    explanation="Shifts a day times hours a shift are the open hours of a working day; a line cannot be open for more "
    "than 24 of them.",
    cure="Lower shifts_per_day or hours_per_shift; overtime has its own field.",
    is_local=True,
)
def beyond_day(network: Network) -> Iterator[Finding]:
    """Calendars with more than 24 open hours a day."""
    for position, row in enumerate(network.calendars):
        hours = row.shifts_per_day * row.hours_per_shift
        if hours > HOURS_PER_DAY + 1e-9:
            yield Finding(
                path=at("calendars", position, row, "hours_per_shift"),
                message=f"must give at most 24 h a day; {row.shifts_per_day:g} shifts of {row.hours_per_shift:g} h "
                f"are {hours:g} h",
                found=f"{row.hours_per_shift:g}",
            )


@rule(
    "overtime-without-room",
    "warning",
    title="Overtime needs hours of the week that are free",
    explanation="A calendar that is open around the clock has no room for overtime; what does not fit is left out.",
    cure="Lower overtime_share, or the regular hours.",
    is_local=True,
)
def overtime_without_room(network: Network) -> Iterator[Finding]:
    """Calendars whose overtime does not fit into the week."""
    for position, row in enumerate(network.calendars):
        week = _hours_per_week(row)
        if week <= HOURS_PER_WEEK + 1e-9 < week * (1 + row.overtime_share):
            yield Finding(
                path=at("calendars", position, row, "overtime_share"),
                message=f"asks for {week * (1 + row.overtime_share):.4g} h of a week that has {HOURS_PER_WEEK} h",
                found=f"{row.overtime_share:g}",
            )


@rule(
    "paid-hours-odd",
    "warning",
    title="A full-time worker is paid for 800 to 2,600 hours a year",
    explanation="Crews are counted in full-time workers; these hours say how many workers keep one post staffed.",
    cure="Write the hours that one worker is on shift a year, holidays and leave taken off.",
    is_local=True,
)
def odd_paid_hours(network: Network) -> Iterator[Finding]:
    """Calendars whose full-time workers hardly work, or work too long."""
    for position, row in enumerate(network.calendars):
        if not 800 <= row.paid_hours_per_worker_year <= 2600:
            yield Finding(
                path=at("calendars", position, row, "paid_hours_per_worker_year"),
                message="is usually between 800 and 2,600 h a year",
                found=f"{row.paid_hours_per_worker_year:g}",
            )


@rule(
    "shift-without-length",
    "error",
    title="A shift needs time to work",
    explanation="A shift that starts and ends at the same time, or whose break is as long as the shift, has no work in "
    "it.",
    cure="Correct starts, ends or break_min; split a shift of 24 hours in two.",
    is_local=True,
)
def empty_shifts(network: Network) -> Iterator[Finding]:
    """Shifts without a minute of work."""
    for position, row in enumerate(network.shifts):
        length = _length_min(row)
        if length == 0:
            yield Finding(
                path=at("shifts", position, row, "ends"),
                message="must be another time than starts",
                found=_clock(row.ends),
            )
        elif row.break_min >= length:
            yield Finding(
                path=at("shifts", position, row, "break_min"),
                message=f"must be shorter than the shift of {length} min",
                found=f"{row.break_min:g}",
            )


@rule(
    "shifts-overlap",
    "error",
    title="Shifts of a calendar may not overlap",
    explanation="One line is open once at a time; hours in two shifts would count twice. A shift that ends before it "
    "starts runs into the next day.",
    cure="Move the start or the end of one of the two shifts.",
    is_local=True,
)
def overlapping_shifts(network: Network) -> Iterator[Finding]:
    """Pairs of shifts of one calendar that share minutes of the week."""
    by_calendar: dict[str, list[tuple[int, Shift]]] = {}
    for position, row in enumerate(network.shifts):
        by_calendar.setdefault(row.calendar, []).append((position, row))
    for shifts in by_calendar.values():
        for (_, first), (position, second) in combinations(shifts, 2):
            day = _shared_day(first, second)
            if first.id != second.id and day:
                yield Finding(
                    path=at("shifts", position, second, "starts"),
                    message=f"overlaps the shift {first.id} ({_clock(first.starts)} to {_clock(first.ends)}) on {day}",
                    found=f"{_clock(second.starts)} to {_clock(second.ends)}",
                )


@rule(
    "shifts-against-hours",
    "warning",
    title="The shifts of a calendar should add up to its hours",
    explanation="Plans use the hours of the calendar, schedules its shifts. When the two differ by more than a tenth, "
    "the plan promises hours that the schedule does not have, or leaves some unused.",
    cure="Make shifts_per_day × hours_per_shift × days_per_week equal to the hours of the shifts.",
)
def shifts_against_hours(network: Network) -> Iterator[Finding]:
    """Calendars whose shifts and hours a week differ."""
    minutes: dict[str, float] = {}
    for shift in network.shifts:
        worked = max(_length_min(shift) - shift.break_min, 0) * len(set(shift.days))
        minutes[shift.calendar] = minutes.get(shift.calendar, 0.0) + worked
    for position, row in enumerate(network.calendars):
        if row.id in minutes:
            stated, by_shift = _hours_per_week(row), minutes[row.id] / MINUTES_PER_HOUR
            if abs(stated - by_shift) > 0.1 * stated:
                yield Finding(
                    path=at("calendars", position, row, "hours_per_shift"),
                    message=f"gives {stated:.4g} h a week, but the shifts of the calendar give {by_shift:.4g} h",
                    found=f"{row.hours_per_shift:g}",
                )


@rule(
    "holiday-outside-horizon",
    "warning",
    title="Holidays should lie in the horizon",
    explanation="A holiday before the start or after the end of the horizon is never met; mostly the year is an old "
    "one.",
    cure="Write the holidays of the planned years.",
)
def holidays_outside(network: Network) -> Iterator[Finding]:
    """Holidays that the horizon never meets; one finding for each calendar."""
    start, end = horizon(network)
    outside: dict[str, list[int]] = {}
    for position, row in enumerate(network.holidays):
        if not start <= row.day < end:
            outside.setdefault(row.calendar, []).append(position)
    for calendar, found in outside.items():
        first = network.holidays[found[0]]
        yield Finding(
            path=at("holidays", found[0], first, "day"),
            message=f"days of {calendar} lie outside the horizon from {start} to {end}",
            found=listed(str(network.holidays[position].day) for position in found),
        )


@rule(
    "maintenance-never-ends",
    "error",
    title="A repeated stop must end before it comes again",
    explanation="A planned stop that is longer than the days after which it repeats leaves no time to work.",
    cure="Shorten minutes, or raise every_days.",
    is_local=True,
)
def endless_maintenance(network: Network) -> Iterator[Finding]:
    """Repeated stops that last until the next one."""
    for position, row in enumerate(network.maintenance):
        if row.every_days is not None and row.minutes >= row.every_days * MINUTES_PER_DAY:
            yield Finding(
                path=at("maintenance", position, row, "minutes"),
                message=f"must be less than the {row.every_days:g} days after which it repeats",
                found=f"{row.minutes:g}",
            )


def _hours_per_week(row: Calendar) -> float:
    return row.shifts_per_day * row.hours_per_shift * row.days_per_week


def _minute(moment: time) -> int:
    return moment.hour * MINUTES_PER_HOUR + moment.minute


def _length_min(shift: Shift) -> int:
    return (_minute(shift.ends) - _minute(shift.starts)) % MINUTES_PER_DAY


def _clock(moment: time) -> str:
    return moment.strftime("%H:%M")


def _shared_day(first: Shift, second: Shift) -> str:
    """A weekday on which the two shifts share a minute, counted around the week; empty when there is none."""
    for day in dict.fromkeys(first.days):
        begin = WEEKDAYS.index(day) * MINUTES_PER_DAY + _minute(first.starts)
        for other in dict.fromkeys(second.days):
            start = WEEKDAYS.index(other) * MINUTES_PER_DAY + _minute(second.starts)
            ahead, behind = (start - begin) % MINUTES_PER_WEEK, (begin - start) % MINUTES_PER_WEEK
            if ahead < _length_min(first) or behind < _length_min(second):
                return day if ahead < _length_min(first) else other
    return ""
