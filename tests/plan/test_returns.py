from __future__ import annotations

import doctest

import numpy as np
import pytest

from manyworks.plan.money import returns
from manyworks.plan.money.returns import annuity, discounted_payback, irr, npv, peak_funding


def test_worked_examples_in_the_docstrings_run():
    assert doctest.testmod(returns).failed == 0


def test_irr_finds_every_root_of_a_stream_built_from_known_rates():
    # (v - 1/1.05)(v - 1/1.2)(v - 1/1.5)(v - 1/3) as a cash flow in v = 1 / (1 + rate)
    rates = [0.05, 0.2, 0.5, 2.0]
    amounts = np.poly([1 / (1 + rate) for rate in rates])[::-1]
    assert irr(1e6 * amounts, range(5)).rates == pytest.approx(rates, rel=1e-6)


def test_irr_makes_the_npv_vanish_on_a_grid_of_quarters_then_years():
    years = [*(np.arange(12) / 4 + 0.125), *(np.arange(8) + 3.5)]
    amounts = [-5e6, -1e6, *[4e5] * 10, *[1.7e6] * 8]
    rate = irr(amounts, years)
    assert rate.value is not None
    assert npv(rate.value, amounts, years) == pytest.approx(0, abs=1e-6)


def test_irr_counts_a_double_root_once():
    assert irr([1, -2.2, 1.21], [0, 1, 2]).rates == pytest.approx((0.1,), abs=1e-6)


def test_irr_says_none_when_the_npv_has_one_sign_although_the_flow_changes_it():
    found = irr([100, -100, 100], [0, 1, 2])
    assert found.rates == ()
    assert "one sign at every rate" in found.note
    assert str(found) == "none"


def test_irr_of_a_negative_return_is_found():
    assert irr([-100, 50], [0, 1]).value == pytest.approx(-0.5)


def test_irr_names_all_roots_and_gives_no_single_value_when_there_are_several():
    found = irr([-100, 230, -132], [0, 1, 2])
    assert found.value is None
    assert found.has_several
    assert str(found) == "several: 10.0%, 20.0%"


def test_payback_is_the_last_time_the_sum_turns_positive():
    # positive after period 2, negative again through a replacement in period 3
    assert discounted_payback([-100, 120, -60, 80], [1, 2, 3, 4]) == pytest.approx(3.5)


def test_payback_of_a_stream_that_never_needs_money_is_at_once():
    assert discounted_payback([5, 5], [1, 2]) == 0


def test_peak_funding_is_zero_when_money_is_never_tied_up():
    assert peak_funding([1, 2], [1, 2]).amount == 0


def test_annuity_pays_back_its_present_value():
    payment = annuity(1000, 0.07, 9)
    assert npv(0.07, [payment] * 9, range(1, 10)) == pytest.approx(1000)
    with pytest.raises(ValueError, match="years must be > 0"):
        annuity(1000, 0.07, 0)
