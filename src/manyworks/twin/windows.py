"""How long a line is watched, in which windows, and from which window on it counts."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from manyworks.twin.program import ENDLESS, LineProgram
from manyworks.twin.warm_up import BATCH, mser5

PARTS = 2_000
"""Parts that a replication makes at least."""
MOST_PARTS = 100_000
FAILURE_CYCLES = 20
FILLS = 20
WINDOWS = 400
PER_TURN = 300
TURNS = 2
"""Turns of the runs that are measured, after one that is not."""


@dataclass(frozen=True, kw_only=True)
class Windows:
    """``count`` windows of ``minutes`` each; those from ``first`` up to ``last``, not included, are measured."""

    minutes: float
    count: int
    first: int = 0
    last: int = 0

    def longer(self) -> Windows:
        """Twice as many."""
        return Windows(minutes=self.minutes, count=2 * self.count)


def first_windows(program: LineProgram) -> Windows:
    """Windows to begin with.

    One product: so long that 2,000 parts are made, the rarest stop happens 20 times, and the line could fill 20 times;
    100,000 parts at most. Several runs: three and a half turns at the line's own pace.
    """
    turn = turn_min(program)
    if turn is not None:
        return Windows(minutes=turn / PER_TURN, count=math.ceil(PER_TURN * (TURNS + 1.5)))
    pace = _pace(program, program.runs[0].product)
    modes = [mode for station in program.stations for mode in station.failures]
    rarest = max((mode.to_failure.mean + mode.to_repair.mean for mode in modes), default=0.0)
    inner = [place for place in program.places if place.source >= 0 and place.target >= 0]
    room = sum(place.capacity for place in inner if place.capacity < ENDLESS)
    fill = room * pace + sum(place.travel_min for place in inner)
    length = min(max(PARTS * pace, FAILURE_CYCLES * rarest, FILLS * fill), MOST_PARTS * pace)
    return Windows(minutes=length / WINDOWS, count=WINDOWS)


def turn_min(program: LineProgram) -> float | None:
    """Minutes of one turn of the runs without any loss but the changes; None where one product is made all the time."""
    if len({run.product for run in program.runs}) == 1:
        return None
    minutes = sum(run.units * _pace(program, run.product) for run in program.runs)
    before = [run.product for run in program.runs]
    for a, b in zip(before, [*before[1:], before[0]], strict=True):
        changes = [program.line_changeover_min, *(station.changeover_min for station in program.stations)]
        minutes += max((matrix[a][b] for matrix in changes if matrix), default=0.0)
    return minutes


def settled_windows(program: LineProgram, windows: Windows, made: NDArray[np.float64]) -> Windows | None:
    """The windows to measure, given parts made, good or not (replications, windows); None: watch for longer.

    One product: from the cut of MSER-5 over the mean of the replications to the end, at least one batch left out.
    Several runs: whole turns after the first one, so that each product weighs as much as its lots.
    """
    if turn_min(program) is None:
        cut = mser5(made.mean(axis=0))
        return None if cut is None else replace(windows, first=max(cut, BATCH), last=windows.count)
    ends = _turn_ends(sum(run.units for run in program.runs), made)
    if len(ends) < 2:
        return None
    first, last = round(ends[0]), min(round(ends[min(len(ends) - 1, TURNS)]), windows.count)
    return Windows(minutes=windows.minutes, count=last, first=first, last=last)


def _turn_ends(parts: int, made: NDArray[np.float64]) -> list[float]:
    """Windows after which one turn, two turns … are out, mean of the replications, as far as all of them came."""
    so_far = made.cumsum(axis=1)
    turns = int(so_far[:, -1].min() // parts)
    at = np.arange(1, made.shape[1] + 1)
    return [float(np.mean([np.interp(k * parts, row, at) for row in so_far])) for k in range(1, turns + 1)]


def _pace(program: LineProgram, product: int) -> float:
    """Minutes a part at the slowest station."""
    return max(station.work[product].mean / station.servers for station in program.stations)
