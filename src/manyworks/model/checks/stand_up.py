"""Steps from decision to first product."""

from __future__ import annotations

from collections.abc import Iterator

from manyworks.model.checks.paths import at, did_you_mean, listed
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.network import Network
from manyworks.model.site import SiteTemplate, StandUpStep
from manyworks.model.standup import WEEKS_PER_PLANNING_QUARTER, critical_path


@rule(
    "unknown-stand-up-step",
    "error",
    title="A step waits for steps of its own template",
    explanation="``after`` lists the steps of the same template that must be finished first.",
    cure="Write the id of a step of the same template.",
)
def unknown_steps(network: Network) -> Iterator[Finding]:
    """Predecessors that the template does not have."""
    steps = _steps(network)
    for position, row in enumerate(network.stand_up_steps):
        for name in row.after:
            if name not in steps[row.template]:
                yield Finding(
                    path=at("stand_up_steps", position, row, "after"),
                    message=f"must be a step of {row.template}",
                    found=name,
                    cure=did_you_mean(name, steps[row.template]),
                )


@rule(
    "stand-up-circle",
    "error",
    title="Steps may not wait for each other in a circle",
    explanation="Steps that wait for each other never start, so the template would never stand up.",
    cure="Take one of the steps out of after.",
    is_local=True,
)
def circular_steps(network: Network) -> Iterator[Finding]:
    """Templates whose steps can never all start; one finding for each template."""
    for template, steps in _steps(network).items():
        stuck = _stuck(steps)
        if stuck:
            position = network.stand_up_steps.index(steps[stuck[0]])
            yield Finding(
                path=at("stand_up_steps", position, steps[stuck[0]], "after"),
                message=f"steps of {template} wait for each other",
                found=listed(stuck, 6),
            )


def _steps(network: Network) -> dict[str, dict[str, StandUpStep]]:
    steps: dict[str, dict[str, StandUpStep]] = {}
    for row in network.stand_up_steps:
        steps.setdefault(row.template, {})[row.id] = row
    return steps


def _stuck(steps: dict[str, StandUpStep]) -> list[str]:
    """Steps that wait, directly or not, for themselves; predecessors that do not exist count as done."""
    left = dict(steps)
    while ready := [name for name, step in left.items() if not left.keys() & set(step.after)]:
        for name in ready:
            del left[name]
    while idle := [name for name in left if not any(name in step.after for step in left.values())]:
        for name in idle:  # It waits for the circle but is not part of it.
            del left[name]
    return list(left)


@rule(
    "stand-up-differs",
    "warning",
    title="Stated quarters should agree with the steps",
    explanation="Where a template states its quarters and lists its steps, the quarters count. They should be what the "
    "critical path of the steps says.",
    cure="Leave stand_up_quarters empty to use the steps, or correct the steps.",
    is_deep=True,
)
def differing_stand_up(network: Network) -> Iterator[Finding]:
    """Templates whose stated quarters differ from their critical path."""
    steps = _steps(network)
    for position, row in enumerate(network.templates):
        if row.stand_up_quarters is not None and row.id in steps:
            yield from _differing(network, position, row)


def _differing(network: Network, position: int, row: SiteTemplate) -> Iterator[Finding]:
    weeks, _ = critical_path(network, row)
    quarters = -(-weeks // WEEKS_PER_PLANNING_QUARTER)
    if quarters != row.stand_up_quarters:
        yield Finding(
            path=at("templates", position, row, "stand_up_quarters"),
            message=f"differs from the critical path of the steps: {weeks:g} weeks, {quarters:g} quarters",
            found=str(row.stand_up_quarters),
        )
