"""Work on what stands: upgrades and planned stops."""

from __future__ import annotations

from collections.abc import Iterator

from manyworks.model.checks.making import could_stand
from manyworks.model.checks.paths import at, did_you_mean, listed
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.network import Network
from manyworks.model.upgrades import WEEKS_PER_QUARTER, upgraded_lines


@rule(
    "upgrade-of-nothing",
    "error",
    title="An upgrade changes something that stands",
    explanation="Upgrades improve lines of existing sites.",
    cure="Name an existing site, and a type of line that stands there.",
)
def upgrades_of_nothing(network: Network) -> Iterator[Finding]:
    """Upgrades of candidates, or of lines that the site does not have."""
    status = {row.id: row.status for row in network.sites}
    standing = {(row.site, row.line) for row in network.installed_lines}
    for position, row in enumerate(network.upgrades):
        if status.get(row.site) == "candidate":
            yield Finding(
                path=at("upgrades", position, row, "site"), message="must be an existing site", found=row.site
            )
        elif row.line is not None and row.site in status and (row.site, row.line) not in standing:
            yield Finding(
                path=at("upgrades", position, row, "line"),
                message=f"must be a line that stands at {row.site}",
                found=row.line,
                cure=did_you_mean(row.line, [line for site, line in sorted(standing) if site == row.site]),
            )


@rule(
    "upgrade-without-effect",
    "warning",
    title="An upgrade should change something",
    explanation="An upgrade costs money; one that leaves changeovers, rate, scope, products and lines as they are is "
    "never worth it.",
    cure="State changeover_factor, rate_factor, scope, dedicated_products or added_lines.",
    is_local=True,
)
def idle_upgrades(network: Network) -> Iterator[Finding]:
    """Upgrades that change nothing."""
    for position, row in enumerate(network.upgrades):
        changes = (row.scope, row.dedicated_products, row.added_lines)
        if row.changeover_factor == row.rate_factor == 1 and not any(changes):
            yield Finding(path=at("upgrades", position, row, "name"), message="changes nothing", found=row.name)


@rule(
    "upgrade-stops-too-long",
    "error",
    title="The work of an upgrade fits into its lead",
    explanation="Lines stand for ``downtime_weeks`` within the quarters that the upgrade takes, of 13 weeks each; with "
    "no lead, within the quarter in which it starts to work.",
    cure="Lower downtime_weeks, or raise lead_quarters.",
    is_local=True,
)
def long_stops(network: Network) -> Iterator[Finding]:
    """Upgrades during which lines stand for longer than they take."""
    for position, row in enumerate(network.upgrades):
        most = WEEKS_PER_QUARTER * max(row.lead_quarters, 1)
        if row.downtime_weeks > most and not row.is_done:
            yield Finding(
                path=at("upgrades", position, row, "downtime_weeks"),
                message=f"must be at most the {most} weeks that the upgrade takes",
                found=f"{row.downtime_weeks:g}",
            )


@rule(
    "upgrade-adds-which-line",
    "warning",
    title="An upgrade that adds lines should say of which type",
    explanation="Where lines of several types stand, an upgrade without ``line`` adds its lines to the type that comes "
    "first by id, which may not be what was meant.",
    cure="Name the line.",
)
def unnamed_lines(network: Network) -> Iterator[Finding]:
    """Upgrades that add lines of no stated type where several stand."""
    for position, row in enumerate(network.upgrades):
        types = list(upgraded_lines(network, row))
        if row.added_lines and row.line is None and len(types) > 1:
            yield Finding(
                path=at("upgrades", position, row, "line"),
                message=f"is empty, so that its lines are taken to be {types[0]}, one of {listed(types)}",
                found="none",
            )


@rule(
    "maintenance-of-nothing",
    "warning",
    title="A planned stop should stop a line of the site",
    explanation="A maintenance window names a line that the site neither has nor may have.",
    cure="Name a line of the site, or leave it empty for the whole site.",
)
def maintenance_of_nothing(network: Network) -> Iterator[Finding]:
    """Maintenance windows of lines that stand nowhere."""
    anywhere = could_stand(network)
    for position, row in enumerate(network.maintenance):
        if row.line is not None and row.line not in anywhere:
            yield Finding(path=at("maintenance", position, row, "line"), message="stands at no site", found=row.line)
