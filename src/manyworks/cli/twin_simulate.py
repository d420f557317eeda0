"""``manyworks twin simulate``: what a line does, with its interval, losses, bottleneck and a page that replays it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from manyworks.cli.output import Json, Quiet, print_json, say
from manyworks.cli.source import Assignments, ScenarioName, Source, read_source
from manyworks.cli.twin_show import LineName, ProductName, Runs, SiteName, TemplateName, wanted_runs

if TYPE_CHECKING:
    from manyworks.twin.progress import TwinDisplay, TwinProgress

HalfWidth = Annotated[
    float, typer.Option("--half-width", min=0.0001, max=0.5, help="Wanted half-width of the rate's interval, as share.")
]
Seed = Annotated[int, typer.Option("--seed", help="Seed of all chance; the same seed gives the same figures.")]
Most = Annotated[int, typer.Option("--most", min=2, help="Replications at most.")]


def simulate(
    path: Source,
    line: LineName,
    site: SiteName = None,
    template: TemplateName = None,
    product: ProductName = None,
    runs: Runs = None,
    half_width: HalfWidth = 0.01,
    most: Most = 400,
    seed: Seed = 0,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder for line.html and line.json; none: no page.")
    ] = None,
    scenario: ScenarioName = None,
    assignments: Assignments = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Simulate a line: its rate with interval, where the time goes, what holds it back, energy and cost.

    Replications are added until the interval is as narrow as asked for. With --out a page is written that shows all
    figures and replays the line.
    """
    from manyworks.twin.simulate import simulate_line

    network = read_source(path, scenario, assignments, quiet=quiet)
    with showing_twin(quiet=quiet) as display:
        run = simulate_line(
            network, line=line, site=site, template=template, runs=wanted_runs(product, runs), half_width=half_width,
            most_replications=most, seed=seed, display=display,
        )  # fmt: skip
    files: list[Path] = []
    if out is not None:
        from manyworks.studies.line_report import write_line_report

        say("Writing the page", quiet=quiet)
        files = write_line_report(run, out)
    if as_json:
        print_json(run.to_dict() | {"files": [str(file) for file in files]})
    else:
        typer.echo(run.summary())
        if files:
            typer.echo("\nWrote " + ", ".join(str(file) for file in files))


@contextmanager
def showing_twin(*, quiet: bool) -> Iterator[TwinDisplay | None]:
    """A display of progress for as long as the block runs, or None when nobody wants one."""
    import sys

    if quiet:
        yield None
    elif sys.stderr.isatty():
        from rich.console import Console

        with Console(stderr=True).status("simulating") as status:
            yield lambda message: status.update(str(message))
    else:
        yield _lines()


def _lines() -> TwinDisplay:
    """Prints a line whenever a phase begins."""
    seen: set[str] = set()

    def show(message: TwinProgress) -> None:
        if message.phase not in seen:
            seen.add(message.phase)
            typer.echo(str(message), err=True)

    return show
