"""A bid in words: the recommendation, some lines for a terminal, and a table."""

from __future__ import annotations

from typing import Any

import numpy as np

from manyworks.model.table import Table
from manyworks.plan.bid.answer import Bid, CaseBid
from manyworks.plan.case import CASES
from manyworks.plan.money.cents import short_money

HEADER = (
    *("case", "title", "advice", "earliest", "value", "value_least", "value_most", "value_as_asked", "lowest_price"),
    *("lowest_price_least", "lowest_price_most", "short_units", "npv_without", "npv_with"),
)
WORDS = 3
"""Entries of a list that are named before the rest is counted."""


def recommendation(bid: Bid) -> str:
    """One sentence that says what to do, and why."""
    answer, contract, currency = bid.answer, bid.contract, bid.network.finance.currency
    price = f"{currency} {contract.price:,.4g} a unit"
    if answer.advice == "cannot":
        return f"Do not sign {contract.name}: it cannot be delivered in full in any period to its end."
    worth = short_money(abs(answer.value), currency)
    if answer.advice == "too_close":
        least, most = (short_money(value, currency) for value in answer.value_range)
        return f"Too close to call: at {price} {contract.name} adds between {least} and {most}; ask for a smaller gap."
    if answer.advice == "decline":
        pays = f"{currency} {answer.lowest_price:,.4f}"
        return f"Do not sign {contract.name} at {price}: it would cost {worth}. It pays from {pays} a unit on."
    assert answer.earliest is not None
    start = "as stated" if answer.advice == "sign" else f"from {answer.earliest.name} on, not before"
    pays = f"{lowest_price_words(answer, currency)}."
    return f"Sign {contract.name} at {price}, {start}: it adds {worth}. {pays[0].upper()}{pays[1:]}"


def lowest_price_words(answer: CaseBid, currency: str) -> str:
    """The price from which on it pays; where the plans found say that it pays for nothing, what is proven of it."""
    if answer.lowest_price > 0:
        return f"the lowest price that pays is {currency} {answer.lowest_price:,.4f} a unit"
    dearest = answer.lowest_price_range[1]
    if dearest > 0:
        return (
            f"it pays from {currency} {dearest:,.4f} a unit on, that is proven; below, the gaps of the plans hide the "
            "lowest price"
        )
    return "it pays at any price, even given away"


def bid_summary(bid: Bid) -> str:
    """What to do, each case, what is built, who is left, and the chance that it is kept."""
    contract, currency = bid.contract, bid.network.finance.currency
    lines = [
        f"{bid.network.name}: {contract.name}",
        bid.recommendation,
        f"Contract  {terms_words(bid)}",
    ]
    for name, answer in bid.answers.items():
        lines.append(f"{CASES[name].title:<16}  {case_words(answer, currency)}")
    lines += [f"{CASES[name].title:<16}  absent: {reason}" for name, reason in bid.absent.items()]
    lines.append(f"Built     {built_words(bid.answer)}")
    lines.append(f"Unserved  {unserved_words(bid.answer)}")
    if bid.chance is not None:
        lines.append(f"Chance    {chance_words(bid)}")
        lines += [f"          {words}" for words in bid.chance.assumptions]
    return "\n".join(lines)


def terms_words(bid: Bid) -> str:
    """Volume, price and window of the contract."""
    contract, currency = bid.contract, bid.network.finance.currency
    volume = f"{contract.units_per_quarter:,.0f} units of {contract.product} a quarter to {contract.market}"
    return f"{volume} at {currency} {contract.price:,.4g}, {contract.starts} to {contract.ends}"


def case_words(answer: CaseBid, currency: str) -> str:
    """Value, lowest price and earliest start of one case."""
    if answer.offer is None or answer.earliest is None:
        return "it cannot be kept to its end"
    least, most = (short_money(value, currency) for value in answer.value_range)
    start = "in full from its start" if answer.is_on_time else f"in full from {answer.earliest.name} only"
    return (
        f"{start}; adds {short_money(answer.value, currency)} (proven: {least} to {most}); "
        f"{lowest_price_words(answer, currency)}"
    )


def built_words(answer: CaseBid) -> str:
    """What is built for the contract."""
    rows = list(answer.built.rows())
    if not rows:
        return "nothing has to be built for it"
    words = [_change(row) for row in rows]
    return _listed(words)


def _change(row: dict[str, Any]) -> str:
    if row["count"] == 0:
        return f"{row['what']} at {row['name']} in {row['period']}"
    sign = "+" if row["count"] > 0 else "−"
    when = f" ({row['period']})" if row["period"] else ""
    return f"{sign}{abs(row['count'])} {row['what']} at {row['name']}{when}"


def unserved_words(answer: CaseBid) -> str:
    """Who is served less because of the contract."""
    rows = [f"{row['name']}, {row['product']}: {row['units']:,.0f} units" for row in answer.unserved.rows()]
    return _listed(rows) if rows else "nobody is served less because of it"


def chance_words(bid: Bid) -> str:
    """The chance that it is kept, with its interval."""
    chance = bid.chance
    assert chance is not None
    return (
        f"kept in {chance.kept} of {chance.samples} futures: {chance.share:.0%}, 95 % interval {chance.low:.0%} to "
        f"{chance.high:.0%}; on average {chance.delivered:.1%} of it is delivered (seed {chance.seed})"
    )


def _listed(words: list[str]) -> str:
    more = len(words) - WORDS
    return "; ".join(words[:WORDS]) + (f"; and {more} more" if more > 0 else "")


def bid_table(bid: Bid) -> Table:
    """One row a case."""
    rows = [_row(name, answer) for name, answer in bid.answers.items()]
    text = HEADER[:4]
    return Table(
        {name: np.array([row[name] for row in rows], dtype=object if name in text else np.float64) for name in HEADER}
    )


def _row(name: str, answer: CaseBid) -> dict[str, Any]:
    least, most = answer.value_range
    cheap, dear = answer.lowest_price_range
    return {
        "case": name,
        "title": answer.without.case.title,
        "advice": answer.advice,
        "earliest": "" if answer.earliest is None else answer.earliest.name,
        "value": answer.value,
        "value_least": least,
        "value_most": most,
        "value_as_asked": answer.value_as_asked,
        "lowest_price": answer.lowest_price,
        "lowest_price_least": cheap,
        "lowest_price_most": dear,
        "short_units": sum(answer.asked.short),
        "npv_without": answer.without.npv,
        "npv_with": float("nan") if answer.offer is None else answer.offer.plan.npv,
    }
