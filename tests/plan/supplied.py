"""The tiny network with suppliers of peanuts whose terms depend on the quantity."""

from __future__ import annotations

from typing import Any

from manyworks.model.network import Network
from tests.networks import tiny_data


def supplied_network(
    *offers: dict[str, Any], freight: float = 1.0, capex: float = 1.0, supplier_freight: float = 0.0, **changes: Any
) -> Network:
    """``offers`` of peanuts in place of the grower's own; they cost ``supplier_freight`` a tonne on every way in.

    ``freight`` and ``capex`` scale the cost of a km and of micro-factories: dear freight splits the network.
    """
    data = tiny_data(**changes)
    data["suppliers"].append({"id": "importer", "name": "Importer", "lat": 32.1, "lon": -81.1})
    others = [row for row in data["offers"] if row["material"] != "peanuts"]
    data["offers"] = [*others, *({"supplier": "grower", "material": "peanuts"} | row for row in offers)]
    data["freight_modes"] = [row | {"cost_per_km": row["cost_per_km"] * freight} for row in data["freight_modes"]]
    data["templates"][1]["capex"] *= capex
    data["lines"][1]["capex"] *= capex
    data["lanes"] = [
        {"origin": row["id"], "destination": site["id"], "cost_per_tonne": supplier_freight}
        for row in data["suppliers"]
        for site in data["sites"]
    ]
    return Network.model_validate(data)
