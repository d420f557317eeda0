"""Rates of lines as samples: the same replication of two lines meets the same luck at every station that they share."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.twin.design.bound import rate_bound
from manyworks.twin.draws import TICKS_PER_MINUTE
from manyworks.twin.program import ENDLESS, LineProgram

PARTS = 1_200
"""Parts that the slowest line makes at least in the part of a replication that counts."""
STOPS = 3
"""Times that the rarest stop comes in it, about."""
WINDOWS = 5
"""Windows of a replication; the first is the warm-up."""


@dataclass(frozen=True, kw_only=True)
class Watch:
    """How long a replication is watched: ``windows`` of ``window_min`` minutes, of which the first are warm-up."""

    window_min: float
    windows: int = WINDOWS
    warm_up: int = 1

    @property
    def minutes(self) -> float:
        """Minutes of a replication that count."""
        return self.window_min * (self.windows - self.warm_up)


Observer = Callable[[LineProgram, int, range, Watch], NDArray[np.float64]]
"""Good parts of a program with a seed, in these replications, by window: shape (replications, windows)."""


def watch_for(programs: Sequence[LineProgram], *, parts: int = PARTS) -> Watch:
    """A length that suits all the programs: parts, rare stops, whole cycles of runs and of closed time.

    The warm-up lasts a quarter of what counts, and at least as long as three fillings of the line.
    """
    minutes = max(_needed(program, parts) for program in programs)
    warm = max([minutes / (WINDOWS - 1), *(3 * _fill_min(program) for program in programs)])
    periods = [program.closed_period_min for program in programs if program.closed_period_min]
    if periods:
        warm = math.ceil(warm / max(periods)) * max(periods)
    return Watch(window_min=float(warm))


def _needed(program: LineProgram, parts: int) -> float:
    cycle = _cycle_min(program)
    stops = [m.to_failure.mean + m.to_repair.mean for s in program.stations for m in s.failures]
    is_cyclic = program.repeats and all(run.units < ENDLESS for run in program.runs)
    units = sum(run.units for run in program.runs) if is_cyclic else 0
    return max(parts * cycle, STOPS * max(stops, default=0.0), 3 * units * cycle)


def _cycle_min(program: LineProgram) -> float:
    bound = rate_bound(program).rate_per_min
    return program.units_per_part / bound if bound > 0 else 1.0


def _fill_min(program: LineProgram) -> float:
    inner = [place for place in program.places if place.source >= 0 and place.target >= 0]
    rooms = sum(place.capacity for place in inner if place.capacity < ENDLESS)
    return sum(place.travel_min for place in inner) + (rooms + len(program.stations)) * _cycle_min(program)


def observe(program: LineProgram, seed: int, replications: range, watch: Watch) -> NDArray[np.float64]:
    """Good parts by window, from the recursion where it may run the line, else from the event engine."""
    from manyworks.twin.recursion import is_recursive

    if is_recursive(program) == "":
        return _recursive(program, seed, replications, watch)
    from manyworks.twin.replicate import replicate

    seen = replicate(program, seed=seed, replications=replications, window_min=watch.window_min, windows=watch.windows)
    counts: NDArray[np.float64] = np.asarray(seen.good, dtype=np.float64).sum(axis=-1)
    return counts


def _recursive(program: LineProgram, seed: int, replications: range, watch: Watch) -> NDArray[np.float64]:
    """Departures up to the end of the last window, counted by window; an event at an edge belongs to the next."""
    from manyworks.twin.recursion import recursion

    edges = np.round(np.arange(1, watch.windows + 1) * watch.window_min * TICKS_PER_MINUTE)
    units = math.ceil(1.05 * watch.window_min * watch.windows / _cycle_min(program)) + 50
    leaving = recursion(program, seed=seed, replications=replications, units=units)
    while leaving[:, -1].min() < edges[-1]:
        units *= 2
        leaving = recursion(program, seed=seed, replications=replications, units=units)
    gone = np.stack([np.searchsorted(row, edges, side="left") for row in leaving])
    return np.diff(gone, axis=1, prepend=0).astype(np.float64)


class Rates:
    """A sampler of good units per minute over a growing list of programs; what was drawn is kept."""

    def __init__(self, *, seed: int, watch: Watch, observer: Observer = observe) -> None:
        self.seed, self.watch, self._observer = seed, watch, observer
        self.programs: list[LineProgram] = []
        self._known: list[NDArray[np.float64]] = []
        self.runs = 0

    def add(self, program: LineProgram) -> int:
        """Number of a program that joins the list."""
        self.programs.append(program)
        self._known.append(np.zeros(0))
        return len(self.programs) - 1

    def __call__(self, candidate: int, replications: range) -> NDArray[np.float64]:
        """Rates of one program, shape (replications,)."""
        known = self._known[candidate]
        if replications.stop > len(known):
            program, new = self.programs[candidate], range(len(known), replications.stop)
            counts = self._observer(program, self.seed, new, self.watch)[:, self.watch.warm_up :]
            rates = counts.sum(axis=1) * program.units_per_part / self.watch.minutes
            self._known[candidate] = known = np.concatenate([known, rates])
            self.runs += len(new)
        return known[replications.start : replications.stop]
