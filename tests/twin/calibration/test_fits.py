"""Fits find the law that the times came from, know how sure they are, and say what they cannot know."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from manyworks.model.times import TimeLaw, exponential
from manyworks.twin.calibration import Sample, fit_quantiles, fit_times
from manyworks.twin.calibration.check import _faults_of
from manyworks.twin.calibration.choice import empirical_law
from manyworks.twin.calibration.curves import quantile, survival
from manyworks.twin.calibration.estimate import estimate
from manyworks.twin.calibration.limits import parameter_limits
from tests.twin.calibration.logs import draw

WEIBULL = TimeLaw("weibull", (1.6, 30.0))
LAWS = [exponential(30.0), WEIBULL, TimeLaw("gamma", (3.0, 2.0)), TimeLaw("lognormal", (5.0, 0.8))]
SEEDS = range(80)


def cut(law: TimeLaw, seed: int, count: int = 120) -> Sample:
    """Times of which each is cut off at a moment of its own, about one in five."""
    times = draw(law, count, seed)
    ends = draw(TimeLaw("exponential", (4 * law.mean,)), count, seed + 10_000)
    return Sample.of(times[times <= ends], ends[times > ends])


def covered(law: TimeLaw, sample: Sample) -> list[bool]:
    """Whether the limits of each parameter, and of the mean, hold the truth."""
    found = estimate(law.kind, sample)
    assert found is not None
    limits = parameter_limits(found, sample)
    inside = [low <= true <= high for low, true, high in zip(limits.low, law.values, limits.high, strict=True)]
    return [*inside, limits.mean_low <= law.mean <= limits.mean_high]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.kind)
def test_limits_hold_the_known_truth_as_often_as_they_say_whatever_is_cut_off(law: TimeLaw) -> None:
    shares = np.mean([covered(law, cut(law, seed)) for seed in SEEDS], axis=0)
    assert np.all(shares >= 0.89), shares  # 95 % of 80 seeds, less 2.5 standard deviations


def test_an_estimator_that_takes_cut_times_for_whole_ones_is_caught_by_that_test() -> None:
    def broken(seed: int) -> Sample:
        return Sample.of(cut(WEIBULL, seed).all_times)

    shares = np.mean([covered(WEIBULL, broken(seed)) for seed in SEEDS], axis=0)
    assert shares.min() < 0.5, shares


@pytest.mark.parametrize("law", [*LAWS, TimeLaw("triangular", (1.0, 2.0, 5.0))], ids=lambda law: law.kind)
def test_the_law_that_the_times_came_from_is_chosen_and_fits(law: TimeLaw) -> None:
    fit = fit_times(Sample.of(draw(law, 600, 3)))
    assert fit.law is not None
    assert fit.law.kind == law.kind, fit.reason
    assert fit.law.mean == pytest.approx(law.mean, rel=0.1)
    assert fit.best is not None
    assert fit.best.p_value > 0.05
    assert "BIC lower by" in fit.reason
    assert [candidate.score for candidate in fit.candidates] == sorted(c.score for c in fit.candidates)


def test_times_that_no_curve_fits_are_taken_themselves_and_keep_their_mean() -> None:
    times = np.concatenate([draw(TimeLaw("lognormal", (1.0, 0.1)), 150, 1), draw(TimeLaw("gamma", (9.0, 2.0)), 150, 2)])
    fit = fit_times(Sample.of(times))
    assert fit.law is not None
    assert fit.law.kind == "empirical"
    assert fit.reason.startswith("no curve fits")
    assert fit.law.mean == pytest.approx(times.mean(), rel=1e-4)


def test_an_empirical_law_gives_the_weight_of_a_cut_time_to_the_longer_ones() -> None:
    law = empirical_law(Sample.of([1, 2, 3, 4], [2.5]))
    assert law.mean == pytest.approx(0.2 * 1 + 0.2 * 2 + 0.3 * 3 + 0.3 * 4)


def test_few_times_give_a_mean_and_none_give_nothing_and_both_are_said() -> None:
    few = fit_times(Sample.of([2.0, 3.0, 7.0], [4.0]))
    assert few.law == exponential(16.0 / 3)
    assert "too few data for a shape: 3 complete times" in few.reason
    none = fit_times(Sample.of([], [40.0]), field="time_to_failure")
    assert none.law is None
    assert none.reason == "no complete running time to a breakdown in 40 min of it; the document's value stays"


def test_equal_times_are_deterministic() -> None:
    assert str(fit_times(Sample.of([0.5] * 12)).law) == "deterministic(0.5)"


@pytest.mark.parametrize("law", [*LAWS, TimeLaw("triangular", (1.0, 2.0, 5.0))], ids=lambda law: law.kind)
def test_quantiles_of_a_law_give_it_back(law: TimeLaw) -> None:
    shares = np.linspace(0, 1, 101)
    table = quantile(law, np.clip(shares, 0.0005, 0.9995))
    fit = fit_quantiles(shares, table)
    assert fit.law is not None
    assert fit.law.kind in (law.kind, "weibull")  # an exponential is a Weibull of shape 1
    assert np.max(np.abs(survival(fit.law, table) - survival(law, table))) < 1e-3


def test_a_table_that_no_curve_follows_is_taken_itself_and_keeps_its_mean() -> None:
    shares = np.linspace(0, 1, 41)
    table = np.where(shares < 0.9, 1 + shares, 200 * shares)
    fit = fit_quantiles(shares, table)
    assert fit.law is not None
    assert fit.law.kind == "empirical"
    assert fit.law.mean == pytest.approx(fit.observed_mean, rel=1e-3)


def test_the_check_finds_a_law_that_is_not_the_likeliest_and_one_with_another_likelihood() -> None:
    fit = fit_times(Sample.of(draw(WEIBULL, 300, 5)))
    best = fit.candidates[0]
    assert _faults_of(best, fit) == []
    worse = TimeLaw("weibull", (best.law.values[0], best.law.values[1] * 1.1))
    assert fit.sample is not None
    moved = replace(best, law=worse, log_likelihood=fit.sample.log_likelihood(worse))
    assert "not the best of its kind" in _faults_of(moved, fit)[0]
    assert "log-likelihood" in _faults_of(replace(best, log_likelihood=best.log_likelihood + 1), fit)[0]


def test_the_same_seed_gives_the_same_fit() -> None:
    sample = cut(WEIBULL, 4)
    assert fit_times(sample, seed=2).to_dict() == fit_times(sample, seed=2).to_dict()
