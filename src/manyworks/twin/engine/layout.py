"""What the engine remembers: records of whole numbers, all of them views into one block of memory.

Flags are 0 or 1, positions count from 0, ``NOBODY`` (-1) stands for none. Ticks are microseconds. A fork of a line is
one copy of its block. The order of the fields is free; names say the rest.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from manyworks.twin.engine.streams import LAW, STREAM


def _numbers(*values: int) -> list[Any]:
    """Constants as plain integers of the kernels: of a Python integer each kernel would be compiled for each value."""
    return [np.int64(value) for value in values]


NOBODY, OUTSIDE, SCRAP = _numbers(-1, -1, -2)
ENDLESS, NEVER = _numbers(1 << 40, (1 << 63) - 1)

STARVED, BLOCKED, NO_OPERATOR, WORKING, MINOR_STOP = _numbers(*range(5))
UNDER_REPAIR, AWAITING_REPAIR, CHANGEOVER, CLOSED, ON_COMMAND = _numbers(*range(5, 10))
"""What a server does: `twin/states.py`."""
IDLE, CHANGING, BUSY, HOLDING = _numbers(*range(4))
"""How far a server is with its part: none, changeover before it, at work on it, finished."""
RUNNING, COMPLETE, DEADLOCKED, TRACE_FULL, NO_ROOM = _numbers(*range(5))
"""State of the run; with no room, the block wants more places for parts and goes on unchanged in a larger one."""
ENTERED, PUT, TAKEN, LOST, SCRAPPED = _numbers(*range(10, 15))
"""What a row of the trace says beside the doings of servers."""
CLOSING, LINE_CHANGE, FIRST_SERVER = _numbers(0, 1, 2)
"""Slots of the calendar."""
NOTHING, STOP, START, FAIL, FINISH, SET_UP = _numbers(*range(6))
"""Commands from outside."""


def _fields(*names: str) -> list[tuple[str, type]]:
    return [(name, np.int64) for name in names]


CLOCK = np.dtype(
    [
        *_fields("now", "status", "leaves", "shift", "mask", "first_clock", "first_travel", "first_arrival", "slots"),
        *_fields("inside", "inside_sum", "entered", "free_parts", "free_count", "reserve", "most_inside"),
        *_fields("is_changing", "has_line_change", "next_product", "last_product", "spoil_left", "products"),
        *_fields("is_closed", "closing", "closings", "closed_period", "period_start"),
        *_fields("runs", "repeats", "is_lossy", "arrival_law", "listed", "list_head", "traced", "began"),
        *_fields("line_changes", "startup_scrap"),
    ]
)
"""One record of the whole line. ``inside_sum`` + inside × now is the integral of parts inside; so with places."""

STATION = np.dtype(
    [
        *_fields("first_server", "servers", "first_in", "ins", "first_out", "outs", "joins", "group"),
        *_fields("first_mode", "modes", "timed_modes", "operator_crew", "operators", "repair_crew"),
        *_fields("first_work", "first_scrap", "first_changeover", "has_shares", "is_external", "only_out", "feeder"),
        *_fields("work_stream", "scrap_stream", "route_stream", "is_listed", "asks", "idle", "holding"),
        *_fields("started", "finished", "scrapped", "joined"),
        ("speed", np.float64),
        ("meter", np.float64),
    ]
)
"""``group`` parts a start takes; ``only_out`` the place when there is but one; ``feeder`` likewise before it."""

MODE = np.dtype(
    _fields("to_failure", "to_repair", "is_minor", "is_timed", "failure_stream", "repair_stream", "failures")
)
"""A failure mode of a station."""

SERVER = np.dtype(
    _fields("station", "slot", "doing", "since", "activity", "is_down", "is_stopped", "part", "set_up", "left")
    + _fields(
        "planned", "failing", "mode", "finished_at", "route", "is_waiting", "next_waiting", "before", "first_limit"
    )
)
"""``left`` of its work or changeover; ``planned`` until the pending event, at which mode ``failing`` may strike."""

LIMIT = np.dtype(_fields("left", "slot"))
"""What is left to the next failure, of one server and mode; ``slot`` of a clock that runs with open time."""

PLACE = np.dtype(
    [
        *_fields("source", "target", "capacity", "travel", "quantity", "first_named", "is_named", "has_share"),
        *_fields("count", "head", "tail", "moment", "passed", "slot", "travelling"),
        *_fields("is_supply", "is_endless", "run", "number", "left", "factor", "product", "is_used_up", "waits"),
        *_fields("at_door", "given", "lost", "arrival_slot", "arrival_stream"),
        ("share", np.float64),
    ]
)
"""``travelling``: the first part on its way, NOBODY if none. Supply: the run whose next part it holds, by position
and counted on; ``left`` of it; ``product`` of the part before."""

PART = np.dtype(_fields("product", "run", "entered", "serial", "ready", "next"))
PRODUCT = np.dtype(_fields("entered", "good", "scrapped", "lost", "flow"))
CREW = np.dtype(_fields("people", "free", "first", "last"))
RUN = np.dtype(_fields("product", "units"))
SPAN = np.dtype(_fields("start", "end"))
TRACE = np.dtype(_fields("tick", "what", "where", "part", "product"))

KINDS = {
    "clock": CLOCK,
    "stations": STATION,
    "servers": SERVER,
    "places": PLACE,
    "modes": MODE,
    "limits": LIMIT,
    "products": PRODUCT,
    "crews": CREW,
    "runs": RUN,
    "closed": SPAN,
    "laws": LAW,
    "streams": STREAM,
    "numbers": np.dtype(np.int64),
    "shares": np.dtype(np.float64),
    "values": np.dtype(np.float64),
    "ticks": np.dtype(np.int64),
    "watts": np.dtype(np.float64),
    "tree": np.dtype(np.int64),
    "listed": np.dtype(np.int64),
    "trace": TRACE,
    "parts": PART,
}
"""Arrays of the block in order; ``parts`` comes last, so that it can grow. ``ticks`` (servers, 10) and ``watts``
(stations, 10) are flat. ``numbers`` holds places in and out of stations, changeovers and admitted products."""

Line = namedtuple("Line", list(KINDS))  # type: ignore[misc]
