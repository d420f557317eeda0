"""``manyworks twin sweep``: a line at every combination of some values, here or on a cluster."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from manyworks.cli.output import Json, Quiet, print_json, say
from manyworks.cli.source import Assignments, ScenarioName, Source, read_source

LineName = Annotated[str, typer.Option("--line", "-l", help="Id of the line.")]
Vary = Annotated[
    list[str],
    typer.Option(
        "--vary", help="path=value,value or path=first:last:steps, such as stations.filler.count=1,2; repeats."
    ),
]
SiteName = Annotated[str | None, typer.Option("--site", help="Site at which it stands; none: anywhere.")]
TemplateName = Annotated[str | None, typer.Option("--template", help="Template in which it stands.")]
Runs = Annotated[str | None, typer.Option("--runs", help="What it makes in turn, product:units,…; one product alone.")]
Replications = Annotated[int, typer.Option("--replications", "-n", min=2, help="Runs of each combination.")]
Seed = Annotated[int, typer.Option("--seed", help="The same seed gives the same bytes, whoever works.")]
Threads = Annotated[
    int | None, typer.Option("--threads", "-j", min=1, help="Threads of this machine; none: all cores.")
]
On = Annotated[str | None, typer.Option("--on", help="dask://host:port: a Dask cluster; none: this machine.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Write the table here (.csv).")]
Plot = Annotated[Path | None, typer.Option("--plot", help="Write the picture here (.svg).")]


def sweep_line(
    path: Source,
    line: LineName,
    vary: Vary,
    site: SiteName = None,
    template: TemplateName = None,
    runs: Runs = None,
    replications: Replications = 20,
    seed: Seed = 0,
    threads: Threads = None,
    on: On = None,
    out: Out = None,
    plot: Plot = None,
    scenario: ScenarioName = None,
    assignments: Assignments = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Simulate a line at every combination of some values with the same luck, on this machine or on a cluster."""
    from manyworks.twin.sweep import sweep
    from manyworks.twin.sweep.grid import grid_from_words

    network = read_source(path, scenario, assignments, quiet=quiet)
    found = sweep(
        network, line=line, grid=grid_from_words(vary), site=site, template=template, runs=runs,
        replications=replications, seed=seed, threads=threads, on=on, display=None if quiet else _progress(),
    )  # fmt: skip
    written = []
    for file, text in ((out, found.to_csv), (plot, lambda: found.picture().as_file())):
        if file is not None:
            file.write_text(text(), encoding="utf-8")
            written.append(file)
    if as_json:
        print_json(found.to_dict() | {"files": [str(file) for file in written]})
    else:
        typer.echo(found.summary())
    if written:
        say(f"Wrote {', '.join(str(file) for file in written)}.", quiet=quiet)


def _progress() -> Callable[[int, int], None]:
    """One line that counts batches on a terminal, a line each tenth elsewhere."""
    is_live = sys.stderr.isatty()

    def show(done: int, total: int) -> None:
        if is_live:
            typer.echo(f"\r{done} of {total} batches{chr(10) if done == total else ''}", err=True, nl=False)
        elif done == total or done % max(1, total // 10) == 0:
            typer.echo(f"{done} of {total} batches", err=True)

    return show
