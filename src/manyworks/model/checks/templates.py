"""Kinds of factory: their bounds, and whether and how soon they can be built."""

from __future__ import annotations

from collections.abc import Iterator

from manyworks.model.checks.making import named_in_scenarios
from manyworks.model.checks.paths import at
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.network import Network


@rule(
    "template-bounds",
    "error",
    title="A template's least lines may not exceed its most",
    explanation="A site is bought with ``minimum_lines`` and grows up to ``maximum_lines``.",
    cure="Lower minimum_lines or raise maximum_lines.",
    is_local=True,
)
def template_bounds(network: Network) -> Iterator[Finding]:
    """Templates with more lines at least than at most."""
    for position, row in enumerate(network.templates):
        if row.minimum_lines > row.maximum_lines:
            yield Finding(
                path=at("templates", position, row, "minimum_lines"),
                message=f"must be at most maximum_lines ({row.maximum_lines})",
                found=str(row.minimum_lines),
            )


@rule(
    "template-without-stand-up",
    "error",
    title="A template that can be built needs its time to stand up",
    explanation="How long a plant takes from decision to first product decides much of what it is worth. Without "
    "quarters or steps it would be ready at once.",
    cure="State stand_up_quarters (0 is allowed), or list its stand_up_steps.",
)
def template_without_stand_up(network: Network) -> Iterator[Finding]:
    """Templates that some candidate may build and that state neither quarters nor steps."""
    with_steps = {row.template for row in network.stand_up_steps}
    buildable = _buildable(network)
    for position, row in enumerate(network.templates):
        if row.id in buildable and row.stand_up_quarters is None and row.id not in with_steps:
            yield Finding(
                path=at("templates", position, row, "stand_up_quarters"), message="must be stated, or steps be listed"
            )


def _buildable(network: Network) -> set[str]:
    every = [row.id for row in network.templates]
    candidates = [row for row in network.sites if row.status == "candidate"]
    return {name for row in candidates for name in row.templates or every}


@rule(
    "unused-template",
    "warning",
    title="A template should have a place",
    explanation="A template that no existing site has and no candidate may build has no effect.",
    cure="Add it to the templates of a candidate, or delete it.",
)
def unused_templates(network: Network) -> Iterator[Finding]:
    """Templates that neither stand nor may be built."""
    used = _buildable(network) | {row.template for row in network.sites if row.status == "existing"}
    used |= named_in_scenarios(network)
    for position, row in enumerate(network.templates):
        if row.id not in used:
            yield Finding(path=at("templates", position, row, "id"), message="is used by no site", found=row.id)


@rule(
    "ramp-falls",
    "warning",
    title="A ramp should rise",
    explanation="``ramp`` is the share of capacity in the first quarters after the start, for example 0.5; 0.8.",
    cure="Write the shares in order of time, rising.",
    is_local=True,
)
def falling_ramps(network: Network) -> Iterator[Finding]:
    """Ramps in which a quarter has less capacity than the one before."""
    for position, row in enumerate(network.templates):
        if row.ramp != sorted(row.ramp):
            yield Finding(
                path=at("templates", position, row, "ramp"),
                message="usually rises from quarter to quarter",
                found="; ".join(f"{share:g}" for share in row.ramp),
            )
