"""Recompute fits without the code that made them: scipy's own densities, and the minutes of the log."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from manyworks.model.times import TimeLaw
from manyworks.twin.calibration.fit import Fit, TimesFit
from manyworks.twin.calibration.sample import Sample

if TYPE_CHECKING:
    from manyworks.twin.calibration.calibration import LineCalibration, MachineFit

TOLERANCE = 1e-6
STEP = 0.01
"""Each parameter is moved by this share; no move may make the fit better."""


def check_fits(calibration: LineCalibration) -> list[str]:
    """Every failure in words: likelihoods and distances that differ, fits that are not best, minutes that are lost."""
    failures = []
    for machine, fit in calibration.fits():
        name = f"{machine.station}.{fit.field}"
        for candidate in fit.candidates:
            failures += [f"{name}: {fault}" for fault in _faults_of(candidate, fit)]
        if fit.candidates and fit.candidates[0].score > min(c.score for c in fit.candidates):
            failures.append(f"{name}: {fit.candidates[0].law.kind} stands first and is not the best")
        if fit.law is not None and fit.best is None and not _is_censored(fit) and not _keeps_mean(fit):
            failures.append(f"{name}: the mean is {fit.law.mean:g} min, observed {fit.observed_mean:g}")
    for machine in calibration.machines:
        failures += _lost_minutes(machine)
    return failures


def _faults_of(candidate: Fit, fit: TimesFit) -> list[str]:
    if fit.sample is not None:
        found = likelihood(candidate.law, fit.sample)
        if not math.isclose(found, candidate.log_likelihood, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
            return [f"{candidate.law} has log-likelihood {found:g}, stated {candidate.log_likelihood:g}"]
        better = [
            law for law in _moved(candidate.law) if likelihood(law, fit.sample) > found + 1e-4 * abs(found) + 1e-3
        ]
    else:
        inner = (fit.shares > 0) & (fit.shares < 1) & (fit.quantiles > 0)
        rows = fit.shares[inner], fit.quantiles[inner]
        found = _distance(candidate.law, *rows)
        if not math.isclose(found, candidate.score, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
            return [f"{candidate.law} is {found:g} from the table, stated {candidate.score:g}"]
        better = [law for law in _moved(candidate.law) if _distance(law, *rows) < found * (1 - 1e-3) - 1e-6]
    return [f"{candidate.law} is not the best of its kind: {better[0]} is better"] if better else []


def likelihood(law: TimeLaw, sample: Sample) -> float:
    """Log-likelihood by scipy's densities."""
    curve = _of_scipy(law)
    return float(np.sum(curve.logpdf(sample.complete)) + np.sum(curve.logsf(sample.censored)))


def _distance(law: TimeLaw, shares: Any, quantiles: Any) -> float:
    return float(np.sqrt(np.mean((np.log(_of_scipy(law).ppf(shares)) - np.log(quantiles)) ** 2)))


def _of_scipy(law: TimeLaw) -> Any:
    """The same law as scipy names it."""
    from scipy import stats

    first, second, third = (*law.values, 0.0, 0.0)[:3]
    if law.kind == "exponential":
        return stats.expon(scale=first)
    if law.kind == "weibull":
        return stats.weibull_min(first, scale=second)
    if law.kind == "gamma":
        return stats.gamma(first, scale=second)
    if law.kind == "lognormal":
        sigma = math.sqrt(math.log1p(second**2))
        return stats.lognorm(sigma, scale=first * math.exp(-(sigma**2) / 2))
    return stats.triang((second - first) / (third - first), loc=first, scale=third - first)


def _moved(law: TimeLaw) -> list[TimeLaw]:
    laws = []
    for position in range(len(law.values)):
        for factor in (1 - STEP, 1 + STEP):
            values = list(law.values)
            values[position] *= factor
            if law.kind != "triangular" or values == sorted(values):
                laws.append(TimeLaw(law.kind, tuple(values)))
    return laws


def _keeps_mean(fit: TimesFit) -> bool:
    """Whether the law has the observed mean; true where it was derived from others, with no times of its own."""
    if math.isnan(fit.observed_mean):
        return True
    return fit.law is not None and abs(fit.law.mean / fit.observed_mean - 1) < 0.02


def _is_censored(fit: TimesFit) -> bool:
    return fit.sample is not None and len(fit.sample.censored) > 0


def _lost_minutes(machine: MachineFit) -> list[str]:
    """Working minutes of the log against those of each clock, and minutes of stops against those of all stops."""
    if machine.seen_min is None:
        return []
    samples = {fit.field: fit.sample for fit in machine.fits if fit.sample is not None}
    stops = [samples[name] for name in ("time_to_repair", "minor_stop_time") if name in samples]
    seen = machine.seen_min.get("breakdown", 0.0) + machine.seen_min.get("minor stop", 0.0)
    counted = sum(sample.total_min + sample.uncounted_min for sample in stops)
    if stops and not math.isclose(seen, counted, rel_tol=1e-6, abs_tol=1e-3):
        return [f"{machine.station}: {seen:g} min of stops in the log, {counted:g} min in the samples"]
    return []
