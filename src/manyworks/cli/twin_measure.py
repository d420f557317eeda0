"""``manyworks twin measure``: what lines can do, product by product, for the plan to use."""

from __future__ import annotations

from typing import Annotated

import typer

from manyworks.cli.output import Json, Quiet, print_json, say
from manyworks.cli.source import Source, read_source
from manyworks.cli.twin_show import SiteName, TemplateName
from manyworks.cli.twin_simulate import Seed, showing_twin
from manyworks.errors import CheckError

Lines = Annotated[list[str] | None, typer.Option("--line", "-l", help="Line to measure; may be repeated; none: all.")]
Products = Annotated[list[str] | None, typer.Option("--product", "-p", help="Product; may be repeated; none: all.")]
HalfWidth = Annotated[
    float,
    typer.Option("--half-width", min=0.0005, max=0.2, help="Wanted half-width of each rate's interval, as share."),
]
Write = Annotated[bool, typer.Option("--write", help="Bring the rates into the document's capabilities.csv.")]


def measure(
    path: Source,
    line: Lines = None,
    site: SiteName = None,
    template: TemplateName = None,
    product: Products = None,
    half_width: HalfWidth = 0.005,
    seed: Seed = 0,
    write: Write = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Measure nominal and effective rate, fill and drain of lines, product by product.

    With --write they go into the document's capabilities with their source, and `manyworks plan` uses them.
    """
    from manyworks.studies.capability import measure_capabilities

    network = read_source(path, None, None, quiet=quiet)
    with showing_twin(quiet=quiet) as display:
        found = measure_capabilities(
            network, lines=line, site=site, template=template, products=product, half_width=half_width, seed=seed,
            display=display,
        )  # fmt: skip
    if failures := found.check():
        raise CheckError("the measured rates cannot be", failures=failures)
    changes = found.write(path) if write and found.measured else []
    if as_json:
        print_json(found.to_dict() | {"written": [change.to_dict() for change in changes]})
    else:
        typer.echo(found.summary())
    if changes:
        rows = changes[0]
        say(f"Wrote {rows.added} new and {rows.changed} changed capabilities into {path}.", quiet=quiet)
