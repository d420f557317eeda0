"""Lines whose answer is known: how often a simulated 95 % interval holds the exact value, over many seeds.

    make prove-twin                                   the table of docs/explanation/what-the-twin-proves.md
    python -m benchmarks.quality.exact_lines --studies 400 --case "2 stations, room 5"

A study is what a user does: replications from the empty line, the warm-up left out, and a t-interval of their mean.
Studies have luck of their own. A stated 95 % must hold the exact rate in about 95 of 100 of them: too few says that
the engine or the interval is wrong, and so does too many. The limits are those of a binomial count, exceeded once in a
thousand by chance.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from manyworks.model.times import TimeLaw, exponential, time_law
from manyworks.twin.draws import TICKS_PER_MINUTE
from manyworks.twin.exact.answer import exact_answer
from manyworks.twin.program import (
    ENDLESS,
    OUTSIDE,
    CrewProgram,
    FailureMode,
    LineProgram,
    Place,
    StationProgram,
    serial_line,
)
from manyworks.twin.recursion import is_recursive, recursion
from manyworks.twin.replicate import replicate

REPLICATIONS, CONFIDENCE = 10, 0.95
ONE = exponential(1.0)


def row(rooms: list[int], rates: list[float] | None = None, stop: tuple[float, float] | None = None) -> LineProgram:
    """Exponential stations in a row; ``stop``: chance of failing and of mending per minute."""
    rates = rates or [1.0] * (len(rooms) + 1)
    modes = () if stop is None else (failing(*stop),)
    return serial_line([exponential(1 / rate) for rate in rates], rooms, failures=[modes] * len(rates))


def failing(p: float, r: float) -> FailureMode:
    """Stops while at work."""
    return FailureMode(name="stop", to_failure=exponential(1 / p), to_repair=exponential(1 / r))


def queue(arrivals: TimeLaw | None, work: TimeLaw = ONE, room: int = ENDLESS, **fields: object) -> LineProgram:
    """One station with arrivals."""
    return LineProgram(
        name="queue",
        products=("unit",),
        stations=(StationProgram(id="s1", work=(work,), **fields),),  # type: ignore[arg-type]
        places=(
            Place(id="in", source=OUTSIDE, target=0, capacity=room),
            Place(id="out", source=0, target=OUTSIDE),
        ),
        arrivals=arrivals,
    )


def rework() -> LineProgram:
    """Two stations; a quarter of the parts of the second go back to the first."""
    return LineProgram(
        name="rework",
        products=("unit",),
        stations=(StationProgram(id="s1", work=(ONE,)), StationProgram(id="s2", work=(exponential(1 / 1.4),))),
        places=(
            Place(id="in", source=OUTSIDE, target=0, capacity=ENDLESS),
            Place(id="on", source=0, target=1, capacity=ENDLESS),
            Place(id="back", source=1, target=0, capacity=ENDLESS, share=0.25, is_rework=True),
            Place(id="out", source=1, target=OUTSIDE),
        ),
        arrivals=exponential(1 / 0.6),
    )


CASES: dict[str, LineProgram] = {
    "2 stations, room 0": row([0]),
    "2 stations, room 5": row([5]),
    "3 stations, room 0": row([0, 0]),
    "3 stations, room 2": row([2, 2]),
    "5 stations, room 1": row([1] * 4),
    "bowl 1, 1.2, 1": row([0, 0], [1, 1.2, 1]),
    "rates 1, 1.2, 0.9, 1.1, room 2": row([2] * 3, [1, 1.2, 0.9, 1.1]),
    "2 failing stations, room 5": row([5], stop=(0.01, 0.1)),
    "3 failing stations, room 2": row([2, 2], stop=(0.01, 0.1)),
    "4 failing stations, room 1": row([1] * 3, stop=(0.02, 0.1)),
    "lognormal station that fails": queue(None, time_law("lognormal(2, 0.7)"), failures=(failing(0.05, 0.2),)),
    "M/M/1, load 0.8": queue(exponential(1.25)),
    "M/G/1, load 0.8, cv 0.5": queue(exponential(1.25), time_law("gamma(4, 0.25)")),
    "M/M/3, load 0.8": queue(exponential(1 / 2.4), servers=3),
    "M/M/2/5, losses": replace(queue(exponential(0.5), room=3, servers=2), is_lossy=True),
    "Jackson with rework": rework(),
    "CONWIP, 4 stations, 8 parts": replace(row([8] * 3), wip_limit=8),
    "2 x 2 servers, room 1": serial_line([ONE, ONE], [1], servers=[2, 2]),
    "4 machines, 1 repairer": replace(
        queue(None, servers=4, failures=(failing(0.02, 0.1),), repair_crew=0),
        crews=(CrewProgram(id="fitters", people=1),),
    ),
}
"""Every class of `manyworks.twin.exact` that a line program can say."""


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What became of many studies of one case."""

    exact: float
    states: int | None
    means: NDArray[np.float64]
    halves: NDArray[np.float64]
    seconds: float

    @property
    def covered(self) -> int:
        """Studies whose interval holds the exact rate."""
        return int((np.abs(self.means - self.exact) <= self.halves).sum())

    @property
    def limits(self) -> tuple[int, int]:
        """Fewest and most studies that may cover by chance, but for one in a thousand."""
        low, high = stats.binom(len(self.means), CONFIDENCE).interval(0.999)
        return int(low), int(high)

    @property
    def pooled(self) -> tuple[float, float]:
        """Mean of all studies, and the half-width of its 95 % interval."""
        half = stats.t.ppf(0.975, len(self.means) - 1) * self.means.std(ddof=1) / np.sqrt(len(self.means))
        return float(self.means.mean()), float(half)


def study(line: LineProgram, *, studies: int, units: int, seed: int = 0) -> Coverage:
    """Coverage of the exact rate by the t-intervals of many studies."""
    answer = exact_answer(line)
    assert answer is not None
    start = time.process_time()
    rates = simulated_rates(line, studies * REPLICATIONS, units / answer.rate_per_min, seed)
    by_study = rates.reshape(studies, REPLICATIONS)
    spread = by_study.std(axis=1, ddof=1) / np.sqrt(REPLICATIONS)
    return Coverage(
        exact=answer.rate_per_min,
        states=answer.states,
        means=by_study.mean(axis=1),
        halves=spread * stats.t.ppf((1 + CONFIDENCE) / 2, REPLICATIONS - 1),
        seconds=time.process_time() - start,
    )


def simulated_rates(line: LineProgram, count: int, window_min: float, seed: int) -> NDArray[np.float64]:
    """Good units per minute in a window of each replication, after a warm-up of a fifth of it, from an empty line.

    By the recursion where it can, else event by event.
    """
    if is_recursive(line):
        parts = replicate(line, seed=seed, replications=range(count), window_min=window_min / 5, windows=6).good
        counted: NDArray[np.float64] = parts.sum(axis=2)[:, 1:].sum(axis=1) / window_min
        return counted
    warm, end = (round(minutes * TICKS_PER_MINUTE) for minutes in (window_min / 5, 1.2 * window_min))
    units = 1000
    while True:
        leaving = recursion(line, seed=seed, replications=range(count), units=units)
        if leaving[:, -1].min() > end:
            left: NDArray[np.float64] = ((leaving > warm) & (leaving <= end)).sum(axis=1) / window_min
            return left
        units = int(1.2 * units)


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--studies", type=int, default=400)
    options.add_argument("--units", type=int, default=2000, help="good units of a replication after the warm-up")
    options.add_argument("--case", action="append", choices=list(CASES))
    options.add_argument("--seed", type=int, default=0)
    chosen = options.parse_args()
    print("| line | exact rate | states | simulated, all studies | covered | limits | CPU s |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    missed = 0
    for name in chosen.case or CASES:
        found = study(CASES[name], studies=chosen.studies, units=chosen.units, seed=chosen.seed)
        mean, half = found.pooled
        low, high = found.limits
        missed += not low <= found.covered <= high
        share = f"{found.covered / chosen.studies:.1%} ({found.covered})"
        print(
            f"| {name} | {found.exact:.10f} | {found.states or 'formula'} | {mean:.5f} ± {half:.5f} | {share} "
            f"| {low}–{high} | {found.seconds:.1f} |",
            flush=True,
        )
    print(f"\n{chosen.studies} studies of {REPLICATIONS} replications of {chosen.units} units each.")
    raise SystemExit(missed > 0)


if __name__ == "__main__":
    main()
