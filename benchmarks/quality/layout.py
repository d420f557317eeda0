"""Quadratic assignment on published instances: how far from the best known, in how many CPU seconds.

    PYTHONPATH=src:. python -m benchmarks.quality.layout [--seeds N] [--data FOLDER]

The numbers to reach: the nug instances optimal in 1 s, sko90 within 0.3 % in 10 s. The instances are read from
qaplib/ under --data, else $MANYWORKS_BENCH_DATA, else ../shared/bench. The same settings serve all of them.
"""

from __future__ import annotations

import argparse
import csv
import os
import time
from pathlib import Path

import numpy as np

from manyworks.twin.layout.assignment import solve_assignment
from manyworks.twin.layout.problem import AssignmentProblem
from manyworks.twin.layout.qaplib import read_qaplib

SMALL, LARGE = 1.0, 10.0
"""Wall seconds for instances of up to 30 facilities, and for larger ones."""


def main() -> None:
    """Print one line an instance: the worst and the best of the seeds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MANYWORKS_BENCH_DATA", "../shared/bench")))
    options = parser.parse_args()
    folder = options.data / "qaplib"
    if not (folder / "best_known.csv").is_file():
        print(f"skipped: no QAPLIB instances in {folder}; set MANYWORKS_BENCH_DATA")
        return
    began = time.process_time()
    solve_assignment(AssignmentProblem(flow=np.ones((3, 3)), distance=np.ones((3, 3))), steps=12)
    print(f"kernels ready after {time.process_time() - began:.1f} CPU s; {os.cpu_count()} processors\n")
    print(f"{'instance':<10}{'best known':>14}{'found':>14}{'best gap':>10}{'worst gap':>10}{'wall s':>8}{'CPU s':>8}")
    with (folder / "best_known.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            print_row(
                read_qaplib(folder / f"{row['instance']}.txt"), float(row["best_known_literature"]), options.seeds
            )


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


if __name__ == "__main__":
    main()
