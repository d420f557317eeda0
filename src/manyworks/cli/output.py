"""What goes where: data to standard output, words to standard error."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Annotated, Any

import typer

from manyworks.errors import ManyworksError

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on standard error.")]


def print_json(data: Any) -> None:
    """One JSON document on standard output; a number that is not finite becomes null."""
    typer.echo(json.dumps(as_plain(data), indent=2, default=_plain, ensure_ascii=False))


def print_error(error: ManyworksError, *, as_json: bool) -> None:
    """The error in words on standard error, and as data on standard output where JSON was asked for."""
    if as_json:
        print_json(error.to_dict())
    typer.secho(str(error), err=True, fg="red" if _may_colour() else None)


def say(text: str, *, quiet: bool = False) -> None:
    """A line for the person at the terminal."""
    if not quiet:
        typer.echo(text, err=True)


def _may_colour() -> bool:
    import os
    import sys

    return sys.stderr.isatty() and not os.environ.get("NO_COLOR")


def as_plain(data: Any) -> Any:
    """Data with null in place of numbers that are not finite, which JSON does not know."""
    if isinstance(data, float) and not math.isfinite(data):
        return None
    if isinstance(data, dict):
        return {key: as_plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [as_plain(value) for value in data]
    return data


def _plain(value: Any) -> Any:
    """Numpy scalars and dates as plain values."""
    item: Callable[[], Any] | None = getattr(value, "item", None)
    if item is not None:
        return item()
    return str(value)
