"""Prices that prove the bound of a network that was solved whole: those of its linear relaxation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.formulation import Model, all_arcs, formulate
from manyworks.plan.equations.instance import Instance
from manyworks.plan.equations.levels import hours_unit
from manyworks.plan.equations.values import ArcValues, SiteValues
from manyworks.plan.highs import Solver

Floats = NDArray[np.float64]


def relaxed_prices(
    instance: Instance, arcs: ArcValues, values: SiteValues, *, threads: int | None
) -> tuple[Floats, Floats] | None:
    """Prices of demand (points, periods) and of hours that go into stock (options, periods), in money; None where the
    relaxation could not be solved."""
    model = formulate(instance, all_arcs(arcs), arcs, values, tight=True)
    answer = Solver(model.linear, whole=False, threads=threads, is_brief=True).solve()
    return None if answer.row_price is None else prices_of(model, answer.row_price)


def prices_of(model: Model, row_price: Floats) -> tuple[Floats, Floats]:
    """The same from the prices of a model's rows: demand, and the dearest hour of an option's lines."""
    instance, rows = model.instance, model.linear.rows
    demand = row_price[rows["demand"]].reshape(-1, len(instance.periods)) * model.scale
    hours = np.zeros((len(instance.options), len(instance.periods)))
    an_hour = row_price[rows["capacity"]] * model.scale / hours_unit(instance)
    np.maximum.at(hours, instance.option_of, an_hour)
    return demand, hours
