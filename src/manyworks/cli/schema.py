"""``manyworks schema``: the document's JSON Schema."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from manyworks.cli.output import print_json


def schema(
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write; none: standard output.")] = None,
) -> None:
    """Print the JSON Schema of the document, for editors that complete and check while you type."""
    import json

    from manyworks.model.document import network_schema

    data = network_schema()
    if out is None:
        print_json(data)
        return
    out.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    typer.echo(f"Wrote {out}")
