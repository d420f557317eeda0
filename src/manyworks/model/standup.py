"""How long a factory takes from decision to first product: the critical path of its steps."""

from __future__ import annotations

from math import ceil

from manyworks.model.network import Network
from manyworks.model.site import SiteTemplate, StandUpStep

WEEKS_PER_PLANNING_QUARTER = 13


def stand_up_quarters(network: Network, template: SiteTemplate) -> int:
    """Whole quarters from decision to first product: as stated, else the critical path / 13 weeks, rounded up.

    A template with neither is ready at once (0 quarters); ``checks`` warns of it.
    """
    if template.stand_up_quarters is not None:
        return template.stand_up_quarters
    weeks, _ = critical_path(network, template)
    return ceil(weeks / WEEKS_PER_PLANNING_QUARTER - 1e-9)


def critical_path(network: Network, template: SiteTemplate) -> tuple[float, tuple[str, ...]]:
    """Weeks of the longest chain of steps, and the ids of its steps in order.

    finish(step) = weeks(step) + max over its predecessors of finish. Equal chains: the step stated first wins.
    Source: critical path method, Kelley and Walker (1959), doi:10.1145/1460299.1460318.

    Raises
    ------
    ValueError
        The steps wait for each other in a circle, or for a step that does not exist; ``checks`` says which.
    """
    steps = {step.id: step for step in network.stand_up_steps if step.template == template.id}
    finish: dict[str, float] = {}
    before: dict[str, str | None] = {}
    while len(finish) < len(steps):
        ready = [step for step in steps.values() if step.id not in finish and finish.keys() >= set(step.after)]
        if not ready:
            waiting = ", ".join(name for name in steps if name not in finish)
            raise ValueError(f"stand-up steps of {template.id} can never start: {waiting}")
        for step in ready:
            last = max(step.after, key=finish.__getitem__, default=None)
            before[step.id] = last
            finish[step.id] = step.weeks + (finish[last] if last is not None else 0.0)
    return _longest(finish, before, steps)


def _longest(
    finish: dict[str, float], before: dict[str, str | None], steps: dict[str, StandUpStep]
) -> tuple[float, tuple[str, ...]]:
    path: list[str] = []
    step = max(steps, key=finish.__getitem__, default=None)
    weeks = finish[step] if step is not None else 0.0
    while step is not None:
        path.append(step)
        step = before[step]
    return weeks, tuple(reversed(path))
