import numpy as np
import pytest

from manyworks.model.lanes import lane_terms
from manyworks.units import haversine_km
from tests.networks import tiny_network

RAIL = {
    "id": "rail",
    "name": "Rail",
    "payload_kg": 60000,
    "cube_m3": 150,
    "pallets": 60,
    "cost_per_km": 1,
    "km_per_day": 400,
}


def terms(**changes):
    network = tiny_network(**changes)
    return lane_terms(network, network.sites, network.markets)


def test_distance_is_the_great_circle_times_the_circuity_of_the_mode():
    circle = float(haversine_km(31.58, -84.16, 33.75, -84.39))
    assert terms().km[0, 0] == pytest.approx(1.2 * circle)


def test_days_are_driving_and_fixed_days_and_spread_in_proportion():
    found = terms(lanes=[{"origin": "albany", "destination": "atlanta", "km": 400}])
    assert found.days[0, 0] == pytest.approx(400 / 800 + 0.5)
    assert found.days_sd[0, 0] == pytest.approx(0.1 * 1.0)


def test_the_most_specific_lane_speaks_whatever_the_order_of_rows():
    lanes = [
        {"origin": "albany", "destination": "atlanta", "km": 1},
        {"origin": "albany", "destination": "US", "km": 2},
        {"origin": "*", "destination": "atlanta", "km": 3},
        {"origin": "US", "destination": "*", "km": 4},
        {"origin": "*", "destination": "*", "km": 5},
    ]
    wanted = np.array([[1, 2, 2], [3, 4, 4]])
    assert terms(lanes=lanes).km == pytest.approx(wanted)
    assert terms(lanes=lanes[::-1]).km == pytest.approx(wanted)


def test_a_tariff_zone_is_closer_than_the_country_around_it():
    data = tiny_network().model_dump(mode="json")
    markets = [market | {"tariff_zone": "west"} if market["id"] == "seattle" else market for market in data["markets"]]
    lanes = [{"origin": "*", "destination": "west", "km": 1}, {"origin": "*", "destination": "US", "km": 2}]
    assert terms(markets=markets, lanes=lanes).km[0] == pytest.approx([2, 1, 2])


def test_of_two_equal_lanes_the_later_row_speaks():
    lanes = [{"origin": "albany", "destination": "atlanta", "km": km} for km in (1, 2)]
    assert terms(lanes=lanes).km[0, 0] == 2


def test_a_lane_is_one_way():
    found = terms(lanes=[{"origin": "atlanta", "destination": "albany", "km": 1}])
    assert found.km == pytest.approx(terms().km)


def test_a_forbidden_lane_is_closed_and_its_neighbours_stay_open():
    found = terms(lanes=[{"origin": "reno", "destination": "chicago", "is_allowed": False}])
    assert found.is_allowed.tolist() == [[True, True, True], [True, True, False]]


def test_a_lane_may_change_the_mode_and_the_interval():
    data = tiny_network().model_dump(mode="json")
    lane = {"origin": "albany", "destination": "seattle", "mode": "rail", "replenishment_days": 28}
    found = terms(freight_modes=[*data["freight_modes"], RAIL], lanes=[lane])
    assert found.mode.tolist() == [[0, 1, 0], [0, 0, 0]]
    assert found.interval_days[0].tolist() == [7, 28, 7]
    assert found.days[0, 1] == pytest.approx(found.km[0, 1] / 400)


def test_without_a_mode_only_pairs_with_a_stated_cost_are_open():
    found = terms(
        freight_modes=[],
        policy={"default_mode": None},
        lanes=[{"origin": "albany", "destination": "*", "cost_per_unit": 0.1}],
    )
    assert found.is_allowed.tolist() == [[True] * 3, [False] * 3]


def test_a_lane_of_a_country_also_stands_for_places_in_it_that_have_a_zone_of_their_own():
    data = tiny_network().model_dump(mode="json")
    markets = [market | {"tariff_zone": "west"} if market["id"] == "seattle" else market for market in data["markets"]]
    found = terms(markets=markets, lanes=[{"origin": "*", "destination": "US", "km": 7}])
    assert found.km == pytest.approx(np.full((2, 3), 7.0))
