"""The ways in which an option may ever stand: which upgrades it gets, and what lines it has to begin with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.instance import Instance
from manyworks.plan.equations.values import SiteValues

Floats = NDArray[np.float64]
FEW = 4
"""Up to so many upgrades of a site every set of them is a kind; beyond, none and all of them."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """``places`` that lines may be in, ``lines`` that stand at the start, what these are worth in each period
    (periods,) and at the end, and ``once``: what the upgrades are worth at their best time."""

    places: tuple[int, ...]
    lines: int
    standing: Floats
    kept: float
    once: float


def kinds_of(instance: Instance, values: SiteValues, option: int) -> Iterator[Kind]:
    """Every set of upgrades that the option may ever get: lines are then in the best place of the set at any time."""
    places = [g for g, place in enumerate(instance.places) if place.option == option]
    names = sorted({name for g in places for name in instance.places[g].upgrades})
    best = {row.id: float(values.upgrade[u].max()) for u, row in enumerate(instance.upgrades)}
    names = [name for name in names if np.isfinite(best[name])]
    sizes = range(len(names) + 1) if len(names) <= FEW else (0,)
    for size in sizes:
        for chosen in combinations(names, size):
            yield _kind(instance, values, places, set(chosen), sum(best[name] for name in chosen))
    if len(names) > FEW:
        gains = [best[name] for name in names]
        yield _kind(instance, values, places, set(names), min(max(gains), 0.0) + sum(max(gain, 0.0) for gain in gains))


def _kind(instance: Instance, values: SiteValues, places: list[int], chosen: set[str], once: float) -> Kind:
    allowed = tuple(g for g in places if set(instance.places[g].upgrades) <= chosen)
    groups: dict[str, list[int]] = {}
    for g in allowed:
        groups.setdefault(instance.places[g].line.id, []).append(g)
    standing, kept, lines = np.zeros(len(instance.periods)), 0.0, 0
    for group in groups.values():
        count = np.array([instance.places[g].standing for g in group], dtype=np.float64)
        lines += int(count.max())
        standing = standing + (count[:, None] * values.line[group]).max(axis=0)
        kept += float((count * values.keep_line[group]).max())
    return Kind(places=allowed, lines=lines, standing=standing, kept=kept, once=once)
