"""Stations of a line as the engine wants them: times by product, stops, people, power."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from manyworks.model.equipment import Equipment
from manyworks.model.line import Crew, Line, RoutingStep, Station
from manyworks.model.network import Network
from manyworks.model.rates import nominal_rate
from manyworks.model.times import TimeLaw, deterministic, exponential, time_law
from manyworks.twin.grouping import grouped
from manyworks.twin.program import CrewProgram, FailureMode, Matrix, StationProgram

BREAKDOWN, MINOR_STOP = "breakdown", "minor stop"


def line_stations(network: Network, line: str) -> list[tuple[Station, Equipment]]:
    """Stations of a line in order of sequence, each with its machine."""
    rows = sorted((row for row in network.stations if row.line == line), key=lambda row: row.sequence)
    return [(row, network.get("equipment", row.equipment)) for row in rows]


def station_programs(
    network: Network,
    line: Line,
    products: Sequence[int],
    *,
    units: int,
    speed: float,
    changes: dict[str, NDArray[np.float64]],
    crews: Sequence[Crew],
) -> tuple[StationProgram, ...]:
    """Every station of the line; ``products`` by position in the document, ``speed`` a factor on all machines."""
    rows = line_stations(network, line.id)
    places = {(crew.kind, crew.id): position for position, crew in enumerate(crews)}
    slowest, machines = _slowest(rows), sum(station.count for station, _ in rows)
    last = rows[-1][0].id
    spoils = any(machine.scrap_share for _, machine in rows)
    programs = []
    for station, machine in rows:
        pace = machines if station.id == slowest else 0
        work = tuple(
            grouped(_unit_time(network, line, station, machine, p, pace), units).scaled(1 / speed) for p in products
        )
        scrap = [machine.scrap_share] * len(products)
        if not spoils and station.id == last:
            scrap = [network.products[p].scrap_share for p in products]
        operators = places.get(("operator", station.operator_crew))
        programs.append(
            StationProgram(
                id=station.id,
                work=work,
                servers=station.count,
                joins=station.kind == "assembly",
                failures=failure_modes(machine),
                scrap_share=tuple(scrap) if any(scrap) else (),
                changeover_min=as_matrix(changes[station.id], products),
                operator_crew=operators,
                operators=math.ceil(machine.crew) if operators is not None else 0,
                repair_crew=places.get(("repair", station.repair_crew)),
                kw=power(machine),
            )
        )
    return tuple(programs)


def lone_station(
    network: Network, line: Line, products: Sequence[int], *, units: int, speed: float, change: NDArray[np.float64]
) -> StationProgram:
    """A line of which no station is known: one machine at the rate of the whole line that never stops."""
    rates = [nominal_rate(network, line, _steps(network, network.products[p].id)) * speed for p in products]
    scrap = tuple(network.products[p].scrap_share for p in products)
    return StationProgram(
        id="line",
        work=tuple(deterministic(units / rate) for rate in rates),
        scrap_share=scrap if any(scrap) else (),
        changeover_min=as_matrix(change, products),
        kw={"execute": line.kw_execute, "suspended": line.kw_idle, "stopped": line.kw_idle},
    )


def failure_modes(machine: Equipment) -> tuple[FailureMode, ...]:
    """Breakdowns and minor stops of a machine, by its laws, else exponential by its means."""
    modes = []
    to_failure = time_law(machine.time_to_failure) if machine.time_to_failure else None
    to_repair = time_law(machine.time_to_repair) if machine.time_to_repair else None
    if to_failure is None and machine.mtbf_min is not None:
        to_failure = exponential(machine.mtbf_min)
    if to_repair is None and machine.mttr_min > 0:
        to_repair = exponential(machine.mttr_min)
    if to_failure is not None and to_repair is not None:
        modes.append(
            FailureMode(name=BREAKDOWN, to_failure=to_failure, to_repair=to_repair, clock=machine.failure_mode)
        )
    if machine.time_to_minor_stop and machine.minor_stop_time:
        to_stop, stop = time_law(machine.time_to_minor_stop), time_law(machine.minor_stop_time)
        modes.append(FailureMode(name=MINOR_STOP, to_failure=to_stop, to_repair=stop, is_minor=True))
    return tuple(modes)


def power(machine: Equipment) -> dict[str, float]:
    """Power of one machine by kind of state, kW."""
    return {name: getattr(machine, f"kw_{name}") for name in ("execute", "suspended", "held", "aborted", "stopped")}


def crew_programs(crews: Sequence[Crew]) -> tuple[CrewProgram, ...]:
    """Crews in the order in which stations count them."""
    return tuple(CrewProgram(id=crew.id, people=crew.people) for crew in crews)


def as_matrix(minutes: NDArray[np.float64], products: Sequence[int]) -> Matrix:
    """Rows and columns of these products; empty where no change takes time."""
    part = minutes[np.ix_(products, products)]
    return tuple(tuple(float(value) for value in row) for row in part) if part.any() else ()


def _unit_time(
    network: Network, line: Line, station: Station, machine: Equipment, product: int, machines_of_slowest: int
) -> TimeLaw:
    """Time of one unit on one machine: its own, or the longer one that the line's rate or the routing asks for.

    ``machines_of_slowest`` is the number of all machines where this one is the slowest, which sets the pace; else 0.
    """
    law = time_law(machine.process_time) if machine.process_time else deterministic(1 / machine.rated_rate_per_min)
    floors = [law.mean]
    if machines_of_slowest and line.nominal_rate_per_min is not None:
        floors.append(station.count / line.nominal_rate_per_min)
    for step in _steps(network, network.products[product].id):
        if step.minutes_per_unit is None or (step.lines and line.id not in step.lines):
            continue
        if step.equipment_kind == machine.kind:
            floors.append(step.minutes_per_unit)
        elif step.equipment_kind is None and machines_of_slowest:
            floors.append(step.minutes_per_unit * station.count / machines_of_slowest)
    slowest = max(floors)
    return law.scaled(slowest / law.mean) if slowest > law.mean * (1 + 1e-9) else law


def _steps(network: Network, product: str) -> list[RoutingStep]:
    return [step for step in network.routings if step.product == product]


def _slowest(rows: Sequence[tuple[Station, Equipment]]) -> str:
    return min(rows, key=lambda row: row[0].count * row[1].rated_rate_per_min)[0].id
