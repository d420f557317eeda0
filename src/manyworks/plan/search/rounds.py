"""What a solved plan is worth by the true laws, and the lines of its safety stock for the next round.

The model that is solved is linear; the law of safety stock is not (``plan/pooling``). So a solved plan is valued by its
tables, and the model is solved again with lines drawn at the flows that it chose.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.decode import decode
from manyworks.plan.equations.decode.choice import read_choice
from manyworks.plan.equations.decode.stock import route_flows, weekly_flows
from manyworks.plan.equations.formulation import Model
from manyworks.plan.money.business_case import business_case
from manyworks.plan.pooling import WEEKS_PER_YEAR, SafetyLaw, outward_line, tangent

Floats = NDArray[np.float64]
ROUNDS = 4
"""Most times that a network is solved whole, each time with lines drawn at the plan before."""
SETTLINGS = 2
"""Most times that the flows of a chosen design are settled anew with the slopes at the flows before."""


def exact_npv(model: Model, x: Floats) -> float:
    """Money of the plan that ``x`` describes, by the business case."""
    instance = model.instance
    return business_case(instance.network, instance.case, instance.periods, decode(model, x)).npv


def outward_lines(model: Model, x: Floats) -> Floats:
    """Lines that lie nowhere above the law, drawn at the flows of ``x``; where nothing flows, the model's own."""
    allowed: NDArray[np.bool_] = np.asarray(np.isfinite(model.arc_values.value).any(axis=3))
    asked: NDArray[np.bool_] = np.asarray((model.instance.demand > 0).any(axis=2))

    def draw(law: SafetyLaw, o: int, p: int, weekly: Floats) -> Floats:
        return outward_line(law, o, weekly, allowed[o, :, model.instance.family_of[p]] & asked[:, p])

    return _redrawn(model, x, draw)


def slopes(model: Model, x: Floats) -> Floats:
    """Slopes of the law at the flows of ``x``: there the line is the stock itself."""
    return _redrawn(model, x, lambda law, o, _, weekly: tangent(law, o, weekly))


def far_outward_lines(model: Model, x: Floats) -> Floats | None:
    """The same for what lies at warehouses; None where there is none."""
    routes = model.arc_values.routes
    asked: NDArray[np.bool_] = np.asarray((model.instance.demand > 0).any(axis=2))

    def draw(law: SafetyLaw, pair: int, p: int, weekly: Floats) -> Floats:
        assert routes is not None
        reach = np.zeros(len(asked), dtype=bool)
        reach[routes.market[routes.pair == pair]] = True
        return outward_line(law, pair, weekly, reach & asked[:, p])

    return _far_redrawn(model, x, draw)


def far_slopes(model: Model, x: Floats) -> Floats | None:
    """Slopes of the law of what lies at warehouses."""
    return _far_redrawn(model, x, lambda law, pair, _, weekly: tangent(law, pair, weekly))


def _far_redrawn(model: Model, x: Floats, draw: Callable[[SafetyLaw, int, int, Floats], Floats]) -> Floats | None:
    routes = model.arc_values.routes
    if routes is None:
        return None
    shape = (*routes.safety.shape[:3], len(model.instance.periods))
    lines = np.broadcast_to(routes.safety, shape).copy()
    for pair, p, weekly in route_flows(model, read_choice(model, x).flow):
        flows = weekly.sum(axis=0) > 0
        lines[pair, :, p, flows] = (draw(routes.law, pair, p, weekly) / WEEKS_PER_YEAR)[:, flows].T
    return lines


def _redrawn(model: Model, x: Floats, draw: Callable[[SafetyLaw, int, int, Floats], Floats]) -> Floats:
    values = model.arc_values
    shape = (*values.safety.shape[:3], len(model.instance.periods))
    lines = np.broadcast_to(values.safety, shape).copy()
    for o, p, weekly in weekly_flows(model, read_choice(model, x).flow):
        flows = weekly.sum(axis=0) > 0
        lines[o, :, p, flows] = (draw(values.law, o, p, weekly) / WEEKS_PER_YEAR)[:, flows].T
    return lines
