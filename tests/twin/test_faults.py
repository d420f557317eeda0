"""What cannot be run is refused before the run, every fault with its place, what was found, and its cure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from manyworks.errors import DocumentError
from manyworks.model.times import deterministic, exponential
from manyworks.twin.faults import program_faults
from manyworks.twin.line_state import start_line
from manyworks.twin.program import (
    OUTSIDE,
    CrewProgram,
    FailureMode,
    LineProgram,
    Place,
    Run,
    StationProgram,
    serial_line,
)


def two() -> LineProgram:
    return serial_line([exponential(1.0)] * 2, [3])


def station(s: int, **changes: Any) -> LineProgram:
    line = two()
    stations = list(line.stations)
    stations[s] = replace(stations[s], **changes)
    return replace(line, stations=tuple(stations))


def place(p: int, **changes: Any) -> LineProgram:
    line = two()
    places = list(line.places)
    places[p] = replace(places[p], **changes)
    return replace(line, places=tuple(places))


def with_crew(**changes: Any) -> LineProgram:
    return replace(station(0, **changes), crews=(CrewProgram(id="people", people=1),))


def joined(**changes: Any) -> LineProgram:
    line = station(1, joins=True)
    lids = Place(id="lids", source=OUTSIDE, target=1)
    return replace(line, places=(*line.places[:2], replace(lids, **changes), *line.places[2:]))


SPARE = StationProgram(id="spare", work=(deterministic(1.0),))
BY_WORK = FailureMode(name="jam", to_failure=exponential(9.0), to_repair=exponential(1.0))

BROKEN = {
    "stations.s1.servers: must be at least 1": station(0, servers=0),
    "stations.s1.work: must have 1 laws": station(0, work=()),
    "stations.s2.scrap_share: must be between 0 and 1": station(1, scrap_share=(1.5,)),
    "stations.s2.changeover_min: must be 1 by 1": station(1, changeover_min=((0.0, 1.0),)),
    "stations.s1.operators: must come from a crew": station(0, operators=1),
    "stations.s1.operators: must be 1 at most": with_crew(operator_crew=0, operators=2),
    "stations.s1.repair_crew: must be positions of a crew": station(0, repair_crew=3),
    "stations.s1.kw.executing: must be 0 kW or more": station(0, kw={"executing": 3.0}),
    "stations.s1.failures: must not count its work": station(0, is_external=True, failures=(BY_WORK,)),
    "stations.s2: must not give away more than all": replace(
        place(2, share=0.7), places=(*place(2, share=0.7).places, Place(id="b", source=1, target=OUTSIDE, share=0.6))
    ),
    "stations.s2: must give away all of unit": place(2, share=0.7),
    "places.b1.capacity: must be 0 or more": place(1, capacity=-1),
    "places.b1.capacity: must be 1 at least where parts travel": place(1, capacity=0, travel_min=1.0),
    "places.b1.quantity: must be 1": place(1, quantity=2),
    "places.b1.target: must be a station": place(1, target=7),
    "places.lids: must not lead to a joining": joined(is_rework=True),
    "places.lids.capacity: must be 2 at least": joined(source=0, capacity=1, quantity=2),
    "runs[0].units: must be at least 1": replace(two(), runs=(Run(product=0, units=0),)),
    "runs[0].units: must end before": replace(two(), runs=(Run(product=0), Run(product=0))),
    "runs: must be positions of a product": replace(two(), runs=(Run(product=2),)),
    "wip_limit: must be at least 1": replace(two(), wip_limit=0),
    "wip_limit: must be 3 at least": replace(joined(quantity=3), wip_limit=2),
    "closed[1]: must begin after": replace(two(), closed=((10.0, 20.0), (15.0, 30.0))),
    "closed_period_min: must be as long": replace(two(), closed=((10.0, 20.0),), closed_period_min=15.0),
    "stations.spare: must have a place before it": replace(two(), stations=(*two().stations, SPARE)),
    "stations.s2: must have a way out for unit": place(2, target=0, capacity=3),
    "stations.spare: must be reached": replace(
        two(),
        stations=(*two().stations, SPARE),
        places=(
            *two().places,
            Place(id="in", source=2, target=2, capacity=1),
            Place(id="out", source=2, target=OUTSIDE),
        ),
    ),
    "startup_scrap: must be 1 by 1": replace(two(), startup_scrap=((1, 2), (3, 4))),
}


@pytest.mark.parametrize("words", BROKEN)
def test_a_broken_line_is_refused_with_its_fault_named(words):
    with pytest.raises(DocumentError) as refused:
        start_line(BROKEN[words])
    assert words in str(refused.value)
    assert all(issue.cure and issue.found for issue in refused.value.issues)


def test_every_fault_is_named_at_once():
    line = replace(station(0, servers=0, operators=1), wip_limit=0, units_per_part=0.0)
    assert len(program_faults(line)) == 4


def test_a_sound_line_has_no_fault():
    assert program_faults(two()) == []
    assert program_faults(joined(quantity=2)) == []
