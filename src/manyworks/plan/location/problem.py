"""A location problem with a given table of costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import UsageError

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class LocationProblem:
    """Sites that may be opened, customers that must be served, and what serving costs.

    ``fixed_cost`` (sites,) of opening, >= 0; ``capacity`` (sites,) in units of demand, > 0; ``demand`` (customers,),
    > 0; ``cost`` (sites, customers) of serving all of a customer's demand from a site, >= 0. A customer may be split.

    Raises
    ------
    UsageError
        Shapes do not agree, a number is out of its range, or all capacity is less than all demand; all faults at once.
    """

    name: str = "location"
    fixed_cost: Floats
    capacity: Floats
    demand: Floats
    cost: Floats

    def __post_init__(self) -> None:
        for field in ("fixed_cost", "capacity", "demand", "cost"):
            object.__setattr__(self, field, np.ascontiguousarray(getattr(self, field), dtype=np.float64))
        faults = list(self._faults())
        if faults:
            raise UsageError("; ".join(faults), where=self.name, cure="Mend the numbers of the instance.")

    @property
    def size(self) -> tuple[int, int]:
        """Sites and customers."""
        return len(self.fixed_cost), len(self.demand)

    def _faults(self) -> Iterator[str]:
        sites, customers = self.size
        for name, shape in (("fixed_cost", (sites,)), ("capacity", (sites,)), ("cost", (sites, customers))):
            if getattr(self, name).shape != shape:
                yield f"{name} must have shape {shape}, found {getattr(self, name).shape}"
        for name, least, is_strict in (
            ("fixed_cost", 0, False),
            ("capacity", 0, True),
            ("demand", 0, True),
            ("cost", 0, False),
        ):
            values = getattr(self, name)
            wrong = ~np.isfinite(values) | (values <= least if is_strict else values < least)
            if wrong.any():
                first = tuple(int(k) for k in np.argwhere(wrong)[0])
                sign = ">" if is_strict else ">="
                yield f"{name}{list(first)} must be finite and {sign} {least}, found {values[first]:g}"
        if not customers or not sites:
            yield f"must have at least one site and one customer, found {sites} and {customers}"
        elif self.capacity.sum() < self.demand.sum() * (1 - 1e-12):
            yield f"all sites together hold {self.capacity.sum():g}, less than the demand of {self.demand.sum():g}"
