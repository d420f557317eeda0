"""The layout as one page: the drawing, what it costs, where everything stands."""

from __future__ import annotations

from pathlib import Path

from manyworks.render.page import Block, Bullets, Fact, Facts, Grid, Page, Picture, Section, Words, render_page
from manyworks.twin.layout.floor_layout import PROVEN, FloorLayout
from manyworks.twin.layout.picture import layout_figure, machine_table, way_table

PAGE, PICTURE, DATA = "layout.html", "floor.svg", "layout.json"


def write_layout(layout: FloorLayout, folder: Path | str) -> list[Path]:
    """``layout.html``, ``floor.svg`` and ``layout.json`` in ``folder``, which is made where it is missing."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    texts = {PAGE: layout_page(layout), PICTURE: layout_figure(layout).as_file(), DATA: layout.to_json()}
    for name, text in texts.items():
        (place / name).write_text(text, encoding="utf-8")
    return [place / name for name in texts]


def layout_page(layout: FloorLayout) -> str:
    """The page as one HTML text."""
    floor, names = layout.floor, ", ".join(layout.lines)
    drawing = Section(
        id="floor",
        title="Where everything stands",
        blocks=[Facts(items=_facts(layout)), Picture(figure=layout_figure(layout), is_tall=True)],
    )
    ways = Section(id="ways", title="How far goods travel", blocks=[Grid(table=way_table(layout))])
    machines = Section(id="machines", title="Corners for the installer", blocks=[Grid(table=machine_table(layout))])
    page = Page(
        title=f"{floor.name}: {names}",
        subtitle=f"{len(layout.machines)} machines on {floor.width_m:g} x {floor.depth_m:g} m, drawn to scale",
        sections=[drawing, ways, machines, Section(id="sure", title="How sure this is", blocks=_proof(layout))],
        footer=f"manyworks {layout.version}, seed {layout.seed}, inputs {layout.input_hash}",
    )
    return render_page(page)


def _facts(layout: FloorLayout) -> list[Fact]:
    floor = layout.floor
    used = sum(row.ground.width * row.ground.depth for row in layout.machines)
    longest = max((link.route_m for link in layout.links if not link.is_wish), default=0.0)
    facts = [
        Fact(label="Conveyors", value=f"{layout.conveyor_m:,.0f} m", note=f"longest {longest:,.1f} m"),
        Fact(
            label="Transport",
            value=f"{layout.routed_work:,.0f}",
            note="units x m a minute, round the machines, at the nominal rate",
        ),
        Fact(
            label="Floor under machines",
            value=f"{used:,.0f} m²",
            note=f"{used / (floor.width_m * floor.depth_m):.0%} of {floor.width_m * floor.depth_m:,.0f} m²",
        ),
    ]
    if floor.cost_per_1000_unit_m:
        facts.append(Fact(label="Cost", value=f"{layout.cost_per_h:,.2f} an hour", note="at the nominal rate"))
    return facts


def _proof(layout: FloorLayout) -> list[Block]:
    floor = layout.floor
    rules = (
        f"Machines stand {floor.clearance_m:g} m apart and {floor.wall_clearance_m:g} m from the walls at least, off "
        "aisles, doors and obstacles, inside their zones; all of it was recomputed without the search."
    )
    small = f"The search makes units x metres small: {layout.work:,.0f} a minute along both axes."
    bound = (
        f"{small} No arrangement can be below that."
        if layout.gap < PROVEN
        else f"{small} No arrangement can be below {layout.bound:,.0f}; this bound knows clearances, zones and doors "
        f"only, so the gap of {layout.gap:.0%} is in part what it does not see."
    )
    blocks: list[Block] = [Words(text=rules), Words(text=bound)]
    return [*blocks, Bullets(items=[f"Assumed: {note}." for note in layout.notes])] if layout.notes else blocks
