"""Maximum likelihood with right censoring for each law.

Closed forms where there are any: exponential, lognormal without censoring. Weibull: one root of the profile equation
in the shape, Σ tᵏ ln t / Σ tᵏ − 1/k = mean of ln t over complete times, the sums over all times. Gamma without
censoring: one root of ln k − ψ(k) = ln mean − mean ln. Everything else climbs from there by Nelder and Mead.
Lawless (2003), *Statistical Models and Methods for Lifetime Data*, chapters 4 and 5.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from manyworks.model.times import TimeLaw
from manyworks.twin.calibration.sample import Array, Sample

CURVES = ("exponential", "weibull", "gamma", "lognormal", "triangular")
"""Laws that are estimated by likelihood."""
SHAPES = (1e-2, 1e3)
"""Range of shapes that are sought: cv from 0.001 to beyond 10."""


def estimate(kind: str, sample: Sample) -> TimeLaw | None:
    """The law of this kind under which the sample is likeliest; None when there is no such law.

    A kind with a shape needs two different complete times, triangular three.
    """
    spread = len(np.unique(sample.complete[:50]))
    if len(sample.complete) == 0 or (kind != "exponential" and spread < (3 if kind == "triangular" else 2)):
        return None
    return _ESTIMATES[kind](sample)


def _exponential(sample: Sample) -> TimeLaw:
    return TimeLaw("exponential", (sample.total_min / len(sample.complete),))


def _weibull(sample: Sample) -> TimeLaw | None:
    unit = float(sample.all_times.max())
    logs = np.log(sample.all_times / unit)  # powers of times up to 1 do not overflow
    target = float(np.mean(np.log(sample.complete / unit)))

    def excess(shape: float) -> float:
        powers = np.exp(shape * logs)
        return float(powers @ logs / powers.sum()) - 1 / shape - target

    shape = _root(excess)
    if shape is None:
        return None
    scale = unit * (float(np.exp(shape * logs).sum()) / len(sample.complete)) ** (1 / shape)
    return TimeLaw("weibull", (shape, scale))


def _gamma(sample: Sample) -> TimeLaw | None:
    from scipy.special import digamma

    mean = float(sample.complete.mean())
    gap = math.log(mean) - float(np.mean(np.log(sample.complete)))
    shape = _root(lambda k: float(digamma(k)) - math.log(k) + gap)
    if shape is None:
        return None
    law = TimeLaw("gamma", (shape, mean / shape))
    return _climbed(law, sample) if len(sample.censored) else law


def _lognormal(sample: Sample) -> TimeLaw:
    logs = np.log(sample.complete)
    variance = float(np.var(logs))
    law = TimeLaw("lognormal", (math.exp(float(logs.mean()) + variance / 2), math.sqrt(math.expm1(variance))))
    return _climbed(law, sample) if len(sample.censored) else law


def _triangular(sample: Sample) -> TimeLaw:
    """Ends beyond the outermost times by climbing; the likeliest mode for given ends is one of the times."""
    times = np.sort(sample.complete)
    low, high = float(times[0]), float(sample.all_times.max())
    room = (high - low) / math.sqrt(len(times))

    def ends(free: Array) -> tuple[float, float]:
        return low * _share(free[0]), high + room * math.exp(min(max(free[1], -30.0), 20.0))

    start = _logit(min((low - room) / low if 1.1 * room < low else 0.1, 0.99))
    best: Array | list[float] = [start, 0.0]
    for _ in range(2):  # a second start from where the first one stopped: the likelihood has edges
        best = _climb(lambda free: _best_mode(times, *ends(free))[0], best, tolerance=1e-5)
    best = np.asarray(best)
    first, last = ends(best)
    law = TimeLaw("triangular", (first, _best_mode(times, first, last)[1], last))
    if not len(sample.censored):
        return law

    def moved(free: Array) -> TimeLaw:
        one, other = ends(free)
        return TimeLaw("triangular", (one, one + (other - one) * _share(free[2]), other))

    turn = min(max((law.values[1] - first) / (last - first), 1e-6), 1 - 1e-6)
    return moved(_climb(lambda free: sample.log_likelihood(moved(free)), [*best, _logit(turn)]))


def _best_mode(times: Array, low: float, high: float) -> tuple[float, float]:
    """Log-likelihood of complete ``times`` in order for these ends, and the mode that reaches it.

    Below a mode x the factors are (t − low) / (x − low), above it (high − t) / (high − x): Oliver (1972), *A maximum
    likelihood oddity*, The American Statistician 26.
    """
    rise, fall = np.log(times - low), np.log(high - times)
    below = np.cumsum(rise) - rise - np.arange(len(times)) * rise
    above = np.cumsum(fall[::-1])[::-1] - fall - np.arange(len(times))[::-1] * fall
    at = int(np.argmax(below + above))
    return len(times) * math.log(2 / (high - low)) + float(below[at] + above[at]), float(times[at])


def _climbed(law: TimeLaw, sample: Sample) -> TimeLaw:
    """From ``law`` to the likeliest of its kind, in the logarithms of its parameters."""
    best = _climb(lambda free: sample.log_likelihood(TimeLaw(law.kind, tuple(np.exp(free)))), np.log(law.values))
    return TimeLaw(law.kind, tuple(float(value) for value in np.exp(best)))


def _climb(height: Callable[[Array], float], start: Array | list[float], tolerance: float = 1e-7) -> Array:
    from scipy.optimize import minimize

    def depth(free: Array) -> float:
        value = height(free)
        return -value if math.isfinite(value) else 1e300

    found = minimize(
        depth, start, method="Nelder-Mead", options={"xatol": tolerance, "fatol": tolerance / 100, "maxfev": 1200}
    )
    return np.asarray(found.x)


def _root(excess: Callable[[float], float]) -> float | None:
    """The shape at which ``excess`` is 0, sought on a logarithmic scale; None when it is outside `SHAPES`."""
    from scipy.optimize import brentq

    low, high = (math.log(end) for end in SHAPES)
    if excess(SHAPES[0]) > 0 or excess(SHAPES[1]) < 0:
        return None
    return math.exp(float(brentq(lambda log_shape: excess(math.exp(log_shape)), low, high, xtol=1e-12, rtol=1e-13)))


def _share(free: float) -> float:
    """From any number to a share strictly between 0 and 1."""
    return min(max(1 / (1 + math.exp(-min(max(free, -500.0), 500.0))), 1e-12), 1 - 1e-12)


def _logit(share: float) -> float:
    return math.log(share / (1 - share))


_ESTIMATES: dict[str, Callable[[Sample], TimeLaw | None]] = {
    "exponential": _exponential,
    "weibull": _weibull,
    "gamma": _gamma,
    "lognormal": _lognormal,
    "triangular": _triangular,
}
