"""The verdict on a stored plan: its document, its decisions, its money, and the bound that its prices prove."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from manyworks.model.document.hashes import input_hash
from manyworks.model.network import Network
from manyworks.plan.case import CASES, CaseName
from manyworks.plan.equations.instance import make_instance
from manyworks.plan.equations.values import arc_values, site_values
from manyworks.plan.prices import priced
from manyworks.plan.result import NetworkPlan
from manyworks.plan.verify.bound import PricedBound, priced_bound

EXACT = 1e-6
"""Share of the present value of costs by which two computations of the same money may differ."""
CENT = 0.01


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What was found about one plan.

    ``faults``: what is wrong with it, in words; a plan without any passes. ``npv`` is that of its decisions,
    recomputed; ``claimed`` the bound that it states, ``certified`` the one that its prices prove, None where it has no
    prices that can be read, of ``parts``. ``cost`` is the present value of its costs, which gaps are shares of.
    ``is_branched``: whether the plan says that its bound was proven by branch and bound.
    """

    case: str
    faults: tuple[str, ...]
    npv: float
    claimed: float
    certified: float | None
    parts: PricedBound | None
    cost: float
    is_branched: bool

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    @property
    def claimed_gap(self) -> float:
        """Distance of the claimed bound, as a share of the costs."""
        return _share(self.claimed - self.npv, self.cost)

    @property
    def certified_gap(self) -> float | None:
        """Distance of the bound that the prices prove, as a share of the costs."""
        return None if self.certified is None else _share(max(self.certified - self.npv, 0.0), self.cost)

    @property
    def is_claim_certified(self) -> bool:
        """Whether the prices prove at least what the plan claims."""
        return self.certified is not None and self.certified <= self.claimed + EXACT * self.cost

    def summary(self) -> str:
        """The verdict in some lines of text."""
        head = f"{self.case}: {'PASS' if self.passed else 'FAIL'}"
        lines = [head, f"  npv, recomputed        {self.npv:>20,.2f}"]
        by = " by branching" if self.is_branched else ""
        lines.append(f"  bound claimed{by:<13}{self.claimed:>17,.2f}   gap {self.claimed_gap:.4%}")
        if self.certified is not None:
            lines.append(f"  bound certified        {self.certified:>20,.2f}   gap {self.certified_gap:.4%}")
            lines.append(f"  {self._meaning()}")
        return "\n".join([*lines, *(f"  fault: {fault}" for fault in self.faults)])

    def _meaning(self) -> str:
        if self.is_claim_certified:
            return "The prices alone prove what is claimed."
        if self.is_branched:
            return "The prices alone prove the certified gap; what is claimed beyond it rests on branch and bound."
        return "The prices prove less than is claimed."

    def to_dict(self) -> dict[str, Any]:
        """The same as data."""
        names = ("case", "passed", "npv", "claimed", "claimed_gap", "certified", "certified_gap", "is_claim_certified")
        parts = None if self.parts is None else vars(self.parts)
        data = {name: getattr(self, name) for name in names}
        return data | {"is_branched": self.is_branched, "parts": parts, "faults": list(self.faults)}


def verify_plan(plan: NetworkPlan, network: Network | None = None) -> Verification:
    """Recompute a plan and its bound; ``network``: the document that it must be a plan of, none: the one it carries."""
    faults = [*_document_faults(plan, network), *_money_faults(plan), *(str(issue) for issue in plan.check())]
    parts: PricedBound | None = None
    if plan.prices is None:
        faults.append("the plan publishes no prices, so that its bound cannot be certified")
    else:
        try:
            parts = certified_bound(plan)
        except KeyError as strange:
            faults.append(f"the prices speak of what the document does not have: {strange}")
    found = Verification(
        case=plan.case.name,
        faults=(),
        npv=plan.money.npv,
        claimed=plan.bound,
        certified=None if parts is None else parts.total,
        parts=parts,
        cost=plan.money.cost_present_value,
        is_branched=plan.is_branched,
    )
    return replace(found, faults=(*faults, *_bound_faults(found)))


def verify_plans(
    plans: Mapping[CaseName, NetworkPlan], contains: Mapping[CaseName, tuple[CaseName, ...]], network: Network | None
) -> dict[CaseName, Verification]:
    """Each plan of a comparison. The bound of a case holds for every case that it ``contains``, so that the best of the
    certified bounds counts."""
    found = {name: verify_plan(plan, network) for name, plan in plans.items()}
    for wide, narrow in contains.items():
        proven = found[wide].certified if wide in found else None
        for name in narrow:
            if proven is not None and name in found and proven < (found[name].certified or math.inf):
                own = found[name]
                others = tuple(fault for fault in own.faults if fault not in _bound_faults(own))
                better = replace(own, certified=proven, faults=())
                found[name] = replace(better, faults=(*others, *_bound_faults(better)))
    return found


def certified_bound(plan: NetworkPlan) -> PricedBound:
    """The bound that the plan's prices prove.

    Raises
    ------
    KeyError
        A price speaks of what the document does not have.
    """
    assert plan.prices is not None
    instance = make_instance(plan.network, CASES[plan.case.name])
    demand, stock = priced(instance, plan.prices)
    return priced_bound(instance, arc_values(instance), site_values(instance), demand, stock)


def _document_faults(plan: NetworkPlan, network: Network | None) -> list[str]:
    faults = []
    if input_hash(plan.network) != plan.input_hash:
        faults.append("the document stored with the plan is not the one that it was made of")
    if network is not None and input_hash(network) != plan.input_hash:
        faults.append("the plan was made of another document")
    return faults


def _money_faults(plan: NetworkPlan) -> list[str]:
    faults, money = [], plan.money
    if abs(plan.npv - money.npv) > max(CENT, 1e-12 * money.cost_present_value):
        faults.append(f"the plan states npv {plan.npv:,.2f}, its decisions are worth {money.npv:,.2f}")
    gap = _share(plan.bound - plan.npv, money.cost_present_value)
    if not abs(gap - plan.gap) <= EXACT:
        faults.append(f"the plan states a gap of {plan.gap:.4%}, its bound and its npv are {gap:.4%} apart")
    if plan.status == "optimal" and gap > 2 * EXACT:
        faults.append(f"the plan is called optimal, its gap is {gap:.4%}")
    return faults


def _bound_faults(found: Verification) -> list[str]:
    """What is impossible, or claimed and not proven, about the bounds."""
    faults, size = [], EXACT * found.cost
    if not found.npv <= found.claimed + size:
        faults.append(f"npv {found.npv:,.2f} is above the claimed bound {found.claimed:,.2f}")
    if found.certified is None:
        return faults
    if not found.npv <= found.certified + size:
        faults.append(f"npv {found.npv:,.2f} is above what the prices prove possible, {found.certified:,.2f}")
    if not found.is_branched and not found.is_claim_certified:
        faults.append(f"the bound {found.claimed:,.2f} is claimed, the prices prove {found.certified:,.2f}")
    return faults


def _share(money: float, cost: float) -> float:
    return money / cost if cost > 0 else 0.0
