"""Names of what the model counts, and rows as tables."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.model.table import Table
from manyworks.plan.equations.formulation import Model


def period_names(model: Model) -> NDArray[Any]:
    """Names of the periods, (t,)."""
    return np.array([period.name for period in model.instance.periods], dtype=object)


def place_names(model: Model) -> NDArray[Any]:
    """Site or co-packer of each option, (o,)."""
    instance = model.instance
    return np.array([instance.sites[option.site].id for option in instance.options], dtype=object)


def point_names(model: Model) -> tuple[NDArray[Any], NDArray[Any]]:
    """Market and contract of each demand point, the latter empty where it is the market's own."""
    instance = model.instance
    markets = np.array([market.id for market in instance.markets], dtype=object)
    contracts = [""] * instance.own_markets + [contract.id for contract in instance.contracts]
    return markets, np.array(contracts, dtype=object)


def houses_of_arcs(model: Model) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Names of the warehouses, an empty one last, and the warehouse of each arc, -1 where it goes direct."""
    names = np.array([*(house.id for house in model.instance.warehouses), ""], dtype=object)
    routes, route = model.arc_values.routes, model.arcs.route
    if routes is None or not len(routes):
        return names, np.full(len(route), -1, dtype=np.intp)
    return names, np.where(route >= 0, routes.via[route], -1)


def products_of(model: Model, column: int) -> str:
    """Products of the wheel of a column, joined as in the tables."""
    return ";".join(model.instance.columns[column].wheel.products)


def columns_of(rows: list[dict[str, Any]], header: tuple[str, ...]) -> dict[str, list[Any]]:
    """Rows as columns, in the order of ``header``."""
    return {name: [row[name] for row in rows] for name in header}


def typed_table(columns: dict[str, list[Any]], *, numbers: tuple[str, ...] = (), whole: tuple[str, ...] = ()) -> Table:
    """A table whose columns are text, but for ``numbers`` and ``whole`` ones."""
    kinds = dict.fromkeys(numbers, np.float64) | dict.fromkeys(whole, np.int64)
    return Table({name: np.array(values, dtype=kinds.get(name, object)) for name, values in columns.items()})


def joined(parts: list[dict[str, Any]], header: tuple[str, ...], numbers: tuple[str, ...]) -> Table:
    """Parts of one table as one."""
    empty = typed_table({name: [] for name in header}, numbers=numbers)
    return Table({name: np.concatenate([empty[name], *(part[name] for part in parts)]) for name in header})
