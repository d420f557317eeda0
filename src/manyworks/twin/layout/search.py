"""From machines and ways to places: cells by quadratic assignment, then annealing of the real rectangles."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from manyworks.twin.layout import kernels_place
from manyworks.twin.layout.assignment import solve_assignment
from manyworks.twin.layout.geometry import Rectangle, footprint, turn_of
from manyworks.twin.layout.ground import Ground, rectangle_of
from manyworks.twin.layout.links import Link
from manyworks.twin.layout.machines import Machine

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Status = Literal["finished", "time_limit", "interrupted"]

STAGES = 60
"""Heats of one annealing."""
MOVES = 12000
"""Moves at one heat, and 1,200 more for each machine."""
COOLING = (0.25, 2e-4)
"""First and last heat, as shares of the work of one machine across a quarter of the floor."""
CELLS = 1.6
"""Cells for each machine in the assignment that annealing begins with."""
ASSIGNMENT_STEPS = 4000
NEARBY = 2000
"""Positions of a machine that are looked at to find the one nearest to a cell."""
MISFIT = 10.0
"""Price of a cell in which a machine may not stand: so many times its work for each metre to where it may."""


@dataclass(frozen=True)
class Stand:
    """Corners and quarter turns of all machines, the work, and the metres by which machines are too near."""

    x: Floats
    y: Floats
    turn: Ints
    work: float
    crowding: float


class Placing:
    """The tables of one floor that every search shares; nothing in it changes while they run."""

    def __init__(self, ground: Ground, machines: Sequence[Machine], links: Sequence[Link]) -> None:
        self.ground, self.machines, self.count = ground, tuple(machines), len(machines)
        self.standing = {
            position: footprint(row.x_m, row.y_m, machine.length_m, machine.width_m, turn_of(row))
            for position, machine in enumerate(machines)
            if (row := machine.fixed) is not None
        }
        self.movable = np.array([i for i in range(self.count) if i not in self.standing], dtype=np.int64)
        self.may_move = np.zeros(self.count, dtype=np.int64)
        self.may_move[self.movable] = 1
        points = [rectangle_of(place) for place in ground.fixed]
        self.point_x = np.array([box.centre[0] for box in points])
        self.point_y = np.array([box.centre[1] for box in points])
        self.length = np.array([m.length_m for m in machines] + [0.0] * len(points))
        self.width = np.array([m.width_m for m in machines] + [0.0] * len(points))
        self.stub = np.array([ground.stub_m] * self.count + [0.0] * len(points))
        self.kind, self.allowed = self._allowed()
        self.first, self.ways, self.units = self._ways(links)
        self.load = np.array([np.abs(self.units[a:b]).sum() for a, b in zip(self.first, self.first[1:], strict=False)])
        self.links = tuple(links)

    def _allowed(self) -> tuple[Ints, Flags]:
        """Map number of each machine, and the maps (kinds, 2, along x, along y)."""
        numbers: dict[tuple[object, ...], int] = {}
        maps: list[Flags] = []
        kind = np.zeros(self.count, dtype=np.int64)
        for position, machine in enumerate(self.machines):
            key = (machine.length_m, machine.width_m, machine.kind, machine.allergens)
            if key not in numbers:
                numbers[key] = len(maps)
                maps.append(self.ground.allowed(machine, list(self.standing.values())))
            kind[position] = numbers[key]
        return kind, np.array(maps)

    def _ways(self, links: Sequence[Link]) -> tuple[Ints, Ints, Floats]:
        """Ways machine by machine; fixed place k has the number ``count + k``."""
        rows: list[list[tuple[int, int, float]]] = [[] for _ in range(self.count)]
        for link in links:
            a, b = (end if end >= 0 else self.count - 1 - end for end in (link.source, link.target))
            ends = ((a, b, kernels_place.FROM), (b, a, kernels_place.TO))
            for own, other, kind in ends:
                if own < self.count:
                    rows[own].append((other, kernels_place.MIDDLES if link.is_wish else kind, link.units_per_min))
        first = np.cumsum([0, *(len(row) for row in rows)]).astype(np.int64)
        flat = [way for row in rows for way in row]
        ways = np.array([way[:2] for way in flat], dtype=np.int64).reshape(len(flat), 2)
        return first, ways, np.array([way[2] for way in flat], dtype=np.float64)

    def regions(self) -> list[Rectangle]:
        """For each machine a rectangle that it cannot leave; its own where it stands fixed."""
        step, found = self.ground.step_m, []
        for i, machine in enumerate(self.machines):
            if i in self.standing:
                found.append(self.standing[i])
                continue
            boxes = []
            for turn in (0, 90):
                where = np.argwhere(self.allowed[self.kind[i], turn // 90]) * step
                if len(where):
                    size = footprint(0, 0, machine.length_m, machine.width_m, turn)
                    low, high = where.min(axis=0), where.max(axis=0) + np.array([size.width, size.depth])
                    boxes.append((*low.tolist(), *high.tolist()))
            x, y = min(box[0] for box in boxes), min(box[1] for box in boxes)
            found.append(Rectangle(x, y, max(box[2] for box in boxes) - x, max(box[3] for box in boxes) - y))
        return found

    def stranded(self) -> list[int]:
        """Machines that may stand nowhere, not even alone."""
        return [int(i) for i in self.movable if not self.allowed[self.kind[i]].any()]


def search_places(
    placings: Sequence[Placing], *, seed: int, starts: int, deadline: float, effort: float
) -> tuple[list[tuple[int, Stand]], Status]:
    """For each start the number of its floor and the best stand found; starts go round the floors in turn."""
    jobs = [(start, start % len(placings)) for start in range(starts)]
    workers = min(len(jobs), len(os.sched_getaffinity(0)))
    searches = [_Annealing(placings[floor], seed, start, effort) for start, floor in jobs]
    with ThreadPoolExecutor(workers) as pool:
        try:
            ended = list(pool.map(lambda one: one.run(deadline), searches))
        except KeyboardInterrupt:
            for one in searches:
                one.is_stopped = True
            return _found(searches, jobs), "interrupted"
    return _found(searches, jobs), "finished" if all(ended) else "time_limit"


def _found(searches: Sequence[_Annealing], jobs: Sequence[tuple[int, int]]) -> list[tuple[int, Stand]]:
    return [(floor, one.answer()) for one, (_, floor) in zip(searches, jobs, strict=True)]


class _Annealing:
    """One search: from cells to places."""

    def __init__(self, placing: Placing, seed: int, number: int, effort: float) -> None:
        self.placing, self.effort, self.is_stopped = placing, effort, False
        self.random = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed % 2**64, number])))
        self.stream = np.array([self.random.integers(2**63), 0], dtype=np.uint64)
        self.state = np.array([0.0, 0.0, np.inf])
        it = placing
        self.x = np.concatenate([np.zeros(it.count), it.point_x])
        self.y = np.concatenate([np.zeros(it.count), it.point_y])
        self.turn = np.zeros(len(self.x), dtype=np.int64)
        for position, row in ((p, m.fixed) for p, m in enumerate(it.machines) if m.fixed is not None):
            self.x[position], self.y[position], self.turn[position] = row.x_m, row.y_m, turn_of(row) // 90
        whole = np.zeros((4, len(self.x)), dtype=np.int64)
        real = np.zeros((4, len(self.x)))
        self.numbers = (whole[0], whole[1], whole[2], whole[3])
        self.places = (real[0], real[1], real[2], real[3])
        self.best = (self.x.copy(), self.y.copy(), self.turn.copy())

    def run(self, deadline: float) -> bool:
        """Anneal from first to last heat; False if the time was over before."""
        self._begin()
        self._measure()
        it = self.placing
        if not it.movable.size:
            return True
        floor, step = it.ground.floor, it.ground.step_m
        unit = max(float(it.load.sum()) / 2 / it.count, 1e-9) * (floor.width_m + floor.depth_m) / 4
        moves = int((MOVES + MOVES // 10 * it.count) * self.effort)
        hot, cold = COOLING
        for stage in range(STAGES):
            if self.is_stopped or time.perf_counter() > deadline:
                return False
            share = stage / (STAGES - 1)
            self._measure()
            kernels_place.anneal(
                it.movable, it.may_move, it.count, self.x, self.y, self.turn, *self.best, it.length, it.width,
                it.stub, it.kind, it.allowed, it.first, it.ways, it.units, floor.clearance_m, step,
                unit * hot * (cold / hot) ** share, unit * (0.3 + 6.0 * share),
                max(2 * step, (floor.width_m + floor.depth_m) / 4 * (1 - share) ** 2), moves, self.stream,
                *self.numbers, *self.places, np.zeros(2), np.zeros(2), np.zeros(3), self.state,
            )  # fmt: skip
        return True

    def answer(self) -> Stand:
        """The best without crowding, else what there is."""
        is_free = bool(np.isfinite(self.state[kernels_place.BEST]))
        x, y, turn = self.best if is_free else (self.x, self.y, self.turn)
        self.x, self.y, self.turn = x.copy(), y.copy(), turn.copy()
        self._measure()
        n = self.placing.count
        return Stand(x[:n].copy(), y[:n].copy(), turn[:n].copy(), float(self.state[0]), float(self.state[1]))

    def _measure(self) -> None:
        it = self.placing
        kernels_place.measure(
            it.count, self.x, self.y, self.turn, it.length, it.width, it.stub, it.first, it.ways, it.units,
            it.ground.floor.clearance_m, self.state,
        )  # fmt: skip

    def _begin(self) -> None:
        """Machines in the cells that the assignment gives them, each where it may stand nearest to the middle."""
        it = self.placing
        if not it.movable.size:
            return
        cells = self._cells(int(np.ceil(CELLS * len(it.movable))))
        homes = [self._homes(int(i), cells) for i in it.movable]
        place = self._assigned(cells, np.array([home[0] for home in homes]))
        for row, i in enumerate(it.movable):
            _, corners, turns = homes[row]
            self.x[i], self.y[i] = corners[place[row]]
            self.turn[i] = turns[place[row]]

    def _cells(self, wanted: int) -> Floats:
        """Middles of at least ``wanted`` cells of a grid that lies at random, (cells, 2)."""
        floor = self.placing.ground.floor
        across = max(1, int(np.ceil(np.sqrt(wanted * floor.width_m / floor.depth_m))))
        along = max(1, int(np.ceil(wanted / across)))
        shift = self.random.uniform(0.35, 0.65, size=2)
        x = (np.arange(across) + shift[0]) * floor.width_m / across
        y = (np.arange(along) + shift[1]) * floor.depth_m / along
        return np.array([(a, b) for a in x for b in y])

    def _homes(self, i: int, cells: Floats) -> tuple[Floats, Floats, Ints]:
        """For each cell the distance to where machine i may stand, its corner there and its quarter turn."""
        it = self.placing
        step, away, corner = it.ground.step_m, np.full(len(cells), np.inf), np.zeros((len(cells), 2))
        turns = np.zeros(len(cells), dtype=np.int64)
        for quarter in (0, 1):
            where = np.argwhere(it.allowed[it.kind[i], quarter]) * step
            if not len(where):
                continue
            box = footprint(0, 0, it.length[i], it.width[i], 90 * quarter)
            where = where[:: 1 + len(where) // NEARBY]
            middle = where + np.array(box.centre)
            for k, cell in enumerate(cells):
                distance = np.abs(middle - cell).sum(axis=1)
                nearest = int(distance.argmin())
                if distance[nearest] < away[k]:
                    away[k], corner[k], turns[k] = distance[nearest], where[nearest], quarter
        return away, corner, turns + 2 * self.random.integers(0, 2, len(cells))

    def _assigned(self, cells: Floats, away: Floats) -> Ints:
        """Cell of each movable machine, by quadratic assignment with empty facilities in the cells left over."""
        it, n, m = self.placing, len(cells), len(self.placing.movable)
        row_of = {int(i): row for row, i in enumerate(it.movable)}
        flow, linear = np.zeros((n, n)), np.zeros((n, n))
        worth = it.load[it.movable] + it.load.mean() + 1e-9
        linear[:m] = MISFIT * worth[:, None] * away
        for link in it.links:
            ends = [end if end >= 0 else it.count - 1 - end for end in (link.source, link.target)]
            a, b = (row_of.get(end) for end in ends)
            if a is not None and b is not None:
                flow[a, b] += link.units_per_min
            for own, other in ((a, ends[1]), (b, ends[0])):
                if own is not None and other not in row_of:
                    linear[own] += link.units_per_min * np.abs(cells - self._middle(other)).sum(axis=1)
        distance = np.abs(cells[:, None, :] - cells[None, :, :]).sum(axis=2)
        found = solve_assignment(
            flow + flow.T, distance / 2, linear=linear, seed=int(self.random.integers(2**31)), steps=ASSIGNMENT_STEPS,
            starts=1, threads=1,
        )  # fmt: skip
        return found.place[:m]

    def _middle(self, other: int) -> Floats:
        """Middle of a fixed machine or a fixed place."""
        it = self.placing
        box = it.standing.get(other) or Rectangle(float(self.x[other]), float(self.y[other]), 0.0, 0.0)
        return np.array(box.centre)
