"""Promises of the way from a document to what the engine runs."""

from __future__ import annotations

import pytest

from manyworks.errors import DocumentError, UsageError
from manyworks.model.checks import check_network
from manyworks.model.times import TimeLaw, deterministic
from manyworks.twin.grouping import grouped, units_per_part
from manyworks.twin.line_program import line_case, line_program
from manyworks.twin.program import ENDLESS, OUTSIDE, SCRAP
from tests.twin.documents import bottle_data, bottle_line

NUTS_TO_BARS = {"attribute": "product", "from_value": "salted_nuts", "to_value": "oat_bar"}


def ways(program):
    return {place.id: (place.source, place.target) for place in program.places}


def flow(source, target, **more):
    return {"line": "small_line", "source": source, "target": target, **more}


def test_the_document_of_these_tests_is_sound():
    assert [str(issue) for issue in check_network(bottle_line()) if issue.severity == "error"] == []


def test_stations_follow_their_sequence_with_their_buffers_between():
    program = line_program(bottle_line(), line="small_line", runs="oat_bar")

    assert ways(program) == {"supply_filler": (OUTSIDE, 0), "table": (0, 1), "belt": (1, 2), "good": (2, OUTSIDE)}
    assert [(place.capacity, place.travel_min) for place in program.places[1:3]] == [(40, 0), (30, 0.5)]
    assert [station.work[0].mean for station in program.stations] == pytest.approx([1 / 20, 1 / 24, 1 / 22])
    assert program.nominal_rate_per_min == 20


def test_breakdowns_and_minor_stops_are_told_apart():
    filler, _, packer = line_program(bottle_line(), line="small_line", runs="oat_bar").stations

    assert [(mode.to_failure.mean, mode.to_repair.mean, mode.is_minor) for mode in filler.failures] == [(60, 4, False)]
    assert [(mode.to_failure.mean, mode.to_repair.mean, mode.is_minor) for mode in packer.failures] == [(10, 0.5, True)]


def test_flows_make_branches_rework_and_scrap():
    network = bottle_line(
        flows=[
            flow("filler", "packer", share=0.25),
            flow("filler", "capper"),
            flow("capper", "filler", share=0.05, is_rework=True),
            flow("packer", "scrap", share=0.02),
        ]
    )
    program = line_program(network, line="small_line", runs="oat_bar")
    found = {(place.source, place.target): place for place in program.places}

    assert found[0, 2].share == 0.25
    assert found[0, 1].share is None
    assert found[1, 0].is_rework
    assert found[1, 0].capacity == ENDLESS
    assert found[2, SCRAP].share == 0.02
    assert (1, 2) in found  # what is not reworked goes on by sequence
    assert (2, OUTSIDE) in found


def test_an_assembly_takes_whole_parts_only():
    data = bottle_data(flows=[flow("filler", "packer", quantity=6), flow("capper", "packer")])
    data["stations"][2]["kind"] = "assembly"
    program = line_program(bottle_line(**data), line="small_line", runs="oat_bar")
    assert [place.quantity for place in program.places if place.target == 2] == [6, 1]
    assert sum(place.source == OUTSIDE for place in program.places) == 2

    data["flows"][0]["quantity"] = 2.5
    with pytest.raises(DocumentError, match="must be a whole number"):
        line_program(bottle_line(**data), line="small_line", runs="oat_bar")


def test_a_crew_is_shared_by_the_stations_that_name_it():
    data = bottle_data(
        crews=[
            {"line": "small_line", "id": "hands", "kind": "operator", "people": 1},
            {"line": "small_line", "id": "fitters", "kind": "repair", "people": 2},
        ]
    )
    for station in data["stations"][:2]:
        station |= {"operator_crew": "hands", "repair_crew": "fitters"}
    program = line_program(bottle_line(**data), line="small_line", runs="oat_bar")

    assert [(crew.id, crew.people) for crew in program.crews] == [("hands", 1), ("fitters", 2)]
    assert [station.repair_crew for station in program.stations] == [1, 1, None]
    assert [(station.operator_crew, station.operators) for station in program.stations] == [(0, 1), (0, 0), (None, 0)]


def test_a_change_of_a_station_stops_that_station_alone():
    rule = {"id": "caps", "attribute": "product", "minutes": 12, "scope": "station", "stations": ["capper"]}
    program = line_program(bottle_line(changeovers=[rule]), line="small_line", runs="oat_bar:400,salted_nuts:400")

    assert program.line_changeover_min == ()
    assert [station.changeover_min for station in program.stations] == [(), ((0, 12), (12, 0)), ()]


def test_where_any_rule_stops_the_line_the_line_stands_for_all_of_them():
    rules = [
        {"id": "caps", "attribute": "product", "minutes": 12, "scope": "station", "stations": ["capper"]},
        {"id": "clean", "attribute": "allergen_removed", "minutes": 40, "scope": "line", "combine": "add"},
    ]
    runs = {"salted_nuts": 400, "oat_bar": 400}
    program = line_program(bottle_line(changeovers=rules), line="small_line", runs=runs)

    assert program.products == ("salted_nuts", "oat_bar")
    assert program.line_changeover_min == ((0, 52), (0, 0))
    assert program.stations[1].changeover_min == ((0, 0), (12, 0))


def test_a_stated_pair_overrides_all_rules_for_what_stands_still_too():
    rules = [
        {"id": "any", "attribute": "product", "minutes": 30, "scope": "line"},
        {"id": "pair", **NUTS_TO_BARS, "minutes": 9, "scope": "station", "stations": ["packer"]},
    ]
    runs = {"salted_nuts": 400, "oat_bar": 400}
    program = line_program(bottle_line(changeovers=rules), line="small_line", runs=runs)

    assert program.line_changeover_min == ((0, 0), (30, 0))
    assert program.stations[2].changeover_min == ((0, 9), (0, 0))


def test_without_runs_the_best_wheel_of_all_products_turns_for_ever():
    case = line_case(bottle_line(), line="small_line", template="micro")

    assert sorted(name for name, _ in case.lots) == ["oat_bar", "salted_nuts"]
    assert case.program.repeats
    assert all(run.units < ENDLESS for run in case.program.runs)


def test_a_line_without_stations_runs_as_one_machine_and_says_so():
    data = bottle_data(stations=[], buffers=[])
    data["lines"][1] |= {"nominal_rate_per_min": 12, "fill_min": 3}
    case = line_case(bottle_line(**data), line="small_line", runs="oat_bar")

    assert case.program.stations[0].work == (deterministic(1 / 12),)
    assert case.program.places[1].travel_min == 3
    assert "states no stations" in case.notes[0]


def test_a_stated_pace_of_the_line_holds_back_its_slowest_machine():
    data = bottle_data()
    data["lines"][1]["nominal_rate_per_min"] = 16
    program = line_program(bottle_line(**data), line="small_line", runs="oat_bar")

    assert [1 / station.work[0].mean for station in program.stations] == pytest.approx([16, 24, 22])


def test_fast_lines_are_simulated_in_groups_that_stay_small():
    assert units_per_part(20) == 1
    assert units_per_part(800) == 53
    assert units_per_part(800, rooms=[80]) == 10
    assert units_per_part(800, lots=[250]) == 5
    assert units_per_part(800, stops_min=[0.03]) == 6


def test_a_group_takes_the_time_of_its_units_one_after_the_other():
    for law in (TimeLaw("lognormal", (2.0, 0.8)), TimeLaw("exponential", (3.0,)), TimeLaw("triangular", (1, 2, 5))):
        group = grouped(law, 9)
        assert group.mean == pytest.approx(9 * law.mean)
        assert group.variance == pytest.approx(9 * law.variance)


def test_shifts_breaks_holidays_and_maintenance_close_the_line():
    shifts = [
        {
            "calendar": "two_shifts",
            "id": "day",
            "days": ["mon", "tue"],
            "starts": "06:00",
            "ends": "14:00",
            "break_min": 30,
        }
    ]
    maintenance = [{"site": "reno", "day": "2027-01-05", "starts": "12:00", "minutes": 240, "every_days": 28}]
    holidays = [{"calendar": "two_shifts", "day": "2027-02-01"}]
    network = bottle_line(shifts=shifts, holidays=holidays, maintenance=maintenance, sanitations=[])
    hours = line_case(network, line="small_line", site="reno", template="micro", runs="oat_bar").hours

    assert hours.spans[0] == (0, 360)
    assert hours.spans[1] == (585, 615)
    assert dict(hours.reasons) == {
        "no shift": 52 * (10080 - 2 * 480), "breaks": 52 * 60, "holidays": 450, "maintenance": 13 * 120,
    }  # fmt: skip


def test_cleans_fall_due_after_open_hours():
    clean = [{"id": "clean", "every_h": 10, "minutes": 60}]
    network = bottle_line(sanitations=clean, shifts=[], holidays=[], maintenance=[])
    case = line_case(network, line="small_line", runs="oat_bar")
    reasons = dict(case.hours.reasons)
    open_min = case.hours.period_min - reasons["no shift"]

    assert reasons["cleaning"] / open_min == pytest.approx(60 / 660, rel=0.01)


def test_what_is_not_in_the_document_is_named():
    with pytest.raises(UsageError, match="small_line"):
        line_program(bottle_line(), line="smal_line")
    with pytest.raises(UsageError, match="must be a product that small_line may make"):
        line_program(bottle_line(), line="small_line", runs="cola:100")
    with pytest.raises(UsageError, match="must say how many units"):
        line_program(bottle_line(), line="small_line", runs="oat_bar:many")
