import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.model.calendar import Calendar
from manyworks.model.hours import STANDARD, open_hours, overtime_hours, template_calendar, workers_per_post
from tests.networks import tiny_network


def test_two_shifts_five_days_fifty_weeks_are_four_thousand_hours_a_year():
    calendar = Calendar(id="two_shifts")
    assert open_hours(calendar, 4) == pytest.approx(4000)
    assert open_hours(calendar) == pytest.approx(1000)


def test_overtime_ends_where_the_clock_does():
    round_the_clock = Calendar(id="always", shifts_per_day=3, hours_per_shift=8, days_per_week=7, weeks_per_year=52)
    assert overtime_hours(round_the_clock, 4) == 0
    assert overtime_hours(Calendar(id="two_shifts"), 4) == pytest.approx(400)


def test_a_post_takes_as_many_workers_as_its_hours_need():
    assert workers_per_post(Calendar(id="two_shifts", paid_hours_per_worker_year=2000)) == pytest.approx(2)


def test_a_template_without_a_calendar_works_the_house_hours():
    network = tiny_network()
    assert template_calendar(network, network.templates[0]).id == "two_shifts"


def test_a_document_without_calendars_works_standard_hours():
    network = tiny_network(calendars=[], shifts=[], holidays=[], policy={"default_calendar": None})
    assert template_calendar(network, network.templates[0]) is STANDARD


@given(st.floats(0.5, 4), st.floats(1, 24), st.floats(1, 7), st.floats(1, 53), st.floats(0, 1))
def test_nobody_works_more_hours_than_the_clock_has(shifts, hours, days, weeks, share):
    calendar = Calendar(
        id="any",
        shifts_per_day=shifts,
        hours_per_shift=hours,
        days_per_week=days,
        weeks_per_year=weeks,
        overtime_share=share,
    )
    assert open_hours(calendar, 4) + overtime_hours(calendar, 4) <= 24 * 7 * weeks * (1 + 1e-9)
