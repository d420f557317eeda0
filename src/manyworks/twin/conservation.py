"""What must add up in the simulation of a line, recomputed from its totals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import Issue
from manyworks.twin.sample import expected_kwh

if TYPE_CHECKING:
    from manyworks.twin.line_run import LineRun

EXACT = 1e-9
"""Counts and state times are whole numbers, so that sums agree to rounding."""


def run_issues(run: LineRun) -> list[Issue]:
    """Every balance that is broken."""
    return [
        *_units(run),
        *_clock(run),
        *_meter(run),
        *_waterfall(run),
        *_little(run),
    ]


def _units(run: LineRun) -> list[Issue]:
    """Entered = good + scrapped + joined + more inside."""
    sample = run.sample
    out = sample.good.sum(axis=1) + sample.scrap.sum(axis=1) + sample.joined + sample.inside_change
    off = np.abs(sample.entered.sum(axis=1) - out)
    return _found("run-units", "entered units must equal good, scrapped, joined and those still inside", off, 1.0)


def _clock(run: LineRun) -> list[Issue]:
    """The states of every server add up to the clock."""
    servers = np.array([station.servers for station in run.program.stations])
    off = np.abs(run.sample.state_min.sum(axis=2) - run.sample.minutes * servers)
    return _found("run-clock", "state times must add up to the clock", off, run.sample.minutes)


def _meter(run: LineRun) -> list[Issue]:
    """The meter equals state times × power."""
    expected = expected_kwh(run.program, run.sample)
    off = np.abs(run.sample.kwh - expected)
    return _found("run-meter", "energy must equal state times × power", off, max(float(expected.max(initial=0)), 1.0))


def _waterfall(run: LineRun) -> list[Issue]:
    """What the waterfall leaves is the OEE of ISO 22400, and of the rate."""
    left, figures = run.waterfall.good / 100, run.waterfall.figures
    off = np.array([left - run.oee.mean, figures.oee - _plain_oee(run)])
    return _found("run-oee", "the steps of the waterfall must end at the OEE", np.abs(off), 1.0)


def _plain_oee(run: LineRun) -> float:
    """Good units over nominal units, with the one nominal rate of the figures."""
    figures = run.waterfall.figures
    return figures.good / (figures.nominal_per_min * figures.busy_min)


def _little(run: LineRun) -> list[Issue]:
    """Little's law, to ten per cent, where all that enters leaves as good: units inside = rate × time inside."""
    sample = run.sample
    if sample.scrap.sum() or sample.joined.sum() or not sample.good.sum() or sample.minutes < 20 * run.flow_min.mean:
        return []
    inside, expected = run.work_in_process.mean, run.rate.mean * run.flow_min.mean
    off = np.array([abs(inside - expected)])
    return _found("run-little", "units inside must equal rate × time inside", off, expected, tolerance=0.1)


def _found(rule: str, message: str, off: NDArray[np.float64], scale: float, tolerance: float = EXACT) -> list[Issue]:
    worst = float(off.max(initial=0.0)) / scale
    if worst <= tolerance and math.isfinite(worst):
        return []
    return [Issue(rule=rule, severity="error", path="run", message=message, found=f"off by {worst:.3g}")]
