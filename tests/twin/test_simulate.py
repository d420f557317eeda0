"""Promises of a simulated line: rates with intervals that hold, losses that add up, the bottleneck found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from manyworks.errors import UsageError
from manyworks.model.times import deterministic, exponential
from manyworks.twin.line_state import advance, start_line
from manyworks.twin.losses import oee_waterfall
from manyworks.twin.program import FailureMode, Place, Run, StationProgram, serial_line
from manyworks.twin.reading import reading
from manyworks.twin.simulate import simulate_line, simulate_program
from tests.twin.documents import bottle_data, bottle_line


def stops(mean_up, mean_down, **more):
    """A machine that stops by itself, exponential both ways."""
    return FailureMode(name="stop", to_failure=exponential(mean_up), to_repair=exponential(mean_down), **more)


@pytest.fixture(scope="module")
def run():
    return simulate_line(bottle_line(), line="small_line", site="reno", runs="oat_bar", half_width=0.02, seed=3)


def test_the_rate_comes_with_an_interval_as_narrow_as_asked_for(run):
    assert run.is_precise
    assert run.rate.low < run.rate.mean < run.rate.high < 20
    assert run.rate.relative <= 0.02


def test_nothing_gets_lost_on_the_way(run):
    assert [str(issue) for issue in run.check()] == []


def test_a_run_that_does_not_add_up_is_caught(run):
    sample = run.sample
    wrong = [
        replace(sample, good=sample.good + 5),
        replace(sample, state_min=sample.state_min * 1.01),
        replace(sample, kwh=sample.kwh + 1),
        replace(sample, flow_min=sample.flow_min * 2),
    ]
    found = [[issue.rule for issue in replace(run, sample=broken).check()] for broken in wrong]

    assert ["run-units" in found[0], "run-clock" in found[1], "run-meter" in found[2], "run-little" in found[3]] == [
        True
    ] * 4


def test_losses_lead_from_calendar_time_to_the_oee(run):
    waterfall = run.waterfall
    lost = sum(loss.minutes for loss in waterfall.losses)

    assert waterfall.pacing == "filler"
    assert waterfall.calendar - lost == pytest.approx(100 * run.oee.mean)
    assert waterfall.figures.availability == pytest.approx(60 / 64, rel=0.02)  # runs 60 min, stands 4
    assert waterfall.of("planned") > 100  # two shifts of five days


def test_the_slowest_machine_is_the_bottleneck_and_a_faster_one_lifts_the_line(run):
    gains = {row.station: row.gain for row in run.bottleneck.suspects}

    assert run.bottleneck.station == "filler"
    assert gains["filler"] is not None
    assert 3 < gains["filler"].mean < 5.2


def test_figures_can_be_read_as_text_table_and_data(run):
    data = run.to_dict()

    assert "per open minute" in run.summary()
    assert run.stations["station"].tolist() == ["filler", "capper", "packer"]
    assert data["rate_per_min"]["mean"] == run.rate.mean
    assert data["provenance"]["line_hash"] == run.program.line_hash != ""
    assert run.cost_per_unit is not None
    assert run.cost_per_unit["people"] > run.cost_per_unit["energy"]


def test_the_same_seed_gives_the_same_figures_on_any_number_of_threads():
    line = serial_line([exponential(1), exponential(1)], [2])
    one, two = (simulate_program(line, half_width=0.1, seed=9, threads=threads) for threads in (1, 2))

    assert one.sample.good.tolist() == two.sample.good.tolist()
    assert one.to_dict()["rate_per_min"] == two.to_dict()["rate_per_min"]


def test_an_exact_answer_stands_beside_the_interval_that_holds_it():
    run = simulate_program(serial_line([exponential(1), exponential(1)], [1]), half_width=0.02, confidence=0.99)

    assert run.exact_rate == pytest.approx(3 / 4)
    assert run.rate.low < 3 / 4 < run.rate.high
    assert [str(issue) for issue in run.check()] == []


def test_closed_time_changes_nothing_but_the_calendar():
    """What is simulated without closed intervals is what the engine does in the open time between them."""
    open_ = replace(
        serial_line([exponential(1), exponential(0.8)], [3], failures=[[stops(30, 3)], [stops(50, 5, clock="time")]]),
    )
    closed = replace(open_, closed=((200.0, 500.0), (900.0, 1000.0)))
    short, long = start_line(open_, seed=4), start_line(closed, seed=4)
    advance(short, 1100)
    advance(long, 1500)
    here, there = reading(short), reading(long)

    assert here.good.tolist() == there.good.tolist()
    assert np.array_equal(here.state_ticks[:, :8], there.state_ticks[:, :8])
    assert simulate_program(closed, half_width=0.05).rate == simulate_program(open_, half_width=0.05).rate


def test_grouped_units_make_the_line_no_faster():
    network = bottle_line()
    single, grouped = (
        simulate_program(program, half_width=0.02).rate for program in (_program(network, 1), _program(network, 4))
    )
    assert grouped.mean == pytest.approx(single.mean, rel=0.04)


def _program(network, units):
    from manyworks.twin.line_program import line_program

    return line_program(network, line="small_line", runs="oat_bar", units=units)


def test_several_products_are_weighed_by_their_lots_and_changes_are_counted():
    rule = {"id": "any", "attribute": "product", "minutes": 30, "scope": "line"}
    network = bottle_line(changeovers=[rule])
    run = simulate_line(network, line="small_line", runs={"salted_nuts": 3000, "oat_bar": 1000}, half_width=0.02)
    rates = {name: rate.mean for name, rate in run.rates.items()}

    assert rates["salted_nuts"] / rates["oat_bar"] == pytest.approx(3, rel=0.03)
    assert run.running_rate.mean > 1.1 * run.rate.mean
    assert {loss.name for loss in run.waterfall.losses} >= {"changeover", "repair"}
    assert [str(issue) for issue in run.check()] == []


def test_a_line_that_stands_still_for_ever_is_named():
    rework = (
        Place(id="supply", source=-1, target=0),
        Place(id="on", source=0, target=1, capacity=1),
        Place(id="back", source=1, target=0, capacity=0, share=0.5, is_rework=True),
        Place(id="good", source=1, target=-1),
    )
    line = replace(serial_line([deterministic(1), deterministic(1)], [1]), places=rework)

    with pytest.raises(UsageError, match="stands still for ever"):
        simulate_program(line)


def test_what_cannot_be_answered_is_refused():
    line = serial_line([deterministic(1)], [])
    with pytest.raises(UsageError, match="half_width"):
        simulate_program(line, half_width=0)
    with pytest.raises(UsageError, match="without end"):
        simulate_program(replace(line, runs=(Run(product=0, units=100),)))


def test_waiting_that_a_nominal_rate_allows_for_is_no_loss():
    """The second station paces one product, the first the other: neither wait of the pacing station is lost time."""
    stations = (
        StationProgram(id="a", work=(deterministic(1.0), deterministic(0.2))),
        StationProgram(id="b", work=(deterministic(0.5), deterministic(0.5))),
    )
    line = replace(
        serial_line([deterministic(1), deterministic(1)], [5]),
        products=("slow", "fast"),
        stations=stations,
        runs=(Run(product=0, units=50), Run(product=1, units=50)),
        repeats=True,
    )
    run = simulate_program(line)
    waterfall = oee_waterfall(line, run.sample, (1.0, 2.0))

    assert waterfall.good == pytest.approx(100, abs=5)  # the next product begins while the last one runs out
    assert all(loss.minutes > -5 for loss in waterfall.losses)


def test_documents_without_stations_say_so():
    data = bottle_data(stations=[], buffers=[])
    data["lines"][1]["nominal_rate_per_min"] = 12
    run = simulate_line(bottle_line(**data), line="small_line", runs="oat_bar")

    assert run.rate.mean == pytest.approx(12, rel=0.01)
    assert "states no stations" in run.notes[0]


def test_turns_are_measured_whole_so_that_changes_weigh_what_they_cost():
    """100 parts of a minute and 50 of two, with changes of 60 and 30 minutes: 150 parts in 290 minutes."""
    station = StationProgram(
        id="one", work=(deterministic(1.0), deterministic(2.0)), changeover_min=((0.0, 60.0), (30.0, 0.0))
    )
    line = replace(
        serial_line([deterministic(1)], []), products=("a", "b"), stations=(station,),
        runs=(Run(product=0, units=100), Run(product=1, units=50)), repeats=True,
    )  # fmt: skip
    run = simulate_program(line)

    assert run.rate.mean == pytest.approx(150 / 290, rel=0.005)
    assert run.sample.state_min[0, 0, 7] / run.sample.minutes == pytest.approx(90 / 290, rel=0.005)
