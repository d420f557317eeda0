"""Times of one kind at one machine: complete ones, ones that the log cuts off, and ones that it does not hold whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from manyworks.model.times import TimeLaw
from manyworks.twin.calibration.curves import log_density, survival

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """``complete`` times, and ``censored`` ones of which only this much was seen; minutes, both above 0.

    ``uncounted_min`` and ``uncounted`` are the minutes and number of times whose beginning the log does not hold: how
    long they took is not known, nor that they are like the others, so they say nothing about the law.
    """

    complete: Array
    censored: Array = field(default_factory=lambda: np.empty(0))
    uncounted: int = 0
    uncounted_min: float = 0.0

    @classmethod
    def of(cls, complete: Sequence[float] | Array, censored: Sequence[float] | Array = ()) -> Sample:
        """A sample of plain numbers."""
        return cls(np.asarray(complete, dtype=float), np.asarray(censored, dtype=float))

    @cached_property
    def all_times(self) -> Array:
        """Complete and censored times together."""
        return np.concatenate([self.complete, self.censored])

    @property
    def total_min(self) -> float:
        """Minutes in the sample, complete and censored."""
        return float(self.all_times.sum())

    def log_likelihood(self, law: TimeLaw) -> float:
        """Sum of the log density of complete and the log survival of censored times."""
        with np.errstate(divide="ignore"):
            seen = float(np.sum(log_density(law, self.complete)))
            return seen + (float(np.sum(np.log(survival(law, self.censored)))) if len(self.censored) else 0.0)

    def completed(self, law: TimeLaw, rng: np.random.Generator) -> Array:
        """All times, the censored ones drawn to their end from ``law``, for tests that know no censoring."""
        from manyworks.twin.calibration.curves import quantile

        if not len(self.censored):
            return self.complete
        beyond = survival(law, self.censored) * rng.random(len(self.censored))
        return np.concatenate([self.complete, np.maximum(quantile(law, 1 - beyond), self.censored)])
