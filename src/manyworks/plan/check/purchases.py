"""Rules of contested materials: enough is bought for what is made, in orders that are accepted, of what there is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from manyworks.errors import Issue
from manyworks.model.purchasing import REACHED, contested_needs, supplier_capacities
from manyworks.plan.check.facts import TOLERANCE, Facts, Rule, slack, violation


def purchases_cover_needs(facts: Facts) -> Iterator[Issue]:
    """Σ bought / quantity per good unit = made, for each contested need, place and period."""
    covered, names = facts.prices.purchases.covered, _makers(facts)
    for n, need in enumerate(contested_needs(facts.network)):
        made = facts.made[[facts.index.places[name] for name in names], need.product]
        off = np.abs(covered[n] - made)
        product = facts.network.products[need.product].id
        for o, t in np.argwhere(off > 10 * slack(made)).tolist():
            path = f"{names[o]}.{product}.{facts.plan.periods[t].name}"
            found = f"materials for {covered[n, o, t]:,.1f} of {made[o, t]:,.1f} units"
            message = f"must buy {' or '.join(need.materials)} for what is made"
            yield violation("purchases_cover_needs", path, message, found)


def orders_are_large_enough(facts: Facts) -> Iterator[Issue]:
    """Who buys from a supplier buys one smallest order a year at least."""
    names, bought = _makers(facts), facts.prices.purchases
    for seller, amount in bought.bought.items():
        least = bought.tiers[seller][0].minimum_order
        for o, t in np.argwhere((amount > slack(amount)) & (amount < least * REACHED)).tolist():
            path = f"{names[o]}.{seller[0]}.{facts.plan.periods[t].name}"
            found = f"{amount[o, t]:,.1f} a year from {seller[1]}, smallest order {least:,.1f}"
            yield violation("orders_are_large_enough", path, "must buy one order a year at least", found)


def supplier_capacity(facts: Facts) -> Iterator[Issue]:
    """Σ bought by all places from a supplier ≤ his capacity of the material a year."""
    for (supplier, material), most in supplier_capacities(facts.network).items():
        sold = np.zeros(len(facts.plan.periods))
        for seller, amount in facts.prices.purchases.bought.items():
            if seller[:2] == (material, supplier):
                sold += amount.sum(axis=0)
        for t in np.flatnonzero(sold > most * (1 + TOLERANCE)).tolist():
            path = f"{supplier}.{material}.{facts.plan.periods[t].name}"
            yield violation(
                "supplier_capacity", path, "must not sell more than there is", f"{sold[t]:,.1f} of {most:,.1f}"
            )


def _makers(facts: Facts) -> list[str]:
    return [*(stand.site.id for stand in facts.standing), *(row.id for row in facts.network.co_packers)]


RULES: tuple[Rule, ...] = (purchases_cover_needs, orders_are_large_enough, supplier_capacity)
