"""The solver's numbers as decisions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.decode.rows import houses_of_arcs
from manyworks.plan.equations.formulation import Model

Floats = NDArray[np.float64]


DUST = 1e-7
"""Shares of a market's demand, lines and people below this are rounding of the solver, not decisions."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The solver's numbers by decision, whole where they must be; shapes as in ``formulation``."""

    open: NDArray[np.int64]
    upgraded: NDArray[np.int64]
    stands: NDArray[np.int64]
    added: NDArray[np.int64]
    used: NDArray[np.int64]
    run: Floats
    overtime: Floats
    flow: Floats
    unmet: Floats
    taken: NDArray[np.bool_]
    stored: Floats
    people: Floats
    hired: Floats
    lots: Floats
    house: NDArray[np.int64]


def read_choice(model: Model, x: Floats) -> Choice:
    """The columns of the model as decisions."""
    columns = model.linear.columns

    def block(name: str) -> Floats:
        index = columns[name]
        return np.where(index >= 0, x[np.maximum(index, 0)], -1.0)

    def whole(name: str) -> NDArray[np.int64]:
        return np.rint(block(name)).astype(np.int64)

    positive = {
        name: np.maximum(block(name), 0.0) for name in ("run", "overtime", "flow", "unmet", "stored", "people", "hired")
    }
    taken = _contracts_taken(model, whole("taken") > 0, positive["flow"])
    positive["unmet"][model.instance.own_markets :] *= taken[:, None, None]
    lots = whole("lots") > 0 if "lots" in columns else np.zeros((len(model.instance.options), 0, 0))
    return Choice(
        open=whole("open"),
        upgraded=whole("upgraded"),
        stands=whole("stands"),
        added=whole("added"),
        used=whole("used"),
        taken=taken,
        lots=lots.astype(np.float64),
        house=_houses_used(model, whole("house") if "house" in columns else None, positive["flow"]),
        **positive,
    )


def _houses_used(model: Model, used: NDArray[np.int64] | None, flow: Floats) -> NDArray[np.int64]:
    """Warehouses in use, (w, t); a candidate that costs nothing while it is idle begins with its first use."""
    instance = model.instance
    if used is None:
        return np.zeros((0, len(instance.periods)), dtype=np.int64)
    _, via = houses_of_arcs(model)
    for w, house in enumerate(instance.warehouses):
        if house.status == "candidate" and house.fixed_cost_per_year == 0:
            busy = (flow[via == w] > DUST).any(axis=0)
            used[w] *= np.maximum.accumulate(busy)
    return used


def _contracts_taken(model: Model, signed: NDArray[np.bool_], flow: Floats) -> NDArray[np.bool_]:
    """Contracts that the plan signs: one of which nothing would be delivered is left, which is never worth less."""
    instance, arcs = model.instance, model.arcs
    ordered = np.flatnonzero(arcs.market >= instance.own_markets)
    delivered = np.bincount(
        arcs.market[ordered] - instance.own_markets,
        weights=(flow[ordered] > DUST).sum(axis=1),
        minlength=len(instance.contracts),
    )
    stands = np.array([contract.is_signed for contract in instance.contracts], dtype=bool)
    return np.asarray(signed & (stands | (delivered > 0)))
