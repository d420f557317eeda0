"""A line that can never move again is told from one that rests, and the stations in the circle are named."""

from __future__ import annotations

from dataclasses import replace

from manyworks.model.times import deterministic, exponential
from manyworks.twin.dead_ends import stuck_stations
from manyworks.twin.line_state import advance, start_line
from manyworks.twin.program import OUTSIDE, FailureMode, LineProgram, Place, Run, StationProgram, serial_line
from manyworks.twin.reading import reading


def circle(**changes: object) -> LineProgram:
    """Two stations that hand parts to each other directly, and a third that only looks on."""
    stations = tuple(StationProgram(id=name, work=(deterministic(1.0),)) for name in ("first", "make", "test"))
    places = (
        Place(id="in", source=OUTSIDE, target=0),
        Place(id="to_make", source=0, target=1, capacity=2),
        Place(id="on", source=1, target=2),
        Place(id="back", source=2, target=1, share=1.0, is_rework=True),
        Place(id="out", source=2, target=OUTSIDE, share=0.0),
    )
    return replace(LineProgram(name="circle", products=("a",), stations=stations, places=places), **changes)


def test_a_circle_of_full_hands_is_deadlocked_and_its_stations_are_named():
    state = start_line(circle())
    advance(state, 600.0)
    assert state.status == "deadlocked"
    assert stuck_stations(state) == ("make", "test")
    assert state.now_min == 5.0  # hands are full at 3, but the first station fills its place until 5
    reading(state).check()


def test_clocks_that_strike_for_ever_do_not_hide_a_deadlock():
    mode = FailureMode(name="trip", to_failure=exponential(50.0), to_repair=exponential(1.0), clock="time")
    line = circle()
    stations = tuple(replace(station, failures=(mode,)) for station in line.stations)
    state = start_line(replace(line, stations=stations), seed=3)
    advance(state, 6000.0)
    assert state.status == "deadlocked"
    assert stuck_stations(state) == ("make", "test")


def test_a_line_that_only_waits_is_not_dead():
    state = start_line(replace(serial_line([deterministic(1.0)], []), arrivals=deterministic(500.0)))
    advance(state, 400.0)
    assert state.status == "running"
    assert stuck_stations(state) == ()


def test_left_over_parts_before_a_joining_station_do_not_keep_a_run_from_being_complete():
    spoils = StationProgram(id="body", work=(deterministic(1.0),), scrap_share=(0.5,))
    lid = StationProgram(id="lid", work=(deterministic(1.0),))
    join = StationProgram(id="join", work=(deterministic(1.0),), joins=True)
    places = (
        Place(id="bodies", source=OUTSIDE, target=0),
        Place(id="lids", source=OUTSIDE, target=1),
        Place(id="body_join", source=0, target=2, capacity=100),
        Place(id="lid_join", source=1, target=2, capacity=100),
        Place(id="good", source=2, target=OUTSIDE),
    )
    runs = (Run(product=0, units=40),)
    line = LineProgram(name="lids", products=("a",), stations=(spoils, lid, join), places=places, runs=runs)
    state = start_line(line, seed=1)
    advance(state, 1000.0)
    found = reading(state)
    found.check()
    assert state.status == "complete"
    assert 0 < found.good[0] < 40
    assert found.inside == 40 - found.good[0]  # the lids of the bodies that were spoiled
