"""Goodness of fit: the Anderson-Darling statistic, and how often a sample of the fitted law itself would exceed it.

The parameters were fitted to the same times, so tables of critical values do not hold: samples are drawn from the
fitted law, the law is fitted to each, and its statistic is compared (parametric bootstrap; Stute, Gonzáles Manteiga and
Presedo Quindimil (1993), doi:10.1007/BF02613687). Censored times are first drawn to their end from the fitted law.
"""

from __future__ import annotations

import numpy as np

from manyworks.model.times import TimeLaw
from manyworks.twin.calibration.curves import quantile, survival
from manyworks.twin.calibration.estimate import estimate
from manyworks.twin.calibration.sample import Array, Sample

REPLICATES = {"triangular": 119}
MOST_REPLICATES = 199
ENOUGH = 20
"""Samples with a larger statistic after which more of them would tell nothing: the law fits."""
MOST_DRAWN = 200
"""Times in each drawn sample at most: the statistic's distribution hardly moves beyond."""


def anderson_darling(law: TimeLaw, times: Array) -> float:
    """A² = −n − 1/n Σ (2i − 1) (ln F(xᵢ) + ln S(xₙ₊₁₋ᵢ)), the times in order."""
    beyond = np.clip(survival(law, np.sort(times)), 1e-15, 1 - 1e-15)
    odd = 2 * np.arange(1, len(times) + 1) - 1
    return float(-len(times) - np.mean(odd * (np.log1p(-beyond) + np.log(beyond[::-1]))))


def statistic(law: TimeLaw, sample: Sample, *, seed: int) -> float:
    """Anderson-Darling statistic of the fitted law; the same seed completes censored times the same way."""
    return anderson_darling(law, sample.completed(law, np.random.default_rng([seed, 0])))


def p_value(law: TimeLaw, sample: Sample, *, seed: int) -> float:
    """Share of samples of the fitted law whose statistic is at least as large; small: the law does not fit."""
    rng = np.random.default_rng([seed, 1])
    count = min(len(sample.all_times), MOST_DRAWN)
    found = statistic(law, sample, seed=seed)
    exceeding = drawn = 0
    while drawn < REPLICATES.get(law.kind, MOST_REPLICATES) and exceeding < ENOUGH:
        again = np.maximum(quantile(law, rng.random(count)), 1e-9)
        fitted = estimate(law.kind, Sample.of(again))
        drawn += 1
        exceeding += fitted is None or anderson_darling(fitted, again) >= found
    return (exceeding + 1) / (drawn + 1)
