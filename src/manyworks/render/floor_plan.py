"""A floor drawn to scale: machines as rectangles, zones, doors, columns and the ways of goods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from itertools import pairwise
from typing import Any, Literal

from manyworks.render.figure import Figure
from manyworks.render.labels import LETTER_WIDTH
from manyworks.render.table import DataTable
from manyworks.render.theme import AMBER, BLUE, FONT, PURPLE, TEAL, WIDTH_PX

MARGIN_PX = 46.0
MOST_DEPTH_PX = 760.0
LETTERS_PX = (13.0, 11.0, 9.5)
"""Sizes of a machine's name, the first that fits."""
LINE_COLOURS = (BLUE, TEAL, PURPLE, AMBER)
STROKE_PX = (1.4, 4.5)
"""Width of the ways with the fewest and the most units."""

Box = tuple[float, float, float, float]
Path = Sequence[tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class PlanArea:
    """A zone: rectangle in metres from the lower left corner of the floor."""

    name: str
    kind: Literal["aisle", "closed", "hygiene", "allergen"]
    x: float
    y: float
    width: float
    depth: float


@dataclass(frozen=True, kw_only=True)
class PlanPlace:
    """A door or an obstacle."""

    name: str
    kind: Literal["receiving", "shipping", "door", "column", "wall", "utility", "machine"]
    x: float
    y: float
    width: float
    depth: float


@dataclass(frozen=True, kw_only=True)
class PlanMachine:
    """A machine; goods pass it in the direction ``turn_deg``, counter-clockwise from x. ``group`` gives its colour."""

    name: str
    group: str
    x: float
    y: float
    width: float
    depth: float
    turn_deg: int
    is_fixed: bool = False


@dataclass(frozen=True, kw_only=True)
class PlanWay:
    """Corner points of the way that goods take, and how many units a minute."""

    path: Path
    units_per_min: float


@dataclass(frozen=True, kw_only=True)
class Label:
    """Text with its middle at (x, y) in pixels, turned by ``turn`` degrees."""

    text: str
    x: float
    y: float
    size: float
    turn: int = 0
    role: str = "name"
    anchor: Literal["middle", "start", "end"] = "middle"


def floor_plan(
    *, width_m: float, depth_m: float, areas: Sequence[PlanArea], places: Sequence[PlanPlace],
    machines: Sequence[PlanMachine], ways: Sequence[PlanWay], title: str, description: str,
    table: DataTable | None = None,
) -> Figure:  # fmt: skip
    """Draw one floor; every rectangle at its place and size, names where they cover nothing."""
    import jinja2

    view = _View(width_m, depth_m)
    groups = list(dict.fromkeys(machine.group for machine in machines))
    colours = {group: LINE_COLOURS[k % len(LINE_COLOURS)] for k, group in enumerate(groups)}
    boxes = [view.box(m.x, m.y, m.width, m.depth) for m in machines]
    doors = [place for place in places if place.kind in ("receiving", "shipping", "door")]
    bodies = [place for place in places if place not in doors]
    labels = _labels(view, areas, doors, bodies, machines, boxes, ways)
    text = resources.files("manyworks.render").joinpath("templates").joinpath("floor_plan.svg.j2")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    svg = environment.from_string(text.read_text(encoding="utf-8")).render(
        view=view,
        font=FONT,
        title=title,
        description=description,
        areas=[(area.kind, view.box(area.x, area.y, area.width, area.depth)) for area in areas],
        bodies=[(place.kind, view.box(place.x, place.y, place.width, place.depth)) for place in bodies],
        doors=[(door.kind, _on_wall(view, door)) for door in doors],
        machines=[
            (box, colours[machine.group], _arrow(box, machine.turn_deg), machine.is_fixed)
            for machine, box in zip(machines, boxes, strict=True)
        ],
        ways=list(_drawn(view, ways)),
        labels=labels,
        scale=_scale_bar(view),
        legend=_legend(view, areas, groups, colours),
    )
    return Figure(svg=svg.strip(), title=escape(title), description=description, table=table)


class _View:
    """From metres on the floor, y up, to pixels on the page, y down."""

    def __init__(self, width_m: float, depth_m: float) -> None:
        self.scale = min((WIDTH_PX - 2 * MARGIN_PX) / width_m, MOST_DEPTH_PX / depth_m)
        self.width_m, self.depth_m = width_m, depth_m
        self.floor: Box = (MARGIN_PX, MARGIN_PX, round(width_m * self.scale, 1), round(depth_m * self.scale, 1))
        self.width = round(self.floor[2] + 2 * MARGIN_PX, 1)
        self.height = round(self.floor[3] + 2 * MARGIN_PX + 52, 1)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Pixels of a point."""
        return round(MARGIN_PX + x * self.scale, 1), round(MARGIN_PX + (self.depth_m - y) * self.scale, 1)

    def box(self, x: float, y: float, width: float, depth: float) -> Box:
        """(left, top, width, height) of a rectangle, pixels."""
        left, top = self.point(x, y + depth)
        return left, top, round(width * self.scale, 1), round(depth * self.scale, 1)

    @property
    def grid(self) -> list[tuple[float, float, float, float]]:
        """Faint lines every five metres."""
        across = [self.point(x, 0)[0] for x in range(5, int(self.width_m - 0.01) + 1, 5)]
        along = [self.point(0, y)[1] for y in range(5, int(self.depth_m - 0.01) + 1, 5)]
        left, top, width, height = self.floor
        return [(x, top, x, top + height) for x in across] + [(left, y, left + width, y) for y in along]


def _on_wall(view: _View, door: PlanPlace) -> Box:
    """A door as a bar at least six pixels thick, centred on its rectangle."""
    left, top, width, height = view.box(door.x, door.y, door.width, door.depth)
    wide, high = max(width, 7.0), max(height, 7.0)
    return round(left + width / 2 - wide / 2, 1), round(top + height / 2 - high / 2, 1), wide, high


def _arrow(box: Box, turn_deg: int) -> str:
    """A small triangle at the side at which goods leave, pointing out."""
    left, top, width, height = box
    size = min(5.0, width / 4, height / 4)
    x, y = left + width / 2, top + height / 2
    points = {
        0: [(left + width - size * 1.6, y - size), (left + width - size * 1.6, y + size), (left + width - 1, y)],
        90: [(x - size, top + size * 1.6), (x + size, top + size * 1.6), (x, top + 1)],
        180: [(left + size * 1.6, y - size), (left + size * 1.6, y + size), (left + 1, y)],
        270: [(x - size, top + height - size * 1.6), (x + size, top + height - size * 1.6), (x, top + height - 1)],
    }[turn_deg]
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in points)


def _drawn(view: _View, ways: Sequence[PlanWay]) -> Iterator[tuple[str, float]]:
    """Points and stroke width of each way, the busiest first so that thin ones lie on top."""
    most = max((way.units_per_min for way in ways), default=1.0) or 1.0
    thin, thick = STROKE_PX
    for way in sorted(ways, key=lambda way: -way.units_per_min):
        points = " ".join(f"{x},{y}" for x, y in (view.point(*point) for point in way.path))
        yield points, round(thin + (thick - thin) * way.units_per_min / most, 2)


def _labels(
    view: _View, areas: Sequence[PlanArea], doors: Sequence[PlanPlace], bodies: Sequence[PlanPlace],
    machines: Sequence[PlanMachine], boxes: Sequence[Box], ways: Sequence[PlanWay],
) -> list[Label]:  # fmt: skip
    """Names of machines first, then doors outside the walls, then zones and obstacles where room is left."""
    taken = [*boxes, *(view.box(place.x, place.y, place.width, place.depth) for place in bodies)]
    taken += [_piece(view, a, b) for way in ways for a, b in pairwise(way.path)]
    labels: list[Label] = []
    for machine, box in zip(machines, boxes, strict=True):
        label = _inside(machine.name, box, machine.turn_deg) or _beside(view, machine.name, box, taken)
        if label is not None:
            labels.append(label)
            taken.append(_extent(label))
    labels += [_at_door(view, door) for door in doors]
    for area in areas:
        box = view.box(area.x, area.y, area.width, area.depth)
        label = _in_corner(area.name, box, taken, labels)
        if label is not None:
            labels.append(label)
            taken.append(_extent(label))
    for place in bodies:
        if place.kind in ("utility", "machine"):
            box = view.box(place.x, place.y, place.width, place.depth)
            label = _inside(place.name, box, role="zone") or _beside(view, place.name, box, taken, role="zone")
            if label is not None:
                labels.append(label)
                taken.append(_extent(label))
    return labels


def _inside(name: str, box: Box, turn_deg: int | None = None, role: str = "name") -> Label | None:
    """The name within its rectangle: level or upright, as large as fits, clear of the arrow of its goods."""
    left, top, width, height = box
    arrow = {None: (0.0, 0.0), 0: (22.0, 0.0), 90: (0.0, 22.0)}[None if turn_deg is None else turn_deg % 180]
    for size in LETTERS_PX:
        long, high = len(name) * size * LETTER_WIDTH + 6, size + 3
        for turn, across, along in (
            (0, width - arrow[0], height - arrow[1]),
            (-90, height - arrow[1], width - arrow[0]),
        ):
            if long <= across and high <= along:
                x, y = left + width / 2, top + height / 2
                return Label(text=name, x=round(x, 1), y=round(y, 1), size=size, turn=turn, role=role)
    return None


def _beside(view: _View, name: str, box: Box, taken: Sequence[Box], role: str = "outside") -> Label | None:
    """The name next to its rectangle, where nothing else is; None where there is no room at all."""
    left, top, width, height = box
    for size in LETTERS_PX[1:]:
        long, x, y = len(name) * size * LETTER_WIDTH, left + width / 2, top + height / 2
        gap = 3 + size / 2
        for at_x, at_y in (
            (x, top - gap),
            (x, top + height + gap),
            (left + width + 4 + long / 2, y),
            (left - 4 - long / 2, y),
        ):
            label = Label(text=name, x=round(at_x, 1), y=round(at_y, 1), size=size, role=role)
            extent = _extent(label)
            if _within(extent, view.floor) and not any(_overlap(extent, other) for other in taken):
                return label
    return None


def _in_corner(name: str, box: Box, taken: Sequence[Box], labels: Sequence[Label]) -> Label | None:
    """The name of a zone in the first corner or edge of it that is free."""
    left, top, width, height = box
    size = LETTERS_PX[1]
    long, half = len(name) * size * LETTER_WIDTH, size / 2 + 4
    others = [*taken, *(_extent(label) for label in labels)]
    for share in (0.0, 1.0, 0.5, 0.25, 0.75):
        for y in (top + half, top + height - half, top + height / 2):
            x = left + 5 + long / 2 + share * max(0.0, width - long - 10)
            label = Label(text=name, x=round(x, 1), y=round(y, 1), size=size, role="zone")
            extent = _extent(label)
            if _within(extent, box) and not any(_overlap(extent, other) for other in others):
                return label
    return None


def _at_door(view: _View, door: PlanPlace) -> Label:
    """The name of a door outside the wall that is nearest."""
    left, top, width, height = view.box(door.x, door.y, door.width, door.depth)
    x, y, size = left + width / 2, top + height / 2, LETTERS_PX[1]
    floor_left, floor_top, floor_width, floor_height = view.floor
    away = {
        "left": x - floor_left,
        "right": floor_left + floor_width - x,
        "top": y - floor_top,
        "bottom": floor_top + floor_height - y,
    }
    side = min(away, key=lambda name: (away[name], name))
    place = {
        "left": (floor_left - 15, y, -90),
        "right": (floor_left + floor_width + 15, y, 90),
        "top": (x, floor_top - 14, 0),
        "bottom": (x, floor_top + floor_height + 14, 0),
    }[side]
    return Label(text=door.name, x=round(place[0], 1), y=round(place[1], 1), size=size, turn=place[2], role="door")


def _piece(view: _View, a: tuple[float, float], b: tuple[float, float]) -> Box:
    """The room that a straight piece of a way takes."""
    (x, y), (u, v), half = view.point(*a), view.point(*b), STROKE_PX[1] / 2 + 1
    return min(x, u) - half, min(y, v) - half, abs(x - u) + 2 * half, abs(y - v) + 2 * half


def _extent(label: Label) -> Box:
    """(left, top, width, height) that a text covers."""
    long, high = len(label.text) * label.size * LETTER_WIDTH, label.size
    width, height = (long, high) if label.turn == 0 else (high, long)
    return label.x - width / 2, label.y - height / 2, width, height


def _overlap(one: Box, other: Box) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )


def _within(one: Box, other: Box) -> bool:
    return (
        one[0] >= other[0]
        and one[1] >= other[1]
        and one[0] + one[2] <= other[0] + other[2]
        and one[1] + one[3] <= other[1] + other[3]
    )


def _scale_bar(view: _View) -> dict[str, Any]:
    """A bar of 1, 2, 5, 10, 20 or 50 m, about a sixth of the floor wide."""
    metres = max((m for m in (1, 2, 5, 10, 20, 50) if m <= max(1.0, view.width_m / 5)), default=1)
    left, top, _, height = view.floor
    return {"x": left, "y": top + height + 40, "width": round(metres * view.scale, 1), "text": f"{metres} m"}


def _legend(
    view: _View, areas: Sequence[PlanArea], groups: Sequence[str], colours: dict[str, str]
) -> list[tuple[float, float, str, str]]:
    """(x, y, look, words) of what needs explaining, on one line beside the scale bar, or on a second one."""
    items = [(colours[group], group) for group in groups]
    words = {"aisle": "aisle", "closed": "closed", "hygiene": "hygiene zone", "allergen": "allergen zone"}
    items += [(kind, words[kind]) for kind in dict.fromkeys(area.kind for area in areas)]
    items.append(("way", "way of goods"))
    bar = _scale_bar(view)
    start = bar["x"] + bar["width"] + 60
    found, x, y = [], start, bar["y"] - 3
    for look, text in items:
        long = 34 + len(text) * LETTERS_PX[1] * LETTER_WIDTH
        if x + long > view.width - 10 and x > start:
            x, y = start, y + 20
        found.append((round(x, 1), round(y, 1), look, text))
        x += long
    return found
