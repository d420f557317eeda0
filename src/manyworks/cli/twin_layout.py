"""``manyworks twin layout``: where the machines of lines stand on a floor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from manyworks.cli.output import Json, Quiet, print_json, say
from manyworks.cli.source import Assignments, ScenarioName, Source, read_source

LineNames = Annotated[list[str], typer.Option("--line", "-l", help="Line to arrange; may be repeated for one floor.")]
SiteName = Annotated[str | None, typer.Option("--site", help="Site whose floor is meant.")]
TemplateName = Annotated[str | None, typer.Option("--template", help="Template whose floor is meant.")]
FloorName = Annotated[str | None, typer.Option("--floor", help="Floor; none: the only one there is.")]
Effort = Annotated[float, typer.Option("--effort", min=0.01, help="Length of the search; 1: some seconds.")]
Limit = Annotated[float | None, typer.Option("--time-limit", min=0.1, help="Seconds; none: until the search is done.")]
Seed = Annotated[int, typer.Option("--seed", help="Seed of the search; the same seed gives the same layout.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Folder for layout.html, floor.svg and layout.json.")]
Saved = Annotated[
    Path | None,
    typer.Option("--document", help="Write the document with placements, lengths and travel times here."),
]
Speed = Annotated[
    float | None, typer.Option("--conveyor-speed", min=0.01, help="m/min of travel times; none: the floor's.")
]
PerMetre = Annotated[
    float | None,
    typer.Option("--units-per-m", min=0.01, help="Units that stand on a metre of conveyor; none: as buffers state."),
]


def layout(
    path: Source,
    line: LineNames,
    site: SiteName = None,
    template: TemplateName = None,
    floor: FloorName = None,
    effort: Effort = 1.0,
    time_limit: Limit = None,
    seed: Seed = 0,
    out: Out = None,
    document: Saved = None,
    conveyor_speed: Speed = None,
    units_per_m: PerMetre = None,
    scenario: ScenarioName = None,
    assignments: Assignments = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Stand the machines of one or more lines on a floor of the document, so that goods travel little.

    --out draws it to scale. --document writes the document with where each machine stands and how long units travel
    between stations, which `manyworks twin simulate` then uses.
    """
    from manyworks.twin.layout.arrange import arrange_floor
    from manyworks.twin.layout.feedback import network_with_layout, throttled, unbuffered

    network = read_source(path, scenario, assignments, quiet=quiet)
    found = arrange_floor(
        network, lines=line, site=site, template=template, floor=floor, seed=seed, time_limit=time_limit, effort=effort
    )
    written: list[Path] = []
    if out is not None:
        from manyworks.twin.layout.page import write_layout

        written += write_layout(found, out)
    if document is not None:
        from manyworks.model.document import save_network

        laid = network_with_layout(network, found, conveyor_m_per_min=conveyor_speed, units_per_m=units_per_m)
        save_network(laid, document)
        written.append(document)
        for name, buffer, capacity, on_way in throttled(laid, found):
            words = f"{capacity} units fit, {on_way:.0f} are on the way at the nominal rate"
            say(f"{name}: buffer {buffer} slows the line: {words}. State --units-per-m.", quiet=quiet)
        for name, after, before, metres in unbuffered(network, found):
            say(f"{name}: no buffer from {after} to {before} keeps the time for {metres:.1f} m.", quiet=quiet)
    if as_json:
        print_json(found.to_dict() | {"files": [str(file) for file in written]})
    else:
        typer.echo(found.summary())
        if written:
            say("Wrote " + ", ".join(str(file) for file in written), quiet=quiet)
