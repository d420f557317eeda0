"""``manyworks adopt``: a plan becomes the document of an operating network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from manyworks.cli.output import Json, print_json
from manyworks.errors import UsageError


def adopt(
    run: Annotated[Path, typer.Argument(help="run.json of `manyworks plan`, or the folder that holds it.")],
    target: Annotated[Path, typer.Argument(help="Folder, .xlsx or .json to write.")],
    at: Annotated[str, typer.Option("--at", help="Quarter at which the network works, such as 2028-Q1.")],
    case: Annotated[str | None, typer.Option("--case", help="Rival to adopt; none: the recommended one.")] = None,
    document: Annotated[
        Path | None, typer.Option("--document", help="Document that the plan must be of; none: the one it holds.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the target if it exists.")] = False,
    as_json: Json = False,
) -> None:
    """Write the network that a plan leaves at a quarter: sites, lines, books, customers, contracts and stock targets.

    What comes out is a document like any other: check it, plan it on, change it. It says what was done to it.
    """
    from manyworks.model.document import input_hash, load_network, save_network
    from manyworks.plan.adopt.adopt import adopt_plan
    from manyworks.plan.store import load_comparison

    if target.exists() and not force:
        raise UsageError("exists already", where=str(target), cure="Choose another name, or pass --force.")
    comparison = load_comparison(run / "run.json" if run.is_dir() else run)
    chosen = case or comparison.recommended
    known = {str(name): plan for name, plan in comparison.plans.items()}
    if chosen not in known:
        raise UsageError(
            "must be a rival of this run", where="--case", found=chosen, cure=f"One of: {', '.join(known)}."
        )
    adoption = adopt_plan(known[chosen], at, document=None if document is None else load_network(document))
    save_network(adoption.network, target)
    if as_json:
        print_json(
            {
                "path": str(target),
                "case": chosen,
                "at": adoption.period.name,
                "input_hash": input_hash(adoption.network),
                "notes": list(adoption.notes),
            }
        )
    else:
        typer.echo(adoption.summary())
        typer.echo(f"\nWrote {target}. Next: manyworks check {target}")
