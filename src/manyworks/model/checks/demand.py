"""Demand: seasons, rules and stated rows."""

from __future__ import annotations

from collections.abc import Iterator

from manyworks.model.checks.paths import at, listed, plural
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.demand import monthly_demand
from manyworks.model.network import Network


@rule(
    "season-mean",
    "error",
    title="Seasonal indices have mean 1",
    explanation="A season spreads a yearly volume over the months. Indices with another mean change the volume itself.",
    cure="Divide each index by the mean of all twelve.",
    is_local=True,
)
def season_mean(network: Network) -> Iterator[Finding]:
    """Seasons whose mean is off by more than half a percent."""
    for position, row in enumerate(network.seasons):
        mean = sum(row.month_index) / len(row.month_index)
        if abs(mean - 1) > 0.005:
            yield Finding(
                path=at("seasons", position, row, "month_index"), message="must have mean 1", found=f"mean {mean:.4g}"
            )


@rule(
    "product-without-demand",
    "warning",
    title="Somebody should want each product",
    explanation="A product without a rule, a stated row or a contract is never made.",
    cure="Add a demand rule, demand rows or an opportunity, or delete the product.",
)
def products_without_demand(network: Network) -> Iterator[Finding]:
    """Products that nobody asks for."""
    wanted = {row.product for row in network.demand if row.units > 0}
    wanted |= {row.product for row in network.demand_rules if row.units_per_head_year * row.share > 0}
    wanted |= {row.product for row in network.opportunities}
    for position, row in enumerate(network.products):
        if row.id not in wanted and network.markets:
            yield Finding(path=at("products", position, row, "id"), message="has no demand", found=row.id)


@rule(
    "market-without-demand",
    "warning",
    title="A market should ask for something",
    explanation="A market that no rule covers with people, that no row states and no contract names has no effect.",
    cure="State its population, add demand rows, or delete it.",
)
def markets_without_demand(network: Network) -> Iterator[Finding]:
    """Markets without demand; one finding that names the first ones."""
    asking = {row.market for row in network.demand if row.units > 0} | {row.market for row in network.opportunities}
    rules = [row for row in network.demand_rules if row.units_per_head_year * row.share > 0]
    covers_all = any(not row.markets for row in rules)
    covered = {name for row in rules for name in row.markets}
    silent = [
        (position, row)
        for position, row in enumerate(network.markets)
        if row.id not in asking and not (row.population > 0 and (covers_all or row.id in covered))
    ]
    if silent:
        yield Finding(
            path=at("markets", *silent[0], "population"),
            message=f"{plural(len(silent), 'market')} ask for nothing",
            found=listed(row.id for _, row in silent),
        )


@rule(
    "demand-outside-run",
    "warning",
    title="A limited run is asked for on its days only",
    explanation="Demand that a row states for a time at which the product is not sold counts as nothing.",
    cure="State the units in a period of the run, or widen limited_from and limited_until.",
    is_deep=True,
)
def demand_outside_run(network: Network) -> Iterator[Finding]:
    """Stated rows of limited runs from which nothing is left; one finding for each product."""
    limited = {row.id for row in network.products if row.limited_from or row.limited_until}
    asked = {row.product for row in network.demand if row.units > 0 and row.product in limited}
    if not asked:
        return
    units = monthly_demand(network).sum(axis=(0, 2))
    left = {row.id: float(units[p]) for p, row in enumerate(network.products)}
    for name in sorted(asked):
        if left[name] == 0:
            position = next(p for p, row in enumerate(network.demand) if row.product == name and row.units > 0)
            yield Finding(
                path=at("demand", position, network.demand[position], "period"),
                message=f"no row of {name} falls on the days of its run",
                found=network.demand[position].period,
            )


@rule(
    "served-by-candidate",
    "warning",
    title="Customers of a site should be those of a site that makes something",
    explanation="``served_by`` names the site whose own customers these are, so that orders go there first.",
    cure="Name a site with lines, or leave it empty.",
)
def served_by_candidates(network: Network) -> Iterator[Finding]:
    """Markets that belong to a site that does not stand; one finding that names the first ones."""
    candidates = {row.id for row in network.sites if row.status == "candidate"}
    found = [(position, row) for position, row in enumerate(network.markets) if row.served_by in candidates]
    if found:
        yield Finding(
            path=at("markets", *found[0], "served_by"),
            message=f"{plural(len(found), 'market')} belong to a site that does not stand yet",
            found=listed(row.id for _, row in found),
        )
