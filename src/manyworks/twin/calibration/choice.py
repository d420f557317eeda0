"""Which law the times follow: the likeliest for its parameters, if it fits; else the times themselves."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from manyworks.model.times import TimeLaw
from manyworks.twin.calibration.estimate import CURVES, estimate
from manyworks.twin.calibration.fit import WHAT, Fit, TimesFit
from manyworks.twin.calibration.goodness import p_value, statistic
from manyworks.twin.calibration.limits import parameter_limits
from manyworks.twin.calibration.sample import Array, Sample

FEWEST_FOR_A_SHAPE = 10
"""Complete times below which only a mean is fitted."""
FEW = 30
"""Complete times below which a choice between laws is weak, which is said."""
FEWEST_TO_REJECT = 50
"""Complete times from which on a law that does not fit gives way to the times themselves."""
MISFIT = 0.01
"""p-value below which a law does not fit."""
MOST_VALUES = 100
"""Values that an empirical law lists at most."""
SAME = 1e-3
"""Spread over mean below which times count as always the same."""
EVIDENCE = ((2, "hardly ahead of"), (6, "ahead of"), (10, "clearly ahead of"), (math.inf, "far ahead of"))
"""Differences of the Bayesian information criterion in words, by Kass and Raftery (1995), doi:10.2307/2291091."""


def fit_times(sample: Sample, *, field: str = "time_to_repair", seed: int = 0) -> TimesFit:
    """Fit every candidate to a sample, choose one and say why; ``field`` of `Equipment` names the times.

    The least Bayesian information criterion wins. A winner that the Anderson-Darling test rejects gives way to the
    empirical law where there are times enough. The same ``seed`` gives the same p-values.
    """
    count = len(sample.complete)
    if count == 0:
        return TimesFit(field=field, law=None, sample=sample, reason=_nothing(sample, field))
    mean = sample.total_min / count
    if len(sample.censored) == 0 and count > 1 and float(np.ptp(sample.complete)) <= SAME * mean:
        reason = f"always the same: all {count} times lie within {SAME:.1%} of {mean:.4g} min"
        return TimesFit(field=field, law=TimeLaw("deterministic", (mean,)), sample=sample, reason=reason)
    if count < FEWEST_FOR_A_SHAPE:
        only = _judged("exponential", sample)
        reason = f"too few data for a shape: {_times(count)} (at least {FEWEST_FOR_A_SHAPE} are needed); only the mean"
        return TimesFit(
            field=field,
            law=only.law if only else None,
            sample=sample,
            reason=reason,
            candidates=(only,) if only else (),
        )
    fits = sorted(filter(None, (_judged(kind, sample) for kind in CURVES)), key=lambda fit: fit.score)
    fits[0] = _tested(fits[0], sample, seed)
    law, reason = _chosen(fits, sample)
    return TimesFit(field=field, law=law, sample=sample, candidates=tuple(fits), reason=reason)


def empirical_law(sample: Sample) -> TimeLaw:
    """The times themselves; of more than `MOST_VALUES` the means of equal groups, so that the mean stays.

    Censored times pass their weight on to the longer ones (Kaplan-Meier), and the longest takes what is left.
    """
    values, weights = _kaplan_meier(sample)
    if not len(sample.censored) and len(values) <= MOST_VALUES:
        return TimeLaw("empirical", tuple(float(v) for v in np.sort(sample.complete)))
    ends = np.concatenate([[0.0], np.cumsum(weights) / weights.sum()])
    area = np.concatenate([[0.0], np.cumsum(values * np.diff(ends))])  # the integral of the quantile function
    cuts = np.linspace(0, 1, min(MOST_VALUES, max(len(values), 1)) + 1)
    means = np.diff(np.interp(cuts, ends, area)) * (len(cuts) - 1)
    return TimeLaw("empirical", tuple(float(f"{value:.6g}") for value in means))


def _kaplan_meier(sample: Sample) -> tuple[Array, Array]:
    """Complete times in order, and the probability of each."""
    times = np.sort(sample.complete)
    longer = np.sum(sample.censored[None, :] >= times[:, None], axis=1)
    at_risk = len(times) - np.arange(len(times)) + longer
    stay = np.cumprod(1 - 1 / at_risk)
    weights = np.diff(np.concatenate([[0.0], 1 - stay]))
    weights[-1] += stay[-1]
    return times, weights


def _judged(kind: str, sample: Sample) -> Fit | None:
    law = estimate(kind, sample)
    if law is None:
        return None
    height = sample.log_likelihood(law)
    if not math.isfinite(height):
        return None
    free = len(law.values)
    limits = parameter_limits(law, sample)
    return Fit(
        law=law,
        score=free * math.log(len(sample.complete)) - 2 * height,
        low=limits.low,
        high=limits.high,
        mean_low=limits.mean_low,
        mean_high=limits.mean_high,
        log_likelihood=height,
        aic=2 * free - 2 * height,
    )


def _tested(fit: Fit, sample: Sample, seed: int) -> Fit:
    found = statistic(fit.law, sample, seed=seed)
    return replace(fit, statistic=found, p_value=p_value(fit.law, sample, seed=seed))


def _chosen(fits: list[Fit], sample: Sample) -> tuple[TimeLaw, str]:
    """The law, and the reason in words."""
    best = fits[0]
    words = f"{best.law.kind} {_lead(fits)}"
    count = len(sample.complete)
    if best.p_value < MISFIT and count >= FEWEST_TO_REJECT:
        repeated = 1 - len(np.unique(sample.complete)) / count
        rounded = f"; {repeated:.0%} of the times repeat another one, so the log is rounded" if repeated > 0.2 else ""
        return empirical_law(sample), (
            f"no curve fits: {words}, but a sample of it would differ so much in {best.p_value:.1%} of cases only "
            f"(Anderson-Darling {best.statistic:.2f}){rounded}; so the {count} times themselves"
        )
    weak = f"; only {count} times, so the choice is weak" if count < FEW else ""
    fits_or_not = "fits" if best.p_value >= MISFIT else "fits badly"
    return best.law, f"{words}; it {fits_or_not} (Anderson-Darling {best.statistic:.2f}, p = {best.p_value:.2f}){weak}"


def _lead(fits: list[Fit]) -> str:
    """``clearly ahead of gamma (BIC lower by 7.1)``."""
    if len(fits) == 1:
        return "is the only law that could be fitted"
    lead = fits[1].score - fits[0].score
    word = next(word for most, word in EVIDENCE if lead <= most)
    fewer = len(fits[0].law.values) < len(fits[1].law.values) and fits[1].log_likelihood >= fits[0].log_likelihood
    simpler = ", being as likely with fewer parameters" if fewer else ""
    return f"{word} {fits[1].law.kind} (BIC lower by {lead:.1f}{simpler})"


def _nothing(sample: Sample, field: str) -> str:
    seen = sample.total_min + sample.uncounted_min
    if sample.censored.size or sample.uncounted:
        return f"no complete {WHAT.get(field, field)} in {seen:.4g} min of it; the document's value stays"
    return f"no {WHAT.get(field, field)} in the log; the document's value stays"


def _times(count: int) -> str:
    return f"{count} complete time{'' if count == 1 else 's'}"
