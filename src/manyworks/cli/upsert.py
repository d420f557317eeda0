"""``manyworks import``: rows from tables into a document, all or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from manyworks.cli.output import Json, print_json


def import_tables(
    path: Annotated[Path, typer.Argument(help="Document to change.")],
    tables: Annotated[
        list[Path], typer.Argument(help="CSV files named after a collection, or an .xlsx with its sheets.")
    ],
    mode: Annotated[
        Literal["upsert", "replace"],
        typer.Option(help="upsert: add rows and overwrite those of the same id. replace: the table is the collection."),
    ] = "upsert",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change and write nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Bring tables into a document. Nothing is written when anything in the result would be wrong."""
    from manyworks.model.document import import_rows

    changes = import_rows(path, tables, mode=mode, dry_run=dry_run)
    if as_json:
        print_json({"written": not dry_run, "changes": [change.to_dict() for change in changes]})
        return
    for change in changes:
        typer.echo(
            f"{change.collection}: {change.added} added, {change.changed} changed, {change.removed} removed, "
            f"{change.unchanged} unchanged"
        )
    typer.echo("Nothing was written (dry run)." if dry_run else f"Wrote {path}.")
