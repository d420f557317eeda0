"""Simulate a line at every combination of some values, with the same luck."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from manyworks import __version__
from manyworks.errors import UsageError
from manyworks.model.document import input_hash
from manyworks.model.network import Network
from manyworks.twin.faults import require_possible
from manyworks.twin.line_program import LineCase, Runs, line_case
from manyworks.twin.program import LineProgram
from manyworks.twin.sample import Sample, sample_of
from manyworks.twin.sweep.batch import Batch, joined
from manyworks.twin.sweep.executors import Executor, executor_of
from manyworks.twin.sweep.grid import Point, Value, grid_points, network_at
from manyworks.twin.sweep.result import Sweep
from manyworks.twin.windows import Windows, first_windows, settled_windows

if TYPE_CHECKING:
    from manyworks.twin.replicate import Observations

PER_BATCH = 5
"""Replications of a batch."""
Display = Callable[[int, int], None]
"""Told how many of all batches are done; it must return at once."""


def sweep(
    network: Network,
    *,
    line: str,
    grid: Mapping[str, Sequence[Value]],
    site: str | None = None,
    template: str | None = None,
    runs: Runs | None = None,
    replications: int = 20,
    confidence: float = 0.95,
    seed: int = 0,
    threads: int | None = None,
    on: str | None = None,
    display: Display | None = None,
) -> Sweep:
    """Rates of ``line`` at all combinations of ``grid``, paths of the document with their values.

    ``on`` is ``dask://host:port`` to work on a cluster; None: ``threads`` of this machine. The same ``seed`` gives the
    same bytes whoever works. Every point is watched for the same time with the same luck.

    Raises
    ------
    UsageError
        A path or value is not the document's, or the line at some combination cannot run.
    """
    if replications < 2:
        raise UsageError("must be at least 2", where="replications", found=replications, cure="20 is usual.")
    points = grid_points(grid)
    cases = [_case(network, line, tuple(grid), point, site, template, runs) for point in points]
    programs = [replace(case.program, closed=(), closed_period_min=None) for case in cases]
    for program in programs:
        require_possible(program)
    windows = [_windows(program, programs) for program in programs]
    batches = _batches(programs, windows, replications, seed)
    seen = _worked(batches, executor_of(on, threads=threads), display)
    samples, notes = _samples(programs, windows, seen, points)
    return _result(network, line, grid, points, cases, samples, notes, seed, confidence)


def _case(
    network: Network, line: str, paths: tuple[str, ...], point: Point, site: str | None, template: str | None,
    runs: Runs | None,
) -> LineCase:  # fmt: skip
    return line_case(network_at(network, line, paths, point), line=line, site=site, template=template, runs=runs)


def _windows(program: LineProgram, programs: Sequence[LineProgram]) -> Windows:
    """Windows of its own, stretched to the longest time that any combination asks for."""
    own = first_windows(program)
    longest = max(each.minutes * each.count for each in map(first_windows, programs))
    return Windows(minutes=own.minutes * longest / (own.minutes * own.count), count=own.count)


def _batches(programs: Sequence[LineProgram], windows: Sequence[Windows], replications: int, seed: int) -> list[Batch]:
    """Every point in batches of `PER_BATCH` replications, point by point."""
    return [
        Batch(
            point=p, program=program, seed=seed, first=first, last=min(first + PER_BATCH, replications),
            window_min=windows[p].minutes, windows=windows[p].count,
        )
        for p, program in enumerate(programs)
        for first in range(0, replications, PER_BATCH)
    ]  # fmt: skip


def _worked(batches: Sequence[Batch], work: Executor, display: Display | None) -> dict[int, Observations]:
    """Observations of each point, its replications in order. Points that say the same are simulated once."""
    distinct = {batch.key: batch for batch in batches}
    done: dict[str, Observations] = {}
    for batch, seen in work(list(distinct.values())):
        done.setdefault(batch.key, seen)
        if display is not None:
            display(len(done), len(distinct))
    found: dict[int, list[Observations]] = {}
    for batch in batches:
        found.setdefault(batch.point, []).append(done[batch.key])
    return {point: joined(pieces) for point, pieces in found.items()}


def _samples(
    programs: Sequence[LineProgram], windows: Sequence[Windows], seen: Mapping[int, Observations],
    points: Sequence[Point],
) -> tuple[list[Sample], list[str]]:  # fmt: skip
    """Totals after the warm-up of each point; one that has not settled drops half, and that is said."""
    samples, moving = [], []
    for p, program in enumerate(programs):
        made = np.asarray(seen[p].good.sum(axis=2) + seen[p].scrap.sum(axis=2), dtype=float)
        used = settled_windows(program, windows[p], made)
        if used is None:
            moving.append(", ".join(str(value) for value in points[p]))
            used = replace(windows[p], first=windows[p].count // 2, last=windows[p].count)
        samples.append(sample_of(program, seen[p], first=used.first, last=used.last, window_min=used.minutes))
    notes = [f"Not settled at the end of its run, its first half left out: {'; '.join(moving)}."] if moving else []
    return samples, notes


def _result(
    network: Network, line: str, grid: Mapping[str, Sequence[Value]], points: Sequence[Point],
    cases: Sequence[LineCase], samples: Sequence[Sample], notes: Sequence[str], seed: int, confidence: float,
) -> Sweep:  # fmt: skip
    good = np.array([sample.good.sum(axis=1) for sample in samples])
    minutes = np.array([sample.minutes for sample in samples])[:, None]
    energy = np.array([sample.kwh.sum(axis=1) for sample in samples])
    said = list(dict.fromkeys(note for case in cases for note in case.notes)) if len(cases) == 1 else []
    return Sweep(
        line=line,
        grid={path: tuple(values) for path, values in grid.items()},
        points=tuple(points),
        good_per_min=good / minutes,
        scrap_per_min=np.array([sample.scrap.sum(axis=1) for sample in samples]) / minutes,
        inside=np.array([sample.inside_min for sample in samples]) / minutes,
        kwh_per_unit=energy / np.maximum(good, 1e-9),
        line_hashes=tuple(case.program.line_hash for case in cases),
        notes=(*said, *notes),
        input_hash=input_hash(network),
        seed=seed,
        confidence=confidence,
        version=__version__,
    )
