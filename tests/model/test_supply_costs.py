from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.model.periods import planning_periods
from manyworks.model.supply_costs import material_costs
from tests.networks import tiny_data, tiny_network

ALBANY, RENO, NUTS, BAR = 0, 1, 0, 1
NEAR = {"origin": "grower", "destination": "albany", "km": 500}
OFFER = {"supplier": "grower", "material": "peanuts"}


def costs(made=1e6, **changes):
    network = tiny_network(**changes)
    return material_costs(network, network.sites, planning_periods(network.finance), np.full(2, made))


def water_network(**water):
    data = tiny_data()
    material = {"id": "water", "name": "Mains water", "unit": "l", "price_per_unit": 0.002, "is_local": True} | water
    sites = [data["sites"][0], data["sites"][1] | {"water_price_factor": 3.0}]
    bill = [{"product": "oat_bar", "material": "water", "quantity_per_unit": 0.5}]
    return {"materials": [*data["materials"], material], "bill": bill, "sites": sites}


def test_materials_are_bought_for_what_is_lost_too():
    data = tiny_data()
    nuts = data["products"][0] | {"scrap_share": 0.1}
    found = costs(products=[nuts, data["products"][1]])
    assert found.purchase[ALBANY, NUTS, 0] == pytest.approx(0.22 / 0.98 / 0.9 * 1.8)


OATS_ONLY = [{"supplier": "grower", "material": "oats", "price_per_unit": 0.9}]
A_TRUCK_A_WEEK = 20_000 / 0.04 * 365 / 7
"""Oat bars a year for which a site buys a full truck of oats every seven days."""


def test_a_site_that_buys_a_truck_a_week_pays_full_loads():
    found = costs(A_TRUCK_A_WEEK, lanes=[NEAR], offers=OATS_ONLY)
    assert found.freight[ALBANY, BAR, 0] == pytest.approx(0.04 * (500 * 1.6 + 60) / 20_000)


def test_a_site_that_buys_little_pays_part_loads():
    found = costs(A_TRUCK_A_WEEK / 4, lanes=[NEAR], offers=OATS_ONLY)
    assert found.freight[ALBANY, BAR, 0] == pytest.approx(0.04 * 1.5 * (500 * 1.6 + 60) / 20_000)


def test_a_site_that_buys_nothing_is_priced_as_full_loads():
    found = costs(0, lanes=[NEAR], offers=OATS_ONLY)
    assert found.freight[ALBANY, BAR, 0] == pytest.approx(0.04 * (500 * 1.6 + 60) / 20_000)


def test_materials_of_one_supplier_fill_a_truck_together():
    """5 t of oats and 15 t of peanuts a week are one full truck; apart they would be two part loads."""
    made = np.array([15_000 / (0.22 / 0.98), 5_000 / 0.04]) * 365 / 7
    network = tiny_network(lanes=[NEAR])
    periods = planning_periods(network.finance)
    together = material_costs(network, network.sites, periods, made).freight[ALBANY, :, 0]
    assert together == pytest.approx(np.array([0.22 / 0.98, 0.04]) * 860 / 20_000)
    alone = material_costs(tiny_network(lanes=[NEAR], offers=OATS_ONLY), network.sites, periods, made)
    assert alone.freight[ALBANY, BAR, 0] == pytest.approx(0.04 * 1.5 * 860 / 20_000)


def test_empty_bottles_fill_the_truck_by_volume():
    data = tiny_data()
    bottles = data["materials"][1] | {"mass_kg_per_unit": 0.04, "volume_l_per_unit": 1.5}
    a_truck_a_week = 100_000 / 1.5 / 0.04 * 365 / 7
    found = costs(a_truck_a_week, materials=[data["materials"][0], bottles], lanes=[NEAR], offers=OATS_ONLY)
    assert found.freight[ALBANY, BAR, 0] == pytest.approx(0.04 * 860 * 0.0015 / 100)


@pytest.mark.parametrize(("km", "wanted"), [(10, "bottle"), (2000, "preform")])
def test_bottles_come_empty_from_near_and_as_preforms_from_far(km, wanted):
    """A preform is dearer to turn into a bottle, and a truck holds fifteen times as many."""
    data = tiny_data()
    containers = [
        {"id": "bottle", "name": "Empty bottle", "unit": "each", "mass_kg_per_unit": 0.03, "volume_l_per_unit": 1.5},
        {"id": "preform", "name": "Preform", "unit": "each", "mass_kg_per_unit": 0.03, "volume_l_per_unit": 0.1},
    ]
    bill = [
        {"product": "oat_bar", "material": row["id"], "quantity_per_unit": 1, "alternative": "container"}
        for row in containers
    ]
    prices = {"bottle": 0.10, "preform": 0.105}
    found = costs(
        1e9,
        materials=[*data["materials"], *containers],
        bill=bill,
        offers=[{"supplier": "grower", "material": name, "price_per_unit": price} for name, price in prices.items()],
        lanes=[NEAR | {"km": km}],
    )
    assert found.purchase[ALBANY, BAR, 0] == prices[wanted]


def test_a_stated_rate_a_tonne_replaces_the_truck():
    found = costs(lanes=[NEAR | {"cost_per_tonne": 30}])
    assert found.freight[ALBANY, BAR, 0] == pytest.approx(0.04 * 0.030)


def test_a_material_without_an_offer_costs_its_price_anywhere():
    found = costs(offers=[])
    assert found.purchase[:, NUTS, 0] == pytest.approx(np.full(2, 0.22 / 0.98 * 2.0))
    assert not found.freight.any()


def test_a_site_that_buys_more_reaches_the_next_price():
    tiers = [OFFER | {"price_per_unit": 1.0, "from_units_per_year": 100_000}, OFFER | {"price_per_unit": 1.8}]
    small, big = (costs(made, offers=tiers).purchase[ALBANY, NUTS, 0] for made in (1e5, 1e6))
    assert small == pytest.approx(0.22 / 0.98 * 1.8)
    assert big == pytest.approx(0.22 / 0.98 * 1.0)


def test_each_site_may_reach_a_different_price():
    tiers = [OFFER | {"price_per_unit": 1.0, "from_units_per_year": 100_000}, OFFER | {"price_per_unit": 1.8}]
    network = tiny_network(offers=tiers)
    made = np.array([[1e6, 0], [1e5, 0]])
    found = material_costs(network, network.sites, planning_periods(network.finance), made)
    assert found.purchase[:, NUTS, 0] == pytest.approx(np.array([1.0, 1.8]) * 0.22 / 0.98)


def test_each_site_buys_where_it_is_cheapest_delivered():
    data = tiny_data()
    west = {"id": "valley", "name": "Valley", "lat": 39.0, "lon": -120.0}
    offers = [OFFER | {"price_per_unit": 1.80}, OFFER | {"supplier": "valley", "price_per_unit": 1.85}]
    found = costs(suppliers=[*data["suppliers"], west], offers=offers)
    assert found.purchase[:, NUTS, 0] == pytest.approx(np.array([1.80, 1.85]) * 0.22 / 0.98)


def test_of_alternatives_each_site_uses_the_cheapest_one_delivered():
    data = tiny_data()
    bill = [
        {"product": "oat_bar", "material": name, "quantity_per_unit": quantity, "alternative": "base"}
        for name, quantity in (("peanuts", 0.5), ("oats", 0.1))
    ]
    found = costs(bill=bill, materials=data["materials"], offers=[])
    assert found.total[:, BAR, 0] == pytest.approx([0.11, 0.11])


def test_local_water_is_paid_on_the_spot_at_local_prices():
    found = costs(**water_network(treatment_per_unit=0.001, discharge_per_unit=0.0005))
    assert found.local[:, BAR, 0] == pytest.approx(0.5 * (0.002 * np.array([1.0, 3.0]) + 0.0015))
    assert not found.purchase.any()
    assert not found.freight.any()


def test_duty_on_a_material_follows_its_date():
    data = tiny_data()
    grower = data["suppliers"][0] | {"country": "MX"}
    duty = {"origin_zone": "MX", "destination_zone": "US", "ad_valorem_share": 0.25, "starts": date(2027, 7, 1)}
    found = costs(suppliers=[grower], duties=[duty])
    assert found.duty[ALBANY, NUTS] == pytest.approx(0.22 / 0.98 * 1.8 * 0.25 * np.array([0, 0, 1, 1, 1, 1]))


def test_a_tariff_turns_a_site_to_another_supplier():
    data = tiny_data()
    abroad = {"id": "abroad", "name": "Abroad", "lat": 31.6, "lon": -84.2, "country": "MX"}
    offers = [OFFER | {"price_per_unit": 1.80}, OFFER | {"supplier": "abroad", "price_per_unit": 1.70}]
    duty = {"origin_zone": "MX", "destination_zone": "US", "ad_valorem_share": 0.25, "starts": date(2027, 7, 1)}
    found = costs(suppliers=[*data["suppliers"], abroad], offers=offers, duties=[duty])
    assert found.purchase[ALBANY, NUTS] / 0.22 * 0.98 == pytest.approx([1.7, 1.7, 1.8, 1.8, 1.8, 1.8])
    assert not found.duty.any()


def test_a_site_that_cannot_get_a_material_cannot_make_the_product():
    found = costs(lanes=[{"origin": "grower", "destination": "reno", "is_allowed": False}])
    assert np.isinf(found.total[RENO]).all()
    assert np.isfinite(found.total[ALBANY]).all()


def test_nothing_is_hauled_for_free_when_no_mode_is_stated():
    free = {
        "freight_modes": [],
        "policy": {"default_mode": None},
        "lanes": [NEAR | {"destination": "*", "cost_per_unit": 0.1}],
    }
    assert np.isinf(costs(**free).total).all()


def test_a_material_too_light_to_matter_needs_no_mode():
    light = [row | {"mass_kg_per_unit": 0} for row in tiny_data()["materials"]]
    assert np.isfinite(costs(materials=light, freight_modes=[], policy={"default_mode": None}).total).all()


@given(st.floats(0, 5), st.floats(0, 5))
def test_another_offer_never_makes_a_material_dearer(first, second):
    data = tiny_data()
    twin = data["suppliers"][0] | {"id": "twin"}
    one = [OFFER | {"price_per_unit": first}]
    both = [*one, OFFER | {"supplier": "twin", "price_per_unit": second}]
    suppliers = [*data["suppliers"], twin]
    alone, more = (costs(suppliers=suppliers, offers=offers).total[ALBANY, NUTS, 0] for offers in (one, both))
    assert more <= alone + 1e-12
