"""``manyworks twin sensitivity``: what each figure of a line does to its rate."""

from __future__ import annotations

from typing import Annotated

import typer

from manyworks.cli.output import Json, Quiet
from manyworks.cli.source import Assignments, ScenarioName, Source, read_source
from manyworks.cli.twin_compare import Replications
from manyworks.cli.twin_design import Confidence, Out, Seed, show, write_page
from manyworks.cli.twin_show import LineName, ProductName, SiteName, TemplateName

ShareChanged = Annotated[float, typer.Option("--change", help="Share by which each figure is changed.")]


def sensitivity(
    path: Source,
    line: LineName,
    change: ShareChanged = 0.1,
    product: ProductName = None,
    site: SiteName = None,
    template: TemplateName = None,
    replications: Replications = 32,
    confidence: Confidence = 0.95,
    seed: Seed = 0,
    out: Out = None,
    scenario: ScenarioName = None,
    assignments: Assignments = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Change speed, failures, repairs, scrap, rooms and people one at a time, and see what the rate does."""
    from manyworks.twin.design.data import sensitivity_data
    from manyworks.twin.design.document import open_program
    from manyworks.twin.design.sensitivity import sensitivity as find

    network = read_source(path, scenario, assignments, quiet=quiet)
    program = open_program(network, line=line, site=site, template=template, product=product)
    found = find(program, share=change, runs=replications, confidence=confidence, seed=seed)
    written = []
    if out is not None:
        from manyworks.twin.design.pages import sensitivity_page

        written.append(write_page(sensitivity_page(found), out, "sensitivity.html"))
    show(found.summary(), sensitivity_data(found), written, as_json=as_json)
