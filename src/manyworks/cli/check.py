"""``manyworks check``: every fault of a document at once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from manyworks.cli.output import Json, print_json
from manyworks.errors import EXIT_FAILED, EXIT_OK, Issue


def check(
    path: Annotated[Path, typer.Argument(help="Document: a folder, network.yaml, .xlsx or .json.")],
    as_json: Json = False,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail the check as well.")] = False,
) -> None:
    """Check a document and list every fault at once, each with its place and its cure.

    Exit code 0: no fault. 1: at least one. Each rule id has a page in the reference.
    """
    from manyworks.model.document import read_document

    network, issues = read_document(path).validate()
    errors = [issue for issue in issues if issue.severity == "error"]
    warnings = [issue for issue in issues if issue.severity == "warning"]
    if as_json:
        print_json({"ok": not errors, "issues": [issue.to_dict() for issue in issues]})
    else:
        for issue in issues:
            typer.echo(f"{issue.severity}: {issue}")
        size = "" if network is None else f"{len(network.sites)} sites, {len(network.markets)} markets, "
        typer.echo(f"{path}: {size}{_count(errors, 'fault')}, {_count(warnings, 'warning')}.")
    raise typer.Exit(EXIT_FAILED if errors or (strict and warnings) else EXIT_OK)


def _count(issues: list[Issue], word: str) -> str:
    """``3 faults in 2 rules``, or ``no fault``."""
    if not issues:
        return f"no {word}"
    rules = Counter(issue.rule for issue in issues)
    return f"{len(issues)} {word}{'s' if len(issues) > 1 else ''} of {len(rules)} kind{'s' if len(rules) > 1 else ''}"
