"""Lines given whole to wheels in the best way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def shared_lines(alone: list[Floats]) -> tuple[Floats, list[Ints]]:
    """Highest value of n lines that are given whole to wheels, (o, t, n), and the lines of each wheel on the way to it.

    ``alone`` holds the value of n lines on one wheel. An arc that two wheels serve counts twice, which is outward.
    """
    total = alone[0]
    split: list[Ints] = []
    count = total.shape[2]
    for wheel in alone[1:]:
        best, given = np.full(total.shape, -np.inf), np.zeros(total.shape, dtype=np.intp)
        for n in range(count):
            sums = total[:, :, : count - n] + wheel[:, :, n : n + 1]
            better = sums > best[:, :, n:]
            best[:, :, n:] = np.where(better, sums, best[:, :, n:])
            given[:, :, n:] = np.where(better, n, given[:, :, n:])
        total = best
        split.append(given)
    return total, split


def lines_of_wheels(split: list[Ints], lines: Ints) -> list[Ints]:
    """Lines (o, t) of each wheel when ``lines`` are shared in the best way."""
    left, found = lines.copy(), []
    for given in reversed(split):
        mine = np.take_along_axis(given, left[:, :, None], axis=2)[:, :, 0]
        found.append(mine)
        left = left - mine
    return [left, *reversed(found)]
