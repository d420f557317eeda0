"""``manyworks twin impact``: what changing one workstation does to line, site and plan."""

from __future__ import annotations

from typing import Annotated

import typer

from manyworks.cli.output import Json, Quiet
from manyworks.cli.plan import Gap, Jobs, TimeLimit
from manyworks.cli.progress import showing_progress
from manyworks.cli.source import Assignments, ScenarioName, Source, read_source
from manyworks.cli.twin_compare import Replications
from manyworks.cli.twin_design import Out, Seed, show, write_page
from manyworks.cli.twin_show import LineName

StationName = Annotated[str, typer.Option("--station", help="Id of the station that changes.")]
Changes = Annotated[
    list[str],
    typer.Option("--change", "-c", help="count=2, equipment=ID, or a field of its machine: mtbf_min*=1.5; repeatable."),
]
LineOnly = Annotated[bool, typer.Option("--line-only", help="Leave sites and plan out: seconds instead of two plans.")]


def impact(
    path: Source,
    line: LineName,
    station: StationName,
    changes: Changes,
    is_line_only: LineOnly = False,
    replications: Replications = 32,
    gap: Gap = 0.01,
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    jobs: Jobs = 2,
    out: Out = None,
    scenario: ScenarioName = None,
    assignments: Assignments = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say what changing one workstation does to its line (rate), sites (hours, crew) and plan (worth, decision)."""
    from manyworks.studies.line_impact import line_impact
    from manyworks.studies.line_impact_words import impact_data, impact_page

    network = read_source(path, scenario, assignments, quiet=quiet)
    with showing_progress(quiet=quiet) as display:
        found = line_impact(
            network, line=line, station=station, changes=changes, with_plan=not is_line_only, gap=gap,
            time_limit=time_limit, jobs=jobs, runs=replications, seed=seed, display=display,
        )  # fmt: skip
    written = [write_page(impact_page(found), out, "impact.html")] if out is not None else []
    show(found.summary(), impact_data(found), written, as_json=as_json)
