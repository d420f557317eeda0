"""Several models as one: decisions that cannot yet know which world comes are the same in all of them.

maximise (1 − w) Σ_s p_s v_s + w (η − Σ_s p_s z_s / (1 − α)) with v_s the worth in world s, z_s ≥ η − v_s, z_s ≥ 0.
The second part is the mean of the worst share 1 − α of the worlds: conditional value at risk as in Rockafellar and
Uryasev (2000), doi:10.21314/JOR.2000.038. With w = 0 it is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.formulation import Model
from manyworks.plan.highs import Answer, Solver
from manyworks.plan.linear import LinearModel

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Knows = Sequence[Mapping[str, Ints]]
"""World by world, block of whole columns to the node at which each column is decided, in the block's shape: columns
with the same node are one decision. A block that is not named is decided at once, for all worlds."""
WHOLE = 1e-6


@dataclass(frozen=True, kw_only=True)
class Joined:
    """The one model; ``columns[s]`` are the places of world s's columns in it, ``values[s]`` and ``constants[s]`` its
    worth in units of ``scale``."""

    linear: LinearModel
    columns: tuple[Ints, ...]
    scale: float

    def x_of(self, s: int, x: Floats) -> Floats:
        """The columns of world s in a plan of the whole."""
        return x[self.columns[s]]


def join(
    models: Sequence[Model],
    probability: Floats,
    *,
    knows: Knows | None = None,
    weight: float = 0.0,
    tail: float = 0.1,
) -> Joined:
    """One model of all worlds. ``weight`` w of the tail, in [0, 1]; ``tail`` is 1 − α."""
    scale = models[0].scale
    units = [model.scale / scale for model in models]
    columns, count, low, high = _columns(models, knows)
    linear, value = LinearModel(), np.zeros(count)
    for s, model in enumerate(models):
        np.add.at(value, columns[s], (1 - weight) * probability[s] * units[s] * model.linear.value)
        linear.constant += float(probability[s]) * model.linear.constant * (1 - weight)
    whole = np.zeros(count, dtype=bool)
    for s, model in enumerate(models):
        whole[columns[s]] |= model.linear.is_whole
    shared = int(np.flatnonzero(whole).max(initial=-1)) + 1
    linear.add_columns("whole", value[:shared], low[:shared], high[:shared], whole=True)
    linear.add_columns("worlds", value[shared:], low[shared:], high[shared:])
    for s, model in enumerate(models):
        matrix = model.linear.matrix().tocoo()
        row_low, row_high = model.linear.row_bounds
        entries = (matrix.row, columns[s][matrix.col], matrix.data)
        linear.add_rows(f"world_{s}", (model.linear.row_count,), [entries], row_low, row_high)
    if weight > 0:
        _add_tail(linear, models, columns, units, probability, weight, tail, scale)
    return Joined(linear=linear, columns=tuple(columns), scale=scale)


def solve_joined(
    joined: Joined, *, gap: float, time_limit: float | None, seed: int, start: Floats | None = None
) -> Answer:
    """The relaxation first, branching where it is not whole; ``gap`` in money, answer in the model's unit.

    ``start``: values of the whole columns of a plan to begin with.
    """
    linear = joined.linear
    whole = np.flatnonzero(linear.is_whole)
    relaxed = Solver(linear, whole=False, threads=1, seed=seed)
    answer = relaxed.solve(time_limit=time_limit)
    if answer.x is None or answer.status != "optimal":
        return Answer(status=answer.status, x=None, value=-np.inf, bound=np.inf)
    if np.abs(answer.x[whole] - np.rint(answer.x[whole])).max(initial=0.0) <= WHOLE:
        return answer
    branching = Solver(linear, whole=True, threads=1, seed=seed)
    low, high = linear.bounds
    best: Answer | None = None
    for values in (start, np.rint(answer.x[whole])):
        if values is None:
            continue
        fixed = Solver(linear, whole=False, threads=1, seed=seed)
        wanted = np.clip(values, low[whole], high[whole])
        fixed.set_bounds(whole, wanted, wanted)
        trial = fixed.solve(time_limit=time_limit)
        if trial.x is not None and trial.status == "optimal" and (best is None or trial.value > best.value):
            best = trial
    if best is not None and best.x is not None:
        if answer.value - best.value <= gap / joined.scale:
            return Answer(status="gap_reached", x=best.x, value=best.value, bound=answer.value)
        branching.start_from(best.x)
    found = branching.solve(gap=gap / joined.scale, time_limit=time_limit)
    return Answer(status=found.status, x=found.x, value=found.value, bound=min(found.bound, answer.value))


def _columns(models: Sequence[Model], knows: Knows | None) -> tuple[list[Ints], int, Floats, Floats]:
    """Place of every column of every world: whole ones first, one for each decision, then the rest world by world."""
    places = [np.full(model.linear.column_count, -1, dtype=np.intp) for model in models]
    known: dict[tuple[str, int, int], int] = {}
    for s, model in enumerate(models):
        is_whole = model.linear.is_whole
        for block, index in model.linear.columns.items():
            flat = index.ravel()
            nodes = np.zeros(flat.shape, dtype=np.intp)
            if knows is not None and block in knows[s]:
                nodes = np.broadcast_to(knows[s][block], index.shape).ravel()
            for k in np.flatnonzero((flat >= 0) & is_whole[np.maximum(flat, 0)]):
                if places[s][flat[k]] >= 0:  # A block may be another view of columns that were named before.
                    continue
                places[s][flat[k]] = known.setdefault((block, int(k), int(nodes[k])), len(known))
    count = len(known)
    for s in range(len(models)):
        free = np.flatnonzero(places[s] < 0)
        places[s][free] = count + np.arange(len(free))
        count += len(free)
    low, high = np.full(count, -np.inf), np.full(count, np.inf)
    for s, model in enumerate(models):
        least, most = model.linear.bounds
        low[places[s]] = np.maximum(low[places[s]], least)
        high[places[s]] = np.minimum(high[places[s]], most)
    return places, count, low, high


def _add_tail(
    linear: LinearModel,
    models: Sequence[Model],
    columns: Sequence[Ints],
    units: Sequence[float],
    probability: Floats,
    weight: float,
    tail: float,
    scale: float,
) -> None:
    """η and z_s, with z_s + v_s − η ≥ 0."""
    eta = linear.add_columns("eta", np.array([weight]), -np.inf, np.inf)
    short = linear.add_columns("short", -weight * probability / tail, 0.0, np.inf)
    for s, model in enumerate(models):
        used = np.flatnonzero(model.linear.value)
        linear.add_rows(
            f"tail_{s}",
            (1,),
            [(0, columns[s][used], units[s] * model.linear.value[used]), (0, short[s], 1.0), (0, eta, -1.0)],
            low=-model.linear.constant / scale,
        )


def tail_mean(values: Floats, probability: Floats, tail: float) -> float:
    """Mean of the worst ``tail`` of the worlds: conditional value at risk, exactly, a world counted in part if need be.

    ``values`` and ``probability`` (worlds,); ``tail`` in (0, 1].
    """
    order = np.argsort(values, kind="stable")
    left, total = float(tail), 0.0
    for s in order:
        share = min(float(probability[s]), left)
        total += share * float(values[s])
        left -= share
        if left <= 0:
            break
    return total / (tail - max(left, 0.0))
