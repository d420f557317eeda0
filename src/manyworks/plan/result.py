"""The plan: what to open, make, ship and earn, with the proof of how good it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from manyworks.errors import UsageError
from manyworks.model.network import Network
from manyworks.model.periods import Period
from manyworks.model.table import Table
from manyworks.plan.case import Case

if TYPE_CHECKING:
    from manyworks.errors import Issue
    from manyworks.plan.money.business_case import BusinessCase
    from manyworks.plan.prices import PlanPrices

Status = Literal["optimal", "gap_reached", "search_ended", "time_limit", "interrupted"]
"""``search_ended``: the search of a large network found nothing better before its gap was the one asked for."""


def _no_goods() -> Table:
    import numpy as np

    names = np.zeros(0, dtype=object)
    return Table({"place": names, "product": names, "period": names, "units": np.zeros(0)})


def _no_purchases() -> Table:
    import numpy as np

    names = ("place", "product", "material", "supplier", "mode", "period")
    return Table({name: np.zeros(0, dtype=object) for name in names} | {"units": np.zeros(0)})


@dataclass(frozen=True, kw_only=True)
class PlanTables:
    """Decisions as plain rows; every id refers to the document, every period to ``Period.name``.

    openings: ``place, kind, template, decided, starts, closes``. ``kind`` is site, warehouse, co_packer, upgrade or
        opportunity; ``decided`` is the period in which money is first committed, ``starts`` the first period in which
        it works, ``closes`` the first period in which it no longer does; empty where it never does. Existing sites have
        ``decided`` empty and the first period as start.
    lines: ``place, template, line, upgrades, products, period, ready, added``. ``upgrades`` are the ids of those that
        the lines have, ``products`` those that their wheel runs, joined by ``;``; ``ready`` lines that can work in the
        period, ``added`` those of them that are new in it, bought line by line or with an upgrade.
    production: ``place, template, line, upgrades, products, product, period, units, run_h, changeover_h, overtime_h``.
        ``units`` are good units; ``run_h`` the line hours that they take at the effective rate, ``changeover_h`` their
        part of the wheel, ``overtime_h`` the part of both that lies outside the calendar.
    shipments: ``origin, via, market, opportunity, product, period, units, received``. ``units`` leave, ``received``
        arrive undamaged; ``via`` is the warehouse that they go over, empty where they go direct; ``opportunity`` is the
        contract that they are for, empty where it is the market's own demand.
    stock: ``place, product, period, cycle, safety, season, in_transit``; mean units over the period, each kind apart.
    labour: ``place, period, direct, indirect, hired``; people, people, people hired in the period.
    unmet: ``market, opportunity, product, period, units``; of a contract what is signed and not received.
    spoiled: ``place, product, period, units``; units made that end as waste (end of life, end of a limited run).
    co_packed: ``place, product, period, units``; units that co-packers make. An opening of a co-packer is a contract
        from ``starts`` until ``closes``.
    purchases: ``place, product, material, supplier, mode, period, units``; units of material bought for a product, of
        materials whose price or supply depends on the quantity; all others come from the cheapest source.
    """

    openings: Table
    lines: Table
    production: Table
    shipments: Table
    stock: Table
    labour: Table
    unmet: Table
    spoiled: Table
    co_packed: Table = field(default_factory=_no_goods)
    purchases: Table = field(default_factory=_no_purchases)

    def items(self) -> dict[str, Table]:
        """Name to table, in the order of the report."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, kw_only=True)
class NetworkPlan:
    """Result of ``design_network``.

    ``npv`` is the present value of all after-tax cash flows; ``bound`` a proven upper bound on the npv of any plan of
    this model; ``gap`` their difference over the present value of the plan's costs (``gap_money`` in money).
    """

    network: Network
    case: Case
    periods: tuple[Period, ...]
    tables: PlanTables
    money: BusinessCase
    status: Status
    npv: float
    bound: float
    gap: float
    seconds: float
    cpu_seconds: float
    seed: int
    version: str
    input_hash: str
    binding: Table
    """``limit, place, period, price, meaning``: limits that bind, and what one more unit of each is worth."""
    log: tuple[str, ...] = field(default=())
    is_branched: bool = False
    """Whether the bound was proven by branch and bound, which may prove more than any prices can show."""
    prices: PlanPrices | None = None
    """Prices of demand and of season stock that prove a bound without the solver; None where there are none."""

    @property
    def gap_money(self) -> float:
        """The proven gap in money."""
        return self.bound - self.npv

    def check(self) -> list[Issue]:
        """Recompute balances, capacities and money without the solver; an empty list is a clean plan."""
        from manyworks.plan.check import check_plan

        return check_plan(self)

    def summary(self) -> str:
        """The plan in some lines of text."""
        from manyworks.plan.summary import plan_summary

        return plan_summary(self)

    def __repr__(self) -> str:
        return f"NetworkPlan({self.network.name!r}, {self.case.name}: npv {self.npv:,.0f}, gap {self.gap:.2%})"

    def _repr_html_(self) -> str:
        from manyworks.plan.summary import plan_html

        return plan_html(self)

    def to_frame(self, table: str = "openings") -> Any:
        """One of the plan's tables as a pandas DataFrame."""
        tables = self.tables.items()
        if table not in tables:
            cure = "Name one of the plan's tables."
            raise UsageError("must be one of " + ", ".join(tables), where="table", found=table, cure=cure)
        return tables[table].to_frame()
