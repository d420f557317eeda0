"""From a plan and a quarter to the document of the network that works then."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from manyworks.errors import CheckError, UsageError
from manyworks.model.checks import check_network
from manyworks.model.document.hashes import input_hash
from manyworks.model.network import Network
from manyworks.model.periods import Period
from manyworks.plan.adopt.moment import Moment
from manyworks.plan.adopt.promises import contracts_then, demand_then, markets_then, stock_targets
from manyworks.plan.adopt.standing import sites_then
from manyworks.plan.result import NetworkPlan


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """Result of ``adopt_plan``: the document at the start of ``period``, and what was done to it, ``notes``."""

    network: Network
    period: Period
    notes: tuple[str, ...]

    def summary(self) -> str:
        """What was done, line by line."""
        head = f"{self.network.name} at {self.period.name}, start {self.period.starts}"
        return "\n".join([head, *(f"- {note}" for note in self.notes)])


def adopt_plan(plan: NetworkPlan, at: str, *, document: Network | None = None) -> Adoption:
    """The document of the network that ``plan`` leaves at the start of the quarter ``at``, such as `2027-Q3`.

    Sites that work by then exist, with the lines that are ready and the book value of what was spent; demand, prices
    and rules are those of the plan's document, with time moved on. ``document``: the one that the plan must be of.

    Raises
    ------
    UsageError
        ``at`` is no quarter of the plan, or the plan is of another document.
    CheckError
        The plan fails its check, or what comes out would not be a valid document.
    """
    moment = Moment(plan=plan, period=_period(plan, at))
    _check_source(plan, document)
    finance = plan.network.finance.model_copy(
        update={"start": moment.period.starts, "quarters": plan.network.finance.quarters - moment.k}
    )
    standing = sites_then(moment)
    contracts, contract_notes = contracts_then(moment)
    demand, demand_notes = demand_then(moment)
    network = plan.network.model_copy(
        update=standing.collections
        | demand
        | {
            "finance": finance,
            "name": plan.network.name,
            "markets": markets_then(moment, standing.collections["sites"]),
            "opportunities": contracts,
            "stock_targets": stock_targets(moment, standing.collections["sites"]),
        }
    )
    network = Network.model_validate(network.model_dump())
    faults = [str(issue) for issue in check_network(network) if issue.severity == "error"]
    if faults:
        raise CheckError("the adopted document breaks its own rules", failures=faults, where=at)
    notes = (_clock_note(plan, moment), *standing.notes, *contract_notes, *demand_notes)
    return Adoption(network=network, period=moment.period, notes=notes)


def _period(plan: NetworkPlan, at: str) -> Period:
    """The period that starts the adopted document."""
    quarters = {period.name: period for period in plan.periods if period.quarters == 1}
    if at not in quarters:
        close = get_close_matches(at, quarters, 1)
        names = list(quarters)
        cure = f"Name a planned quarter, {names[0]} to {names[-1]}."
        raise UsageError(
            "must be a quarter that is planned one by one",
            where="at",
            found=at,
            cure=f"Did you mean {close[0]}? {cure}" if close else cure,
        )
    return quarters[at]


def _check_source(plan: NetworkPlan, document: Network | None) -> None:
    """The plan is true, and of the document that it claims to be of."""
    cure = "Plan this document again, and adopt that plan."
    found = input_hash(plan.network)
    if found != plan.input_hash:
        raise UsageError(
            f"must hold the document that it was planned from, {plan.input_hash}", where="plan", found=found, cure=cure
        )
    if document is not None and input_hash(document) != plan.input_hash:
        raise UsageError(
            f"must be a plan of this document, {input_hash(document)}", where="plan", found=plan.input_hash, cure=cure
        )
    failures = [str(issue) for issue in plan.check()]
    if failures:
        raise CheckError("the plan fails its check and cannot be adopted", failures=failures, where="plan")


def _clock_note(plan: NetworkPlan, moment: Moment) -> str:
    left = plan.network.finance.quarters - moment.k
    return (
        f"The plan {plan.case.title!r} of document {plan.input_hash} is at {moment.period.starts}: {left} quarters and "
        f"{plan.network.finance.years} years are left. Money is still that of {plan.network.finance.price_year}."
    )
