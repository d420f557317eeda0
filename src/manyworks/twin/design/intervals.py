"""Means of samples with intervals that hold together, alone and as paired differences under common luck."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from manyworks.twin.intervals import Interval, t_interval


def mean_interval(values: NDArray[np.float64], confidence: float, comparisons: int = 1) -> Interval:
    """Student's interval of a mean; ``comparisons`` of them hold together with ``confidence`` (Bonferroni)."""
    return t_interval(values, 1 - (1 - confidence) / comparisons)


def certain(value: float) -> Interval:
    """A figure without chance."""
    return Interval(mean=value, half_width=0.0, confidence=1.0, count=0)


def is_sure(interval: Interval) -> bool:
    """Whether the interval has one sign only."""
    return interval.low > 0 or interval.high < 0
