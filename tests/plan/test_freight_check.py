"""Freight is priced twice: for all pairs at once by the model, and pair by pair, as on paper, by the check."""

from __future__ import annotations

import numpy as np
import pytest

from manyworks.examples import example_path
from manyworks.model.document import load_network
from manyworks.model.shipping import lane_table
from manyworks.plan.check.freight import pairs_from
from manyworks.plan.points import demand_points
from tests.networks import tiny_data, tiny_network
from tests.plan.rich import CONTRACTS, rich_network

BREAKS = [
    {"mode": "truck", "from_kg": 0, "cost_per_tonne_km": 0.4, "minimum_cost": 90},
    {"mode": "truck", "from_kg": 5000, "cost_per_tonne_km": 0.2},
]


def road(**terms):
    """The tiny network with other terms of its road, little demand, and places near each other to share vehicles."""
    data = tiny_data()
    data["freight_modes"] = [row | terms for row in data["freight_modes"]]
    near = {"service_days": 40.0, "population": 5e5}
    data["markets"] = [row | near | {"pick_up_km": 0} for row in data["markets"]]
    data["markets"] += [
        data["markets"][0] | {"id": f"town_{k}", "name": f"Town {k}", "lat": 33 + k / 8, "lon": -84 + k / 9}
        for k in range(5)
    ]
    return tiny_network(**data)


NETWORKS = {
    "tiny": tiny_network,
    "contracts": lambda: rich_network(opportunities=CONTRACTS),
    "rounds": lambda: road(maximum_drops=4, replenishment_days=7, minimum_cost=300, stop_cost=40, part_load_premium=2),
    "rounds at free intervals": lambda: road(
        maximum_drops=3, is_interval_free=True, stop_cost=400, part_load_premium=2
    ),
    "pallets of their own": lambda: road(part_pallets="product", part_load_premium=0.4, empty_share=0.2),
    "exact pallets": lambda: road(part_pallets="exact", pallets=2),
    "breaks": lambda: road(part_load_premium=0.9).model_copy(
        update={"freight_breaks": tiny_network(freight_breaks=BREAKS).freight_breaks}
    ),
    "lanes": lambda: tiny_network(
        lanes=[
            {"origin": "albany", "destination": "US", "km": 900, "empty_share": 0.0},
            {"origin": "*", "destination": "atlanta", "cost_per_unit": 0.02},
            {"origin": "US", "destination": "seattle", "cost_per_tonne": 90.0},
        ]
    ),
    "customers who fetch": lambda: tiny_network(
        markets=[row.model_dump() | {"pick_up_km": 300.0} for row in tiny_network().markets]
    ),
    "sauces": lambda: load_network(example_path("sauces")),
    "tariffs": lambda: load_network(example_path("tariffs")),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_both_ways_give_one_price(name):
    network, points = NETWORKS[name](), demand_points(NETWORKS[name]())
    origins = [*network.sites, *network.warehouses][:4]
    table = lane_table(network, origins, points.markets, points.yearly)
    for o, origin in enumerate(origins):
        pairs = pairs_from(network, origin, table.interval_days[o])
        paper = [[pair.freight(p) for p in range(len(network.products))] for pair in pairs]
        np.testing.assert_allclose(paper, table.freight_per_unit[o], rtol=1e-9)
        assert all(pair.is_in_time for pair in pairs)


def test_rounds_and_free_intervals_are_there_to_be_checked():
    for name in ("rounds", "rounds at free intervals"):
        network, points = NETWORKS[name](), demand_points(NETWORKS[name]())
        table = lane_table(network, network.sites, points.markets, points.yearly)
        assert table.drops.max() > 1
    assert table.interval_days.max() > network.policy.review_days
