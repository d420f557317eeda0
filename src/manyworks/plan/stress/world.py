"""The document with one kind of number scaled wherever it is stated: demand, freight, duty, wages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from manyworks.model.network import Network

Fields = Mapping[str, tuple[str, ...]]
"""Collection to the fields of it that move together."""


@dataclass(frozen=True, kw_only=True)
class Number:
    """A kind of number of the world; ``fields`` are scaled where they are stated, and left alone where they are not."""

    name: str
    title: str
    fields: Fields

    def is_stated(self, network: Network) -> bool:
        """Whether scaling it changes anything."""
        rows = (
            (row, field) for name, fields in self.fields.items() for row in getattr(network, name) for field in fields
        )
        return any(getattr(row, field) for row, field in rows)


DEMAND = Number(
    name="demand",
    title="Demand",
    fields={"demand_rules": ("units_per_head_year",), "demand": ("units",), "opportunities": ("units_per_quarter",)},
)
FREIGHT = Number(
    name="freight",
    title="Freight price",
    fields={
        "freight_modes": ("cost_per_km", "minimum_cost", "stop_cost"),
        "freight_breaks": ("cost_per_tonne_km", "minimum_cost"),
        "lanes": ("cost_per_unit", "cost_per_tonne"),
    },
)
DUTY = Number(name="duty", title="Duty", fields={"duties": ("ad_valorem_share", "per_kg")})
WAGES = Number(name="wages", title="Wages", fields={"sites": ("wage_per_h",)})


def scaled(network: Network, number: Number, factor: float) -> Network:
    """``network`` with every stated value of ``number`` times ``factor``, which must be > 0; the original stays."""
    changed = {
        name: [row.model_copy(update=_scaled_fields(row, fields, factor)) for row in getattr(network, name)]
        for name, fields in number.fields.items()
    }
    return network.model_copy(update=changed)


def _scaled_fields(row: object, fields: tuple[str, ...], factor: float) -> dict[str, float]:
    return {field: getattr(row, field) * factor for field in fields if getattr(row, field) is not None}
