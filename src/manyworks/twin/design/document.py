"""Between the document and design: a line with other machines and rooms, and the product that it is designed for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from manyworks.errors import UsageError
from manyworks.model.line import Buffer, Line, RoutingStep, Station
from manyworks.model.network import Network
from manyworks.model.rates import nominal_rate
from manyworks.twin.design.bound import rate_bound
from manyworks.twin.design.buffers import between
from manyworks.twin.grouping import PARTS_PER_BUFFER, UNITS_PER_STOP
from manyworks.twin.line_program import line_case
from manyworks.twin.machines import failure_modes, line_stations
from manyworks.twin.program import LineProgram

Choice = Mapping[str, tuple[str, int]]
"""Machine and count by station."""
Rooms = Mapping[tuple[str, str], int]
"""Units that fit between two stations, by the stations after and before which they lie."""
DESIGNED = "designed"
PARTS_PER_MIN = 10.0
"""Parts a minute that are followed where many lines are compared."""


def open_program(
    network: Network,
    *,
    line: str,
    site: str | None = None,
    template: str | None = None,
    product: str | None = None,
    units: int | None = None,
) -> LineProgram:
    """The line in open time, making one product without end: None is the product with the lowest bound."""
    named = product if product is not None else hardest_product(network, line=line, site=site, template=template)
    if units is None and any(row.line == line for row in network.stations):
        rooms = [row.capacity_units for row in network.buffers if row.line == line]
        units = group_size(network, line, nominal_rate(network, network.get("lines", line)), rooms=rooms)
    case = line_case(network, line=line, site=site, template=template, runs=named, units=units)
    return replace(case.program, closed=(), closed_period_min=None)


def hardest_product(network: Network, *, line: str, site: str | None = None, template: str | None = None) -> str:
    """The product of which the machines of the line can make the fewest; ties: the first."""
    case = line_case(network, line=line, site=site, template=template)
    names = list(dict.fromkeys(name for name, _ in case.lots))
    if len(names) == 1:
        return names[0]

    def most(position: int) -> float:
        alone = [station for station in case.program.stations if len(station.work) > position]
        return min(station.servers / station.work[position].mean for station in alone)

    return names[min(range(len(names)), key=most)]


def group_size(network: Network, line: str, rate_per_min: float, *, rooms: Sequence[int] = ()) -> int:
    """Units that one simulated part stands for in every candidate, so that all meet the same luck.

    Coarser than for one line alone, because hundreds are compared: `PARTS_PER_MIN` parts a minute are enough as long as
    a part is small against stops and ``rooms``.
    """
    modes = [mode for _, machine in line_stations(network, line) for mode in failure_modes(machine)]
    limits = [rate_per_min / PARTS_PER_MIN]
    limits += [room / PARTS_PER_BUFFER for room in rooms if room > 0]
    limits += [rate_per_min * law.mean / UNITS_PER_STOP for mode in modes for law in (mode.to_failure, mode.to_repair)]
    return max(1, int(min(limits)))


def gaps(program: LineProgram) -> list[tuple[str, str]]:
    """Stations around every place whose rooms may be chosen, in the order of the program's places."""
    names = [station.id for station in program.stations]
    return [(names[program.places[p].source], names[program.places[p].target]) for p in between(program)]


def redesigned(network: Network, line: str, choice: Choice, rooms: Rooms | None = None) -> Network:
    """The document with these machines and rooms in the line; its rate, price and power are then those of them.

    ``rooms`` None leaves the buffers as they are. A gap without a buffer gets one; one of no units goes, unless it
    carries units some way.
    """
    stations = [
        row.model_copy(update={"equipment": choice[row.id][0], "count": choice[row.id][1]})
        if row.line == line and row.id in choice
        else row
        for row in network.stations
    ]
    update: dict[str, object] = {
        "stations": stations,
        "lines": [_plain(row) if row.id == line else row for row in network.lines],
    }
    if rooms is not None:
        update["buffers"] = _buffers(network, line, rooms)
    return network.model_copy(update=update)


def line_from_routing(network: Network, product: str) -> tuple[Network, str]:
    """The document with a new line for a product's routing: one station an operation, with any machine of its kind.

    Raises
    ------
    UsageError
        The product has no routing whose operations name kinds of equipment, or nothing in the catalogue is of a kind.
    """
    if product not in {row.id for row in network.products}:
        raise UsageError("must be a product of the document", where="product", found=product)
    steps = sorted((row for row in network.routings if row.product == product), key=lambda row: row.stage)
    faults = _routing_faults(network, product, steps)
    if faults:
        raise UsageError("; ".join(faults), where=f"routings.{product}", cure="A line can also be named instead.")
    first = {row.kind: row.id for row in reversed(network.equipment)}
    stations = [
        Station(line=DESIGNED, id=step.operation, equipment=first[str(step.equipment_kind)], sequence=position)
        for position, step in enumerate(steps)
    ]
    line = Line(id=DESIGNED, name=f"Line for {network.get('products', product).name}", products=[product])
    tied = [row.model_copy(update={"lines": []}) if row.product == product else row for row in network.routings]
    buffers = [Buffer(line=DESIGNED, id=f"{a.id}_to_{b.id}", after=a.id, before=b.id) for a, b in pairwise(stations)]
    update = {
        "lines": [*network.lines, line],
        "stations": [*network.stations, *stations],
        "buffers": [*network.buffers, *buffers],
        "routings": tied,
    }
    return network.model_copy(update=update), DESIGNED


def _routing_faults(network: Network, product: str, steps: Sequence[RoutingStep]) -> list[str]:
    kinds = {row.kind for row in network.equipment}
    faults = [] if steps else [f"{product} has no routing"]
    for step in steps:
        if step.equipment_kind is None:
            faults.append(f"operation {step.operation} names no kind of equipment")
        elif step.equipment_kind not in kinds:
            faults.append(f"no equipment is of kind {step.equipment_kind}")
    if DESIGNED in {row.id for row in network.lines}:
        faults.append(f"a line {DESIGNED} stands in the document already")
    return faults


def _plain(line: Line) -> Line:
    """The line with nothing stated that its machines say."""
    return line.model_copy(
        update={"nominal_rate_per_min": None, "oee": None, "capex": 0, "crew_per_shift": 0, "kw_execute": 0}
    )


def _buffers(network: Network, line: str, rooms: Rooms) -> list[Buffer]:
    rows, left = [], dict(rooms)
    for row in network.buffers:
        gap = (row.after, row.before)
        if row.line != line or gap not in rooms:
            rows.append(row)
            continue
        units = left.pop(gap, 0)  # the first buffer of a gap takes all of its rooms
        if units or row.travel_min:
            rows.append(row.model_copy(update={"capacity_units": units}))
    taken = {row.id for row in rows if row.line == line}
    for (after, before), units in left.items():
        if units:
            name = f"{after}_to_{before}"
            assert name not in taken
            rows.append(Buffer(line=line, id=name, after=after, before=before, capacity_units=units))
    return rows


def bound_of(network: Network, line: str, product: str) -> float:
    """Good units per minute that the machines of the line allow."""
    return rate_bound(open_program(network, line=line, product=product)).rate_per_min
