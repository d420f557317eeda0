"""What is wrong with a line before it runs: every fault at once, with its place, what was found, and its cure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from manyworks.errors import DocumentError, Issue
from manyworks.twin.program import ENDLESS, OUTSIDE, SCRAP, LineProgram, Place, StationProgram
from manyworks.twin.states import POWER

MOST_SLOTS = 1 << 13
"""The calendar has one slot for each server, each clock by time, each place with travel, and each arrival."""
NEARLY = 1e-9


def program_faults(program: LineProgram) -> list[Issue]:
    """Every fault, in the order of the program; empty when it can be run."""
    broken = list(_shape_faults(program))
    if broken:  # positions that lead nowhere: nothing more can be said
        return broken
    faults = [fault for s in range(len(program.stations)) for fault in _station_faults(program, s)]
    faults += [fault for place in program.places for fault in _place_faults(program, place)]
    faults += _run_faults(program)
    faults += _closed_faults(program)
    if not faults:
        faults += _way_faults(program)
    return faults


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


def _fault(path: str, message: str, found: object, cure: str) -> Issue:
    return Issue(rule="line-program", severity="error", path=path, message=message, found=str(found), cure=cure)


# ---- positions and sizes ----


def _shape_faults(program: LineProgram) -> Iterator[Issue]:
    for name in ("products", "stations", "places", "runs"):
        if not getattr(program, name):
            yield _fault(name, "must have at least one", "none", "State what the line is made of and makes.")
    for name in ("stations", "places", "crews"):
        ids = [row.id for row in getattr(program, name)]
        for twice in sorted({one for one in ids if ids.count(one) > 1}):
            yield _fault(f"{name}.{twice}", "must be the only one of its name", "two", "Rename one of them.")
    count = len(program.stations)
    for place in program.places:
        if place.source != OUTSIDE and not 0 <= place.source < count:
            yield _fault(
                f"places.{place.id}.source", "must be a station or the supply", place.source, "Name a station."
            )
        if place.target not in {OUTSIDE, SCRAP} and not 0 <= place.target < count:
            yield _fault(f"places.{place.id}.target", "must be a station, outside or scrap", place.target, "Name one.")
        if place.source == OUTSIDE and place.target < 0:
            yield _fault(f"places.{place.id}", "must lead to a station", "from outside to outside", "Name a station.")
        yield from _positions(f"places.{place.id}.products", place.products, len(program.products), "product")
    yield from _positions("runs", [run.product for run in program.runs], len(program.products), "product")
    for station in program.stations:
        yield from _sizes(program, station)
    yield from _matrix("line_changeover_min", program.line_changeover_min, len(program.products))
    yield from _matrix("startup_scrap", program.startup_scrap, len(program.products))


def _positions(path: str, values: Sequence[int], count: int, noun: str) -> Iterator[Issue]:
    for value in values:
        if not 0 <= value < count:
            yield _fault(path, f"must be positions of a {noun}", value, f"There are {count}, counted from 0.")


def _sizes(program: LineProgram, station: StationProgram) -> Iterator[Issue]:
    at, count = f"stations.{station.id}", len(program.products)
    if len(station.work) != count:
        yield _fault(f"{at}.work", f"must have {count} laws, one for each product", len(station.work), "State each.")
    if station.scrap_share and len(station.scrap_share) != count:
        yield _fault(f"{at}.scrap_share", f"must have {count} shares or none", len(station.scrap_share), "State each.")
    yield from _matrix(f"{at}.changeover_min", station.changeover_min, count)
    for name in ("operator_crew", "repair_crew"):
        crew = getattr(station, name)
        if crew is not None:
            yield from _positions(f"{at}.{name}", [crew], len(program.crews), "crew")


def _matrix(path: str, rows: Sequence[Sequence[float]], count: int) -> Iterator[Issue]:
    if rows and (len(rows) != count or any(len(row) != count for row in rows)):
        shape = " and ".join(str(size) for size in (len(rows), *sorted({len(row) for row in rows})))
        yield _fault(path, f"must be {count} by {count}", shape, "State each product before and after.")
    if any(not 0 <= value < math.inf for row in rows for value in row):
        yield _fault(path, "must be 0 or more everywhere", min(min(row) for row in rows), "Mend it.")


# ---- stations, places, runs ----


def _station_faults(program: LineProgram, s: int) -> Iterator[Issue]:
    station, into = program.stations[s], program.into(s)
    at = f"stations.{station.id}"
    if station.servers < 1:
        yield _fault(f"{at}.servers", "must be at least 1", station.servers, "Give it a server, or leave it out.")
    for share in station.scrap_share:
        if not 0 <= share <= 1:
            yield _fault(f"{at}.scrap_share", "must be between 0 and 1", share, "State a fraction of one.")
    for name, kw in station.kw.items():
        if name not in POWER.values() or not 0 <= kw < math.inf:
            known = ", ".join(sorted(set(POWER.values())))
            yield _fault(f"{at}.kw.{name}", f"must be 0 kW or more, for one of {known}", kw, "Mend it.")
    if station.is_external and any(mode.clock == "operation" for mode in station.failures):
        yield _fault(f"{at}.failures", "must not count its work", "operation", "An external station tells its stops.")
    if not into:
        yield _fault(at, "must have a place before it", "none", "Let a place from the supply or a station lead there.")
    if not program.out_of(s):
        yield _fault(at, "must have a place behind it", "none", "Let a place lead on, or outside.")
    yield from _people_faults(program, station)
    yield from _share_faults(program, s)
    if station.joins:
        yield from _join_faults(program, s)


def _people_faults(program: LineProgram, station: StationProgram) -> Iterator[Issue]:
    at = f"stations.{station.id}"
    if station.operators < 0 or (station.operators > 0 and station.operator_crew is None):
        yield _fault(f"{at}.operators", "must come from a crew", station.operators, "Name its operator_crew.")
    elif station.operator_crew is not None and station.operators > program.crews[station.operator_crew].people:
        people = program.crews[station.operator_crew].people
        yield _fault(
            f"{at}.operators", f"must be {people} at most, its crew", station.operators, "Make the crew larger."
        )
    if station.repair_crew is not None and program.crews[station.repair_crew].people < 1:
        yield _fault(f"{at}.repair_crew", "must have somebody", 0, "Make the crew larger.")


def _share_faults(program: LineProgram, s: int) -> Iterator[Issue]:
    out, at = [program.places[p] for p in program.out_of(s)], f"stations.{program.stations[s].id}"
    for place in out:
        if place.share is not None and not 0 <= place.share <= 1:
            yield _fault(f"places.{place.id}.share", "must be between 0 and 1", place.share, "State a fraction of one.")
    for product, name in enumerate(program.products):
        admitted = [place for place in out if not place.products or product in place.products]
        shares = [place.share for place in admitted if place.share is not None]
        if math.fsum(shares) > 1 + NEARLY:
            yield _fault(at, f"must not give away more than all of {name}", math.fsum(shares), "Lower the shares.")
        elif shares and len(shares) == len(admitted) and math.fsum(shares) < 1 - NEARLY:
            cure = "Let a place without a share take the rest."
            yield _fault(at, f"must give away all of {name}", math.fsum(shares), cure)


def _join_faults(program: LineProgram, s: int) -> Iterator[Issue]:
    station = program.stations[s]
    entering = 0
    for p in program.into(s):
        place = program.places[p]
        if place.is_rework:
            cure = "Let rework lead to a station that takes parts one by one."
            yield _fault(f"places.{place.id}", "must not lead to a joining station", "rework", cure)
        if place.source == OUTSIDE and program.arrivals is None:
            entering += place.quantity
        elif place.capacity < place.quantity:
            cure = "Give it room for what is taken at once."
            yield _fault(f"places.{place.id}.capacity", f"must be {place.quantity} at least", place.capacity, cure)
    if program.wip_limit is not None and entering > program.wip_limit:
        yield _fault("wip_limit", f"must be {entering} at least for {station.id}", program.wip_limit, "Raise it.")


def _place_faults(program: LineProgram, place: Place) -> Iterator[Issue]:
    at, is_endless = f"places.{place.id}", place.source == OUTSIDE and program.arrivals is None
    if place.capacity < 0:
        yield _fault(f"{at}.capacity", "must be 0 or more", place.capacity, "State the parts it holds.")
    if not 0 <= place.travel_min < math.inf:
        yield _fault(f"{at}.travel_min", "must be 0 or more", place.travel_min, "State minutes from end to end.")
    if place.capacity == 0 and place.travel_min > 0 and place.target >= 0 and not is_endless:
        yield _fault(f"{at}.capacity", "must be 1 at least where parts travel", 0, "State how many travel at a time.")
    if place.capacity == 0 and place.source == place.target:
        yield _fault(f"{at}.capacity", "must be 1 at least to come back", 0, "Give what comes back a place to wait.")
    joins = place.target >= 0 and program.stations[place.target].joins
    if place.quantity < 1 or (place.quantity > 1 and not joins):
        yield _fault(f"{at}.quantity", "must be 1, or more before a joining station", place.quantity, "Mend it.")


def _run_faults(program: LineProgram) -> Iterator[Issue]:
    for number, run in enumerate(program.runs):
        if run.units < 1:
            yield _fault(f"runs[{number}].units", "must be at least 1", run.units, "State how many, or leave it out.")
        if run.units >= ENDLESS and number < len(program.runs) - 1:
            yield _fault(f"runs[{number}].units", "must end before the next run", "no end", "State how many units.")
    if program.wip_limit is not None and program.wip_limit < 1:
        yield _fault("wip_limit", "must be at least 1", program.wip_limit, "State how many parts may be inside.")
    if not 0 < program.units_per_part < math.inf:
        yield _fault("units_per_part", "must be above 0", program.units_per_part, "State units for each part.")
    slots = sum(s.servers * (1 + sum(mode.clock == "time" for mode in s.failures)) for s in program.stations)
    if slots + 2 * len(program.places) + 2 > MOST_SLOTS:
        yield _fault("stations", f"must have {MOST_SLOTS} servers and clocks at most", slots, "Simulate it in parts.")


def _closed_faults(program: LineProgram) -> Iterator[Issue]:
    last, period = 0.0, program.closed_period_min
    for number, (start, end) in enumerate(program.closed):
        if not last <= start < end < math.inf:
            cure = "State minutes from the start, in order and apart."
            yield _fault(
                f"closed[{number}]", "must begin after the one before, and end later", f"{start} to {end}", cure
            )
        last = max(last, end)
    if period is not None and (period < last or not 0 < period < math.inf):
        yield _fault("closed_period_min", "must be as long as all it holds", period, "State a whole day or week.")
    if period is not None and math.fsum(end - start for start, end in program.closed) >= period * (1 - NEARLY):
        yield _fault("closed_period_min", "must leave open time", period, "Shorten the closed intervals.")


# ---- the ways of parts ----


def _way_faults(program: LineProgram) -> Iterator[Issue]:
    """Whether every station is reached, and every product comes to an end from wherever it can be."""
    reached: set[int] = set()
    for product in sorted({run.product for run in program.runs}):
        name = program.products[product]
        here = _reachable(program, product)
        reached |= here
        ending = _ending(program, product)
        for s in sorted(here - ending):
            cure = f"Let a place that admits {name} lead on from there, and at last outside."
            yield _fault(f"stations.{program.stations[s].id}", f"must have a way out for {name}", "none", cure)
        for s in sorted(here):
            for p in program.into(s) if program.stations[s].joins else []:
                source = program.places[p].source
                if not _admits(program, p, product) or (source >= 0 and source not in here):
                    cure = "A joining station takes from every place before it."
                    yield _fault(f"places.{program.places[p].id}", f"must bring parts of {name}", "none", cure)
    for s, station in enumerate(program.stations):
        if s not in reached:
            cure = "Let a way lead there from the supply, or leave it out."
            yield _fault(f"stations.{station.id}", "must be reached by a product of the runs", "none", cure)
    if not any(place.source == OUTSIDE for place in program.places):
        yield _fault("places", "must have one from the supply", "none", "Let parts come from outside.")


def _admits(program: LineProgram, p: int, product: int) -> bool:
    return not program.places[p].products or product in program.places[p].products


def _reachable(program: LineProgram, product: int) -> set[int]:
    """Stations that a product of the supply can come to."""
    found: set[int] = set()
    new = {OUTSIDE}
    while new:
        ways = [(p, place) for p, place in enumerate(program.places) if place.source in new and place.target >= 0]
        new = {place.target for p, place in ways if _admits(program, p, product)} - found
        found |= new
    return found


def _ending(program: LineProgram, product: int) -> set[int]:
    """Stations from which a product can leave."""
    found: set[int] = set()
    while True:
        more = {
            place.source
            for p, place in enumerate(program.places)
            if place.source >= 0 and _admits(program, p, product) and (place.target < 0 or place.target in found)
        }
        if more <= found:
            return found
        found |= more
