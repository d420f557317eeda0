"""Better prices, step by step: the volume algorithm on the priced demand (Barahona and Anbil 2000)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.search.lagrangian import Lagrangian, Pieces

Floats = NDArray[np.float64]
PATIENCE = 8
"""Steps without a better bound after which steps get shorter."""


@dataclass(frozen=True, kw_only=True)
class Priced:
    """``prices`` (d, t) of the best ``bound`` seen; ``mean_state`` (o, t) the options' states in the running
    average."""

    prices: Floats
    bound: float
    mean_state: Floats


def first_prices(pieces: Pieces, rent: Floats) -> Floats:
    """Value of one more share of demand at its best option, ``rent`` (o, t) paid for each hour, never below the
    penalty."""
    net = (pieces.reward - pieces.hours * rent[:, None, :]).max(axis=0, initial=-np.inf)
    return np.where(pieces.asked, np.maximum(net, pieces.penalty), 0.0)


def better_prices(
    lagrangian: Lagrangian,
    prices: Floats,
    *,
    steps: int,
    spread: float,
    is_over: Callable[[], bool],
    shrink: float = 0.7,
) -> Priced:
    """At most ``steps`` steps from ``prices``; ``spread`` is money by which the best plan may lie below the bound."""
    pieces = lagrangian.pieces
    size = np.where(pieces.asked, np.where(np.isfinite(pieces.reward), np.abs(pieces.reward), 0.0).max(axis=0), 0.0)
    floor = np.where(pieces.may_be_left, pieces.penalty, -np.inf)
    best, bound, stretch, failed = prices, np.inf, 0.5, 0
    served = mean = np.zeros(0)
    for step in range(steps):
        answer = lagrangian.evaluate(prices)
        weight = max(0.05, 1 / (step + 1))
        served = answer.served if step == 0 else (1 - weight) * served + weight * answer.served
        mean = answer.paths.astype(np.float64) if step == 0 else (1 - weight) * mean + weight * answer.paths
        if answer.bound < bound:
            best, bound, failed = prices, answer.bound, 0
        else:
            failed += 1
        if failed >= PATIENCE:
            stretch, failed = stretch * shrink, 0
        if is_over() or stretch < 1e-3:
            break
        missing = np.where(pieces.asked, 1 - served, 0.0)
        length = float((size * missing**2).sum())
        if length <= 0:
            break
        move = stretch * (answer.bound - bound + spread) / length
        prices = np.where(pieces.asked, np.maximum(best + move * size * missing * UP, floor), 0.0)
    return Priced(prices=best, bound=bound, mean_state=mean)


UP = -1.0
"""Demand that too few options serve gets a lower value to be left out, so that serving it pays more."""
