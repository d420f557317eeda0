"""A log becomes times: clocks run only while they should, ends are cut times, and every fault is named at once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from manyworks.errors import DocumentError, UsageError
from manyworks.model.checks import check_network
from manyworks.model.document import load_network, save_network
from manyworks.model.network import Network
from manyworks.model.operation import StateInterval
from manyworks.model.times import TimeLaw, time_law
from manyworks.twin.calibration import calibrate_line
from manyworks.twin.calibration.sample import Sample
from tests.networks import tiny_network
from tests.twin.calibration.logs import drawn_log, write

RUN, REPAIR = TimeLaw("weibull", (1.5, 30.0)), TimeLaw("lognormal", (5.0, 0.6))


def samples(folder: Path, *rows: str, network: Network | None = None, **more: object) -> dict[str, Sample]:
    found = calibrate_line(network or tiny_network(), line="small_line", log=write(folder, *rows), **more)  # type: ignore[arg-type]
    assert found.check() == []
    return {fit.field: fit.sample for fit in found.machine("pack").fits if fit.sample is not None}


def test_only_work_counts_between_stops_and_the_ends_of_the_log_cut_times(tmp_path: Path) -> None:
    found = samples(
        tmp_path,
        "pack,Execute,0,10,", "pack,Aborted,10,13,", "pack,Execute,13,20,", "pack,Suspended,20,50,starved",
        "pack,Execute,50,55,", "pack,Aborted,55,57,", "pack,Execute,57,61,",
    )  # fmt: skip
    runs, stops = found["time_to_failure"], found["time_to_repair"]
    assert runs.complete.tolist() == [12.0]  # 7 and 5, the wait left out
    assert runs.censored.tolist() == [4.0]
    assert (runs.uncounted, runs.uncounted_min) == (1, 10.0)
    assert stops.complete.tolist() == [3.0, 2.0]


def test_a_machine_that_began_as_new_counts_its_first_run(tmp_path: Path) -> None:
    rows = ("pack,Execute,0,10,", "pack,Aborted,10,13,", "pack,Execute,13,20,")
    assert samples(tmp_path, *rows, starts_fresh=True)["time_to_failure"].complete.tolist() == [10.0]


def test_failures_by_time_count_waiting_as_well(tmp_path: Path) -> None:
    data = tiny_network()
    timed = data.model_copy(update={"equipment": [data.equipment[0].model_copy(update={"failure_mode": "time"})]})
    rows = (
        "pack,Aborted,0,1,", "pack,Execute,1,5,", "pack,Suspended,5,20,", "pack,Stopped,20,500,closed",
        "pack,Aborted,500,504,", "pack,Execute,504,505,",
    )  # fmt: skip
    assert samples(tmp_path, *rows, network=timed)["time_to_failure"].complete.tolist() == [19.0]


def test_a_stop_goes_on_after_closed_time_and_waiting_for_repair_is_no_repair(tmp_path: Path) -> None:
    found = samples(
        tmp_path,
        "pack,Execute,0,5,", "pack,Aborted,5,7,awaiting_repair", "pack,Aborted,7,10,under_repair",
        "pack,Stopped,10,490,closed", "pack,Aborted,490,494,under_repair", "pack,Execute,494,500,",
    )  # fmt: skip
    assert found["time_to_repair"].complete.tolist() == [7.0]


def test_each_kind_of_stop_has_a_clock_of_its_own(tmp_path: Path) -> None:
    rows = [
        "pack,Execute,0,4,", "pack,Held,4,5,", "pack,Execute,5,8,", "pack,Aborted,8,18,", "pack,Execute,18,20,",
        "pack,Held,20,21,", "pack,Execute,21,30,", "pack,Aborted,30,45,", "pack,Execute,45,46,",
    ]  # fmt: skip
    by_state = samples(tmp_path, *rows)
    assert by_state["time_to_minor_stop"].complete.tolist() == [5.0]  # 3 before the breakdown, 2 after it
    assert by_state["time_to_failure"].complete.tolist() == [11.0]
    by_length = samples(tmp_path, *(row.replace("Held", "Aborted") for row in rows), minor_below_min=5)
    assert {name: s.complete.tolist() for name, s in by_state.items()} == {
        name: s.complete.tolist() for name, s in by_length.items()
    }


def test_a_hole_in_the_log_ends_what_was_seen(tmp_path: Path) -> None:
    found = samples(
        tmp_path, "pack,Aborted,0,1,", "pack,Execute,1,9,", "pack,Execute,100,120,", "pack,Aborted,120,125,",
        "pack,Execute,125,130,",
    )["time_to_failure"]  # fmt: skip
    assert (found.complete.tolist(), found.censored.tolist(), found.uncounted_min) == ([], [8.0, 5.0], 20.0)


def test_several_machines_of_a_station_are_taken_together(tmp_path: Path) -> None:
    rows = [
        row.replace("pack", f"reno/small_line/pack/{n}")
        for n in (1, 2)
        for row in drawn_log(RUN, REPAIR, stops=20, seed=n)
    ]
    found = calibrate_line(tiny_network(), line="small_line", log=write(tmp_path, *rows))
    assert found.machine("pack").servers == 2
    assert found.machine("pack").fits[0].count == 38  # the first of each began before the log


def test_times_at_work_are_fitted_where_single_units_are_counted(tmp_path: Path) -> None:
    work = np.random.default_rng(3).gamma(9.0, 0.1, 80)
    rows, now = [], 0.0
    for minutes in work:
        rows.append(f"pack,Execute,{now},{now + minutes / 2},,")
        rows.append(f"pack,Held,{now + minutes / 2},{now + minutes / 2 + 1},,")
        rows.append(f"pack,Execute,{now + minutes / 2 + 1},{now + minutes + 1},,")
        rows.append(f"pack,,{now},{now + minutes + 1},,1")
        now += minutes + 1
    file = write(tmp_path, *rows, header="equipment,state,from,to,reason,good_units")
    fit = next(
        f
        for f in calibrate_line(tiny_network(), line="small_line", log=file).machine("pack").fits
        if f.field == "process_time"
    )
    assert fit.sample is not None
    np.testing.assert_allclose(fit.sample.complete, work, rtol=1e-9)


def test_every_fault_of_a_log_is_named_at_once_with_place_found_and_cure(tmp_path: Path) -> None:
    file = write(
        tmp_path, "pack,Execute,0,10,", "pak,Execute,0,10,", "pack,Running,10,11,", "pack,Held,12,never,",
        "pack,Held,2027-03-01T06:00:00,2027-03-01T06:10:00,", "pack,,3,4,", "pack,Aborted,20,19,",
    )  # fmt: skip
    with pytest.raises(DocumentError) as caught:
        calibrate_line(tiny_network(), line="small_line", log=file)
    found = {(issue.place, issue.rule) for issue in caught.value.issues}
    assert found >= {
        ("log.csv:3", "log-equipment"), ("log.csv:4", "log-state"), ("log.csv:5", "log-time"),
        ("log.csv:6", "log-time"), ("log.csv:7", "log-state"),
    }  # fmt: skip
    assert all(issue.cure and issue.found for issue in caught.value.issues)
    assert "Did you mean pack?" in str(caught.value)


def test_intervals_that_overlap_and_columns_that_miss_are_faults(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"must not begin before log\.csv:2 ends"):
        samples(tmp_path, "pack,Execute,0,10,", "pack,Held,9,12,")
    with pytest.raises(DocumentError, match="must have the columns state, to, found equipment, from"):
        calibrate_line(tiny_network(), line="small_line", log=write(tmp_path, "pack,3", header="equipment,from"))
    with pytest.raises(UsageError, match="Did you mean"):
        calibrate_line(tiny_network(), line="small_lime", log="log.csv")


def test_a_log_with_its_own_words_and_local_times_is_read(tmp_path: Path) -> None:
    rows = [
        "pack,RUN,2027-03-28T01:00:00,2027-03-28T01:30:00,", "pack,DOWN,2027-03-28T01:30:00,2027-03-28T03:30:00,",
        "pack,RUN,2027-03-28T03:30:00,2027-03-28T04:00:00,",
    ]  # fmt: skip
    more = {"states": {"RUN": "Execute", "DOWN": "Aborted"}, "zone": ZoneInfo("Europe/Paris")}
    found = samples(tmp_path, *rows, **more)  # an hour of that night never was
    assert found["time_to_repair"].complete.tolist() == [60.0]


def test_records_of_the_document_say_the_same_as_a_file(tmp_path: Path) -> None:
    rows = drawn_log(RUN, REPAIR, stops=15, seed=4)
    start = datetime(2027, 3, 1, 6, tzinfo=UTC)
    records = []
    for row in rows:
        _, state, first, last, _ = row.split(",")
        starts, ends = (start + timedelta(minutes=float(value)) for value in (first, last))
        records.append(StateInterval(equipment_path="reno/small_line/pack", state=state, starts=starts, ends=ends))
    by_record = calibrate_line(tiny_network(), line="small_line", log=records).machine("pack").fits[0]
    by_file = calibrate_line(tiny_network(), line="small_line", log=write(tmp_path, *rows)).machine("pack").fits[0]
    assert by_record.sample is not None
    assert by_file.sample is not None
    np.testing.assert_allclose(by_record.sample.complete, by_file.sample.complete, atol=1e-6)


def test_the_laws_go_into_a_copy_of_the_document_with_their_source(tmp_path: Path) -> None:
    network = tiny_network()
    found = calibrate_line(network, line="small_line", log=write(tmp_path, *drawn_log(RUN, REPAIR, stops=200, seed=1)))
    fitted = found.apply(network)
    machine = fitted.get("equipment", "packer")
    assert machine.time_to_failure == str(found.machine("pack").law("time_to_failure"))
    assert time_law(machine.time_to_failure).mean == pytest.approx(27.1, rel=0.1)
    assert machine.mttr_min == pytest.approx(5, rel=0.1)
    assert "fitted to log.csv, 199 times of pack" in next(
        row.source for row in fitted.evidence if row.target == "equipment.packer.time_to_failure"
    )
    assert network.equipment[0].time_to_failure == ""
    assert [issue for issue in check_network(fitted) if issue.severity == "error"] == []


def test_a_machine_that_shares_its_catalogue_item_gets_one_of_its_own(tmp_path: Path) -> None:
    stations = [
        {"line": "small_line", "id": name, "equipment": "packer", "sequence": k}
        for k, name in enumerate(("pack", "wrap"))
    ]
    network = tiny_network(stations=stations)
    found = calibrate_line(network, line="small_line", log=write(tmp_path, *drawn_log(RUN, REPAIR, stops=40, seed=1)))
    assert "Not in the log: wrap" in found.summary()
    fitted = found.apply(network)
    assert [station.equipment for station in fitted.stations] == ["packer_small_line_pack", "packer"]
    assert fitted.get("equipment", "packer").time_to_failure == ""
    assert fitted.get("equipment", "packer_small_line_pack").time_to_failure != ""


def test_quantiles_with_a_threshold_give_minor_stops_and_breakdowns(tmp_path: Path) -> None:
    shares = np.linspace(0, 1, 101)
    stops = np.where(shares < 0.9, 1 + shares, 20 + 100 * (shares - 0.9))
    runs = -4 * np.log1p(-np.minimum(shares, 0.999))
    rows = [f"{p:.2f},{stop:.6f},{run:.6f}" for p, stop, run in zip(shares, stops, runs, strict=True)]
    file = write(tmp_path, *rows, header="quantile,stop_duration_min,run_time_between_stops_min")
    whole = calibrate_line(tiny_network(), line="small_line", quantiles=file, minor_below_min=10)
    assert whole.check() == []
    found = whole.machine("pack")
    assert found.law("time_to_failure").mean == pytest.approx(40, rel=0.1)  # type: ignore[union-attr]
    assert found.law("time_to_minor_stop").mean == pytest.approx(4 / 0.9, rel=0.1)  # type: ignore[union-attr]
    assert found.law("minor_stop_time").mean == pytest.approx(1.45, rel=0.05)  # type: ignore[union-attr]
    with pytest.raises(UsageError, match="between the shortest and the longest stop"):
        calibrate_line(tiny_network(), line="small_line", quantiles=file, minor_below_min=0.5)


def test_every_fault_of_a_table_is_named(tmp_path: Path) -> None:
    file = write(tmp_path, "0,1", "0.5,two", "1.5,3", "0.4,0.5", header="quantile,time_to_repair")
    with pytest.raises(DocumentError) as caught:
        calibrate_line(tiny_network(), line="small_line", quantiles=file)
    assert [issue.place for issue in caught.value.issues] == ["log.csv:3", "log.csv:4", "log.csv:5"]


def test_the_command_prints_the_fits_and_writes_the_document_and_its_page(tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    from manyworks.cli.main import run

    source, fitted, page = tmp_path / "in.json", tmp_path / "out.json", tmp_path / "fits.html"
    save_network(tiny_network(), source)
    log = write(tmp_path, *drawn_log(RUN, REPAIR, stops=60, seed=2))
    words = ["--line", "small_line", "--log", str(log), "--out", str(fitted), "--report", str(page), "--json", "-q"]
    assert run(["twin", "calibrate", str(source), *words]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["machines"][0]["times"][0]["complete"] == 59
    assert load_network(fitted).get("equipment", "packer").time_to_failure == data["machines"][0]["times"][0]["law"]
    assert page.read_text(encoding="utf-8").count("<svg") == 2
