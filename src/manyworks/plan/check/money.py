"""Rules of money: recomputed to the cent, within budget, and never above the proven bound."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from manyworks.errors import Issue
from manyworks.plan.check.facts import TOLERANCE, Facts, Rule, violation
from manyworks.plan.money.business_case import business_case
from manyworks.plan.money.money_line import LINE_INDEX, LINE_NAMES

CENT = 0.01


def money_is_recomputed(facts: Facts) -> Iterator[Issue]:
    """Every line at every place in every period equals what the tables and the document give, to the cent."""
    plan = facts.plan
    fresh = business_case(plan.network, plan.case, plan.periods, plan.tables)
    off = np.abs(fresh.amounts - plan.money.amounts).max(axis=(1, 2))
    for line in np.flatnonzero(off > CENT).tolist():
        message = "must be what the tables and the document give"
        yield violation("money_is_recomputed", f"money.{LINE_NAMES[line]}", message, f"off by {off[line]:,.2f}")


def npv_is_the_sum(facts: Facts) -> Iterator[Issue]:
    """The npv = Σ present values of the lines = Σ discounted cash flow + terminal value."""
    plan, money = facts.plan, facts.plan.money
    cash = float((money.cash_flow + money.line("terminal_value")) @ money.discount)
    for name, value in {"lines": sum(money.present_values.values()), "cash flow": cash}.items():
        allowed = CENT + 1e-12 * float(np.abs(money.amounts).sum())
        if not abs(value - plan.npv) <= allowed:
            found = f"{plan.npv:,.2f} against {value:,.2f}"
            yield violation("npv_is_the_sum", "npv", f"must be the sum of the {name}", found)


def bound_holds(facts: Facts) -> Iterator[Issue]:
    """The proven bound is not below the npv, and the gap is their difference over the present value of the costs."""
    plan = facts.plan
    cost = abs(plan.money.cost_present_value)
    if not plan.bound >= plan.npv - TOLERANCE * cost - CENT:
        found = f"bound {plan.bound:,.2f}, npv {plan.npv:,.2f}"
        yield violation("bound_holds", "bound", "must not be below the npv", found)
    if cost and not abs(plan.gap - plan.gap_money / cost) <= TOLERANCE:
        found = f"{plan.gap:.6f}, recomputed {plan.gap_money / cost:.6f}"
        yield violation("bound_holds", "gap", "must be (bound − npv) / present value of the costs", found)


def budget(facts: Facts) -> Iterator[Issue]:
    """Capital spent in a period ≤ budget per quarter × its quarters; all of it ≤ the whole budget."""
    policy = facts.network.policy
    spent = -facts.plan.money.amounts[LINE_INDEX["capex"]].sum(axis=0)
    slack = CENT + TOLERANCE * float(spent.sum())
    quarters = np.array([period.quarters for period in facts.plan.periods])
    if policy.capex_budget_per_quarter is not None:
        most = policy.capex_budget_per_quarter * quarters
        for t in np.flatnonzero(spent > most + slack).tolist():
            found = f"{spent[t]:,.0f} of {most[t]:,.0f}"
            yield violation("budget", f"capex.{facts.plan.periods[t].name}", "must keep to the quarterly budget", found)
    if policy.capex_budget is not None and spent.sum() > policy.capex_budget + slack:
        found = f"{spent.sum():,.0f} of {policy.capex_budget:,.0f}"
        yield violation("budget", "capex", "must keep to the whole budget", found)


RULES: tuple[Rule, ...] = (money_is_recomputed, npv_is_the_sum, bound_holds, budget)
