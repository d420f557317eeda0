import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.model.freight import FreightBreak, FreightMode
from manyworks.model.shipments import full_load_price, shipment_price
from manyworks.model.shipping import lane_table
from tests.networks import tiny_network

TRUCK = FreightMode(
    id="truck",
    name="Truck",
    payload_kg=20_000,
    cube_m3=100,
    pallets=26,
    cost_per_km=1.5,
    minimum_cost=300,
    stop_cost=100,
    part_load_premium=0.4,
    empty_share=0.2,
    km_per_day=800,
)
BREAKS = [
    FreightBreak(mode="truck", from_kg=0, cost_per_tonne_km=0.5, minimum_cost=80),
    FreightBreak(mode="truck", from_kg=5_000, cost_per_tonne_km=0.2),
]
LANE = {"origin": "albany", "destination": "atlanta", "km": 1000}


def table(units=None, **changes):
    network = tiny_network(**changes)
    volume = np.full((3, 2), 1e6) if units is None else np.array(units, dtype=float)
    return lane_table(network, network.sites, network.markets, volume)


def price(loads, km, breaks=()):
    return shipment_price(TRUCK, breaks, np.atleast_1d(float(loads)), np.atleast_1d(float(km)))[0]


def test_a_full_load_pays_loaded_and_empty_km_and_its_stops():
    assert price(1, 1000) == pytest.approx(1000 * 1.5 * 1.2 + 100)
    assert price(1, 10) == pytest.approx(300 + 100)  # The least price of a load.


def test_a_part_load_pays_its_share_with_a_premium():
    assert price(0.25, 1000) == pytest.approx(0.25 * 1.4 * 1900)


def test_two_and_a_quarter_loads_are_two_full_ones_and_a_part():
    assert price(2.25, 1000) == pytest.approx(2 * 1900 + 0.25 * 1.4 * 1900)


def test_price_breaks_replace_the_premium():
    assert price(0.05, 1000, BREAKS) == pytest.approx(1.0 * 1000 * 0.5)  # One tonne at 0.5.
    assert price(0.001, 100, BREAKS) == pytest.approx(80)  # The least price of a part load.


def test_a_load_just_below_a_break_is_declared_as_the_break():
    assert price(0.2, 1000, BREAKS) == pytest.approx(5 * 1000 * 0.2)  # Four tonnes pay five: 1000, not 2000.


@given(st.floats(0.001, 0.999), st.floats(0, 5000), st.booleans())
def test_part_load_never_costs_more_than_a_full_load(share, km, has_breaks):
    breaks = BREAKS if has_breaks else ()
    assert price(share, km, breaks) <= full_load_price(TRUCK, np.array(km)) + 1e-9


@given(st.floats(0, 20), st.floats(0, 20), st.floats(0, 5000), st.booleans())
def test_more_goods_never_cost_less(loads, more, km, has_breaks):
    breaks = BREAKS if has_breaks else ()
    assert price(loads + more, km, breaks) >= price(loads, km, breaks) - 1e-6


def test_units_shipped_pay_exactly_the_shipments():
    units = np.array([[3e6, 5e6], [1e5, 2e4], [4e6, 0]])
    network = tiny_network()
    lanes = lane_table(network, network.sites, network.markets, units)
    truck = network.freight_modes[0]
    shipments = 365 / lanes.interval_days
    owed = shipments * shipment_price(truck, [], lanes.loads_per_shipment, lanes.km)
    assert (lanes.freight_per_unit * units).sum(axis=2) == pytest.approx(owed)


def test_what_fills_the_truck_first_counts_its_loads():
    found = table([[1e6, 0]] * 3, policy={})
    units = 1e6 * 7 / 365
    by_mass, by_cube, by_floor = units * 0.25 / 20_000, units * 0.0006 / 100, np.ceil(units / 2000) / 26
    assert found.loads_per_shipment == pytest.approx(np.full((2, 3), max(by_mass, by_cube, by_floor)))
    assert found.measure.tolist() == [[2, 2, 2]] * 2


def test_a_market_without_demand_is_priced_as_full_loads():
    found = table(np.zeros((3, 2)), lanes=[LANE])
    assert found.freight_per_unit[0, 0, 0] == pytest.approx((1000 * 1.6 + 60) / 26 / 2000)
    assert found.loads_per_shipment.sum() == 0


def test_a_stated_cost_is_taken_as_it_is():
    per_unit = table(lanes=[LANE | {"cost_per_unit": 0.07}])
    per_tonne = table(lanes=[LANE | {"cost_per_tonne": 40}])
    assert per_unit.freight_per_unit[0, 0] == pytest.approx([0.07, 0.07])
    assert per_tonne.freight_per_unit[0, 0] == pytest.approx([0.25 * 0.040, 0.05 * 0.040])


def test_far_goods_need_their_extra_packaging_and_near_ones_do_not():
    rows = [
        {"product": "oat_bar", "beyond_km": km, "cost_per_unit": 0.01, "mass_kg_per_unit": 0.002} for km in (500, 900)
    ]
    near = table(packaging=rows, lanes=[LANE | {"km": 400}])
    far = table(packaging=rows, lanes=[LANE])
    assert near.packaging_per_unit[0, 0].tolist() == [0, 0]
    assert far.packaging_per_unit[0, 0] == pytest.approx([0, 0.02])  # Both rows apply, and add up.


def test_customers_close_by_fetch_the_goods_themselves():
    data = tiny_network().model_dump(mode="json")
    markets = [market | {"pick_up_km": 50} for market in data["markets"]]
    found = table(markets=markets, lanes=[LANE | {"km": 49}, LANE | {"origin": "reno", "km": 51}])
    assert found.is_picked_up.tolist() == [[True, False, False], [False, False, False]]
    assert found.freight_per_unit[0, 0].tolist() == [0, 0]
    assert found.days[0, 0] == found.damage_share[0, 0] == found.interval_days[0, 0] == 0
    assert found.freight_per_unit[1, 0].min() > 0


def test_no_km_alone_makes_no_customer_fetch():
    assert table(lanes=[LANE | {"km": 0}]).freight_per_unit[0, 0].min() > 0


def test_damage_and_emission_grow_with_the_way():
    mode = TRUCK.model_dump() | {"damage_share": 0.01, "damage_share_per_1000_km": 0.02, "co2_kg_per_tonne_km": 0.1}
    found = table(freight_modes=[mode], lanes=[LANE | {"km": 1500}])
    assert found.damage_share[0, 0] == pytest.approx(0.01 + 1.5 * 0.02)
    assert found.co2_kg_per_unit[0, 0] == pytest.approx([0.25 * 0.1 * 1.5, 0.05 * 0.1 * 1.5])


def test_a_product_with_little_life_cannot_take_a_long_way():
    data = tiny_network().model_dump(mode="json")
    nuts = data["products"][0] | {"shelf_life_days": 93, "minimum_remaining_life_days": 90}
    found = table(
        products=[nuts, data["products"][1]], lanes=[LANE | {"days": 3}, LANE | {"origin": "reno", "days": 3.1}]
    )
    assert found.is_fresh[:, 0].tolist() == [[True, True], [False, True]]


@given(st.floats(1, 30), st.floats(1.01, 4))
def test_part_loads_that_go_less_often_never_cost_more(days, factor):
    exact = TRUCK.model_dump() | {"part_pallets": "exact"}
    often, seldom = (
        table(
            [[2e4, 3e4]] * 3, freight_modes=[exact], lanes=[LANE | {"replenishment_days": interval}]
        ).freight_per_unit[0, 0, 0]
        for interval in (days, days * factor)
    )
    assert seldom <= often * (1 + 1e-9)
