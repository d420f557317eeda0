"""What is wrong with a line before it runs: every fault at once, with its place, what was found, and its cure."""

from __future__ import annotations

from manyworks.errors import DocumentError, Issue
from manyworks.twin.program import LineProgram


def program_faults(program: LineProgram) -> list[Issue]:
    """Every fault, in the order of the program; empty when it can be run."""
    return [
        Issue(
            rule="twin-servers",
            severity="error",
            path=f"stations.{station.id}.servers",
            message="must be at least 1",
            found=str(station.servers),
            cure="Give the station a server, or leave it out.",
        )
        for station in program.stations
        if station.servers < 1
    ]


def require_possible(program: LineProgram) -> None:
    """Refuse a program that cannot be run.

    Raises
    ------
    DocumentError
        Carries every fault.
    """
    faults = program_faults(program)
    if faults:
        raise DocumentError(faults, where=program.name)
