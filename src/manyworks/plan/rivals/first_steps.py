"""What to do on Monday: the first step of a plan, its first 90 days, and the gates that stop it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from manyworks.model.network import Network
from manyworks.model.site import SiteTemplate, StandUpStep
from manyworks.model.standup import stand_up_quarters
from manyworks.model.table import Table
from manyworks.plan.case import CaseName
from manyworks.plan.money.cents import short_money
from manyworks.plan.money.money_line import LINE_INDEX
from manyworks.plan.money.openings import Opening, names_of, plan_changes
from manyworks.plan.result import NetworkPlan
from manyworks.plan.rivals.gate import Gate, gates
from manyworks.plan.rivals.recommendation import Recommendation, strongest_rival

FIRST_WEEKS = 13
"""90 days, in whole weeks."""
KIND_WORDS = {"warehouse": "warehouse", "co_packer": "co-packer", "upgrade": "upgrade", "opportunity": "contract"}
STARTS = {"site": "the first product leaves in", "opportunity": "the first delivery is in"}
"""Kind of opening to the words before the period in which the first of it works."""


@dataclass(frozen=True, kw_only=True)
class ActionItem:
    """Something to do at ``place`` in the first 90 days, from week ``starts_week`` on (0 is the start)."""

    starts_week: float
    place: str
    text: str


@dataclass(frozen=True, kw_only=True)
class LineOrder:
    """``lines`` of the type named ``line`` for the standing site ``name``, ordered in ``decided`` to work from
    ``starts``, both names of periods."""

    name: str
    line: str
    lines: int
    decided: str
    starts: str


@dataclass(frozen=True, kw_only=True)
class FirstSteps:
    """The first decision of a plan. Without one, ``actions`` and ``gates`` are empty."""

    headline: str
    actions: tuple[ActionItem, ...]
    gates: tuple[Gate, ...]


def first_steps(plans: Mapping[CaseName, NetworkPlan], verdict: Recommendation) -> FirstSteps:
    """What the recommended plan decides first, and the numbers at which to stop."""
    plan = plans[verdict.case]
    first, ordered = first_decisions(plan), first_orders(plan)
    if verdict.action == "do_nothing" or not (first or ordered):
        return FirstSteps(headline=_nothing_to_build(plan, verdict), actions=(), gates=())
    rival = strongest_rival(plans, verdict.case)
    site = next((row for row in first if row.kind == "site"), None)
    found = gates(plan, plans[rival], site) if rival is not None and site is not None else ()
    actions = [action for row in first if row.kind == "site" for action in _actions(plan, row)]
    actions += [action for row in first if row.kind in AGREED for action in AGREED[row.kind](plan, row)]
    actions += [_order(row) for row in ordered]
    doubt = "before more is known, " if verdict.action == "too_close" else ""
    return FirstSteps(
        headline=doubt + commitment(plan),
        actions=tuple(sorted(actions, key=lambda action: (action.starts_week, action.place))),
        gates=found,
    )


def first_decisions(plan: NetworkPlan) -> list[Opening]:
    """What the plan opens and decides in the first period in which it decides anything."""
    contracts = {row.id for row in plan.network.opportunities if row.is_signed}
    opened = [row for row in plan_changes(plan).opened if row.place not in contracts]
    return [row for row in opened if row.decided == opened[0].decided]


def _nothing_to_build(plan: NetworkPlan, verdict: Recommendation) -> str:
    if verdict.action == "do_nothing":
        return "nothing is to be built; look again when one of the flips comes near"
    return f"nothing new is opened: {plan_changes(plan)}"


def commitment(plan: NetworkPlan) -> str:
    """What is committed first, when, and from when on it works, in words."""
    first, ordered = first_decisions(plan), first_orders(plan)
    if not first:
        decided, names = ordered[0].decided, names_of(tuple(row.name for row in ordered))
        one = len(ordered) == 1 and ordered[0].lines == 1
        return f"order the new {'line' if one else 'lines'} for {names} in {decided}; {_working(plan, [], ordered)}"
    names = names_of(
        tuple(f"{row.name} ({KIND_WORDS[row.kind]})" if row.kind in KIND_WORDS else row.name for row in first)
    )
    return f"commit {names} in {first[0].decided}; {_working(plan, first, ordered)}"


def _working(plan: NetworkPlan, first: list[Opening], ordered: list[LineOrder]) -> str:
    at = {period.name: period.index for period in plan.periods}
    starts = [row.starts for row in first] + [row.starts for row in ordered]
    begins = min(starts, key=at.__getitem__)
    if len(starts) > 1 and len({row.kind for row in first}) != 1:
        return f"the first works from {begins}"
    kind = first[0].kind if first else ""
    return f"{STARTS.get(kind, 'the first of them works from' if len(starts) > 1 else 'it works from')} {begins}"


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


def _contract(plan: NetworkPlan, row: Opening) -> list[ActionItem]:
    """What to sign with a co-packer, by what it makes a year while it is used."""
    packer, made = plan.network.get("co_packers", row.place), plan.tables.co_packed
    here = made.where(made["place"] == row.place)
    units = float(here["units"].sum()) / _years(plan, here)
    fee = f"{plan.network.finance.currency} {packer.toll_fee_per_unit:g}"
    term = f"{packer.term_quarters} quarter{'' if packer.term_quarters == 1 else 's'} at least"
    text = (
        f"Sign a contract for {term}, for about {units:,.0f} units a year at {fee} a unit; it works from {row.starts}"
    )
    return [ActionItem(starts_week=0.0, place=row.name, text=text)]


def _rent(plan: NetworkPlan, row: Opening) -> list[ActionItem]:
    """What to rent: the pallets that lie there on average, in the fullest period."""
    stock = plan.tables.stock.where(plan.tables.stock["place"] == row.place)
    per_pallet = {product.id: product.units_per_pallet for product in plan.network.products}
    pallets = {period.name: 0.0 for period in plan.periods}
    for line in stock.rows():
        pallets[line["period"]] += (line["cycle"] + line["safety"]) / per_pallet[line["product"]]
    text = f"Rent room for {max(pallets.values()):,.0f} pallets on average, from {row.starts} on"
    return [ActionItem(starts_week=0.0, place=row.name, text=text)]


def _improve(plan: NetworkPlan, row: Opening) -> list[ActionItem]:
    """Order an upgrade, and plan the time in which its line stands."""
    upgrade = plan.network.get("upgrades", row.place)
    site, price = (
        plan.network.get("sites", upgrade.site).name,
        short_money(upgrade.capex, plan.network.finance.currency),
    )
    words = f"Release {price} and order “{upgrade.name}”, to work from {row.starts}"
    if upgrade.downtime_weeks:
        words += f"; it stops {'the line' if upgrade.line else 'the lines'} for {upgrade.downtime_weeks:g} weeks before"
    return [ActionItem(starts_week=0.0, place=site, text=words)]


def _sign(plan: NetworkPlan, row: Opening) -> list[ActionItem]:
    """Sign a contract to deliver."""
    contract = plan.network.get("opportunities", row.place)
    if contract.is_signed:
        return []
    product = plan.network.get("products", contract.product).name
    price = f"{plan.network.finance.currency} {contract.price:g}"
    text = f"Sign “{contract.name}”: {contract.units_per_quarter:,.0f} units of {product} a quarter at {price} a unit"
    where = plan.network.get("markets", contract.market).name
    return [ActionItem(starts_week=0.0, place=where, text=text)]


AGREED = {"co_packer": _contract, "warehouse": _rent, "upgrade": _improve, "opportunity": _sign}
"""Kind of opening that is not a site to what is to be done for it."""


def first_orders(plan: NetworkPlan) -> list[LineOrder]:
    """Lines for sites that stand already which must be ordered no later than the first opening is decided."""
    at = {period.name: period.index for period in plan.periods}
    orders = sorted(_orders(plan), key=lambda row: (at[row.decided], row.name))
    openings = first_decisions(plan)
    until = at[openings[0].decided] if openings else min((at[row.decided] for row in orders), default=0)
    return [row for row in orders if at[row.decided] <= until]


def _orders(plan: NetworkPlan) -> Iterator[LineOrder]:
    """Lines bought one by one at sites that stand at the start; those that come with an upgrade are not among them."""
    network, periods = plan.network, plan.periods
    at = {period.name: period.index for period in periods}
    standing = {row["place"] for row in plan.tables.openings.rows() if row["kind"] == "site" and not row["decided"]}
    for row in plan.tables.lines.rows():
        if row["place"] not in standing or row["added"] < 0.5 or row["upgrades"]:
            continue
        ready, lead = at[row["period"]], network.get("templates", row["template"]).line_lead_quarters
        ordered = ready
        while lead > 0 and ordered > 0:
            ordered -= 1
            lead -= periods[ordered].quarters
        yield LineOrder(
            name=network.get("sites", row["place"]).name,
            line=network.get("lines", row["line"]).name,
            lines=round(row["added"]),
            decided=periods[ordered].name,
            starts=row["period"],
        )


def _order(row: LineOrder) -> ActionItem:
    words = f"Order {row.lines} {row.line} in {row.decided}, to work from {row.starts}"
    return ActionItem(starts_week=0.0, place=row.name, text=words)


def _years(plan: NetworkPlan, rows: Table) -> float:
    """Years of the periods that ``rows`` speak of."""
    named = set(rows["period"].tolist())
    return sum(period.years for period in plan.periods if period.name in named) or 1.0


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
