"""What a contract is worth in each case: solved without it, with it, and from the earliest quarter on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from manyworks.errors import Issue, UsageError
from manyworks.model.market import Opportunity
from manyworks.model.network import Network
from manyworks.model.periods import Period
from manyworks.model.table import Table
from manyworks.plan.bid.chance import Chance, chance_kept
from manyworks.plan.bid.difference import built_for, left_unserved
from manyworks.plan.bid.kept import Kept, keep_contract
from manyworks.plan.bid.terms import moved_contract, named_contract, with_contract, without_contract
from manyworks.plan.case import CASES, CaseName
from manyworks.plan.design import design_network
from manyworks.plan.progress import Display
from manyworks.plan.result import NetworkPlan
from manyworks.plan.rivals.rival import absent_reason

if TYPE_CHECKING:
    pass

Advice = Literal["sign", "sign_later", "decline", "too_close", "cannot"]


@dataclass(frozen=True, kw_only=True)
class CaseBid:
    """One case with and without the contract.

    ``without`` is the best plan when it was never offered; ``asked`` keeps it as far as it can be from the stated start
    on; ``offer`` is what can be offered: the contract from the first period on from which all of it is delivered, None
    where there is no such period.
    """

    without: NetworkPlan
    asked: Kept
    offer: Kept | None

    @property
    def earliest(self) -> Period | None:
        """First period from which on all of the contract is delivered."""
        return self.asked.earliest

    @property
    def is_on_time(self) -> bool:
        """Whether all of it is delivered as stated."""
        return self.offer is not None and self.offer is self.asked

    @property
    def value(self) -> float:
        """Npv that the contract adds, at its price, from the earliest period on; nan where it cannot be kept."""
        return float("nan") if self.offer is None else self.offer.plan.npv - self.without.npv

    @property
    def value_range(self) -> tuple[float, float]:
        """Least and most that it adds, when what is left of the two proven gaps is counted against and for it."""
        if self.offer is None:
            return float("nan"), float("nan")
        return self.offer.plan.npv - self.without.bound, self.offer.plan.bound - self.without.npv

    @property
    def value_as_asked(self) -> float:
        """Npv that it adds from the stated start on, with the penalty for what cannot be delivered."""
        return self.asked.plan.npv - self.without.npv

    @cached_property
    def lowest_price(self) -> float:
        """Price at which it adds nothing; nan where it cannot be kept. Never below 0."""
        return self._price_at(self.value)

    @cached_property
    def lowest_price_range(self) -> tuple[float, float]:
        """Where that price lies, the proven gaps counted."""
        least, most = self.value_range
        return self._price_at(most), self._price_at(least)

    @cached_property
    def _worth_of_price(self) -> float:
        return 0.0 if self.offer is None else self.offer.worth_of_price

    def _price_at(self, value: float) -> float:
        """Price at which a value becomes nothing: all of the volume is delivered whatever the price is."""
        if self.offer is None or self._worth_of_price <= 0:
            return float("nan")
        return max(self.offer.contract.price - value / self._worth_of_price, 0.0)

    @property
    def advice(self) -> Advice:
        """What to do in this case."""
        if self.offer is None:
            return "cannot"
        least, most = self.value_range
        if least <= 0 < most and most - least > CENT:
            return "too_close"
        if self.value <= 0:
            return "decline"
        return "sign" if self.is_on_time else "sign_later"

    @cached_property
    def built(self) -> Table:
        """What is built, added or closed for it: ``place, name, what, count, period``."""
        return built_for(self.without, (self.offer or self.asked).plan)

    @cached_property
    def unserved(self) -> Table:
        """Who gets less because of it: ``market, name, product, units``, over all planned periods."""
        return left_unserved(self.without, (self.offer or self.asked).plan)


CENT = 0.01


@dataclass(frozen=True, kw_only=True)
class Bid:
    """Result of ``bid_contract``: the answer of each case, the best plan last; ``chance`` that it can be kept there."""

    network: Network
    contract: Opportunity
    answers: dict[CaseName, CaseBid]
    absent: dict[CaseName, str]
    chance: Chance | None
    seed: int

    @property
    def answer(self) -> CaseBid:
        """The case that decides: the freest of those that were asked."""
        return list(self.answers.values())[-1]

    @property
    def recommendation(self) -> str:
        """What to do, in words."""
        from manyworks.plan.bid.words import recommendation

        return recommendation(self)

    def summary(self) -> str:
        """The answer in some lines of text."""
        from manyworks.plan.bid.words import bid_summary

        return bid_summary(self)

    @cached_property
    def table(self) -> Table:
        """One row a case: ``case, title, advice, earliest, value, value_least, value_most, value_as_asked,
        lowest_price, lowest_price_least, lowest_price_most, short_units, npv_without, npv_with``."""
        from manyworks.plan.bid.words import bid_table

        return bid_table(self)

    def to_frame(self) -> Any:
        """The cases as a pandas DataFrame."""
        return self.table.to_frame()

    def check(self) -> list[Issue]:
        """Recompute every plan and the price without the solver; an empty list is a clean answer."""
        from manyworks.plan.bid.check import check_bid

        return check_bid(self)

    def __repr__(self) -> str:
        return f"Bid({self.contract.id!r}: {self.answer.advice})"


def bid_contract(
    network: Network,
    opportunity: str | Opportunity,
    *,
    cases: Sequence[CaseName] = ("do_nothing", "best"),
    gap: float = 0.001,
    time_limit: float | None = None,
    seed: int = 0,
    samples: int = 200,
    slip_chance: float = 0.2,
    demand_cv: float | None = None,
    display: Display | None = None,
) -> Bid:
    """Whether a contract can be signed, from when, at what lowest price, and with what chance it is kept.

    ``opportunity`` is the id of one in the document, or one that ``stated_contract`` made. ``gap`` (share of costs) and
    ``time_limit`` (seconds) are those of each solve. ``samples`` of demand and stand-up delay, 0: no chance is told;
    ``slip_chance`` of each further quarter of delay, in [0, 1); ``demand_cv`` of a market's demand in a period, none:
    each market's weekly forecast error.

    Raises
    ------
    UsageError
        An argument is outside its range, or no case can be priced.
    InfeasibleError, SolverError
        As ``design_network``.
    """
    _check_arguments(cases, samples, slip_chance, demand_cv)
    contract = named_contract(network, opportunity) if isinstance(opportunity, str) else opportunity
    base = without_contract(network, contract)
    order = [case for case in CASES if case in cases]
    absent = {case: reason for case in order if (reason := absent_reason(network, case))}
    options = {"gap": gap, "time_limit": time_limit, "seed": seed, "display": display}
    answers = {case: _answer(base, contract, case, options) for case in order if case not in absent}
    if not answers:
        words = "; ".join(absent.values())
        raise UsageError("must name a case that can be priced", where="cases", found=words, cure="Name another case.")
    decisive = list(answers.values())[-1]
    chance = None
    if samples and decisive.offer is not None:
        chance = chance_kept(decisive.offer, samples=samples, seed=seed, slip_chance=slip_chance, demand_cv=demand_cv)
    return Bid(
        network=with_contract(base, contract),
        contract=contract,
        answers=answers,
        absent=absent,
        chance=chance,
        seed=seed,
    )


def _answer(base: Network, contract: Opportunity, case: CaseName, options: dict[str, Any]) -> CaseBid:
    without = design_network(base, case=case, **options)
    asked = keep_contract(base, contract, case=case, **options)
    earliest, offer = asked.earliest, None
    if earliest is not None:
        is_on_time = sum(asked.short) <= CENT * 1e-2 * max(sum(asked.asked), 1.0)
        moved = moved_contract(contract, earliest)
        later = asked if is_on_time else keep_contract(base, moved, case=case, **options)
        offer = later if later.earliest is not None and not _is_short(later) else None
    return CaseBid(without=without, asked=asked, offer=offer)


def _is_short(kept: Kept) -> bool:
    return sum(kept.short) > 1e-4 * max(sum(kept.asked), 1.0)


def _check_arguments(cases: Sequence[str], samples: int, slip_chance: float, demand_cv: float | None) -> None:
    if not cases or not set(cases) <= set(CASES):
        raise UsageError("must be some of " + ", ".join(CASES), where="cases", found=", ".join(cases) or "none")
    if samples < 0:
        raise UsageError("must be >= 0", where="samples", found=samples, cure="0 leaves the chance out.")
    if not 0 <= slip_chance < 1:
        raise UsageError("must be in [0, 1)", where="slip_chance", found=slip_chance, cure="State it as a share.")
    if demand_cv is not None and demand_cv < 0:
        raise UsageError("must be >= 0", where="demand_cv", found=demand_cv, cure="0.25 is 25 % of the mean.")
