"""Quadratic assignment on published instances, and whole floors: how far from the best, in how many CPU seconds.

    PYTHONPATH=src:. python -m benchmarks.quality.layout [--seeds N] [--data FOLDER] [--only floors|assignment]

The numbers to reach: the nug instances optimal in 1 s, sko90 within 0.3 % in 10 s. The instances are read from
qaplib/ under --data, else $MANYWORKS_BENCH_DATA, else ../shared/bench. The same settings serve all of them.

Floors are generated: a serial line between doors at both ends of a long hall, where the bound says that nothing but
the clearances has to be travelled, so that the optimum is known; and in a square hall with both doors in one wall,
where it is not, and the gap to the bound is an upper limit on what is lost.
"""

from __future__ import annotations

import argparse
import csv
import os
import time
from pathlib import Path

import numpy as np

from manyworks.model.network import Network
from manyworks.twin.layout.arrange import arrange_floor
from manyworks.twin.layout.assignment import solve_assignment
from manyworks.twin.layout.problem import AssignmentProblem
from manyworks.twin.layout.qaplib import read_qaplib

SMALL, LARGE = 1.0, 10.0
"""Wall seconds for instances of up to 30 facilities, and for larger ones."""


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MANYWORKS_BENCH_DATA", "../shared/bench")))
    parser.add_argument("--only", choices=["floors", "assignment"])
    options = parser.parse_args()
    if options.only != "floors":
        published(options.data / "qaplib", options.seeds)
    if options.only != "assignment":
        floors(options.seeds)


def published(folder: Path, seeds: int) -> None:
    """One line an instance."""
    if not (folder / "best_known.csv").is_file():
        print(f"skipped: no QAPLIB instances in {folder}; set MANYWORKS_BENCH_DATA")
        return
    began = time.process_time()
    solve_assignment(AssignmentProblem(flow=np.ones((3, 3)), distance=np.ones((3, 3))), steps=12)
    print(f"kernels ready after {time.process_time() - began:.1f} CPU s; {os.cpu_count()} processors\n")
    print(f"{'instance':<10}{'best known':>14}{'found':>14}{'best gap':>10}{'worst gap':>10}{'wall s':>8}{'CPU s':>8}")
    with (folder / "best_known.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            print_row(read_qaplib(folder / f"{row['instance']}.txt"), float(row["best_known_literature"]), seeds)


def print_row(problem: AssignmentProblem, known: float, seeds: int) -> None:
    """Solve one instance with some seeds."""
    limit = SMALL if problem.size <= 30 else LARGE
    found = [solve_assignment(problem, seed=seed, time_limit=limit) for seed in range(seeds)]
    costs = [one.cost for one in found]
    gaps = [cost / known - 1 for cost in costs]
    wall, cpu = (max(getattr(one, name) for one in found) for name in ("seconds", "cpu_seconds"))
    print(
        f"{problem.name:<10}{known:>14,.0f}{min(costs):>14,.0f}{min(gaps):>10.3%}{max(gaps):>10.3%}"
        f"{wall:>8.1f}{cpu:>8.1f}",
        flush=True,
    )


def floors(seeds: int) -> None:
    """One line a hall: work of the best and the worst seed beside the bound."""
    print(f"\n{'hall':<10}{'machines':>10}{'size m':>16}{'bound':>10}{'best':>10}{'worst':>10}{'gap':>8}{'CPU s':>8}")
    for machines in (6, 12, 20, 30):
        for is_long in (True, False):
            network = hall_network(machines, is_long=is_long)
            found = [arrange_floor(network, line="line", seed=seed) for seed in range(seeds)]
            floor, works = network.floors[0], [layout.work for layout in found]
            print(
                f"{'long' if is_long else 'square':<10}{machines:>10}{floor.width_m:>9g} x{floor.depth_m:>5g}"
                f"{found[0].bound:>10,.0f}{min(works):>10,.0f}{max(works):>10,.0f}{max(one.gap for one in found):>8.1%}"
                f"{max(one.cpu_seconds for one in found):>8.1f}",
                flush=True,
            )


def hall_network(machines: int, *, is_long: bool) -> Network:
    """A serial line of machines of random size in a hall with two doors."""
    random = np.random.default_rng(machines)
    length, width = (np.round(random.uniform(1, high, machines), 1).tolist() for high in (5, 3))
    if is_long:
        across, along = round(sum(length) + 0.8 * (machines + 1) + 2, 1), 10.0
        doors = [{"x_m": 0, "y_m": 4, "depth_m": 2}, {"x_m": across, "y_m": 4, "depth_m": 2}]
    else:
        free = sum((a + 0.8) * (b + 0.8) for a, b in zip(length, width, strict=True))
        across = along = round((1.8 * free) ** 0.5 + 1, 1)
        doors = [{"x_m": 2, "y_m": 0, "width_m": 3}, {"x_m": across - 5, "y_m": 0, "width_m": 3}]
    names = [f"m{k + 1}" for k in range(machines)]
    kinds = ("receiving", "shipping")
    return Network.model_validate(
        {
            "name": "hall",
            "finance": {"start": "2027-01-01"},
            "equipment": [
                {"id": name, "name": name, "kind": name, "rated_rate_per_min": 100, "length_m": a, "width_m": b}
                for name, a, b in zip(names, length, width, strict=True)
            ],
            "lines": [{"id": "line", "name": "Line"}],
            "stations": [
                {"line": "line", "id": name, "equipment": name, "sequence": k} for k, name in enumerate(names)
            ],
            "floors": [{"id": "hall", "name": "Hall", "width_m": across, "depth_m": along}],
            "fixed_places": [
                {"floor": "hall", "id": kind, "kind": kind} | door for kind, door in zip(kinds, doors, strict=True)
            ],
        }
    )


if __name__ == "__main__":
    main()
