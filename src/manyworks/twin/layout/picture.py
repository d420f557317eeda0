"""The layout as a drawing to scale, and as a page."""

from __future__ import annotations

from manyworks.render.figure import Figure
from manyworks.render.floor_plan import PlanArea, PlanMachine, PlanPlace, PlanWay, floor_plan
from manyworks.render.table import DataTable, count, text
from manyworks.twin.layout.floor_layout import FloorLayout
from manyworks.twin.layout.geometry import SIDES


def layout_figure(layout: FloorLayout) -> Figure:
    """The floor seen from above; ``Figure.as_file()`` is an SVG file."""
    floor = layout.floor
    is_shared = len(layout.lines) > 1
    return floor_plan(
        width_m=floor.width_m,
        depth_m=floor.depth_m,
        areas=[
            PlanArea(
                name=zone.id.replace("_", " "), kind=zone.kind, x=zone.x_m, y=zone.y_m, width=zone.width_m,
                depth=zone.depth_m,
            )
            for zone in layout.zones
        ],
        places=[
            PlanPlace(
                name=place.name or place.id.replace("_", " "), kind=place.kind, x=place.x_m, y=place.y_m,
                width=place.width_m, depth=place.depth_m,
            )
            for place in layout.fixed_places
        ],
        machines=[
            PlanMachine(
                name=row.machine.name, group=row.machine.line.replace("_", " ") if is_shared else "machine",
                x=row.x_m, y=row.y_m, width=row.ground.width, depth=row.ground.depth, turn_deg=row.turn_deg,
                is_fixed=row.machine.fixed is not None,
            )
            for row in layout.machines
        ],
        ways=[
            PlanWay(path=link.path, units_per_min=link.units_per_min)
            for link in layout.links
            if link.path and not link.is_wish
        ],
        title=f"{floor.name}: {', '.join(layout.lines)}",
        description=f"{len(layout.machines)} machines on {floor.width_m:g} by {floor.depth_m:g} metres, to scale, "
        f"with {layout.conveyor_m:.0f} metres of conveyors between them.",
        table=machine_table(layout),
    )  # fmt: skip


def machine_table(layout: FloorLayout) -> DataTable:
    """Where each machine stands."""
    columns = [text("Machine"), count("x", "m", 2), count("y", "m", 2), count("Width", "m", 2), count("Depth", "m", 2)]
    rows = [
        [row.machine.id, row.x_m, row.y_m, row.ground.width, row.ground.depth, SIDES[row.turn_deg // 90]]
        for row in layout.machines
    ]
    return DataTable(columns=[*columns, text("Goods leave")], rows=rows, caption="Corner nearest to that of the floor")


def way_table(layout: FloorLayout) -> DataTable:
    """How far goods travel."""
    columns = [text("From"), text("To"), count("Units", "a min", 1), count("Way", "m", 1), count("Travel", "min", 2)]
    rows = [
        [row["source"], row["target"], row["units_per_min"], row["route_m"], row["travel_min"]]
        for row in layout.distances.rows()
    ]
    return DataTable(columns=columns, rows=rows, caption="Ways round the machines at the nominal rate")
