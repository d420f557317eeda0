"""What time it is: code that lives in time asks a `Clock`, never the system.

`Clock` is the interface, `SystemClock` the real one, `ManualClock` moves only when it is told to.
Every time is an aware UTC `datetime`; local time exists on screens only.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from manyworks.errors import UsageError


class Clock(Protocol):
    """The time of day, and a stopwatch that never runs backwards."""

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        ...

    def elapsed_s(self) -> float:
        """Seconds since an arbitrary start; differences are meaningful, and never negative."""
        ...


class SystemClock:
    """The clock of this computer."""

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        return datetime.now(UTC)

    def elapsed_s(self) -> float:
        """Seconds on the monotonic clock, which setting the time of day does not move."""
        return time.monotonic()


class ManualClock:
    """A clock for tests and simulations: it stands still until `advance` moves it."""

    def __init__(self, start: datetime) -> None:
        self._start = to_utc(start)
        self._now = self._start

    def now(self) -> datetime:
        """The time it was last set to, aware, in UTC."""
        return self._now

    def elapsed_s(self) -> float:
        """Seconds that it was advanced by since its start."""
        return (self._now - self._start).total_seconds()

    def advance(self, by: timedelta) -> None:
        """Move forward by `by`, which must not be negative: time does not run backwards."""
        if by < timedelta(0):
            raise UsageError("time must not run backwards", where="by", found=by, cure="Advance by zero or more.")
        self._now += by


def to_utc(moment: datetime) -> datetime:
    """`moment` in UTC; a naive one is refused, because its zone could only be guessed."""
    if moment.utcoffset() is None:
        raise UsageError(
            "a time must carry its zone",
            where="moment",
            found=moment.isoformat(),
            cure="Add a UTC offset or a zone.",
        )
    return moment.astimezone(UTC)
