"""Designs where lines choose among wheels: who shares a line decides, and flows alone do not see it.

Giving the lines of a fixed design to wheels is a small mixed-integer model, solved in about a second. So designs are
compared by it: the present network and roundings of the averages first, then changes of one option at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.formulation import Model
from manyworks.plan.equations.instance import Instance
from manyworks.plan.equations.values import ArcValues, SiteValues
from manyworks.plan.highs import Answer
from manyworks.plan.search.by_parts import Design, cost_size, settle_design
from manyworks.plan.search.improve import legal
from manyworks.plan.search.pieces import Pieces, make_pieces
from manyworks.plan.search.transport import design_value
from manyworks.plan.search.watch import Watch

Ints = NDArray[np.intp]
TRIALS = 20
"""Designs that are tried when no time limit is stated."""
PROMISING = 6
"""Closed options that a step considers, the most promising first."""
TRY_UNTIL = 0.8
"""Share of a stated time limit at which trying ends."""
PHASE = "Giving lines to product families"


@dataclass
class Trials:
    """Designs tried so far and the best of them, with its exact model."""

    instance: Instance
    arcs: ArcValues
    values: SiteValues
    watch: Watch
    threads: int | None
    seed: int
    count: int = 0
    value: float = -np.inf
    best: tuple[Design, Model, Answer] | None = None

    def try_design(self, design: Design) -> bool:
        """Whether this design is better than all before."""
        self.count += 1
        model, answer = settle_design(
            self.instance,
            self.arcs,
            self.values,
            design,
            self.watch,
            threads=self.threads,
            seed=self.seed,
            is_trial=True,
            floor=self.value,
        )
        if answer.x is None and self.best is not None:
            return False
        value = answer.value * model.scale + model.linear.constant if answer.x is not None else -np.inf
        if self.best is not None and value <= self.value + 1e-9 * abs(self.value):
            return False
        self.value, self.best = value, (design, model, answer)
        self.watch.say(PHASE, value if np.isfinite(value) else None, design.bound)
        return True


def settle_wheels(
    instance: Instance,
    arcs: ArcValues,
    values: SiteValues,
    design: Design,
    watch: Watch,
    *,
    threads: int | None,
    seed: int,
) -> tuple[Model, Answer]:
    """The best design found from ``design`` and its ``others``, in its exact model; no worse than changing nothing."""
    pieces = make_pieces(instance, arcs, values)
    trials = Trials(instance=instance, arcs=arcs, values=values, watch=watch, threads=threads, seed=seed)
    is_over = watch.budget(TRY_UNTIL, lambda: trials.count >= TRIALS)
    target = design.bound - watch.gap * cost_size(instance)
    for paths in (*design.others, design.paths):
        if trials.best is None or not is_over():
            trials.try_design(replace(design, paths=paths))
    found = True
    while found and trials.best is not None and trials.value < target and not is_over():
        found = False
        for paths in _neighbours(pieces, trials.best[0]):
            if is_over():
                break
            if trials.try_design(replace(design, paths=paths)):
                found = True
                break
    assert trials.best is not None
    best, model, answer = trials.best
    if watch.is_interrupted or answer.x is None:
        return model, answer
    wider, more = settle_design(instance, arcs, values, best, watch, threads=threads, seed=seed, start=answer.x)
    return (wider, more) if more.x is not None and more.value > answer.value else (model, answer)


def _neighbours(pieces: Pieces, design: Design) -> Iterator[Ints]:
    """Designs that differ in one option: a promising one opened, an open one closed, moved, or a line more or less."""
    seen = {design.paths.tobytes()}
    for o, path in _changes(pieces, design):
        paths = design.paths.copy()
        paths[o] = path
        paths = legal(pieces, paths)
        if paths.tobytes() not in seen and np.isfinite(design_value(pieces, paths)):
            seen.add(paths.tobytes())
            yield paths


def _changes(pieces: Pieces, design: Design) -> Iterator[tuple[int, Ints]]:
    states, paths = pieces.states, design.paths
    order = np.argsort(-design.merit, kind="stable")
    shut = [int(o) for o in order if not paths[o].any() and not states.is_existing[o]][:PROMISING]
    opened = [int(o) for o in order if paths[o].any()]
    times = np.arange(paths.shape[1])
    for o in shut:
        ready = np.flatnonzero(np.isfinite(states.enter[o]) & np.isfinite(states.add[o]))
        for start in _starts(ready):
            yield o, np.where(times >= start, 1, 0)
    for o in opened:
        path = paths[o]
        yield o, path + (path > 0)
        later = times >= max(len(times) // 2, 1)
        yield o, path + (later & (path > 0))
        if states.is_existing[o]:
            for start in _starts(times[1:]):
                yield o, np.where(times >= start, 0, path)
        else:
            yield o, np.zeros_like(path)
            yield o, np.maximum(path - 1, 0)
            yield o, np.concatenate([[0, 0], path[:-2]]) if len(path) > 2 else path
            yield o, np.concatenate([path[1:], path[-1:]])


def _starts(ready: Ints) -> list[int]:
    """The first period, one some quarters later, and one in the middle, of those in which something can be ready."""
    return sorted({int(ready[k]) for k in (0, 2, len(ready) // 2) if k < len(ready)})
