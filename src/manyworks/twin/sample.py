"""What replications of a line did after it had warmed up: one row of totals for each, in minutes and sellable units."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.twin.draws import TICKS_PER_MINUTE
from manyworks.twin.program import LineProgram
from manyworks.twin.replicate import Observations
from manyworks.units import MINUTES_PER_HOUR

Array = NDArray[np.float64]
JOULES_PER_KWH = 3.6e6


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Totals over ``minutes`` of open time of each replication.

    ``good, scrap, entered, lost`` (replications, products) units; ``state_min`` (replications, stations, states)
    minutes of all servers together; ``finished, failures`` (replications, stations); ``joined`` (replications,)
    units that went into others; ``inside_change`` (replications,) units more inside at the end than at the start;
    ``inside_min, flow_min`` (replications,) unit-minutes inside, and from entering to leaving of good units;
    ``place_min`` (replications, places) unit-minutes; ``kwh`` (replications, stations). ``series`` (replications,
    windows) good units a minute from the empty start on, in windows of ``window_min``; the first ``warm_up_min`` are
    in no total.
    """

    minutes: float
    warm_up_min: float
    window_min: float
    series: Array
    good: Array
    scrap: Array
    entered: Array
    lost: Array
    state_min: Array
    finished: Array
    failures: Array
    joined: Array
    inside_change: Array
    inside_min: Array
    flow_min: Array
    place_min: Array
    kwh: Array

    @property
    def replications(self) -> int:
        """Independent runs."""
        return len(self.good)

    def with_more(self, other: Sample) -> Sample:
        """The replications of both, measured alike."""
        alike = ("minutes", "warm_up_min", "window_min")
        joined: dict[str, Any] = {
            field.name: np.concatenate((getattr(self, field.name), getattr(other, field.name)))
            for field in fields(self)
            if field.name not in alike
        }
        return replace(self, **joined)


def sample_of(program: LineProgram, seen: Observations, *, first: int, last: int, window_min: float) -> Sample:
    """Totals of the windows from ``first`` up to, not including, ``last``."""
    units, used = program.units_per_part, slice(first, last)
    inside = np.asarray(seen.inside, dtype=float)
    before = inside[:, first - 1] if first else np.zeros(len(inside))
    return Sample(
        minutes=(last - first) * window_min,
        warm_up_min=first * window_min,
        window_min=window_min,
        series=seen.good[:, :last].sum(axis=2) * units / window_min,
        good=_sum(seen.good, used) * units,
        scrap=_sum(seen.scrap, used) * units,
        entered=_sum(seen.entered, used) * units,
        lost=_sum(seen.lost, used) * units,
        state_min=_by_station(program, _sum(seen.state_ticks, used)) / TICKS_PER_MINUTE,
        finished=_sum(seen.finished, used) * units,
        failures=_sum(seen.failures, used).sum(axis=2),
        joined=_sum(seen.joined, used).sum(axis=1) * units,
        inside_change=(inside[:, last - 1] - before) * units,
        inside_min=_sum(seen.inside_ticks, used) * units / TICKS_PER_MINUTE,
        flow_min=_sum(seen.flow_ticks, used).sum(axis=1) * units / TICKS_PER_MINUTE,
        place_min=_sum(seen.place_ticks, used) * units / TICKS_PER_MINUTE,
        kwh=_sum(seen.energy, used) / JOULES_PER_KWH,
    )


def _sum(values: NDArray[np.generic], used: slice) -> Array:
    return np.asarray(np.asarray(values)[:, used].sum(axis=1), dtype=float)


def _by_station(program: LineProgram, by_server: Array) -> Array:
    """Servers of a station added up, shape (replications, stations, states)."""
    first = np.cumsum([0, *(station.servers for station in program.stations)])[:-1]
    return np.asarray(np.add.reduceat(by_server, first, axis=1))


def kw_by_state(program: LineProgram) -> Array:
    """Power of one server of each station by what it does, kW, shape (stations, states)."""
    from manyworks.twin.states import POWER, Doing

    return np.array([[station.kw.get(POWER[doing], 0.0) for doing in Doing] for station in program.stations])


def expected_kwh(program: LineProgram, sample: Sample) -> Array:
    """State times × power, shape (replications, stations)."""
    return np.asarray((sample.state_min * kw_by_state(program)).sum(axis=2) / MINUTES_PER_HOUR)
