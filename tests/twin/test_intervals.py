"""Promises of warm-up and intervals, on series whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from manyworks.twin.intervals import batch_means, ratio_interval, replications_needed, t_interval
from manyworks.twin.warm_up import mser5


def autoregressive(rng, count, weight=0.7):
    """A series with mean 0 whose neighbours are alike."""
    noise = rng.normal(size=count)
    series = np.zeros(count)
    for k in range(1, count):
        series[k] = weight * series[k - 1] + noise[k]
    return series


def test_t_intervals_cover_the_mean_at_the_stated_rate():
    rng = np.random.default_rng(1)
    covered = [abs((found := t_interval(rng.normal(5, 2, 8))).mean - 5) <= found.half_width for _ in range(2000)]

    assert np.mean(covered) == pytest.approx(0.95, abs=0.015)


def test_ratio_intervals_cover_the_ratio_of_means():
    rng = np.random.default_rng(2)
    hits = []
    for _ in range(1500):
        whole = rng.gamma(20, 1, 20)
        found = ratio_interval(3 * whole + rng.normal(0, 4, 20), whole)
        hits.append(found.low <= 3 <= found.high)

    assert np.mean(hits) == pytest.approx(0.95, abs=0.02)


def test_batch_means_of_a_dependent_series_cover_where_its_values_would_not():
    rng = np.random.default_rng(3)
    hits = {"batches": 0, "values": 0}
    for _ in range(300):
        series = autoregressive(rng, 2000)
        for name, values in (("batches", batch_means(series, 20)), ("values", series)):
            found = t_interval(values)
            hits[name] += found.low <= 0 <= found.high

    assert hits["batches"] / 300 > 0.9
    assert hits["values"] / 300 < 0.75


def test_batches_leave_out_the_front():
    assert batch_means([9, 1, 2, 3, 4], 2).tolist() == [1.5, 3.5]


def test_warm_up_cuts_the_front_of_a_series_that_climbs():
    rng = np.random.default_rng(4)
    time = np.arange(400)
    cuts = [mser5(10 * (1 - np.exp(-time / 20)) + autoregressive(rng, 400, 0.3)) for _ in range(50)]

    assert all(cut is not None and 20 <= cut < 200 for cut in cuts)
    assert 40 < np.median(cuts) < 120


def test_warm_up_of_a_settled_series_drops_little():
    rng = np.random.default_rng(5)
    cuts = [mser5(rng.normal(10, 1, 400)) for _ in range(50)]

    assert np.median([400 if cut is None else cut for cut in cuts]) < 60


def test_a_series_that_keeps_climbing_has_not_warmed_up():
    assert mser5(np.arange(400.0)) is None
    assert mser5([1.0, 2.0, 3.0]) is None


def test_replications_grow_with_the_square_of_the_precision():
    now = t_interval([9.0, 10.0, 11.0, 10.0])

    assert replications_needed(now, now.relative / 3) == 36
    assert replications_needed(t_interval([1.0]), 0.01) == 2
