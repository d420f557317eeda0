"""What a line is to the engine: stations, places between them, crews, products and their runs; numbers and names only.

Every engine reads this record: the event engine, the recursion, the exact answers, and the independent reference of
the tests. What a line does with it, event by event, is in `docs/explanation/how-a-line-is-simulated.md`. Times are
minutes here; the engines count whole microseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from manyworks.model.times import TimeLaw

OUTSIDE = -1
"""Station number of what lies beyond the line: the supply as a source, good units as a target."""
SCRAP = -2
"""Station number of the scrap bin, as a target."""
ENDLESS = 1 << 40
"""Room or units without end."""

Matrix = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, kw_only=True)
class FailureMode:
    """A way in which each server of a station stops by itself.

    ``clock`` says which time counts towards the next failure: time at work (``operation``), or any open time in which
    the server is not down (``time``). A minor stop counts as Held and needs nobody; a breakdown counts as Aborted and
    takes one person of the station's repair crew, if it has one.
    """

    name: str
    to_failure: TimeLaw
    to_repair: TimeLaw
    clock: Literal["operation", "time"] = "operation"
    is_minor: bool = False


@dataclass(frozen=True, kw_only=True)
class StationProgram:
    """Equal servers side by side.

    ``work`` time of one part by product, shape (products,); ``changeover_min`` from product (row) to product (column)
    of one server, empty when no change takes time; ``operators`` people of ``operator_crew`` that a server holds from
    the start of a changeover or part to the end of the part; ``scrap_share`` of finished parts spoiled, by product.
    ``joins`` makes it an assembly: a start takes from every place before it at once. ``kw`` by PackML power figure:
    execute, suspended, held, aborted, stopped.
    """

    id: str
    work: tuple[TimeLaw, ...]
    servers: int = 1
    joins: bool = False
    failures: tuple[FailureMode, ...] = ()
    scrap_share: tuple[float, ...] = ()
    changeover_min: Matrix = ()
    operator_crew: int | None = None
    operators: int = 0
    repair_crew: int | None = None
    kw: dict[str, float] = field(default_factory=dict)
    is_external: bool = False


@dataclass(frozen=True, kw_only=True)
class Place:
    """A buffer or conveyor from one station to another; also a plain hand-over, with capacity 0.

    ``source`` and ``target`` are positions of stations, `OUTSIDE`, or, as a target, `SCRAP`. ``capacity`` in parts,
    the part in work apart. ``travel_min`` from end to end. ``quantity`` parts that a joining target takes at a time.
    ``share`` of the source's finished parts that go here; None: whatever the shares leave over. ``products`` that may
    go here, as positions; empty: all.
    """

    id: str
    source: int
    target: int
    capacity: int = 0
    travel_min: float = 0.0
    quantity: int = 1
    share: float | None = None
    products: tuple[int, ...] = ()
    is_rework: bool = False


@dataclass(frozen=True, kw_only=True)
class CrewProgram:
    """People shared between stations: operators, or repair people."""

    id: str
    people: int


@dataclass(frozen=True, kw_only=True)
class Run:
    """So many units of one product, by position, in a row."""

    product: int
    units: int = ENDLESS


@dataclass(frozen=True, kw_only=True)
class LineProgram:
    """A whole line.

    ``runs`` are made in order, again and again when ``repeats``. ``arrivals`` are the times between units that come
    from outside to every place from the supply; None: there is always one. ``is_lossy``: who finds the place full is
    lost, else waits at the door and holds up those behind. ``wip_limit`` parts inside at most, None: no limit.
    ``line_changeover_min`` from product to product: the line runs empty, then all of it changes at once.
    ``startup_scrap`` good units spoiled after a change, from product to product. ``closed`` are intervals of minutes
    from the start in which everything stands still; they come again every ``closed_period_min`` if that is stated.
    ``units_per_part``: sellable units that one simulated part stands for. Matrices may be empty: all zero.
    """

    name: str
    products: tuple[str, ...]
    stations: tuple[StationProgram, ...]
    places: tuple[Place, ...]
    crews: tuple[CrewProgram, ...] = ()
    runs: tuple[Run, ...] = (Run(product=0),)
    repeats: bool = False
    arrivals: TimeLaw | None = None
    is_lossy: bool = False
    wip_limit: int | None = None
    line_changeover_min: Matrix = ()
    startup_scrap: tuple[tuple[int, ...], ...] = ()
    closed: tuple[tuple[float, float], ...] = ()
    closed_period_min: float | None = None
    units_per_part: float = 1.0
    nominal_rate_per_min: float | None = None
    line_hash: str = ""

    def into(self, station: int) -> list[int]:
        """Places that lead to a station, in order."""
        return [position for position, place in enumerate(self.places) if place.target == station]

    def out_of(self, station: int) -> list[int]:
        """Places that lead away from a station, in order."""
        return [position for position, place in enumerate(self.places) if place.source == station]


def serial_line(
    work: Sequence[TimeLaw],
    rooms: Sequence[int],
    *,
    failures: Sequence[Sequence[FailureMode]] | None = None,
    name: str = "line",
    travel_min: Sequence[float] | None = None,
    servers: Sequence[int] | None = None,
) -> LineProgram:
    """One product through stations in a row, endless supply and demand; ``rooms`` between neighbours."""
    count = len(work)
    stations = tuple(
        StationProgram(
            id=f"s{s + 1}",
            work=(work[s],),
            servers=servers[s] if servers is not None else 1,
            failures=tuple(failures[s]) if failures is not None else (),
        )
        for s in range(count)
    )
    between = [
        Place(
            id=f"b{s + 1}",
            source=s,
            target=s + 1,
            capacity=rooms[s],
            travel_min=travel_min[s] if travel_min is not None else 0.0,
        )
        for s in range(count - 1)
    ]
    ends = [Place(id="supply", source=OUTSIDE, target=0), Place(id="good", source=count - 1, target=OUTSIDE)]
    return LineProgram(name=name, products=("unit",), stations=stations, places=(ends[0], *between, ends[1]))
