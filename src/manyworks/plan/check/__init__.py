"""Is a finished plan true? Balances, capacities, rules and money are recomputed without the solver.

In: a ``NetworkPlan``. Out: a list of ``Issue``; empty for a clean plan.
Read first: ``check_plan`` here, then the rules in ``flows``, ``capacity`` and the other files of rules.
Nothing of the formulation is used: only the plan's tables, the document and the physics of ``model``.
"""

from __future__ import annotations

from manyworks.errors import Issue
from manyworks.plan.check import (
    capacity,
    contracts,
    flows,
    freight,
    logic,
    money,
    packers,
    people,
    purchases,
    stock,
    warehouses,
)
from manyworks.plan.check.facts import Rule, plan_facts
from manyworks.plan.result import NetworkPlan

RULES: tuple[Rule, ...] = (
    *flows.RULES,
    *freight.RULES,
    *stock.RULES,
    *contracts.RULES,
    *capacity.RULES,
    *packers.RULES,
    *warehouses.RULES,
    *purchases.RULES,
    *people.RULES,
    *logic.RULES,
    *money.RULES,
)
"""Every rule of a plan, in the order in which they are checked."""


def check_plan(plan: NetworkPlan) -> list[Issue]:
    """Recompute balances, capacities, rules and money of ``plan``; every violation, in the order of ``RULES``.

    Rows that name something unknown make the rest meaningless, so they are reported alone.
    """
    unknown = logic.unknown_names(plan)
    if unknown:
        return unknown
    facts = plan_facts(plan)
    return [issue for rule in RULES for issue in rule(facts)]


__all__ = ["RULES", "check_plan"]
