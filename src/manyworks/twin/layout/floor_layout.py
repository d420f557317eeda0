"""The result: where everything stands, how far goods travel, and what proves it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from manyworks.errors import Issue
from manyworks.model.floor import FixedPlace, Floor, Placement, Zone
from manyworks.model.table import Table
from manyworks.twin.layout.geometry import SIDES, Point, Rectangle, walked
from manyworks.twin.layout.machines import Machine

FORMAT = 1
PROVEN = 1e-6
"""Gap below which a layout counts as optimal."""


@dataclass(frozen=True, kw_only=True)
class PlacedMachine:
    """A machine with its corner, the direction of its goods and the rectangle under it."""

    machine: Machine
    x_m: float
    y_m: float
    turn_deg: int
    ground: Rectangle


@dataclass(frozen=True, kw_only=True)
class PlacedLink:
    """``units_per_min`` from one machine or fixed place to another.

    ``distance_m`` along both axes from outlet to inlet, at each of them half the clearance straight, whatever is in the
    way; ``path`` the corners of a way round the machines (empty: none
    was found, or a wish, which is measured between middles).
    """

    source: str
    target: str
    units_per_min: float
    is_wish: bool
    distance_m: float
    path: tuple[Point, ...] = ()

    @property
    def route_m(self) -> float:
        """Length of the way; the straight distance where there is none."""
        if not self.path:
            return self.distance_m
        return sum(walked(a, b) for a, b in zip(self.path, self.path[1:], strict=False))


@dataclass(frozen=True, kw_only=True)
class FloorLayout:
    """Result of ``arrange_floor``.

    ``work`` is what the search makes small: units x metres a minute at the nominal rate, along both axes from outlet
    to inlet, wishes counted in. ``bound``: no arrangement can be below; it knows of clearances, zones and doors
    only, so the search is a heuristic with an honest and often wide ``gap``. ``notes``: what had to be assumed.
    """

    floor: Floor
    zones: tuple[Zone, ...]
    fixed_places: tuple[FixedPlace, ...]
    lines: tuple[str, ...]
    machines: tuple[PlacedMachine, ...]
    links: tuple[PlacedLink, ...]
    bound: float
    notes: tuple[str, ...]
    status: Literal["finished", "time_limit", "interrupted"]
    starts: int
    seconds: float
    cpu_seconds: float
    seed: int
    input_hash: str
    line_hashes: dict[str, str]
    version: str

    @property
    def work(self) -> float:
        """Units times metres a minute, wishes counted in."""
        return sum(link.units_per_min * link.distance_m for link in self.links)

    @property
    def routed_work(self) -> float:
        """Units times metres a minute along the ways round the machines, without wishes."""
        return sum(link.units_per_min * link.route_m for link in self.links if not link.is_wish)

    @property
    def conveyor_m(self) -> float:
        """Metres of all ways together, without wishes."""
        return sum(link.route_m for link in self.links if not link.is_wish)

    @property
    def cost_per_h(self) -> float:
        """Money for an hour of transport at the nominal rate, at the floor's ``cost_per_1000_unit_m``."""
        return self.routed_work * 60 / 1000 * self.floor.cost_per_1000_unit_m

    @property
    def gap(self) -> float:
        """(work − bound) / work."""
        return max(0.0, (self.work - self.bound) / abs(self.work)) if self.work else 0.0

    @property
    def placements(self) -> tuple[Placement, ...]:
        """The layout as rows of the document."""
        return tuple(
            Placement(
                floor=self.floor.id,
                line=row.machine.line,
                station=row.machine.station,
                number=row.machine.number,
                x_m=row.x_m,
                y_m=row.y_m,
                goods_leave=SIDES[row.turn_deg // 90],
                is_fixed=row.machine.fixed is not None,
            )
            for row in self.machines
        )

    @property
    def table(self) -> Table:
        """One row a machine: ``machine, equipment_kind, x_m, y_m, width_m, depth_m, goods_leave, is_fixed``."""
        rows = self.machines
        return Table(
            {
                "machine": np.array([row.machine.id for row in rows], dtype=object),
                "equipment_kind": np.array([row.machine.kind for row in rows], dtype=object),
                "x_m": np.array([row.x_m for row in rows]),
                "y_m": np.array([row.y_m for row in rows]),
                "width_m": np.array([row.ground.width for row in rows]),
                "depth_m": np.array([row.ground.depth for row in rows]),
                "goods_leave": np.array([SIDES[row.turn_deg // 90] for row in rows], dtype=object),
                "is_fixed": np.array([row.machine.fixed is not None for row in rows]),
            }
        )

    @property
    def distances(self) -> Table:
        """One row a way: ``source, target, units_per_min, distance_m, route_m, travel_min``, wishes left out."""
        rows = [link for link in self.links if not link.is_wish]
        speed = self.floor.conveyor_m_per_min
        return Table(
            {
                "source": np.array([row.source for row in rows], dtype=object),
                "target": np.array([row.target for row in rows], dtype=object),
                "units_per_min": np.array([row.units_per_min for row in rows]),
                "distance_m": np.array([row.distance_m for row in rows]),
                "route_m": np.array([row.route_m for row in rows]),
                "travel_min": np.array([row.route_m / speed for row in rows]),
            }
        )

    def to_frame(self) -> Any:
        """The machines as a pandas DataFrame; ``distances.to_frame()`` has the ways."""
        return self.table.to_frame()

    def summary(self) -> str:
        """The answer in some lines of text."""
        floor, used = self.floor, sum(row.ground.width * row.ground.depth for row in self.machines)
        names = ", ".join(self.lines)
        share = used / (floor.width_m * floor.depth_m)
        machines = f"{len(self.machines)} machines of {names} cover {used:,.0f} m² ({share:.0%})"
        proof = "proven optimal" if self.gap < PROVEN else f"heuristic, {self.gap:.0%} gap"
        lines = [
            f"{floor.name} ({floor.width_m:g} x {floor.depth_m:g} m): {machines}",
            f"  transport   {self.work:,.0f} units x m a minute; bound {self.bound:,.0f}: {proof}",
            f"  conveyors   {self.conveyor_m:,.1f} m round the machines, {self.floor.conveyor_m_per_min:g} m/min",
        ]
        if floor.cost_per_1000_unit_m:
            lines.append(f"  cost        {self.cost_per_h:,.2f} an hour at the nominal rate")
        lines.append(f"  search      {self.starts} starts, {self.seconds:.1f} s, {self.status}, seed {self.seed}")
        return "\n".join([*lines, *(f"  note        {note}" for note in self.notes)])

    def check(self) -> list[Issue]:
        """Every broken rule, recomputed from the rectangles without the search."""
        from manyworks.twin.layout.check import check_layout

        return check_layout(self)

    def to_dict(self) -> dict[str, Any]:
        """The layout as plain data; the same seed gives the same data but for the seconds."""
        return {
            "format": FORMAT,
            "floor": self.floor.model_dump(mode="json"),
            "zones": [zone.model_dump(mode="json") for zone in self.zones],
            "fixed_places": [place.model_dump(mode="json") for place in self.fixed_places],
            "lines": list(self.lines),
            "placements": [row.model_dump(mode="json") for row in self.placements],
            "machines": list(self.table.rows()),
            "links": [
                {
                    "source": link.source,
                    "target": link.target,
                    "units_per_min": link.units_per_min,
                    "is_wish": link.is_wish,
                    "distance_m": link.distance_m,
                    "route_m": link.route_m,
                    "path": [list(point) for point in link.path],
                }
                for link in self.links
            ],
            "work": self.work,
            "routed_work": self.routed_work,
            "conveyor_m": self.conveyor_m,
            "bound": self.bound,
            "gap": self.gap,
            "cost_per_h": self.cost_per_h,
            "notes": list(self.notes),
            "status": self.status,
            "starts": self.starts,
            "seed": self.seed,
            "input_hash": self.input_hash,
            "line_hashes": self.line_hashes,
            "version": self.version,
            "seconds": self.seconds,
            "cpu_seconds": self.cpu_seconds,
        }

    def to_json(self) -> str:
        """``to_dict`` as JSON."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False) + "\n"

    def __repr__(self) -> str:
        return f"FloorLayout({', '.join(self.lines)} on {self.floor.id}: {self.work:,.0f} units x m/min, {self.status})"
