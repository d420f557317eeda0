"""Who stands in whose way on a line where nothing moves any more."""

from __future__ import annotations

from manyworks.twin.line_state import LineState


def stuck_stations(state: LineState) -> tuple[str, ...]:
    """Stations of a deadlocked line that wait for each other in a circle, in its order; empty while anything moves.

    A station waits for those behind the places that its finished parts would go to. Where there is no such circle (a
    joining station waits for parts that never come), all that hold parts are named.

    >>> from manyworks.model.times import deterministic
    >>> from manyworks.twin.line_state import advance, start_line
    >>> from manyworks.twin.program import Place, LineProgram, StationProgram
    >>> stations = tuple(StationProgram(id=name, work=(deterministic(1.0),)) for name in ("make", "test"))
    >>> places = (
    ...     Place(id="in", source=-1, target=0),
    ...     Place(id="on", source=0, target=1),
    ...     Place(id="back", source=1, target=0, share=1.0, is_rework=True),
    ...     Place(id="out", source=1, target=-1, share=0.0),
    ... )
    >>> line = start_line(LineProgram(name="circle", products=("a",), stations=stations, places=places))
    >>> advance(line, 60.0)
    >>> line.status, stuck_stations(line)
    ('deadlocked', ('make', 'test'))
    """
    if state.status != "deadlocked":
        return ()
    waits = _waits(state)
    for s in waits:
        circle = _circle(waits, s)
        if circle:
            return tuple(state.program.stations[one].id for one in circle)
    return tuple(state.program.stations[s].id for s in _holding(state))


def _holding(state: LineState) -> list[int]:
    """Stations with a part in a server or in a place before them."""
    servers, places = state.line.servers, state.line.places
    held = {int(s) for s in servers["station"][servers["part"] >= 0]}
    return sorted(held | {int(place["target"]) for place in places if place["count"] > 0})


def _waits(state: LineState) -> dict[int, list[int]]:
    """Stations that the finished parts of each station would go to."""
    waits: dict[int, list[int]] = {}
    for server in state.line.servers:
        if server["part"] >= 0:
            s, route = int(server["station"]), int(server["route"])
            ways = [route] if route >= 0 else state.program.out_of(s)
            waits.setdefault(s, []).extend(state.program.places[p].target for p in ways)
    return waits


def _circle(waits: dict[int, list[int]], start: int) -> list[int]:
    """Stations on a way from a station back to itself, in order; empty when there is none."""
    ways = [[start]]
    seen = {start}
    while ways:
        way = ways.pop(0)
        for onward in waits.get(way[-1], []):
            if onward == start:
                return way
            if onward not in seen:
                seen.add(onward)
                ways.append([*way, onward])
    return []
