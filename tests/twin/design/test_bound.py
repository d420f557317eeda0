"""No line makes more in the long run than its machines allow: rows, branches, assemblies, rework, scrap, crews."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from manyworks.model.times import deterministic
from manyworks.twin.design.bound import rate_bound
from manyworks.twin.program import ENDLESS, OUTSIDE, LineProgram, Place, Run, StationProgram
from manyworks.twin.replicate import replicate
from tests.twin.lines import lines

MINUTES = 1000.0
START = 200
"""Good parts by which a run that begins empty and in repair may be ahead of the long run."""


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines())
def test_no_random_line_exceeds_its_bound(program):
    endless = replace(program, runs=(Run(product=program.runs[0].product, units=ENDLESS),), closed=())
    endless = replace(endless, closed_period_min=None)
    seen = replicate(endless, seed=1, replications=range(2), window_min=MINUTES, windows=1, threads=1)
    most = rate_bound(endless).rate_per_min / endless.units_per_part * MINUTES
    assert seen.good.sum(axis=(1, 2)).max() <= 1.15 * most + START


def test_rework_takes_capacity():
    station = StationProgram(id="mill", work=(deterministic(1),))
    places = (
        Place(id="supply", source=OUTSIDE, target=0),
        Place(id="again", source=0, target=0, capacity=50, share=0.2, is_rework=True),
        Place(id="good", source=0, target=OUTSIDE),
    )
    program = LineProgram(name="rework", products=("unit",), stations=(station,), places=places)
    assert rate_bound(program).rate_per_min == pytest.approx(0.8)


def test_an_assembly_is_bound_by_the_part_that_it_takes_twice():
    stations = (
        StationProgram(id="legs", work=(deterministic(0.5),)),
        StationProgram(id="tops", work=(deterministic(0.3),)),
        StationProgram(id="join", work=(deterministic(0.1),), joins=True),
    )
    places = (
        Place(id="in_legs", source=OUTSIDE, target=0),
        Place(id="in_tops", source=OUTSIDE, target=1),
        Place(id="legs", source=0, target=2, capacity=8, quantity=4),
        Place(id="tops", source=1, target=2, capacity=2),
        Place(id="good", source=2, target=OUTSIDE),
    )
    program = LineProgram(name="tables", products=("table",), stations=stations, places=places)
    assert rate_bound(program).rate_per_min == pytest.approx(0.5)
    assert rate_bound(program).stations == (0,)
