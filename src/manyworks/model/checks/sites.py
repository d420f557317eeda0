"""Existing sites, candidates, and the lines that stand."""

from __future__ import annotations

from collections.abc import Iterator

from manyworks.model.checks.paths import at, did_you_mean
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.network import Network
from manyworks.model.upgrades import lines_made_room_for


@rule(
    "existing-site-without-template",
    "error",
    title="An existing site needs its template",
    explanation="The template says what an existing site costs to run: indirect staff, fixed cost, area, calendar and "
    "how many lines fit.",
    cure="Name its template, or make the site a candidate.",
    is_local=True,
)
def existing_without_template(network: Network) -> Iterator[Finding]:
    """Existing sites that name no template."""
    for position, row in enumerate(network.sites):
        if row.status == "existing" and row.template is None:
            yield Finding(path=at("sites", position, row, "template"), message="must be stated for an existing site")


@rule(
    "existing-site-without-lines",
    "warning",
    title="An existing site should have lines",
    explanation="An existing site without installed lines costs its staff and rent and makes nothing.",
    cure="Add its lines to installed_lines, or make the site a candidate.",
)
def existing_without_lines(network: Network) -> Iterator[Finding]:
    """Existing sites at which no line stands."""
    equipped = {row.site for row in network.installed_lines}
    for position, row in enumerate(network.sites):
        if row.status == "existing" and row.id not in equipped:
            yield Finding(
                path=at("sites", position, row, "status"), message="exists but has no installed line", found=row.status
            )


@rule(
    "template-of-candidate",
    "warning",
    title="A candidate lists what may be built in templates",
    explanation="``template`` names the one template of an existing site; for a candidate it has no effect, and "
    "without ``templates`` everything may be built there.",
    cure="Move the id to templates.",
)
def candidate_with_template(network: Network) -> Iterator[Finding]:
    """Candidates that state the field of existing sites."""
    for position, row in enumerate(network.sites):
        if row.status == "candidate" and row.template is not None:
            yield Finding(
                path=at("sites", position, row, "template"), message="has no effect on a candidate", found=row.template
            )


@rule(
    "lines-at-candidate",
    "error",
    title="Lines stand at existing sites only",
    explanation="A candidate site is an empty place: its lines are bought with the template that is built there.",
    cure="Make the site an existing one, or delete the row.",
)
def lines_at_candidates(network: Network) -> Iterator[Finding]:
    """Installed lines at candidates."""
    candidates = {row.id for row in network.sites if row.status == "candidate"}
    for position, row in enumerate(network.installed_lines):
        if row.site in candidates:
            yield Finding(
                path=at("installed_lines", position, row, "site"), message="must be an existing site", found=row.site
            )


@rule(
    "line-not-in-template",
    "error",
    title="The template must hold the lines that stand",
    explanation="A template lists the types of line that it may hold. A site with another type does not follow its "
    "template.",
    cure="Add the type to the template's lines, or give the site another template.",
)
def lines_outside_template(network: Network) -> Iterator[Finding]:
    """Installed lines of a type that the site's template does not list."""
    allowed = _lines_of_existing(network)
    for position, row in enumerate(network.installed_lines):
        lines = allowed.get(row.site)
        if lines is not None and row.line not in lines:
            yield Finding(
                path=at("installed_lines", position, row, "line"),
                message=f"must be a line of the template of {row.site}",
                found=row.line,
                cure=did_you_mean(row.line, lines) or "",
            )


def _lines_of_existing(network: Network) -> dict[str, list[str]]:
    lines = {row.id: row.lines for row in network.templates}
    return {row.id: lines[row.template] for row in network.sites if row.status == "existing" and row.template in lines}


@rule(
    "too-many-lines",
    "error",
    title="Not more lines stand than fit",
    explanation="``maximum_lines`` of a template is how many lines fit into the building.",
    cure="Lower the count, or raise maximum_lines of the template.",
)
def too_many_lines(network: Network) -> Iterator[Finding]:
    """Existing sites with more lines than their template has room for."""
    room = {row.id: row.maximum_lines for row in network.templates}
    fits = {
        row.id: room[row.template] + lines_made_room_for(network, row.id)
        for row in network.sites
        if row.status == "existing" and row.template in room
    }
    standing: dict[str, int] = {}
    for position, row in enumerate(network.installed_lines):
        standing[row.site] = standing.get(row.site, 0) + row.count
        if row.site in fits and standing[row.site] > fits[row.site] >= standing[row.site] - row.count:
            yield Finding(
                path=at("installed_lines", position, row, "count"),
                message=f"brings {row.site} to {standing[row.site]} lines, but its template holds {fits[row.site]}",
                found=str(row.count),
            )


@rule(
    "always-out",
    "warning",
    title="Outages should leave time to work",
    explanation="Expected outages a year times their mean duration is the time that a site is out; more than a tenth "
    "of the year is mostly a slip of units (hours, events a year).",
    cure="Write duration_h in hours and frequency_per_year as the expected number at one site.",
    is_local=True,
)
def long_outages(network: Network) -> Iterator[Finding]:
    """Outage classes that take more than a tenth of the year."""
    for position, row in enumerate(network.outage_classes):
        hours = row.frequency_per_year * row.duration_h
        if hours > 876:
            yield Finding(
                path=at("outage_classes", position, row, "duration_h"),
                message=f"times {row.frequency_per_year:g} a year stops a site for {hours:.4g} of 8,760 h a year",
                found=f"{row.duration_h:g}",
            )
