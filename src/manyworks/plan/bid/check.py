"""Is a bid true? Its plans are checked without the solver, and its price is put to the test."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from manyworks.errors import Issue
from manyworks.plan.bid.answer import Bid, CaseBid
from manyworks.plan.bid.terms import with_contract
from manyworks.plan.check.facts import TOLERANCE, violation
from manyworks.plan.money.business_case import business_case


def check_bid(bid: Bid) -> list[Issue]:
    """Every violation of every case."""
    return [issue for name, answer in bid.answers.items() for issue in _check_case(name, answer)]


def _check_case(name: str, answer: CaseBid) -> Iterator[Issue]:
    yield from answer.without.check()
    yield from answer.asked.plan.check()
    if answer.offer is None:
        return
    if answer.offer is not answer.asked:
        yield from answer.offer.plan.check()
    yield from _delivers_all(name, answer)
    yield from _price_is_even(name, answer)


def _delivers_all(name: str, answer: CaseBid) -> Iterator[Issue]:
    """What is offered is delivered to the last unit."""
    assert answer.offer is not None
    short, asked = sum(answer.offer.short), sum(answer.offer.asked)
    if short > 1e-4 * max(asked, 1.0):
        yield violation("bid_delivers_all", name, "what is offered must be delivered", f"{short:,.1f} units short")


def _price_is_even(name: str, answer: CaseBid) -> Iterator[Issue]:
    """At the lowest price the plan with the contract is worth what the plan without it is; above 0 only."""
    assert answer.offer is not None
    price = answer.lowest_price
    if not np.isfinite(price) or price <= 0:
        return
    plan, contract = answer.offer.plan, answer.offer.contract
    network = with_contract(plan.network, contract.model_copy(update={"price": price}))
    even = business_case(network, plan.case, plan.periods, plan.tables).npv
    off = abs(even - answer.without.npv)
    if off > TOLERANCE * max(abs(plan.money.cost_present_value), 1.0):
        found = f"{even:,.2f} against {answer.without.npv:,.2f}"
        yield violation("bid_price_is_even", name, "must be worth what leaving it is", found)
