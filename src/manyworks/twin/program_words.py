"""A line as the twin runs it, in words and as data."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from manyworks.twin.line_program import LineCase
from manyworks.twin.lots import WITHOUT_END
from manyworks.twin.program import ENDLESS, OUTSIDE, SCRAP, FailureMode, LineProgram, Place, StationProgram


def program_words(case: LineCase) -> str:
    """The line for a person: runs, stations, ways, planned stops, notes."""
    program = case.program
    parts = [
        f"{program.name} ({case.line}), nominal {program.nominal_rate_per_min:g} units/min",
        "Runs:  " + ", ".join(_run(name, units) for name, units in case.lots),
        "Stations:",
        *(f"  {_station(program, station)}" for station in program.stations),
        "Ways:",
        *(f"  {_place(program, place)}" for place in program.places),
    ]
    if program.crews:
        parts.append("Crews: " + ", ".join(f"{crew.id} {crew.people}" for crew in program.crews))
    if case.hours.reasons:
        reasons = ", ".join(f"{name} {minutes / 60:,.0f} h" for name, minutes in case.hours.reasons)
        parts.append(f"Closed in 52 weeks: {reasons}")
    return "\n".join([*parts, *case.notes])


def program_data(case: LineCase) -> dict[str, Any]:
    """The same as data; a room or a lot without end is null."""
    program = asdict(case.program)
    program.pop("closed")
    for place in program["places"]:
        place["capacity"] = None if place["capacity"] == ENDLESS else place["capacity"]
    for run in program["runs"]:
        run["units"] = None if run["units"] == ENDLESS else run["units"]
    lots = [{"product": name, "units": None if units == WITHOUT_END else units} for name, units in case.lots]
    return {
        "line": case.line, "site": case.site, "template": case.template, "upgrades": list(case.upgrades),
        "lots": lots, "closed_min_in_52_weeks": dict(case.hours.reasons), "notes": list(case.notes), "program": program,
    }  # fmt: skip


def _run(name: str, units: float) -> str:
    return name if units == WITHOUT_END else f"{name} {units:,.0f}"


def _station(program: LineProgram, station: StationProgram) -> str:
    rates = sorted({program.units_per_part * station.servers / law.mean for law in station.work})
    pace = "–".join(f"{rate:.4g}" for rate in dict.fromkeys((rates[0], rates[-1])))
    words = [f"{station.id}: {pace} units/min"]
    if station.servers > 1:
        words.append(f"{station.servers} machines")
    if station.joins:
        words.append("assembly")
    words += [_mode(mode) for mode in station.failures]
    if station.scrap_share:
        words.append(f"scrap {max(station.scrap_share):.2%}")
    if station.changeover_min:
        words.append(f"changes in up to {max(max(row) for row in station.changeover_min):g} min")
    return ", ".join(words)


def _mode(mode: FailureMode) -> str:
    return f"{mode.name} after {mode.to_failure} for {mode.to_repair}"


def _place(program: LineProgram, place: Place) -> str:
    names = {OUTSIDE: "outside", SCRAP: "scrap"} | {k: row.id for k, row in enumerate(program.stations)}
    words = f"{place.id}: {names[place.source]} → {names[place.target]}"
    if place.source == OUTSIDE or place.target < 0:
        room = ""
    elif place.capacity >= ENDLESS:
        room = ", room without end"
    else:
        room = f", room for {place.capacity * program.units_per_part:,.0f}" if place.capacity else ", coupled"
    travel = f", {place.travel_min:g} min" if place.travel_min else ""
    share = f", {place.share:.1%} of the parts" if place.share is not None else ""
    return f"{words}{room}{travel}{share}{', rework' if place.is_rework else ''}"
