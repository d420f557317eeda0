"""``manyworks twin rfq``: what to ask makers for, station by station, without naming one."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from manyworks.cli.output import Json, Quiet
from manyworks.cli.source import Assignments, ScenarioName, Source, read_source
from manyworks.cli.twin_design import Out, Seed, show, write_page
from manyworks.cli.twin_show import LineName, SiteName, TemplateName

Target = Annotated[
    float | None, typer.Option("--rate", "-r", help="Good units/min to accept the line at; none: what it makes.")
]


def rfq(
    path: Source,
    line: LineName,
    rate: Target = None,
    site: SiteName = None,
    template: TemplateName = None,
    seed: Seed = 0,
    out: Out = None,
    scenario: ScenarioName = None,
    assignments: Assignments = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write the requirement sheet of a line: rates, availability, interfaces, and acceptance tests with what passes.

    Prints Markdown; --out writes it beside a page.
    """
    from manyworks.twin.design.requirements import requirement_sheet

    network = read_source(path, scenario, assignments, quiet=quiet)
    sheet = requirement_sheet(network, line=line, site=site, template=template, target_per_min=rate, seed=seed)
    written = []
    if out is not None:
        from manyworks.twin.design.requirement_words import sheet_page

        written.append(write_page(sheet_page(sheet), out, "rfq.html"))
        text = out / "rfq.md"
        text.write_text(sheet.to_markdown(), encoding="utf-8")
        written.append(text)
    data = {
        "line": sheet.line, "products": [row.id for row in sheet.products], "rate_per_min": sheet.rate.to_dict(),
        "accepted_per_min": sheet.asked_per_min, "machines": [asdict(row) for row in sheet.machines],
        "line_units_in_acceptance": sheet.line_units, "seed": sheet.seed,
    }  # fmt: skip
    show(sheet.to_markdown(), data, written, as_json=as_json)
