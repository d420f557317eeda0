"""What is bought, made, sent and left out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.model.table import Table
from manyworks.plan.equations.decode.choice import DUST, Choice
from manyworks.plan.equations.decode.rows import (
    houses_of_arcs,
    joined,
    period_names,
    place_names,
    point_names,
    typed_table,
)
from manyworks.plan.equations.formulation import Model
from manyworks.plan.equations.supply import bought_units, units_scale
from manyworks.plan.equations.values import product_shares

Floats = NDArray[np.float64]


def shipments_table(model: Model, choice: Choice) -> tuple[Table, Floats]:
    """The table, and units shipped (options, products, periods)."""
    instance, arcs = model.instance, model.arcs
    shape = (len(instance.options), len(instance.products), len(instance.periods))
    shipped = np.zeros(shape)
    parts: list[dict[str, Any]] = []
    names, places = period_names(model), place_names(model)
    markets, contracts = point_names(model)
    houses, vias = houses_of_arcs(model)
    flow = np.where(choice.flow > DUST, choice.flow, 0.0)
    for p, product in enumerate(instance.products):
        mine = np.flatnonzero(arcs.family == instance.family_of[p])
        received = flow[mine] * instance.demand[arcs.market[mine], p]
        a, t = np.nonzero(received)
        units = received[a, t]
        leaving = units * model.shipped_of(mine)[a]
        np.add.at(shipped[:, p], (arcs.option[mine][a], t), leaving)
        parts.append(
            {
                "origin": places[arcs.option[mine][a]],
                "via": houses[vias[mine][a]],
                "market": markets[arcs.market[mine][a]],
                "opportunity": contracts[arcs.market[mine][a]],
                "product": np.full(len(a), product.id, dtype=object),
                "period": names[t],
                "units": leaving,
                "received": units,
            }
        )
    header = ("origin", "via", "market", "opportunity", "product", "period", "units", "received")
    return joined(parts, header, header[6:]), shipped


def units_made(model: Model, choice: Choice, shipped: Floats) -> Floats:
    """Units made, (options, products, periods): what is shipped, and what season stock grows by."""
    stored = stored_units(model, choice)
    return np.asarray(shipped + stored - np.concatenate([np.zeros_like(stored[:, :, :1]), stored[:, :, :-1]], axis=2))


def stored_units(model: Model, choice: Choice) -> Floats:
    """Season stock at the end of each period, units (options, products, periods)."""
    instance = model.instance
    per_hour = product_shares(instance)
    return np.asarray(per_hour[:, :, None] * choice.stored[:, instance.family_of])


def co_packed_table(model: Model, made: Floats) -> Table:
    """Units that co-packers make."""
    instance = model.instance
    theirs = np.array([option.packer is not None for option in instance.options], dtype=bool)
    o, p, t = np.nonzero((np.abs(made) > DUST) & theirs[:, None, None])
    return Table(
        {
            "place": place_names(model)[o],
            "product": np.array([product.id for product in instance.products], dtype=object)[p],
            "period": period_names(model)[t],
            "units": made[o, p, t],
        }
    )


def unmet_table(model: Model, choice: Choice) -> Table:
    """Units of each demand point that are not received."""
    instance, names = model.instance, period_names(model)
    share = np.where(choice.unmet > DUST, choice.unmet, 0.0)[:, instance.family_of]
    units = share * instance.demand
    markets, contracts = point_names(model)
    m, p, t = np.nonzero(units)
    return Table(
        {
            "market": markets[m],
            "opportunity": contracts[m],
            "product": np.array([product.id for product in instance.products], dtype=object)[p],
            "period": names[t],
            "units": units[m, p, t],
        }
    )


def purchases_table(model: Model, x: Floats) -> Table:
    """Units of contested materials by use; dust of the solver left out."""
    header = ("place", "product", "material", "supplier", "mode", "period")
    supply = model.arc_values.supply
    if not supply.needs:
        return typed_table({name: [] for name in (*header, "units")}, numbers=("units",))
    units = bought_units(model, x)
    u, o, t = np.nonzero(units > DUST * units_scale(model.instance))
    sources = [supply.sources[s] for s in supply.source[u]]
    columns: dict[str, Any] = {
        "place": place_names(model)[o],
        "product": [model.instance.products[supply.needs[n].product].id for n in supply.need[u]],
        "material": [source.material for source in sources],
        "supplier": [source.supplier for source in sources],
        "mode": [source.mode for source in sources],
        "period": period_names(model)[t],
        "units": units[u, o, t],
    }
    return typed_table({name: list(values) for name, values in columns.items()}, numbers=("units",))
