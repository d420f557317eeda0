"""Does the search for buffers find what enumeration finds? Every allocation by the exact chain, against the search.

``python -m benchmarks.quality.lines`` prints one row a line: the enumerated best, what the search found on exact rates
and on simulated ones, how far these are off, and how many allocations each looked at. ``--simulated`` adds the rows of
the simulated search (a minute).
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Iterator

from manyworks.model.times import exponential
from manyworks.twin.design.buffers import allocate_buffers, between, with_rooms
from manyworks.twin.exact.answer import exact_answer
from manyworks.twin.program import FailureMode, LineProgram, serial_line

CASES = (
    # name, rates, (mean time to failure, to repair) of all machines or of each, rooms
    ("4 equal", (1, 1, 1, 1), None, 6),
    ("5 equal", (1, 1, 1, 1, 1), None, 6),
    ("4 unequal", (1, 1.2, 0.9, 1.1), None, 6),
    ("5 with a slow one", (1, 1.1, 0.8, 1.2, 1), None, 5),
    ("6 equal", (1, 1, 1, 1, 1, 1), None, 4),
    ("3 that stop", (1, 1, 1), ((50, 10),) * 3, 8),
    ("3, the middle one stops often", (1, 1.2, 1), ((100, 5), (20, 5), (100, 5)), 9),
    ("3, one stops seldom and long", (1, 1, 1.1), ((20, 2), (400, 40), (20, 2)), 10),
    ("4 that stop", (1, 1.1, 1, 1.1), ((60, 6),) * 4, 5),
)


def line(rates: tuple[float, ...], stops: tuple[tuple[float, float], ...] | None) -> LineProgram:
    """Exponential machines in a row, without rooms; minutes scaled so that a machine makes about 100 a minute."""
    modes = None
    if stops is not None:
        modes = [
            [FailureMode(name="stop", to_failure=exponential(up / 100), to_repair=exponential(down / 100))]
            for up, down in stops
        ]
    return serial_line([exponential(0.01 / rate) for rate in rates], [0] * (len(rates) - 1), failures=modes)


def every(places: int, total: int) -> Iterator[tuple[int, ...]]:
    """Every way to give so many rooms to the places."""
    for cuts in itertools.combinations(range(total + places - 1), places - 1):
        ends = (-1, *cuts, total + places - 1)
        yield tuple(b - a - 1 for a, b in itertools.pairwise(ends))


def main() -> None:
    """Print the table; fail when the exact search misses an optimum."""
    ways = ["exact"] + (["simulated"] if "--simulated" in sys.argv else [])
    print(f"{'line':32} {'best':16} {'found':16} {'way':10} {'below best':>10} {'tried':>6} {'of':>5} {'s':>6}")
    missed = 0
    for name, rates, stops, total in CASES:
        program = line(rates, stops)
        places = between(program)
        known = {}
        for rooms in every(len(places), total):
            answer = exact_answer(with_rooms(program, places, rooms))
            assert answer is not None
            known[rooms] = answer.rate_per_min
        best = max(known, key=known.__getitem__)
        for way in ways:
            began = time.process_time()
            found = allocate_buffers(program, total=total, is_exact=way == "exact")
            below = 1 - known[found.best.rooms] / known[best]
            missed += way == "exact" and below > 1e-9
            print(
                f"{name:32} {'-'.join(map(str, best)):16} {'-'.join(map(str, found.best.rooms)):16} {way:10} "
                f"{below:10.3%} {found.tried:6} {len(known):5} {time.process_time() - began:6.2f}"
            )
    if missed:
        sys.exit(f"{missed} optima missed")


if __name__ == "__main__":
    main()
