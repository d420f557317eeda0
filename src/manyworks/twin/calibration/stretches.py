"""What a machine did from one moment to the next, and which PackML states count as what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Doing = Literal["working", "minor stop", "breakdown", "awaiting repair", "waiting", "closed"]

STATES: dict[str, Doing] = {
    "Execute": "working",
    "Holding": "minor stop",
    "Held": "minor stop",
    "Unholding": "minor stop",
    "Aborting": "breakdown",
    "Aborted": "breakdown",
    "Clearing": "breakdown",
    "Suspending": "waiting",
    "Suspended": "waiting",
    "Unsuspending": "waiting",
    "Idle": "waiting",
    "Starting": "waiting",
    "Resetting": "waiting",
    "Completing": "waiting",
    "Complete": "waiting",
    "Stopping": "closed",
    "Stopped": "closed",
}
"""The 17 PackML states. Waiting is open time without work; closed time counts for no clock."""

REASONS: dict[str, Doing] = {
    "changeover": "waiting",
    "on_command": "waiting",
    "closed": "closed",
    "awaiting_repair": "awaiting repair",
}
"""Reasons that say more than the state; an interval in Execute is work whatever its reason."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One interval of one machine, minutes since the start of the log; ``place`` is its row in the log."""

    starts: float
    ends: float
    doing: Doing
    place: str = ""

    @property
    def minutes(self) -> float:
        """Length."""
        return self.ends - self.starts


@dataclass(frozen=True, slots=True)
class Batch:
    """Units that a machine made in an interval, good and scrapped; minutes since the start of the log."""

    starts: float
    ends: float
    units: float
    place: str = ""


def doing_of(state: str, reason: str) -> Doing:
    """What an interval counts as."""
    doing = STATES[state]
    return doing if doing == "working" else REASONS.get(reason.strip().lower().replace(" ", "_"), doing)
