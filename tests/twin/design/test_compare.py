"""Lines compared under common luck: the truth lies in the intervals, and the best is the best."""

import numpy as np
import pytest

from manyworks.errors import UsageError
from manyworks.twin.design.compare import compare_lines
from manyworks.twin.exact.answer import exact_answer
from tests.twin.design.lines import row

LINES = {
    "small table": row((1, 0.9, 1.1), (1, 1), scale=0.01),
    "large table": row((1, 0.9, 1.1), (4, 4), scale=0.01),
    "fast labeller": row((1, 1.0, 1.1), (1, 1), scale=0.01),
}


@pytest.fixture(scope="module")
def compared():
    return compare_lines(LINES)


def test_the_best_line_is_selected_and_told_apart(compared):
    assert compared.best.name == "large table"
    assert [line.verdict for line in compared.lines] == ["base", "better", "better"]


def test_exact_differences_lie_in_the_intervals(compared):
    rates = [exact_answer(program).rate_per_min for program in LINES.values()]
    for line, rate in zip(compared.lines[1:], rates[1:], strict=True):
        assert line.difference.low <= rate - rates[0] <= line.difference.high


def test_no_rate_exceeds_its_bound(compared):
    assert all(line.rate.low < line.bound.rate_per_min for line in compared.lines)


def test_common_luck_narrows_differences(compared):
    assert compared.saving > 3


def test_intervals_of_differences_hold_together_as_often_as_stated():
    rates = np.array([exact_answer(program).rate_per_min for program in LINES.values()])
    held = 0
    for seed in range(12):
        found = compare_lines(LINES, runs=10, confidence=0.8, seed=2 * seed, indifference=0.2)
        gaps = [line.difference for line in found.lines[1:]]
        held += all(gap.low <= r - rates[0] <= gap.high for gap, r in zip(gaps, rates[1:], strict=True))
    assert held >= 6


def test_the_summary_names_the_best_and_its_promise(compared):
    assert "large table is the best line: with probability 95%" in compared.summary()


def test_one_line_cannot_be_compared():
    with pytest.raises(UsageError, match="two lines"):
        compare_lines({"only": row((1, 1), (0,))})
