"""A live line takes commands and faults, is read and forked, and goes on as the run that never stopped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from manyworks.errors import UsageError
from manyworks.model.times import deterministic, exponential
from manyworks.twin.live import LiveLine
from manyworks.twin.program import LineProgram, Run, StationProgram, serial_line
from manyworks.twin.states import Doing


def steady() -> LineProgram:
    """Two stations of a minute each, one place between them."""
    return serial_line([deterministic(1.0)] * 2, [1])


def test_a_stopped_machine_stands_until_it_is_started():
    live = LiveLine(steady())
    live.advance(10.5)
    live.command("s1", "stop")
    assert live.doing("s1") is Doing.ON_COMMAND
    live.advance(20.0)
    assert live.doing("s2") is Doing.STARVED
    live.command("s1", "start")
    live.advance(20.6)
    found = live.read()
    found.check()
    assert found.finished[0] == 11  # the half that was left of its part took half a minute
    assert found.state_ticks[0, Doing.ON_COMMAND] == 9.5 * 60_000_000


def test_a_fault_holds_a_machine_for_its_time_and_its_part_waits():
    live = LiveLine(steady())
    live.advance(5.25)
    live.inject("s2", 7.0)
    assert live.doing("s2") is Doing.UNDER_REPAIR
    live.advance(12.0)
    assert live.doing("s1") is Doing.BLOCKED
    live.advance(13.1)
    found = live.read()
    found.check()
    assert found.good[0] == 5


def test_speed_holds_from_the_next_part_on():
    live = LiveLine(serial_line([deterministic(1.0)], []))
    live.advance(4.5)
    live.command("s1", "speed", 2.0)
    live.advance(10.0)
    assert live.read().good[0] == 5 + 10


def test_an_external_station_works_until_it_is_told():
    line = steady()
    line = replace(line, stations=(line.stations[0], replace(line.stations[1], is_external=True)))
    live = LiveLine(line)
    live.advance(30.0)
    assert live.read().good[0] == 0
    assert live.state.status == "running"
    live.command("s2", "finish")
    assert live.read().good[0] == 1
    with pytest.raises(UsageError, match="must be external"):
        live.command("s1", "finish")


def test_the_line_makes_another_product_when_told():
    times = (deterministic(1.0), deterministic(0.5))
    station = StationProgram(id="s1", work=times, changeover_min=((0.0, 3.0), (3.0, 0.0)))
    line = replace(steady(), products=("a", "b"), stations=(station,), places=serial_line([times[0]], []).places)
    live = LiveLine(line)
    live.advance(2.5)
    live.command("", "product", "b")
    live.advance(2.5 + 0.5 + 3.0 + 1.0)
    assert live.read().good.tolist() == [3, 2]


def test_a_command_in_closed_time_waits_for_the_opening():
    live = LiveLine(replace(steady(), closed=((5.0, 15.0),)))
    live.advance(7.0)
    live.command("s1", "stop")
    assert live.doing("s1") is Doing.CLOSED
    live.advance(16.0)
    assert live.doing("s1") is Doing.ON_COMMAND
    live.read().check()


def test_a_fork_answers_what_if_and_leaves_the_line_alone():
    line = serial_line([exponential(1.0)] * 3, [2, 2])
    live, straight = LiveLine(line, seed=4), LiveLine(line, seed=4)
    live.advance(50.0)
    fork = live.fork()
    fork.command("s2", "stop")
    fork.advance(100.0)
    live.advance(100.0)
    straight.advance(100.0)
    assert fork.read().good[0] < live.read().good[0]
    assert live.state.to_bytes() == straight.state.to_bytes()


def test_a_finished_order_ends_the_run_and_unknown_names_are_refused():
    live = LiveLine(replace(steady(), runs=(Run(product=0, units=3),)))
    live.advance(60.0)
    assert live.state.status == "complete"
    assert live.now_min == 4.0
    with pytest.raises(UsageError, match="must be a station"):
        live.command("s9", "stop")
    with pytest.raises(UsageError, match="must be a product"):
        live.command("", "product", "z")
