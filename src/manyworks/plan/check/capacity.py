"""Rules of lines: products at the rates that are known, wheels that turn, hours that exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import Issue
from manyworks.model.demand import monthly_demand, peak_quarter_ratio
from manyworks.model.hours import open_hours, overtime_hours
from manyworks.model.network import Network
from manyworks.model.periods import Period
from manyworks.model.rates import effective_rates
from manyworks.model.table import Table
from manyworks.model.upgrades import added_lines, done_upgrades, lost_quarters, upgraded_lines
from manyworks.plan.check.facts import TOLERANCE, Facts, Floats, Rule, violation
from manyworks.plan.money.standing import Stand
from manyworks.units import DAYS_PER_QUARTER, MINUTES_PER_HOUR, MONTHS_PER_QUARTER

Key = tuple[str, str, str, str, str]
"""Place, template, line, upgrades and products of a wheel."""


def rates_hold(facts: Facts) -> Iterator[Issue]:
    """run_h ≥ units / (60 × effective rate); nothing where the line may not run the product."""
    for key, table in _by_wheel(facts.plan.tables.production).items():
        place, template, line, upgrades, _ = key
        has = [*(upgrades.split(";") if upgrades else []), *done_upgrades(facts.network, place, line)]
        rates = effective_rates(facts.network, line, site=place, template=template, upgrades=has)
        product = facts.index.of(table, "product")
        rate = np.where(rates > 0, rates, 1e-12)[product] * MINUTES_PER_HOUR
        short = table["units"] / rate - table["run_h"]
        for row in np.flatnonzero(short > TOLERANCE * np.maximum(table["run_h"], 1.0)).tolist():
            path = f"{place}.{line}.{table['product'][row]}.{table['period'][row]}"
            found = f"{table['units'][row]:,.1f} units in {table['run_h'][row]:,.3f} h"
            yield violation("rates_hold", path, "must not run faster than the line can", found)


def wheels_turn(facts: Facts) -> Iterator[Issue]:
    """Staffed hours ≥ run_h × (1 + sanitation share) / (1 − changeover share) of a wheel; it runs its own products."""
    for key, table in _by_wheel(facts.plan.tables.production).items():
        place, _, line, _, products = key
        wheel = facts.prices.wheel(*key)
        strange = sorted(set(table["product"].tolist()) - set(products.split(";")))
        if strange:
            found = ", ".join(strange)
            yield violation("wheels_turn", f"{place}.{line}.{products}", "must run products of its wheel only", found)
        staffed = (1 + wheel.sanitation_share) / (1 - wheel.changeover_share)
        period = facts.index.of(table, "period")
        count = len(facts.plan.periods)
        run = np.bincount(period, weights=table["run_h"], minlength=count)
        worked = run + np.bincount(period, weights=table["changeover_h"], minlength=count)
        for t in np.flatnonzero(run * staffed - worked > TOLERANCE * np.maximum(worked, 1.0)).tolist():
            path = f"{place}.{line}.{products}.{facts.plan.periods[t].name}"
            found = f"{worked[t]:,.3f} h staffed, {run[t] * staffed:,.3f} h needed"
            yield violation("wheels_turn", path, "must spend the hours that its changeovers take", found)


def line_hours(facts: Facts) -> Iterator[Issue]:
    """Staffed hours × peak ≤ open hours × lines ready, less those in ramp and those that are upgraded, + overtime."""
    for stand in facts.standing:
        for line in stand.lines:
            yield from _over(facts, "line_hours", stand, line, *line_load(facts, stand, line))


def overtime_limit(facts: Facts) -> Iterator[Issue]:
    """Overtime ≤ overtime hours of the calendar × lines."""
    for stand in facts.standing:
        for line, ready in stand.lines.items():
            table = _of_line(facts, stand, line)
            hours = np.array([overtime_hours(stand.calendar, period.quarters) for period in facts.plan.periods])
            working = ready - stopped_lines(facts.network, stand, line, facts.plan.periods)
            yield from _over(
                facts, "overtime_limit", stand, line, _sum(facts, table, table["overtime_h"]), hours * working
            )


def wheel_lines(facts: Facts) -> Iterator[Issue]:
    """Staffed hours × peak of a wheel ≤ (open + overtime hours) × the lines that are given to it."""
    for key, table in _by_wheel(facts.plan.tables.production).items():
        place, template, line, _, products = key
        stand = facts.stand(place, template)
        if stand is None:
            continue  # logic.works_only_while_open speaks of it
        given = _given(facts, key)
        hours = np.array(
            [
                open_hours(stand.calendar, p.quarters) + overtime_hours(stand.calendar, p.quarters)
                for p in facts.plan.periods
            ]
        )
        worked = _hours(facts, table, facts.plan.periods) + stopped_hours(facts, stand).get(key, 0.0)
        yield from _over(facts, "wheel_lines", stand, f"{line}.{products}", worked, hours * given)


def line_load(facts: Facts, stand: Stand, line: str) -> tuple[Floats, Floats]:
    """Regular hours (periods,) that lines of a type work, at the rate of the busiest quarter, and those they have."""
    table = _of_line(facts, stand, line)
    overtime = _sum(facts, table, table["overtime_h"])
    ready = ramped_lines(facts.network, stand, line, facts.plan.periods)
    ready -= stopped_lines(facts.network, stand, line, facts.plan.periods)
    most = open_hours_of(stand, facts.plan.periods) * ready
    lost = sum((hours for key, hours in stopped_hours(facts, stand).items() if key[2] == line), np.zeros(len(most)))
    return _hours(facts, table, facts.plan.periods) + lost - overtime, most


def stopped_hours(facts: Facts, stand: Stand) -> dict[Key, Floats]:
    """Line hours (periods,) that each wheel of a site loses while changeovers of the other wheels stop the site.

    A wheel of n lines that work X hours in all stops the site for its site share × X / n hours.
    """
    wheels = {key: t for key, t in _by_wheel(facts.plan.tables.production).items() if key[:2] == _name(stand)}
    given = {key: _given(facts, key) for key in wheels}
    stops = {}
    for key, table in wheels.items():
        turned = _hours(facts, table, facts.plan.periods) / np.where(given[key] > 0, given[key], 1.0)
        stops[key] = facts.prices.wheel(*key).site_share * turned
    total = sum(stops.values(), np.zeros(len(facts.plan.periods)))
    return {key: given[key] * (total - stops[key]) for key in wheels}


def _name(stand: Stand) -> tuple[str, str]:
    return stand.site.id, stand.template.id


def _given(facts: Facts, key: Key) -> Floats:
    """Lines (periods,) that are given to a wheel."""
    lines = facts.plan.tables.lines
    mine, count = _mask(lines, key), len(facts.plan.periods)
    period = facts.index.of(lines, "period")[mine]
    return np.asarray(np.bincount(period, weights=lines["ready"][mine], minlength=count), dtype=np.float64)


def open_hours_of(stand: Stand, periods: Sequence[Period]) -> Floats:
    """Calendar hours of one line in each period, (periods,)."""
    return np.array([open_hours(stand.calendar, period.quarters) for period in periods])


def ramped_lines(network: Network, stand: Stand, line: str, periods: Sequence[Period]) -> Floats:
    """Lines (periods,) with those in ramp counted by their share of capacity, mean over the quarters of a period.

    Lines that come with an upgrade work in full at once.
    """
    ready, bought = stand.lines[line].copy(), stand.added[line].copy()
    for there in stand.upgrades:
        bought[there.starts] -= added_lines(network, [there.row], line)
    for start in np.flatnonzero(bought > 0).tolist():
        for t in range(start, len(periods)):
            first = periods[t].first_quarter - periods[start].first_quarter
            shares = [(*stand.template.ramp, *[1.0] * (q + 1))[q] for q in range(first, first + periods[t].quarters)]
            ready[t] -= bought[start] * (1 - sum(shares) / len(shares))
    return np.asarray(ready)


def stopped_lines(network: Network, stand: Stand, line: str, periods: Sequence[Period]) -> Floats:
    """Lines (periods,) that stand still to be upgraded, each by the share of the period that this takes."""
    stopped = np.zeros(len(periods))
    for there in stand.upgrades:
        count = upgraded_lines(network, there.row).get(line, 0)
        lost = lost_quarters(there.row, periods[there.starts].first_quarter)
        for t, period in enumerate(periods):
            quarters = range(period.first_quarter, period.first_quarter + period.quarters)
            stopped[t] += count * sum(lost.get(quarter, 0.0) for quarter in quarters) / period.quarters
    return stopped


def _hours(facts: Facts, table: Table, periods: Sequence[Period]) -> Floats:
    """Staffed hours (periods,), those of goods that do not keep at the rate of the busiest quarter."""
    peak = _peak(facts, periods)
    product, period = facts.index.of(table, "product"), facts.index.of(table, "period")
    return _sum(facts, table, (table["run_h"] + table["changeover_h"]) * peak[product, period])


def busiest(facts: Facts) -> Floats:
    """Busiest quarter over the mean, (products, periods); 1 where goods keep or the period is a quarter."""
    return _peak(facts, facts.plan.periods)


def _peak(facts: Facts, periods: Sequence[Period]) -> Floats:
    """Busiest quarter over the mean (products, periods) of families that do not keep for a quarter; 1 elsewhere."""
    network, monthly = facts.network, monthly_demand(facts.network).sum(axis=0)
    peak = np.ones((len(network.products), len(periods)))
    families: dict[str, list[int]] = {}
    for p, product in enumerate(network.products):
        families.setdefault(product.family, []).append(p)
    for members in families.values():
        rows = [network.products[p] for p in members]
        lives = [
            row.shelf_life_days - row.minimum_remaining_life_days for row in rows if row.shelf_life_days is not None
        ]
        if min(lives, default=np.inf) >= DAYS_PER_QUARTER:
            continue
        for t, period in enumerate(periods):
            first = MONTHS_PER_QUARTER * period.first_quarter
            months = monthly[members].sum(axis=0)[first : first + MONTHS_PER_QUARTER * period.quarters]
            peak[members, t] = peak_quarter_ratio(months) if period.quarters > 1 else 1.0
    return peak


def _over(facts: Facts, rule: str, stand: Stand, what: str, hours: Floats, most: Floats) -> Iterator[Issue]:
    for t in np.flatnonzero(hours - most > TOLERANCE * np.maximum(most, 1.0)).tolist():
        path = f"{stand.site.id}.{what}.{facts.plan.periods[t].name}"
        yield violation(rule, path, "must not work more hours than there are", f"{hours[t]:,.3f} h of {most[t]:,.3f} h")


def _sum(facts: Facts, table: Table, values: Floats) -> Floats:
    sums = np.bincount(facts.index.of(table, "period"), weights=values, minlength=len(facts.plan.periods))
    return np.asarray(sums, dtype=np.float64)


def _of_line(facts: Facts, stand: Stand, line: str) -> Table:
    made = facts.plan.tables.production
    return made.where(
        (made["place"] == stand.site.id) & (made["template"] == stand.template.id) & (made["line"] == line)
    )


def _mask(table: Table, key: Key) -> NDArray[np.bool_]:
    return np.asarray(np.all([table[name] == word for name, word in zip(WHEEL, key, strict=True)], axis=0))


def _by_wheel(production: Table) -> dict[Key, Table]:
    columns = (production[name].tolist() for name in WHEEL)
    return {key: production.where(_mask(production, key)) for key in dict.fromkeys(zip(*columns, strict=True))}


WHEEL = ("place", "template", "line", "upgrades", "products")
"""Columns that name a wheel."""

RULES: tuple[Rule, ...] = (rates_hold, wheels_turn, line_hours, overtime_limit, wheel_lines)
