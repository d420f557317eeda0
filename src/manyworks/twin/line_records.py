"""A `LineProgram` written down as the records of the engine: how many of each, and what stands in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.model.times import TimeLaw
from manyworks.twin.draws import TICKS_PER_MINUTE, law_records
from manyworks.twin.program import ENDLESS, OUTSIDE, LineProgram, Matrix, StationProgram
from manyworks.twin.states import POWER, Doing

SPARE_PARTS = 256
"""Parts at first for places without end; the block grows when there are more."""


def to_ticks(minutes: float) -> int:
    """Whole microseconds, to the nearest."""
    return int(minutes * TICKS_PER_MINUTE + 0.5)


@dataclass
class Tables:
    """Positions of what the records point to, while they are written."""

    laws: list[TimeLaw] = field(default_factory=list)
    keys: list[tuple[int, int]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)

    def stream(self, station: int, purpose: int) -> int:
        """A new stream."""
        self.keys.append((station, purpose))
        return len(self.keys) - 1

    def law(self, *laws: TimeLaw) -> int:
        """Laws in a row; where they begin."""
        self.laws += laws
        return len(self.laws) - len(laws)

    def row(self, numbers: list[int]) -> int:
        """Numbers in a row; where they begin."""
        self.numbers += numbers
        return len(self.numbers) - len(numbers)

    def matrix(self, minutes: Matrix) -> int:
        """A matrix of times; where it begins, -1 when it is empty or all zero."""
        ticks = [to_ticks(value) for row in minutes for value in row]
        return self.row(ticks) if any(ticks) else -1


@dataclass(frozen=True)
class Records:
    """All records of a line at its beginning, by name, and the key of each stream, shape (streams, 2)."""

    arrays: dict[str, NDArray[Any]]
    keys: NDArray[np.int64]


def line_records(program: LineProgram) -> Records:
    """Records of a line that has not begun."""
    from manyworks.twin.engine.layout import KINDS

    writer = _Writer(program)
    writer.write_servers()
    writer.write_places()
    writer.write_stations()
    writer.write_rest()
    arrays = writer.arrays
    for name, kind in KINDS.items():
        arrays[name] = np.ascontiguousarray(arrays[name], kind)
    return Records(arrays, np.array(writer.tables.keys, np.int64).reshape(-1, 2))


class _Writer:
    """Writes one kind of record after the other."""

    def __init__(self, program: LineProgram) -> None:
        from manyworks.twin.engine import layout

        self.program = program
        self.tables = Tables()
        counts = {
            "clock": 1,
            "stations": len(program.stations),
            "servers": sum(station.servers for station in program.stations),
            "places": len(program.places),
            "modes": sum(len(station.failures) for station in program.stations),
            "limits": sum(station.servers * len(station.failures) for station in program.stations),
            "products": len(program.products),
            "crews": len(program.crews),
            "runs": len(program.runs) + 1,
            "closed": len(program.closed),
        }
        self.arrays: dict[str, NDArray[Any]] = {
            name: np.zeros(count, layout.KINDS[name]) for name, count in counts.items()
        }
        self.clock: Any = self.arrays["clock"][0]

    def write_servers(self) -> None:
        """Servers, the limits of their failure modes, and the slots of all events."""
        first_product = self.program.runs[0].product
        servers, limits, modes = self.arrays["servers"], self.arrays["limits"], self.arrays["modes"]
        servers["part"] = servers["route"] = servers["next_waiting"] = servers["failing"] = servers["mode"] = -1
        servers["set_up"] = first_product
        servers["slot"] = np.arange(len(servers)) + 2
        limits["slot"] = -1
        slot, k, at, mode = len(servers) + 2, 0, 0, 0
        self.clock["first_clock"] = slot
        for s, station in enumerate(self.program.stations):
            for failure in station.failures:
                modes["is_timed"][mode] = failure.clock == "time"
                mode += 1
            for _ in range(station.servers):
                servers["station"][k], servers["first_limit"][k] = s, at
                for m, failure in enumerate(station.failures):
                    if failure.clock == "time":
                        self.tables.row([k, m])
                        limits["slot"][at] = slot
                        slot += 1
                    at += 1
                k += 1
        self._write_slots(slot)

    def _write_slots(self, slot: int) -> None:
        program, places = self.program, self.arrays["places"]
        places["slot"] = places["arrival_slot"] = places["travelling"] = -1
        self.clock["first_travel"] = slot
        for p, place in enumerate(program.places):
            if place.travel_min > 0 and not self._is_endless(p):
                places["slot"][p] = slot
                self.tables.row([p])
                slot += 1
        self.clock["first_arrival"] = slot
        for p, place in enumerate(program.places):
            if place.source == OUTSIDE and program.arrivals is not None:
                places["arrival_slot"][p] = slot
                self.tables.row([p])
                slot += 1
        bits = max(slot - 1, 1).bit_length()
        self.clock["slots"], self.clock["shift"] = slot, bits
        self.clock["leaves"], self.clock["mask"] = 1 << bits, (1 << bits) - 1

    def _is_endless(self, p: int) -> bool:
        return self.program.places[p].source == OUTSIDE and self.program.arrivals is None

    def write_places(self) -> None:
        """Places, and the runs that those from the supply give."""
        from manyworks.twin.engine.streams import ARRIVAL

        program, records = self.program, self.arrays["places"]
        for p, place in enumerate(program.places):
            record: Any = records[p]
            record["source"], record["target"], record["capacity"] = place.source, place.target, place.capacity
            record["travel"], record["quantity"] = to_ticks(place.travel_min), place.quantity
            record["is_named"], record["has_share"] = bool(place.products), place.share is not None
            record["share"] = place.share or 0.0
            record["first_named"] = self.tables.row(
                [int(not place.products or product in place.products) for product in range(len(program.products))]
            )
            record["head"] = record["tail"] = -1
            if place.source == OUTSIDE:
                record["is_supply"], record["is_endless"] = 1, self._is_endless(p)
                record["factor"] = units_factor(program, p)
                units = program.runs[0].units
                record["left"] = ENDLESS if units >= ENDLESS else units * int(record["factor"])
                record["product"] = program.runs[0].product
                if program.arrivals is not None:
                    record["arrival_stream"] = self.tables.stream(p, ARRIVAL)

    def write_stations(self) -> None:
        """Stations, their laws, and their failure modes."""
        program, records = self.program, self.arrays["stations"]
        server = mode = 0
        for s, station in enumerate(program.stations):
            record: Any = records[s]
            into, out = program.into(s), program.out_of(s)
            record["first_server"], record["servers"] = server, station.servers
            record["first_in"], record["ins"] = self.tables.row(into), len(into)
            record["first_out"], record["outs"] = self.tables.row(out), len(out)
            record["joins"], record["is_external"] = station.joins, station.is_external
            record["group"] = sum(program.places[p].quantity for p in into) if station.joins else 1
            record["feeder"] = into[0] if len(into) == 1 and not station.joins else -1
            record["only_out"] = out[0] if len(out) == 1 else -1
            record["idle"], record["speed"] = station.servers, 1.0
            record["first_mode"], record["modes"] = mode, len(station.failures)
            self._write_people(record, station)
            self._write_luck(record, s, station)
            self._write_modes(mode, s, station)
            server, mode = server + station.servers, mode + len(station.failures)

    def _write_people(self, record: Any, station: StationProgram) -> None:
        has_operators = station.operator_crew is not None and station.operators > 0
        record["operator_crew"] = station.operator_crew if has_operators else -1
        record["operators"] = station.operators if has_operators else 0
        record["repair_crew"] = -1 if station.repair_crew is None else station.repair_crew

    def _write_luck(self, record: Any, s: int, station: StationProgram) -> None:
        from manyworks.twin.engine.streams import ROUTE_LUCK, SCRAP_LUCK, WORK

        tables = self.tables
        record["first_work"], record["work_stream"] = tables.law(*station.work), tables.stream(s, WORK)
        record["first_changeover"] = tables.matrix(station.changeover_min)
        record["first_scrap"] = -1
        if any(share > 0 for share in station.scrap_share):
            record["first_scrap"], record["scrap_stream"] = len(tables.shares), tables.stream(s, SCRAP_LUCK)
            tables.shares += station.scrap_share
        if any(self.program.places[p].share is not None for p in self.program.out_of(s)):
            record["has_shares"], record["route_stream"] = 1, tables.stream(s, ROUTE_LUCK)

    def _write_modes(self, first: int, s: int, station: StationProgram) -> None:
        from manyworks.twin.engine.streams import TO_FAILURE, TO_REPAIR

        for m, failure in enumerate(station.failures):
            record: Any = self.arrays["modes"][first + m]
            record["to_failure"] = self.tables.law(failure.to_failure)
            record["to_repair"] = self.tables.law(failure.to_repair)
            record["is_minor"] = failure.is_minor
            record["failure_stream"] = self.tables.stream(s, TO_FAILURE + 2 * m)
            record["repair_stream"] = self.tables.stream(s, TO_REPAIR + 2 * m)

    def write_rest(self) -> None:
        """Crews, runs, closed time, parts, and the account of the whole line."""
        from manyworks.twin.engine.layout import TRACE
        from manyworks.twin.engine.streams import STREAM

        program, clock, arrays = self.program, self.clock, self.arrays
        arrays["crews"]["people"] = arrays["crews"]["free"] = [crew.people for crew in program.crews]
        arrays["crews"]["first"] = arrays["crews"]["last"] = -1
        arrays["runs"]["product"] = [*(run.product for run in program.runs), 0]
        arrays["runs"]["units"] = [*(run.units for run in program.runs), ENDLESS]
        for span, (start, end) in zip(arrays["closed"], program.closed, strict=True):
            span["start"], span["end"] = to_ticks(start), to_ticks(end)
        clock["closings"], clock["closed_period"] = len(program.closed), to_ticks(program.closed_period_min or 0.0)
        clock["runs"], clock["repeats"], clock["products"] = len(program.runs), program.repeats, len(program.products)
        clock["is_lossy"], clock["last_product"] = program.is_lossy, program.runs[0].product
        clock["arrival_law"] = -1 if program.arrivals is None else self.tables.law(program.arrivals)
        clock["most_inside"] = ENDLESS if program.wip_limit is None else program.wip_limit
        clock["line_changes"] = self.tables.matrix(program.line_changeover_min)
        clock["has_line_change"] = clock["line_changes"] >= 0
        spoiled = [units for row in program.startup_scrap for units in row]
        clock["startup_scrap"] = self.tables.row(spoiled) if any(spoiled) else -1
        self._write_parts()
        arrays["laws"], arrays["values"] = law_records(self.tables.laws)
        arrays["streams"] = np.zeros(len(self.tables.keys), STREAM)
        arrays["numbers"] = np.array(self.tables.numbers or [0])
        arrays["shares"] = np.array(self.tables.shares or [0.0])
        arrays["ticks"] = np.zeros(10 * len(arrays["servers"]))
        arrays["watts"] = np.array(
            [1000.0 * station.kw.get(POWER[doing], 0.0) for station in program.stations for doing in Doing]
        )
        arrays["tree"] = np.full(2 << int(clock["shift"]), (1 << 63) - 1)
        arrays["listed"] = np.zeros(len(program.stations))
        arrays["trace"] = np.zeros(0, TRACE)

    def _write_parts(self) -> None:
        from manyworks.twin.engine.layout import PART

        program, stations = self.program, self.arrays["stations"]
        reserve = int((stations["servers"] * stations["group"]).sum()) + len(program.places) + 1
        count = reserve + len(self.arrays["servers"])
        for p, place in enumerate(program.places):
            if not self._is_endless(p):
                count += min(place.capacity, SPARE_PARTS)
        self.clock["reserve"], self.clock["free_count"] = reserve, count
        self.arrays["parts"] = np.zeros(count, PART)
        self.arrays["parts"]["next"] = [*range(1, count), -1]


def units_factor(program: LineProgram, p: int) -> int:
    """Parts of a place from the supply that reach one good unit: the quantities of the joining stations on its way."""
    factor, seen = 1, set()
    while p not in seen and program.places[p].target >= 0:
        seen.add(p)
        place = program.places[p]
        if program.stations[place.target].joins:
            factor *= place.quantity
        onward = [q for q in program.out_of(place.target) if not program.places[q].is_rework]
        onward = [q for q in onward if program.places[q].target != -2] or onward
        if not onward:
            break
        p = onward[0]
    return factor
