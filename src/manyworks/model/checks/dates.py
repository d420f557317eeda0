"""Days and times: order, horizon, zones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import Any, get_args

from manyworks.model.checks.paths import at
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.market import DemandRow
from manyworks.model.network import Network, collections
from manyworks.model.periods import planning_periods
from manyworks.model.record import Record

ORDERED = {
    "products": ("limited_from", "limited_until", False),
    "opportunities": ("starts", "ends", True),
    "job_orders": ("release", "due", False),
    "demand_orders": ("accepted", "due", False),
    "run_slots": ("starts", "ends", True),
    "states": ("starts", "ends", False),
    "counts": ("starts", "ends", False),
}
"""Fields of which the first must not be later than the second; True: it must be earlier."""


@rule(
    "start-not-on-quarter",
    "error",
    title="The horizon must start with a calendar quarter",
    explanation="Plans step by calendar quarters, and demand is stated for calendar years, quarters and months.",
    cure="Write the first of January, April, July or October.",
    is_local=True,
)
def start_on_quarter(network: Network) -> Iterator[Finding]:
    """A start of the horizon inside a quarter."""
    start = network.finance.start
    if start.day != 1 or start.month % 3 != 1:
        yield Finding(
            path="finance.start",
            message="must be the first day of a calendar quarter",
            found=str(start),
            cure=f"Write {start.year}-{(start.month - 1) // 3 * 3 + 1:02}-01.",
        )


@rule(
    "ends-before-starts",
    "error",
    title="Nothing ends before it starts",
    explanation="Windows, orders and intervals run forward in time.",
    cure="Exchange the two dates, or correct one.",
    is_local=True,
)
def ends_before_starts(network: Network) -> Iterator[Finding]:
    """Windows, orders and intervals whose end is before their start."""
    for collection, (first, last, is_strict) in ORDERED.items():
        for position, row in enumerate(getattr(network, collection)):
            begin, end = getattr(row, first), getattr(row, last)
            if begin is None or end is None or _is_mixed(begin, end):
                continue
            if end < begin or (is_strict and end == begin):
                yield Finding(
                    path=at(collection, position, row, last),
                    message=f"must be {'after' if is_strict else 'at or after'} {first} ({begin})",
                    found=str(end),
                )


@rule(
    "time-without-zone",
    "error",
    title="A moment needs its offset from UTC",
    explanation="A network spans time zones; a moment without an offset means another one at each site. Moments are "
    "kept in UTC and shown in local time.",
    cure="Write the offset, for example 2027-03-01T06:00:00Z or 2027-03-01T06:00:00-05:00.",
    is_local=True,
)
def naive_times(network: Network) -> Iterator[Finding]:
    """Moments without an offset from UTC."""
    for collection, kind in collections().items():
        fields = _moments(kind)
        for position, row in enumerate(getattr(network, collection)) if fields else ():
            for name in fields:
                value = getattr(row, name)
                if value is not None and value.tzinfo is None:
                    yield Finding(
                        path=at(collection, position, row, name),
                        message="must state its offset from UTC",
                        found=value.isoformat(),
                    )


@rule(
    "impossible-period",
    "error",
    title="A period must be a year, quarter, month or week that exists",
    explanation="Demand is stated by year (2027), quarter (2027-Q3) or month (2027-08), forecasts by month or ISO week "
    "(2027-W33).",
    cure="Write 2027, 2027-Q3 or 2027-08 for demand; 2027-08 or 2027-W33 for forecasts.",
    is_local=True,
)
def impossible_periods(network: Network) -> Iterator[Finding]:
    """Periods of demand and forecasts that no calendar has."""
    for position, row in enumerate(network.demand):
        if _span(row.period) is None:
            yield Finding(
                path=at("demand", position, row, "period"), message="must be a month from 01 to 12", found=row.period
            )
    for position, slot in enumerate(network.forecasts):
        if not _is_forecast_period(slot.period):
            yield Finding(
                path=at("forecasts", position, slot, "period"), message="must be a month or ISO week", found=slot.period
            )


@rule(
    "outside-horizon",
    "warning",
    title="What lies outside the horizon has no effect",
    explanation="Limited runs, contracts, demand and duties that end before the horizon starts, or start after it "
    "ends, do not change the plan.",
    cure="Check the dates, or move finance.start, quarters and years.",
)
def outside_horizon(network: Network) -> Iterator[Finding]:
    """Limited runs, contracts and stated demand that the horizon never meets."""
    start, end = horizon(network)
    for collection, (first, last) in {
        "products": ("limited_from", "limited_until"),
        "opportunities": ("starts", "ends"),
    }.items():
        for position, row in enumerate(getattr(network, collection)):
            begins, ends = getattr(row, first), getattr(row, last)
            if (begins is not None and begins >= end) or (ends is not None and ends < start):
                field, day = (first, begins) if begins is not None and begins >= end else (last, ends)
                yield Finding(
                    path=at(collection, position, row, field),
                    message=f"lies outside the horizon from {start} to {end}",
                    found=str(day),
                )
    yield from _demand_outside(network, start, end)


def _demand_outside(network: Network, start: date, end: date) -> Iterator[Finding]:
    outside: dict[str, tuple[int, DemandRow]] = {}
    for position, row in enumerate(network.demand):
        span = _span(row.period)
        if span is not None and (span[0] >= end or span[1] <= start):
            outside.setdefault(row.period, (position, row))
    for period, (position, row) in outside.items():
        yield Finding(
            path=at("demand", position, row, "period"),
            message=f"lies outside the horizon from {start} to {end}",
            found=period,
        )


@rule(
    "opened-in-future",
    "warning",
    title="An existing site should have opened before the horizon",
    explanation="An existing site makes goods from the first day of the plan. A site that opens later is a candidate.",
    cure="Correct the date, or make the site a candidate.",
)
def opened_in_future(network: Network) -> Iterator[Finding]:
    """Existing sites that open after the horizon starts."""
    for position, row in enumerate(network.sites):
        if row.opened is not None and row.opened > network.finance.start:
            yield Finding(
                path=at("sites", position, row, "opened"),
                message=f"should not be after the start of the horizon ({network.finance.start})",
                found=str(row.opened),
            )


def horizon(network: Network) -> tuple[date, date]:
    """First day of the horizon and the day after its last one."""
    periods = planning_periods(network.finance)
    return periods[0].starts, periods[-1].ends


def _is_mixed(begin: Any, end: Any) -> bool:
    """Whether only one of two moments states its offset; they have no order then."""
    return isinstance(begin, datetime) and (begin.tzinfo is None) != (end.tzinfo is None)


@cache
def _moments(kind: type[Record]) -> tuple[str, ...]:
    return tuple(
        name
        for name, field in kind.model_fields.items()
        if field.annotation is datetime or datetime in get_args(field.annotation)
    )


def _span(period: str) -> tuple[date, date] | None:
    """First day and the day after the last of a year, quarter or month; None when there is no such one."""
    year = int(period[:4])
    if not date.min.year <= year < date.max.year:
        return None
    if len(period) == 4:
        first, months = 1, 12
    elif period[5] == "Q":
        first, months = 3 * int(period[6]) - 2, 3
    else:
        first, months = int(period[5:]), 1
    if not 1 <= first <= 12:
        return None
    after = first - 1 + months
    return date(year, first, 1), date(year + after // 12, after % 12 + 1, 1)


def _is_forecast_period(period: str) -> bool:
    if re.fullmatch(r"\d{4}-\d{2}", period):
        return 1 <= int(period[5:]) <= 12
    if re.fullmatch(r"\d{4}-W\d{2}", period):
        try:
            date.fromisocalendar(int(period[:4]), int(period[6:]), 1)
        except ValueError:
            return False
        return True
    return False
