"""Types of line: rate, cost, place and families."""

from __future__ import annotations

from collections.abc import Iterator

from manyworks.model.checks.making import could_stand, named_in_scenarios, runnable
from manyworks.model.checks.paths import at, listed
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.checks.stations import stations_of
from manyworks.model.network import Network
from manyworks.model.rates import nominal_rate


@rule(
    "line-without-rate",
    "error",
    title="A line needs a rate",
    explanation="A line's rate is stated, or that of its slowest station, or measured as a capability. Without any of "
    "these the line makes nothing.",
    cure="State nominal_rate_per_min, or add its stations.",
)
def lines_without_rate(network: Network) -> Iterator[Finding]:
    """Lines of which no rate is known."""
    known = {row.line for row in network.stations} | {row.line for row in network.capabilities}
    for position, row in enumerate(network.lines):
        if row.nominal_rate_per_min is None and row.id not in known:
            yield Finding(
                path=at("lines", position, row, "nominal_rate_per_min"), message="must be stated, or stations be added"
            )


@rule(
    "line-faster-than-stations",
    "warning",
    title="A line is not faster than its slowest station",
    explanation="Units pass every station of a serial line, so its rated speed is at most that of the slowest station "
    "(machines × rated speed).",
    cure="Leave nominal_rate_per_min empty to take the slowest station, or correct a station.",
    is_deep=True,
)
def fast_lines(network: Network) -> Iterator[Finding]:
    """Serial lines with a stated rate above that of their slowest station."""
    branched = {row.line for row in network.flows}
    stations = stations_of(network)
    for position, row in enumerate(network.lines):
        if row.nominal_rate_per_min is not None and row.id in stations and row.id not in branched:
            slowest = nominal_rate(network, row.model_copy(update={"nominal_rate_per_min": None}))
            if row.nominal_rate_per_min > slowest * 1.01:
                yield Finding(
                    path=at("lines", position, row, "nominal_rate_per_min"),
                    message=f"is above the slowest station's {slowest:g} units/min",
                    found=f"{row.nominal_rate_per_min:g}",
                )


@rule(
    "line-free-of-charge",
    "warning",
    title="A line should cost money and people",
    explanation="A line that is bought for nothing or runs by itself wins every comparison.",
    cure="State capex and crew_per_shift, or the price and crew of its machines.",
)
def free_lines(network: Network) -> Iterator[Finding]:
    """Lines that could be built and cost no money, or that run without people."""
    machines = {row.id: row for row in network.equipment}
    sums: dict[str, list[float]] = {}
    for station in network.stations:
        if station.equipment in machines:
            total = sums.setdefault(station.line, [0.0, 0.0])
            total[0] += station.count * machines[station.equipment].price
            total[1] += station.count * machines[station.equipment].crew
    used = could_stand(network)
    for position, row in enumerate(network.lines):
        price, crew = sums.get(row.id, [0.0, 0.0])
        for field, value in (("capex", row.capex or price), ("crew_per_shift", row.crew_per_shift or crew)):
            if row.id in used and value == 0:
                yield Finding(path=at("lines", position, row, field), message="is nothing", found="0")


@rule(
    "unused-line",
    "warning",
    title="A type of line should have a place",
    explanation="A type of line that no site has or may have makes nothing.",
    cure="Add it to the lines of a template that a site has or may have, or delete it.",
)
def unused_lines(network: Network) -> Iterator[Finding]:
    """Types of line that stand nowhere and never can."""
    used = could_stand(network) | named_in_scenarios(network)
    for position, row in enumerate(network.lines):
        if row.id not in used:
            yield Finding(path=at("lines", position, row, "id"), message="can stand at no site", found=row.id)


@rule(
    "family-apart",
    "warning",
    title="A line runs whole families",
    explanation="Products of a family share lines and are sourced together. A line that runs only some products of a "
    "family cannot serve a market with the family.",
    cure="List all products of the family, or give the others a family of their own.",
)
def split_families(network: Network) -> Iterator[Finding]:
    """Lines that run a part of a family."""
    families: dict[str, list[str]] = {}
    for product in network.products:
        families.setdefault(product.family, []).append(product.id)
    for position, row in enumerate(network.lines):
        runs = runnable(network, row)
        for family, members in families.items():
            missing = [name for name in members if name not in runs]
            if missing and len(missing) < len(members):
                yield Finding(
                    path=at("lines", position, row, "products"),
                    message=f"runs a part of the family {family}",
                    found=f"without {listed(missing)}",
                )
