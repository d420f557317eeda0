"""What lines are measured to do."""

from __future__ import annotations

from collections.abc import Iterator

from manyworks.model.checks.making import runnable
from manyworks.model.checks.paths import at
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.document.hashes import line_hash
from manyworks.model.line import Line
from manyworks.model.network import Network


@rule(
    "capability-above-nominal",
    "error",
    title="An effective rate is at most the nominal one",
    explanation="The effective rate is good units per open minute, after all losses; its 95 % interval holds it.",
    cure="Correct the rates: low ≤ effective ≤ high, effective ≤ nominal.",
    is_local=True,
)
def impossible_capabilities(network: Network) -> Iterator[Finding]:
    """Capabilities whose rates are not in order."""
    for position, row in enumerate(network.capabilities):
        rate = row.effective_rate_per_min
        for field, value, is_wrong in (
            ("effective_rate_per_min", rate, rate > row.nominal_rate_per_min * (1 + 1e-9)),
            ("effective_low_per_min", row.effective_low_per_min, (row.effective_low_per_min or rate) > rate),
            ("effective_high_per_min", row.effective_high_per_min, (row.effective_high_per_min or rate) < rate),
        ):
            if is_wrong:
                yield Finding(
                    path=at("capabilities", position, row, field),
                    message=f"is out of order (nominal {row.nominal_rate_per_min:g}, effective {rate:g} units/min)",
                    found=f"{value:g}",
                )


@rule(
    "capability-stale",
    "warning",
    title="A measured rate should be of the line as it is",
    explanation="A capability names the hash of the line that was measured. When stations, machines, buffers or crews "
    "have changed since, the rate is that of another line; it is used all the same.",
    cure="Measure it again: manyworks twin measure DOCUMENT --write; or delete the row.",
)
def stale_capabilities(network: Network) -> Iterator[Finding]:
    """Capabilities whose line is not the one that was measured."""
    lines = {row.id for row in network.lines}
    for position, row in enumerate(network.capabilities):
        if row.line_hash and row.line in lines and row.line_hash != line_hash(network, row.line):
            yield Finding(
                path=at("capabilities", position, row, "line_hash"),
                message=f"{row.line} has changed since it was measured (it is {line_hash(network, row.line)} now)",
                found=row.line_hash,
            )


@rule(
    "capability-never-used",
    "warning",
    title="A capability should be of a product that the line runs",
    explanation="A measured rate of a product that the line may not run is never used.",
    cure="Add the product to the line's products or its routing, or delete the row.",
)
def unused_capabilities(network: Network) -> Iterator[Finding]:
    """Capabilities of products that the line may not run."""
    runs: dict[str, Line] = {row.id: row for row in network.lines}
    products = {row.id for row in network.products}
    for position, row in enumerate(network.capabilities):
        if row.line in runs and row.product in products and row.product not in runnable(network, runs[row.line]):
            yield Finding(
                path=at("capabilities", position, row, "product"),
                message=f"may not be run by {row.line}",
                found=row.product,
            )
