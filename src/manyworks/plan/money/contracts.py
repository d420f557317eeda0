"""Contracts of a plan: which are taken, what is delivered of them, and what they bring."""

from __future__ import annotations

from typing import Any

import numpy as np

from manyworks.model.contracts import contract_units
from manyworks.model.market import Opportunity
from manyworks.model.table import Table
from manyworks.plan.points import contract_of
from manyworks.plan.result import NetworkPlan

HEADER = (
    *("opportunity", "name", "market", "product", "starts", "ends", "answer"),
    *("price", "asked", "delivered", "short", "revenue", "penalty", "one_off", "worth"),
)
WORDS = HEADER[:7]


def contract_table(plan: NetworkPlan) -> Table:
    """One row for each opportunity of the document, by id.

    ``answer`` is taken, left or signed before; ``asked``, ``delivered`` and ``short`` are units over the horizon;
    ``revenue``, ``penalty`` and ``one_off`` present values before tax, costs negative. ``worth``: what
    taking it is worth against leaving it, sites, lines and what they run as planned, after tax; nan where it has no
    delivery in the plan, or is signed already.
    """
    taken = {row["place"] for row in plan.tables.openings.rows() if row["kind"] == "opportunity"}
    worth = {row["place"]: row["price"] for row in plan.binding.rows() if row["limit"] == "contract"}
    contracts = sorted(plan.network.opportunities, key=lambda row: row.id)
    rows = [_row(plan, contract, contract.id in taken, worth.get(contract.id, np.nan)) for contract in contracts]
    return Table(
        {name: np.array([row[name] for row in rows], dtype=object if name in WORDS else np.float64) for name in HEADER}
    )


def _row(plan: NetworkPlan, contract: Opportunity, is_taken: bool, worth: float) -> dict[str, Any]:
    tables, at = plan.tables, {period.name: period.index for period in plan.periods}
    sent = tables.shipments.where(contract_of(tables.shipments) == contract.id)
    missed = tables.unmet.where(contract_of(tables.unmet) == contract.id)
    weight = plan.money.discount
    paid = weight[[at[name] for name in sent["period"].tolist()]]
    owed = weight[[at[name] for name in missed["period"].tolist()]]
    first = np.flatnonzero(contract_units([contract], plan.periods)[0])
    signs = is_taken and not contract.is_signed and len(first) > 0
    return {
        "opportunity": contract.id,
        "name": contract.name,
        "market": contract.market,
        "product": contract.product,
        "starts": contract.starts.isoformat(),
        "ends": contract.ends.isoformat(),
        "answer": ("signed before" if contract.is_signed else "taken") if is_taken else "left",
        "price": contract.price,
        "asked": float(contract_units([contract], plan.periods).sum()),
        "delivered": float(sent["received"].sum()),
        "short": float(missed["units"].sum()),
        "revenue": contract.price * float((sent["received"].astype(np.float64) * paid).sum()),
        "penalty": -contract.penalty_per_unit * float((missed["units"].astype(np.float64) * owed).sum()),
        "one_off": -contract.one_off_cost * float(weight[first[0]]) if signs else 0.0,
        "worth": worth,
    }
