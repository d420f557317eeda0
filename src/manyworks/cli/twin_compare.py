"""``manyworks twin compare``: lines side by side under the same luck."""

from __future__ import annotations

from typing import Annotated

import typer

from manyworks.cli.output import Json, Quiet
from manyworks.cli.source import Assignments, ScenarioName, Source, read_source
from manyworks.cli.twin_design import Confidence, Out, Seed, show, write_page
from manyworks.cli.twin_show import ProductName, SiteName, TemplateName

Lines = Annotated[str, typer.Option("--lines", "-l", help="Ids, first,second,…; differences are to the first.")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--with", help="The first line again with a change: path=value, as --set; may be repeated."),
]
Replications = Annotated[int, typer.Option("--replications", help="Replications of every line.")]


def compare(
    path: Source,
    lines: Lines,
    changes: Changes = None,
    product: ProductName = None,
    site: SiteName = None,
    template: TemplateName = None,
    replications: Replications = 40,
    confidence: Confidence = 0.95,
    seed: Seed = 0,
    out: Out = None,
    scenario: ScenarioName = None,
    assignments: Assignments = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare lines, or one line with and without changes, and select the best with a stated probability."""
    from manyworks.model.scenario import apply_changes, change_from_words
    from manyworks.twin.design.compare import compare_lines
    from manyworks.twin.design.data import comparison_data
    from manyworks.twin.design.document import open_program

    network = read_source(path, scenario, assignments, quiet=quiet)
    names = [name.strip() for name in lines.split(",")]
    programs = {name: open_program(network, line=name, site=site, template=template, product=product) for name in names}
    for words in changes or []:
        changed = apply_changes(network, [change_from_words(words)])
        units = round(programs[names[0]].units_per_part)
        programs[f"{names[0]} with {words}"] = open_program(
            changed, line=names[0], site=site, template=template, product=product, units=units
        )
    found = compare_lines(programs, runs=replications, confidence=confidence, seed=seed)
    written = []
    if out is not None:
        from manyworks.twin.design.pages import comparison_page

        written.append(write_page(comparison_page(found, network.name), out, "compare.html"))
    show(found.summary(), comparison_data(found), written, as_json=as_json)
