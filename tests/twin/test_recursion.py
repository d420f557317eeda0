"""The recursion is the simulation: the path of the reference engine to the tick, on any line of its class."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from manyworks.errors import UsageError
from manyworks.model.times import deterministic, exponential
from manyworks.twin.critical import critical_shares, follow
from manyworks.twin.program import (
    OUTSIDE,
    SCRAP,
    CrewProgram,
    FailureMode,
    LineProgram,
    Place,
    Run,
    StationProgram,
    serial_line,
)
from manyworks.twin.recursion import is_recursive, path, recursion
from tests.twin.lines import recursive_lines
from tests.twin.reference_engine import ReferenceLine

UNITS = 15
STOPS = [(FailureMode(name="stop", to_failure=exponential(20), to_repair=exponential(5)),)] * 4


@given(recursive_lines())
@settings(max_examples=40)
def test_the_recursion_goes_the_path_of_the_reference_engine(line):
    assert is_recursive(line) == ""
    run = path(line, seed=5, units=UNITS)
    reference = ReferenceLine(line, seed=5)
    reference.advance(int(max(leaves[-1] for leaves in run.leaves)))
    for station in range(len(line.stations)):
        for what, found in (("start", run.starts[station]), ("hand on", run.leaves[station])):
            expected = [tick for tick, event, where, *_ in reference.events if event == what and where == station]
            assert found.tolist() == expected[: len(found)]


@given(recursive_lines())
@settings(max_examples=30)
def test_the_critical_path_is_as_long_as_the_run(line):
    shares = follow(path(line, seed=2, units=UNITS))
    assert sum(shares.by_station) + sum(shares.travel) == pytest.approx(1.0, abs=1e-12)


@given(recursive_lines())
@settings(max_examples=20)
def test_replications_side_by_side_are_the_replications_alone(line):
    together = recursion(line, seed=3, replications=range(2, 21), units=UNITS)
    for row, replication in ((0, 2), (7, 9), (18, 20)):
        alone = path(line, seed=3, replication=replication, units=UNITS)
        root = next(place.source for place in line.places if place.target == OUTSIDE)
        assert together[row].tolist() == alone.leaves[root].tolist()
        assert (recursion(line, seed=3, replications=[replication], units=UNITS) == together[row]).all()


def test_blocks_of_units_join_without_a_seam():
    line = serial_line([exponential(1)] * 4, [2, 0, 100], failures=STOPS)
    long = recursion(line, seed=9, replications=range(3), units=1000)
    for units in (1, 63, 64, 65, 129):
        assert (recursion(line, seed=9, replications=range(3), units=units) == long[:, :units]).all()


def test_a_line_of_fixed_times_leaves_at_the_beat_of_its_slowest_station():
    line = serial_line([deterministic(1), deterministic(3), deterministic(2)], [1, 0])
    leaving = recursion(line, units=10)[0]
    assert (np.diff(leaving) == 3 * 60_000_000).all()
    assert leaving[0] == 6 * 60_000_000


def test_the_critical_path_names_the_slow_station_and_the_room_that_is_too_small():
    slow = serial_line([exponential(1.0), exponential(1.4), exponential(1.0)], [20, 20])
    assert critical_shares(slow, units=5000).bottleneck == "s2"
    assert critical_shares(slow, units=5000).by_station[1] > 0.9
    uneven = critical_shares(serial_line([exponential(1)] * 3, [0, 6]), units=5000)
    places = dict(zip(uneven.places, uneven.blocked, strict=True))
    assert places["b1"] > 2 * places["b2"]


def test_a_share_on_the_critical_path_is_what_a_faster_station_saves():
    line = serial_line([exponential(1), exponential(1.3), exponential(1), exponential(1)], [2, 2, 2])
    shares = critical_shares(line, seed=1, units=4000)
    before = recursion(line, seed=1, units=4000)[0, -1]
    for s in range(4):
        faster = replace(line.stations[s], work=(line.stations[s].work[0].scaled(0.9999),))
        changed = replace(line, stations=(*line.stations[:s], faster, *line.stations[s + 1 :]))
        saved = 1 - recursion(changed, seed=1, units=4000)[0, -1] / before
        assert saved / 1e-4 == pytest.approx(shares.work[s], abs=0.01)


def with_station(line: LineProgram, **fields) -> LineProgram:
    return replace(line, stations=(replace(line.stations[0], **fields), *line.stations[1:]))


TWO = serial_line([exponential(1)] * 2, [3])
SHARED = replace(with_station(TWO, operator_crew=0, operators=1), crews=(CrewProgram(id="people", people=1),))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (serial_line([exponential(1)] * 2, [3], servers=[2, 1]), "s1 has 2 servers"),
        (with_station(TWO, scrap_share=(0.1,)), "s1 scraps parts"),
        (with_station(TWO, is_external=True), "s1 is run from outside"),
        (
            with_station(
                TWO,
                failures=(FailureMode(name="f", to_failure=exponential(9), to_repair=exponential(1), clock="time"),),
            ),
            "s1 fails while it does not work",
        ),
        (replace(TWO, arrivals=exponential(1)), "parts arrive by chance"),
        (replace(TWO, wip_limit=3), "parts inside are limited"),
        (replace(TWO, closed=((1.0, 2.0),)), "it has closed time"),
        (
            replace(SHARED, stations=tuple(replace(s, operator_crew=0, operators=1) for s in SHARED.stations)),
            "people of people are shared",
        ),
        (
            replace(TWO, places=(*TWO.places, Place(id="bin", source=0, target=SCRAP, share=0.1))),
            "parts of s1 go to more than one place",
        ),
        (
            replace(TWO, places=(*TWO.places, Place(id="more", source=OUTSIDE, target=1))),
            "s2 is fed from 2 places",
        ),
        (serial_line([exponential(1)] * 2, [0], travel_min=[1.0]), "a hand-over to s2 takes time"),
    ],
)
def test_a_line_outside_the_class_is_refused_with_the_reason(line, reason):
    assert is_recursive(line) == reason
    with pytest.raises(UsageError, match=reason):
        recursion(line, units=1)


def test_people_enough_for_everybody_are_no_hindrance():
    assert is_recursive(SHARED) == ""


def test_more_units_than_the_runs_have_are_refused():
    line = replace(TWO, runs=(Run(product=0, units=5),))
    assert recursion(line, units=5).shape == (1, 5)
    with pytest.raises(UsageError, match="more units than the runs have"):
        recursion(line, units=6)


def test_a_circle_is_no_tree():
    stations = tuple(StationProgram(id=f"s{n}", work=(exponential(1),)) for n in range(3))
    places = (
        Place(id="a", source=0, target=1, capacity=1),
        Place(id="b", source=1, target=0, capacity=1),
        Place(id="in", source=OUTSIDE, target=2),
        Place(id="out", source=2, target=OUTSIDE),
    )
    assert is_recursive(LineProgram(name="c", products=("a",), stations=stations, places=places)) == "it is no tree"
