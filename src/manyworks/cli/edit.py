"""``manyworks set``: change one value of a document in place, comments kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from manyworks.cli.output import Json, print_json
from manyworks.errors import UsageError


def set_value(
    path: Annotated[Path, typer.Argument(help="Document to change.")],
    assignment: Annotated[
        str, typer.Argument(help="collection.id.field=value, for example sites.lyon.wage_per_h=21.5")
    ],
    as_json: Json = False,
) -> None:
    """Change one value; nothing is written when the document would not be valid afterwards.

    Prints the command that undoes the change.
    """
    from manyworks.model.document import edit_value

    where, sign, value = assignment.partition("=")
    if not sign:
        raise UsageError(
            "must be path=value", where="assignment", found=assignment, cure="Example: policy.default_oee=0.7"
        )
    if where.rstrip().endswith(("*", "+")):
        cure = "Write the new value. Factors and amounts are for what-ifs: --set of plan and compare."
        raise UsageError("must be path=value", where="assignment", found=assignment, cure=cure)
    edit = edit_value(path, where.strip(), value.strip() or None)
    if as_json:
        print_json({"path": where, "old": edit.old, "new": edit.new, "file": str(edit.file)})
        return
    undo = f"manyworks set {path} '{where}={_written(edit.old)}'"
    typer.echo(f"{edit.file.name}: {where} was {_spoken(edit.old)}, is {_spoken(edit.new)}. Undo: {undo}")


def _written(value: object) -> str:
    """The value as the command takes it."""
    if value is None:
        return ""
    return ";".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _spoken(value: object) -> str:
    return _written(value) or "not stated"
