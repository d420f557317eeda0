"""``manyworks compare``: rivals side by side, without a report."""

from __future__ import annotations

import typer

from manyworks.cli.output import Json, Quiet, print_json
from manyworks.cli.plan import Gap, Jobs, Seed, TimeLimit, plan_data, solve
from manyworks.cli.source import Assignments, ScenarioName, Source, read_source


def compare(
    path: Source,
    scenario: ScenarioName = None,
    assignments: Assignments = None,
    gap: Gap = 0.01,
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    jobs: Jobs = 2,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare every rival that the document can price, from doing nothing to the best mix of all.

    Prints each rival with its proven gap, the bridge of their landed cost and the reason for the recommendation.
    """
    network = read_source(path, scenario, assignments, quiet=quiet)
    comparison = solve(network, gap=gap, time_limit=time_limit, seed=seed, jobs=jobs, quiet=quiet)
    if as_json:
        print_json(plan_data(comparison))
    else:
        typer.echo(comparison.summary())
