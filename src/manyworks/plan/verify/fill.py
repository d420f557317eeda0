"""Hours filled with what pays most per hour: a sorted list and its running sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Filling:
    """Jobs in falling order of what an hour of them earns: ``rates`` (jobs,), ``hours`` (jobs,) that each takes at
    most; hours that no job needs earn ``floor``, which is at least 0."""

    rates: Floats
    hours: Floats
    floor: float

    def value(self, hours: Floats, *, fee: float = 0.0) -> Floats:
        """Most that each of some numbers of ``hours`` can earn when every used hour costs ``fee``."""
        earned = np.maximum(self.rates - fee, 0.0)
        ends = np.concatenate([np.zeros(1), np.cumsum(self.hours)])
        sums = np.concatenate([np.zeros(1), np.cumsum(earned * self.hours)])
        rest = np.maximum(hours - ends[-1], 0.0) * max(self.floor - fee, 0.0)
        return np.asarray(np.interp(hours, ends, sums) + rest)

    def with_overtime(self, regular: Floats, overtime: Floats, premium: float) -> Floats:
        """Most that regular hours, and then hours of overtime that cost ``premium`` more, can earn."""
        more = self.value(regular + overtime, fee=premium) - self.value(regular, fee=premium)
        return self.value(regular) + more


def filling(rates: Floats, hours: Floats, floor: float) -> Filling:
    """Jobs in any order; those that earn no more than ``floor`` are left out."""
    kept = np.flatnonzero(rates > floor)
    order = kept[np.argsort(-rates[kept], kind="stable")]
    return Filling(rates=rates[order], hours=hours[order], floor=floor)
