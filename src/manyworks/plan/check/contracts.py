"""Rules of contracts: what is signed is delivered or owed, what is left is neither, and each keeps its own terms."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from manyworks.errors import Issue
from manyworks.model.contracts import end_period, signing_period
from manyworks.plan.check.facts import Facts, Rule, slack, violation
from manyworks.plan.points import contract_of


def contract_balance(facts: Facts) -> Iterator[Issue]:
    """Received + short = what the contract asks for in each period where it is taken, 0 where it is left."""
    off = np.abs(facts.delivered + facts.short - facts.signed)
    names, periods = list(facts.index.contracts), list(facts.index.periods)
    limit = slack(facts.signed, facts.delivered)
    for k, t in np.argwhere(off > limit).tolist():
        message = "received and short must add up to what is signed"
        yield violation("contract_balance", f"{names[k]}.{periods[t]}", message, f"off by {off[k, t]:,.3f} units")


def contract_terms(facts: Facts) -> Iterator[Issue]:
    """Each contract is taken once at most, signed ones are; rows of a contract name its market and product; it starts
    and ends with its window."""
    network, plan = facts.network, facts.plan
    rows = [row for row in plan.tables.openings.rows() if row["kind"] == "opportunity"]
    taken = [row["place"] for row in rows]
    for name in sorted({name for name in taken if taken.count(name) > 1}):
        yield violation("contract_terms", name, "must be taken once at most", f"{taken.count(name)} times")
    for contract in network.opportunities:
        is_due = signing_period(contract, plan.periods) is not None
        if contract.is_signed and is_due and contract.id not in taken:
            yield violation("contract_terms", contract.id, "is signed already, and must stand", "left")
    for row in rows:
        contract = network.get("opportunities", row["place"])
        first, after = signing_period(contract, plan.periods), end_period(contract, plan.periods)
        window = tuple("" if t is None else plan.periods[t].name for t in (first, after))
        if first is None or (row["starts"], row["closes"]) != window:
            found = f"{row['starts']} to {row['closes'] or 'the end'}"
            yield violation("contract_terms", contract.id, "must start and end with its window", found)
    for table in ("shipments", "unmet"):
        yield from _names(facts, table)


def _names(facts: Facts, name: str) -> Iterator[Issue]:
    table = getattr(facts.plan.tables, name)
    contracts = contract_of(table)
    for row in np.flatnonzero(contracts != "").tolist():
        contract = facts.network.get("opportunities", contracts[row])
        found = (table["market"][row], table["product"][row])
        if found != (contract.market, contract.product):
            message = f"rows of {contract.id} must be for {contract.product} to {contract.market}"
            yield violation("contract_terms", f"{name}[{row}]", message, " to ".join(reversed(found)))


RULES: tuple[Rule, ...] = (contract_balance, contract_terms)
