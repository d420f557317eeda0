"""``manyworks claims``: what each claim for decentralised manufacturing is worth on a document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from manyworks.cli.output import Json, Quiet, print_json
from manyworks.cli.plan import Gap, Jobs, Seed, TimeLimit
from manyworks.cli.progress import showing_progress
from manyworks.cli.source import Assignments, ScenarioName, Source, read_source

ClaimNames = Annotated[
    list[str] | None,
    typer.Option("--claim", "-c", help="Claim to measure, such as reconfiguration; repeat it for several; none: all."),
]


def claims(
    path: Source,
    names: ClaimNames = None,
    with_best: Annotated[
        bool, typer.Option("--best/--no-best", help="Plan the best mix again as well; without it, half the time.")
    ] = True,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Folder for what is finished: a stopped run goes on there.")
    ] = None,
    scenario: ScenarioName = None,
    assignments: Assignments = None,
    gap: Gap = 0.01,
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    jobs: Jobs = 2,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Measure the claims for many small plants: each one switched off alone, and the network planned again.

    The worth of a claim is the lead of the distributed network over the central one that goes with it; negative where
    the claim speaks for the central one. Labour, shipping in and out, reconfiguration, storage, time to market,
    tariffs, freshness, packaging, limited runs, allergens, reliability, energy, customers. Ctrl-C keeps what was
    measured, and with --keep the next run goes on from there.
    """
    from manyworks.studies.claims.measure import measure_claims

    network = read_source(path, scenario, assignments, quiet=quiet)
    with showing_progress(quiet=quiet) as display:
        run = measure_claims(
            network,
            claims=names,
            with_best=with_best,
            folder=keep,
            gap=gap,
            time_limit=time_limit,
            seed=seed,
            jobs=jobs,
            display=display,
        )
    if as_json:
        lead = {name: getattr(run.lead, name) for name in ("distributed", "best", "least", "most")}
        rest = {name: getattr(run, name) for name in ("seconds", "cpu_seconds", "seed", "version", "input_hash")}
        print_json({"lead": lead, "claims": list(run.table.rows()), "absent": dict(run.absent)} | rest)
    else:
        typer.echo(run.summary())
