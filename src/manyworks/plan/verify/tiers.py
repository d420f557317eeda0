"""What materials cost more at a place whose lines cannot make enough for a price tier."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from manyworks.model.purchasing import REACHED
from manyworks.plan.equations.instance import Instance
from manyworks.plan.equations.supply import Supply

Floats = NDArray[np.float64]


class Materials:
    """The materials of one option: which of their price tiers so many line hours can reach."""

    def __init__(self, instance: Instance, supply: Supply, option: int) -> None:
        columns = [j for j, column in enumerate(instance.columns) if instance.places[column.place].option == option]
        fastest = np.min(instance.work[columns], axis=0) if columns else np.full(len(instance.families), np.inf)
        self._instance, self._supply = instance, supply
        self._reference = instance.hours_per_unit[option]
        a_unit = self._reference * fastest[instance.family_of]
        self._makes = np.isfinite(a_unit) & (a_unit > 0) & np.asarray((instance.demand > 0).any(axis=(0, 2)))
        self._worth = supply.value[:, option]  # (uses, periods)
        # A source is taken to be reached where all hours, spent on the product that needs most of it, reach it.
        most = np.zeros(len(supply.sources))
        for u, source in enumerate(supply.source.tolist()):
            p = supply.needs[supply.need[u]].product
            if self._makes[p]:
                most[source] = max(most[source], supply.quantity[u] / a_unit[p])
        least = np.array([max(source.from_units, source.minimum_order) for source in supply.sources])
        self._hours = np.divide(least * REACHED, most, out=np.full(len(least), np.inf), where=most > 0)
        self._hours[least <= 0] = 0.0

    def dearer_hour(self, hours: float, t: int) -> Floats:
        """Least extra cost (families,) of a reference hour's materials in period ``t`` where all lines together run
        ``hours`` at most, beyond that of the tiers that the place could ever reach."""
        instance, supply = self._instance, self._supply
        reached = self._hours[supply.source] <= hours / float(instance.weights.years[t])
        extra = np.zeros(len(instance.products))
        for n, need in enumerate(supply.needs):
            best = self._worth[reached & (supply.need == n), t].max(initial=-np.inf)
            extra[need.product] += max(-best, 0.0) if np.isfinite(best) else 0.0
        least = np.full(len(instance.families), np.inf)
        for p in np.flatnonzero(self._makes).tolist():
            least[instance.family_of[p]] = min(least[instance.family_of[p]], extra[p] / self._reference[p])
        return np.where(np.isfinite(least), least, 0.0)
