"""From a line of the document to what the engine runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import UsageError
from manyworks.model.changeovers import compile_station_changes
from manyworks.model.document.hashes import line_hash
from manyworks.model.line import Crew, Line
from manyworks.model.network import Network
from manyworks.model.rates import nominal_rate
from manyworks.model.site import Site
from manyworks.model.times import deterministic
from manyworks.model.upgrades import done_upgrades, improvement
from manyworks.twin.closed_hours import ClosedHours, closed_hours
from manyworks.twin.grouping import PARTS_PER_MIN, units_per_part
from manyworks.twin.lots import WITHOUT_END, Lots, line_lots
from manyworks.twin.machines import (
    as_matrix,
    crew_programs,
    failure_modes,
    line_stations,
    lone_station,
    station_programs,
)
from manyworks.twin.program import ENDLESS, OUTSIDE, LineProgram, Place, Run, StationProgram
from manyworks.twin.ways import GOOD, SUPPLY, line_places

Runs = Sequence[tuple[str, float]] | Mapping[str, float] | str
OUTLET_MIN = 1e-6
"""The end of a line without stations takes a part off in no time that counts."""


@dataclass(frozen=True, kw_only=True)
class LineCase:
    """A program with what the document knows beside it.

    ``lots`` units of each run; ``hours`` planned stops; ``nominal_per_min`` units a minute by product of the program;
    ``notes`` what was assumed to make a program of the document.
    """

    program: LineProgram
    line: str
    site: str | None
    template: str | None
    upgrades: tuple[str, ...]
    lots: Lots
    hours: ClosedHours
    nominal_per_min: tuple[float, ...]
    notes: tuple[str, ...]


def line_program(
    network: Network,
    *,
    line: str,
    site: str | None = None,
    template: str | None = None,
    upgrades: Sequence[str] | None = None,
    runs: Runs | None = None,
    units: int | None = None,
) -> LineProgram:
    """The line as the engine runs it; see `line_case` for the arguments."""
    return line_case(
        network, line=line, site=site, template=template, upgrades=upgrades, runs=runs, units=units
    ).program


def line_case(
    network: Network,
    *,
    line: str,
    site: str | None = None,
    template: str | None = None,
    upgrades: Sequence[str] | None = None,
    runs: Runs | None = None,
    units: int | None = None,
) -> LineCase:
    """A line of the document as a program, with its lots, its planned stops and what was assumed.

    ``site`` and ``template`` narrow products, changeovers and hours; a site that stands brings its template and the
    upgrades that are done there. ``upgrades`` are ids; None: those. ``runs`` are made in turn, again and again: see
    `line_lots`; None: the best wheel of all products. ``units`` to a simulated part; None: by `units_per_part`.

    Raises
    ------
    UsageError
        There is no such line, site, template or product, or the site leaves open which template is meant.
    DocumentError
        The document says something that a simulation cannot do.
    """
    row: Line = _find(network, "lines", line)
    template = _template(network, line, site, template)
    done = done_upgrades(network, site, line) if upgrades is None and site is not None else tuple(upgrades or ())
    lots = line_lots(network, line, runs=runs, site=site, template=template, upgrades=done)
    products = _products(network, lots)
    names = tuple(network.products[p].id for p in products)
    group = _group(network, row, lots) if units is None else units
    hours = closed_hours(network, line, site=site, template=template, products=names)
    changes = compile_station_changes(network, line, template=template, site=site, upgrades=done)
    better = improvement(network, done)
    crews = [crew for crew in network.crews if crew.line == line]
    stations, places = _plant(network, row, products, names, group, better.rate_factor, changes.stations, crews)
    scrap = np.round(changes.scrap_units / group).astype(int)[np.ix_(products, products)]
    program = LineProgram(
        name=row.name,
        products=names,
        stations=stations,
        places=places,
        crews=crew_programs(crews),
        runs=_runs(lots, names, group),
        repeats=True,
        line_changeover_min=as_matrix(changes.line, products),
        startup_scrap=tuple(tuple(int(value) for value in line_) for line_ in scrap) if scrap.any() else (),
        closed=hours.spans,
        closed_period_min=hours.period_min,
        units_per_part=float(group),
        nominal_rate_per_min=nominal_rate(network, row) * better.rate_factor,
        line_hash=line_hash(network, line),
    )
    nominal = tuple(
        nominal_rate(network, row, [step for step in network.routings if step.product == name]) * better.rate_factor
        for name in names
    )
    return LineCase(
        program=program,
        line=line,
        site=site,
        template=template,
        upgrades=done,
        lots=lots,
        hours=hours,
        nominal_per_min=nominal,
        notes=_notes(network, row, program, done),
    )


def _find(network: Network, collection: str, name: str) -> Any:
    rows = {row.id: row for row in getattr(network, collection)}
    if name not in rows:
        cure = f"Known: {', '.join(rows)}." if rows else "The document has none."
        raise UsageError(f"must be an id of {collection}", where=collection, found=name, cure=cure)
    return rows[name]


def _template(network: Network, line: str, site: str | None, template: str | None) -> str | None:
    """The template meant: as named, else of the standing site, else the only one of the site that holds the line."""
    if template is not None:
        _find(network, "templates", template)
        return template
    if site is None:
        return None
    _find(network, "sites", site)
    row: Site = network.get("sites", site)
    if row.template is not None:
        return row.template
    held = [t.id for t in network.templates if line in t.lines and (not row.templates or t.id in row.templates)]
    if len(held) > 1:
        cure = f"Name one of {', '.join(held)}."
        raise UsageError("must be named, because several may hold the line", where="template", found="none", cure=cure)
    return held[0] if held else None


def _products(network: Network, lots: Lots) -> list[int]:
    """Positions of the products that are made, by first run; the line begins set up for the first."""
    at = {product.id: position for position, product in enumerate(network.products)}
    return list(dict.fromkeys(at[name] for name, _ in lots))


def _group(network: Network, line: Line, lots: Lots) -> int:
    rows = line_stations(network, line.id)
    modes = [mode for _, machine in rows for mode in failure_modes(machine)]
    return units_per_part(
        nominal_rate(network, line),
        rooms=[buffer.capacity_units for buffer in network.buffers if buffer.line == line.id],
        lots=[units for _, units in lots if units != WITHOUT_END],
        stops_min=[law.mean for mode in modes for law in (mode.to_failure, mode.to_repair)],
    )


def _plant(
    network: Network,
    line: Line,
    products: Sequence[int],
    names: Sequence[str],
    group: int,
    speed: float,
    changes: dict[str, NDArray[np.float64]],
    crews: Sequence[Crew],
) -> tuple[tuple[StationProgram, ...], tuple[Place, ...]]:
    """Stations and places; a line without stations is one, with its fill as travel behind it."""
    if line_stations(network, line.id):
        stations = station_programs(network, line, products, units=group, speed=speed, changes=changes, crews=crews)
        return stations, line_places(network, line.id, names, units=group)
    lone = lone_station(network, line, products, units=group, speed=speed, change=changes[line.id])
    supply = Place(id=SUPPLY, source=OUTSIDE, target=0)
    if line.fill_min == 0:
        return (lone,), (supply, Place(id=GOOD, source=0, target=OUTSIDE))
    outlet = StationProgram(id="outlet", work=(deterministic(OUTLET_MIN),) * len(products))
    way = Place(id="fill", source=0, target=1, capacity=ENDLESS, travel_min=line.fill_min)
    return (lone, outlet), (supply, way, Place(id=GOOD, source=1, target=OUTSIDE))


def _runs(lots: Lots, names: Sequence[str], group: int) -> tuple[Run, ...]:
    at = {name: position for position, name in enumerate(names)}
    return tuple(
        Run(product=at[name], units=ENDLESS if units == WITHOUT_END else max(1, math.ceil(units / group)))
        for name, units in lots
    )


def _notes(network: Network, line: Line, program: LineProgram, upgrades: Sequence[str]) -> tuple[str, ...]:
    """What a reader must know to judge the figures."""
    notes = []
    if not line_stations(network, line.id):
        notes.append(
            "The document states no stations of this line: it runs as one machine at its nominal rate that never stops"
            + (f", its fill of {line.fill_min:g} min as travel time" if line.fill_min else "")
            + ". Its rate is what is stated, not what was found."
        )
    elif not any(station.failures for station in program.stations):
        notes.append("No machine of this line has a time to failure: nothing ever breaks down.")
    if program.units_per_part > 1:
        notes.append(
            f"One simulated part stands for {program.units_per_part:g} units, so that about {PARTS_PER_MIN:g} parts a "
            "minute are followed; buffers, lots and stops stay large against it."
        )
    if any(place.is_rework and place.capacity == ENDLESS for place in program.places):
        notes.append("Rework waits on a table without limit, because no buffer of that way is stated.")
    if upgrades:
        notes.append(f"With upgrades: {', '.join(upgrades)}.")
    return tuple(notes)
