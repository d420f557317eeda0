"""Demand that may come: levels by market, drawn from the document's uncertainty and correlation, and thinned out.

A level multiplies a market's demand in every period: an error of the forecast that lasts. Levels are lognormal with
mean 1 and the coefficient of variation that the document states for the market; their logarithms share one correlation
between all markets. The document states the error of a week; that it lasts is an assumption, and the cautious one.
Fewer samples stand for many by fast forward selection: Heitsch and Römisch (2003), doi:10.1023/A:1021805924152.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from manyworks.model.network import Network
from manyworks.model.stock import weekly_cvs

Floats = NDArray[np.float64]


def demand_levels(network: Network, count: int, *, seed: int, cv: float | None = None) -> Floats:
    """Levels (count, markets) in order of market ids; ``cv`` replaces the document's. Same seed, same levels."""
    markets = sorted(network.markets, key=lambda row: row.id)
    spread = weekly_cvs(network, markets) if cv is None else np.full(len(markets), float(cv))
    rho = network.policy.demand_correlation
    stream = np.random.Generator(np.random.Philox(seed))
    alone = stream.standard_normal((count, len(markets)))
    common = stream.standard_normal((count, 1))
    if rho >= 0:
        normal = np.sqrt(rho) * common + np.sqrt(1 - rho) * alone
    else:  # As negative as so many markets can be to each other: −1 / (n − 1).
        least = -1 / max(len(markets) - 1, 1)
        share = min(rho / least, 1.0) if len(markets) > 1 else 0.0
        opposed = (alone - alone.mean(axis=1, keepdims=True)) / np.sqrt(max(1 - 1 / len(markets), 1e-12))
        normal = np.sqrt(share) * opposed + np.sqrt(1 - share) * stream.standard_normal(alone.shape)
    sigma = np.sqrt(np.log1p(spread**2))
    return np.asarray(np.exp(sigma * normal - sigma**2 / 2))


def reduced(levels: Floats, keep: int, *, weight: Floats) -> tuple[Floats, Floats]:
    """The ``keep`` samples that stand best for all, (keep, markets), and their probabilities, (keep,).

    ``weight`` (markets,) says how much a market matters, by its revenue. Each sample's probability goes to the nearest
    one kept. The mean of every market is then put right again: levels are divided by their new mean.
    """
    count = len(levels)
    if keep >= count:
        return levels, np.full(count, 1 / count)
    scaled = levels * np.sqrt(weight / max(float(weight.sum()), 1e-300))
    distance = np.sqrt(np.maximum(((scaled[:, None, :] - scaled[None, :, :]) ** 2).sum(axis=2), 0.0))
    best = np.full(count, np.inf)
    chosen: list[int] = []
    for _ in range(keep):
        cost = np.minimum(best[:, None], distance).sum(axis=0)
        cost[chosen] = np.inf
        chosen.append(int(np.argmin(cost)))
        best = np.minimum(best, distance[:, chosen[-1]])
    nearest = np.argmin(distance[:, chosen], axis=1)
    probability = np.bincount(nearest, minlength=keep) / count
    kept = levels[chosen]
    mean = probability @ kept
    return np.asarray(kept / np.where(mean > 0, mean, 1.0)), np.asarray(probability)
