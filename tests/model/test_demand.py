from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.model.demand import demand_units, monthly_demand, peak_quarter_ratio, season_build_up
from manyworks.model.network import Network
from tests.networks import tiny_network

WINTER = [3, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1, 2]


def one_product(**changes) -> Network:
    """1,200 people who take one unit a head and year; two quarters, then one year."""
    product = {"id": "cola", "name": "Cola", "family": "soda", "price": 1.0, "mass_kg": 1.0, "volume_l": 1.0}
    data = {
        "name": "One product",
        "finance": {"start": "2027-04-01", "quarters": 2, "years": 1},
        "products": [product | {"units_per_pallet": 1000} | changes.pop("product", {})],
        "markets": [{"id": "town", "name": "Town", "lat": 40, "lon": -90, "population": 1200}],
        "demand_rules": [{"id": "heads", "product": "cola", "units_per_head_year": 1} | changes.pop("rule", {})],
    }
    return Network.model_validate(data | changes)


def test_a_flat_rule_gives_each_month_a_twelfth_of_people_times_units_a_head():
    assert monthly_demand(one_product())[0, 0] == pytest.approx(np.full(18, 100.0))


def test_a_yearly_period_holds_twelve_months_and_a_quarter_three():
    assert demand_units(one_product())[0, 0] == pytest.approx([300, 300, 1200])


def test_a_season_moves_demand_between_quarters_by_calendar_month():
    network = one_product(rule={"season": "winter"}, seasons=[{"id": "winter", "month_index": WINTER}])
    assert demand_units(network)[0, 0] == pytest.approx([200, 150, 1200])  # April to June is 1 + 0.5 + 0.5.


def test_growth_compounds_from_the_start_of_the_horizon():
    monthly = monthly_demand(one_product(rule={"growth_per_year": 0.1}))[0, 0]
    assert monthly[0] == pytest.approx(100)
    assert monthly[12] == pytest.approx(110)


def test_rules_of_one_product_add_up():
    more = [{"id": name, "product": "cola", "units_per_head_year": 1, "share": 0.5} for name in ("shops", "bars")]
    assert demand_units(one_product(demand_rules=more)) == pytest.approx(demand_units(one_product()))


def test_a_rule_covers_only_the_markets_it_names():
    rule = {"id": "bars_rule", "product": "oat_bar", "units_per_head_year": 1, "markets": ["seattle"]}
    units = demand_units(tiny_network(demand_rules=[rule], demand=[]))
    assert units[[0, 2]].sum() == 0
    assert units[1, 1].sum() == pytest.approx(4e6 * 3)


def test_a_stated_quarter_replaces_the_rule_and_leaves_its_neighbours():
    network = one_product(demand=[{"market": "town", "product": "cola", "period": "2027-Q3", "units": 900}])
    assert demand_units(network)[0, 0] == pytest.approx([300, 900, 1200])


def test_a_stated_year_is_spread_over_its_months_as_the_rule_is():
    network = one_product(
        rule={"season": "winter"},
        seasons=[{"id": "winter", "month_index": WINTER}],
        demand=[{"market": "town", "product": "cola", "period": "2027", "units": 2400}],
    )
    assert demand_units(network)[0, 0, :2] == pytest.approx([400, 300])


def test_a_stated_month_speaks_louder_than_its_quarter_and_its_year():
    rows = [
        {"market": "town", "product": "cola", "period": "2027-05", "units": 7},
        {"market": "town", "product": "cola", "period": "2027", "units": 2400},
        {"market": "town", "product": "cola", "period": "2027-Q2", "units": 30},
    ]
    assert monthly_demand(one_product(demand=rows))[0, 0, :6] == pytest.approx([10, 7, 10, 200, 200, 200])


def test_a_stated_product_without_a_rule_is_spread_evenly_over_its_months():
    row = {"market": "town", "product": "cola", "period": "2027-Q2", "units": 90}
    monthly = monthly_demand(one_product(demand_rules=[], demand=[row]))[0, 0]
    assert monthly[:4] == pytest.approx([30, 30, 30, 0])


def test_a_limited_run_has_demand_on_its_days_only():
    run = {"limited_from": date(2027, 6, 16), "limited_until": date(2027, 7, 31)}
    monthly = monthly_demand(one_product(product=run))[0, 0]
    assert monthly[:5] == pytest.approx([0, 0, 50, 100, 0])


def test_stated_demand_of_a_limited_run_falls_inside_its_window():
    run = {"limited_from": date(2027, 6, 1), "limited_until": date(2027, 7, 31)}
    row = {"market": "town", "product": "cola", "period": "2027-Q2", "units": 90}
    assert monthly_demand(one_product(product=run, demand=[row]))[0, 0, :4] == pytest.approx([0, 0, 90, 100])


@given(st.floats(0, 1e9), st.lists(st.floats(0, 3), min_size=12, max_size=12), st.floats(-0.5, 1))
def test_no_unit_of_a_stated_year_is_lost(units, index, growth):
    network = one_product(
        finance={"start": "2027-01-01", "quarters": 4, "years": 0},
        rule={"season": "odd", "growth_per_year": growth},
        seasons=[{"id": "odd", "month_index": index}],
        demand=[{"market": "town", "product": "cola", "period": "2027", "units": units}],
    )
    assert demand_units(network).sum() == pytest.approx(units)


def test_a_row_outside_the_horizon_changes_nothing():
    rows = [{"market": "town", "product": "cola", "period": str(year), "units": 9e9} for year in (2020, 2040)]
    assert demand_units(one_product(demand=rows)) == pytest.approx(demand_units(one_product()))


def test_a_flat_year_needs_no_season_stock_and_has_no_peak():
    flat = np.full(12, 7.0)
    assert season_build_up(flat) == pytest.approx(0, abs=1e-12)
    assert peak_quarter_ratio(flat) == pytest.approx(1)


def test_all_demand_in_one_month_builds_stock_all_year():
    # Level making stores 1/12 more each month, from 1/12 to 11/12, and nothing is left after the sale: mean 5.5/12.
    assert season_build_up(np.array([0.0] * 11 + [12.0])) == pytest.approx(5.5 / 12)
    assert peak_quarter_ratio(np.array([0.0] * 11 + [12.0])) == pytest.approx(4)


def test_no_demand_has_no_season():
    assert season_build_up(np.zeros((2, 12))) == pytest.approx([0, 0])
    assert peak_quarter_ratio(np.zeros((2, 12))) == pytest.approx([1, 1])


@given(st.lists(st.floats(0, 1e6), min_size=12, max_size=12), st.floats(0.1, 10), st.integers(0, 11))
def test_season_stock_is_a_share_that_neither_volume_nor_the_first_month_changes(months, factor, turn):
    year = np.array(months) + 1.0
    share = season_build_up(year)
    assert 0 <= share < 1
    assert season_build_up(year * factor) == pytest.approx(share, abs=1e-9)
    assert season_build_up(np.roll(year, turn)) == pytest.approx(share, abs=1e-9)
