"""Whether a line belongs to a class with an exact answer, and that answer.

Classes, tried in this order: one station with arrivals (M/M/c, M/G/1); one station that is never starved; open network
with rework (Jackson); a constant number of parts (CONWIP); any row of stations with exponential times and few enough
states (Markov chain). All of one product, without changeovers, operators, closed time or travel.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from manyworks.model.times import TimeLaw
from manyworks.twin.exact.chain import Row, TooLargeError, row_rate
from manyworks.twin.exact.networks import conwip, jackson
from manyworks.twin.exact.queues import machines_up, mg1, mmc
from manyworks.twin.exact.record import ExactAnswer
from manyworks.twin.program import ENDLESS, OUTSIDE, SCRAP, LineProgram, StationProgram


def exact_answer(program: LineProgram) -> ExactAnswer | None:
    """Long-run rate of a line without chance; None where none is known, or the chain has too many states."""
    if not _is_plain(program):
        return None
    for recognise in CLASSES:
        answer = recognise(program)
        if answer is not None:
            return answer
    return None


def _is_plain(program: LineProgram) -> bool:
    """One product without end, and nothing that no class knows."""
    product = program.runs[0].product
    return (
        all(run.product == product for run in program.runs)
        and (program.repeats or program.runs[-1].units >= ENDLESS)
        and not program.closed
        and len(_supplies(program)) == 1
        and all(not station.joins and not station.is_external and not station.operators for station in program.stations)
        and all(place.travel_min == 0 and (not place.products or product in place.products) for place in program.places)
    )


def _queue(program: LineProgram) -> ExactAnswer | None:
    """M/M/c, or M/G/1 with stops as part of the time at the server."""
    if not _is_open(program) or not _is_alone(program) or program.arrivals is None:
        return None
    station, rate = program.stations[0], 1 / program.arrivals.mean
    work = station.work[program.runs[0].product]
    if rate * _completion(station, work)[0] >= station.servers:
        return None
    if not station.failures and work.kind == "exponential":
        return _good_share(program, mmc(rate, 1 / work.mean, station.servers))
    if station.servers == 1 and _stops_only_at_work(station) and station.repair_crew is None:
        return _good_share(program, mg1(rate, *_completion(station, work)))
    return None


def _alone(program: LineProgram) -> ExactAnswer | None:
    """One station that always has work: servers that run, over the mean time of a part; any laws."""
    if not _is_alone(program) or program.arrivals is not None:
        return None
    station, work = program.stations[0], program.stations[0].work[program.runs[0].product]
    servers = min(station.servers, program.wip_limit or station.servers)
    if _always_enough_repairers(program, station) and all(mode.clock == "operation" for mode in station.failures):
        rate = servers / _renewal_time(station, work)
        found = ExactAnswer(
            method="one station, always at work", source=SMITH, rate_per_min=rate, wip=float(servers), states=None
        )
        return _good_share(program, found)
    if servers == station.servers and len(station.failures) == 1 and _stops_only_at_work(station, repairs=True):
        mode = station.failures[0]
        people = program.crews[station.repair_crew].people if station.repair_crew is not None else servers
        up = machines_up(servers, people, 1 / mode.to_failure.mean, 1 / mode.to_repair.mean)
        found = ExactAnswer(
            method="machine repair", source=GROSS, rate_per_min=up / work.mean, wip=float(servers), states=servers + 1
        )
        return _good_share(program, found)
    return None


def _jackson(program: LineProgram) -> ExactAnswer | None:
    """Rooms without end, arrivals by chance, parts sent on by shares."""
    if not _is_open(program) or not _is_exponential(program) or any(s.failures for s in program.stations):
        return None
    shares = _routing(program)
    if shares is None or program.arrivals is None:
        return None
    arrivals = np.zeros(len(program.stations))
    arrivals[program.places[_supplies(program)[0]].target] = 1 / program.arrivals.mean
    product = program.runs[0].product
    rates = [1 / station.work[product].mean for station in program.stations]
    try:
        return jackson(arrivals, shares[:, :-1], rates, [s.servers for s in program.stations], shares[:, -1])
    except ValueError:  # some station cannot keep up
        return None


def _conwip(program: LineProgram) -> ExactAnswer | None:
    """A limit on parts inside, rooms that never fill, exponential times."""
    limit, row = program.wip_limit, _row(program)
    if row is None or limit is None or row.arrival_rate or any(station.failures for station in row.stations):
        return None
    if any(row.scrap_share(s) for s in range(len(row.stations))) or min((*row.rooms[1:], limit)) < limit:
        return None
    rates = [row.work_rate(station) for station in range(len(row.stations))]
    return conwip(rates, [station.servers for station in row.stations], limit)


def _chain(program: LineProgram) -> ExactAnswer | None:
    """A row of stations with exponential times."""
    row = _row(program)
    if row is None or (row.arrival_rate and (row.wip_limit is not None or row.rooms[0] >= ENDLESS)):
        return None
    if row.wip_limit is None and max((0, *row.rooms[1:])) >= ENDLESS:
        return None
    try:
        return row_rate(row)
    except TooLargeError:
        return None


CLASSES: tuple[Callable[[LineProgram], ExactAnswer | None], ...] = (_queue, _alone, _jackson, _conwip, _chain)
SMITH = "Smith (1955), doi:10.1098/rspa.1955.0198 (renewal reward)"
GROSS = "Gross et al. (2008), Fundamentals of Queueing Theory, section 2.7"


def _row(program: LineProgram) -> Row | None:
    """The line as a row of stations, in order of the flow; None when it branches or a time is not exponential."""
    if not _is_exponential(program):
        return None
    order, rooms, place = [], [], _supplies(program)[0]
    while program.places[place].target != OUTSIDE:
        station = program.places[place].target
        if station in order or station == SCRAP or len(program.into(station)) != 1:
            return None
        order.append(station)
        rooms.append(program.places[place].capacity)
        onward = program.out_of(station)
        if len(onward) != 1 or program.places[onward[0]].share not in (None, 1.0):
            return None
        place = onward[0]
    if len(order) != len(program.stations):
        return None
    stations = tuple(program.stations[station] for station in order)
    return Row(
        stations=stations,
        rooms=tuple(rooms),
        product=program.runs[0].product,
        arrival_rate=0.0 if program.arrivals is None else 1 / program.arrivals.mean,
        is_lossy=program.is_lossy,
        wip_limit=program.wip_limit,
        people=tuple(None if s.repair_crew is None else program.crews[s.repair_crew].people for s in stations),
    )


def _routing(program: LineProgram) -> NDArray[np.float64] | None:
    """Share of each station's parts that goes to each station, and, in the last column, leaves as good."""
    count = len(program.stations)
    shares = np.zeros((count, count + 1))
    for station in range(count):
        scrap = _scrap_share(program, station)
        onward = [program.places[place] for place in program.out_of(station)]
        rest = 1 - math.fsum(place.share or 0.0 for place in onward)
        if sum(place.share is None for place in onward) != (1 if rest > 1e-12 else 0):
            return None
        for place in onward:
            if place.target != SCRAP:
                column = count if place.target == OUTSIDE else place.target
                shares[station, column] += (1 - scrap) * (rest if place.share is None else place.share)
    return shares


def _is_exponential(program: LineProgram) -> bool:
    laws = [station.work[program.runs[0].product] for station in program.stations]
    laws += [law for s in program.stations for mode in s.failures for law in (mode.to_failure, mode.to_repair)]
    laws += [program.arrivals] if program.arrivals is not None else []
    return all(law.kind == "exponential" for law in laws)


def _is_open(program: LineProgram) -> bool:
    """Whether parts arrive by chance and nobody ever finds a place full."""
    arrivals = program.arrivals
    if arrivals is None or arrivals.kind != "exponential" or program.wip_limit is not None:
        return False
    return all(place.capacity >= ENDLESS for place in program.places if place.target >= 0)


def _is_alone(program: LineProgram) -> bool:
    return len(program.stations) == 1 and all(OUTSIDE in (place.source, place.target) for place in program.places)


def _stops_only_at_work(station: StationProgram, *, repairs: bool = False) -> bool:
    """Whether stops strike work alone and at random; with ``repairs``, whether these too are exponential breakdowns."""
    return all(
        mode.clock == "operation"
        and mode.to_failure.kind == "exponential"
        and (not repairs or (mode.to_repair.kind == "exponential" and not mode.is_minor))
        for mode in station.failures
    )


def _always_enough_repairers(program: LineProgram, station: StationProgram) -> bool:
    return station.repair_crew is None or program.crews[station.repair_crew].people >= station.servers


def _renewal_time(station: StationProgram, work: TimeLaw) -> float:
    """Mean time from part to part of a server that never waits: work and the stops that it brings, minutes."""
    return work.mean * (1 + math.fsum(mode.to_repair.mean / mode.to_failure.mean for mode in station.failures))


def _completion(station: StationProgram, work: TimeLaw) -> tuple[float, float]:
    """Mean and variance of work and its stops, which come at random: a compound Poisson number of repairs."""
    longer = _renewal_time(station, work) / work.mean
    repairs = math.fsum(
        (mode.to_repair.variance + mode.to_repair.mean**2) / mode.to_failure.mean for mode in station.failures
    )
    return work.mean * longer, work.variance * longer**2 + work.mean * repairs


def _good_share(program: LineProgram, answer: ExactAnswer) -> ExactAnswer:
    """The answer with what the only station, and the places behind it, leave as good."""
    shares = _routing(program)
    good = 0.0 if shares is None else float(shares[0, -1])
    return ExactAnswer(
        method=answer.method,
        source=answer.source,
        rate_per_min=answer.rate_per_min * good,
        wip=answer.wip,
        states=answer.states,
    )


def _scrap_share(program: LineProgram, station: int) -> float:
    shares = program.stations[station].scrap_share
    return shares[program.runs[0].product] if shares else 0.0


def _supplies(program: LineProgram) -> list[int]:
    """Places from the supply."""
    return program.out_of(OUTSIDE)
