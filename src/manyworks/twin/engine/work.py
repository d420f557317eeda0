"""Servers at work: how they begin a part, and for how long until something happens; people, and who waits for them."""

from __future__ import annotations

from typing import Any

import numpy as np

from manyworks.compiled import part, shared_part
from manyworks.twin.engine.calendar import schedule
from manyworks.twin.engine.layout import BUSY, CHANGEOVER, CHANGING, NO_OPERATOR, NOBODY, UNDER_REPAIR, WORKING
from manyworks.twin.engine.parts import do
from manyworks.twin.engine.streams import draw


@part
def work_on(line: Any, k: int) -> None:
    """Work until the part is done, or until a mode that counts working time strikes."""
    server = line.servers[k]
    station = line.stations[server.station]
    planned, failing = server.left, NOBODY
    for m in range(station.modes):
        if line.modes[station.first_mode + m].is_timed == 0:
            limit = line.limits[server.first_limit + m].left
            if limit < planned or (limit == planned and failing < 0):
                planned, failing = limit, m
    server.planned = planned
    server.failing = failing
    do(line, k, WORKING)
    if station.is_external == 0:
        schedule(line, server.slot, line.clock[0].now + planned)


@part
def begin_work(line: Any, k: int) -> None:
    """Draw how long the part takes, and begin."""
    server = line.servers[k]
    station = line.stations[server.station]
    server.activity = BUSY
    time = draw(
        line.streams[station.work_stream], line.laws[station.first_work + line.parts[server.part].product], line.values
    )
    if station.speed != 1.0:
        time = max(np.int64(time / station.speed + 0.5), np.int64(1))
    server.left = time
    work_on(line, k)


@part
def begin(line: Any, k: int, held: int) -> None:
    """An idle server takes a part, and works on it or changes over to its product first; its people are there."""
    server = line.servers[k]
    station = line.stations[server.station]
    station.started += 1
    station.idle -= 1
    server.part = held
    product = line.parts[held].product
    change = 0
    if server.set_up != product and station.first_changeover >= 0:
        change = line.numbers[station.first_changeover + server.set_up * line.clock[0].products + product]
    if change > 0:
        server.activity = CHANGING
        do(line, k, CHANGEOVER)
        schedule(line, server.slot, line.clock[0].now + change)
    else:
        server.set_up = product
        begin_work(line, k)


@shared_part
def begin_seldom(line: Any, k: int, held: int) -> None:
    """The same where it seldom happens, so that its code stands there only once."""
    take_people(line, line.servers[k].station)
    begin(line, k, held)


@part
def are_free(line: Any, crew: int, number: int) -> Any:
    """Whether so many people of the crew can be had by one who comes anew; no crew can always be had."""
    return crew < 0 or (line.crews[crew].first < 0 and line.crews[crew].free >= number)


@part
def take_people(line: Any, s: int) -> None:
    """The operators of a station's server go there."""
    station = line.stations[s]
    if station.operator_crew >= 0:
        line.crews[station.operator_crew].free -= station.operators


@part
def wait_for(line: Any, c: int, k: int) -> None:
    """Stand in line for people of a crew."""
    crew, server = line.crews[c], line.servers[k]
    server.is_waiting = 1
    server.next_waiting = NOBODY
    if crew.first < 0:
        crew.first = k
    else:
        line.servers[crew.last].next_waiting = k
    crew.last = k


@part
def wait_for_operators(line: Any, k: int) -> None:
    """An idle server waits for its people."""
    do(line, k, NO_OPERATOR)
    wait_for(line, line.stations[line.servers[k].station].operator_crew, k)


@shared_part
def leave_line(line: Any, c: int, k: int) -> None:
    """Wait for people no longer."""
    crew, server = line.crews[c], line.servers[k]
    server.is_waiting = 0
    if crew.first == k:
        crew.first = server.next_waiting
        if crew.first < 0:
            crew.last = NOBODY
        return
    before = crew.first
    while line.servers[before].next_waiting != k:
        before = line.servers[before].next_waiting
    line.servers[before].next_waiting = server.next_waiting
    if crew.last == k:
        crew.last = before


@part
def begin_repair(line: Any, k: int, doing: int) -> None:
    """Whoever repairs is there: the stop takes a drawn time from now on."""
    server = line.servers[k]
    station = line.stations[server.station]
    mode = line.modes[station.first_mode + server.mode]
    time = draw(line.streams[mode.repair_stream], line.laws[mode.to_repair], line.values)
    do(line, k, doing)
    schedule(line, server.slot, line.clock[0].now + time)


@part
def begin_crewed_repair(line: Any, k: int) -> None:
    """A person of the repair crew begins."""
    line.crews[line.stations[line.servers[k].station].repair_crew].free -= 1
    begin_repair(line, k, UNDER_REPAIR)
