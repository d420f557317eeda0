"""Simulated intervals hold the exact rates as often as they say: 95 of 100, over many seeds and not one lucky run.

The limits are those of a binomial count, exceeded by chance once in a thousand. Longer runs: ``make prove-twin``; its
figures are in docs/explanation/what-the-twin-proves.md.
"""

import pytest

from benchmarks.quality.exact_lines import CASES, study

STUDIES = 60


@pytest.mark.parametrize("name", CASES)
def test_intervals_cover_the_exact_rate_at_the_stated_rate(name):
    found = study(CASES[name], studies=STUDIES, units=500, seed=11)
    low, high = found.limits
    assert low <= found.covered <= high
    mean, half = found.pooled
    assert mean == pytest.approx(found.exact, abs=2 * half)
