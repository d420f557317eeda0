"""A rate that no run of a line can exceed for long: every machine always at work between its own stops.

Waiting for neighbours, for repair people and for changes is left out, so the bound is valid for every size of buffer;
with endless rooms a row of stations reaches it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.twin.program import ENDLESS, OUTSIDE, SCRAP, LineProgram, StationProgram


@dataclass(frozen=True, kw_only=True)
class RateBound:
    """``rate_per_min`` good units of the whole line at most; ``stations`` that alone hold it there, by position."""

    rate_per_min: float
    stations: tuple[int, ...]


def availability(station: StationProgram) -> float:
    """Share of its time that a server which is never short of work spends working: 1 / (1 + sum of MTTR / MTTF)."""
    return 1 / (1 + sum(mode.to_repair.mean / mode.to_failure.mean for mode in station.failures))


def stand_alone_rate(station: StationProgram, product: int = 0) -> float:
    """Parts per minute that a station finishes when it is never starved or blocked."""
    return station.servers * availability(station) / station.work[product].mean


def product_mix(program: LineProgram) -> NDArray[np.float64]:
    """Share of each product in what is made, shape (products,); runs without end count alone."""
    units = Counter({run.product: 0 for run in program.runs})
    endless = [run for run in program.runs if run.units >= ENDLESS]
    for run in endless or program.runs:
        units[run.product] += run.units
    mix = np.array([float(units[p]) for p in range(len(program.products))])
    return np.asarray(mix / mix.sum())


def rate_bound(program: LineProgram) -> RateBound:
    """The largest rate that fits every station's stand-alone capacity, by a linear program over the flows.

    Flows of each product: what a station finishes is what it starts less its scrap; shares hold; what enters a station
    that does not join is what it starts; a joining station gets ``quantity`` for each start from every place, or more.
    """
    from scipy.optimize import linprog

    model = _Flows(program, product_mix(program))
    found = linprog(
        model.gain, A_ub=model.limits, b_ub=model.limit, A_eq=model.balances, b_eq=model.balance, method="highs"
    )
    if not found.success:  # nothing can leave the line
        return RateBound(rate_per_min=0.0, stations=())
    tight = np.flatnonzero(np.abs(found.ineqlin.marginals[: len(program.stations)]) > 1e-9)
    return RateBound(rate_per_min=float(-found.fun) * program.units_per_part, stations=tuple(int(s) for s in tight))


class _Flows:
    """Columns: starts (made products × stations), flows (made products × places), and the good rate, last."""

    def __init__(self, program: LineProgram, mix: NDArray[np.float64]) -> None:
        self.program, self.mix = program, mix
        self.made = [int(p) for p in np.flatnonzero(mix)]
        stations, places = len(program.stations), len(program.places)
        self.columns = len(self.made) * (stations + places) + 1
        self.gain = np.zeros(self.columns)
        self.gain[-1] = -1.0
        self._le: list[tuple[NDArray[np.float64], float]] = []
        self._eq: list[tuple[NDArray[np.float64], float]] = []
        self._capacities()
        self._crews()
        for k in range(len(self.made)):
            self._product(k)
        self.limits, self.limit = _stacked(self._le, self.columns)
        self.balances, self.balance = _stacked(self._eq, self.columns)

    def start(self, k: int, station: int) -> int:
        """Column of the starts of a product at a station."""
        return k * len(self.program.stations) + station

    def flow(self, k: int, place: int) -> int:
        """Column of the flow of a product through a place."""
        return len(self.made) * len(self.program.stations) + k * len(self.program.places) + place

    def _capacities(self) -> None:
        for s, station in enumerate(self.program.stations):
            row = np.zeros(self.columns)
            for k, p in enumerate(self.made):
                row[self.start(k, s)] = station.work[p].mean
            self._le.append((row, station.servers * availability(station)))

    def _crews(self) -> None:
        for number, crew in enumerate(self.program.crews):
            row = np.zeros(self.columns)
            for s, station in enumerate(self.program.stations):
                if station.operator_crew == number:
                    for k, p in enumerate(self.made):
                        row[self.start(k, s)] = station.work[p].mean * station.operators
            if row.any():
                self._le.append((row, float(crew.people)))

    def _product(self, k: int) -> None:
        p, program = self.made[k], self.program
        for s, station in enumerate(program.stations):
            self._leaving(k, p, s)
            into = [place for place in program.into(s) if self._admits(place, p)]
            if station.joins:
                for place in into:
                    row = np.zeros(self.columns)
                    row[self.start(k, s)] = program.places[place].quantity
                    row[self.flow(k, place)] = -1.0
                    self._le.append((row, 0.0))
            else:
                self._equal({self.start(k, s): -1.0} | {self.flow(k, place): 1.0 for place in into})
        good = {
            self.flow(k, place): 1.0
            for place, row in enumerate(program.places)
            if row.target == OUTSIDE and self._admits(place, p)
        }
        self._equal(good | {self.columns - 1: -float(self.mix[p])})

    def _leaving(self, k: int, p: int, s: int) -> None:
        """What a station finishes goes to its places; those with a share get that share."""
        program, station = self.program, self.program.stations[s]
        kept = 1 - (station.scrap_share[p] if station.scrap_share else 0.0)
        admitted = [place for place in program.out_of(s) if self._admits(place, p)]
        rest = [place for place in admitted if program.places[place].share is None]
        rest = [place for place in rest if program.places[place].products] or rest
        out = [place for place in admitted if program.places[place].share is not None or place in rest]
        for place in set(admitted) - set(out):  # a place for named products comes before one for all
            self._equal({self.flow(k, place): 1.0})
        if len(out) == 1:
            self._equal({self.start(k, s): -kept, self.flow(k, out[0]): 1.0})
            return
        self._equal({self.start(k, s): -kept} | {self.flow(k, place): 1.0 for place in out})
        for place in out:
            share = program.places[place].share
            if share is not None:
                self._equal({self.start(k, s): -kept * share, self.flow(k, place): 1.0})

    def _admits(self, place: int, p: int) -> bool:
        row = self.program.places[place]
        return (not row.products or p in row.products) and row.target >= SCRAP

    def _equal(self, entries: dict[int, float]) -> None:
        row = np.zeros(self.columns)
        for column, value in entries.items():
            row[column] += value
        self._eq.append((row, 0.0))


def _stacked(
    rows: list[tuple[NDArray[np.float64], float]], columns: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if not rows:
        return np.zeros((0, columns)), np.zeros(0)
    return np.stack([row for row, _ in rows]), np.array([value for _, value in rows])
