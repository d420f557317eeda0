"""Chance: the laws have their moments, streams are keyed, and the plain interpreter draws the same numbers."""

from __future__ import annotations

import math
import os
import subprocess
import sys

import numpy as np
import pytest

from manyworks.errors import UsageError
from manyworks.model.times import exponential, time_law
from manyworks.twin.draws import TICKS_PER_MINUTE, Stream, draws, uniforms

LAWS = [
    "exponential(2)",
    "deterministic(0.3)",
    "weibull(shape=1.5, scale=2)",
    "weibull(shape=0.7, scale=2)",
    "lognormal(mean=5, cv=0.8)",
    "gamma(shape=0.5, scale=3)",
    "gamma(shape=4, scale=3)",
    "triangular(1, 2, 5)",
    "empirical(1, 2, 7)",
]
COUNT = 200_000


@pytest.mark.parametrize("words", LAWS)
def test_drawn_times_have_the_mean_and_the_variance_of_their_law(words):
    law = time_law(words)
    minutes = draws(law, seed=7, station=3, purpose="work", count=COUNT) / TICKS_PER_MINUTE
    assert abs(minutes.mean() - law.mean) <= 4.5 * math.sqrt(law.variance / COUNT) + 1e-8
    assert minutes.var() == pytest.approx(law.variance, rel=0.05, abs=1e-12)


def test_exponential_times_follow_their_law_in_every_part_of_the_range():
    minutes = draws(exponential(1.0), seed=11, station=0, purpose="work", count=COUNT) / TICKS_PER_MINUTE
    ranks = np.sort(1.0 - np.exp(-minutes))
    distance = np.abs(ranks - (np.arange(COUNT) + 0.5) / COUNT).max()
    assert distance * math.sqrt(COUNT) < 1.95  # Kolmogorov: exceeded once in a thousand
    assert (minutes > 7.7).mean() == pytest.approx(math.exp(-7.7), rel=0.3)  # the tail of the ziggurat


def test_each_key_has_a_stream_of_its_own():
    keys = [(s, r, k, p) for s in (0, 1) for r in (0, 1) for k in (0, 1) for p in ("work", "route", "to_failure_1")]
    drawn = [uniforms(seed=s, replication=r, station=k, purpose=p, count=2000) for s, r, k, p in keys]
    between = np.corrcoef(drawn) - np.eye(len(keys))
    assert np.abs(between).max() < 0.12
    assert len({tuple(row[:5]) for row in drawn}) == len(keys)


def test_a_longer_draw_begins_with_the_shorter_one():
    short = draws(time_law("gamma(shape=2, scale=1)"), seed=5, station=2, purpose="arrival", count=10)
    long = draws(time_law("gamma(shape=2, scale=1)"), seed=5, station=2, purpose="arrival", count=100)
    assert (long[:10] == short).all()


def test_uniform_numbers_fill_the_interval_evenly():
    drawn = uniforms(seed=1, station=0, purpose="scrap", count=COUNT)
    assert 0 < drawn.min() < drawn.max() < 1
    counts = np.histogram(drawn, bins=64, range=(0, 1))[0]
    assert ((counts - COUNT / 64) ** 2 / (COUNT / 64)).sum() < 120  # chi-square, 63 degrees, one in ten thousand


def test_unknown_purposes_and_negative_seeds_are_refused():
    with pytest.raises(UsageError, match="must be a purpose"):
        draws(exponential(1.0), seed=1, station=0, purpose="to_fail", count=1)
    with pytest.raises(UsageError, match="must be 0 or more"):
        draws(exponential(1.0), seed=-1, station=0, purpose="work", count=1)


def test_the_plain_interpreter_draws_the_same_numbers():
    script = (
        "from manyworks.model.times import time_law; from manyworks.twin.draws import draws\n"
        f"print(sum(int(draws(time_law(w), seed=3, station=1, purpose='work', count=300).sum()) for w in {LAWS!r}))"
    )
    sums = [
        subprocess.run(
            [sys.executable, "-W", "error", "-c", script],
            env=os.environ | {"NUMBA_DISABLE_JIT": switch, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for switch in ("0", "1")
    ]
    assert sums[0] == sums[1]


def test_a_stream_taken_one_by_one_is_the_stream_drawn_at_once():
    for words in LAWS:
        stream = Stream(seed=3, replication=2, station=1, purpose="work")
        at_once = draws(time_law(words), seed=3, replication=2, station=1, purpose="work", count=50)
        assert [stream.time(time_law(words)) for _ in range(50)] == at_once.tolist()
    luck = Stream(seed=3, station=1, purpose="scrap")
    assert [luck.uniform() for _ in range(5)] == uniforms(seed=3, station=1, purpose="scrap", count=5).tolist()
