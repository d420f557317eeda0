"""What smaller designs pay more for materials: price tiers that the make of so many lines cannot reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.purchasing import REACHED
from manyworks.plan.equations.instance import Instance
from manyworks.plan.equations.supply import Supply

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Classes:
    """``extra`` (c, o, f, t) least cost of the materials of a reference hour beyond that of the largest make, by class
    of design; ``of_state`` (o, k) the class of each state."""

    extra: Floats
    of_state: Ints


def material_classes(instance: Instance, supply: Supply, most_hours: Floats) -> Classes | None:
    """Classes of the states whose lines can run ``most_hours`` (o, t, k); None where no design pays more."""
    if not supply.needs:
        return None
    grown = np.maximum.accumulate(most_hours, axis=2)  # Options with fewer states are padded.
    by_state = np.stack([_extra(instance, supply, grown[:, :, k]) for k in range(grown.shape[2])], axis=3)
    by_state[..., -1] = 0.0
    if not (by_state > 0).any():
        return None
    of_state = np.zeros((len(by_state), by_state.shape[3]), dtype=np.intp)
    kept: list[list[int]] = []
    for o, mine in enumerate(by_state):
        first = [by_state.shape[3] - 1]
        for k in range(by_state.shape[3] - 1, 0, -1):
            same = [number for number, other in enumerate(first) if np.array_equal(mine[:, :, k], mine[:, :, other])]
            if not same:
                first.append(k)
            of_state[o, k] = same[0] if same else len(first) - 1
        kept.append(first)
    count = max(len(first) for first in kept)
    states = np.array([first + [first[0]] * (count - len(first)) for first in kept])
    options = np.arange(len(by_state))
    return Classes(extra=np.stack([by_state[options, :, :, states[:, c]] for c in range(count)]), of_state=of_state)


def _extra(instance: Instance, supply: Supply, hours: Floats) -> Floats:
    """Least extra cost (o, f, t) of a reference hour where lines run ``hours`` (o, t) at most."""
    work = np.full((len(instance.options), len(instance.families)), np.inf)
    np.minimum.at(work, instance.option_of[instance.place_of], instance.work)
    a_unit = instance.hours_per_unit * work[:, instance.family_of]
    usable = np.isfinite(a_unit) & (a_unit > 0)
    per_hour = np.where(usable, 1.0 / np.where(usable, a_unit, 1.0), 0.0)  # good units an hour, (o, p)
    product = np.array([need.product for need in supply.needs], dtype=np.intp)
    bought = np.zeros((len(supply.sources), *hours.shape))
    rate = supply.quantity[:, None] * per_hour[:, product[supply.need]].T  # one product alone buys most, (u, o)
    np.maximum.at(bought, supply.source, rate[:, :, None] * (hours / instance.weights.years))
    least = np.array([max(source.from_units, source.minimum_order) for source in supply.sources])
    reached = bought >= least[:, None, None] * REACHED
    value = np.where(reached[supply.source], supply.value, -np.inf)
    a_product = np.zeros((len(instance.products), *hours.shape))
    for n, p in enumerate(product.tolist()):
        top = value[supply.need == n].max(axis=0)
        a_product[p] += np.where(np.isfinite(top), np.maximum(-top, 0.0), 0.0)
    found = np.full((len(instance.options), len(instance.families), hours.shape[1]), np.inf)
    asked = np.asarray((instance.demand > 0).any(axis=(0, 2)))
    for p, f in enumerate(instance.family_of.tolist()):
        reference = instance.hours_per_unit[:, p]
        makes = np.isfinite(reference) & (reference > 0) & bool(asked[p])
        an_hour = a_product[p] / np.where(makes, reference, 1.0)[:, None]
        found[:, f] = np.where(makes[:, None], np.minimum(found[:, f], an_hour), found[:, f])
    return np.where(np.isfinite(found), found, 0.0)
