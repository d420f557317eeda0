"""Laws from a table of quantiles, where the times themselves are not at hand: least distance between quantiles.

The distance is the root mean square of ln(law's quantile / table's quantile) over the table's shares strictly between
0 and 1: 0.1 means that quantiles are 10 % off, whatever their size. Ends are left out, as those of a sample say more
about its length than about the law.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from manyworks.model.times import TimeLaw
from manyworks.twin.calibration.curves import quantile
from manyworks.twin.calibration.estimate import CURVES
from manyworks.twin.calibration.fit import Fit, TimesFit, table_mean
from manyworks.twin.calibration.sample import Array

FARTHEST = 0.15
"""Distance from which on no curve is taken."""
MEAN_OFF = 0.1
"""Error of the mean from which on no curve is taken: the rate of a line hangs on means."""
FEWEST_ROWS = 4
SAME = 1e-3


def fit_quantiles(shares: ArrayLike, quantiles: ArrayLike, *, field: str = "time_to_repair") -> TimesFit:
    """Fit every candidate to a table: ``quantiles`` in minutes for rising ``shares`` between 0 and 1.

    The least distance wins, if it is small and keeps the mean; else the table itself becomes an empirical law.
    """
    p, q = np.asarray(shares, dtype=float), np.asarray(quantiles, dtype=float)
    inner = (p > 0) & (p < 1) & (q > 0)
    mean = table_mean(p, q)
    if np.ptp(q) <= SAME * mean:
        return TimesFit(
            field=field, law=TimeLaw("deterministic", (mean,)), shares=p, quantiles=q, reason="always the same"
        )
    fits = sorted(
        (_closest(kind, p[inner], q[inner], mean) for kind in CURVES if inner.sum() >= FEWEST_ROWS),
        key=lambda fit: fit.score,
    )
    law, reason = _chosen(fits, p, q, mean)
    return TimesFit(field=field, law=law, reason=reason, candidates=tuple(fits), shares=p, quantiles=q)


def distance(law: TimeLaw, shares: Array, quantiles: Array) -> float:
    """Root mean square of ln(law's quantile / table's quantile)."""
    ratio = np.log(np.maximum(quantile(law, shares), 1e-300) / quantiles)
    return float(np.sqrt(np.mean(ratio**2)))


def table_law(shares: Array, quantiles: Array) -> TimeLaw:
    """The table as an empirical law of 100 equally likely values: means of its hundredths, so that its mean stays."""
    at = (shares - shares[0]) / (shares[-1] - shares[0])
    area = np.concatenate([[0.0], np.cumsum(np.diff(at) * (quantiles[1:] + quantiles[:-1]) / 2)])
    fine = np.linspace(0, 1, 101)
    position = np.clip(np.searchsorted(at, fine, side="right") - 1, 0, len(at) - 2)
    along = fine - at[position]
    slope = np.diff(quantiles)[position] / np.maximum(np.diff(at)[position], 1e-300)
    whole = area[position] + along * (quantiles[position] + slope * along / 2)
    return TimeLaw("empirical", tuple(float(f"{max(v, 1e-6):.6g}") for v in np.diff(whole) * 100))


def _closest(kind: str, shares: Array, quantiles: Array, mean: float) -> Fit:
    """The law of a kind with the least distance, by Nelder and Mead from the table's own mean and spread."""
    from scipy.optimize import minimize

    law_of, start = _FREE[kind](quantiles, mean)
    found = minimize(
        lambda free: distance(law_of(free), shares, quantiles), start, method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-10, "maxfev": 2000},
    )  # fmt: skip
    law = law_of(np.asarray(found.x))
    return Fit(law=law, score=distance(law, shares, quantiles))


def _chosen(fits: list[Fit], p: Array, q: Array, mean: float) -> tuple[TimeLaw, str]:
    if not fits:
        return table_law(p, q), f"fewer than {FEWEST_ROWS} quantiles between 0 and 1: the table itself"
    best = fits[0]
    behind = f"{best.law.kind} before {fits[1].law.kind}" if len(fits) > 1 else best.law.kind
    found = f"{behind}: quantiles {best.score:.1%} off against {fits[1].score:.1%}" if len(fits) > 1 else behind
    off = best.law.mean / mean - 1
    if best.score > FARTHEST or abs(off) > MEAN_OFF:
        return table_law(p, q), (
            f"no curve fits: the closest is {found}, its mean {abs(off):.0%} too {'low' if off < 0 else 'high'}; "
            "so the table itself, in hundredths"
        )
    return best.law, f"{found}, mean {off:+.1%}"


_Free = tuple[Callable[[Array], TimeLaw], list[float]]


def _in_logs(kind: str, start: list[float]) -> _Free:
    def law(free: Array) -> TimeLaw:
        return TimeLaw(kind, tuple(float(v) for v in np.exp(np.clip(free, -50, 50))))

    return law, [math.log(value) for value in start]


def _triangular(quantiles: Array, mean: float) -> _Free:
    """Three lengths added up: low, from there to the mode, from there to the high end."""

    def law(free: Array) -> TimeLaw:
        return TimeLaw("triangular", tuple(float(v) for v in np.cumsum(np.exp(np.clip(free, -50, 50)))))

    low, high = float(quantiles[0]), float(quantiles[-1])
    mode = min(max(3 * mean - low - high, low + 0.05 * (high - low)), high - 0.05 * (high - low))
    return law, [math.log(max(part, 1e-9)) for part in (low, mode - low, high - mode)]


_FREE: dict[str, Callable[[Array, float], _Free]] = {
    "exponential": lambda _, mean: _in_logs("exponential", [mean]),
    "weibull": lambda _, mean: _in_logs("weibull", [1.0, mean]),
    "gamma": lambda _, mean: _in_logs("gamma", [1.0, mean]),
    "lognormal": lambda _, mean: _in_logs("lognormal", [mean, 1.0]),
    "triangular": _triangular,
}
