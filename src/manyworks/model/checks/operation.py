"""Orders, runs, states, forecasts and recipes of sites that work."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from manyworks.model.checks.making import makeable, runnable, standing_lines
from manyworks.model.checks.paths import at, did_you_mean
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.network import Network
from manyworks.model.operation import RunSlot

_STATES = (
    "Clearing Stopped Starting Idle Suspended Execute Stopping Aborting Aborted Holding Held Unholding Suspending "
    "Unsuspending Resetting Completing Completed"
)
PACKML_STATES = tuple(_STATES.split())
"""The 17 states of ANSI/ISA-TR88.00.02."""


@rule(
    "order-at-wrong-site",
    "error",
    title="A job order is for a product that its site can make",
    explanation="A job order is work for one site. The site needs a line, there or to be built, that runs the product.",
    cure="Give the order to a site that makes the product, or add the product to a line there.",
)
def orders_at_wrong_sites(network: Network) -> Iterator[Finding]:
    """Job orders for products that their site cannot make."""
    makes = makeable(network) if network.job_orders else {}
    products = {row.id for row in network.products}
    for position, row in enumerate(network.job_orders):
        if row.product in products and row.site in makes and row.product not in makes[row.site]:
            yield Finding(
                path=at("job_orders", position, row, "product"),
                message=f"cannot be made at {row.site}",
                found=row.product,
            )


@rule(
    "order-of-another-product",
    "error",
    title="A job order makes what was ordered",
    explanation="A job order that belongs to a demand order has the product of that order.",
    cure="Correct product or demand_order.",
)
def orders_of_another_product(network: Network) -> Iterator[Finding]:
    """Job orders for another product than their demand order."""
    wanted = {row.id: row.product for row in network.demand_orders}
    for position, row in enumerate(network.job_orders):
        if row.demand_order is not None and wanted.get(row.demand_order, row.product) != row.product:
            yield Finding(
                path=at("job_orders", position, row, "product"),
                message=f"must be {wanted[row.demand_order]}, as {row.demand_order} says",
                found=row.product,
            )


@rule(
    "run-at-wrong-place",
    "error",
    title="A run is on a line of its order's site that runs the product",
    explanation="A run slot puts a job order on a line: the line stands at the site of the order and runs its product.",
    cure="Correct site, line or job_order.",
)
def runs_at_wrong_places(network: Network) -> Iterator[Finding]:
    """Run slots at another site than their order, or on lines that cannot run it."""
    orders = {row.id: row for row in network.job_orders}
    runs = {row.id: runnable(network, row) for row in network.lines} if network.run_slots else {}
    stands = standing_lines(network)
    for position, row in enumerate(network.run_slots):
        order = orders.get(row.job_order)
        if order is not None and order.site != row.site:
            message, field = f"must be {order.site}, the site of {order.id}", "site"
        elif row.line in runs and row.line not in stands.get(row.site, {row.line}):
            message, field = f"stands not at {row.site}", "line"
        elif order is not None and row.line in runs and order.product not in runs[row.line]:
            message, field = f"does not run {order.product}", "line"
        else:
            continue
        yield Finding(path=at("run_slots", position, row, field), message=message, found=getattr(row, field))


@rule(
    "runs-overlap",
    "error",
    title="A line runs one order at a time",
    explanation="Two run slots of the same line overlap in time.",
    cure="Move one of the two, or give it another line number.",
    is_local=True,
)
def overlapping_runs(network: Network) -> Iterator[Finding]:
    """Run slots of one line that overlap."""
    by_line: dict[tuple[str, str, int], list[tuple[int, RunSlot]]] = {}
    for position, row in enumerate(network.run_slots):
        if row.starts.tzinfo is not None and row.ends.tzinfo is not None:
            by_line.setdefault((row.site, row.line, row.number), []).append((position, row))
    for rows in by_line.values():
        for (_, before), (position, after) in pairwise(sorted(rows, key=lambda entry: entry[1].starts)):
            if after.starts < before.ends:
                yield Finding(
                    path=at("run_slots", position, after, "starts"),
                    message=f"is before the end of {before.job_order} ({before.ends.isoformat()})",
                    found=after.starts.isoformat(),
                )


@rule(
    "unknown-state",
    "error",
    title="A state is one of PackML's 17",
    explanation="Machines of all vendors speak of the states of ANSI/ISA-TR88.00.02: Execute, Held, Suspended, "
    "Stopped, Aborted and so on.",
    cure="Write the PackML state with its capital letter.",
    is_local=True,
)
def unknown_states(network: Network) -> Iterator[Finding]:
    """States that PackML does not have."""
    for position, row in enumerate(network.states):
        if row.state not in PACKML_STATES:
            yield Finding(
                path=at("states", position, row, "state"),
                message="must be a PackML state",
                found=row.state,
                cure=did_you_mean(row.state, PACKML_STATES),
            )


@rule(
    "quantiles-malformed",
    "error",
    title="Quantiles rise from 0 to 1",
    explanation="Quantiles of a forecast map a probability between 0 and 1 to units, and rise with it.",
    cure="Write, for example, 0.1=90;0.5=110;0.9=130.",
    is_local=True,
)
def malformed_quantiles(network: Network) -> Iterator[Finding]:
    """Forecasts whose quantiles are no probabilities or do not rise."""
    for position, row in enumerate(network.forecasts):
        try:
            pairs = sorted((float(level), units) for level, units in row.quantiles.items())
        except ValueError:
            pairs = [(float("nan"), 0.0)]
        units = [value for _, value in pairs]
        if not all(0 < level < 1 for level, _ in pairs) or units != sorted(units) or min(units, default=0.0) < 0:
            yield Finding(
                path=at("forecasts", position, row, "quantiles"),
                message="must have levels between 0 and 1, and units that rise",
                found="; ".join(f"{level}={value:g}" for level, value in row.quantiles.items()),
            )


@rule(
    "approval-incomplete",
    "warning",
    title="An approval has a name and a moment",
    explanation="A recipe is approved by somebody at some time; one without the other cannot be audited.",
    cure="State both approved_by and approved, or neither.",
    is_local=True,
)
def incomplete_approvals(network: Network) -> Iterator[Finding]:
    """Recipes with half an approval."""
    for position, row in enumerate(network.recipes):
        if bool(row.approved_by) != (row.approved is not None):
            field = "approved" if row.approved is None else "approved_by"
            yield Finding(path=at("recipes", position, row, field), message="is missing", found="half an approval")
