"""``manyworks locate``: which sites to open when the costs of serving are given."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from manyworks.cli.output import Json, Quiet, print_json
from manyworks.cli.progress import showing_progress


def locate(
    path: Annotated[Path, typer.Argument(help="An instance in the OR-Library format for capacitated location.")],
    gap: Annotated[float, typer.Option("--gap", min=0, max=1, help="Stop when this share of the cost is proven.")] = 0,
    time_limit: Annotated[float | None, typer.Option("--time-limit", min=0.1, help="Seconds; none: no limit.")] = None,
    capacity: Annotated[
        float | None, typer.Option("--capacity", min=0, help="Capacity of every site, where the file leaves it open.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write who serves whom to this CSV file.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the solver; the same seed gives the same plan.")] = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Choose sites and serve customers at least cost, when one period and a table of costs are all there is.

    The optimum is proven, or the gap is stated; the prices that prove the bound are in --json. Ctrl-C keeps the best
    plan so far. A whole network is planned by: manyworks plan.
    """
    from manyworks.plan.location.locate import locate_sites
    from manyworks.plan.location.orlib import read_orlib

    problem = read_orlib(path, capacity=capacity)
    with showing_progress(quiet=quiet) as display:
        found = locate_sites(problem, gap=gap, time_limit=time_limit, seed=seed, display=display)
    if out is not None:
        rows = list(found.flows.rows())
        lines = [",".join(rows[0]), *(",".join(str(value) for value in row.values()) for row in rows)]
        out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if as_json:
        names = ("cost", "bound", "gap", "status", "nodes", "priced_bound", "seconds", "cpu_seconds", "seed", "version")
        data = {name: getattr(found, name) for name in names} | {"prices": found.prices.tolist()}
        print_json({"name": problem.name} | data | {"sites": list(found.table.rows())})
    else:
        typer.echo(found.summary())
