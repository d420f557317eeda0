"""Runs of a line: the known rate, the same bytes on any number of threads, and accounts that add up."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from manyworks.errors import CheckError
from manyworks.model.times import exponential
from manyworks.twin.line_state import LineState, advance, start_line
from manyworks.twin.program import FailureMode, LineProgram, serial_line
from manyworks.twin.reading import reading
from manyworks.twin.replicate import Observations, replicate

STOP = FailureMode(name="jam", to_failure=exponential(100.0), to_repair=exponential(10.0))


def r1() -> LineProgram:
    return serial_line([exponential(1.0)] * 10, [5] * 9, failures=[[STOP]] * 10)


def same(one: Observations, other: Observations) -> bool:
    return all(np.array_equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))


def test_the_reference_line_has_its_known_rate():
    seen = replicate(r1(), seed=1, replications=range(12), window_min=3000.0, windows=8)
    rates = seen.good[:, 1:, 0].sum(axis=1) / 21_000
    assert rates.mean() == pytest.approx(0.5545, abs=4 * rates.std(ddof=1) / np.sqrt(12))


def test_any_number_of_threads_gives_the_same_bytes():
    runs = [
        replicate(r1(), seed=3, replications=range(4, 9), window_min=50.0, windows=3, threads=threads)
        for threads in (1, 2, 5)
    ]
    assert same(runs[0], runs[1])
    assert same(runs[0], runs[2])


def test_each_replication_is_the_same_alone_and_among_others():
    alone = replicate(r1(), seed=3, replications=range(7, 8), window_min=50.0, windows=3)
    among = replicate(r1(), seed=3, replications=range(4, 9), window_min=50.0, windows=3)
    assert np.array_equal(alone.state_ticks[0], among.state_ticks[3])


def test_a_copy_and_what_was_read_back_go_on_as_the_run_that_never_stopped():
    straight, early = start_line(r1(), seed=5), start_line(r1(), seed=5)
    advance(early, 100.0)
    copy = early.copy()
    back = LineState.from_bytes(r1(), early.to_bytes())
    other = start_line(r1(), seed=6)
    early.fork_into(other)
    for state in (straight, early, copy, back, other):
        advance(state, 400.0)
    assert all(state.to_bytes() == straight.to_bytes() for state in (early, copy, back, other))


def test_an_account_that_does_not_add_up_is_named():
    state = start_line(r1(), seed=5)
    advance(state, 300.0)
    found = reading(state)
    found.check()
    with pytest.raises(CheckError, match="parts entered"):
        replace(found, good=found.good + 1).check()
    ticks = found.state_ticks.copy()
    ticks[2, 3] += 1
    with pytest.raises(CheckError, match="server 2: states add up"):
        replace(found, state_ticks=ticks).check()
    with pytest.raises(CheckError, match="station 0: the meter"):
        replace(found, energy=found.energy + 1.0).check()
