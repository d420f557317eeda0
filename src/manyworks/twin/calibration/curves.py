"""Density, survival and quantiles of every law, minutes; arrays in, arrays of the same shape out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from manyworks.model.times import TimeLaw

Array = NDArray[np.float64]


def log_density(law: TimeLaw, times: ArrayLike) -> Array:
    """Logarithm of the density at ``times`` > 0; only of laws that have one."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return _LOG_DENSITY[law.kind](np.asarray(times, dtype=float), law.values)


def survival(law: TimeLaw, times: ArrayLike) -> Array:
    """Probability of a longer time than each of ``times``."""
    return _SURVIVAL[law.kind](np.asarray(times, dtype=float), law.values)


def quantile(law: TimeLaw, shares: ArrayLike) -> Array:
    """The time that a share of all times does not exceed; ``shares`` from 0 to 1."""
    with np.errstate(divide="ignore"):
        return _QUANTILE[law.kind](np.asarray(shares, dtype=float), law.values)


def _log_space(values: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm of a lognormal time with this mean and cv."""
    variance = math.log1p(values[1] ** 2)
    return math.log(values[0]) - variance / 2, math.sqrt(variance)


def _exponential_density(x: Array, v: Sequence[float]) -> Array:
    return -x / v[0] - math.log(v[0])


def _exponential_survival(x: Array, v: Sequence[float]) -> Array:
    return np.exp(-x / v[0])


def _exponential_quantile(p: Array, v: Sequence[float]) -> Array:
    return -v[0] * np.log1p(-p)


def _weibull_density(x: Array, v: Sequence[float]) -> Array:
    z = np.log(x / v[1])
    return math.log(v[0] / v[1]) + (v[0] - 1) * z - np.exp(v[0] * z)


def _weibull_survival(x: Array, v: Sequence[float]) -> Array:
    return np.exp(-((x / v[1]) ** v[0]))


def _weibull_quantile(p: Array, v: Sequence[float]) -> Array:
    return v[1] * (-np.log1p(-p)) ** (1 / v[0])


def _gamma_density(x: Array, v: Sequence[float]) -> Array:
    return (v[0] - 1) * np.log(x) - x / v[1] - math.lgamma(v[0]) - v[0] * math.log(v[1])


def _gamma_survival(x: Array, v: Sequence[float]) -> Array:
    from scipy.special import gammaincc

    return np.asarray(gammaincc(v[0], x / v[1]))


def _gamma_quantile(p: Array, v: Sequence[float]) -> Array:
    from scipy.special import gammaincinv

    return np.asarray(v[1] * gammaincinv(v[0], p))


def _lognormal_density(x: Array, v: Sequence[float]) -> Array:
    mu, sigma = _log_space(v)
    logs = np.log(x)
    return -logs - math.log(sigma * math.sqrt(2 * math.pi)) - ((logs - mu) / sigma) ** 2 / 2


def _lognormal_survival(x: Array, v: Sequence[float]) -> Array:
    from scipy.special import ndtr

    mu, sigma = _log_space(v)
    with np.errstate(divide="ignore"):
        return np.asarray(ndtr((mu - np.log(x)) / sigma))


def _lognormal_quantile(p: Array, v: Sequence[float]) -> Array:
    from scipy.special import ndtri

    mu, sigma = _log_space(v)
    return np.exp(mu + sigma * np.asarray(ndtri(p)))


def _triangular_density(x: Array, v: Sequence[float]) -> Array:
    low, mode, high = v
    rising = 2 * (x - low) / ((high - low) * max(mode - low, 1e-300))
    falling = 2 * (high - x) / ((high - low) * max(high - mode, 1e-300))
    inside = np.where(x < mode, rising, falling)
    peak = 2 / (high - low)
    return np.log(np.where(x == mode, peak, np.clip(inside, 0, None)))


def _triangular_survival(x: Array, v: Sequence[float]) -> Array:
    low, mode, high = v
    rising = 1 - (np.clip(x, low, high) - low) ** 2 / ((high - low) * max(mode - low, 1e-300))
    falling = (high - np.clip(x, low, high)) ** 2 / ((high - low) * max(high - mode, 1e-300))
    return np.where(x < mode, rising, falling)


def _triangular_quantile(p: Array, v: Sequence[float]) -> Array:
    low, mode, high = v
    turn = (mode - low) / (high - low)
    rising = low + np.sqrt(p * (high - low) * (mode - low))
    return np.where(p < turn, rising, high - np.sqrt((1 - p) * (high - low) * (high - mode)))


def _deterministic_survival(x: Array, v: Sequence[float]) -> Array:
    return np.where(x < v[0], 1.0, 0.0)


def _deterministic_quantile(p: Array, v: Sequence[float]) -> Array:
    return np.full_like(p, v[0])


def _empirical_survival(x: Array, v: Sequence[float]) -> Array:
    return 1 - np.searchsorted(np.sort(v), x, side="right") / len(v)


def _empirical_quantile(p: Array, v: Sequence[float]) -> Array:
    return np.sort(v)[np.minimum((p * len(v)).astype(np.int64), len(v) - 1)]


_Curve = Callable[[Array, Sequence[float]], Array]
_LOG_DENSITY: dict[str, _Curve] = {
    "exponential": _exponential_density,
    "weibull": _weibull_density,
    "gamma": _gamma_density,
    "lognormal": _lognormal_density,
    "triangular": _triangular_density,
}
_SURVIVAL: dict[str, _Curve] = {
    "exponential": _exponential_survival,
    "weibull": _weibull_survival,
    "gamma": _gamma_survival,
    "lognormal": _lognormal_survival,
    "triangular": _triangular_survival,
    "deterministic": _deterministic_survival,
    "empirical": _empirical_survival,
}
_QUANTILE: dict[str, _Curve] = {
    "exponential": _exponential_quantile,
    "weibull": _weibull_quantile,
    "gamma": _gamma_quantile,
    "lognormal": _lognormal_quantile,
    "triangular": _triangular_quantile,
    "deterministic": _deterministic_quantile,
    "empirical": _empirical_quantile,
}
