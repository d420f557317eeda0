"""``manyworks init``: a first document to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from manyworks.cli.output import Json, print_json
from manyworks.errors import UsageError


def init(
    target: Annotated[Path, typer.Argument(help="Folder to make, or a workbook to make when it ends in .xlsx.")],
    example: Annotated[
        str, typer.Option("--example", "-e", help="Example to copy; `manyworks init --list .` shows all.")
    ] = "starter",
    show_list: Annotated[bool, typer.Option("--list", help="List the examples and stop.")] = False,
    as_json: Json = False,
) -> None:
    """Make a document: a small starter to fill in, or a copy of an example.

    `manyworks init plant.xlsx` makes the starter workbook, which a planner can fill in within an hour.
    """
    from manyworks.examples import copy_example, example_titles

    if show_list:
        titles = example_titles()
        if as_json:
            print_json(titles)
        else:
            for name, title in titles.items():
                typer.echo(f"{name:16} {title}")
        return
    if target.exists() and (target.is_file() or any(target.iterdir())):
        raise UsageError("must not exist yet", where=str(target), cure="Choose another name, or remove it first.")
    copy_example(example, target)
    if as_json:
        print_json({"path": str(target), "example": example})
    else:
        typer.echo(f"Made {target} from {example}. Next: manyworks check {target}, then manyworks plan {target}")
