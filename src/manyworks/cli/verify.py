"""``manyworks verify``: a stored plan and its bound, computed anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from manyworks.cli.output import Json, print_json
from manyworks.errors import EXIT_FAILED, EXIT_OK


def verify(
    run: Annotated[Path, typer.Argument(help="run.json of `manyworks plan`, or the folder that holds it.")],
    document: Annotated[
        Path | None, typer.Argument(help="Document that the plan must be of; none: the one stored with it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Recompute every plan of a stored run, its money and the bound that its prices prove, without the solver.

    Exit code 0: every plan passes. 1: at least one does not; each fault is named.
    """
    from manyworks.cli.source import read_source
    from manyworks.plan.rivals.compare import CONTAINS
    from manyworks.plan.store import load_comparison
    from manyworks.plan.verify import verify_plans

    file = run / "run.json" if run.is_dir() else run
    network = None if document is None else read_source(document, None, None, quiet=True)
    found = verify_plans(load_comparison(file).plans, CONTAINS, network)
    passed = all(one.passed for one in found.values())
    if as_json:
        print_json({"ok": passed, "plans": {name: one.to_dict() for name, one in found.items()}})
    else:
        typer.echo("\n".join(one.summary() for one in found.values()))
        good = sum(one.passed for one in found.values())
        typer.echo(f"\n{good} of {len(found)} {'plan passes' if len(found) == 1 else 'plans pass'}.")
    raise typer.Exit(EXIT_OK if passed else EXIT_FAILED)
