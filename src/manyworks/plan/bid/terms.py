"""The contract in question, and the documents in which it is left, kept, or on its own terms."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from manyworks.errors import DocumentError, Issue, UsageError
from manyworks.model.checks import check_network
from manyworks.model.contracts import signing_period
from manyworks.model.market import Opportunity
from manyworks.model.network import Network
from manyworks.model.periods import Period, planning_periods

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

KEPT = 1000.0
"""Price of a unit not delivered over the dearest price of the document, so that what can be kept is kept."""
STATED = "bid"
"""Id of a contract that is stated for the question and stands in no document."""


def named_contract(network: Network, name: str) -> Opportunity:
    """The opportunity with this id.

    Raises
    ------
    UsageError
        There is none, or it has no delivery in the planned periods.
    """
    known = [row.id for row in network.opportunities]
    if name not in known:
        close = get_close_matches(name, known, 1)
        cure = f"Did you mean {close[0]}?" if close else f"Name one of: {', '.join(known) or 'the document has none'}."
        raise UsageError("must be an opportunity of the document", where="opportunity", found=name, cure=cure)
    return _inside(network, network.get("opportunities", name))


def stated_contract(
    network: Network,
    *,
    market: str,
    product: str,
    units_per_quarter: float,
    price: float,
    starts: date | None = None,
    ends: date | None = None,
    one_off_cost: float = 0.0,
    penalty_per_unit: float = 0.0,
) -> Opportunity:
    """A contract stated for the question; without dates it runs over all planned periods.

    Raises
    ------
    DocumentError
        Some of it is no contract of this document; every fault at once.
    UsageError
        It has no delivery in the planned periods.
    """
    periods = planning_periods(network.finance)
    taken = {row.id for row in network.opportunities}
    contract = {
        "id": next(name for name in (STATED, *(f"{STATED}_{k}" for k in range(len(taken) + 1))) if name not in taken),
        "name": f"{product} to {market}",
        "market": market,
        "product": product,
        "units_per_quarter": units_per_quarter,
        "price": price,
        "starts": starts or periods[0].starts,
        "ends": ends or date.fromordinal(periods[-1].ends.toordinal() - 1),
        "one_off_cost": one_off_cost,
        "penalty_per_unit": penalty_per_unit,
    }
    return _inside(network, _checked(network, contract))


def _checked(network: Network, terms: dict[str, Any]) -> Opportunity:
    """The contract, when it is one of this document."""
    try:
        contract = Opportunity.model_validate(terms)
    except ValidationError as fault:
        raise DocumentError([_issue(error) for error in fault.errors()], where="the contract") from None
    place = f"opportunities.{contract.id}"
    found = check_network(with_contract(network, contract))
    faults = [issue for issue in found if issue.severity == "error" and issue.path.startswith(place)]
    if faults:
        raise DocumentError(faults, where="the contract")
    return contract


def _issue(error: ErrorDetails) -> Issue:
    field = ".".join(str(part) for part in error["loc"])
    message = error["msg"].replace("Input should be", "must be")
    cure = "State another value."
    return Issue(
        rule="bid_terms",
        severity="error",
        path=f"contract.{field}",
        message=message,
        found=str(error["input"]),
        cure=cure,
    )


def without_contract(network: Network, contract: Opportunity) -> Network:
    """The document in which this contract was never offered."""
    rest = [row for row in network.opportunities if row.id != contract.id]
    return network.model_copy(update={"opportunities": rest})


def with_contract(network: Network, contract: Opportunity) -> Network:
    """The document with this contract on these terms."""
    rest = without_contract(network, contract).opportunities
    return network.model_copy(update={"opportunities": [*rest, contract]})


def kept_contract(network: Network, contract: Opportunity) -> Opportunity:
    """The contract as it is when it must be kept as far as it can be: signed, and dear to miss."""
    prices = [product.price for product in network.products]
    highest = max([contract.price, contract.penalty_per_unit, *prices])
    return contract.model_copy(update={"is_signed": True, "penalty_per_unit": KEPT * highest})


def moved_contract(contract: Opportunity, period: Period) -> Opportunity:
    """The contract from a later first delivery on; its end stays."""
    return contract.model_copy(update={"starts": max(contract.starts, period.starts)})


def _inside(network: Network, contract: Opportunity) -> Opportunity:
    periods = planning_periods(network.finance)
    if signing_period(contract, periods) is None:
        raise UsageError(
            f"must be delivered between {periods[0].starts} and {periods[-1].ends}",
            where=f"opportunities.{contract.id}",
            found=f"{contract.starts} to {contract.ends}",
            cure="Give it other dates, or plan a longer horizon in `finance`.",
        )
    return contract
