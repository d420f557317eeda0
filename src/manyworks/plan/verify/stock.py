"""Prices at which season stock is laid in and taken out: any are lawful at which nothing gains by only waiting on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.instance import Instance, stock_waits
from manyworks.plan.verify.making import Making

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class StockPrices:
    """``paid`` (families, periods) of a reference hour's goods that wait from a period for the next, inf where none
    may; ``laid_in`` what laying them in is worth beside, holding included, -inf where none may."""

    paid: Floats
    laid_in: Floats

    def offered(self, making: Making, t: int) -> float:
        """Most that an hour earns which goes into stock in period ``t``; at least 0."""
        may = np.flatnonzero(np.isfinite(self.laid_in[:, t]) & np.isfinite(making.hours[:, t]))
        earned = (self.laid_in[may, t] + making.worth[may, t]) / making.hours[may, t]
        return max(float(earned.max(initial=0.0)), 0.0)

    def asked(self, t: int) -> Floats:
        """Price (families,) of a reference hour that comes out of stock in period ``t``; inf where none does."""
        return self.paid[:, t - 1] if t > 0 else np.full(len(self.paid), np.inf)


def waits(instance: Instance, stored: Floats) -> NDArray[np.bool_]:
    """Whether goods of a family may wait from a period for the next, (families, periods), at one option."""
    return np.asarray(instance.is_storable[:, None] & stock_waits(instance) & np.isfinite(stored))


def stock_prices(instance: Instance, stored: Floats, making: Making, wish: Floats) -> StockPrices:
    """Lawful prices at which an hour that goes into stock earns about ``wish`` (periods,).

    ``stored`` (families, periods) worth of one reference hour that waits. A price is lawful where what comes out of
    stock and waits on gains nothing: paid[t] + stored[t] ≤ paid[t−1].
    """
    may = waits(instance, stored) & np.isfinite(making.hours)
    paid = np.full(stored.shape, np.inf)
    for t in range(stored.shape[1]):
        at = np.flatnonzero(may[:, t])
        price = wish[t] * making.hours[at, t] - stored[at, t] - making.worth[at, t]
        before = paid[at, t - 1] if t else np.full(len(at), np.inf)
        paid[at, t] = np.minimum(price, before - stored[at, t])
    laid_in = np.where(may, np.where(may, paid, 0.0) + np.where(may, stored, 0.0), -np.inf)
    return StockPrices(paid=paid, laid_in=laid_in)
