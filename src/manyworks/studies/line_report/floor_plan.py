"""Where stations and ways stand on the picture of a line: from left to right, branches below each other."""

from __future__ import annotations

from manyworks.render.line_player import BOX, Machine, Way
from manyworks.twin.program import ENDLESS, OUTSIDE, SCRAP, LineProgram, Place

WIDTH = 920
MARGIN = 26
PER_ROW = 6
ROW_PX = 132
TOP = 52


def stations_on_floor(program: LineProgram) -> list[Machine]:
    """Centres of the stations by their distance from the supply; a row of more than six goes on below."""
    depth = _depths(program)
    columns = max(depth) + 1
    lanes: dict[int, int] = {}
    machines = []
    for s, station in enumerate(program.stations):
        lane = lanes.get(depth[s], 0)
        lanes[depth[s]] = lane + 1
        row, column = (divmod(depth[s], PER_ROW)) if columns > PER_ROW else (0, depth[s])
        machines.append((station, row, column, lane))
    deepest = max(lane for _, _, _, lane in machines) + 1
    across = min(columns, PER_ROW)
    step = (WIDTH - 2 * MARGIN - BOX[0]) / max(across - 1, 1)
    return [
        Machine(
            id=station.id,
            x=round(WIDTH / 2 if across == 1 else MARGIN + BOX[0] / 2 + column * step, 1),
            y=TOP + (row * deepest + lane) * ROW_PX,
            count=station.servers,
        )
        for station, row, column, lane in machines
    ]


def ways_on_floor(program: LineProgram, machines: list[Machine]) -> list[Way]:
    """A path for each place of the program, in order."""
    return [_way(place, machines) for place in program.places]


def floor_height(program: LineProgram, machines: list[Machine]) -> int:
    """Height of the picture, with room below for rework and scrap where there is any."""
    below = any(place.is_rework or place.target == SCRAP for place in program.places)
    return int(max(machine.y for machine in machines)) + BOX[1] // 2 + (50 if below else 18)


def _way(place: Place, machines: list[Machine]) -> Way:
    half = BOX[0] / 2
    if place.source == OUTSIDE:
        to = machines[place.target]
        path, kind = [(to.x - half - 22, to.y), (to.x - half, to.y)], "supply"
    elif place.target == OUTSIDE:
        out = machines[place.source]
        path, kind = [(out.x + half, out.y), (out.x + half + 22, out.y)], "good"
    elif place.target == SCRAP:
        out = machines[place.source]
        path, kind = [(out.x, out.y + BOX[1] / 2), (out.x, out.y + BOX[1] / 2 + 22)], "scrap"
    else:
        path, kind = _between(machines[place.source], machines[place.target]), "rework" if place.is_rework else "inner"
    return Way(
        id=place.id,
        path=path,
        capacity=None if place.capacity >= ENDLESS else place.capacity or 1,
        travel_min=place.travel_min,
        kind=kind,
    )


def _between(here: Machine, there: Machine) -> list[tuple[float, float]]:
    """Straight to the right, down to the next row, or back below the stations."""
    half, low = BOX[0] / 2, BOX[1] / 2
    if there.x > here.x and there.y == here.y:
        return [(here.x + half, here.y), (there.x - half, there.y)]
    if there.x > here.x:
        middle = (here.x + half + there.x - half) / 2
        return [(here.x + half, here.y), (middle, here.y), (middle, there.y), (there.x - half, there.y)]
    if there.y > here.y:
        middle = (here.y + there.y) / 2
        return [(here.x, here.y + low), (here.x, middle), (there.x, middle), (there.x, there.y - low)]
    below = max(here.y, there.y) + low + 26
    return [(here.x, here.y + low), (here.x, below), (there.x, below), (there.x, there.y + low)]


def _depths(program: LineProgram) -> list[int]:
    """Longest way from the supply to each station, rework left out."""
    depth = [0] * len(program.stations)
    ahead = [(p.source, p.target) for p in program.places if p.source >= 0 and p.target >= 0 and not p.is_rework]
    for _ in program.stations:
        for source, target in ahead:
            depth[target] = min(max(depth[target], depth[source] + 1), len(depth) - 1)
    return depth
