"""What moves when one factor of a frozen plan is scaled: freight, wages, demand, capital, changeovers, duty, power."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.money.business_case import BusinessCase
from manyworks.plan.money.cash import CashDrivers, derived_lines
from manyworks.plan.money.money_line import LINE_INDEX
from manyworks.plan.result import NetworkPlan

Floats = NDArray[np.float64]

FREIGHT = ("inbound_freight", "outbound_freight")
DUTY = ("inbound_duty", "outbound_duty")
WAGES = ("direct_labour", "overtime", "indirect_labour", "changeover_labour")
HOURS = ("direct_labour", "overtime")
GOODS = (
    *("revenue", "materials", "inbound_freight", "inbound_duty", "local_materials", "direct_labour", "overtime"),
    *("energy", "packaging_distance", "outbound_freight", "outbound_duty", "transit_damage"),
    *("cycle_stock", "safety_stock", "season_stock", "in_transit_stock", "spoilage", "unmet_penalty"),
)
CAPITAL = ("capex", "salvage", "property_tax")


@dataclass(frozen=True, kw_only=True)
class Factor:
    """One number of the world. ``effect(plan)`` is what the npv of a frozen plan gains per +100 % of it.

    ``meaning`` says which money moves with it; whatever a new plan would do about it is left out.
    """

    name: str
    title: str
    meaning: str
    effect: Callable[[NetworkPlan], float]


def npv_effect(plan: NetworkPlan, moved: Floats, drivers: CashDrivers) -> float:
    """NPV of a change of the entered lines and of what tax, working capital and terminal value rest on.

    The derived lines are linear, so the change has its own business case.
    """
    money = plan.money
    filled, _ = derived_lines(plan.network.finance, money.periods, moved, drivers)
    return float((filled.sum(axis=(0, 1)) @ money.discount).sum())


def line_effect(lines: Sequence[str], *, new_sites: bool = False) -> Callable[[NetworkPlan], float]:
    """Effect of scaling whole money lines, everywhere or at the sites that the plan opens."""

    def effect(plan: NetworkPlan) -> float:
        moved = _lines(plan.money, lines)
        if new_sites:
            moved = moved * _is_new(plan)[None, :, None]
        bought = -moved[LINE_INDEX["inbound_freight"]]
        return npv_effect(plan, moved, _drivers(plan.money, purchases=bought))

    return effect


def demand_effect(plan: NetworkPlan) -> float:
    """Effect of selling more of everything with the same sites, lines and changeovers; crews follow the hours."""
    money = plan.money
    known = money.drivers
    drivers = _drivers(
        money, purchases=known.purchases, stock_value=known.stock_value, newly_stocked=known.newly_stocked
    )
    return npv_effect(plan, _lines(money, GOODS), drivers)


def micro_capex_effect(plan: NetworkPlan) -> float:
    """Effect of dearer micro-factories: capital, its grants, depreciation, salvage, renewal and property tax."""
    money, here = plan.money, _is_new(plan, scale="micro")
    moved = _lines(money, CAPITAL) * here[None, :, None]
    moved[LINE_INDEX["incentives"]] = (money.amounts[LINE_INDEX["incentives"]] - _fixed_grants(plan)) * here[:, None]
    drivers = _drivers(
        money, depreciation=money.drivers.depreciation * here[:, None], renewal=money.drivers.renewal * here
    )
    return npv_effect(plan, moved, drivers)


FACTORS: tuple[Factor, ...] = (
    Factor(
        name="freight_price",
        title="Freight price",
        meaning="inbound and outbound freight, everywhere",
        effect=line_effect(FREIGHT),
    ),
    Factor(name="wage", title="Wages", meaning="all wages of direct and indirect people", effect=line_effect(WAGES)),
    Factor(
        name="demand",
        title="Demand",
        meaning="units sold with the same sites, lines and changeovers; hours are not checked",
        effect=demand_effect,
    ),
    Factor(
        name="micro_capex",
        title="Capital cost of micro-factories",
        meaning="price of new micro sites and their lines, with depreciation, salvage and renewal",
        effect=micro_capex_effect,
    ),
    Factor(
        name="changeover_minutes",
        title="Changeover minutes",
        meaning="labour of changeovers; the line hours that they free or take are not used otherwise",
        effect=line_effect(("changeover_labour",)),
    ),
    Factor(name="tariff", title="Tariffs", meaning="inbound and outbound duty", effect=line_effect(DUTY)),
    Factor(name="power_price", title="Power price", meaning="energy, everywhere", effect=line_effect(("energy",))),
)

NEW_SITE_WAGE = Factor(
    name="new_site_wage",
    title="Wages at the new sites",
    meaning="wages of direct and indirect people at the sites that the plan opens",
    effect=line_effect(WAGES, new_sites=True),
)
NEW_SITE_HOURS = Factor(
    name="new_site_hours",
    title="Line hours per unit at the new sites",
    meaning="crews, overtime and energy of running lines at the sites that the plan opens",
    effect=line_effect((*HOURS, "energy"), new_sites=True),
)


def _lines(money: BusinessCase, names: Sequence[str]) -> Floats:
    """The amounts of the named lines, zero elsewhere, (lines, places, periods)."""
    rows = [LINE_INDEX[name] for name in names]
    moved = np.zeros_like(money.amounts)
    moved[rows] = money.amounts[rows]
    return moved


def _drivers(money: BusinessCase, **changed: Floats) -> CashDrivers:
    """Drivers of a change: nothing but what is named."""
    known = money.drivers
    nothing = {
        "depreciation": np.zeros_like(known.depreciation),
        "purchases": np.zeros_like(known.purchases),
        "stock_value": np.zeros_like(known.stock_value),
        "renewal": np.zeros_like(known.renewal),
        "newly_stocked": np.zeros_like(known.newly_stocked),
    }
    return CashDrivers(stood_before=known.stood_before, **(nothing | changed))


def _is_new(plan: NetworkPlan, scale: str = "") -> Floats:
    """1 at the sites (places,) that the plan opens, of one scale or of any."""
    scales = {row.id: row.scale for row in plan.network.templates}
    opened = {
        row["place"]
        for row in plan.tables.openings.rows()
        if row["decided"] and row["kind"] == "site" and scale in ("", scales[row["template"]])
    }
    return np.array([float(place in opened) for place in plan.money.places])


def _fixed_grants(plan: NetworkPlan) -> Floats:
    """Grants (places, periods) that do not depend on the capital."""
    grants = np.zeros(plan.money.amounts.shape[1:])
    amounts = {site.id: site.incentive_amount for site in plan.network.sites}
    periods = [period.name for period in plan.periods]
    for row in plan.tables.openings.rows():
        if row["decided"] and row["kind"] == "site":
            grants[plan.money.places.index(row["place"]), periods.index(row["starts"])] += amounts[row["place"]]
    return grants
