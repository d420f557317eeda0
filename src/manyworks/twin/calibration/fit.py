"""What was fitted to times of one kind: every candidate, the chosen law, and why."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.model.times import TimeLaw
from manyworks.twin.calibration.sample import Sample

WHAT = {
    "time_to_failure": "running time to a breakdown",
    "time_to_repair": "time to repair",
    "time_to_minor_stop": "running time to a minor stop",
    "minor_stop_time": "length of a minor stop",
    "process_time": "time at work on one unit",
}
"""Fields of `Equipment` that are fitted, and what they are."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """One candidate with 95 % limits of its parameters and mean, nan where there are none.

    ``score`` is what candidates are compared by, least is best: the Bayesian information criterion of a sample, the
    root mean square of ln(law's quantile / table's quantile) of a table. ``p_value`` is of the Anderson-Darling test.
    """

    law: TimeLaw
    score: float
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    mean_low: float = math.nan
    mean_high: float = math.nan
    log_likelihood: float = math.nan
    aic: float = math.nan
    statistic: float = math.nan
    p_value: float = math.nan


@dataclass(frozen=True, kw_only=True)
class TimesFit:
    """The law of one kind of time at one machine.

    ``field`` is the field of `Equipment` that it is for. ``law`` is None when there are too few data to say anything.
    ``candidates`` are in order, the best first. Either ``sample`` holds the times or ``shares`` and ``quantiles`` the
    table, both shape (rows,). ``reason`` says in words why this law.
    """

    field: str
    law: TimeLaw | None
    reason: str
    candidates: tuple[Fit, ...] = ()
    sample: Sample | None = None
    shares: NDArray[np.float64] = dataclasses.field(default_factory=lambda: np.empty(0))
    quantiles: NDArray[np.float64] = dataclasses.field(default_factory=lambda: np.empty(0))

    @property
    def best(self) -> Fit | None:
        """The chosen candidate; None when the law is none of them."""
        return next((fit for fit in self.candidates if fit.law == self.law), None)

    @property
    def count(self) -> int:
        """Complete times."""
        return 0 if self.sample is None else len(self.sample.complete)

    @property
    def observed_mean(self) -> float:
        """Mean of what was observed, minutes: time over ends of a sample, mean of a table; nan without data."""
        if self.sample is not None:
            return self.sample.total_min / len(self.sample.complete) if len(self.sample.complete) else math.nan
        return float(table_mean(self.shares, self.quantiles)) if len(self.shares) else math.nan

    def to_dict(self) -> dict[str, Any]:
        """The fit as plain data."""
        best = self.best
        return {
            "field": self.field,
            "law": None if self.law is None else str(self.law),
            "mean_min": None if self.law is None else self.law.mean,
            "mean_low_min": None if best is None else best.mean_low,
            "mean_high_min": None if best is None else best.mean_high,
            "observed_mean_min": self.observed_mean,
            "complete": self.count,
            "censored": 0 if self.sample is None else len(self.sample.censored),
            "reason": self.reason,
            "candidates": [
                {
                    "law": str(fit.law), "score": fit.score, "aic": fit.aic, "log_likelihood": fit.log_likelihood,
                    "low": list(fit.low), "high": list(fit.high), "statistic": fit.statistic, "p_value": fit.p_value,
                }
                for fit in self.candidates
            ],
        }  # fmt: skip


def table_mean(shares: NDArray[np.float64], quantiles: NDArray[np.float64]) -> float:
    """Mean of a distribution whose quantiles are joined by straight lines."""
    return float(np.sum(np.diff(shares) * (quantiles[1:] + quantiles[:-1]) / 2) / (shares[-1] - shares[0]))
