"""The document as a command wants it: read, checked, changed by scenario and by single values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from manyworks.cli.output import say
from manyworks.errors import DocumentError

if TYPE_CHECKING:
    from manyworks.model.network import Network

Source = Annotated[Path, typer.Argument(help="Document: a folder, network.yaml, .xlsx or .json.")]
ScenarioName = Annotated[str | None, typer.Option("--scenario", "-s", help="Scenario of the document to apply first.")]
Assignments = Annotated[
    list[str] | None,
    typer.Option("--set", help="What-if: path=value, path*=factor or path+=amount; may be repeated. * matches any id."),
]


def read_source(path: Path, scenario: str | None, assignments: list[str] | None, *, quiet: bool) -> Network:
    """Read and check the document, then change it; warnings are counted on standard error, not listed."""
    from manyworks.model.document import read_document
    from manyworks.model.scenario import apply_changes, apply_scenario, change_from_words

    network, issues = read_document(path).validate()
    if network is None or any(issue.severity == "error" for issue in issues):
        raise DocumentError(issues, where=str(path))
    if issues:
        words = "1 warning" if len(issues) == 1 else f"{len(issues)} warnings"
        say(f"{words}: see `manyworks check {path}`.", quiet=quiet)
    if scenario is not None:
        network = apply_scenario(network, scenario)
    if assignments:
        network = apply_changes(network, [change_from_words(text) for text in assignments])
    if scenario is not None or assignments:
        _check_again(network)
    return network


def _check_again(network: Network) -> None:
    """A change can break a rule of the document as an edit can."""
    from manyworks.model.checks import check_network

    issues = [issue for issue in check_network(network) if issue.severity == "error"]
    if issues:
        raise DocumentError(issues, where="the document after its changes")
