"""Arranging lines on a floor: machines, ways, ground; search; routes; the layout."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from manyworks import __version__
from manyworks.errors import CheckError, InfeasibleError, UsageError
from manyworks.model.document.hashes import input_hash, line_hash
from manyworks.model.floor import Floor
from manyworks.model.network import Network
from manyworks.twin.layout.aisles import with_main_aisle
from manyworks.twin.layout.bound import work_bound
from manyworks.twin.layout.faults import faults_of
from manyworks.twin.layout.floor_layout import FloorLayout, PlacedLink, PlacedMachine
from manyworks.twin.layout.geometry import Point, Rectangle, footprint, inlet, outlet, walked
from manyworks.twin.layout.ground import Ground, rectangle_of
from manyworks.twin.layout.links import Link, links_of
from manyworks.twin.layout.machines import Machine, machines_of
from manyworks.twin.layout.routes import End, route_links
from manyworks.twin.layout.search import Placing, Stand, search_places

STARTS = 8
"""Searches beside each other, and at least two for each place of the aisle."""


def arrange_floor(
    network: Network,
    *,
    line: str | None = None,
    lines: Sequence[str] | None = None,
    site: str | None = None,
    template: str | None = None,
    floor: str | None = None,
    seed: int = 0,
    time_limit: float | None = None,
    effort: float = 1.0,
) -> FloorLayout:
    """Stand the machines of one or more lines on a floor, so that goods travel little and every rule is kept.

    Parameters
    ----------
    line, lines
        The line, or the lines that share the floor.
    site, template, floor
        The floor itself, or the site or template that has just one; none: the document has just one.
    time_limit
        Wall seconds; none: until the search is done.
    effort
        Length of the search, > 0; 1 takes some seconds for a line of a dozen machines. The same seed and effort give
        the same layout, unless a time limit or Ctrl-C ends the search.

    Raises
    ------
    UsageError
        An argument names nothing, or more than one floor would do.
    InfeasibleError
        A machine does not fit, all machines together need more floor than there is, or no arrangement was found;
        ``conflicts`` says which and by how much.
    """
    began, cpu = time.perf_counter(), time.process_time()
    if effort <= 0 or (time_limit is not None and time_limit <= 0):
        raise UsageError("effort and time_limit must be > 0", cure="Leave them out for the defaults.")
    names = chosen_lines(network, line, lines)
    base = ground_of(network, chosen_floor(network, floor, site, template))
    machines, notes = machines_of(network, names, base.floor.id)
    links = links_of(network, names, machines, base.fixed)
    grounds = [
        Ground(floor=base.floor, zones=zones, fixed=base.fixed)
        for zones in with_main_aisle(base.floor, base.zones, base.fixed)
    ]
    placings = _possible(grounds, machines, links)
    deadline = float("inf") if time_limit is None else began + time_limit
    starts = max(STARTS, 2 * len(placings))
    found, status = search_places(placings, seed=seed, starts=starts, deadline=deadline, effort=effort)
    number, stand = min(found, key=lambda pair: (pair[1].crowding > 1e-6, pair[1].work, pair[0]))
    if stand.crowding > 1e-6:
        raise _crowded(base.floor, machines, min((one for _, one in found), key=lambda one: one.crowding))
    ground = placings[number].ground
    placed = _placed(machines, stand)
    ways, more = _measured(ground, placed, links)
    layout = FloorLayout(
        floor=ground.floor,
        zones=ground.zones,
        fixed_places=ground.fixed,
        lines=tuple(names),
        machines=placed,
        links=ways,
        bound=min(work_bound(one.ground, machines, links, one.regions()) for one in placings),
        notes=(*notes, *_doors_missing(ground), *more),
        status=status,
        starts=starts,
        seconds=time.perf_counter() - began,
        cpu_seconds=time.process_time() - cpu,
        seed=seed,
        input_hash=input_hash(network),
        line_hashes={name: line_hash(network, name) for name in names},
        version=__version__,
    )
    faults = layout.check()
    if faults:
        raise CheckError("the layout does not survive its recomputation", failures=[str(fault) for fault in faults])
    return layout


def chosen_lines(network: Network, line: str | None, lines: Sequence[str] | None) -> list[str]:
    """The lines that are asked for, each with stations."""
    names = list(dict.fromkeys([*([line] if line is not None else []), *(lines or [])]))
    if not names:
        raise UsageError("must be stated", where="line", cure="Name the line, or several as lines.")
    known, built = {row.id for row in network.lines}, {row.line for row in network.stations}
    for name in names:
        if name not in known:
            raise UsageError("must be a line of the document", where="line", found=name, cure=_known(sorted(known)))
        if name not in built:
            cure = "Add its machines to stations."
            raise UsageError("has no stations to arrange", where=f"lines.{name}", cure=cure)
    return names


def chosen_floor(network: Network, floor: str | None, site: str | None, template: str | None) -> Floor:
    """The floor with this id, or the only one of the site or template, or of the document."""
    rows = network.floors
    if floor is not None:
        rows = [row for row in rows if row.id == floor]
    if site is not None:
        place = next((row for row in network.sites if row.id == site), None)
        if place is None:
            raise UsageError("must be a site", where="site", found=site, cure=_known([row.id for row in network.sites]))
        own = [row for row in rows if row.site == site]
        rows = own or [row for row in rows if row.site is None and row.template in (None, place.template)]
    if template is not None:
        rows = [row for row in rows if row.template in (None, template) and row.site is None]
    if len(rows) == 1:
        return rows[0]
    names = [row.id for row in network.floors]
    what = "no floor of the document is meant" if not rows else f"{len(rows)} floors may be meant"
    cure = f"Name one as floor. {_known(names)}" if names else "Add a row to floors: its width_m and depth_m at least."
    raise UsageError(what, where="floor", found=floor, cure=cure)


def ground_of(network: Network, floor: Floor) -> Ground:
    """The floor with its zones and fixed places."""
    return Ground(
        floor=floor,
        zones=tuple(row for row in network.zones if row.floor == floor.id),
        fixed=tuple(row for row in network.fixed_places if row.floor == floor.id),
    )


def _known(names: Sequence[str]) -> str:
    return f"Known: {', '.join(names)}." if names else "The document has none."


def _possible(grounds: Sequence[Ground], machines: Sequence[Machine], links: Sequence[Link]) -> list[Placing]:
    """Floors on which each machine may stand somewhere; refused when there is none."""
    possible: list[Placing] = []
    first: list[str] = []
    for ground in grounds:
        placing = Placing(ground, machines, links)
        faults = faults_of(ground, machines, placing.stranded())
        if faults:
            first = first if first and len(first) <= len(faults) else faults
        else:
            possible.append(placing)
    if not possible:
        name = grounds[0].floor.id
        cure = "Give more floor, less clearance or smaller machines, or move what is in the way."
        raise InfeasibleError("the machines cannot stand on this floor", conflicts=first, where=name, cure=cure)
    return possible


def _crowded(floor: Floor, machines: Sequence[Machine], stand: Stand) -> InfeasibleError:
    boxes = [machine.ground for machine in _placed(machines, stand)]
    pairs = []
    for a, box in enumerate(boxes):
        for b in range(a):
            short = floor.clearance_m - box.gap(boxes[b])
            if short > 1e-6:
                pairs.append((short, f"{machines[b].id} and {machines[a].id} come {short:.2f} m too near"))
    return InfeasibleError(
        "no arrangement was found in which all machines keep their distance (this is no proof that there is none)",
        conflicts=[words for _, words in sorted(pairs, reverse=True)],
        where=floor.id,
        cure="Raise effort, or give more floor or less clearance.",
    )


def _placed(machines: Sequence[Machine], stand: Stand) -> tuple[PlacedMachine, ...]:
    rows = []
    for i, machine in enumerate(machines):
        turn = 90 * int(stand.turn[i])
        # Positions lie on a grid of 0.05 m; what stands fixed keeps its own.
        x, y = (float(value) if machine.fixed else round(float(value), 3) for value in (stand.x[i], stand.y[i]))
        box = footprint(x, y, machine.length_m, machine.width_m, turn)
        rows.append(PlacedMachine(machine=machine, x_m=x, y_m=y, turn_deg=turn, ground=box))
    return tuple(rows)


def _measured(
    ground: Ground, placed: Sequence[PlacedMachine], links: Sequence[Link]
) -> tuple[tuple[PlacedLink, ...], list[str]]:
    """The ways with their distances, straight along both axes and as a conveyor could run round the machines."""
    goods = [link for link in links if not link.is_wish]
    ends = [(_end(ground, placed, link.source, outlet), _end(ground, placed, link.target, inlet)) for link in goods]
    routes = iter(route_links(ground, [row.ground for row in placed], ends))
    pairs = iter(ends)
    ways = []
    for link in links:
        if link.is_wish:
            distance = walked(_middle(ground, placed, link.source), _middle(ground, placed, link.target))
        else:
            source, target = next(pairs)
            distance = _straight(link.source, source) + _straight(link.target, target)
            distance += walked(_turn(link.source, source), _turn(link.target, target))
        ways.append(
            PlacedLink(
                source=_name(ground, placed, link.source),
                target=_name(ground, placed, link.target),
                units_per_min=link.units_per_min,
                is_wish=link.is_wish,
                distance_m=distance,
                path=() if link.is_wish else next(routes),
            )
        )
    blocked = [f"{way.source} to {way.target}" for way in ways if not way.is_wish and not way.path]
    notes = [f"no way round the machines for {', '.join(blocked)}: the straight distance is taken"] if blocked else []
    return tuple(ways), notes


def _end(
    ground: Ground, placed: Sequence[PlacedMachine], end: int, side: Callable[[Rectangle, int, float], Point]
) -> End:
    """Where a way begins or ends: a machine's outlet or inlet with its straight piece, or the middle of a place.

    Ways lead straight into the floor from a door in a wall, too; that changes no distance, only where they may run.
    """
    if end < 0:
        middle = _middle(ground, placed, end)
        return End(middle, _into_floor(ground, middle))
    row = placed[end]
    return End(side(row.ground, row.turn_deg, 0.0), side(row.ground, row.turn_deg, ground.stub_m))


def _into_floor(ground: Ground, point: Point) -> Point:
    """The point, moved away from walls nearer than the straight piece of ways."""
    floor, stub = ground.floor, ground.stub_m
    x, y = (
        min(max(value, stub), size - stub) for value, size in zip(point, (floor.width_m, floor.depth_m), strict=True)
    )
    return (x, y) if stub * 2 < min(floor.width_m, floor.depth_m) else point


def _straight(end: int, at: End) -> float:
    """Length of the straight piece that counts: that of a machine."""
    return at.stub_m if end >= 0 else 0.0


def _turn(end: int, at: End) -> Point:
    return at.turn if end >= 0 else at.point


def _middle(ground: Ground, placed: Sequence[PlacedMachine], end: int) -> tuple[float, float]:
    return placed[end].ground.centre if end >= 0 else rectangle_of(ground.fixed[-1 - end]).centre


def _name(ground: Ground, placed: Sequence[PlacedMachine], end: int) -> str:
    return placed[end].machine.id if end >= 0 else ground.fixed[-1 - end].id


def _doors_missing(ground: Ground) -> list[str]:
    kinds = {place.kind for place in ground.fixed}
    missing = [kind for kind in ("receiving", "shipping") if kind not in kinds]
    return [f"the floor has no {kind} door: ways to it count for nothing" for kind in missing]
