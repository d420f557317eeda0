"""Sites, templates and what stands or could stand there."""

from __future__ import annotations

from collections.abc import Iterator

from manyworks.model.checks.making import could_stand, named_in_scenarios
from manyworks.model.checks.paths import at, did_you_mean, listed
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.network import Network
from manyworks.model.site import SiteTemplate, StandUpStep
from manyworks.model.standup import WEEKS_PER_PLANNING_QUARTER, critical_path


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
    fits = {row.id: room[row.template] for row in network.sites if row.status == "existing" and row.template in room}
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
