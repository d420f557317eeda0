"""What has been counted on a line up to a moment; and that it adds up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import CheckError
from manyworks.twin.draws import TICKS_PER_MINUTE
from manyworks.twin.line_state import STATUS, LineState

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
JOULES_PER_WATT_TICK = 60.0 / TICKS_PER_MINUTE


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Totals since the beginning, parts and ticks (microseconds).

    ``time_ticks`` since the beginning; ``state_ticks`` (servers, 10) by `Doing`; ``started``, ``finished``,
    ``scrapped``, ``joined`` (stations,): joined are the parts that went into others; ``failures`` (stations, modes),
    modes up to the most of any station; ``entered``, ``good``, ``scrap``, ``lost`` and ``flow_ticks``, the sum of the
    flow times of good parts, (products,); ``inside_ticks`` and ``place_ticks`` (places,): integrals of parts over
    time; ``passed`` (places,) parts put there; ``energy`` (stations,) joules by the meter. At this moment:
    ``status``, ``inside``, ``levels`` (places,) parts, ``doing``, ``held`` and ``set_up`` (servers,): serial number
    of the part there, -1 if none, and product.
    ``station_of`` (servers,) and ``watts`` (stations, 10) say what belongs to what.
    """

    time_ticks: int
    status: str
    state_ticks: Ints
    started: Ints
    finished: Ints
    scrapped: Ints
    joined: Ints
    failures: Ints
    entered: Ints
    good: Ints
    scrap: Ints
    lost: Ints
    flow_ticks: Ints
    inside_ticks: int
    place_ticks: Ints
    passed: Ints
    energy: Floats
    inside: int
    levels: Ints
    doing: Ints
    held: Ints
    set_up: Ints
    station_of: Ints
    watts: Floats

    def failed_checks(self) -> list[str]:
        """What does not add up: parts, times or energy; empty when all does."""
        failed = []
        left = int(self.good.sum() + self.scrap.sum() + self.joined.sum()) + self.inside
        if int(self.entered.sum()) != left:
            failed.append(f"{int(self.entered.sum())} parts entered, but good, scrapped, joined and inside are {left}")
        if int(self.scrap.sum()) != int(self.scrapped.sum()):
            failed.append(f"{int(self.scrap.sum())} products scrapped, but {int(self.scrapped.sum())} at stations")
        there = int(self.levels.sum() + (self.held >= 0).sum())
        if self.inside != there:
            failed.append(f"{self.inside} parts inside, but {there} in places and servers")
        for k, ticks in enumerate(self.state_ticks.sum(axis=1)):
            if int(ticks) != self.time_ticks:
                failed.append(f"server {k}: states add up to {int(ticks)} ticks, the clock to {self.time_ticks}")
        if (self.state_ticks < 0).any():
            failed.append("a server was in a state for less than no time")
        for s, joules in enumerate(self._joules()):
            if abs(joules - self.energy[s]) > 1e-9 * max(abs(joules), 1.0):
                failed.append(f"station {s}: the meter says {self.energy[s]:.6f} J, state times × power {joules:.6f} J")
        return failed

    def _joules(self) -> Floats:
        """Energy of each station from state times and power."""
        by_station = np.zeros_like(self.watts)
        np.add.at(by_station, self.station_of, self.state_ticks)
        return np.asarray((by_station * self.watts).sum(axis=1) * JOULES_PER_WATT_TICK)

    def check(self) -> None:
        """Hold parts, times and energy against each other.

        Raises
        ------
        CheckError
            Something does not add up; each such sum is named.
        """
        failed = self.failed_checks()
        if failed:
            raise CheckError("the line's account does not add up", failures=failed)


def reading(state: LineState) -> Reading:
    """What has been counted up to now."""
    totals = read_totals(state)
    line = state.line
    return Reading(
        **totals,
        status=STATUS[int(line.clock["status"][0])],
        doing=line.servers["doing"].copy(),
        held=np.where(line.servers["part"] >= 0, line.parts["serial"][np.maximum(line.servers["part"], 0)], -1),
        set_up=line.servers["set_up"].copy(),
        station_of=line.servers["station"].copy(),
        watts=line.watts.reshape(-1, 10).copy(),
    )


def read_totals(state: LineState) -> dict[str, Any]:
    """The counters of a line, up to now, by name."""
    line = state.line
    clock = line.clock[0]
    now, servers, stations = int(clock["now"]), line.servers, line.stations
    ticks = line.ticks.reshape(-1, 10).copy()
    since = now - servers["since"]
    ticks[np.arange(len(servers)), servers["doing"]] += since
    drawing = line.watts.reshape(-1, 10)[servers["station"], servers["doing"]] * since
    meter = stations["meter"] + np.bincount(servers["station"], drawing, len(stations))
    return {
        "time_ticks": now,
        "state_ticks": ticks,
        **{name: stations[name].copy() for name in ("started", "finished", "scrapped", "joined")},
        "failures": _failures(state),
        **{name: line.products[name].copy() for name in ("entered", "good", "lost")},
        "scrap": line.products["scrapped"].copy(),
        "flow_ticks": line.products["flow"].copy(),
        "inside_ticks": int(clock["inside_sum"]) + int(clock["inside"]) * now,
        "place_ticks": line.places["moment"] + line.places["count"] * now,
        "passed": np.where(line.places["is_endless"] == 1, line.places["given"], line.places["passed"]),
        "energy": meter * JOULES_PER_WATT_TICK,
        "inside": int(clock["inside"]),
        "levels": line.places["count"].copy(),
    }


def _failures(state: LineState) -> Ints:
    """Failures by station and mode, shape (stations, modes)."""
    stations, modes = state.line.stations, state.line.modes
    out = np.zeros((len(stations), int(stations["modes"].max())), np.int64)
    for s in np.flatnonzero(stations["modes"]):
        first, count = int(stations["first_mode"][s]), int(stations["modes"][s])
        out[s, :count] = modes["failures"][first : first + count]
    return out


@dataclass(frozen=True, kw_only=True)
class Trace:
    """What happened, row by row: ``tick``, ``what`` (a `Doing` of a server, or one of `MOVES` below), ``where``
    (server, place or station), serial number of the ``part`` (-1: none) and its ``product``.
    """

    tick: Ints
    what: Ints
    where: Ints
    part: Ints
    product: Ints

    def __len__(self) -> int:
        return len(self.tick)


MOVES = {10: "entered", 11: "put", 12: "taken", 13: "lost", 14: "scrapped"}
"""What a row of the trace says beside what servers do: at a place, except *scrapped*, at a station."""


def trace(state: LineState) -> Trace:
    """The rows kept so far."""
    rows = state.line.trace[: min(int(state.line.clock["traced"][0]), state.counts["trace"])]
    return Trace(**{name: rows[name].copy() for name in ("tick", "what", "where", "part", "product")})
