"""The unit of work of a sweep: some replications of one combination, with a key; done twice it gives the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from manyworks import __version__
from manyworks.twin.program import LineProgram

if TYPE_CHECKING:
    from manyworks.twin.replicate import Observations


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Replications ``first`` to ``last`` - 1 of a program, watched in ``windows`` of ``window_min``."""

    point: int
    program: LineProgram
    seed: int
    first: int
    last: int
    window_min: float
    windows: int

    @property
    def key(self) -> str:
        """Name by what is computed: equal keys give equal bytes, on any machine with the same release."""
        said = repr((__version__, self.program, self.seed, self.first, self.last, self.window_min, self.windows))
        return f"manyworks-{hashlib.sha256(said.encode()).hexdigest()[:32]}"

    @property
    def replications(self) -> int:
        """How many."""
        return self.last - self.first


def run_batch(batch: Batch, threads: int | None = 1) -> Observations:
    """Simulate one batch; the same on any machine and any number of threads."""
    from manyworks.twin.replicate import replicate

    return replicate(
        batch.program, seed=batch.seed, replications=range(batch.first, batch.last), window_min=batch.window_min,
        windows=batch.windows, threads=threads,
    )  # fmt: skip


def joined(pieces: Sequence[Observations]) -> Observations:
    """Observations of consecutive replications as one."""
    first = pieces[0]
    if len(pieces) == 1:
        return first
    assert is_dataclass(first)
    values: dict[str, Any] = {}
    for field in fields(first):
        own = [getattr(piece, field.name) for piece in pieces]
        if isinstance(own[0], tuple):
            values[field.name] = tuple(chain.from_iterable(own))
        else:
            values[field.name] = np.concatenate(own) if isinstance(own[0], np.ndarray) else own[0]
    return type(first)(**values)
