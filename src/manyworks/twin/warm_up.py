"""Where a run that begins with an empty line has warmed up: MSER-5.

Source: White, Cobb and Spratt (2000), "A comparison of five steady-state truncation heuristics for simulation",
Winter Simulation Conference, doi:10.1109/WSC.2000.899841.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

BATCH = 5
"""Observations averaged before the rule is applied: the 5 in MSER-5."""


def mser5(series: ArrayLike) -> int | None:
    """Observations to drop at the front; None: the series has not settled, so that a longer one is needed.

    Of all cuts d of the batch means in the first half, the one with the smallest Σ (x − mean)² / (n − d)², the squared
    standard error of what is left. When it lies at the end of that half, the series is still moving.
    """
    values = np.asarray(series, dtype=float)
    batches = len(values) // BATCH
    if batches < 4:
        return None
    means = values[: batches * BATCH].reshape(batches, BATCH).mean(axis=1)
    half = batches // 2
    errors = [
        float(((rest - rest.mean()) ** 2).sum()) / len(rest) ** 2 for rest in (means[d:] for d in range(half + 1))
    ]
    cut = int(np.argmin(errors))
    return None if cut == half else cut * BATCH
