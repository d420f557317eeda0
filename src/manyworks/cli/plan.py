"""``manyworks plan``: the decision, its rivals and its report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from manyworks.cli.output import Json, Quiet, print_json, say
from manyworks.cli.progress import showing_progress
from manyworks.cli.source import Assignments, ScenarioName, Source, read_source

if TYPE_CHECKING:
    from manyworks.plan.case import CaseName
    from manyworks.plan.rivals.compare import Comparison
    from manyworks.plan.stress.stress import StressRun

Gap = Annotated[float, typer.Option("--gap", min=0, max=1, help="Stop when this share of the costs is proven at most.")]
TimeLimit = Annotated[
    float | None, typer.Option("--time-limit", min=0.1, help="Seconds for each rival; none: no limit.")
]
Seed = Annotated[int, typer.Option("--seed", help="Seed of the solver; the same seed gives the same plan.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Rivals solved side by side.")]
Full = Annotated[bool, typer.Option("--full", help="Put the plans under every stress as well; takes much longer.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Folder for the report; none: out/NAME.")]


def plan(
    path: Source,
    out: Out = None,
    scenario: ScenarioName = None,
    assignments: Assignments = None,
    gap: Gap = 0.01,
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    jobs: Jobs = 2,
    full: Full = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Plan the network: where to build, with what, when, and what it is worth against its rivals.

    Prints a short summary and writes report.html, report.xlsx and run.json. Ctrl-C keeps the best plan found so far,
    with the gap that is proven for it. Exit code 3: no plan meets the document's rules; the conflict is printed.
    """
    from manyworks.plan.store import save_comparison
    from manyworks.studies.plan_report import write_report

    network = read_source(path, scenario, assignments, quiet=quiet)
    folder = out or Path("out") / path.resolve().stem
    folder.mkdir(parents=True, exist_ok=True)  # a folder that cannot be written should fail before the hours of solving
    try:
        comparison = solve(network, gap=gap, time_limit=time_limit, seed=seed, jobs=jobs, quiet=quiet)
    except BaseException:
        if not any(folder.iterdir()):
            folder.rmdir()
        raise
    stress: StressRun | None = None
    if full:
        from manyworks.cli.stress import run_stress, write_stress

        stress = run_stress(comparison, None, gap=gap, time_limit=time_limit, seed=seed, jobs=jobs, quiet=quiet)
        written = write_stress(stress, folder, quiet=quiet)
    else:
        say("Writing the report", quiet=quiet)
        written = [*write_report(comparison, folder), save_comparison(comparison, folder / "run.json")]
    if as_json:
        more = {} if stress is None else {"stress": stress.to_dict()}
        print_json(plan_data(comparison) | more | {"files": [str(file) for file in written]})
    else:
        typer.echo(comparison.summary())
        if stress is not None:
            typer.echo(f"\n{stress.summary()}")
        typer.echo("\nWrote " + ", ".join(str(file) for file in written))


def solve(network: Any, *, gap: float, time_limit: float | None, seed: int, jobs: int, quiet: bool) -> Comparison:
    """All rivals of the document, with progress on standard error."""
    from manyworks.plan.rivals.compare import compare_plans

    with showing_progress(quiet=quiet) as display:
        return compare_plans(network, gap=gap, time_limit=time_limit, seed=seed, jobs=jobs, display=display)


def plan_data(comparison: Comparison) -> dict[str, Any]:
    """The comparison as data: the recommendation, each rival's figures, and the tables of the recommended plan."""
    best = comparison.plans[comparison.recommended]
    return {
        "recommended": comparison.recommended,
        "recommendation": comparison.recommendation,
        "why": comparison.why,
        "rivals": {name: rival_data(comparison, name) for name in comparison.plans},
        "absent": dict(comparison.absent),
        "tables": {name: list(table.rows()) for name, table in best.tables.items().items() if name != "shipments"},
        "binding": list(best.binding.rows()),
    }


def rival_data(comparison: Comparison, name: CaseName) -> dict[str, Any]:
    """The figures by which one rival is judged.

    Those against doing nothing are None where there is no such difference; ``payback_years`` is discounted and None
    where it is not within the plan, ``internal_rate_of_return`` None where there is none or where there are several.
    """
    rival, more = comparison.plans[name], comparison.incremental.get(name)
    return {
        "title": rival.case.title,
        "npv": rival.npv,
        "bound": rival.bound,
        "gap": rival.gap,
        "against_nothing": more.npv if more else None,
        "investment": -float(rival.money.line("capex").sum()),
        "peak_funding": more.peak_funding.amount if more else None,
        "payback_years": more.payback_years if more else None,
        "internal_rate_of_return": more.internal_rate.value if more else None,
        "landed_cost_per_unit": rival.money.landed.cost_per_unit,
        "mean_days": comparison.services[name].days,
        "status": rival.status,
        "seconds": rival.seconds,
        "input_hash": rival.input_hash,
        "version": rival.version,
        "seed": rival.seed,
    }
