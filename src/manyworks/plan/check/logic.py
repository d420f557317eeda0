"""Rules of the house: what may be opened, added, closed and made together, and when."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from manyworks.errors import Issue
from manyworks.model.segregation import may_share
from manyworks.model.standup import stand_up_quarters
from manyworks.model.upgrades import added_lines, lines_made_room_for, upgraded_lines
from manyworks.plan.check.facts import TOLERANCE, Facts, Floats, Rule, violation
from manyworks.plan.money.ledger import plan_index
from manyworks.plan.money.standing import Stand
from manyworks.plan.result import NetworkPlan

WHOLE = 1e-6
"""Numbers of lines may be off a whole number by so much."""


def unknown_names(plan: NetworkPlan) -> list[Issue]:
    """Every id and period in the tables is one of the document."""
    index = plan_index(plan.network, plan.periods)
    templates, lines = {row.id for row in plan.network.templates}, {row.id for row in plan.network.lines}
    known: dict[str, set[str]] = {
        "place": set(index.places)
        | {row.id for row in plan.network.upgrades}
        | {row.id for row in plan.network.opportunities},
        "origin": set(index.places),
        "via": {row.id for row in plan.network.warehouses} | {""},
        "market": set(index.markets),
        "product": set(index.products),
        "opportunity": {row.id for row in plan.network.opportunities} | {""},
        "period": set(index.periods),
        "template": templates | {""},
        "line": lines,
        "material": {row.id for row in plan.network.materials},
        "supplier": {row.id for row in plan.network.suppliers} | {""},
    }
    return [
        violation("unknown_names", f"{name}.{column}", "must name something of the document", ", ".join(strange))
        for name, table in plan.tables.items().items()
        for column, names in known.items()
        if column in table.columns and (strange := sorted(set(table[column].tolist()) - names))
    ]


def openings_are_allowed(facts: Facts) -> Iterator[Issue]:
    """Sites get templates that they and the case allow, one at a time."""
    case, seen = facts.plan.case, set()
    for stand in facts.standing:
        site, template = stand.site, stand.template
        if site.id in seen:
            yield _fault("openings_are_allowed", stand, "must have one template only", template.id)
        seen.add(site.id)
        if stand.is_existing:
            if template.id != site.template:
                yield _fault("openings_are_allowed", stand, "keeps its template", template.id)
            continue
        if template.scale not in case.new_scales:
            yield _fault("openings_are_allowed", stand, f"the case {case.name} builds no such template", template.id)
        if site.templates and template.id not in site.templates:
            yield _fault("openings_are_allowed", stand, "the site does not take this template", template.id)


def openings_take_time(facts: Facts) -> Iterator[Issue]:
    """What starts in a period was decided its stand-up quarters before, inside the horizon."""
    first = [period.first_quarter for period in facts.plan.periods]
    for row in facts.plan.tables.openings.rows():
        stand = facts.stand(row["place"], row["template"]) if row["kind"] == "site" else None
        if stand is None or stand.is_existing:
            continue
        lead = stand_up_quarters(facts.network, stand.template)
        if first[stand.starts] < lead:
            found = f"starts in quarter {first[stand.starts]}, takes {lead}"
            yield _fault("openings_take_time", stand, "cannot be ready so early", found)
        decided = facts.index.periods.get(row["decided"], -1)
        if decided < 0 or first[decided] > max(first[stand.starts] - lead, 0):
            found = f"decided {row['decided'] or 'never'}, starts {row['starts']}, takes {lead} quarters"
            yield _fault("openings_take_time", stand, "must be decided before its stand-up begins", found)


def closures_are_allowed(facts: Facts) -> Iterator[Issue]:
    """Existing sites close only where they and the case allow it, and must where the case says so."""
    case, steps = facts.plan.case, len(facts.plan.periods)
    planned = sum(period.quarters == 1 for period in facts.plan.periods)
    for stand in facts.standing:
        closes, may = stand.closes < steps, case.may_close and stand.site.is_closable
        if closes and not (stand.is_existing and may):
            yield _fault("closures_are_allowed", stand, "may not be closed", facts.plan.periods[stand.closes].name)
        must = case.must_close_big and may and stand.is_existing and stand.template.scale == "big"
        if must and stand.closes > min(planned, steps - 1):
            yield _fault("closures_are_allowed", stand, f"must close in the case {case.name}", "it stays")
    missing = {row.id for row in facts.network.sites if row.status == "existing"}
    for name in sorted(missing - {stand.site.id for stand in facts.standing}):
        yield violation("closures_are_allowed", name, "an existing site must be in the plan", "it is not")


def lines_add_up(facts: Facts) -> Iterator[Issue]:
    """Lines ready = lines before + lines added, whole, within the template, and only while the site is open."""
    for stand in facts.standing:
        installed = _installed(facts, stand)
        for line in sorted({*stand.lines, *installed}):
            ready = stand.lines.get(line, np.zeros(stand.steps))
            added = stand.added.get(line, np.zeros(stand.steps))
            came = _came_with_upgrades(facts, stand, line)
            expected = (installed.get(line, 0) + np.cumsum(added)) * stand.is_open
            if np.abs(ready - expected).max() > WHOLE:
                yield _fault("lines_add_up", stand, f"{line} must be what stood there and was added", _row(ready))
            if np.abs(added - np.round(added)).max() > WHOLE:
                yield _fault("lines_add_up", stand, f"{line} must be added in whole numbers", _row(added))
            if (came > added + WHOLE).any():
                yield _fault("lines_add_up", stand, f"{line} must come with the upgrades that add it", _row(added))
            added = added - came
            if added.any() and stand.is_existing and not facts.plan.case.may_add_lines:
                yield _fault("lines_add_up", stand, f"the case {facts.plan.case.name} adds no lines", line)
            if added.any() and line not in stand.template.lines:
                yield _fault("lines_add_up", stand, "the template does not hold such lines", line)
            lead = stand.template.line_lead_quarters
            early = [t for t in np.flatnonzero(added) if facts.plan.periods[t].first_quarter < lead]
            if early:
                found = f"{line} in {facts.plan.periods[early[0]].name}, takes {lead} quarters"
                yield _fault("lines_add_up", stand, "lines cannot be ready so early", found)
        came = sum((_came_with_upgrades(facts, stand, line) for line in stand.lines), np.zeros(stand.steps))
        room = stand.template.maximum_lines + lines_made_room_for(facts.network, stand.site.id)
        most = max(room, sum(installed.values()))
        yield from _line_numbers(stand, most, np.cumsum(came) * stand.is_open)


def _came_with_upgrades(facts: Facts, stand: Stand, line: str) -> Floats:
    """Lines (periods,) of a type that are new because an upgrade adds them."""
    came = np.zeros(stand.steps)
    for there in stand.upgrades:
        came[there.starts] += added_lines(facts.network, [there.row], line)
    return came


def _line_numbers(stand: Stand, most: float, came: Floats) -> Iterator[Issue]:
    count = stand.line_count - came
    if count.max(initial=0) > most + WHOLE:
        yield _fault("lines_add_up", stand, f"must not exceed {most:g} lines", _row(count))
    fewest = stand.template.minimum_lines * stand.is_open
    if not stand.is_existing and (count < fewest - WHOLE).any():
        yield _fault("lines_add_up", stand, f"must have {stand.template.minimum_lines} lines at least", _row(count))


def upgrades_are_allowed(facts: Facts) -> Iterator[Issue]:
    """An upgrade is of the case, chosen once, decided its lead before it works, and begins while its site is open."""
    first, seen = [period.first_quarter for period in facts.plan.periods], set()
    for row in facts.plan.tables.openings.rows():
        if row["kind"] != "upgrade":
            continue
        upgrade = facts.network.get("upgrades", row["place"])
        stand, starts = facts.stand(upgrade.site, ""), facts.index.periods[row["starts"]]
        decided = facts.index.periods.get(row["decided"], -1)
        late = decided < 0 or first[decided] > max(first[starts] - upgrade.lead_quarters, 0)
        faults = {
            f"the case {facts.plan.case.name} upgrades nothing": not facts.plan.case.may_upgrade,
            "must be chosen once": upgrade.id in seen,
            "must not be done already": upgrade.is_done,
            "cannot work so early": first[starts] < upgrade.lead_quarters,
            "must be decided its lead before it works": late,
            "must begin while its site is open": stand is None or not stand.is_existing or not stand.is_open[starts],
        }
        seen.add(upgrade.id)
        for message, is_broken in faults.items():
            if is_broken:
                found = f"decided {row['decided'] or 'never'}, works from {row['starts']}"
                yield violation("upgrades_are_allowed", upgrade.id, message, found)


def upgraded_lines_stand(facts: Facts) -> Iterator[Issue]:
    """Lines that stood at the start have just the upgrades that work, as do the lines that these add; no others do."""
    table = facts.plan.tables.lines
    for stand in facts.standing:
        here = table.where((table["place"] == stand.site.id) & (table["template"] == stand.template.id))
        for line, count in (_installed(facts, stand) if stand.is_existing else {}).items():
            mine = [there for there in stand.upgrades if line in upgraded_lines(facts.network, there.row)]
            for period in facts.plan.periods if mine else ():
                chosen = sorted((there.row for there in mine if there.works[period.index]), key=lambda row: row.id)
                have = ";".join(row.id for row in chosen)
                least = (count + added_lines(facts.network, chosen, line)) * stand.is_open[period.index]
                now = here.where((here["line"] == line) & (here["period"] == period.name))
                ready = float(now["ready"][now["upgrades"] == have].sum())
                others = sorted(set(now["upgrades"].tolist()) - {have, ""})
                if (abs(ready - least) > WHOLE if have else ready < least - WHOLE) or others:
                    found = f"{ready:g} of {least:g} lines with {have or 'none'}, others with {others or 'none'}"
                    path = f"{stand.site.id}.{line}.{period.name}"
                    yield violation("upgraded_lines_stand", path, "lines must have the upgrades that work", found)
        known = {"", *(there.row.id for there in stand.upgrades)}
        strange = {name for names in set(here["upgrades"].tolist()) for name in names.split(";")} - known
        if strange:
            yield _fault("upgraded_lines_stand", stand, "lines have upgrades that were not chosen", ";".join(strange))


def works_only_while_open(facts: Facts) -> Iterator[Issue]:
    """Nothing is made at, shipped from or staffed at a place that does not stand."""
    is_open = np.zeros((len(facts.index.places), len(facts.plan.periods)))
    for stand in facts.standing:
        is_open[stand.place] = np.maximum(is_open[stand.place], stand.is_open)
    labour = facts.plan.tables.labour
    people = np.zeros_like(is_open)
    np.add.at(
        people,
        (facts.index.of(labour, "place"), facts.index.of(labour, "period")),
        labour["direct"] + labour["indirect"],
    )
    sites = [facts.index.places[site.id] for site in facts.network.sites]
    names = list(facts.index.places)
    for words, amounts in {
        "makes": facts.made.sum(axis=1),
        "ships": facts.sent.sum(axis=1),
        "employs": people,
    }.items():
        idle = (is_open[sites] == 0) & (amounts[sites] > TOLERANCE * max(float(amounts.max(initial=0)), 1.0))
        for s, t in np.argwhere(idle).tolist():
            path = f"{names[sites[s]]}.{facts.plan.periods[t].name}"
            found = f"{words} {amounts[sites[s], t]:,.2f}"
            yield violation("works_only_while_open", path, "must not work before its start or after its end", found)


def segregation_is_kept(facts: Facts) -> Iterator[Issue]:
    """No line, and under ``allergen:site`` no site, runs products that may never meet."""
    made = facts.plan.tables.production
    used = made.where(made["units"] > TOLERANCE * max(float(made["units"].max(initial=0)), 1.0))
    keys = zip(used["place"].tolist(), used["line"].tolist(), used["products"].tolist(), strict=True)
    for place, line, products in dict.fromkeys(keys):
        if not may_share(facts.network, products.split(";"), "line"):
            yield violation("segregation_is_kept", f"{place}.{line}", "these must not share a line", products)
    for place in dict.fromkeys(used["place"].tolist()):
        there = sorted(set(used["product"][used["place"] == place].tolist()))
        if not may_share(facts.network, there, "site"):
            yield violation("segregation_is_kept", place, "these must not share a site", ";".join(there))


def site_limits(facts: Facts) -> Iterator[Issue]:
    """Sites open at once ≤ maximum_sites; volume of a site ≤ maximum_site_share of all."""
    policy = facts.network.policy
    count = np.sum([stand.is_open for stand in facts.standing], axis=0) if facts.standing else np.zeros(1)
    if policy.maximum_sites is not None and count.max() > policy.maximum_sites:
        found = f"{count.max():.0f} of {policy.maximum_sites}"
        yield violation("site_limits", "policy.maximum_sites", "must not open more sites", found)
    if policy.maximum_site_share < 1:
        share = _shares(facts)
        for s, t in np.argwhere(share > policy.maximum_site_share + TOLERANCE).tolist():
            path = f"{list(facts.index.places)[s]}.{facts.plan.periods[t].name}"
            yield violation("site_limits", path, "must not serve so much of the volume", f"{share[s, t]:.3%}")


def _shares(facts: Facts) -> Floats:
    table = facts.plan.tables.shipments
    units = np.zeros((len(facts.index.places), len(facts.plan.periods)))
    np.add.at(units, (facts.index.of(table, "origin"), facts.index.of(table, "period")), table["received"])
    total = units.sum(axis=0)
    return np.asarray(units / np.where(total > 0, total, 1.0))


def _installed(facts: Facts, stand: Stand) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in facts.network.installed_lines:
        if row.site == stand.site.id and stand.is_existing:
            counts[row.line] = counts.get(row.line, 0) + row.count
    return counts


def _row(values: Floats) -> str:
    return " ".join(f"{value:g}" for value in values.tolist())


def _fault(rule: str, stand: Stand, message: str, found: str) -> Issue:
    return violation(rule, f"{stand.site.id}.{stand.template.id}", message, found)


RULES: tuple[Rule, ...] = (
    openings_are_allowed,
    openings_take_time,
    closures_are_allowed,
    lines_add_up,
    upgrades_are_allowed,
    upgraded_lines_stand,
    works_only_while_open,
    segregation_is_kept,
    site_limits,
)
