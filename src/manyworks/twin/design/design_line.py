"""Choose machines, counts and buffers of a line for a rate at least cost.

1. Every machine of a station's kind is an option, in the fewest that keep up with the target alone and one more.
2. Machine sets come in order of cost. A set whose bound is below the target is out: no buffer mends it.
3. Each set gets the fewest rooms that reach the target, by a search under common random numbers; when the next set
   costs more without any buffer than the best line found, the search ends.
4. The lines found are tested against the target, cheapest first, on new replications (`first_to_reach`).
5. The rate of the chosen line is measured once more, on replications that no choice has seen.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from manyworks.errors import InfeasibleError, UsageError
from manyworks.model.equipment import Equipment
from manyworks.model.network import Network
from manyworks.twin.design.bound import rate_bound
from manyworks.twin.design.buffers import SEARCH, Search, Simulated, between, with_rooms
from manyworks.twin.design.cost import CostBasis, cost_basis, line_cost
from manyworks.twin.design.document import (
    gaps,
    group_size,
    hardest_product,
    line_from_routing,
    open_program,
    redesigned,
)
from manyworks.twin.design.intervals import mean_interval
from manyworks.twin.design.line_design import Candidate, LineDesign, Tried
from manyworks.twin.design.options import MOST_MACHINES, Catalogue, MachineOption, by_cost, catalogue
from manyworks.twin.design.rates import Observer, Rates, observe, watch_for
from manyworks.twin.design.selection import first_to_reach
from manyworks.twin.intervals import Interval
from manyworks.twin.program import LineProgram

TOLERANCE = 0.01
"""Share of the target by which a cheaper line may exceed it and still be missed."""
MOST_SETS = 60
"""Machine sets that get a search for buffers at most."""
MOST_ROOM_MIN = 15.0
"""Minutes of production that one buffer holds at most, where nothing else is asked."""
FINALISTS = 24
"""Lines that are tested at the end at most."""
UNSURE = 0.02
"""Share of the target that a simulated rate of the search may err by."""
CONFIRM = 40
"""Replications of the last measurement at first."""
MOST_CONFIRM = 640
"""Replications of the last measurement at most."""
LADDER = (1.0, 1.1, 1.25, 1.5, 2.0)
"""A line whose rooms seem enough in the search is also tested with so many times as many."""


def design_line(
    network: Network,
    *,
    target_rate_per_min: float,
    line: str | None = None,
    product: str | None = None,
    site: str | None = None,
    template: str | None = None,
    hours_per_year: float | None = None,
    years: float | None = None,
    cost_per_room: float = 0.0,
    floor_per_room_m2: float = 0.0,
    is_capex_only: bool = False,
    most_machines: int = MOST_MACHINES,
    most_rooms: int | None = None,
    tolerance: float = TOLERANCE,
    confidence: float = 0.95,
    seed: int = 0,
    say: Callable[[str], None] = lambda _: None,
    observer: Observer = observe,
) -> LineDesign:
    """The cheapest line of catalogue machines that makes ``target_rate_per_min`` good units per open minute.

    Parameters
    ----------
    line
        Line whose stations say which kinds of machine are needed, in which flow; None: one station for each operation
        of the routing of ``product``.
    product
        What it is designed for; None: the product of which the line as it stands makes the fewest.
    site
        Whose wages, power and rent count; None: the means over all sites.
    hours_per_year, years
        Open hours, and years that are counted; None: 4000 hours, and the years of the document.
    cost_per_room, floor_per_room_m2
        Price and floor of one unit of buffer; with neither, the fewest rooms are still preferred.
    is_capex_only
        Count what is paid at the start alone.
    most_machines, most_rooms
        Machines of a station, and units of one buffer, at most; None: 15 minutes of production.
    tolerance
        Share of the target by which a cheaper line may exceed it and still be missed.

    Raises
    ------
    InfeasibleError
        No machines of the catalogue reach the target; the message says which rate can be reached.
    UsageError
        Arguments that fit no line.
    """
    began = time.perf_counter()
    _require(network, line, product, target_rate_per_min, tolerance, most_machines)
    if line is None:
        network, line = line_from_routing(network, str(product))
    named = product if product is not None else hardest_product(network, line=line, site=site, template=template)
    basis = cost_basis(
        network, site=site, hours_per_year=hours_per_year, years=years, cost_per_room=cost_per_room,
        floor_per_room_m2=floor_per_room_m2, is_capex_only=is_capex_only,
    )  # fmt: skip
    maker = _Maker(network, line, named, target_rate_per_min, basis, group_size(network, line, target_rate_per_min))
    options = catalogue(
        network, line, target_rate_per_min, product=named, units=maker.units, cost=maker.least_cost, most=most_machines
    )
    _require_fast_enough(options, target_rate_per_min, most_machines)
    room = most_rooms if most_rooms is not None else round(MOST_ROOM_MIN * target_rate_per_min)
    hunt = _Hunt(maker=maker, target=target_rate_per_min, room=room, seed=seed, observer=observer, say=say)
    hunt.run(options, target_rate_per_min * (1 + tolerance))
    return _chosen(hunt, options, tolerance, confidence, began)


@dataclass
class _Maker:
    """Makes programs and costs of machine sets."""

    network: Network
    line: str
    product: str
    target: float
    basis: CostBasis
    units: int

    def __post_init__(self) -> None:
        self._base = open_program(self.network, line=self.line, product=self.product, units=self.units)
        self._at = {station.id: s for s, station in enumerate(self._base.stations)}
        self.gaps = tuple(gaps(self._base))
        self.places = between(self._base)

    def least_cost(self, station: str, machine: Equipment, count: int) -> float:
        """Cost of one station's machines as if nothing behind it spoiled a unit: never above what a line counts."""
        program = self._program({station: (machine.id, count)})
        alone = replace(program, stations=(program.stations[self._at[station]],))
        return line_cost(self.basis, alone, [machine], 0, self.target).total

    def candidate(self, machines: tuple[MachineOption, ...], rooms_parts: tuple[int, ...]) -> Candidate:
        """The line with these machines and rooms, counted in parts."""
        program = with_rooms(self.program(machines), self.places, rooms_parts)
        rooms = tuple(parts * self.units for parts in rooms_parts)
        cost = line_cost(self.basis, program, [option.machine for option in machines], sum(rooms), self.target)
        bound = rate_bound(program).rate_per_min
        return Candidate(machines=machines, gaps=self.gaps, rooms=rooms, cost=cost, bound=bound, program=program)

    def program(self, machines: tuple[MachineOption, ...]) -> LineProgram:
        """The line with these machines."""
        return self._program({option.station: (option.machine.id, option.count) for option in machines})

    def _program(self, choice: dict[str, tuple[str, int]]) -> LineProgram:
        other = redesigned(self.network, self.line, choice)
        return open_program(other, line=self.line, product=self.product, units=self.units)


@dataclass
class _Hunt:
    """The search over machine sets and rooms; ``found`` lines that reach the target, as far as the search can tell."""

    maker: _Maker
    target: float
    room: int
    seed: int
    observer: Observer
    say: Callable[[str], None]
    found: list[Candidate] = field(default_factory=list)
    missed: list[tuple[Candidate, Interval]] = field(default_factory=list)
    too_slow: int = 0
    too_dear: int = 0
    looked_at: int = 0
    skipped: int = 0
    runs: int = 0
    limit: float = float("inf")

    def run(self, options: Catalogue, safe: float) -> None:
        """Go through machine sets by cost; ``safe`` is a rate that leaves no doubt about the target."""
        passed = 0
        for machines in by_cost(options.stations):
            if sum(option.cost for option in machines) > self.limit:
                break
            passed += 1
            bare = self.maker.candidate(machines, (0,) * len(self.maker.places))
            if bare.bound < self.target:
                self.too_slow += 1
            elif bare.cost.total > self.limit:
                self.too_dear += 1
            elif self.looked_at == MOST_SETS:
                self.skipped += 1
            else:
                self.limit = min(self.limit, self._look(bare, safe))
        self.too_dear += options.sets - passed

    def _look(self, bare: Candidate, safe: float) -> float:
        """Find rooms for a machine set; cost of the line that reaches the target without doubt, or no limit."""
        self.looked_at += 1
        places = self.maker.places
        if not places:
            return self._look_at_rooms(bare, (), safe)
        judge = Simulated(bare.program, places, self.seed, self.observer)
        most = max(1, self.room // self.maker.units)
        search = Search(judge=judge, places=len(places), least=0, most=most)
        full = (most,) * len(places)
        paid = min(search.largest, self._affordable(bare))
        if paid < search.largest and judge.value(search.scaled(paid)) < self.target * (1 - UNSURE):
            self.say(f"{bare.name}: too dear with the rooms that it needs")
            limit = self.limit
        elif judge.value(full) < self.target:
            self.missed.append((self.maker.candidate(bare.machines, full), judge.allocation(full).rate))
            self.say(f"{bare.name}: misses with {judge.value(full):.5g}/min, whatever its buffers")
            limit = float("inf")
        else:
            limit = self._ladder(bare, search, judge, safe)
        self.runs += judge.runs
        return limit

    def _affordable(self, bare: Candidate) -> int:
        """Rooms, in parts, with which the line still costs less than the best found."""
        room = self.maker.basis.room * self.maker.units
        return int((self.limit - bare.cost.total) / room) if room > 0 and self.limit < float("inf") else 1 << 40

    def _ladder(self, bare: Candidate, search: Search, judge: Simulated, safe: float) -> float:
        """Keep the line with the fewest rooms that seem enough, and with more; cost of the first beyond doubt."""
        even = search.fewest(self.target, is_scaled=True)
        assert even is not None  # with all its rooms it reaches the target
        search.best(even)
        total = search.fewest(self.target, is_scaled=True) or even
        totals = sorted({min(search.largest, max(total + k, round(more * total))) for k, more in enumerate(LADDER)})
        limit = float("inf")
        for rooms in map(search.scaled, totals):
            self.found.append(self.maker.candidate(bare.machines, rooms))
            if judge.allocation(rooms).rate.low >= safe:
                limit = min(limit, self.found[-1].cost.total)
        first = self.found[-len(totals)]
        self.say(f"{first.name}: about enough, cost {first.cost.total:,.0f}")
        return limit

    def _look_at_rooms(self, bare: Candidate, rooms: tuple[int, ...], safe: float) -> float:
        """A line of one machine has no rooms to choose."""
        rates = Rates(seed=self.seed, watch=watch_for([bare.program]), observer=self.observer)
        rate = mean_interval(rates(rates.add(bare.program), range(SEARCH)), 0.95)
        self.runs += rates.runs
        if rate.mean < self.target:
            self.missed.append((bare, rate))
            return float("inf")
        self.found.append(self.maker.candidate(bare.machines, rooms))
        return bare.cost.total if rate.low >= safe else float("inf")


def _chosen(hunt: _Hunt, options: Catalogue, tolerance: float, confidence: float, began: float) -> LineDesign:
    """Test the lines found, cheapest first, and measure the first that reaches the target."""
    maker, target = hunt.maker, hunt.target
    missed = [candidate for candidate, rate in hunt.missed if rate.high >= target]
    finalists = sorted([*hunt.found, *missed], key=lambda c: (c.cost.total, sum(c.rooms)))[:FINALISTS]
    if not hunt.found:
        raise _out_of_reach(hunt)
    watch = watch_for([candidate.program for candidate in finalists])
    fresh = Rates(seed=hunt.seed + 1, watch=watch, observer=hunt.observer)
    for candidate in finalists:
        fresh.add(candidate.program)
    verdicts = first_to_reach(
        fresh, len(finalists), target, tolerance=tolerance * target, confidence=confidence, first=SEARCH,
        most=40 * SEARCH,
    )  # fmt: skip
    if verdicts.chosen is None:
        hunt.missed += [(c, mean_interval(fresh(i, range(SEARCH)), 0.95)) for i, c in enumerate(finalists)]
        raise _out_of_reach(hunt)
    last = Rates(seed=hunt.seed + 2, watch=watch, observer=hunt.observer)
    chosen = finalists[verdicts.chosen]
    rate = _measured(last, chosen.program, tolerance * target / 2, confidence)
    tested = [
        Tried(
            candidate=candidate,
            rate=mean_interval(fresh(i, range(max(SEARCH, int(verdicts.replications[i])))), confidence),
            reaches=verdicts.reaches[i],
            is_chosen=i == verdicts.chosen,
        )
        for i, candidate in enumerate(finalists)
    ]
    clear = [Tried(candidate=c, rate=rate, reaches=False) for c, rate in hunt.missed if rate.high < target]
    tried = tuple(sorted([*tested, *clear], key=lambda row: (row.candidate.cost.total, row.candidate.name)))
    return LineDesign(
        network=_document(maker, chosen),
        line=maker.line,
        product=maker.product,
        target_per_min=target,
        chosen=chosen,
        rate=rate,
        tried=tried,
        confidence=confidence,
        tolerance=verdicts.tolerance,
        basis=maker.basis,
        sets=options.sets,
        too_slow=hunt.too_slow,
        too_dear=hunt.too_dear,
        looked_at=hunt.looked_at,
        skipped=hunt.skipped,
        runs=hunt.runs + fresh.runs + last.runs,
        seed=hunt.seed,
        seconds=time.perf_counter() - began,
    )


def _measured(rates: Rates, program: LineProgram, half_width: float, confidence: float) -> Interval:
    """The rate of a program, with twice the replications as long as its interval is too wide."""
    number, runs = rates.add(program), CONFIRM
    while True:
        found = mean_interval(rates(number, range(runs)), confidence)
        if found.half_width <= half_width or runs >= MOST_CONFIRM:
            return found
        runs *= 2


def _document(maker: _Maker, chosen: Candidate) -> Network:
    """The document with the chosen line in it."""
    choice = {option.station: (option.machine.id, option.count) for option in chosen.machines}
    network = redesigned(maker.network, maker.line, choice, dict(zip(chosen.gaps, chosen.rooms, strict=True)))
    area = sum(option.count * option.machine.footprint_m2 for option in chosen.machines)
    area += maker.basis.floor_per_room_m2 * sum(chosen.rooms)
    lines = [
        row.model_copy(update={"footprint_m2": area or row.footprint_m2, "capex": chosen.cost.capex})
        if row.id == maker.line
        else row
        for row in network.lines
    ]
    return network.model_copy(update={"lines": lines})


def _out_of_reach(hunt: _Hunt) -> InfeasibleError:
    best, rate = max(hunt.missed, key=lambda pair: pair[1].mean)
    return InfeasibleError(
        f"no line reaches {hunt.target:.6g} good units/min: the best of {hunt.looked_at} simulated makes "
        f"{rate.mean:.5g}/min, with {best.name}; {hunt.too_slow} machine sets cannot whatever their buffers"
    )


def _require_fast_enough(options: Catalogue, target: float, most: int) -> None:
    short = [(station, rate) for station, rate in options.reach if rate < target]
    if short:
        words = ", ".join(f"{station} {rate:.5g}" for station, rate in short)
        raise InfeasibleError(
            f"no machines of the catalogue reach {target:.6g} good units/min, up to {most} side by side: the best make "
            f"{words}; the most that the whole line can reach is {min(rate for _, rate in short):.5g}"
        )


def _require(
    network: Network, line: str | None, product: str | None, target: float, tolerance: float, most: int
) -> None:
    faults = []
    if not target > 0:
        faults.append(f"the target must be > 0 units/min, found {target}")
    if not 0 < tolerance < 0.5:
        faults.append(f"the tolerance must be a share from 0 to 0.5, found {tolerance}")
    if most < 1:
        faults.append(f"a station needs at least one machine, found at most {most}")
    if line is None and product is None:
        faults.append("name a line, or a product with a routing")
    if line is not None and line not in {row.line for row in network.stations}:
        known = ", ".join(dict.fromkeys(row.line for row in network.stations)) or "none"
        faults.append(f"line {line} has no stations to choose machines for; lines with stations: {known}")
    if faults:
        raise UsageError("; ".join(faults), where="design_line")
