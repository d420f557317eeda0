"""How sure a simulated figure is: Student's t over independent replications, or over batches of one long run."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A mean with the half-width of its confidence interval, from ``count`` independent values.

    ``half_width`` is infinite for a single value: nothing is known of its spread.
    """

    mean: float
    half_width: float
    confidence: float
    count: int

    @property
    def low(self) -> float:
        """Lower end."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """Upper end."""
        return self.mean + self.half_width

    @property
    def relative(self) -> float:
        """Half-width as a share of the mean; infinite for a mean of zero that is not certain."""
        if self.half_width == 0:
            return 0.0
        return self.half_width / abs(self.mean) if self.mean else math.inf

    def scaled(self, factor: float) -> Interval:
        """The same in another unit."""
        return Interval(
            mean=self.mean * factor,
            half_width=self.half_width * abs(factor),
            confidence=self.confidence,
            count=self.count,
        )

    def to_dict(self) -> dict[str, float | int | None]:
        """Mean and ends as data; an end that is not known is None."""
        is_known = math.isfinite(self.half_width)
        return {
            "mean": self.mean, "low": self.low if is_known else None, "high": self.high if is_known else None,
            "confidence": self.confidence, "replications": self.count,
        }  # fmt: skip


def t_interval(values: ArrayLike, confidence: float = 0.95) -> Interval:
    """Interval of the mean of independent values: mean ± t × s / √n, n − 1 degrees of freedom."""
    sample = np.asarray(values, dtype=float)
    count = len(sample)
    if count < 2:
        half = math.inf
    else:
        half = t_quantile(confidence, count - 1) * float(sample.std(ddof=1)) / math.sqrt(count)
    return Interval(mean=float(sample.mean()), half_width=half, confidence=confidence, count=count)


def ratio_interval(parts: ArrayLike, wholes: ArrayLike, confidence: float = 0.95) -> Interval:
    """Interval of a ratio of means, such as energy over good units, by the delta method.

    Mean ratio r = Σ parts / Σ wholes; its spread is that of (part − r × whole) / mean whole. Source: Law (2015),
    *Simulation Modeling and Analysis*, section 9.5.
    """
    top, bottom = np.asarray(parts, dtype=float), np.asarray(wholes, dtype=float)
    if bottom.sum() == 0:
        return Interval(mean=math.nan, half_width=math.inf, confidence=confidence, count=len(top))
    ratio = float(top.sum() / bottom.sum())
    spread = t_interval((top - ratio * bottom) / bottom.mean(), confidence)
    return Interval(mean=ratio, half_width=spread.half_width, confidence=confidence, count=len(top))


def batch_means(series: ArrayLike, batches: int) -> Array:
    """Means of so many equal batches of one long series; what does not fill a batch is left out at the front."""
    values = np.asarray(series, dtype=float)
    size = len(values) // batches
    return np.asarray(values[len(values) - size * batches :].reshape(batches, size).mean(axis=1))


def t_quantile(confidence: float, freedom: int) -> float:
    """Two-sided quantile of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + confidence) / 2))


def replications_needed(now: Interval, relative: float) -> int:
    """Replications after which the interval should be as narrow as asked for: it shrinks with their square root."""
    if not math.isfinite(now.relative):
        return now.count * 2
    return math.ceil(now.count * (now.relative / relative) ** 2)
