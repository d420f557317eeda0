"""Lines that need no events: departure times of rows and assembly trees by the max-plus recursion.

A saturated line of single servers, first in, first out, which fail only while they work, is a set of equations: each
part starts when it is there and the server is free, and leaves when there is room. With the streams of the event
engine they give its path to the tick, at a fraction of its time. Altiok (1997), *Performance Analysis of Manufacturing
Systems*, chapter 4; Baccelli et al. (1992), *Synchronization and Linearity*, section 1.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import UsageError
from manyworks.twin.draws import TICKS_PER_MINUTE, law_records, quiet, records
from manyworks.twin.program import ENDLESS, OUTSIDE, LineProgram, Place

LANES = 16
"""Replications side by side."""


def is_recursive(program: LineProgram) -> str:
    """Why the recursion cannot run this line; empty when it can.

    >>> from manyworks.model.times import exponential
    >>> from manyworks.twin.program import serial_line
    >>> is_recursive(serial_line([exponential(1), exponential(1)], [3], servers=[1, 2]))
    's2 has 2 servers'
    """
    return next(_reasons(program), "")


def recursion(
    program: LineProgram, *, seed: int = 0, replications: Sequence[int] = range(1), units: int
) -> NDArray[np.int64]:
    """When each of the first good units leaves, ticks, shape (replications, units).

    Raises
    ------
    UsageError
        The line is outside the class, or its runs have fewer units.
    """
    leaving = np.empty((len(replications), units), np.int64)
    for first in range(0, len(replications), LANES):
        some = np.array(replications[first : first + LANES], np.int64)
        leaving[first : first + LANES] = _run(program, seed, some, units, 0)[0].T
    return leaving


@dataclass(frozen=True, kw_only=True)
class Path:
    """Everything that one replication did, by station: arrays (parts,) of ticks.

    ``starts`` and ``leaves`` of each part; what it took at the server: ``change``, ``worked``, ``minor`` stops, and
    ``span``, all of it with breakdowns.
    """

    program: LineProgram
    starts: tuple[NDArray[np.int64], ...]
    leaves: tuple[NDArray[np.int64], ...]
    change: tuple[NDArray[np.int64], ...]
    worked: tuple[NDArray[np.int64], ...]
    minor: tuple[NDArray[np.int64], ...]
    span: tuple[NDArray[np.int64], ...]


def path(program: LineProgram, *, seed: int = 0, replication: int = 0, units: int) -> Path:
    """One replication with the times of every part at every station."""
    from manyworks.twin import kernels_recursion as kernels

    _, history, rows = _run(program, seed, np.array([replication]), units, 1)
    columns = [tuple(history[a:b, column] for a, b in rows) for column in range(kernels.COLUMNS)]
    return Path(
        program=program,
        starts=columns[kernels.START],
        leaves=columns[kernels.LEAVE],
        change=columns[kernels.CHANGE],
        worked=columns[kernels.WORKED],
        minor=columns[kernels.MINOR],
        span=columns[kernels.SPAN],
    )


# The line as arrays


def _run(
    program: LineProgram, seed: int, replications: NDArray[np.int64], units: int, keep: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], list[tuple[int, int]]]:
    """Departures (units, lanes), the history of a single lane, and the rows of each station in it."""
    from manyworks.twin import kernels_recursion as kernels

    _require_recursive(program, units)
    tree = _tree(program)
    lanes = _lanes(tree, len(replications), program.runs[0].product)
    products = np.fromiter(_products(program, units), np.int64, units)
    ends = np.cumsum(tree.per_unit * units)
    history = np.zeros((int(ends[-1]) * keep, kernels.COLUMNS), np.int64)
    leaving = np.empty((units, len(replications)), np.int64)
    with quiet():
        kernels.begin(tree, lanes, np.uint64(seed), replications)
        kernels.go_on(tree, lanes, products, leaving, history)
    return leaving, history, list(zip((ends - tree.per_unit * units).tolist(), ends.tolist(), strict=True))


def _products(program: LineProgram, units: int) -> Iterator[int]:
    """Product of each good unit."""
    for number in count():
        run = program.runs[number % len(program.runs)]
        here = min(run.units, units)
        yield from islice((run.product for _ in range(here)), units)
        units -= here
        if units == 0:
            return


def _tree(program: LineProgram) -> Any:
    from manyworks.twin import kernels_recursion as kernels

    stations, places = program.stations, program.places
    modes = [mode for station in stations for mode in station.failures]
    laws = [law for station in stations for law in station.work]
    laws += [law for mode in modes for law in (mode.to_failure, mode.to_repair)]
    table, values = law_records(laws)
    products, first = len(program.products), len(stations) * len(program.products)
    order = _order(program, next(place.source for place in places if place.target == OUTSIDE))
    per_unit = np.bincount(order, minlength=len(stations))
    fed_by = [[p for p in program.into(s) if places[p].source != OUTSIDE] for s in range(len(stations))]
    limits = [_limit(place) for place in places]
    quantities = [_quantity(program, place) for place in places]
    rings = [
        1 << (place.capacity // q + 1).bit_length() if limit == kernels.LIMITED else 1
        for place, limit, q in zip(places, limits, quantities, strict=True)
    ]
    return kernels.Tree(
        order=np.array(order),
        laws=table,
        values=values,
        work=np.arange(first).reshape(-1, products),
        modes=np.cumsum([0, *(len(station.failures) for station in stations)]),
        to_failure=first + 2 * np.arange(len(modes)),
        to_repair=first + 1 + 2 * np.arange(len(modes)),
        is_minor=np.array([mode.is_minor for mode in modes], np.int64),
        change=np.array([_change(program, s) for s in range(len(stations))]),
        into=np.cumsum([0, *map(len, fed_by)]),
        fed_by=np.array([p for some in fed_by for p in some], np.int64),
        behind=np.array([program.out_of(s)[0] for s in range(len(stations))]),
        per_unit=per_unit,
        row=np.cumsum([0, *(per_unit * kernels.BLOCK)])[:-1],
        target=np.array([place.target for place in places]),
        limit=np.array(limits),
        capacity=np.array([place.capacity for place in places]),
        quantity=np.array(quantities),
        travel=np.array([round(place.travel_min * TICKS_PER_MINUTE) for place in places]),
        ring=np.cumsum([0, *rings])[:-1],
        mask=np.array(rings) - 1,
    )


def _lanes(tree: Any, lanes: int, product: int) -> Any:
    from manyworks.twin import kernels_recursion as kernels
    from manyworks.twin.engine.streams import STREAM

    stations, modes, places = len(tree.behind), len(tree.to_failure), len(tree.target)
    return kernels.Lanes(
        streams=records(lanes * (stations + 2 * modes), STREAM),
        until=np.zeros((lanes, modes), np.int64),
        setup=np.full((stations, lanes), product),
        done=np.zeros(stations, np.int64),
        free=np.zeros((stations, lanes), np.int64),
        ready=np.zeros((places, lanes), np.int64),
        taken=np.zeros((int(tree.ring[-1] + tree.mask[-1] + 1), lanes), np.int64),
        spans=np.zeros((int(tree.per_unit.sum()) * kernels.BLOCK, lanes), np.int64),
        start=np.zeros(lanes, np.int64),
    )


def _order(program: LineProgram, station: int) -> list[int]:
    """Stations of the steps that make one more part at this station, those before it first."""
    before = [
        step
        for place in program.into(station)
        if program.places[place].source != OUTSIDE
        for _ in range(_quantity(program, program.places[place]))
        for step in _order(program, program.places[place].source)
    ]
    return [*before, station]


def _quantity(program: LineProgram, place: Place) -> int:
    return place.quantity if place.target >= 0 and program.stations[place.target].joins else 1


def _limit(place: Place) -> int:
    from manyworks.twin import kernels_recursion as kernels

    if place.target < 0 or place.source == OUTSIDE or place.capacity >= ENDLESS:
        return kernels.FREE
    return kernels.LIMITED if place.capacity else kernels.DIRECT


def _change(program: LineProgram, station: int) -> NDArray[np.int64]:
    products = len(program.products)
    minutes = np.array(program.stations[station].changeover_min or np.zeros((products, products)))
    change: NDArray[np.int64] = np.rint(minutes * TICKS_PER_MINUTE).astype(np.int64)
    return change


# What the class is


def _require_recursive(program: LineProgram, units: int) -> None:
    reason = is_recursive(program)
    cure = "Simulate it event by event."
    if reason:
        raise UsageError(f"must be a tree of single servers: {reason}", where=program.name, cure=cure)
    if not program.repeats and sum(run.units for run in program.runs) < units:
        raise UsageError(
            "must not ask for more units than the runs have",
            where="units",
            found=units,
            cure="Ask for fewer, or let the runs repeat.",
        )


def _reasons(program: LineProgram) -> Iterator[str]:
    if program.arrivals is not None:
        yield "parts arrive by chance"
    if program.wip_limit is not None:
        yield "parts inside are limited"
    if program.closed:
        yield "it has closed time"
    if np.any(program.line_changeover_min) or np.any(program.startup_scrap):
        yield "the whole line changes, or spoils units after a change"
    for number, crew in enumerate(program.crews):
        if sum(_people(program, s, number) for s in range(len(program.stations))) > crew.people:
            yield f"people of {crew.id} are shared"
    for number in range(len(program.stations)):
        yield from _reasons_of_station(program, number)
    if sum(place.target == OUTSIDE for place in program.places) != 1:
        yield "it has several ends"
    elif len(set(_reached(program))) < len(program.stations):
        yield "it is no tree"


def _people(program: LineProgram, station: int, crew: int) -> int:
    """Most people of a crew that one station can need at a time."""
    made = program.stations[station]
    return made.operators * (made.operator_crew == crew) + (made.repair_crew == crew)


def _reasons_of_station(program: LineProgram, number: int) -> Iterator[str]:
    station, into = program.stations[number], [program.places[p] for p in program.into(number)]
    onward = [program.places[p] for p in program.out_of(number)]
    if station.servers != 1:
        yield f"{station.id} has {station.servers} servers"
    if station.is_external:
        yield f"{station.id} is run from outside"
    if any(station.scrap_share):
        yield f"{station.id} scraps parts"
    if any(mode.clock != "operation" for mode in station.failures):
        yield f"{station.id} fails while it does not work"
    if len(onward) != 1 or onward[0].share not in (None, 1.0) or onward[0].products or onward[0].target < OUTSIDE:
        yield f"parts of {station.id} go to more than one place"
    if len(into) != 1 and not station.joins:
        yield f"{station.id} is fed from {len(into)} places"
    if any(place.products for place in into):
        yield f"places before {station.id} are for some products only"
    if any(place.source != OUTSIDE and place.capacity < place.quantity for place in into) and station.joins:
        yield f"a place before {station.id} is too small for what it joins"
    if any(place.capacity == 0 and place.travel_min and place.source != OUTSIDE for place in into):
        yield f"a hand-over to {station.id} takes time"


def _reached(program: LineProgram) -> list[int]:
    """Stations found from the end backwards, each as often as it is found, at most twice their number."""
    found = [place.source for place in program.places if place.target == OUTSIDE]
    for station in found:
        if len(found) > 2 * len(program.stations):
            break
        found += [program.places[p].source for p in program.into(station) if program.places[p].source != OUTSIDE]
    return found
