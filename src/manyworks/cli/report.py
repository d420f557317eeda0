"""``manyworks report``: the report of a run that was solved before."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from manyworks.cli.output import Json, print_json


def report(
    run: Annotated[Path, typer.Argument(help="run.json of `manyworks plan`, or the folder that holds it.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder to write to; none: beside run.json.")] = None,
    as_json: Json = False,
) -> None:
    """Write report.html and report.xlsx again from a stored run, without solving anything.

    Where stress.json lies beside run.json, its sections and sheets are written again as well.
    """
    from manyworks.plan.store import load_comparison
    from manyworks.plan.stress.store import load_stress
    from manyworks.studies.plan_report import write_report

    file = run / "run.json" if run.is_dir() else run
    comparison, stressed = load_comparison(file), file.with_name("stress.json")
    stress = load_stress(stressed, comparison) if stressed.exists() else None
    written = write_report(comparison, out or file.parent, stress=stress)
    if as_json:
        print_json({"files": [str(path) for path in written]})
    else:
        typer.echo("Wrote " + ", ".join(str(path) for path in written))
