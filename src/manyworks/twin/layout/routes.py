"""Ways that conveyors could take round machines, walls and columns: shortest, then with the fewest bends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.twin.layout.geometry import Point, Rectangle, walked
from manyworks.twin.layout.ground import Ground, rectangle_of

Floats = NDArray[np.float64]
Path = tuple[Point, ...]

BEND_M = 0.05
"""A bend counts like so many metres when ways are chosen; lengths leave it out."""
SOLID = ("column", "wall", "machine", "utility")
APART_M = 1e-6


@dataclass(frozen=True)
class End:
    """Where a way begins or ends, and where it may first turn."""

    point: Point
    turn: Point

    @property
    def stub_m(self) -> float:
        """Length of the straight piece between both."""
        return walked(self.point, self.turn)


def route_links(ground: Ground, boxes: Sequence[Rectangle], ends: Sequence[tuple[End, End]]) -> list[Path]:
    """A way for each pair of ends, as its corner points; empty where there is none.

    Ways run along x and y only, within the floor, and keep half the clearance to machines and whatever is solid but at
    their ends; where that leaves no way, they may run along their sides. They may cross each other and aisles, where
    real conveyors need a bridge or a gate.
    """
    solid = [*boxes, *(rectangle_of(place) for place in ground.fixed if place.kind in SOLID)]
    if not ends:
        return []
    ways = _ways(ground, [box.grown(ground.stub_m - APART_M) for box in solid], ends)
    if not all(ways):
        tight = _ways(ground, solid, ends)
        ways = [way or other for way, other in zip(ways, tight, strict=True)]
    return ways


def _ways(ground: Ground, solid: Sequence[Rectangle], ends: Sequence[tuple[End, End]]) -> list[Path]:
    graph = _graph(ground, solid, [end.turn for pair in ends for end in pair])
    found = []
    for start, end in ends:
        way = graph.way(start.turn, end.turn)
        found.append(_straightened([start.point, *way, end.point]) if way else ())
    return found


@dataclass(frozen=True)
class _Graph:
    """Crossings of all lines that matter, each twice: passed along x, passed along y."""

    x: Floats
    y: Floats
    matrix: Any

    def way(self, start: Point, end: Point) -> Path:
        """Corner points from start to end; empty if there is no way."""
        from scipy.sparse.csgraph import dijkstra

        first, last = self._number(start), self._number(end)
        half = len(self.x) * len(self.y)
        length, before = dijkstra(self.matrix, indices=[first, first + half], return_predecessors=True)
        options = [(float(length[row, node]), row, node) for row in (0, 1) for node in (last, last + half)]
        least, row, node = min(options)
        if not np.isfinite(least):
            return ()
        nodes = [node]
        while before[row, nodes[-1]] >= 0:
            nodes.append(int(before[row, nodes[-1]]))
        return _straightened([self._point(node % half) for node in reversed(nodes)])

    def _number(self, point: Point) -> int:
        a, b = (int(np.abs(axis - value).argmin()) for axis, value in zip((self.x, self.y), point, strict=True))
        return a * len(self.y) + b

    def _point(self, node: int) -> Point:
        return float(self.x[node // len(self.y)]), float(self.y[node % len(self.y)])


def _graph(ground: Ground, solid: Sequence[Rectangle], points: Sequence[Point]) -> _Graph:
    from scipy.sparse import coo_matrix

    floor = ground.floor
    x = _lines([p[0] for p in points], [(box.x, box.right) for box in solid], ground.stub_m, floor.width_m)
    y = _lines([p[1] for p in points], [(box.y, box.top) for box in solid], ground.stub_m, floor.depth_m)
    nodes = np.arange(len(x) * len(y)).reshape(len(x), len(y))
    half = nodes.size
    along_x, along_y = _free(x, y, solid), _free(y, x, [Rectangle(b.y, b.x, b.depth, b.width) for b in solid]).T
    step_x = np.broadcast_to(np.diff(x)[:, None], along_x.shape)
    step_y = np.broadcast_to(np.diff(y)[None, :], along_y.shape)
    rows = [nodes[:-1][along_x], half + nodes[:, :-1][along_y], nodes.ravel()]
    columns = [nodes[1:][along_x], half + nodes[:, 1:][along_y], half + nodes.ravel()]
    weights = [step_x[along_x], step_y[along_y], np.full(half, BEND_M)]
    one, other, weight = (np.concatenate(parts) for parts in (rows, columns, weights))
    both = (np.concatenate([one, other]), np.concatenate([other, one]))
    return _Graph(x, y, coo_matrix((np.concatenate([weight, weight]), both), shape=(2 * half, 2 * half)).tocsr())


def _lines(points: Sequence[float], sides: Sequence[tuple[float, float]], wall: float, size: float) -> Floats:
    """Coordinates at which ways may run: through every end, and along both sides of every box, not along walls."""
    beside = [value for low, high in sides for value in (low - APART_M, high + APART_M) if wall <= value <= size - wall]
    return np.unique(np.round([*points, *beside], 6))


def _free(x: Floats, y: Floats, solid: Sequence[Rectangle]) -> NDArray[np.bool_]:
    """Whether the piece from x[k] to x[k + 1] at height y[j] stays out of every box, (len(x) - 1, len(y))."""
    free = np.ones((len(x) - 1, len(y)), dtype=bool)
    for box in solid:
        over = (x[1:] > box.x + APART_M / 2) & (x[:-1] < box.right - APART_M / 2)
        level = (y > box.y + APART_M / 2) & (y < box.top - APART_M / 2)
        free[np.ix_(over, level)] = False
    return free


def _straightened(points: Sequence[Point]) -> Path:
    """The points without doubles and without those in the middle of a straight piece."""
    kept: list[Point] = []
    for point in ((round(x, 6), round(y, 6)) for x, y in points):
        if kept and point == kept[-1]:
            continue
        while len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept.pop()
        kept.append(point)
    return tuple(kept)
