"""``manyworks export``: the same document in another form."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from manyworks.cli.output import Json, print_json
from manyworks.errors import UsageError


def export(
    path: Annotated[Path, typer.Argument(help="Document to read.")],
    target: Annotated[Path, typer.Argument(help="Folder, .xlsx or .json to write.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the target if it exists.")] = False,
    as_json: Json = False,
) -> None:
    """Write a document as a folder of YAML and CSV, as a workbook, or as JSON, without loss."""
    from manyworks.model.document import input_hash, load_network, save_network

    if target.exists() and not force:
        raise UsageError("exists already", where=str(target), cure="Choose another name, or pass --force.")
    network = load_network(path)
    save_network(network, target)
    if as_json:
        print_json({"path": str(target), "input_hash": input_hash(network)})
    else:
        typer.echo(f"Wrote {target} (input hash {input_hash(network)[:12]}).")
