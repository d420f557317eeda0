"""``manyworks check``: every fault of a document at once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from manyworks.cli.output import Json, print_json
from manyworks.errors import EXIT_FAILED, EXIT_OK, Issue, UsageError


def check(
    path: Annotated[Path | None, typer.Argument(help="Document: a folder, network.yaml, .xlsx or .json.")] = None,
    as_json: Json = False,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail the check as well.")] = False,
    rule: Annotated[str | None, typer.Option("--explain", help="Say what a rule asks for and why, and stop.")] = None,
) -> None:
    """Check a document and list every fault at once, each with its place and its cure.

    Exit code 0: no fault. 1: at least one. The word in brackets behind a fault is its rule: --explain says more.
    """
    if rule is not None:
        _explain(rule, as_json=as_json)
        return
    if path is None:
        raise UsageError("needs a document", where="check", cure="Name a folder, network.yaml, .xlsx or .json.")
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


def _explain(id: str, *, as_json: bool) -> None:
    from difflib import get_close_matches

    import manyworks.model.document.rules  # noqa: F401 - declares the rules of the reader
    from manyworks.model.checks.registry import RULES, load_rules

    load_rules()
    if id not in RULES:
        guess = get_close_matches(id, list(RULES), 1)
        cure = f"Did you mean {guess[0]}?" if guess else "Rules stand in brackets behind each finding of a check."
        raise UsageError("must be the id of a rule", where="--explain", found=id, cure=cure)
    rule = RULES[id]
    if as_json:
        print_json({name: getattr(rule, name) for name in ("id", "severity", "title", "explanation", "cure")})
    else:
        typer.echo(f"{rule.id} ({rule.severity}): {rule.title}\n\n{rule.explanation}\n\nCure: {rule.cure}")


def _count(issues: list[Issue], word: str) -> str:
    """``3 faults in 2 rules``, or ``no fault``."""
    if not issues:
        return f"no {word}"
    rules = Counter(issue.rule for issue in issues)
    return f"{len(issues)} {word}{'s' if len(issues) > 1 else ''} of {len(rules)} kind{'s' if len(rules) > 1 else ''}"
