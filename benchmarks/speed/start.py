"""How soon `manyworks --help` answers: best and median of twenty cold processes, wall and CPU seconds.

The goal is 0.3 s. Run it on a quiet machine: `python benchmarks/speed/start.py`.
"""

import os
import statistics
import subprocess
import sys
import time

RUNS = 20


def main() -> None:
    """Print one row for the help and one for a bare interpreter, which is the floor."""
    print(f"{'command':18} {'wall best':>10} {'median':>8} {'CPU best':>10}")
    for name, arguments in [("bare interpreter", ["-c", ""]), ("manyworks --help", ["-m", "manyworks", "--help"])]:
        wall, cpu = zip(*(measure([sys.executable, *arguments]) for _ in range(RUNS)), strict=True)
        print(f"{name:18} {min(wall):10.3f} {statistics.median(wall):8.3f} {min(cpu):10.3f}")


def measure(command: list[str]) -> tuple[float, float]:
    """Wall and CPU seconds of one process."""
    before, started = os.times(), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    cpu = (after.children_user - before.children_user) + (after.children_system - before.children_system)
    return time.perf_counter() - started, cpu


if __name__ == "__main__":
    main()
