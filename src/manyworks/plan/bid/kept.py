"""One case with the contract kept as far as it can be, and its money on the contract's own terms."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from manyworks.model.contracts import contract_units, signing_period
from manyworks.model.document.hashes import input_hash
from manyworks.model.market import Opportunity
from manyworks.model.network import Network
from manyworks.model.periods import Period
from manyworks.model.table import Table
from manyworks.plan.bid.terms import kept_contract, with_contract
from manyworks.plan.case import CaseName
from manyworks.plan.design import Designed, design_with_model
from manyworks.plan.money.business_case import business_case
from manyworks.plan.points import contract_of
from manyworks.plan.progress import Display
from manyworks.plan.result import NetworkPlan

MISSED = 1e-6
"""Share of a period's volume below which what is not delivered is rounding."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """``plan`` is on the contract's own terms; ``designed`` is the same plan where missing a unit is dear."""

    contract: Opportunity
    plan: NetworkPlan
    designed: Designed

    @property
    def short(self) -> tuple[float, ...]:
        """Units of each period that the contract asks for and does not get."""
        table = self.plan.tables.unmet
        mine = table.where(contract_of(table) == self.contract.id).total("units", "period")
        return tuple(mine.get(period.name, 0.0) for period in self.plan.periods)

    @property
    def asked(self) -> tuple[float, ...]:
        """Units of each period that the contract asks for."""
        return tuple(contract_units([self.contract], self.plan.periods)[0].tolist())

    @property
    def earliest(self) -> Period | None:
        """First period from which on all of it is delivered; None: it never is to the end."""
        pairs = zip(self.short, self.asked, strict=True)
        late = [t for t, (short, asked) in enumerate(pairs) if short > MISSED * max(asked, 1.0)]
        first = signing_period(self.contract, self.plan.periods) or 0
        start = max(first, late[-1] + 1) if late else first
        has_volume = start < len(self.asked) and sum(self.asked[start:]) > 0
        return self.plan.periods[start] if has_volume else None

    @property
    def worth_of_price(self) -> float:
        """Npv of one more unit of money in the price, the plan unchanged: money is linear in it."""
        plan = self.plan
        dearer = self.contract.model_copy(update={"price": self.contract.price + 1.0})
        network = with_contract(plan.network, dearer)
        return business_case(network, plan.case, plan.periods, plan.tables).npv - plan.npv


def keep_contract(
    network: Network,
    contract: Opportunity,
    *,
    case: CaseName,
    gap: float,
    time_limit: float | None,
    seed: int,
    display: Display | None,
) -> Kept:
    """The best plan of ``case`` that delivers the contract in every period in which it can."""
    dear = with_contract(network, kept_contract(network, contract))
    designed = design_with_model(dear, case=case, gap=gap, time_limit=time_limit, seed=seed, display=display)
    return Kept(contract=contract, plan=_on_own_terms(designed.plan, network, contract), designed=designed)


def _on_own_terms(plan: NetworkPlan, network: Network, contract: Opportunity) -> NetworkPlan:
    """The same decisions with the contract's own price, penalty and one-off cost; the gap in money stays."""
    own = with_contract(network, contract)
    openings = _signed_now(plan.tables.openings, contract)
    tables = replace(plan.tables, openings=openings)
    money = business_case(own, plan.case, plan.periods, tables)
    bound = money.npv + plan.gap_money
    share = plan.gap_money / money.cost_present_value if money.cost_present_value > 0 else 0.0
    return replace(
        plan,
        network=own,
        tables=tables,
        money=money,
        npv=money.npv,
        bound=bound,
        gap=share,
        input_hash=input_hash(own),
    )


def _signed_now(openings: Table, contract: Opportunity) -> Table:
    """The opening of the contract as one that the plan decides, unless it was signed before."""
    decided = openings["decided"].copy()
    if not contract.is_signed:
        mine = np.flatnonzero((openings["place"] == contract.id) & (openings["kind"] == "opportunity"))
        decided[mine] = openings["starts"][mine]
    return Table(dict(openings.columns) | {"decided": decided})
