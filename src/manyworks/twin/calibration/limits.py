"""How sure parameters are: 95 % limits from the observed information, in the logarithms of the parameters."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from manyworks.model.times import TimeLaw
from manyworks.twin.calibration.sample import Array, Sample

NORMAL_95 = 1.959963984540054
STEP = 1e-3


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Lower and upper 95 % limits of each parameter and of the mean; nan where the sample says nothing about them."""

    low: tuple[float, ...]
    high: tuple[float, ...]
    mean_low: float
    mean_high: float


def parameter_limits(law: TimeLaw, sample: Sample) -> Limits:
    """Limits of a likeliest law.

    The likelihood of a triangular law has no curvature at its ends: it gets none, and so does a law whose
    information is not positive.
    """
    none = (math.nan,) * len(law.values)
    unknown = Limits(low=none, high=none, mean_low=math.nan, mean_high=math.nan)
    if law.kind == "triangular":
        return unknown
    information = -_curvature(law, sample)
    try:
        covariance = np.linalg.inv(information)
    except np.linalg.LinAlgError:
        return unknown
    if not np.all(np.isfinite(covariance)) or np.any(np.diag(covariance) <= 0):
        return unknown
    reach = np.exp(NORMAL_95 * np.sqrt(np.diag(covariance)))
    slope = _slope_of_mean(law)
    mean_reach = math.exp(NORMAL_95 * math.sqrt(max(float(slope @ covariance @ slope), 0.0)))
    return Limits(
        low=tuple(float(v) for v in np.asarray(law.values) / reach),
        high=tuple(float(v) for v in np.asarray(law.values) * reach),
        mean_low=law.mean / mean_reach,
        mean_high=law.mean * mean_reach,
    )


def _moved(law: TimeLaw, steps: Array) -> TimeLaw:
    return TimeLaw(law.kind, tuple(float(v) for v in np.asarray(law.values) * np.exp(steps)))


def _curvature(law: TimeLaw, sample: Sample) -> Array:
    """Second differences of the log-likelihood, shape (parameters, parameters)."""
    count = len(law.values)
    unit = np.eye(count) * STEP
    found = np.empty((count, count))
    for i in range(count):
        for j in range(count):
            corners = [
                sample.log_likelihood(_moved(law, a * unit[i] + b * unit[j]))
                for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))
            ]
            found[i, j] = (corners[0] - corners[1] - corners[2] + corners[3]) / (4 * STEP**2)
    return found


def _slope_of_mean(law: TimeLaw) -> Array:
    """Derivative of the logarithm of the mean by the logarithm of each parameter."""
    unit = np.eye(len(law.values)) * STEP
    return np.array([math.log(_moved(law, step).mean / _moved(law, -step).mean) / (2 * STEP) for step in unit])
