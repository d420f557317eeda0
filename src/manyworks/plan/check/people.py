"""Rules of people: enough of them for the hours worked, and no more than can be found."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from manyworks.errors import Issue
from manyworks.model.hours import open_hours, overtime_hours
from manyworks.model.rates import crew_per_shift
from manyworks.plan.check.facts import Facts, Floats, Rule, slack, violation
from manyworks.plan.money.standing import Stand


def crews_are_paid(facts: Facts) -> Iterator[Issue]:
    """Direct people ≥ Σ crew × (run_h + changeover_h − overtime_h) / paid hours of a person in the period."""
    need, have = _people_needed(facts), _people(facts, "direct")
    for stand in facts.standing:
        short = need[stand.place] - have[stand.place]
        for t in np.flatnonzero(short > slack(need)).tolist():
            yield _fault(
                facts, "crews_are_paid", stand, t, "people must cover the hours worked", f"{short[t]:.3f} short"
            )


def indirect_staff_is_paid(facts: Facts) -> Iterator[Issue]:
    """Indirect people = staff of the template and of its lines, as long as the site is open."""
    have = _people(facts, "indirect")
    need = np.zeros_like(have)
    for stand in facts.standing:
        staff = stand.template.indirect_staff + stand.template.indirect_staff_per_line * stand.line_count
        need[stand.place] += staff * stand.is_open
    for stand in facts.standing:
        for t in np.flatnonzero(np.abs(need - have)[stand.place] > slack(need)).tolist():
            found = f"{have[stand.place, t]:.3f} people, {need[stand.place, t]:.3f} needed"
            yield _fault(facts, "indirect_staff_is_paid", stand, t, "indirect staff is that of the template", found)


def labour_pool(facts: Facts) -> Iterator[Issue]:
    """Direct people ≤ hireable share × labour pool."""
    have = _people(facts, "direct")
    for stand in facts.standing:
        if stand.site.labour_pool is not None:
            most = stand.site.hireable_share * stand.site.labour_pool
            for t in np.flatnonzero(have[stand.place] > most + slack(have)).tolist():
                found = f"{have[stand.place, t]:.2f} people, {most:.2f} can be hired"
                yield _fault(facts, "labour_pool", stand, t, "no more people than the pool gives", found)


def hires_follow_people(facts: Facts) -> Iterator[Issue]:
    """Hired ≥ people now − people before + turnover; existing sites begin with the people of the first period."""
    have, hired = _people(facts, "direct"), _people(facts, "hired")
    for stand in facts.standing:
        now = have[stand.place]
        before = np.concatenate([[now[0] if stand.is_existing else 0.0], now[:-1]])
        need = now - before + stand.site.turnover_per_year * facts.years * now
        for t in np.flatnonzero(need - hired[stand.place] > slack(have)).tolist():
            found = f"{hired[stand.place, t]:.3f} hired, {need[t]:.3f} needed"
            yield _fault(facts, "hires_follow_people", stand, t, "who joins must be hired", found)


def hires_per_quarter(facts: Facts) -> Iterator[Issue]:
    """Hired ≤ hires per quarter × quarters of the period."""
    hired = _people(facts, "hired")
    quarters = np.array([period.quarters for period in facts.plan.periods])
    for stand in facts.standing:
        if stand.site.hires_per_quarter is not None:
            most = stand.site.hires_per_quarter * quarters
            for t in np.flatnonzero(hired[stand.place] > most + slack(hired)).tolist():
                found = f"{hired[stand.place, t]:.2f} hired, {most[t]:.2f} possible"
                yield _fault(facts, "hires_per_quarter", stand, t, "no more hires than the place gives", found)


def people_fit_the_lines(facts: Facts) -> Iterator[Issue]:
    """Direct people ≤ largest crew × (open + overtime hours) × lines that fit / paid hours, where hires are limited:
    people may be found ahead of their lines there, but not beyond what the site can ever keep busy.

    The lines that fit are those of the template, or those that stand, and all that upgrades may add.
    """
    have = _people(facts, "direct")
    for stand in facts.standing:
        if stand.site.hires_per_quarter is None:
            continue
        most = _most_people(facts, stand)
        for t in np.flatnonzero(have[stand.place] > most + slack(have)).tolist():
            found = f"{have[stand.place, t]:.2f} people, work for {most[t]:.2f}"
            yield _fault(
                facts, "people_fit_the_lines", stand, t, "no more people than all lines that fit employ", found
            )


def _most_people(facts: Facts, stand: Stand) -> Floats:
    """People (periods,) who would keep every line that fits busy at all hours, overtime included."""
    network, periods = facts.network, facts.plan.periods
    upgrades = [row for row in network.upgrades if row.site == stand.site.id]
    fit = max(float(stand.template.maximum_lines), float(stand.line_count.max(initial=0.0)))
    fit += sum(row.added_lines for row in upgrades)
    crew = max(crew_per_shift(network, network.get("lines", name)) for name in {*stand.template.lines, *stand.lines})
    quarters = [period.quarters for period in periods]
    hours = np.array([open_hours(stand.calendar, q) + overtime_hours(stand.calendar, q) for q in quarters])
    return np.asarray(crew * hours * fit / (stand.calendar.paid_hours_per_worker_year * facts.years) * stand.is_open)


def _people(facts: Facts, column: str) -> Floats:
    table = facts.plan.tables.labour
    total = np.zeros((len(facts.index.places), len(facts.plan.periods)))
    np.add.at(total, (facts.index.of(table, "place"), facts.index.of(table, "period")), table[column])
    return total


def _people_needed(facts: Facts) -> Floats:
    """People (places, periods) whose paid hours cover the staffed hours less overtime."""
    table = facts.plan.tables.production
    need = np.zeros((len(facts.index.places), len(facts.plan.periods)))
    crews = {line.id: crew_per_shift(facts.network, line) for line in facts.network.lines}
    paid = {stand.site.id: stand.calendar.paid_hours_per_worker_year for stand in reversed(facts.standing)}
    period = facts.index.of(table, "period")
    crew = np.array([crews[name] for name in table["line"].tolist()])
    hours = np.array([paid.get(name, np.inf) for name in table["place"].tolist()]) * facts.years[period]
    worked = table["run_h"] + table["changeover_h"] - table["overtime_h"]
    np.add.at(need, (facts.index.of(table, "place"), period), crew * worked / hours)
    return need


def _fault(facts: Facts, rule: str, stand: Stand, t: int, message: str, found: str) -> Issue:
    return violation(rule, f"{stand.site.id}.{facts.plan.periods[t].name}", message, found)


RULES: tuple[Rule, ...] = (
    crews_are_paid,
    indirect_staff_is_paid,
    labour_pool,
    people_fit_the_lines,
    hires_follow_people,
    hires_per_quarter,
)
