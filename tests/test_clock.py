from datetime import UTC, datetime, timedelta, timezone

import pytest

from manyworks.clock import ManualClock, SystemClock, to_utc
from manyworks.errors import UsageError

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_a_manual_clock_moves_only_when_told():
    clock = ManualClock(NOON)
    assert clock.now() == clock.now() == NOON
    clock.advance(timedelta(minutes=90))
    assert clock.now() == NOON + timedelta(minutes=90)
    assert clock.elapsed_s() == 5400


def test_a_manual_clock_refuses_to_run_backwards():
    with pytest.raises(UsageError, match="must not run backwards"):
        ManualClock(NOON).advance(timedelta(seconds=-1))


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(UsageError, match="must carry its zone"):
        ManualClock(NOON.replace(tzinfo=None))


def test_a_time_of_another_zone_becomes_utc():
    moment = to_utc(datetime(2026, 1, 5, 7, tzinfo=timezone(timedelta(hours=-5))))
    assert moment == NOON
    assert moment.tzinfo is UTC


def test_the_system_clock_tells_aware_utc_and_never_runs_backwards():
    clock = SystemClock()
    before = clock.elapsed_s()
    assert clock.now().tzinfo is UTC
    assert clock.elapsed_s() >= before
