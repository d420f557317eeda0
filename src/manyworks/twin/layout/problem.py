"""The quadratic assignment problem: which facility stands at which place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import UsageError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class AssignmentProblem:
    """As many facilities as places: minimise Σ_ij flow[i, j] · distance[p(i), p(j)] + Σ_i linear[i, p(i)].

    ``flow`` (facilities, facilities) and ``distance`` (places, places), any finite numbers, in any units whose product
    is the cost; ``linear`` (facilities, places) in that cost, none: zero. Source: Koopmans and Beckmann (1957),
    doi:10.2307/1907742.

    Raises
    ------
    UsageError
        Shapes do not agree, or a number is not finite; all faults at once.
    """

    name: str = "assignment"
    flow: Floats
    distance: Floats
    linear: Floats | None = None

    def __post_init__(self) -> None:
        for field in ("flow", "distance", "linear"):
            value = getattr(self, field)
            if value is not None:
                object.__setattr__(self, field, np.ascontiguousarray(value, dtype=np.float64))
        faults = list(self._faults())
        if faults:
            raise UsageError("; ".join(faults), where=self.name, cure="Give square tables of finite numbers.")

    @property
    def size(self) -> int:
        """Number of facilities, and of places."""
        return len(self.flow)

    @property
    def linear_cost(self) -> Floats:
        """``linear``, or zeros (facilities, places)."""
        return np.zeros(self.flow.shape) if self.linear is None else self.linear

    def cost(self, place: Ints) -> float:
        """Cost of the assignment that puts facility i at ``place[i]``."""
        paid = float((self.flow * self.distance[np.ix_(place, place)]).sum())
        return paid + float(self.linear_cost[np.arange(self.size), place].sum())

    def _faults(self) -> Iterator[str]:
        n = len(self.flow) if self.flow.ndim else 0
        if n < 1:
            yield "must have at least one facility"
        for name in ("flow", "distance", "linear"):
            value = getattr(self, name)
            if value is None:
                continue
            if value.shape != (n, n):
                yield f"{name} must have shape {(n, n)}, found {value.shape}"
            elif not np.isfinite(value).all():
                first = [int(k) for k in np.argwhere(~np.isfinite(value))[0]]
                yield f"{name}{first} must be finite, found {value[tuple(first)]:g}"
