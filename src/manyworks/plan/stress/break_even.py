"""Where one rival takes over from another as two numbers of the world move: maps of re-optimised winners.

Each point of the grid is solved: every rival is planned anew there and the winner is the one worth most. Between two
neighbours with different winners the boundary is sought by bisection, and each point tried on the way is kept and
shown. A point at which another rival's proven bound reaches the winner is marked: too close to call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from manyworks.errors import Issue, UsageError
from manyworks.model.table import Table
from manyworks.plan.case import CASES, CaseName
from manyworks.plan.rivals.compare import Comparison
from manyworks.plan.search.watch import Watch
from manyworks.plan.stress.anew import Designs, Point, designs
from manyworks.plan.stress.bench import Bench, is_stopped
from manyworks.plan.stress.levers import LEVERS, Lever
from manyworks.plan.stress.part import Settings
from manyworks.plan.stress.tornado import table_of


@dataclass(frozen=True, kw_only=True)
class BreakEvenOptions:
    """``maps``: pairs of levers by name. ``scales``: grid of factors on both axes. ``halvings``: bisections of each
    edge between different winners; an edge of 0.5 halved three times is known to 0.06. ``most_edges``: edges of a map
    that are bisected, spread over the boundary."""

    maps: tuple[tuple[str, str], ...] = (("demand", "freight_price"), ("tariff", "wage"))
    scales: tuple[float, ...] = (0.5, 0.75, 1.0, 1.5, 2.0)
    halvings: int = 3
    most_edges: int = 6


@dataclass(frozen=True, kw_only=True)
class Place:
    """A solved point: factors on both levers and the rivals there. ``is_grid``: a point of the grid, not of an edge."""

    x: float
    y: float
    point: Point
    is_grid: bool


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """Where the winner changes on an edge: it is ``before`` at (x_from, y_from) and ``after`` at (x_to, y_to)."""

    x_from: float
    y_from: float
    x_to: float
    y_to: float
    before: CaseName
    after: CaseName

    @property
    def middle(self) -> tuple[float, float]:
        """The best guess of the boundary."""
        return (self.x_from + self.x_to) / 2, (self.y_from + self.y_to) / 2


@dataclass(frozen=True, kw_only=True)
class BreakEvenMap:
    """One map: every solved place, and the crossings between them."""

    x: Lever
    y: Lever
    scales: tuple[float, ...]
    places: tuple[Place, ...]
    crossings: tuple[Crossing, ...]
    is_complete: bool

    def winner(self, x: float, y: float) -> CaseName | None:
        """Winner at a solved place; None where there is none."""
        return next((place.point.winner for place in self.places if (place.x, place.y) == (x, y)), None)

    @property
    def winners(self) -> tuple[CaseName, ...]:
        """Rivals that win somewhere."""
        return tuple(name for name in CASES if any(place.point.winner == name for place in self.places))


@dataclass(frozen=True, kw_only=True)
class BreakEven:
    """All maps; ``absent`` says why a pair has none."""

    maps: tuple[BreakEvenMap, ...]
    absent: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether every map was finished."""
        return all(row.is_complete for row in self.maps)

    def tables(self) -> dict[str, Table]:
        """``break_even``: one row for each solved place. ``crossings``: one for each edge that was bisected."""
        places = [_place_row(row, place) for row in self.maps for place in row.places]
        crossings = [
            {
                "map": f"{row.x.name} x {row.y.name}",
                "x_from": c.x_from, "y_from": c.y_from, "x_to": c.x_to, "y_to": c.y_to,
                "before": c.before, "after": c.after,
            }
            for row in self.maps
            for c in row.crossings
        ]  # fmt: skip
        return {"break_even": table_of(places), "crossings": table_of(crossings)}

    def check(self) -> list[Issue]:
        """Both ends of every crossing are solved places with the winners that it names."""
        return [
            Issue(
                rule="stress.break_even",
                severity="error",
                path=f"{row.x.name} x {row.y.name}",
                message="the ends of a crossing must be solved places with its winners",
                found=f"({c.x_from:g}, {c.y_from:g}) to ({c.x_to:g}, {c.y_to:g})",
                cure="Please report this document.",
            )
            for row in self.maps
            for c in row.crossings
            if (row.winner(c.x_from, c.y_from), row.winner(c.x_to, c.y_to)) != (c.before, c.after)
        ]

    def summary(self) -> str:
        """Who wins where, map by map."""
        lines = [line for row in self.maps for line in _map_lines(row)]
        lines += [f"{LEVERS[x].title} × {LEVERS[y].title.lower()}: {why}." for (x, y), why in self.absent.items()]
        return "\n".join(lines)


def absent_reason(comparison: Comparison) -> str:
    """Why there is no map at all."""
    options = BreakEvenOptions()
    reasons = {pair: _absent(comparison, pair) for pair in options.maps}
    return "" if not all(reasons.values()) else "; ".join(reasons.values())


def run(comparison: Comparison, settings: Settings, watch: Watch) -> BreakEven:
    """Every map whose levers the document states.

    Raises
    ------
    UsageError
        There is no such lever, or it is a delay, which has no factor.
    """
    options = settings.options or BreakEvenOptions()
    for name in (name for pair in options.maps for name in pair):
        if name not in scalable():
            known = ", ".join(scalable())
            raise UsageError(
                "must be a number that can be scaled", where="maps", found=name, cure=f"Choose of {known}."
            )
    bench = Bench(gap=settings.gap, time_limit=settings.time_limit, seed=settings.seed)
    known_designs = designs(comparison)
    maps, absent = [], {}
    for pair in options.maps:
        reason = _absent(comparison, pair)
        if reason:
            absent[pair] = reason
        elif not is_stopped(watch):
            maps.append(_Survey(comparison, known_designs, bench, watch, options, pair).map())
    return BreakEven(maps=tuple(maps), absent=absent)


def scalable() -> tuple[str, ...]:
    """Names of the numbers that a map can move."""
    return tuple(lever.name for lever in LEVERS.values() if not lever.is_delay)


def _absent(comparison: Comparison, pair: tuple[str, str]) -> str:
    missing = [LEVERS[name].title.lower() for name in pair if not LEVERS[name].is_stated(comparison.network)]
    return f"the document states no {' and no '.join(missing)}" if missing else ""


@dataclass
class _Survey:
    """Solves the places of one map, each once."""

    comparison: Comparison
    designs: Designs
    bench: Bench
    watch: Watch
    options: BreakEvenOptions
    pair: tuple[str, str]
    found: dict[tuple[float, float], Place] = field(default_factory=dict)

    def map(self) -> BreakEvenMap:
        x, y = (LEVERS[name] for name in self.pair)
        scales, crossings = self.options.scales, []
        total = len(scales) ** 2
        for row, b in enumerate(scales):
            for a in scales if row % 2 == 0 else scales[::-1]:  # Neighbours follow each other, so each starts warm.
                self.watch.say(f"{x.title} × {y.title.lower()}", done=len(self.found), total=total)
                self._solve(a, b, is_grid=True)
        for one, two in self._edges():
            crossing = self._bisect(one, two)
            if crossing is not None:
                crossings.append(crossing)
        return BreakEvenMap(
            x=x,
            y=y,
            scales=scales,
            places=tuple(self.found.values()),
            crossings=tuple(crossings),
            is_complete=not is_stopped(self.watch),
        )

    def _solve(self, a: float, b: float, *, is_grid: bool) -> Place | None:
        if (a, b) in self.found:
            return self.found[a, b]
        if is_stopped(self.watch):
            return None
        x, y = (LEVERS[name] for name in self.pair)
        network = y.apply(x.apply(self.comparison.network, a), b)
        point = self.designs.anew(self.bench, network)
        if is_stopped(self.watch):
            return None
        self.found[a, b] = Place(x=a, y=b, point=point, is_grid=is_grid)
        return self.found[a, b]

    def _edges(self) -> list[tuple[Place, Place]]:
        """Edges of the grid between different winners, at most ``most_edges`` of them, evenly taken."""
        scales, edges = self.options.scales, []
        for i, a in enumerate(scales):
            for j, b in enumerate(scales):
                here = self.found.get((a, b))
                right = self.found.get((scales[i + 1], b)) if i + 1 < len(scales) else None
                above = self.found.get((a, scales[j + 1])) if j + 1 < len(scales) else None
                edges += [(here, there) for there in (right, above) if here is not None and there is not None]
        different = [
            (one, two)
            for one, two in edges
            if None not in (one.point.winner, two.point.winner) and one.point.winner != two.point.winner
        ]
        if len(different) <= self.options.most_edges:
            return different
        steps = np.linspace(0, len(different) - 1, self.options.most_edges).round().astype(int)
        return [different[k] for k in sorted(set(steps.tolist()))]

    def _bisect(self, one: Place, two: Place) -> Crossing | None:
        for _ in range(self.options.halvings):
            middle = self._solve((one.x + two.x) / 2, (one.y + two.y) / 2, is_grid=False)
            if middle is None or middle.point.winner is None:
                break
            if middle.point.winner == one.point.winner:
                one = middle
            else:
                two = middle
        before, after = one.point.winner, two.point.winner
        if before is None or after is None:
            return None
        return Crossing(x_from=one.x, y_from=one.y, x_to=two.x, y_to=two.y, before=before, after=after)


def _place_row(row: BreakEvenMap, place: Place) -> dict[str, Any]:
    winner = place.point.winner
    lead = None if winner is None else place.point.lead(winner)
    return {
        "map": f"{row.x.name} x {row.y.name}",
        "x": place.x,
        "y": place.y,
        "winner": winner or "",
        "opens": "" if winner is None else ", ".join(place.point.rivals[winner].opened),
        "npv": place.point.npv,
        "lead": float("nan") if lead is None else lead,
        "gap": place.point.gap if np.isfinite(place.point.gap) else float("nan"),
        "is_open": "yes" if place.point.is_open else "",
        "place": "grid" if place.is_grid else "edge",
    }


def _map_lines(row: BreakEvenMap) -> list[str]:
    grid = [place for place in row.places if place.is_grid]
    counts = ", ".join(
        f"{CASES[name].title} at {sum(place.point.winner == name for place in grid)}" for name in row.winners
    )
    close = sum(place.point.is_open for place in grid)
    lines = [f"{row.x.title} × {row.y.title.lower()}: of {len(grid)} grid points {counts}; too close to call: {close}."]
    for c in row.crossings:
        a, b = c.middle
        words = f"{CASES[c.before].title} gives way to {CASES[c.after].title}"
        lines.append(f"  {words} near {row.x.title.lower()} × {a:.2f}, {row.y.title.lower()} × {b:.2f}")
    return lines
