"""Contracts at given prices: each is taken where it pays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.search.pieces import Pieces

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """``value`` of the contracts at given prices, ``is_asked`` (d,) points whose demand stands: all but contracts that
    are left."""

    value: float
    is_asked: NDArray[np.bool_]


def contracts_taken(pieces: Pieces, paid: Floats) -> Taken:
    """Each contract is taken where signing it and its demand at the prices ``paid`` (d, t) are worth more than nothing;
    max over taken in {0, 1} is at least what any plan gets."""
    mine = np.flatnonzero(pieces.contract_of >= 0)
    worth = pieces.sign + np.bincount(
        pieces.contract_of[mine], weights=paid[mine].sum(axis=1), minlength=len(pieces.sign)
    )
    is_taken = pieces.is_signed | (worth > 0)
    is_asked = np.ones(len(paid), dtype=bool)
    is_asked[mine] = is_taken[pieces.contract_of[mine]]
    return Taken(value=float(worth[is_taken].sum()), is_asked=is_asked)
