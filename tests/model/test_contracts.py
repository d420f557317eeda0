"""How much a contract asks for, and when."""

from __future__ import annotations

from datetime import date

import pytest

from manyworks.model.contracts import contract_units, end_period, signing_period
from manyworks.model.finance import Finance
from manyworks.model.market import Opportunity
from manyworks.model.periods import planning_periods

PERIODS = planning_periods(Finance(start=date(2027, 1, 1), quarters=4, years=2))


def contract(starts, ends):
    return Opportunity(
        id="c", name="C", market="m", product="p", units_per_quarter=9000, price=1, starts=starts, ends=ends
    )


def test_whole_quarters_ask_for_the_volume_of_a_quarter_and_a_year_for_four_of_them():
    units = contract_units([contract(date(2027, 4, 1), date(2028, 12, 31))], PERIODS)[0]
    assert units.tolist() == [0, 9000, 9000, 9000, 36000, 0]


def test_a_quarter_in_part_asks_by_its_days_with_the_first_and_the_last_one():
    units = contract_units([contract(date(2027, 1, 31), date(2027, 4, 1))], PERIODS)[0]
    assert units[:3].tolist() == pytest.approx([9000 * 60 / 90, 9000 * 1 / 91, 0])


def test_what_lies_outside_the_horizon_is_not_counted():
    long = contract(date(2020, 1, 1), date(2040, 1, 1))
    assert contract_units([long], PERIODS)[0].tolist() == [9000] * 4 + [36000] * 2
    assert (signing_period(long, PERIODS), end_period(long, PERIODS)) == (0, None)
    late = contract(date(2031, 1, 1), date(2032, 1, 1))
    assert signing_period(late, PERIODS) is None


def test_a_contract_is_signed_in_the_period_of_its_first_delivery():
    short = contract(date(2027, 9, 30), date(2028, 1, 5))
    assert (signing_period(short, PERIODS), end_period(short, PERIODS)) == (2, 5)
