"""Shipments computed by hand: what a logistician would put on paper, line by line.

The truck of all cases: 20 t, 80 m³, 30 pallet places, 2.00 a loaded km, a fifth of the km empty and paid, at least 400
a load, 50 for its stop; a part load pays half as much again as its share. Intervals are 7.3 days, a fiftieth of a year.
Tolerance: none but the last digits of floating point.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyworks.model.shipping import lane_table
from manyworks.units import haversine_km
from tests.networks import tiny_network

A_YEAR = 50
TRUCK = {
    "id": "truck", "name": "Truck", "payload_kg": 20_000, "cube_m3": 80, "pallets": 30, "cost_per_km": 2.0,
    "minimum_cost": 400, "stop_cost": 50, "part_load_premium": 0.5, "empty_share": 0.2, "km_per_day": 600,
    "replenishment_days": 365 / A_YEAR,
}  # fmt: skip
WATER = {
    "id": "water", "name": "Water, case", "family": "water", "price": 4.0, "mass_kg": 10, "volume_l": 12,
    "units_per_pallet": 80,
}  # fmt: skip
CRISPS = {
    "id": "crisps", "name": "Crisps, box", "family": "crisps", "price": 20.0, "mass_kg": 2, "volume_l": 32,
    "units_per_pallet": 60,
}  # fmt: skip
LANE = {"origin": "albany", "destination": "*", "km": 500}
FULL = 500 * 2.0 * 1.2 + 50  # 1250 a full load over 500 km


def lanes(per_shipment, *, truck=None, lane=None, breaks=(), markets=None, **changes):
    """The lane from Albany to Atlanta and its neighbours; ``per_shipment`` (water, crisps) go every 7.3 days."""
    data = {
        "products": [WATER, CRISPS], "bill": [], "demand_rules": [], "demand": [], "freight_breaks": list(breaks),
        "freight_modes": [TRUCK | (truck or {})], "lanes": [LANE | (lane or {})],
    }  # fmt: skip
    network = tiny_network(**data | changes | ({} if markets is None else {"markets": markets}))
    units = np.tile(np.array(per_shipment, dtype=float) * A_YEAR, (len(network.markets), 1))
    return lane_table(network, network.sites[:1], network.markets, units)


def paid(found, per_shipment):
    """What the units of one shipment to the first market pay together."""
    return float(found.freight_per_unit[0, 0] @ np.array(per_shipment, dtype=float))


def test_two_full_loads_by_mass():
    """4000 cases of water are 40 t: two trucks, 2 × 1250. By cube (48 of 80 m³) and floor (50 of 30) it were fewer."""
    found = lanes((4000, 0))
    assert found.loads_per_shipment[0, 0] == pytest.approx(2)
    assert paid(found, (4000, 0)) == pytest.approx(2500)
    assert found.freight_per_unit[0, 0, 0] == pytest.approx(2500 / 4000)


def test_crisps_fill_a_truck_by_its_floor():
    """1800 boxes are 3.6 t, 57.6 m³ of 80, and 30 pallets of 30: one truck, though hardly a fifth of its payload."""
    found = lanes((0, 1800))
    assert (found.loads_per_shipment[0, 0], found.measure[0, 0]) == (pytest.approx(1), 2)
    assert paid(found, (0, 1800)) == pytest.approx(1250)


def test_heavy_and_bulky_goods_share_a_truck():
    """1000 water: 10 t, 12 m³, 12.5 pallets; 1000 crisps: 2 t, 32 m³, 16.7. The last of 29.2 pallets counts in full.

    That is one truck by its floor (12 of 20 t, 44 of 80 m³). By pallets, water pays 12.5 / 29.17 of the 1250.
    """
    found = lanes((1000, 1000))
    assert paid(found, (1000, 1000)) == pytest.approx(1250)
    assert found.freight_per_unit[0, 0, 0] == pytest.approx(1250 * 12.5 / (12.5 + 1000 / 60) / 1000)


@pytest.mark.parametrize(
    ("rule", "places"),
    [("exact", 0.5 + 0.75), ("mixed", 2), ("product", 1 + 1)],  # 40 of 80 cases are half a pallet, 45 of 60 boxes 0.75
)
def test_part_pallets_are_rounded_up_as_stated(rule, places):
    """Half a pallet of water and three quarters of one of crisps; each of 30 places pays 1250 / 30 × 1.5 = 62.50."""
    found = lanes((40, 45), truck={"part_pallets": rule})
    assert paid(found, (40, 45)) == pytest.approx(places * 62.5)


def test_pallets_of_a_product_alone_are_two_where_mixed_ones_are_one():
    """A quarter of each: one mixed pallet, 62.50; or one of each product, 125."""
    assert paid(lanes((20, 15)), (20, 15)) == pytest.approx(62.5)
    assert paid(lanes((20, 15), truck={"part_pallets": "product"}), (20, 15)) == pytest.approx(125)


def test_a_short_load_pays_the_minimum():
    """100 km: 100 × 2.00 × 1.2 = 240 is less than 400, so a full load is 450."""
    assert paid(lanes((2000, 0), lane={"km": 100}), (2000, 0)) == pytest.approx(450)


def test_nearly_a_full_load_pays_no_more_than_one():
    """19 t would be 0.95 × 1250 × 1.5 = 1781; a whole truck costs 1250."""
    assert paid(lanes((1900, 0)), (1900, 0)) == pytest.approx(1250)


def test_a_part_load_by_the_tariff_of_the_forwarder():
    """4 t over 500 km at 0.40 a tonne-km are 800; declared as 5 t at 0.25 they are 625."""
    breaks = [
        {"mode": "truck", "from_kg": 0, "cost_per_tonne_km": 0.40, "minimum_cost": 90},
        {"mode": "truck", "from_kg": 5000, "cost_per_tonne_km": 0.25},
    ]
    assert paid(lanes((400, 0), breaks=breaks), (400, 0)) == pytest.approx(625)


def test_a_lane_with_return_loads_pays_no_empty_km():
    """Without empty km a load is 500 × 2.00 + 50 = 1050; a truck that always comes back empty is 2050."""
    assert paid(lanes((2000, 0), lane={"empty_share": 0}), (2000, 0)) == pytest.approx(1050)
    assert paid(lanes((2000, 0), lane={"empty_share": 1}), (2000, 0)) == pytest.approx(2050)


def test_who_fetches_pays_himself_and_leaves_no_stock_on_the_lane():
    data = tiny_network().model_dump(mode="json")
    markets = [row | {"pick_up_km": 600} for row in data["markets"]]
    found = lanes((40, 45), markets=markets)
    assert paid(found, (40, 45)) == found.interval_days[0, 0] == found.price_per_shipment[0, 0] == 0


# Rounds: three towns in a row, 55.6 km apart by air and 500 km from the plant; each takes 8 pallets of crisps.
TOWNS = [{"id": f"town_{k}", "name": f"Town {k}", "lat": 40.0 + 0.5 * k, "lon": -90.0} for k in range(3)]


def test_towns_share_a_vehicle_where_that_is_cheaper():
    """Straight: 8 / 30 × 1250 × 1.5 = 500 each. Now for the town in the middle, with both neighbours on the truck.

    24 of 30 pallets, three drops. All share the way to their middle, 500 × 2.00 × 1.2 = 1200, equally: 400. The circle
    around the middle town reaches its neighbours at d = 55.6 × 1.2 = 66.7 km, so each leg between drops is
    0.57 × √(π × d² / 3) = 38.9 km, at 2.40 are 93.4; and its stop is 50. Together 543: straight is cheaper, 500.
    With 20 pallets a truck (three part loads of 8 / 20 do not fit, two do): straight 8 / 20 × 1250 × 1.5 = 750; on a
    round of two 1200 / 2 + 0.57 × √(π × d² / 2) × 2.40 + 50 = 600 + 114.3 + 50 = 764: straight again. At half the
    distance between towns (27.8 km by air, d = 33.4) the leg costs 57.2, and the round wins with 707.
    """
    air = float(haversine_km(40.0, -90.0, 40.5, -90.0))
    d = 1.2 * air
    assert d == pytest.approx(66.7, abs=0.05)
    rounds = {"maximum_drops": 3}
    three = lanes((0, 480), truck=rounds, markets=TOWNS)
    assert three.price_per_shipment[0, 1] == pytest.approx(500)
    assert three.drops.tolist() == [[1, 1, 1]]
    two = lanes((0, 480), truck=rounds | {"pallets": 20}, markets=TOWNS)
    assert two.price_per_shipment[0, 1] == pytest.approx(750)
    near = [row | {"lat": 40.0 + 0.25 * k} for k, row in enumerate(TOWNS)]
    close = lanes((0, 480), truck=rounds | {"pallets": 20}, markets=near)
    half = 1.2 * float(haversine_km(40.25, -90.0, 40.5, -90.0))
    by_hand = 600 + 0.57 * math.sqrt(math.pi * half**2 / 2) * 2.4 + 50
    assert by_hand == pytest.approx(707.2, abs=0.1)
    assert close.price_per_shipment[0, 1] == pytest.approx(by_hand)
    assert close.drops[0, 1] == 2


def test_the_last_drop_of_a_round_waits_for_the_others():
    """Two drops: two legs of 0.57 × √(π × 33.4² / 2) = 23.8 km on top of 500 km, at 600 km a day."""
    near = [row | {"lat": 40.0 + 0.25 * k} for k, row in enumerate(TOWNS)]
    truck = {"maximum_drops": 3, "pallets": 20}
    found = lanes((0, 480), truck=truck, markets=near)
    assert found.days[0, 1] == pytest.approx((500 + 2 * 23.83) / 600, rel=1e-3)
    promised = [row | {"service_days": 0.9} for row in near]
    kept = lanes((0, 480), truck=truck, markets=promised)
    assert kept.days[0, 1] == pytest.approx(500 / 600)  # The round would come after the promised 0.9 days.
    assert kept.drops[0, 1] == 1


def test_the_cheapest_interval_between_freight_and_stock():
    """100 boxes of crisps every 7.3 days, 5000 a year, worth 20 × 0.5 = 10 each; review every 7.3 days.

    Stock of half an interval costs 0.08 + 0.05 of its value a year: 5000 × 10 / 50 / 2 × 0.13 = 65 for each 7.3 days.
    A load pays 450 over 100 km, a pallet place of a part load 450 / 30 × 1.5 = 22.50.
    7.3 days: 100 boxes, 2 pallets, 45.00 × 50 = 2250; with stock of  65: 2315.
    14.6: 200 boxes,  4 pallets,  90.00 × 25   = 2250;         130: 2380. Nothing gained: pallets would have to fill.
    29.2: 400 boxes,  7 pallets, 157.50 × 12.5 = 1968.75;      260: 2228.75.
    58.4: 800 boxes, 14 pallets, 315.00 × 6.25 = 1968.75;      520: 2488.75.
    116.8: 1600 boxes, 27 pallets, a full load, 450 × 3.125 = 1406.25; 1040: 2446.25. So every 29.2 days.
    """
    free = {"is_interval_free": True}
    policy = {"review_days": 7.3, "stock_cost_share_per_year": 0.05}
    found = lanes((0, 100), truck=free, lane={"km": 100}, policy=policy, finance={"discount_rate": 0.08})
    assert found.interval_days[0, 0] == pytest.approx(29.2)
    assert found.freight_per_unit[0, 0, 1] * 5000 == pytest.approx(1968.75)


@pytest.mark.parametrize(
    ("life", "promise", "days"),
    [(None, None, 116.8), (60, None, 58.4), (30, None, 29.2), (20, None, 14.6), (10, None, 7.3), (None, 15, 14.6),
     (None, 2, 7.3)],
)  # fmt: skip
def test_a_free_interval_keeps_goods_fresh_and_promises(life, promise, days):
    """The same goods where a tenth of a load pays for a whole one, so that waiting always pays; 100 km are 0.2 days."""
    crisps = CRISPS | {"shelf_life_days": life}
    data = tiny_network().model_dump(mode="json")
    markets = [row | {"service_days": promise} for row in data["markets"]]
    truck = {"is_interval_free": True, "part_pallets": "exact", "part_load_premium": 9.0}
    policy = {"review_days": 7.3, "stock_cost_share_per_year": 0.05}
    found = lanes((0, 100), truck=truck, lane={"km": 100}, policy=policy, products=[WATER, crisps], markets=markets)
    assert found.interval_days[0, 0] == pytest.approx(days)


def test_a_stated_interval_is_never_changed():
    free = {"is_interval_free": True}
    found = lanes((0, 100), truck=free, lane={"replenishment_days": 3})
    assert found.interval_days[0, 0] == 3


# An independent second computation, one lane at a time with plain numbers, holds the table to account.


def shipment_by_hand(truck, units, km):
    """Loads and price of one straight shipment of (water, crisps), in the words of the document."""
    water, crisps = units
    floor = {
        "exact": water / 80 + crisps / 60,
        "mixed": math.ceil(water / 80 + crisps / 60 - 1e-9),
        "product": math.ceil(water / 80 - 1e-9) + math.ceil(crisps / 60 - 1e-9),
    }[truck["part_pallets"]]
    loads = max((water * 10 + crisps * 2) / 20_000, (water * 12 + crisps * 32) / 80_000, floor / 30)
    full = max(400.0, km * 2.0 * 1.2) + 50
    whole = math.floor(loads + 1e-9)
    return loads, whole * full + min(1.0, 1.5 * max(loads - whole, 0.0)) * full


def disagreement(found, truck, units, km):
    """What the table charges off what the hand computes, as a share."""
    _, price = shipment_by_hand(truck, units, km)
    return abs(paid(found, units) - price) / price


counts = st.tuples(st.integers(1, 9000), st.integers(1, 9000))
rules = st.sampled_from(["exact", "mixed", "product"])


@settings(max_examples=40)
@given(counts, st.integers(1, 3000), rules)
def test_the_table_charges_what_the_hand_computes(units, km, rule):
    truck = {"part_pallets": rule}
    assert disagreement(lanes(units, truck=truck, lane={"km": km}), truck, units, km) < 1e-9


@pytest.mark.parametrize(
    "wrong",
    [
        {"part_pallets": "exact"}, {"part_load_premium": 0.0}, {"empty_share": 0.0}, {"stop_cost": 0.0},
        {"minimum_cost": 0.0}, {"cube_m3": 160, "pallets": 90}, {"payload_kg": 30_000},
    ],
)  # fmt: skip
def test_a_table_that_forgets_a_rule_is_caught(wrong):
    """Broken on purpose, one rule at a time; each is seen on at least one of these shipments."""
    cases = [((30, 40), 500), ((30, 40), 20), ((3000, 10), 500), ((10, 2800), 500)]
    truck = {"part_pallets": "mixed"}
    off = [disagreement(lanes(units, truck=truck | wrong, lane={"km": km}), truck, units, km) for units, km in cases]
    assert max(off) > 0.01


@settings(max_examples=40)
@given(counts, st.integers(0, 500), st.integers(1, 3000), rules)
def test_more_goods_never_cost_less(units, more, km, rule):
    truck = {"part_pallets": rule}
    bigger = (units[0] + more, units[1])
    little, much = (lanes(u, truck=truck, lane={"km": km}).price_per_shipment[0, 0] for u in (units, bigger))
    assert much >= little * (1 - 1e-9)


@settings(max_examples=40)
@given(st.floats(0.01, 0.6), st.floats(1, 1.5), st.integers(1, 3000))
def test_a_larger_part_load_never_costs_more_a_unit(loads, factor, km):
    """Without breaks and with pallets that pay their share, at the same interval."""
    truck = {"part_pallets": "exact"}
    small, large = (
        lanes((0, 1800 * load), truck=truck, lane={"km": km}).freight_per_unit[0, 0, 1]
        for load in (loads, min(loads * factor, 1.0))
    )
    assert large <= small * (1 + 1e-9)


@settings(max_examples=25)
@given(counts, st.integers(2, 6), st.booleans())
def test_all_units_pay_all_shipments_and_rounds_never_cost_more(units, drops, is_free):
    towns = [row | {"lat": 40.0 + 0.1 * k} for k, row in enumerate(TOWNS)]
    truck = {"is_interval_free": is_free}
    alone = lanes(units, truck=truck, markets=towns)
    shared = lanes(units, truck=truck | {"maximum_drops": drops}, markets=towns)
    yearly = np.array(units) * A_YEAR
    for found in (alone, shared):
        shipments = 365 / found.interval_days
        assert found.freight_per_unit @ yearly == pytest.approx(shipments * found.price_per_shipment)
    if not is_free:  # With free intervals the sum of freight and stock is what falls.
        assert (shared.price_per_shipment <= alone.price_per_shipment * (1 + 1e-9)).all()
