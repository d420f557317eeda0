"""How fast the line twin is, beside SimPy in its fast idiom, in CPU seconds of one process, both in the same rounds.

    make bench-twin

Two lines are built twice, for manyworks and for SimPy 4 with generators and without interrupts. Both read the same
random times, so both must end at the same microsecond: the benchmark refuses to time models that differ. The lists that
SimPy reads are drawn beforehand and cost it nothing, manyworks draws while it runs.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.speed.twin_cell import CELL_ENDS, cell, simpy_cell
from manyworks.model.times import TimeLaw, exponential
from manyworks.twin.draws import draws
from manyworks.twin.line_state import LineState, advance, start_line
from manyworks.twin.program import FailureMode, LineProgram, Run, serial_line
from manyworks.twin.reading import reading

STATIONS, ROOM = 10, 5
WORK, TO_FAILURE, TO_REPAIR = exponential(1.0), exponential(100.0), exponential(10.0)
YEARS_MIN = 1e6


def r1(parts: int) -> LineProgram:
    """Ten stations, five rooms between neighbours, exponential work, failures by working time."""
    stop = FailureMode(name="stop", to_failure=TO_FAILURE, to_repair=TO_REPAIR)
    line = serial_line([WORK] * STATIONS, [ROOM] * (STATIONS - 1), failures=[[stop]] * STATIONS, name="R1")
    return LineProgram(
        name=line.name,
        products=line.products,
        stations=line.stations,
        places=line.places,
        runs=(Run(product=0, units=parts),),
    )


def luck(law: TimeLaw, station: int, purpose: str, count: int) -> Iterator[int]:
    """The times that a station of replication 0 draws, ready to read."""
    return iter(draws(law, seed=1, station=station, purpose=purpose, count=count).tolist())


def simpy_r1(parts: int) -> Callable[[], int]:
    """The same line for SimPy, ready to run; running it returns the tick at which the last part leaves."""
    import simpy

    env = simpy.Environment()
    stores = [None, *(simpy.Store(env, ROOM) for _ in range(STATIONS - 1)), None]
    times = [luck(WORK, s, "work", parts) for s in range(STATIONS)]
    failures = [luck(TO_FAILURE, s, "to_failure_0", parts) for s in range(STATIONS)]
    repairs = [luck(TO_REPAIR, s, "to_repair_0", parts) for s in range(STATIONS)]

    def station(before: Any, behind: Any, work: Any, to_failure: Any, to_repair: Any) -> Iterator[Any]:
        left = next(to_failure)
        for part in range(parts):
            if before is not None:
                yield before.get()
            needed = next(work)
            stopped = 0
            rest = needed
            while rest >= left:
                rest -= left
                stopped += next(to_repair)
                left = next(to_failure)
            left -= rest
            yield env.timeout(needed + stopped)
            if behind is not None:
                yield behind.put(part)

    for s in range(STATIONS):
        last = env.process(station(stores[s], stores[s + 1], times[s], failures[s], repairs[s]))

    def run() -> int:
        env.run(until=last)
        return int(env.now)

    return run


def run_ours(program: LineProgram) -> tuple[float, LineState]:
    """CPU seconds of one whole run, and where it ended."""
    state = start_line(program, seed=1)
    started = time.process_time()
    advance(state, YEARS_MIN)
    return time.process_time() - started, state


def side_by_side(
    name: str, program: Callable[[int], LineProgram], other: Callable[[int], Callable[[], int]], parts: int, rounds: int
) -> None:
    """Print the speed of both on one line, and refuse when they do not end at the same tick."""
    run_ours(program(parts))
    ours, theirs = [], []
    for _ in range(rounds):
        run = other(parts)
        started = time.process_time()
        end = run()
        theirs.append(time.process_time() - started)
        best = min(run_ours(program(parts))[0] for _ in range(3))
        seconds, state = run_ours(program(parts))
        ours.append(min(best, seconds))
        found = reading(state)
        found.check()
        if found.time_ticks != end or found.status != "complete":
            raise SystemExit(f"{name}: manyworks ends at {found.time_ticks}, SimPy at {end}: not the same line")
    one, two = statistics.median(ours), statistics.median(theirs)
    print(
        f"{name:10} {parts} parts  manyworks {one:.4f} s ({parts / one / 1e6:.2f} M parts/s)  "
        f"SimPy {two:.3f} s ({parts / two / 1e3:.1f} k parts/s)  {two / one:.0f} times as fast; same last tick"
    )


def print_recursion(parts: int, replications: int) -> None:
    """A million replications, estimated from a sample through the recursion."""
    from manyworks.twin.recursion import recursion

    recursion(r1(parts), seed=1, replications=range(2), units=parts)
    started = time.process_time()
    recursion(r1(parts), seed=1, replications=range(replications), units=parts)
    each = (time.process_time() - started) / replications
    print(
        f"recursion  {parts / each / 1e6:.1f} M parts/s; 1,000,000 replications of {parts} parts: "
        f"{each * 1e6 / 2 / 60:.1f} min on 2 cores (from {replications})"
    )


def print_fork() -> None:
    """How long one fork into a ready slot takes."""
    state = start_line(r1(100_000), seed=1)
    advance(state, 1000.0)
    slot, count = state.copy(), 20_000
    started = time.process_time()
    for _ in range(count):
        state.fork_into(slot)
    each = (time.process_time() - started) / count
    print(f"fork of R1 into a ready slot: {each * 1e6:.2f} µs, {state.memory.nbytes} bytes")


SCRIPT = """
import time
from manyworks.twin.program import serial_line
from manyworks.model.times import exponential
line = serial_line([exponential(1.0)] * 2, [1])
import manyworks.twin.line_state as line_state
start = time.process_time()
line_state.advance(line_state.start_line(line), 10.0)
print(time.process_time() - start)
"""


def print_starts() -> None:
    """Compile time of the engine in an empty cache, and the start with the cache filled."""
    with tempfile.TemporaryDirectory() as folder:
        seconds = []
        for _ in range(4):
            done = subprocess.run(
                [sys.executable, "-c", SCRIPT],
                env=os.environ | {"MANYWORKS_CACHE": folder, "PYTHONPATH": os.pathsep.join(sys.path)},
                capture_output=True,
                text=True,
                check=True,
            )
            seconds.append(float(done.stdout))
    print(f"first run of the engine: compiled {seconds[0]:.1f} s, cached {min(seconds[1:]):.2f} s (CPU, with numba)")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--replications", type=int, default=256)
    arguments = parser.parse_args()
    side_by_side("R1", r1, simpy_r1, arguments.parts, arguments.rounds)
    side_by_side("rich cell", cell, simpy_cell, arguments.parts // CELL_ENDS * CELL_ENDS, arguments.rounds)
    print_recursion(10_000, arguments.replications)
    print_fork()
    print_starts()


if __name__ == "__main__":
    main()
