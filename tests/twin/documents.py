"""Small documents with one line, for the promises of the twin."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from manyworks.model.network import Network
from tests.networks import tiny_data

MACHINES = (
    ("filler", 20.0, {"mtbf_min": 60, "mttr_min": 4, "kw_execute": 8, "kw_suspended": 3, "crew": 1}),
    ("capper", 24.0, {"mtbf_min": 90, "mttr_min": 3, "kw_execute": 2}),
    ("packer", 22.0, {"time_to_minor_stop": "exponential(10)", "minor_stop_time": "lognormal(mean=0.5, cv=0.6)"}),
)


def bottle_data(**changes: Any) -> dict[str, Any]:
    """Three machines in a row with two buffers, two products; ``changes`` replace whole collections."""
    data = deepcopy(tiny_data())
    data["equipment"] = [
        {"id": name, "name": name.title(), "kind": name, "rated_rate_per_min": rate, "price": 1000, **more}
        for name, rate, more in MACHINES
    ]
    data["lines"][1] = {"id": "small_line", "name": "Small line", "crew_per_shift": 3}
    data["stations"] = [
        {"line": "small_line", "id": name, "equipment": name, "sequence": position}
        for position, (name, _, _) in enumerate(MACHINES)
    ]
    data["buffers"] = [
        {"line": "small_line", "id": "table", "after": "filler", "before": "capper", "capacity_units": 40},
        {
            "line": "small_line", "id": "belt", "after": "capper", "before": "packer", "capacity_units": 30,
            "travel_min": 0.5,
        },
    ]  # fmt: skip
    return data | changes


def bottle_line(**changes: Any) -> Network:
    """`bottle_data` as a document."""
    return Network.model_validate(bottle_data(**changes))
