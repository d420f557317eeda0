"""Logs of machines whose laws are known: written by hand, or drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from manyworks.model.times import TimeLaw
from manyworks.twin.calibration.curves import quantile

HEADER = "equipment,state,from,to,reason"


def write(folder: Path, *rows: str, header: str = HEADER) -> Path:
    """A CSV log."""
    file = folder / "log.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file


def draw(law: TimeLaw, count: int, seed: int) -> np.ndarray:
    """Independent times of a law."""
    return np.maximum(quantile(law, np.random.default_rng(seed).random(count)), 1e-6)


def drawn_log(to_failure: TimeLaw, to_repair: TimeLaw, *, stops: int, seed: int, station: str = "pack") -> list[str]:
    """Rows of a machine that works in pieces, waits between them, and breaks down after so much work."""
    rng = np.random.default_rng([seed, 7])
    rows, now = [], 0.0

    def put(state: str, minutes: float) -> None:
        nonlocal now
        rows.append(f"{station},{state},{now:.6f},{now + minutes:.6f},")
        now += minutes

    for run, stop in zip(draw(to_failure, stops, seed), draw(to_repair, stops, seed + 1), strict=True):
        first = run * rng.random()
        put("Execute", first)
        put("Suspended", float(rng.exponential(2.0)) + 0.01)
        put("Execute", run - first)
        put("Aborted", stop)
    put("Execute", 1.0)
    return rows
