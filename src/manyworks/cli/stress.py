"""``manyworks stress``: what happens to the plan and its rivals when the world does not go as the document says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from manyworks.cli.output import Json, Quiet, print_json, say
from manyworks.cli.plan import Gap, Jobs, Seed, TimeLimit, solve
from manyworks.cli.progress import showing_progress
from manyworks.cli.source import Assignments, ScenarioName, read_source

if TYPE_CHECKING:
    from manyworks.plan.rivals.compare import Comparison
    from manyworks.plan.stress.stress import StressRun

Subject = Annotated[Path, typer.Argument(help="Document, or the run.json of a plan, which is not planned again.")]
PartNames = Annotated[
    list[str] | None,
    typer.Option("--part", "-p", help="Part to run, such as scenarios; repeat it for several; none: all."),
]
Maps = Annotated[
    list[str] | None,
    typer.Option("--map", help="Two numbers of a break-even map, such as demand,wage; repeat it for several."),
]
Full = Annotated[bool, typer.Option("--full", help="Also the long parts of a large network.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Folder for the report; none: out/NAME-stress.")]


def stress(
    path: Subject,
    parts: PartNames = None,
    maps: Maps = None,
    full: Full = False,
    out: Out = None,
    scenario: ScenarioName = None,
    assignments: Assignments = None,
    gap: Gap = 0.01,
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    jobs: Jobs = 2,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Put the plan and its rivals under stress, and write the report with what each stress says.

    Plans the document first; a stored run.json is taken as it is. Writes report.html, report.xlsx, run.json and
    stress.json. Ctrl-C keeps what was done so far. Exit code 3: no plan meets the document's rules.
    """
    from manyworks.plan.stress.part import wanted_parts

    wanted_parts(parts)
    options = _options(maps)
    folder = out or Path("out") / f"{_name(path)}-stress"
    comparison = _comparison(path, scenario, assignments, gap, time_limit, seed, jobs, quiet)
    how: dict[str, Any] = {"gap": gap, "time_limit": time_limit, "seed": seed, "jobs": jobs}
    run = run_stress(comparison, parts, **how, quiet=quiet, options=options, full=full)
    written = write_stress(run, folder, quiet=quiet)
    if as_json:
        print_json(run.to_dict() | {"files": [str(file) for file in written]})
    else:
        typer.echo(run.summary())
        typer.echo("\nWrote " + ", ".join(str(file) for file in written))


def run_stress(
    comparison: Comparison,
    parts: list[str] | None,
    *,
    gap: float,
    time_limit: float | None,
    seed: int,
    jobs: int,
    quiet: bool,
    options: dict[str, Any] | None = None,
    full: bool = False,
) -> StressRun:
    """The parts on finished plans, with progress on standard error."""
    from manyworks.plan.stress.stress import stress_plan

    with showing_progress(quiet=quiet) as display:
        return stress_plan(
            comparison,
            parts=parts,
            gap=gap,
            time_limit=time_limit,
            seed=seed,
            jobs=jobs,
            display=display,
            options=options,
            full=full,
        )


def _options(maps: list[str] | None) -> dict[str, Any]:
    """The options that words on the command line mean; both numbers of a map must be ones that can be scaled."""
    from manyworks.errors import UsageError
    from manyworks.plan.stress.break_even import BreakEvenOptions, scalable

    if not maps:
        return {}
    pairs = []
    for words in maps:
        names = tuple(word.strip() for word in words.split(","))
        if len(names) != 2 or not set(names) <= set(scalable()):
            cure = "Write two of " + ", ".join(scalable()) + "."
            raise UsageError("must be two numbers that can be scaled", where="--map", found=words, cure=cure)
        pairs.append((names[0], names[1]))
    return {"break_even": BreakEvenOptions(maps=tuple(pairs))}


def write_stress(run: StressRun, folder: Path, *, quiet: bool) -> list[Path]:
    """The report with its stress sections, the plans and the stress tables."""
    from manyworks.plan.store import save_comparison
    from manyworks.plan.stress.store import save_stress
    from manyworks.studies.plan_report import write_report

    say("Writing the report", quiet=quiet)
    written = write_report(run.comparison, folder, stress=run)
    stored = save_comparison(run.comparison, folder / "run.json")
    return [*written, stored, save_stress(run, folder / "stress.json")]


def _comparison(
    path: Path,
    scenario: str | None,
    assignments: list[str] | None,
    gap: float,
    time_limit: float | None,
    seed: int,
    jobs: int,
    quiet: bool,
) -> Comparison:
    from manyworks.errors import UsageError
    from manyworks.plan.store import is_stored_run, load_comparison

    if not is_stored_run(path):
        network = read_source(path, scenario, assignments, quiet=quiet)
        return solve(network, gap=gap, time_limit=time_limit, seed=seed, jobs=jobs, quiet=quiet)
    if scenario is not None or assignments:
        cure = "Name the document, so that it is changed before it is planned."
        raise UsageError("cannot be changed after it was planned", where=str(path), found="a stored run", cure=cure)
    return load_comparison(path)


def _name(path: Path) -> str:
    whole = path.resolve()
    return whole.parent.name if whole.name == "run.json" else whole.stem
