"""Scenarios and their changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from manyworks.model.checks.paths import at, listed
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.checks.targets import Targets
from manyworks.model.network import Network


@rule(
    "change-matches-nothing",
    "error",
    title="A change must match a field",
    explanation="The path of a change is collection.id.field, finance.field or policy.field; ``*`` in the id matches "
    "any characters. A change that matches nothing would leave the scenario as the base.",
    cure="Write collection.id.field with names of the document; * for any id.",
)
def unmatched_changes(network: Network) -> Iterator[Finding]:
    """Changes whose path matches no field."""
    targets = Targets(network)
    for position, row in enumerate(network.changes):
        fault = targets.fault(row.path)
        if fault is not None:
            yield Finding(
                path=at("changes", position, row, "path"), message=fault.message, found=row.path, cure=fault.cure
            )


@rule(
    "change-not-a-number",
    "error",
    title="Only numbers can be scaled or added to",
    explanation="``scale`` multiplies and ``add`` adds; both need a number as value and a number in the field. Words, "
    "dates and lists are ``set``.",
    cure="Write a number such as 1.2, or use operation: set.",
)
def changes_without_number(network: Network) -> Iterator[Finding]:
    """Changes that scale or add to what is no number, or by what is none."""
    targets = Targets(network)
    for position, row in enumerate(network.changes):
        if row.operation == "set" or targets.fault(row.path) is not None:
            continue
        if not _is_number(row.value):
            yield Finding(
                path=at("changes", position, row, "value"),
                message=f"must be a number to {row.operation}",
                found=row.value,
            )
        values = targets.values(row.path)
        wrong = [value for value in values if isinstance(value, bool) or not isinstance(value, int | float)]
        if wrong:
            yield Finding(
                path=at("changes", position, row, "path"),
                message=f"must lead to numbers to {row.operation} them",
                found=_spoken(wrong[0]),
            )


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False


def _spoken(value: Any) -> str:
    return "nothing (the field is not stated)" if value is None else str(value)


@rule(
    "scenario-without-change",
    "warning",
    title="A scenario should change something",
    explanation="A scenario without changes is the base document under another name.",
    cure="Add its changes, or delete it.",
)
def idle_scenarios(network: Network) -> Iterator[Finding]:
    """Scenarios without a change; with a probability one may stand for the base itself."""
    changed = {row.scenario for row in network.changes}
    for position, row in enumerate(network.scenarios):
        if row.id not in changed and row.probability is None:
            yield Finding(path=at("scenarios", position, row, "id"), message="changes nothing", found=row.id)


@rule(
    "probabilities-above-one",
    "error",
    title="Probabilities of scenarios sum to at most 1",
    explanation="What is left to 1 is the probability of the base document.",
    cure="Lower the probabilities so that they sum to at most 1.",
    is_local=True,
)
def too_probable(network: Network) -> Iterator[Finding]:
    """Probabilities that sum to more than one."""
    stated = [(position, row) for position, row in enumerate(network.scenarios) if row.probability is not None]
    total = sum(row.probability or 0.0 for _, row in stated)
    if total > 1 + 1e-9:
        yield Finding(
            path=at("scenarios", *stated[-1], "probability"),
            message=f"of {listed(row.id for _, row in stated)} sum to {total:g}",
            found=f"{stated[-1][1].probability:g}",
        )
