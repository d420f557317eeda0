"""``manyworks twin design``: the cheapest line of the catalogue that reaches a rate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from manyworks.cli.output import Json, Quiet, print_json, say
from manyworks.cli.source import Assignments, ScenarioName, Source, read_source
from manyworks.cli.twin_show import ProductName, SiteName, TemplateName

if TYPE_CHECKING:
    from manyworks.render.page import Page

Target = Annotated[float, typer.Option("--rate", "-r", help="Good units per open minute that are asked for.")]
LineChoice = Annotated[
    str | None, typer.Option("--line", "-l", help="Line whose stations say what is needed; none: --product's routing.")
]
Seed = Annotated[int, typer.Option("--seed", help="Seed; the same seed gives the same answer.")]
Confidence = Annotated[float, typer.Option("--confidence", help="Probability with which the answer holds.")]
Tolerance = Annotated[
    float, typer.Option("--tolerance", help="Share by which a cheaper line may beat the rate unseen.")
]
Hours = Annotated[float | None, typer.Option("--hours", help="Open hours a year; none: 4000.")]
Years = Annotated[float | None, typer.Option("--years", help="Years that are counted; none: those of the document.")]
RoomCost = Annotated[float, typer.Option("--room-cost", help="Price of one unit of buffer.")]
RoomFloor = Annotated[float, typer.Option("--room-floor", help="Floor of one unit of buffer, m2.")]
CapexOnly = Annotated[bool, typer.Option("--capex-only", help="Count only what is paid at the start.")]
MostMachines = Annotated[int, typer.Option("--most-machines", help="Machines side by side at most.")]
MostRooms = Annotated[int | None, typer.Option("--most-rooms", help="Units of one buffer at most; none: 15 minutes.")]
Save = Annotated[Path | None, typer.Option("--save", help="Save the document with the line: new folder, .xlsx, .json.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Folder for the page.")]


def design(
    path: Source,
    rate: Target,
    line: LineChoice = None,
    product: ProductName = None,
    site: SiteName = None,
    template: TemplateName = None,
    hours: Hours = None,
    years: Years = None,
    room_cost: RoomCost = 0.0,
    room_floor: RoomFloor = 0.0,
    is_capex_only: CapexOnly = False,
    most_machines: MostMachines = 6,
    most_rooms: MostRooms = None,
    tolerance: Tolerance = 0.01,
    confidence: Confidence = 0.95,
    seed: Seed = 0,
    save: Save = None,
    out: Out = None,
    scenario: ScenarioName = None,
    assignments: Assignments = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Choose machines, counts and buffers of a line for a rate at least cost, and say how sure that is.

    Every station may have any machine of its kind in the document's catalogue.
    """
    from manyworks.errors import UsageError
    from manyworks.twin.design.data import design_data
    from manyworks.twin.design.design_line import design_line

    if save is not None and save.exists():
        raise UsageError("must not exist yet", where=str(save), cure="Choose another name, or remove it first.")
    found = design_line(
        read_source(path, scenario, assignments, quiet=quiet), target_rate_per_min=rate, line=line, product=product,
        site=site, template=template, hours_per_year=hours, years=years, cost_per_room=room_cost,
        floor_per_room_m2=room_floor, is_capex_only=is_capex_only, most_machines=most_machines, most_rooms=most_rooms,
        tolerance=tolerance, confidence=confidence, seed=seed, say=lambda words: say(words, quiet=quiet),
    )  # fmt: skip
    written = []
    if out is not None:
        from manyworks.twin.design.pages import design_page

        written.append(write_page(design_page(found), out, "design.html"))
    if save is not None:
        from manyworks.model.document import save_network

        save_network(found.network, save)
        written.append(save)
    show(found.summary(), design_data(found), written, as_json=as_json)


def write_page(page: Page, folder: Path, name: str) -> Path:
    """Write a page into a folder, which is made when it is not there."""
    from manyworks.render.page import render_page

    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(render_page(page), encoding="utf-8")
    return file


def show(summary: str, data: dict[str, Any], written: list[Path], *, as_json: bool) -> None:
    """Print a result, and which files hold it."""
    if as_json:
        print_json(data | {"files": [str(file) for file in written]})
        return
    typer.echo(summary)
    if written:
        typer.echo("\nWrote " + ", ".join(str(file) for file in written))
