"""What a machine is doing, as the engine counts it, and the PackML state that each kind of time belongs to."""

from __future__ import annotations

from enum import IntEnum


class Doing(IntEnum):
    """What one server does; the index of its state times."""

    STARVED = 0
    BLOCKED = 1
    NO_OPERATOR = 2
    WORKING = 3
    MINOR_STOP = 4
    UNDER_REPAIR = 5
    AWAITING_REPAIR = 6
    CHANGEOVER = 7
    CLOSED = 8
    ON_COMMAND = 9


PACKML: dict[Doing, str] = {
    Doing.STARVED: "Suspended",
    Doing.BLOCKED: "Suspended",
    Doing.NO_OPERATOR: "Suspended",
    Doing.WORKING: "Execute",
    Doing.MINOR_STOP: "Held",
    Doing.UNDER_REPAIR: "Aborted",
    Doing.AWAITING_REPAIR: "Aborted",
    Doing.CHANGEOVER: "Stopped",
    Doing.CLOSED: "Stopped",
    Doing.ON_COMMAND: "Stopped",
}
"""PackML state of every kind of time; starved and blocked are both Suspended, as from outside the machine."""

POWER: dict[Doing, str] = {
    doing: {"Execute": "execute", "Suspended": "suspended", "Held": "held", "Aborted": "aborted"}.get(state, "stopped")
    for doing, state in PACKML.items()
}
"""Which power figure of the equipment a kind of time draws: ``kw_execute``, ``kw_suspended`` …"""
