"""``manyworks twin show``: a line as the twin runs it, before anything is simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from manyworks.cli.output import Json, Quiet, print_json
from manyworks.cli.source import Assignments, ScenarioName, Source, read_source

if TYPE_CHECKING:
    from manyworks.twin.line_program import LineCase

LineName = Annotated[str, typer.Option("--line", "-l", help="Id of the line.")]
SiteName = Annotated[str | None, typer.Option("--site", help="Site at which it stands; none: anywhere.")]
TemplateName = Annotated[str | None, typer.Option("--template", help="Template in which it stands.")]
Runs = Annotated[
    str | None,
    typer.Option("--runs", help="What it makes in turn, product:units,…; none: the best wheel of its products."),
]
ProductName = Annotated[str | None, typer.Option("--product", "-p", help="Make this product alone, without end.")]


def show(
    path: Source,
    line: LineName,
    site: SiteName = None,
    template: TemplateName = None,
    product: ProductName = None,
    runs: Runs = None,
    scenario: ScenarioName = None,
    assignments: Assignments = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show a line as the twin runs it: stations with their times and stops, buffers, people, runs, planned stops."""
    from manyworks.twin.line_program import line_case
    from manyworks.twin.program_words import program_data, program_words

    network = read_source(path, scenario, assignments, quiet=quiet)
    case: LineCase = line_case(network, line=line, site=site, template=template, runs=wanted_runs(product, runs))
    if as_json:
        print_json(program_data(case))
    else:
        typer.echo(program_words(case))


def wanted_runs(product: str | None, runs: str | None) -> str | None:
    """One product, or runs; not both.

    Raises
    ------
    UsageError
        Both are stated.
    """
    from manyworks.errors import UsageError

    if product is not None and runs is not None:
        raise UsageError("must not be stated beside --runs", where="--product", found=product, cure="Give one of them.")
    return product if product is not None else runs
