"""Better prices, step by step: the volume algorithm on the priced demand (Barahona and Anbil 2000)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.search.lagrangian import Evaluation, Lagrangian, Prices
from manyworks.plan.search.pieces import Pieces

Floats = NDArray[np.float64]
PATIENCE = 10
"""Steps without a better bound after which steps get shorter."""
SHRINK = 0.66
STOCK_PULL = 100.0
"""How much faster prices of stock move than those of demand, each in its own unit."""
FEWEST, MOST = 0.01, 0.1
"""Weight of the newest answer in the running average."""
START = 5
"""Steps in which the average is still that of all answers."""


@dataclass(frozen=True, kw_only=True)
class Priced:
    """``prices`` of the best ``bound`` seen; ``mean_state`` (o, t) states, ``served`` (d, t) shares of demand and
    ``stocked`` (o, t) hours put into season stock and not taken out, in the running average."""

    prices: Prices
    bound: float
    mean_state: Floats
    served: Floats
    stocked: Floats


def first_prices(pieces: Pieces, rent: Floats) -> Prices:
    """Value of one more share of demand at its best option, ``rent`` (o, t) paid for each hour, never below the
    penalty."""
    net = np.full(pieces.asked.shape, -np.inf)
    for mine in pieces.nets(rent):
        np.maximum(net, mine, out=net)
    demand = np.where(pieces.asked, np.maximum(net, pieces.penalty), 0.0)
    return Prices(demand=demand, stock=pieces.rent)


def better_prices(
    lagrangian: Lagrangian,
    prices: Prices,
    *,
    steps: int,
    spread: float,
    is_over: Callable[[], bool],
    stretch: float = 0.5,
    mean: Priced | None = None,
    weights: tuple[float, float] = (FEWEST, MOST),
) -> Priced:
    """At most ``steps`` steps from ``prices``; ``spread`` is money by which the best plan may lie below the bound.

    ``stretch``: length of the first steps; ``mean``: an average to go on from; ``weights``: least and most weight of
    the newest answer in it.
    """
    pieces = lagrangian.pieces
    answer = lagrangian.evaluate(prices)
    best, bound, failed = prices, answer.bound, 0
    now = _average(answer) if mean is None else mean
    served, stocked, states = now.served, now.stocked, now.mean_state
    scale = _stock_scale(pieces)
    for step in range(steps):
        missing = np.where(pieces.asked, 1 - served, 0.0)
        length = float((pieces.size * missing**2).sum() + (scale * stocked**2).sum())
        if length <= 0 or stretch < SHORTEST or is_over():
            break
        move = stretch * spread / length
        floor = np.where(pieces.may_be_left, pieces.penalty, -np.inf)
        demand = np.where(pieces.asked, np.maximum(best.demand - move * pieces.size * missing, floor), 0.0)
        stock = np.maximum(best.stock - move * scale * stocked, 0.0)
        prices = Prices(demand=demand, stock=stock)
        answer = lagrangian.evaluate(prices)
        change = np.where(pieces.asked, answer.served - served, 0.0)
        weight = _weight(pieces.size, missing, change, step if mean is None else START, weights)
        served, states = served + weight * change, states + weight * (answer.paths - states)
        stocked = stocked + weight * (answer.stocked - stocked)
        if answer.bound < bound:
            best, bound, failed = prices, answer.bound, 0
        else:
            failed += 1
            if failed >= PATIENCE:
                stretch, failed = stretch * SHRINK, 0
    return Priced(prices=best, bound=bound, mean_state=states, served=served, stocked=stocked)


SHORTEST = 1e-3
"""Length of steps at which they end."""


def _average(answer: Evaluation) -> Priced:
    return Priced(
        prices=Prices(demand=np.zeros(0), stock=np.zeros(0)),
        bound=np.inf,
        mean_state=answer.paths.astype(np.float64),
        served=answer.served,
        stocked=answer.stocked,
    )


def _weight(size: Floats, missing: Floats, change: Floats, step: int, weights: tuple[float, float]) -> float:
    """Weight of the newest answer that leaves the average least amiss, within limits."""
    if step < START:
        return 1 / (step + 2)
    length = float((size * change**2).sum())
    return float(np.clip((size * missing * change).sum() / length, *weights)) if length > 0 else weights[1]


def _stock_scale(pieces: Pieces) -> Floats:
    """Money per hour, squared, over the worth of an option's hours (o, t): makes stock as large as demand in a step."""
    hours = pieces.regular.max(axis=2)
    usual = np.where(pieces.rent > 0, pieces.rent, pieces.rent.max(axis=0))
    return STOCK_PULL * np.where(hours > 0, usual / np.where(hours > 0, hours, 1.0), 0.0) * np.isfinite(pieces.waiting)
