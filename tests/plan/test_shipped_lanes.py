from __future__ import annotations

import numpy as np
import pytest

from manyworks.plan.design import design_network
from manyworks.plan.rivals.shipped_lanes import shipped_lanes
from tests.networks import tiny_network


@pytest.fixture(scope="module")
def plan():
    return design_network(tiny_network(demand=[]), case="do_nothing")  # every year is the mean year


def test_the_lanes_of_a_plan_carry_all_that_is_shipped(plan):
    lanes = shipped_lanes(plan.network, plan.periods, plan.tables)
    last = plan.tables.shipments.where(plan.tables.shipments["period"] == plan.periods[-1].name)
    assert lanes["units_per_year"].sum() == pytest.approx(last["units"].sum() / plan.periods[-1].years)


def test_units_of_a_lane_pay_its_shipments(plan):
    """Loads a week × price of a load = units a week × price of a unit, where a market takes all from one place."""
    for row in shipped_lanes(plan.network, plan.periods, plan.tables).rows():
        per_load = row["price_per_shipment"] / (row["loads_per_week"] * row["interval_days"] / 7)
        paid = row["units_per_year"] * row["freight_per_unit"]
        assert row["loads_per_week"] * per_load * 365 / 7 == pytest.approx(paid)
        assert 0 < row["fill"] <= 1
        assert row["measure"] in ("mass", "cube", "pallets")


def test_customers_who_fetch_cause_no_loads():
    markets = [row | {"pick_up_km": 20000} for row in tiny_network().model_dump(mode="json")["markets"]]
    plan = design_network(tiny_network(markets=markets), case="do_nothing")
    lanes = shipped_lanes(plan.network, plan.periods, plan.tables)
    assert len(lanes) == 3
    assert not lanes["loads_per_week"].any()
    assert not np.any(lanes["freight_per_unit"])
    assert set(lanes["mode"]) == {""}
