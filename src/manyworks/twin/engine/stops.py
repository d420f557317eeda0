"""Servers that stop by themselves or on command, and come up again."""

from __future__ import annotations

from typing import Any

import numpy as np

from manyworks.compiled import shared_part
from manyworks.twin.engine.calendar import clear, is_pending, schedule, tick_of
from manyworks.twin.engine.layout import (
    AWAITING_REPAIR,
    BLOCKED,
    BUSY,
    CHANGEOVER,
    CHANGING,
    HOLDING,
    IDLE,
    MINOR_STOP,
    NOBODY,
    ON_COMMAND,
    STARVED,
    UNDER_REPAIR,
)
from manyworks.twin.engine.moves import serve
from manyworks.twin.engine.parts import do, enlist
from manyworks.twin.engine.streams import draw
from manyworks.twin.engine.work import are_free, begin_repair, leave_line, wait_for, work_on

COMMANDED: Any = np.int64(-2)
INJECTED: Any = np.int64(-3)
"""Modes of stops that are none of the station's own."""


@shared_part
def lay_down(line: Any, k: int) -> None:
    """What a server does stops where it is, and so do its clocks; it is down."""
    server, now = line.servers[k], line.clock[0].now
    station = line.stations[server.station]
    if server.activity == BUSY:
        if station.is_external == 0:
            worked = server.planned - (tick_of(line, server.slot) - now if is_pending(line, server.slot) else 0)
            server.left -= worked
            for m in range(station.modes):
                if line.modes[station.first_mode + m].is_timed == 0:
                    line.limits[server.first_limit + m].left -= worked
    elif server.activity == CHANGING:
        server.left = tick_of(line, server.slot) - now
    elif server.activity == HOLDING:
        station.holding -= 1
    else:
        station.idle -= 1
        if server.is_waiting == 1:
            leave_line(line, station.operator_crew, k)
    clear(line, server.slot)
    for m in range(station.modes):
        limit = line.limits[server.first_limit + m]
        if limit.slot >= 0 and is_pending(line, limit.slot):
            limit.left = tick_of(line, limit.slot) - now
            clear(line, limit.slot)
    server.is_down = 1
    if server.activity == IDLE and station.operator_crew >= 0:
        serve(line, station.operator_crew)


@shared_part
def fail(line: Any, k: int, m: int) -> None:
    """A failure mode strikes a server."""
    server = line.servers[k]
    station = line.stations[server.station]
    lay_down(line, k)
    server.mode = m
    mode = line.modes[station.first_mode + m]
    mode.failures += 1
    crew = station.repair_crew
    if mode.is_minor == 1:
        begin_repair(line, k, MINOR_STOP)
    elif are_free(line, crew, 1):
        if crew >= 0:
            line.crews[crew].free -= 1
        begin_repair(line, k, UNDER_REPAIR)
    else:
        do(line, k, AWAITING_REPAIR)
        wait_for(line, crew, k)


@shared_part
def come_up(line: Any, k: int) -> None:
    """A stop is over: the server goes on with what it was doing, its clocks run, and whoever repaired it is free."""
    server = line.servers[k]
    station, now = line.stations[server.station], line.clock[0].now
    struck = server.mode
    if struck >= 0:
        mode = line.modes[station.first_mode + struck]
        fresh = draw(line.streams[mode.failure_stream], line.laws[mode.to_failure], line.values)
        line.limits[server.first_limit + struck].left = fresh
    if server.is_stopped == 1:
        server.is_stopped = 0
        server.mode = COMMANDED
        do(line, k, ON_COMMAND)
    else:
        server.is_down = 0
        server.mode = NOBODY
        for m in range(station.modes):
            limit = line.limits[server.first_limit + m]
            if limit.slot >= 0:
                schedule(line, limit.slot, now + limit.left)
        go_on(line, k)
    if struck >= 0 and station.repair_crew >= 0 and line.modes[station.first_mode + struck].is_minor == 0:
        line.crews[station.repair_crew].free += 1
        serve(line, station.repair_crew)


@shared_part
def go_on(line: Any, k: int) -> None:
    """A server that is up again goes on where it stood."""
    server, clock = line.servers[k], line.clock[0]
    station = line.stations[server.station]
    if server.activity == BUSY:
        work_on(line, k)
    elif server.activity == CHANGING:
        do(line, k, CHANGEOVER)
        schedule(line, server.slot, clock.now + server.left)
    elif server.activity == HOLDING:
        station.holding += 1
        do(line, k, BLOCKED)
    else:
        station.idle += 1
        do(line, k, CHANGEOVER if clock.is_changing == 1 else STARVED)
    station.asks = 1
    enlist(line, server.station)


@shared_part
def stop_on_command(line: Any, k: int) -> None:
    """Stop a server until it is told to start; one that is down stops when it is up again."""
    server = line.servers[k]
    if server.is_down == 1:
        server.is_stopped = 1 if server.mode != COMMANDED else 0
    else:
        lay_down(line, k)
        server.mode = COMMANDED
        do(line, k, ON_COMMAND)
    enlist(line, server.station)


@shared_part
def start_on_command(line: Any, k: int) -> None:
    """Let a server that was told to stop go on."""
    server = line.servers[k]
    server.is_stopped = 0
    if server.is_down == 1 and server.mode == COMMANDED:
        come_up(line, k)


@shared_part
def inject(line: Any, k: int, ticks: int) -> None:
    """Let a server be under repair for so long; one that is being repaired takes so much longer."""
    server, now = line.servers[k], line.clock[0].now
    if server.is_down == 0 or server.mode == COMMANDED:
        if server.is_down == 0:
            lay_down(line, k)
        else:
            server.is_stopped = 1
        server.mode = INJECTED
        do(line, k, UNDER_REPAIR)
        schedule(line, server.slot, now + ticks)
    elif is_pending(line, server.slot):
        schedule(line, server.slot, tick_of(line, server.slot) + ticks)
    enlist(line, server.station)
