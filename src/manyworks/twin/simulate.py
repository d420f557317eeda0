"""Simulate a line until its rate is known as well as was asked for."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from manyworks import __version__
from manyworks.errors import UsageError
from manyworks.model.network import Network
from manyworks.model.rates import crew_per_shift
from manyworks.model.wheels import line_hour_value
from manyworks.twin.bottleneck import find_bottleneck
from manyworks.twin.critical import critical_shares
from manyworks.twin.dead_ends import stuck_stations
from manyworks.twin.exact.answer import exact_answer
from manyworks.twin.faults import require_possible
from manyworks.twin.gains import with_gains
from manyworks.twin.intervals import replications_needed, t_interval
from manyworks.twin.line_program import LineCase, Runs, line_case
from manyworks.twin.line_run import LineCosts, LineRun
from manyworks.twin.line_state import advance, start_line
from manyworks.twin.losses import nominal_rates
from manyworks.twin.program import ENDLESS, LineProgram
from manyworks.twin.progress import TwinDisplay, TwinProgress
from manyworks.twin.recursion import is_recursive
from manyworks.twin.replicate import Observations, replicate
from manyworks.twin.sample import Sample, sample_of
from manyworks.twin.windows import Windows, first_windows, settled_windows

FIRST_REPLICATIONS = 10
PATH_UNITS = 20_000
"""Good parts over which the critical path is followed back."""
MOST_LONGER = 4
"""Times that a run that has not settled is made twice as long."""


def simulate_line(
    network: Network,
    *,
    line: str,
    site: str | None = None,
    template: str | None = None,
    upgrades: Sequence[str] | None = None,
    runs: Runs | None = None,
    half_width: float = 0.01,
    confidence: float = 0.95,
    seed: int = 0,
    most_replications: int = 400,
    threads: int | None = None,
    display: TwinDisplay | None = None,
) -> LineRun:
    """What a line of the document does: its rate with interval, losses, bottleneck, energy, cost.

    ``site``, ``template``, ``upgrades`` and ``runs`` as in `line_case`. Replications are added until the interval of
    the rate at ``confidence`` is at most ``half_width`` × rate to either side, or ``most_replications`` are made.
    The same ``seed`` gives the same result on any number of ``threads``.

    Raises
    ------
    UsageError
        Line, site, template, product or runs are not in the document, or the line stands still for ever.
    DocumentError
        The line cannot be simulated; every fault is named.
    """
    case = line_case(network, line=line, site=site, template=template, upgrades=upgrades, runs=runs)
    run = simulate_program(
        case.program, half_width=half_width, confidence=confidence, seed=seed, most_replications=most_replications,
        threads=threads, display=display, nominal=case.nominal_per_min,
    )  # fmt: skip
    return replace(
        run,
        line=line,
        place=" ".join(word for word in (site, case.template and f"in {case.template}") if word),
        closed=case.hours.reasons,
        costs=_costs(network, case),
        notes=(*case.notes, *run.notes),
    )


def simulate_program(
    program: LineProgram,
    *,
    half_width: float = 0.01,
    confidence: float = 0.95,
    seed: int = 0,
    most_replications: int = 400,
    threads: int | None = None,
    display: TwinDisplay | None = None,
    nominal: Sequence[float] | None = None,
) -> LineRun:
    """The same for a program that needs no document; ``nominal`` units a minute by product, for the OEE.

    Closed intervals are left out while simulating and counted in afterwards: everything stands still in them.

    Raises
    ------
    UsageError
        The program is impossible, comes to an end by itself, or stands still for ever.
    """
    began = time.perf_counter()
    require_possible(program)
    _require_endless(program)
    _require_numbers(half_width, confidence, most_replications)
    tell = display or _silent
    open_ = replace(program, closed=(), closed_period_min=None)
    tell(TwinProgress(phase="finding the warm-up"))
    windows, sample, notes = _settled(open_, seed, min(FIRST_REPLICATIONS, most_replications), threads)
    sample = _precise(open_, sample, windows, half_width, confidence, seed, most_replications, threads, tell)
    tell(TwinProgress(phase="finding the bottleneck"))
    suspected = find_bottleneck(open_, sample, _path_shares(open_, seed))
    bottleneck = with_gains(open_, suspected, sample, windows, confidence, seed, threads)
    run = LineRun(
        program=program,
        line=program.name,
        place="",
        sample=sample,
        bottleneck=bottleneck,
        nominal_per_min=nominal_rates(program, nominal),
        closed=(),
        exact=exact_answer(open_),
        costs=None,
        notes=notes,
        asked=half_width,
        confidence=confidence,
        seed=seed,
        seconds=time.perf_counter() - began,
        version=__version__,
    )
    tell(TwinProgress(phase="done", rate=run.rate, is_done=True))
    return run


def _silent(_: TwinProgress) -> None:
    """Nobody waits."""


def _settled(
    program: LineProgram, seed: int, count: int, threads: int | None
) -> tuple[Windows, Sample, tuple[str, ...]]:
    """Windows that begin after the warm-up, with the first replications; longer ones where a run does not settle."""
    windows = first_windows(program)
    for _ in range(MOST_LONGER + 1):
        seen = _watch(program, seed, range(count), windows, threads)
        made = np.asarray(seen.good.sum(axis=2) + seen.scrap.sum(axis=2), dtype=float)
        found = settled_windows(program, windows, made)
        if found is not None:
            sample = sample_of(program, seen, first=found.first, last=found.last, window_min=found.minutes)
            return found, sample, ()
        windows = windows.longer()
    kept = replace(windows, count=windows.count // 2, first=windows.count // 4, last=windows.count // 2)
    sample = sample_of(program, seen, first=kept.first, last=kept.last, window_min=kept.minutes)
    note = "The line had not settled after the longest run that is made; the first half of each run is left out."
    return kept, sample, (note,)


def _precise(
    program: LineProgram,
    sample: Sample,
    windows: Windows,
    half_width: float,
    confidence: float,
    seed: int,
    most: int,
    threads: int | None,
    tell: TwinDisplay,
) -> Sample:
    """Replications until the interval of the rate is narrow enough, or there are as many as may be made."""
    while True:
        rate = t_interval(sample.good.sum(axis=1) / sample.minutes, confidence)
        count = sample.replications
        if rate.relative <= half_width or count >= most:
            return sample
        wanted = min(max(replications_needed(rate, half_width), count + 2), 4 * count, most)
        tell(TwinProgress(phase="adding replications", done=count, total=wanted, rate=rate))
        seen = _watch(program, seed, range(count, wanted), windows, threads)
        more = sample_of(program, seen, first=windows.first, last=windows.last, window_min=windows.minutes)
        sample = sample.with_more(more)


def _watch(program: LineProgram, seed: int, replications: range, windows: Windows, threads: int | None) -> Observations:
    seen = replicate(
        program, seed=seed, replications=replications, window_min=windows.minutes, windows=windows.count,
        threads=threads,
    )  # fmt: skip
    if "deadlocked" in seen.status:
        _refuse_deadlock(program, seed, replications[seen.status.index("deadlocked")], windows)
    return seen


def _refuse_deadlock(program: LineProgram, seed: int, replication: int, windows: Windows) -> None:
    """Run the replication again, and say which stations wait for each other.

    Raises
    ------
    UsageError
        Always.
    """
    state = start_line(program, seed=seed, replication=replication)
    advance(state, windows.minutes * windows.count)
    raise UsageError(
        f"stands still for ever after {state.now_min:.1f} min: parts wait for each other",
        where=program.name,
        found=" → ".join(stuck_stations(state)),
        cure="Give the way of rework, or a way beside it, room for more parts.",
    )


def _path_shares(program: LineProgram, seed: int) -> NDArray[np.float64] | None:
    """Shares of the critical path by station, where the recursion knows it."""
    if is_recursive(program):
        return None
    return np.array(critical_shares(program, seed=seed, units=PATH_UNITS).by_station)


def _costs(network: Network, case: LineCase) -> LineCosts | None:
    """Wage, capital and energy of the site, else their means over all sites."""
    if not network.sites:
        return None
    row = network.get("lines", case.line)
    sites = [network.get("sites", case.site)] if case.site is not None else network.sites
    wage = float(np.mean([site.wage_per_h for site in sites]))
    people = crew_per_shift(network, row) * wage
    hour = line_hour_value(network, case.line, template=case.template, site=case.site)
    return LineCosts(
        currency=network.finance.currency,
        people_per_h=people,
        machines_per_h=hour - people,
        per_kwh=float(np.mean([site.power_price_per_kwh for site in sites])),
    )


def _require_endless(program: LineProgram) -> None:
    if not program.repeats and program.runs[-1].units < ENDLESS:
        cure = "Let the runs repeat, or give the last one no end."
        raise UsageError("must make parts without end to have a lasting rate", where=program.name, cure=cure)


def _require_numbers(half_width: float, confidence: float, most: int) -> None:
    if not 0 < half_width < 1:
        raise UsageError("must be between 0 and 1", where="half_width", found=half_width)
    if not 0 < confidence < 1:
        raise UsageError("must be between 0 and 1", where="confidence", found=confidence)
    if most < 2:
        raise UsageError("must be at least 2", where="most_replications", found=most)
