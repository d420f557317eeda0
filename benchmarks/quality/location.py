"""Location with a given table of costs: what is proven, in how many CPU seconds, beside HiGHS alone.

    PYTHONPATH=src:. python -m benchmarks.quality.location [--highs]

The numbers to reach: the 37 OR-Library instances in $MANYWORKS_BENCH_DATA/orlib_cap proven in 20 CPU s together; 100 x
1,000 proven in 60 CPU s each; 1,000 x 1,000 within 1 % in 60 CPU s. ``--highs`` gives each instance to HiGHS as one
model with the strong links x <= y and the row of total capacity, for as many CPU seconds as ours took, 60 at least.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.instances.locations import few_large, uniform_square
from manyworks.plan.highs import Solver
from manyworks.plan.linear import LinearModel
from manyworks.plan.location.locate import locate_sites
from manyworks.plan.location.orlib import read_orlib
from manyworks.plan.location.problem import LocationProblem


def main() -> None:
    """Print one line an instance."""
    published()
    beside = "--highs" in sys.argv
    print(f"{'instance':<42}{'cost':>14}{'bound':>14}{'gap':>10}{'branches':>10}{'CPU s':>8}  HiGHS alone")
    for seed in range(3):
        row(uniform_square(100, 1000, ratio=5, seed=seed), gap=0.0, beside=beside)
        row(uniform_square(100, 1000, ratio=10, seed=seed), gap=0.0, beside=beside)
        row(few_large(100, 1000, capacity=8000, seed=seed), gap=0.0, beside=beside)
        row(few_large(100, 1000, capacity=12000, seed=seed), gap=0.0, beside=beside)
    for seed in range(3):
        row(uniform_square(1000, 1000, ratio=10, seed=seed), gap=0.01, beside=beside)
        row(uniform_square(1000, 1000, ratio=5, seed=seed), gap=0.01, beside=beside)
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def published() -> None:
    """The published instances, each with its optimum."""
    data = os.environ.get("MANYWORKS_BENCH_DATA")
    if data is None:
        print("OR-Library instances skipped: MANYWORKS_BENCH_DATA is not set")
        return
    folder = Path(data) / "orlib_cap"
    proven = count = 0
    began = time.process_time()
    for line in (folder / "optima.tsv").read_text().splitlines():
        name, optimum, *_ = line.split()
        found = locate_sites(read_orlib(folder / f"{name}.txt"))
        proven += found.status == "optimal" and abs(found.cost - float(optimum)) < 1e-3
        count += 1
    print(f"OR-Library: {proven} of {count} optima reproduced and proven in {time.process_time() - began:.1f} CPU s")


def row(problem: LocationProblem, *, gap: float, beside: bool) -> None:
    """Solve one instance, and let HiGHS try it."""
    began = time.process_time()
    found = locate_sites(problem, gap=gap, time_limit=600)
    seconds = time.process_time() - began
    other = alone(problem, gap, max(seconds, 60.0)) if beside else "not run"
    figures = f"{found.cost:>14,.1f}{found.bound:>14,.1f}{found.gap:>10.4%}{found.nodes:>10}{seconds:>8.1f}"
    print(f"{problem.name:<42}{figures}  {other}", flush=True)


def alone(problem: LocationProblem, gap: float, seconds: float) -> str:
    """What HiGHS finds and proves on the same instance."""
    sites, customers = problem.size
    unit = float(problem.cost.max())
    linear = LinearModel()
    opened = linear.add_columns("open", -problem.fixed_cost / unit, 0.0, 1.0, whole=True)
    flow = linear.add_columns("flow", -problem.cost / unit)
    cell = np.arange(sites * customers).reshape(sites, customers)
    linear.add_rows("demand", (customers,), [(np.arange(customers)[None, :], flow, 1.0)], 1.0, 1.0)
    held = [
        (np.arange(sites)[:, None], flow, problem.demand[None, :]),
        (np.arange(sites), opened, -problem.capacity),
    ]
    linear.add_rows("capacity", (sites,), held, high=0.0)
    linear.add_rows("link", cell.shape, [(cell, flow, 1.0), (cell, opened[:, None], -1.0)], high=0.0)
    linear.add_rows("cover", (1,), [(0, opened, problem.capacity)], low=problem.demand.sum())
    began = time.process_time()
    solver = Solver(linear, whole=True)
    answer = solver.solve(gap=gap * 1e3, time_limit=seconds)
    spent = time.process_time() - began
    best = "no plan" if answer.x is None else f"cost {-answer.value * unit:,.1f}"
    bound = f"bound {-answer.bound * unit:,.1f}" if np.isfinite(answer.bound) else "no bound"
    return f"{best}, {bound}, {answer.status} after {spent:.0f} CPU s"


if __name__ == "__main__":
    main()
