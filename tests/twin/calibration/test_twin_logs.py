"""The twin writes the log that a real line would, and calibration finds in it what the twin was told."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from manyworks.model.network import Network
from manyworks.model.times import TimeLaw, exponential
from manyworks.twin.calibration import LineCalibration, calibrate_line, save_log, write_log
from manyworks.twin.line_state import advance, start_line
from manyworks.twin.program import FailureMode, LineProgram, serial_line
from manyworks.twin.reading import reading, trace
from tests.networks import tiny_network

BEGINS = datetime(2027, 3, 1, 6, tzinfo=UTC)
WORK = (TimeLaw("gamma", (9.0, 0.6)), TimeLaw("lognormal", (5.0, 0.3)))
BREAKS = FailureMode(
    name="breakdown", to_failure=TimeLaw("weibull", (1.7, 80.0)), to_repair=TimeLaw("gamma", (2.0, 5.0))
)
STOPS = FailureMode(
    name="minor", to_failure=exponential(25.0), to_repair=TimeLaw("lognormal", (1.0, 0.5)), is_minor=True
)
TRUTH = {
    "time_to_failure": BREAKS.to_failure,
    "time_to_repair": BREAKS.to_repair,
    "time_to_minor_stop": STOPS.to_failure,
    "minor_stop_time": STOPS.to_repair,
}


def document() -> Network:
    stations = [{"line": "small_line", "id": f"s{k}", "equipment": "packer", "sequence": k} for k in (1, 2)]
    return tiny_network(stations=stations)


def program(**more: object) -> LineProgram:
    return serial_line(WORK, [2], failures=[[BREAKS, STOPS]] * 2, name="small_line", **more)  # type: ignore[arg-type]


@cache
def calibrated(seed: int) -> LineCalibration:
    state = start_line(program(), seed=seed, trace=200_000)
    advance(state, 6_000)
    intervals, counts = write_log(trace(state), state.program, begins=BEGINS, path="reno/small_line", until_min=6_000)
    return calibrate_line(document(), line="small_line", log=intervals, counts=counts, starts_fresh=True, seed=seed)


def test_what_the_twin_was_told_lies_within_the_limits_as_often_as_they_say() -> None:
    inside = []
    for seed in range(3):
        found = calibrated(seed)
        for k, station in enumerate(("s1", "s2")):
            laws = TRUTH | {"process_time": WORK[k]}
            for fit in found.machine(station).fits:
                same = next(c for c in fit.candidates if c.law.kind == laws[fit.field].kind)
                limits = zip(same.low, laws[fit.field].values, same.high, strict=True)
                inside += [low <= true <= high for low, true, high in limits]
    assert len(inside) >= 54
    assert np.mean(inside) > 0.86, np.mean(inside)  # 95 %, less three standard deviations


def test_the_true_kind_of_law_is_chosen_or_is_close_behind() -> None:
    assert calibrated(0).check() == []
    for fit in calibrated(0).machine("s1").fits:
        kind = (TRUTH | {"process_time": WORK[0]})[fit.field].kind
        true = next(candidate for candidate in fit.candidates if candidate.law.kind == kind)
        assert true.score - fit.candidates[0].score < 6, (fit.field, fit.reason)


def test_the_log_adds_up_to_what_the_twin_counted() -> None:
    state = start_line(program(servers=[1, 2]), seed=3, trace=20_000)
    advance(state, 500)
    intervals, counts = write_log(trace(state), state.program, begins=BEGINS, until_min=500)
    seen = reading(state)
    by_machine = {"s1": 0, "s2/1": 1, "s2/2": 2}
    assert {row.equipment_path for row in intervals} == set(by_machine)
    for name, server in by_machine.items():
        own = [row for row in intervals if row.equipment_path == name]
        assert own[0].starts == BEGINS
        assert all(a.ends == b.starts for a, b in pairwise(own))
        working = sum((row.ends - row.starts).total_seconds() for row in own if row.state == "Execute")
        assert working * 1e6 == pytest.approx(seen.state_ticks[server, 3])
    assert sum(row.good_units for row in counts if row.equipment_path == "s1") == seen.finished[0]


def test_a_log_in_a_file_says_the_same(tmp_path: Path) -> None:
    state = start_line(program(), seed=1, trace=20_000)
    advance(state, 300)
    intervals, counts = write_log(trace(state), state.program, begins=BEGINS, path="reno/small_line", until_min=300)
    by_record = calibrate_line(document(), line="small_line", log=intervals, counts=counts)
    by_file = calibrate_line(document(), line="small_line", log=save_log(tmp_path / "log.csv", intervals, counts))
    assert [fit.to_dict() for _, fit in by_record.fits()] == [fit.to_dict() for _, fit in by_file.fits()]
