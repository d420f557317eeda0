import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.model.kpis import LineFigures, effective_rate

SHIFT = LineFigures(
    busy_min=480,
    production_min=384,
    nominal_per_min=100,
    good=32_640,
    scrap=1_920,
    setup_min=48,
    down_min=30,
    failures=6,
)


def test_oee_of_a_shift_is_availability_times_effectiveness_times_quality():
    assert SHIFT.availability == pytest.approx(0.8)
    assert SHIFT.effectiveness == pytest.approx(0.9)
    assert SHIFT.quality_ratio == pytest.approx(32_640 / 34_560)
    assert SHIFT.oee == pytest.approx(0.68)


def test_net_effectiveness_forgives_the_set_up():
    assert SHIFT.nee == pytest.approx(0.68 * 432 / 384)
    assert SHIFT.setup_ratio == pytest.approx(48 / 432)


def test_repairs_and_running_times_are_means_over_the_failures():
    assert (SHIFT.mttf_min, SHIFT.mttr_min) == (64, 5)


def test_nothing_planned_says_nothing():
    idle = LineFigures(busy_min=0, production_min=0, nominal_per_min=100, good=0)
    assert math.isnan(idle.oee)
    assert math.isnan(idle.scrap_ratio)


@given(st.floats(1, 1e4), st.floats(0.01, 1), st.floats(0.1, 1e3), st.floats(1, 1e6), st.floats(0, 1e6))
def test_oee_is_good_units_over_what_the_nominal_rate_would_have_made(busy, share, nominal, good, scrap):
    figures = LineFigures(busy_min=busy, production_min=busy * share, nominal_per_min=nominal, good=good, scrap=scrap)
    assert figures.oee == pytest.approx(good / (nominal * busy))
    assert effective_rate(nominal, figures.oee) * busy == pytest.approx(good)
