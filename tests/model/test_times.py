"""Distributions in words: read, written, refused, and their moments."""

import math

import pytest

from manyworks.model.times import PARAMETERS, TimeLaw, deterministic, exponential, time_law

WORDS = {
    "deterministic(0.5)": (0.5, 0.0),
    "exponential(30)": (30, 900),
    "weibull(shape=1, scale=4)": (4, 16),
    "lognormal(mean=5, cv=0.8)": (5, 16),
    "gamma(shape=2, scale=3)": (6, 18),
    "triangular(1, 2, 6)": (3, 21 / 18),
    "empirical(1, 2, 2, 5)": (2.5, 2.25),
}


@pytest.mark.parametrize("words", WORDS)
def test_a_distribution_is_read_as_it_is_written(words):
    law = time_law(words)
    assert time_law(str(law)) == law
    assert (law.mean, law.variance) == pytest.approx(WORDS[words])


@pytest.mark.parametrize("words", WORDS)
def test_scaling_a_distribution_scales_its_times_and_keeps_its_shape(words):
    law = time_law(words)
    assert law.scaled(3).mean == pytest.approx(3 * law.mean)
    assert law.scaled(3).cv == pytest.approx(law.cv)


def test_named_arguments_may_come_in_any_order():
    assert time_law("lognormal(cv=0.8, mean=5)") == TimeLaw("lognormal", (5, 0.8))
    assert time_law("triangular(high=3, low=1, mode=2)") == TimeLaw("triangular", (1, 2, 3))


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("fast", "must be name(arguments)"),
        ("normal(1, 2)", "must be a known distribution"),
        ("exponential(rate=2)", "unknown argument rate"),
        ("exponential(soon)", "numbers as arguments"),
        ("exponential(1, 2)", "must have 1 argument: mean"),
        ("lognormal(mean=1, mean=2)", "must have 2 arguments: mean, cv"),
        ("exponential(0)", "positive"),
        ("triangular(1, 5, 2)", "rising"),
        ("triangular(low=3, mode=2, high=1)", "rising"),
    ],
)
def test_a_distribution_that_cannot_be_read_says_why(words, fault):
    with pytest.raises(ValueError, match=fault.replace("(", r"\(").replace(")", r"\)")):
        time_law(words)


def test_short_words_make_the_common_laws():
    assert deterministic(2) == TimeLaw("deterministic", (2,))
    assert exponential(2).cv == 1
    assert math.isclose(exponential(2).mean, 2)
    assert set(PARAMETERS) == {words.split("(")[0] for words in WORDS}


def test_a_law_made_by_hand_is_held_to_the_same_rules():
    with pytest.raises(ValueError, match="positive"):
        TimeLaw("exponential", (-1.0,))
