"""What a maker must offer for a station of a line: a requirement sheet that names no maker.

Rates and stops follow from the line as simulated: a machine that meets its sheet keeps the line at its rate, and what
the line can bear beyond that is found by worsening one machine at a time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from manyworks.model.equipment import Equipment
from manyworks.model.line import Station
from manyworks.model.network import Network
from manyworks.model.product import Product
from manyworks.twin.design.bound import availability
from manyworks.twin.design.document import hardest_product, open_program
from manyworks.twin.design.intervals import mean_interval
from manyworks.twin.design.rates import Observer, Rates, observe, watch_for
from manyworks.twin.intervals import Interval
from manyworks.twin.line_program import line_case
from manyworks.twin.machines import failure_modes, line_stations
from manyworks.twin.program import ENDLESS, LineProgram

RUNS = 16
"""Replications of the line and of each worse machine."""
ALLOWED_LOSS = 0.01
"""Share of the line's rate that a machine at the edge of its sheet may cost."""
FAT_HOURS, SAT_HOURS = 4.0, 8.0
"""Length of the acceptance tests at the maker's and on site."""
STEPS = (1.25, 1.5, 2.0, 3.0)
"""Factors on the length of a machine's stops that are tried."""
SPEEDS = (0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5)
"""Factors on its speed that are tried."""


@dataclass(frozen=True, kw_only=True)
class MachineRequirement:
    """Everything asked of the machines of one station; rates are units per minute of one machine.

    ``needed_per_min`` while the line makes its rate; ``rated_per_min`` at least: slower, and the line loses more than
    half of `ALLOWED_LOSS`; ``margin`` of the rated over the needed. ``availability`` at least, between its own stops;
    ``mttr_min`` at most; ``stops_factor`` by which its stops may be longer than those simulated, at that speed, for
    the line to lose no more than `ALLOWED_LOSS`. ``fat_units``, ``sat_units`` at least and ``sat_stops`` at most in
    the acceptance tests.
    """

    station: str
    function: str
    count: int
    needed_per_min: float
    rated_per_min: float
    availability: float
    mttr_min: float | None
    scrap_share: float
    stops_factor: float
    kw: float
    crew: float
    footprint_m2: float
    size_m: tuple[float, float] | None
    interface: str
    changeovers: tuple[tuple[str, float], ...]
    infeed: str
    outfeed: str
    lead_time_weeks: float
    fat_units: int
    sat_units: int
    sat_stops: int | None

    @property
    def margin(self) -> float:
        """Share by which the rated speed lies above what the line needs."""
        return self.rated_per_min / self.needed_per_min - 1


@dataclass(frozen=True, kw_only=True)
class RequirementSheet:
    """The sheet of a whole line: what it makes, at which rate, and each machine."""

    name: str
    line: str
    products: tuple[Product, ...]
    rate: Interval
    target_per_min: float | None
    machines: tuple[MachineRequirement, ...]
    hours_per_test: tuple[float, float]
    line_units: int
    seed: int

    @property
    def asked_per_min(self) -> float:
        """Good units per minute that the line is accepted at: the target, else the low end of what was simulated."""
        return self.target_per_min if self.target_per_min is not None else self.rate.low

    def to_markdown(self) -> str:
        """The sheet as Markdown text."""
        from manyworks.twin.design.requirement_words import sheet_words

        return sheet_words(self)


def requirement_sheet(
    network: Network,
    *,
    line: str,
    site: str | None = None,
    template: str | None = None,
    target_per_min: float | None = None,
    seed: int = 0,
    observer: Observer = observe,
) -> RequirementSheet:
    """What to ask makers for, station by station, of a line of the document.

    ``target_per_min`` good units at which the line is accepted; None: what it makes as simulated.

    Raises
    ------
    UsageError
        There is no such line.
    """
    product = hardest_product(network, line=line, site=site, template=template)
    program = open_program(network, line=line, site=site, template=template, product=product)
    case = line_case(network, line=line, site=site, template=template)
    rates = Rates(seed=seed, watch=watch_for([program]), observer=observer)
    base = rates(rates.add(program), range(RUNS))
    rate = mean_interval(base, 0.95)
    asked = target_per_min if target_per_min is not None else rate.low
    rows = line_stations(network, line)
    starts = _starts(program, asked)
    spread = float(np.std(base, ddof=1)) * math.sqrt(rates.watch.minutes / (SAT_HOURS * 60))
    passed = max(0.0, asked - 1.645 * spread)
    machines = tuple(
        _machine(rows, s, program, case.program, starts[s], passed / asked, _bearable(program, s, rates, base))
        for s in range(len(rows))
    )
    made = {name for name, _ in case.lots}
    return RequirementSheet(
        name=network.get("lines", line).name,
        line=line,
        products=tuple(row for row in network.products if row.id in made),
        rate=rate,
        target_per_min=target_per_min,
        machines=machines,
        hours_per_test=(FAT_HOURS, SAT_HOURS),
        line_units=math.floor(SAT_HOURS * 60 * passed),
        seed=seed,
    )


def _starts(program: LineProgram, asked: float) -> list[float]:
    """Units per minute that each station starts while the line makes ``asked`` good ones."""
    from manyworks.twin.design.cost import starts_per_min

    return [parts * program.units_per_part for parts in starts_per_min(program, asked)]


def _bearable(program: LineProgram, s: int, rates: Rates, base: NDArray[np.float64]) -> tuple[float, float]:
    """The lowest of `SPEEDS` and then the largest of `STEPS` on stops that cost the line no more than `ALLOWED_LOSS`.

    Half of the loss is kept for the stops; both are of this station alone, the others as simulated.
    """
    speed, stops = 1.0, 1.0
    for factor in SPEEDS:
        if not _is_bearable(_worse(program, s, factor, 1.0), rates, base, ALLOWED_LOSS / 2):
            break
        speed = factor
    for factor in STEPS if program.stations[s].failures else ():
        if not _is_bearable(_worse(program, s, speed, factor), rates, base, ALLOWED_LOSS):
            break
        stops = factor
    return speed, stops


def _worse(program: LineProgram, s: int, speed: float, stops: float) -> LineProgram:
    station = program.stations[s]
    slower = replace(
        station,
        work=tuple(law.scaled(1 / speed) for law in station.work),
        failures=tuple(replace(mode, to_repair=mode.to_repair.scaled(stops)) for mode in station.failures),
    )
    return replace(program, stations=(*program.stations[:s], slower, *program.stations[s + 1 :]))


def _is_bearable(worse: LineProgram, rates: Rates, base: NDArray[np.float64], loss: float) -> bool:
    lost = mean_interval(base - rates(rates.add(worse), range(len(base))), 0.95)
    return lost.high <= loss * float(base.mean())


def _machine(
    rows: Sequence[tuple[Station, Equipment]],
    s: int,
    program: LineProgram,
    whole: LineProgram,
    starts: float,
    passing: float,
    bearable: tuple[float, float],
) -> MachineRequirement:
    station, machine = rows[s]
    speed, factor = bearable
    rated = machine.rated_rate_per_min * speed
    row, count = program.stations[s], rows[s][0].count
    needed = starts / count
    minutes = FAT_HOURS * 60, SAT_HOURS * 60
    uptime = 1 / (1 + factor * (1 / availability(row) - 1))
    stops = _mean_stops(machine, SAT_HOURS * 60)
    return MachineRequirement(
        station=station.id,
        function=machine.kind.replace("_", " "),
        count=count,
        needed_per_min=needed,
        rated_per_min=rated,
        availability=uptime,
        mttr_min=machine.mttr_min or None,
        scrap_share=machine.scrap_share,
        stops_factor=factor,
        kw=machine.kw_execute,
        crew=machine.crew,
        footprint_m2=machine.footprint_m2,
        size_m=(machine.length_m, machine.width_m) if machine.length_m and machine.width_m else None,
        interface=machine.interface_profile,
        changeovers=_changeovers(whole, s),
        infeed=_place(whole, s, is_into=True),
        outfeed=_place(whole, s, is_into=False),
        lead_time_weeks=machine.lead_time_weeks,
        fat_units=math.floor(minutes[0] * rated * 0.98),
        sat_units=math.floor(minutes[1] * needed * passing),
        sat_stops=_most_stops(stops) if stops else None,
    )


def _mean_stops(machine: Equipment, minutes: float) -> float:
    return sum(minutes / mode.to_failure.mean for mode in failure_modes(machine))


def _most_stops(mean: float) -> int:
    """The number of stops that a machine as simulated exceeds in one test of twenty (Poisson)."""
    count, chance, total = 0, math.exp(-mean), math.exp(-mean)
    while total < 0.95:
        count += 1
        chance *= mean / count
        total += chance
    return count


def _changeovers(program: LineProgram, s: int) -> tuple[tuple[str, float], ...]:
    """Changes of this station, and of the line, in words with minutes; equal ones once, the longest first."""
    rows: dict[str, float] = {}
    for matrix in (program.stations[s].changeover_min, program.line_changeover_min):
        for a, row in enumerate(matrix):
            for b, minutes in enumerate(row):
                if minutes > 0:
                    words = f"{program.products[a]} to {program.products[b]}"
                    rows[words] = max(rows.get(words, 0.0), minutes)
    return tuple(sorted(rows.items(), key=lambda pair: (-pair[1], pair[0])))


def _place(program: LineProgram, s: int, *, is_into: bool) -> str:
    """What lies before or behind a station, in words."""
    names = [station.id for station in program.stations]
    words = []
    for p in program.into(s) if is_into else program.out_of(s):
        place = program.places[p]
        other = place.source if is_into else place.target
        side = "supply" if is_into and other < 0 else "end of the line" if other == -1 else "scrap"
        name = names[other] if other >= 0 else side
        held = place.capacity * program.units_per_part
        room = "" if place.capacity in (0, ENDLESS) else f", {held:,.0f} units between"
        words.append(f"{name}{room}")
    return "; ".join(words)
