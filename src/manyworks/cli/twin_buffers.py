"""``manyworks twin buffers``: where rooms between machines earn the most."""

from __future__ import annotations

from typing import Annotated

import typer

from manyworks.cli.output import Json, Quiet
from manyworks.cli.source import Assignments, ScenarioName, Source, read_source
from manyworks.cli.twin_design import Confidence, Out, RoomCost, RoomFloor, Seed, show, write_page
from manyworks.cli.twin_show import LineName, ProductName, SiteName, TemplateName

Total = Annotated[int | None, typer.Option("--total", help="Units that all buffers together hold.")]
Target = Annotated[float | None, typer.Option("--rate", "-r", help="Instead: the fewest units for so many good/min.")]
Curve = Annotated[str, typer.Option("--curve", help="Further totals for the curve of rate against rooms: 20,40,80.")]


def buffers(
    path: Source,
    line: LineName,
    total: Total = None,
    rate: Target = None,
    curve: Curve = "",
    product: ProductName = None,
    site: SiteName = None,
    template: TemplateName = None,
    room_cost: RoomCost = 0.0,
    room_floor: RoomFloor = 0.0,
    confidence: Confidence = 0.95,
    seed: Seed = 0,
    out: Out = None,
    scenario: ScenarioName = None,
    assignments: Assignments = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Place a number of rooms between the machines of a line, or find the fewest rooms that reach a rate.

    A room holds what travels together, one unit or a group of them; totals are in units.
    """
    from manyworks.errors import UsageError
    from manyworks.twin.design.buffers import allocate_buffers, between
    from manyworks.twin.design.data import buffers_data
    from manyworks.twin.design.document import group_size, open_program

    network = read_source(path, scenario, assignments, quiet=quiet)
    try:
        wanted = [int(word) for word in curve.split(",") if word.strip()]
    except ValueError:
        raise UsageError("must be whole numbers with commas between", where="--curve", found=curve) from None
    program = open_program(network, line=line, site=site, template=template, product=product)
    least = min([value for value in (total, *wanted) if value], default=None)
    if least is not None:  # a group must be small against the rooms asked for, not against those that stand
        gaps = max(1, len(between(program)))
        units = group_size(network, line, program.nominal_rate_per_min or 1.0, rooms=[max(1, least // gaps)])
        program = open_program(network, line=line, site=site, template=template, product=product, units=units)
    units = round(program.units_per_part)
    totals = [max(0, value // units) for value in wanted]
    found = allocate_buffers(
        program, total=None if total is None else total // units, target_per_min=rate, totals=totals, seed=seed,
        confidence=confidence, cost_per_room=room_cost * units, floor_per_room_m2=room_floor * units,
    )  # fmt: skip
    written = []
    if out is not None:
        from manyworks.twin.design.pages import buffers_page

        written.append(write_page(buffers_page(found, program.name, units), out, "buffers.html"))
    note = f"\nA room holds {units} units.\n" if units > 1 else ""
    show(found.summary() + note, buffers_data(found) | {"units_per_room": units}, written, as_json=as_json)
