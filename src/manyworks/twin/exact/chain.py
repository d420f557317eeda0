"""Stations in a row with exponential times, as a Markov chain: every state of the line, and the share of time in each.

A state says what each server does, how many parts are in each place, whether somebody waits at the door, and who waits
for repair people. Servers of one station are alike, so only how many do what counts. The shares solve π Q = 0, by
sparse elimination; their sum of flows out of the last station is the rate.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from manyworks.twin.exact.record import ExactAnswer
from manyworks.twin.program import StationProgram

LARGEST = 8_000
"""States beyond which a chain is not solved: about two seconds, and elimination fills in quickly from there."""

IDLE, AT_WORK, HOLDS = 0, 1, 2
UP = -1

Server = tuple[int, int, bool]
"""What it does, the failure mode that struck or `UP`, and whether it waits for a repair person."""
Stay = tuple[int, Server]
"""A station and one of its servers, as they wait for a repair crew."""
Stations = tuple[tuple[Server, ...], ...]


@dataclass(frozen=True, slots=True)
class State:
    """The line at one moment: ``levels`` of the place before each station, ``door`` taken or not."""

    stations: Stations
    levels: tuple[int, ...]
    door: bool = False
    queue: tuple[Stay, ...] = ()


@dataclass(frozen=True)
class Row:
    """The program of a row: stations in order, the place before each, rates per minute, and ``product``."""

    stations: tuple[StationProgram, ...]
    rooms: tuple[int, ...]
    product: int
    arrival_rate: float = 0.0
    is_lossy: bool = False
    wip_limit: int | None = None
    people: tuple[int | None, ...] = field(default=())

    def work_rate(self, station: int) -> float:
        """Parts per minute of a server that works."""
        return 1 / self.stations[station].work[self.product].mean

    def scrap_share(self, station: int) -> float:
        """Share of finished parts that is spoiled."""
        shares = self.stations[station].scrap_share
        return shares[self.product] if shares else 0.0

    def needs_crew(self, station: int, mode: int) -> bool:
        """Whether a stop waits for a repair person."""
        return self.people[station] is not None and not self.stations[station].failures[mode].is_minor


class TooLargeError(ValueError):
    """The chain has more than `LARGEST` states."""


def row_rate(row: Row) -> ExactAnswer:
    """Rate and work in process of a row with exponential times.

    Raises
    ------
    TooLargeError
        More than `LARGEST` states.
    """
    states, flows = explore(row)
    shares = stationary(flows, len(states))
    last = len(row.stations) - 1
    busy = np.array([_count(state, last, (AT_WORK, UP, False)) for state in states])
    rate = float(shares @ busy) * row.work_rate(last) * (1 - row.scrap_share(last))
    wip = float(shares @ np.array([inside(state) for state in states]))
    source = "Dallery and Gershwin (1992), doi:10.1007/BF01158636"
    return ExactAnswer(method="Markov chain of the line", source=source, rate_per_min=rate, wip=wip, states=len(states))


def explore(row: Row) -> tuple[list[State], dict[tuple[int, int], float]]:
    """Every state that can be reached from the empty line, and the rate from state to state."""
    first = settle(
        row, State(tuple(((IDLE, UP, False),) * station.servers for station in row.stations), (0,) * len(row.rooms))
    )
    number = {first: 0}
    flows: dict[tuple[int, int], float] = defaultdict(float)
    states = [first]
    for at, state in enumerate(states):  # the list grows while it is walked
        for rate, after in leave(row, state):
            if after not in number:
                if len(states) == LARGEST:
                    raise TooLargeError(f"more than {LARGEST} states. Take fewer stations or rooms, or simulate.")
                number[after] = len(states)
                states.append(after)
            if number[after] != at:
                flows[at, number[after]] += rate
    return states, flows


def stationary(flows: dict[tuple[int, int], float], count: int) -> NDArray[np.float64]:
    """Share of time in each state: π Q = 0, Σ π = 1; the first state's weight is set to 1 and its equation left out."""
    from scipy.sparse import csc_array
    from scipy.sparse.linalg import splu

    if count == 1:
        return np.ones(1)
    origin, goal = (np.array(side) for side in zip(*flows, strict=True))
    rate = np.fromiter(flows.values(), dtype=float)
    out = np.bincount(origin, rate, count)
    every = np.arange(count)
    transposed = csc_array(
        (np.concatenate((rate, -out)), (np.concatenate((goal, every)), np.concatenate((origin, every)))),
        shape=(count, count),
    )
    weights = np.ones(count)
    # Every column is dominated by its diagonal, so no row need be exchanged, and the order may follow the pattern.
    factors = splu(
        transposed[1:, 1:].tocsc(),
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )
    weights[1:] = factors.solve(-transposed[1:, [0]].toarray().ravel())
    shares: NDArray[np.float64] = weights / weights.sum()
    if np.abs(transposed @ shares).max() > 1e-9 * rate.max() or shares.min() < -1e-9:
        raise ArithmeticError("the Markov chain of this line is too badly scaled to be solved")
    return shares


def leave(row: Row, state: State) -> Iterator[tuple[float, State]]:
    """Each event that may come next: its rate, and the state after it."""
    for station, servers in enumerate(state.stations):
        for server, count in Counter(servers).items():
            for rate, after in _events(row, state, station, server):
                yield count * rate, settle(row, after)
    if row.arrival_rate and not state.door:
        if _has_room(row, state, 0):
            yield row.arrival_rate, settle(row, _level(state, 0, 1))
        elif not row.is_lossy:
            yield row.arrival_rate, replace(state, door=True)


def _events(row: Row, state: State, station: int, server: Server) -> Iterator[tuple[float, State]]:
    """What one server may do next."""
    doing, struck, waits = server
    failures = row.stations[station].failures
    if waits:
        return
    if struck != UP:
        yield 1 / failures[struck].to_repair.mean, _repaired(row, state, station, server)
        return
    for mode, failure in enumerate(failures):
        if failure.clock == "time" or doing == AT_WORK:
            yield 1 / failure.to_failure.mean, _struck(row, state, station, server, mode)
    if doing == AT_WORK:
        rate, scrap = row.work_rate(station), row.scrap_share(station)
        yield rate * (1 - scrap), _become(state, station, server, (HOLDS, UP, False))
        if scrap:
            yield rate * scrap, _become(state, station, server, (IDLE, UP, False))


def _struck(row: Row, state: State, station: int, server: Server, mode: int) -> State:
    """A stop begins: at once, or in line behind those who wait for a person of the crew."""
    waits = row.needs_crew(station, mode) and _people_busy(row, state, station) >= (row.people[station] or 0)
    after = _become(state, station, server, (server[0], mode, waits))
    return replace(after, queue=(*after.queue, (station, (server[0], mode, True)))) if waits else after


def _repaired(row: Row, state: State, station: int, server: Server) -> State:
    """A stop ends; the person of the crew goes to whoever has waited longest."""
    after = _become(state, station, server, (server[0], UP, False))
    if not row.needs_crew(station, server[1]):
        return after
    crew = row.stations[station].repair_crew
    for place, (other, waiting) in enumerate(after.queue):
        if row.stations[other].repair_crew == crew:
            after = _become(after, other, waiting, (waiting[0], waiting[1], False))
            return replace(after, queue=after.queue[:place] + after.queue[place + 1 :])
    return after


def _people_busy(row: Row, state: State, station: int) -> int:
    """People of a station's repair crew who are at work, here or elsewhere."""
    crew = row.stations[station].repair_crew
    return sum(
        struck != UP and not waits and row.needs_crew(other, struck)
        for other, servers in enumerate(state.stations)
        if row.stations[other].repair_crew == crew
        for _, struck, waits in servers
    )


def settle(row: Row, state: State) -> State:
    """Hand on and start until nothing moves; parts are alike, so the order makes no difference."""
    while True:
        after = _moved(row, state)
        if after is state:
            return state
        state = after


def _moved(row: Row, state: State) -> State:
    for station in reversed(range(len(row.stations))):
        if _count(state, station, (HOLDS, UP, False)) and _has_room(row, state, station + 1):
            after = _become(state, station, (HOLDS, UP, False), (IDLE, UP, False))
            return _level(after, station + 1, 1) if station + 1 < len(row.stations) else after
        if _count(state, station, (IDLE, UP, False)) and _has_part(row, state, station):
            after = _become(state, station, (IDLE, UP, False), (AT_WORK, UP, False))
            return after if _is_endless(row, station) else _level(after, station, -1)
    if state.door and _has_room(row, state, 0):
        return replace(_level(state, 0, 1), door=False)
    return state


def _has_part(row: Row, state: State, station: int) -> bool:
    if _is_endless(row, station):
        return row.wip_limit is None or inside(state) < row.wip_limit
    return state.levels[station] > 0


def _has_room(row: Row, state: State, place: int) -> bool:
    """Whether a part may be put before this station; capacity 0 is a direct hand-over to a server that is free."""
    if place == len(row.stations):
        return True
    if row.rooms[place] == 0:
        return state.levels[place] == 0 and _count(state, place, (IDLE, UP, False)) > 0
    return state.levels[place] < row.rooms[place]


def _is_endless(row: Row, station: int) -> bool:
    return station == 0 and not row.arrival_rate


def inside(state: State) -> int:
    """Parts that have entered and not left."""
    return sum(state.levels) + sum(server[0] != IDLE for servers in state.stations for server in servers)


def _count(state: State, station: int, server: Server) -> int:
    return state.stations[station].count(server)


def _become(state: State, station: int, before: Server, after: Server) -> State:
    """One server changes; servers stay sorted, since they are alike."""
    servers = list(state.stations[station])
    servers.remove(before)
    changed = tuple(sorted([*servers, after]))
    return replace(state, stations=(*state.stations[:station], changed, *state.stations[station + 1 :]))


def _level(state: State, place: int, change: int) -> State:
    levels = state.levels
    return replace(state, levels=(*levels[:place], levels[place] + change, *levels[place + 1 :]))
