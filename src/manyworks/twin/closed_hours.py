"""When a line stands by plan: no shift, breaks, holidays, maintenance, periodic cleans; minutes from a Monday 00:00."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from manyworks.model.calendar import Calendar, Shift
from manyworks.model.changeover import Sanitation
from manyworks.model.hours import STANDARD, template_calendar
from manyworks.model.network import Network
from manyworks.units import DAYS_PER_WEEK, HOURS_PER_DAY, MINUTES_PER_DAY, MINUTES_PER_HOUR

WEEK = DAYS_PER_WEEK * MINUTES_PER_DAY
WEEKS_PER_YEAR = 52
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Spans = list[tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class ClosedHours:
    """Intervals of minutes in a period of 52 weeks in which the line stands, and why, in minutes of that period."""

    spans: tuple[tuple[float, float], ...]
    period_min: float
    reasons: tuple[tuple[str, float], ...]


def closed_hours(
    network: Network, line: str, *, site: str | None, template: str | None, products: Sequence[str]
) -> ClosedHours:
    """Planned stops of a line in the 52 weeks from the Monday on or before ``finance.start``.

    Shifts with their breaks (in the middle) and holidays where the calendar has shifts, else its hours a day, days a
    week and weeks a year from Monday 00:00 on; then maintenance windows of the site; then cleans, each after so many
    open hours. Local time without the change to summer time.
    """
    calendar = _calendar(network, template)
    start = network.finance.start - timedelta(days=network.finance.start.weekday())
    shifts = [row for row in network.shifts if row.calendar == calendar.id]
    period = float(WEEK * WEEKS_PER_YEAR)
    work = _by_shifts(shifts) if shifts else _by_numbers(calendar)
    off = _complement(_merged(work), period)
    reasons = {"no shift": _length(off)}
    if shifts:
        reasons |= {"breaks": _add(off, _breaks(shifts), period)}
        days = [row.day for row in network.holidays if row.calendar == calendar.id]
        reasons |= {"holidays": _add(off, [_day(day, start) for day in days], period)}
    reasons |= {"maintenance": _add(off, _maintenance(network, line, site, start, period), period)}
    reasons |= {"cleaning": _clean(off, network.sanitations, line, products, period)}
    reasons = {name: minutes for name, minutes in reasons.items() if minutes > 0}
    return ClosedHours(spans=tuple(off), period_min=period, reasons=tuple(reasons.items()))


def _calendar(network: Network, template: str | None) -> Calendar:
    if template is not None:
        return template_calendar(network, network.get("templates", template))
    if network.policy.default_calendar is not None:
        found: Calendar = network.get("calendars", network.policy.default_calendar)
        return found
    return network.calendars[0] if len(network.calendars) == 1 else STANDARD


def _minute(moment: time) -> float:
    return moment.hour * MINUTES_PER_HOUR + moment.minute + moment.second / 60


def _shift_spans(shift: Shift) -> Spans:
    """Every time that the shift is worked in the year."""
    starts, ends = _minute(shift.starts), _minute(shift.ends)
    length = ends - starts if ends > starts else ends - starts + MINUTES_PER_DAY
    days = [WEEKDAYS.index(day) * MINUTES_PER_DAY for day in shift.days]
    return [
        (week * WEEK + day + starts, week * WEEK + day + starts + length)
        for week in range(-1, WEEKS_PER_YEAR)  # the last night before may reach into the first day
        for day in days
    ]


def _by_shifts(shifts: Iterable[Shift]) -> Spans:
    return [span for shift in shifts for span in _shift_spans(shift)]


def _breaks(shifts: Iterable[Shift]) -> Spans:
    return [
        ((a + b - shift.break_min) / 2, (a + b + shift.break_min) / 2)
        for shift in shifts
        if shift.break_min > 0
        for a, b in _shift_spans(shift)
    ]


def _by_numbers(calendar: Calendar) -> Spans:
    """So many hours a day from midnight, so many days a week from Monday, so many weeks from the first."""
    hours = min(calendar.shifts_per_day * calendar.hours_per_shift, HOURS_PER_DAY) * MINUTES_PER_HOUR
    whole, part = divmod(calendar.days_per_week, 1)
    week: Spans = [(day * MINUTES_PER_DAY, day * MINUTES_PER_DAY + hours) for day in range(int(whole))]
    if part:
        week.append((whole * MINUTES_PER_DAY, whole * MINUTES_PER_DAY + part * hours))
    weeks = min(calendar.weeks_per_year, WEEKS_PER_YEAR)
    spans: Spans = [(w * WEEK + a, w * WEEK + b) for w in range(int(weeks)) for a, b in week]
    left = (weeks - int(weeks)) * WEEK
    spans += [(int(weeks) * WEEK + a, int(weeks) * WEEK + min(b, left)) for a, b in week if a < left]
    return spans


def _day(day: date, start: date) -> tuple[float, float]:
    first = float((day - start).days * MINUTES_PER_DAY)
    return first, first + MINUTES_PER_DAY


def _maintenance(network: Network, line: str, site: str | None, start: date, period: float) -> Spans:
    spans: Spans = []
    for row in network.maintenance:
        if row.site != site or row.line not in (None, line):
            continue
        first = _day(row.day, start)[0] + _minute(row.starts)
        step = row.every_days * MINUTES_PER_DAY if row.every_days else period
        if row.every_days and first < 0:
            first += -(first // step) * step
        while first < period:
            spans.append((first, first + row.minutes))
            first += step
    return spans


def _clean(off: Spans, rows: Sequence[Sanitation], line: str, products: Sequence[str], period: float) -> float:
    """Add each clean after so many open minutes; returns the minutes that cleaning takes of the open time."""
    total = 0.0
    for row in rows:
        share = sum(not row.products or product in row.products for product in products) / len(products)
        if (row.lines and line not in row.lines) or not row.minutes or not share:
            continue
        spans = _due(_complement(off, period), row.every_h * MINUTES_PER_HOUR / share, row.minutes)
        total += _add(off, spans, period)
    return total


def _due(work: Spans, every: float, minutes: float) -> Spans:
    """A stop of ``minutes`` after ``every`` minutes of work; one that does not fit in an open interval goes on."""
    spans: Spans = []
    run_left, stop_left = every, 0.0
    for a, b in work:
        while a < b:
            if stop_left > 0:
                step = min(stop_left, b - a)
                spans.append((a, a + step))
                stop_left -= step
            else:
                step = min(run_left, b - a)
                run_left -= step
                if run_left <= 0:
                    run_left, stop_left = every, minutes
            a += step
    return spans


def _add(off: Spans, more: Spans, period: float) -> float:
    """Add spans in place; returns the minutes that were open before."""
    before = _length(off)
    off[:] = [(max(a, 0.0), min(b, period)) for a, b in _merged([*off, *more]) if b > 0 and a < period]
    return _length(off) - before


def _length(spans: Spans) -> float:
    return sum(b - a for a, b in spans)


def _merged(spans: Spans) -> Spans:
    """Spans in order, those that touch as one, empty ones left out."""
    found: Spans = []
    for a, b in sorted(spans):
        if b <= a:
            continue
        if found and a <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], b))
        else:
            found.append((a, b))
    return found


def _complement(spans: Spans, period: float) -> Spans:
    edges = [0.0, *(min(max(edge, 0.0), period) for span in spans for edge in span), period]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]
