"""What to do on Monday: the first step of a plan, its first 90 days, and the gates that stop it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from manyworks.model.network import Network
from manyworks.model.site import SiteTemplate, StandUpStep
from manyworks.model.standup import stand_up_quarters
from manyworks.plan.case import CaseName
from manyworks.plan.money.cents import short_money
from manyworks.plan.money.money_line import LINE_INDEX
from manyworks.plan.money.openings import PLURALS, Opening, plan_changes
from manyworks.plan.result import NetworkPlan
from manyworks.plan.rivals.gate import Gate, gates
from manyworks.plan.rivals.recommendation import Recommendation, strongest_rival

FIRST_WEEKS = 13
"""90 days, in whole weeks."""


@dataclass(frozen=True, kw_only=True)
class ActionItem:
    """Something to do at ``place`` in the first 90 days, from week ``starts_week`` on (0 is the start)."""

    starts_week: float
    place: str
    text: str


@dataclass(frozen=True, kw_only=True)
class FirstSteps:
    """The first decision of a plan. Without one, ``actions`` and ``gates`` are empty."""

    headline: str
    actions: tuple[ActionItem, ...]
    gates: tuple[Gate, ...]


def first_steps(plans: Mapping[CaseName, NetworkPlan], verdict: Recommendation) -> FirstSteps:
    """What the recommended plan decides first, and the numbers at which to stop."""
    plan = plans[verdict.case]
    first = first_decisions(plan)
    if verdict.action == "do_nothing" or not first:
        return FirstSteps(headline=_nothing_to_build(plan, verdict), actions=(), gates=())
    rival = strongest_rival(plans, verdict.case)
    site = next((row for row in first if row.kind == "site"), None)
    found = gates(plan, plans[rival], site) if rival is not None and site is not None else ()
    actions = [action for row in first if row.kind == "site" for action in _actions(plan, row)]
    actions += [action for row in first if row.kind in ("co_packer", "warehouse") for action in _agreements(plan, row)]
    return FirstSteps(
        headline=_headline(plan, first, verdict),
        actions=tuple(sorted(actions, key=lambda action: (action.starts_week, action.place))),
        gates=found,
    )


def first_decisions(plan: NetworkPlan) -> list[Opening]:
    """What the plan opens and decides in the first period in which it decides anything."""
    opened = plan_changes(plan).opened
    return [row for row in opened if row.decided == opened[0].decided]


def _nothing_to_build(plan: NetworkPlan, verdict: Recommendation) -> str:
    if verdict.action == "do_nothing":
        return "nothing is to be built; look again when one of the flips comes near"
    return f"nothing new is opened: {plan_changes(plan)}"


def _headline(plan: NetworkPlan, first: list[Opening], verdict: Recommendation) -> str:
    names = ", ".join(f"{row.name} ({row.template or PLURALS.get(row.kind, row.kind)})" for row in first[:4])
    more = f" and {len(first) - 4} more" if len(first) > 4 else ""
    starts = min(first, key=lambda row: [p.name for p in plan.periods].index(row.starts)).starts
    doubt = "before more is known, " if verdict.action == "too_close" else ""
    return f"{doubt}commit {names}{more} in {first[0].decided}; the first product leaves in {starts}"


def _actions(plan: NetworkPlan, row: Opening) -> list[ActionItem]:
    """Steps that begin within 90 days of the decision, money to release, people to find, supply to contract."""
    network = plan.network
    template = network.get("templates", row.template)
    steps = [
        ActionItem(starts_week=week, place=row.name, text=f"Begin {step.name or step.id} ({step.weeks:g} weeks)")
        for step, week in step_starts(network, template)
        if week < FIRST_WEEKS
    ]
    return [_release(plan, row), *steps, *_people(plan, row, template), *_supply(plan, row)]


def step_starts(network: Network, template: SiteTemplate) -> list[tuple[StandUpStep, float]]:
    """Each stand-up step of a template with the earliest week in which it can begin, in that order.

    start(step) = the latest finish of the steps that it waits for.
    """
    steps = [step for step in network.stand_up_steps if step.template == template.id]
    finish: dict[str, float] = {}
    starts: list[tuple[StandUpStep, float]] = []
    while len(starts) < len(steps):
        ready = [step for step in steps if step.id not in finish and finish.keys() >= set(step.after)]
        if not ready:
            raise ValueError(f"stand-up steps of {template.id} wait for each other")
        for step in ready:
            week = max((finish[name] for name in step.after), default=0.0)
            starts.append((step, week))
        finish |= {step.id: week + step.weeks for step, week in starts}
    return sorted(starts, key=lambda entry: entry[1])


def _release(plan: NetworkPlan, row: Opening) -> ActionItem:
    place = plan.money.places.index(row.place)
    t = [period.name for period in plan.periods].index(row.decided)
    spent = -float(plan.money.amounts[LINE_INDEX["capex"], place, t])
    amount = short_money(spent, plan.network.finance.currency)
    lines = plan.tables.lines
    here = lines.where((lines["place"] == row.place) & (lines["period"] == row.starts))
    count = float(here["ready"].sum())
    return ActionItem(
        starts_week=0.0,
        place=row.name,
        text=f"Release {amount} for {row.decided} and order {count:g} line{'' if count == 1 else 's'}",
    )


def _agreements(plan: NetworkPlan, row: Opening) -> list[ActionItem]:
    """What to sign with a co-packer or a warehouse, by what they would handle a year while they are used."""
    years = sum(period.years for period in plan.periods if period.name >= row.starts)
    if row.kind == "co_packer":
        packer, made = plan.network.get("co_packers", row.place), plan.tables.co_packed
        units = float(made["units"][made["place"] == row.place].sum()) / years
        term = f"{packer.term_quarters} quarters at least, for about {units:,.0f} units a year"
        text = f"Sign a contract for {term} at {packer.toll_fee_per_unit:g} a unit"
    else:
        stock = plan.tables.stock.where(plan.tables.stock["place"] == row.place)
        per_pallet = {product.id: product.units_per_pallet for product in plan.network.products}
        pallets = {period.name: 0.0 for period in plan.periods}
        for line in stock.rows():
            pallets[line["period"]] += (line["cycle"] + line["safety"]) / per_pallet[line["product"]]
        text = f"Rent a warehouse with {max(pallets.values()):,.0f} pallet places on average"
    return [ActionItem(starts_week=0.0, place=row.name, text=text)]


def _people(plan: NetworkPlan, row: Opening, template: SiteTemplate) -> list[ActionItem]:
    labour = plan.tables.labour
    here = labour.where((labour["place"] == row.place) & (labour["period"] == row.starts))
    direct, indirect = float(here["direct"].sum()), float(here["indirect"].sum())
    if direct + indirect <= 0:
        return []
    weeks = max(stand_up_quarters(plan.network, template) * FIRST_WEEKS - FIRST_WEEKS, 0)
    if weeks >= FIRST_WEEKS:
        return []
    operators = f"{direct:.0f} operator{'' if round(direct) == 1 else 's'}"
    others = f"{indirect:.0f} indirect {'person' if round(indirect) == 1 else 'people'}"
    text = f"Find {operators} and {others} for the start in {row.starts}"
    return [ActionItem(starts_week=float(weeks), place=row.name, text=text)]


def _supply(plan: NetworkPlan, row: Opening) -> list[ActionItem]:
    """Materials that the site will buy, by what its first full year would take."""
    network, made = plan.network, plan.tables.production
    here = made.where(made["place"] == row.place)
    units = here.total("units", "product")
    years = sum(period.years for period in plan.periods if period.name in set(here["period"].tolist()))
    names = _bought(network, [product for product, made_here in units.items() if made_here > 0])
    if not names or years <= 0:
        return []
    total = sum(units.values()) / years
    return [
        ActionItem(
            starts_week=0.0,
            place=row.name,
            text=f"Contract {names} for {total:,.0f} units of product a year",
        )
    ]


def _bought(network: Network, products: list[str]) -> str:
    """Names of what these products need from suppliers, alternatives side by side; at most five, then a count."""
    groups: dict[str, list[str]] = {}
    for item in network.bill:
        material = network.get("materials", item.material)
        if item.product in products and not material.is_local:
            names = groups.setdefault(item.alternative or f"={item.material}", [])
            if material.name not in names:
                names.append(material.name)
    words = list(dict.fromkeys(" or ".join(names) for names in groups.values()))
    return ", ".join(words[:5]) + (f" and {len(words) - 5} more" if len(words) > 5 else "")
