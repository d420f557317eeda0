"""Many runs of one line, each with its own luck, watched in windows of equal length."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import UsageError
from manyworks.twin.line_records import to_ticks
from manyworks.twin.line_state import STATUS, LineState, advance_ticks, empty_line, restart
from manyworks.twin.program import LineProgram
from manyworks.twin.reading import read_totals

Ints = NDArray[np.int64]
AT_THE_END = ("inside", "levels")
"""What is stated as it is at the end of a window, not as what was added in it."""


@dataclass(frozen=True, kw_only=True)
class Observations:
    """What was added in each window of each replication; parts and ticks (microseconds), energy in joules.

    Every array has the shape (replications, windows, …), the rest as in `Reading`. ``time_ticks`` is shorter than the
    window where a run has ended. ``inside`` and ``levels`` are those at the end of the window. ``status`` of each
    replication when its last window was over.
    """

    window_min: float
    status: tuple[str, ...]
    time_ticks: Ints
    state_ticks: Ints
    started: Ints
    finished: Ints
    scrapped: Ints
    joined: Ints
    failures: Ints
    entered: Ints
    good: Ints
    scrap: Ints
    lost: Ints
    flow_ticks: Ints
    inside_ticks: Ints
    place_ticks: Ints
    passed: Ints
    energy: NDArray[np.float64]
    inside: Ints
    levels: Ints


def replicate(
    program: LineProgram,
    *,
    seed: int = 0,
    replications: range,
    window_min: float,
    windows: int,
    threads: int | None = None,
) -> Observations:
    """Run each replication from an empty line through all windows, over threads; the same for any number of them.

    ``replications`` are their numbers, so that later calls can add to earlier ones. ``threads`` None: as many as the
    machine has.
    """
    if not replications or windows < 1 or window_min <= 0:
        raise UsageError("must have replications and windows", where="replicate", cure="State at least one of each.")
    first = empty_line(program)
    size = min(threads or os.cpu_count() or 1, len(replications))
    series: list[Any] = [None] * len(replications)

    def run_share(share: int) -> None:
        state = first if share == 0 else empty_line(program)
        for position in range(share, len(replications), size):
            series[position] = _run_one(state, seed, replications[position], window_min, windows)

    if size == 1:
        run_share(0)
    else:
        with ThreadPoolExecutor(size) as pool:
            list(pool.map(run_share, range(size)))
    names = [name for name in series[0][1] if name != "status"]
    stacked = {name: np.stack([totals[name] for _, totals in series]) for name in names}
    return Observations(window_min=window_min, status=tuple(status for status, _ in series), **stacked)


def _run_one(
    state: LineState, seed: int, replication: int, window_min: float, windows: int
) -> tuple[str, dict[str, NDArray[Any]]]:
    """One replication: its status, and by name what each window added."""
    restart(state, seed=seed, replication=replication)
    readings = [read_totals(state)]
    for window in range(1, windows + 1):
        advance_ticks(state, to_ticks(window * window_min))
        readings.append(read_totals(state))
    added = {}
    for name in readings[0]:
        values = np.stack([found[name] for found in readings])
        added[name] = values[1:] if name in AT_THE_END else np.diff(values, axis=0)
    return STATUS[int(state.line.clock["status"][0])], added
