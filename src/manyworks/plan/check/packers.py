"""Rules of co-packers: who may be contracted, from when, for how long, for what and for how much."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from manyworks.errors import Issue
from manyworks.model.segregation import may_share
from manyworks.model.site import CoPacker
from manyworks.plan.check.capacity import busiest
from manyworks.plan.check.facts import TOLERANCE, Facts, Floats, Rule, slack, violation
from manyworks.plan.money.goods import contracted


def packers_are_allowed(facts: Facts) -> Iterator[Issue]:
    """Co-packers are used where the case allows it, after their lead, and for their term at least."""
    first = [period.first_quarter for period in facts.plan.periods]
    end = first[-1] + facts.plan.periods[-1].quarters
    for row in facts.plan.tables.openings.rows():
        if row["kind"] != "co_packer":
            continue
        packer: CoPacker = facts.network.get("co_packers", row["place"])
        starts = first[facts.index.periods[row["starts"]]]
        closes = first[facts.index.periods[row["closes"]]] if row["closes"] else end
        decided = first[facts.index.periods[row["decided"]]] if row["decided"] else end
        if not facts.plan.case.may_use_co_packers:
            yield _fault("packers_are_allowed", packer, "the case uses no co-packer", facts.plan.case.name)
        if starts < packer.lead_quarters or decided > starts - packer.lead_quarters:
            found = (
                f"decided {row['decided'] or 'never'}, starts {row['starts']}, takes {packer.lead_quarters} quarters"
            )
            yield _fault("packers_are_allowed", packer, "must be decided its lead before it starts", found)
        if row["closes"] and closes - starts < packer.term_quarters:
            found = f"{closes - starts} of {packer.term_quarters} quarters"
            yield _fault("packers_are_allowed", packer, "must last its term", found)


def packs_only_under_contract(facts: Facts) -> Iterator[Issue]:
    """A co-packer makes and ships what he offers, and only while he is contracted."""
    state = contracted(facts.index, facts.plan.tables, len(facts.plan.periods))
    limit = slack(facts.made)
    for packer in facts.network.co_packers:
        at = facts.index.places[packer.id]
        handled = np.maximum(facts.made[at], facts.sent[at])
        for t in np.flatnonzero((handled.sum(axis=0) > limit) & (state[at] == 0)).tolist():
            found = f"{handled[:, t].sum():,.1f} units in {facts.plan.periods[t].name}"
            yield _fault("packs_only_under_contract", packer, "must not work without a contract", found)
        offered = np.array([not packer.products or row.id in packer.products for row in facts.network.products])
        for p in np.flatnonzero((handled.sum(axis=1) > limit) & ~offered).tolist():
            found = facts.network.products[p].id
            yield _fault("packs_only_under_contract", packer, "must not make what he does not offer", found)
        there = [facts.network.products[p].id for p in np.flatnonzero(handled.sum(axis=1) > limit)]
        if not may_share(facts.network, there, "site"):
            yield _fault("packs_only_under_contract", packer, "these must not share a site", ";".join(there))


def packer_capacity(facts: Facts) -> Iterator[Issue]:
    """Units made, those that do not keep at the rate of the busiest quarter, ≤ capacity × years."""
    peak = busiest(facts)
    for packer in facts.network.co_packers:
        if packer.capacity_units_per_year is None:
            continue
        made = (facts.made[facts.index.places[packer.id]] * peak).sum(axis=0)
        most = packer.capacity_units_per_year * facts.years
        for t in np.flatnonzero(made > most * (1 + TOLERANCE) + slack(made)).tolist():
            found = f"{made[t]:,.0f} of {most[t]:,.0f} units in {facts.plan.periods[t].name}"
            yield _fault("packer_capacity", packer, "must not make more than he can", found)


def runs_are_lots(facts: Facts) -> Iterator[Issue]:
    """What leaves of a product ≥ one smallest run a year, and half a run of it lies in stock."""
    cycle = np.zeros_like(facts.sent)
    table = facts.plan.tables.stock
    where = tuple(facts.index.of(table, name) for name in ("place", "product", "period"))
    np.add.at(cycle, where, table["cycle"].astype(np.float64))
    for packer in facts.network.co_packers:
        sent = facts.sent[facts.index.places[packer.id]]
        used = sent > slack(facts.sent)
        least = packer.minimum_run_units * facts.years[None, :]
        short: dict[str, Floats] = {
            "must be run once a year at least": (least - sent) * used,
            "must have half a run in stock": (packer.minimum_run_units / 2 - cycle[facts.index.places[packer.id]])
            * used,
        }
        for words, missing in short.items():
            for p, t in np.argwhere(missing > slack(least, sent)).tolist():
                found = f"{missing[p, t]:,.0f} units short in {facts.plan.periods[t].name}"
                yield _fault("runs_are_lots", packer, f"{facts.network.products[p].id} {words}", found)


def _fault(rule: str, packer: CoPacker, message: str, found: str) -> Issue:
    return violation(rule, packer.id, message, found)


RULES: tuple[Rule, ...] = (packers_are_allowed, packs_only_under_contract, packer_capacity, runs_are_lots)
