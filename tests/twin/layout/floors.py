"""Small lines on small floors."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from manyworks.model.network import Network
from tests.networks import tiny_data

STATIONS = (("fill", 4.0, 2.0, 1), ("cap", 2.0, 1.5, 1), ("label", 2.5, 1.2, 2), ("pack", 3.0, 2.0, 1))
"""Station, length, width and count."""

DOORS = (
    {"floor": "hall", "id": "goods_in", "kind": "receiving", "x_m": 0, "y_m": 4, "depth_m": 2},
    {"floor": "hall", "id": "goods_out", "kind": "shipping", "x_m": 20, "y_m": 4, "depth_m": 2},
)


def hall(**floor: Any) -> dict[str, Any]:
    return {"id": "hall", "name": "Hall", "width_m": 20, "depth_m": 12} | floor


def floor_network(stations: tuple[tuple[str, float, float, int], ...] = STATIONS, **changes: Any) -> Network:
    """A serial line with buffers between its stations, on a hall with a door at each end."""
    data = tiny_data()
    data["equipment"] += [
        {
            "id": name,
            "name": name,
            "kind": name,
            "rated_rate_per_min": 120 / count,
            "crew": 1,
            "price": 100000,
            "length_m": length,
            "width_m": width,
        }
        for name, length, width, count in stations
    ]
    data["stations"] = [
        {"line": "small_line", "id": name, "equipment": name, "count": count, "sequence": k}
        for k, (name, _, _, count) in enumerate(stations)
    ]
    names = [station[0] for station in stations]
    data["buffers"] = [
        {"line": "small_line", "id": f"after_{a}", "after": a, "before": b, "capacity_units": 50}
        for a, b in pairwise(names)
    ]
    data["floors"], data["fixed_places"] = [hall()], list(DOORS)
    return Network.model_validate(data | changes)
