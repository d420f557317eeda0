import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.model.shipping import lane_table
from manyworks.model.stock import (
    cycle_units,
    in_transit_units,
    pooled_variance,
    safety_units,
    service_factor,
    stock_coefficients,
    typical_variance,
)
from tests.networks import tiny_network


def safety(weekly, cv=0.3, *, lead=7.0, lead_sd=0.0, review=7.0, level=0.98, correlation=0.0):
    return safety_units(
        weekly,
        cv,
        lead_days=lead,
        lead_days_sd=lead_sd,
        review_days=review,
        service_level=level,
        correlation=correlation,
    )


def coefficients(units, sites=1.0, make_days=0.0, **policy):
    network = tiny_network(policy=policy)
    lanes = lane_table(network, network.sites, network.markets, units)
    return lanes, stock_coefficients(network, lanes, network.markets, units, sites=sites, make_days=make_days)


def test_service_of_98_percent_takes_two_standard_deviations():
    assert service_factor(0.98) == pytest.approx(2.0537, abs=1e-4)  # Table of the normal distribution.


def test_safety_stock_of_one_market_by_hand():
    # z = 2.0537, sigma = 30 a week, lead time and review together two weeks: 2.0537 × 30 × sqrt(2).
    assert safety(100.0) == pytest.approx(2.0537 * 30 * math.sqrt(2), rel=1e-4)


def test_an_unsteady_transit_time_costs_stock_even_when_demand_is_certain():
    assert safety(100.0, 0.0, lead_sd=3.5) == pytest.approx(2.0537 * 100 * 0.5, rel=1e-4)


def test_safety_stock_rises_as_root_of_number_of_equal_sites():
    markets = np.full(36, 100.0)
    together = safety(markets)
    for sites in (4, 9, 36):
        apart = sites * safety(markets[: 36 // sites])
        assert apart == pytest.approx(together * math.sqrt(sites))


def test_nothing_is_pooled_when_every_error_comes_together():
    markets = np.array([50.0, 100.0, 150.0])
    assert safety(markets, correlation=1.0) == pytest.approx(sum(safety(units) for units in markets))


def test_opposite_errors_cancel_and_never_more_than_that():
    assert pooled_variance(np.array([3.0, 3.0]), -1.0) == 0
    assert pooled_variance(np.full(10, 3.0), -1.0) == 0


def test_no_demand_needs_no_safety():
    assert safety(np.zeros(3)) == 0


@given(st.lists(st.floats(1, 1e6), min_size=2, max_size=8), st.floats(0, 1), st.integers(1, 7))
def test_one_site_never_needs_more_than_two_for_the_same_markets(units, correlation, cut):
    weekly = np.array(units)
    parts = [part for part in (weekly[:cut], weekly[cut:]) if len(part)]
    apart = sum(safety(part, correlation=correlation) for part in parts)
    assert safety(weekly, correlation=correlation) <= apart * (1 + 1e-9)


@given(st.floats(0.51, 0.998), st.floats(0.0001, 0.001), st.floats(0, 60), st.floats(0, 60))
def test_more_service_or_a_longer_way_never_needs_less(level, more, lead, longer):
    assert safety(100.0, level=level + more, lead=lead + longer) >= safety(100.0, level=level, lead=lead)


def test_lots_leave_half_a_lot_and_ways_hold_what_flows_in_their_days():
    assert cycle_units(3650.0, 14.0) == pytest.approx(70)
    assert in_transit_units(3650.0, 3.0) == pytest.approx(30)


def test_the_coefficient_of_a_single_site_gives_the_exact_safety_stock():
    units = np.array([[1e6, 2e5], [3e6, 6e5], [2e6, 4e5]])
    lanes, _ = coefficients(units)
    exact = safety_units(
        units[:, 0] * 7 / 365,
        0.25,
        lead_days=2.0,
        lead_days_sd=0.2,
        review_days=7.0,
        service_level=0.98,
        correlation=0.2,
    )
    same_way = replace(lanes, days=np.full((2, 3), 2.0), days_sd=np.full((2, 3), 0.2))
    network = tiny_network(policy={"demand_correlation": 0.2})
    found = stock_coefficients(network, same_way, network.markets, units, sites=1.0)
    assert found.safety[0] @ units[:, 0] == pytest.approx(exact)


def test_more_sites_pay_more_safety_for_each_unit():
    units = np.full((3, 2), 1e6)
    few, many = (coefficients(units, sites=sites)[1].safety for sites in (1.0, 3.0))
    assert (many > few).all()


def test_equal_markets_served_one_by_one_pool_nothing():
    network = tiny_network()
    units = np.full((3, 2), 1e6)
    assert typical_variance(network, network.markets, units, 3) == pytest.approx(0.25**2)
    assert typical_variance(network, network.markets, units, 1) == pytest.approx(0.25**2 / 3)
    assert typical_variance(network, network.markets, units, 99) == pytest.approx(0.25**2)


def test_a_line_that_comes_round_seldom_needs_more_safety():
    units = np.full((3, 2), 1e6)
    plain, waiting = (coefficients(units, make_days=days)[1].safety for days in (np.array([0, 0]), np.array([0, 28])))
    assert waiting[0] == pytest.approx(plain[0])
    assert (waiting[1] > plain[1]).all()


def test_stock_on_the_way_and_in_lots_follows_days_and_interval():
    lanes, found = coefficients(np.full((3, 2), 1e6))
    assert found.in_transit * 365 == pytest.approx(lanes.days)
    assert found.cycle * 365 == pytest.approx(np.full((2, 3), 3.5))
