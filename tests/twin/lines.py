"""Random small lines: rows, trees, branches, rework, crews, changes, conveyors, failures, closed time, arrivals.

Times are mostly small whole numbers of minutes, so that many things happen at one tick.
"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from manyworks.model.times import TimeLaw, deterministic, exponential, time_law
from manyworks.twin.program import (
    ENDLESS,
    OUTSIDE,
    SCRAP,
    CrewProgram,
    FailureMode,
    LineProgram,
    Place,
    Run,
    StationProgram,
)

TIMES: st.SearchStrategy[TimeLaw] = st.one_of(
    st.sampled_from([deterministic(1), deterministic(2), deterministic(3)]),
    st.sampled_from([exponential(1), exponential(2)]),
    st.sampled_from([time_law("empirical(1, 2, 4)"), time_law("gamma(2, 0.5)"), time_law("lognormal(1, 0.5)")]),
)


def failure_modes(clocks: tuple[str, ...] = ("operation",)) -> st.SearchStrategy[tuple[FailureMode, ...]]:
    """None to two ways to stop."""
    mode = st.builds(
        FailureMode,
        name=st.just("stop"),
        to_failure=st.sampled_from([exponential(6), deterministic(4), time_law("empirical(3, 5, 9)")]),
        to_repair=st.sampled_from([exponential(2), deterministic(1), deterministic(2)]),
        clock=st.sampled_from(clocks),
        is_minor=st.booleans(),
    )
    return st.lists(mode, max_size=2).map(tuple)


@st.composite
def runs(draw: st.DrawFn, products: int) -> tuple[tuple[Run, ...], bool]:
    """Runs of products, and whether they come again."""
    if products == 1:
        return (Run(product=0),), False
    order = draw(st.lists(st.integers(0, products - 1), min_size=2, max_size=4))
    made = tuple(Run(product=product, units=draw(st.integers(1, 5))) for product in order)
    return made, draw(st.booleans())


@st.composite
def changes(draw: st.DrawFn, products: int) -> tuple[tuple[float, ...], ...]:
    """A matrix of minutes from product to product, or none."""
    if products == 1 or draw(st.booleans()):
        return ()
    minutes = st.sampled_from([0.0, 1.0, 2.5])
    return tuple(tuple(0.0 if a == b else draw(minutes) for b in range(products)) for a in range(products))


@st.composite
def recursive_lines(draw: st.DrawFn) -> LineProgram:
    """Rows and assembly trees of single servers, as the recursion takes them; runs come again."""
    products = draw(st.integers(1, 2))
    feeds = draw(_trees())
    stations, places = [], []
    for number, before in enumerate(feeds):
        joins = len(before) > 1 or (bool(before) and draw(st.booleans()))
        stations.append(
            StationProgram(
                id=f"s{number}",
                work=tuple(draw(TIMES) for _ in range(products)),
                joins=joins,
                failures=draw(failure_modes()),
                changeover_min=draw(changes(products)),
            )
        )
        if not before:
            places.append(Place(id=f"supply{number}", source=OUTSIDE, target=number))
        for source in before:
            quantity = draw(st.integers(1, 2)) if joins else 1
            room = draw(st.integers(quantity if joins else 0, 4))
            travel = draw(st.sampled_from([0.0, 0.0, 1.0, 2.5])) if room else 0.0
            places.append(
                Place(
                    id=f"p{source}",
                    source=source,
                    target=number,
                    capacity=draw(st.sampled_from([room, room, room, ENDLESS])) if room else 0,
                    travel_min=travel,
                    quantity=quantity,
                )
            )
    places.append(Place(id="good", source=len(feeds) - 1, target=OUTSIDE))
    order, _ = draw(runs(products))
    return LineProgram(
        name="tree",
        products=tuple("ab"[:products]),
        stations=tuple(stations),
        places=tuple(draw(st.permutations(places))),
        runs=order,
        repeats=products > 1,
    )


@st.composite
def _trees(draw: st.DrawFn) -> list[list[int]]:
    """For each station the stations before it; the last is the root."""
    feeds: list[list[int]] = []
    open_ends: list[int] = []
    for number in range(draw(st.integers(1, 5))):
        taken = draw(st.integers(0, min(2, len(open_ends))))
        feeds.append([open_ends.pop() for _ in range(taken)])
        open_ends.append(number)
    if len(open_ends) > 1:
        feeds.append(open_ends)
    return feeds


@st.composite
def lines(draw: st.DrawFn) -> LineProgram:
    """Any small line: a row or tree at first, and then whatever else a line may have."""
    line = draw(recursive_lines())
    products = len(line.products)
    crews = tuple(CrewProgram(id=f"crew{n}", people=draw(st.integers(1, 3))) for n in range(draw(st.integers(0, 2))))
    stations = tuple(draw(_richer(station, products, crews)) for station in line.stations)
    line = replace(line, stations=stations, crews=crews)
    if draw(st.booleans()):
        line = draw(_branched(line))
    order, repeats = draw(runs(products))
    line = replace(line, runs=order, repeats=repeats)
    if draw(st.integers(0, 2)) == 0:
        line = draw(_with_arrivals(line))
    if draw(st.integers(0, 3)) == 0:
        line = replace(line, wip_limit=draw(st.integers(2, 8)))
    if products > 1 and draw(st.booleans()):
        spoiled = draw(_spoiled(products))
        line = replace(line, line_changeover_min=draw(changes(products)), startup_scrap=spoiled)
    if draw(st.integers(0, 3)) == 0:
        line = replace(line, closed=((3.0, 5.0), (9.5, 11.0)), closed_period_min=draw(st.sampled_from([None, 14.0])))
    return line


@st.composite
def _spoiled(draw: st.DrawFn, products: int) -> tuple[tuple[int, ...], ...]:
    """Units spoiled after a change, from product to product."""
    every = range(products)
    return tuple(tuple(0 if a == b else draw(st.integers(0, 2)) for b in every) for a in every)


@st.composite
def _richer(draw: st.DrawFn, station: StationProgram, products: int, crews: tuple[CrewProgram, ...]) -> StationProgram:
    """The station with servers side by side, people, scrap, and failures of both clocks."""
    chosen = 0 if crews and draw(st.booleans()) else None
    return replace(
        station,
        servers=draw(st.sampled_from([1, 1, 2, 3])),
        failures=draw(failure_modes(("operation", "time"))),
        scrap_share=tuple(draw(st.sampled_from([0.0, 0.3])) for _ in range(products)) if draw(st.booleans()) else (),
        operator_crew=chosen,
        operators=draw(st.integers(1, crews[chosen].people)) if chosen is not None else 0,
        repair_crew=len(crews) - 1 if crews and draw(st.booleans()) else None,
        kw={"execute": 4.0, "suspended": 1.0, "aborted": 0.5, "held": 2.0},
    )


@st.composite
def _branched(draw: st.DrawFn, line: LineProgram) -> LineProgram:
    """One more way out of a station: to scrap, outside, back as rework, or past the next one."""
    station = draw(st.integers(0, len(line.stations) - 1))
    merging = [s for s, made in enumerate(line.stations) if not made.joins]
    targets = [SCRAP, OUTSIDE, *merging]
    target = draw(st.sampled_from(targets))
    share = draw(st.sampled_from([None, 0.25, 0.5]))
    if target >= 0 and target <= station:
        share = share or 0.25
    extra = Place(
        id="extra",
        source=station,
        target=target,
        capacity=draw(st.integers(1, 4)),
        share=share,
        products=draw(st.sampled_from([(), (0,)])),
        travel_min=draw(st.sampled_from([0.0, 1.0])) if target >= 0 else 0.0,
        is_rework=target >= 0 and target <= station,
    )
    return replace(line, places=(*line.places, extra))


@st.composite
def _with_arrivals(draw: st.DrawFn, line: LineProgram) -> LineProgram:
    places = tuple(
        replace(place, capacity=draw(st.integers(3 if line.stations[place.target].joins else 0, 3)))
        if place.source == OUTSIDE
        else place
        for place in line.places
    )
    return replace(line, places=places, arrivals=draw(TIMES), is_lossy=draw(st.booleans()))
