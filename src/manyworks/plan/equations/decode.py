"""From the solver's numbers to the rows of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.model.contracts import end_period, signing_period
from manyworks.model.market import Opportunity
from manyworks.model.periods import Period
from manyworks.model.rates import effective_rates
from manyworks.model.standup import stand_up_quarters
from manyworks.model.table import Table
from manyworks.model.upgrades import done_upgrades
from manyworks.plan.equations.formulation import Model
from manyworks.plan.equations.instance import Instance
from manyworks.plan.equations.options import Option
from manyworks.plan.equations.packers import lot_units, packed
from manyworks.plan.equations.supply import bought_units, units_scale
from manyworks.plan.equations.values import product_shares
from manyworks.plan.pooling import WEEKS_PER_YEAR, safety_stock
from manyworks.plan.result import PlanTables
from manyworks.units import MINUTES_PER_HOUR

Floats = NDArray[np.float64]
DUST = 1e-7
"""Shares of a market's demand, lines and people below this are rounding of the solver, not decisions."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The solver's numbers by decision, whole where they must be; shapes as in ``formulation``."""

    open: NDArray[np.int64]
    upgraded: NDArray[np.int64]
    stands: NDArray[np.int64]
    added: NDArray[np.int64]
    used: NDArray[np.int64]
    run: Floats
    overtime: Floats
    flow: Floats
    unmet: Floats
    taken: NDArray[np.bool_]
    stored: Floats
    people: Floats
    hired: Floats
    lots: Floats
    house: NDArray[np.int64]


def read_choice(model: Model, x: Floats) -> Choice:
    """The columns of the model as decisions."""
    columns = model.linear.columns

    def block(name: str) -> Floats:
        index = columns[name]
        return np.where(index >= 0, x[np.maximum(index, 0)], -1.0)

    def whole(name: str) -> NDArray[np.int64]:
        return np.rint(block(name)).astype(np.int64)

    positive = {
        name: np.maximum(block(name), 0.0) for name in ("run", "overtime", "flow", "unmet", "stored", "people", "hired")
    }
    taken = _contracts_taken(model, whole("taken") > 0, positive["flow"])
    positive["unmet"][model.instance.own_markets :] *= taken[:, None, None]
    lots = whole("lots") > 0 if "lots" in columns else np.zeros((len(model.instance.options), 0, 0))
    return Choice(
        open=whole("open"),
        upgraded=whole("upgraded"),
        stands=whole("stands"),
        added=whole("added"),
        used=whole("used"),
        taken=taken,
        lots=lots.astype(np.float64),
        house=_houses_used(model, whole("house") if "house" in columns else None, positive["flow"]),
        **positive,
    )


def _houses_used(model: Model, used: NDArray[np.int64] | None, flow: Floats) -> NDArray[np.int64]:
    """Warehouses in use, (w, t); a candidate that costs nothing while it is idle begins with its first use."""
    instance = model.instance
    if used is None:
        return np.zeros((0, len(instance.periods)), dtype=np.int64)
    _, via = _houses(model)
    for w, house in enumerate(instance.warehouses):
        if house.status == "candidate" and house.fixed_cost_per_year == 0:
            busy = (flow[via == w] > DUST).any(axis=0)
            used[w] *= np.maximum.accumulate(busy)
    return used


def _contracts_taken(model: Model, signed: NDArray[np.bool_], flow: Floats) -> NDArray[np.bool_]:
    """Contracts that the plan signs: one of which nothing would be delivered is left, which is never worth less."""
    instance, arcs = model.instance, model.arcs
    ordered = np.flatnonzero(arcs.market >= instance.own_markets)
    delivered = np.bincount(
        arcs.market[ordered] - instance.own_markets,
        weights=(flow[ordered] > DUST).sum(axis=1),
        minlength=len(instance.contracts),
    )
    stands = np.array([contract.is_signed for contract in instance.contracts], dtype=bool)
    return np.asarray(signed & (stands | (delivered > 0)))


def decode(model: Model, x: Floats) -> PlanTables:
    """Tables of the plan that ``x`` describes."""
    choice = read_choice(model, x)
    shipments, shipped = _shipments(model, choice)
    made = _made(model, choice, shipped)
    return PlanTables(
        openings=_openings(model, choice, made),
        lines=_lines(model, choice),
        production=_production(model, choice, made),
        shipments=shipments,
        stock=_stock(model, choice),
        labour=_labour(model, choice),
        unmet=_unmet(model, choice),
        spoiled=_table({"place": [], "product": [], "period": [], "units": []}, numbers=("units",)),
        co_packed=_co_packed(model, made),
        purchases=_purchases(model, x),
    )


def _purchases(model: Model, x: Floats) -> Table:
    """Units of contested materials by use; dust of the solver left out."""
    header = ("place", "product", "material", "supplier", "mode", "period")
    supply = model.arc_values.supply
    if not supply.needs:
        return _table({name: [] for name in (*header, "units")}, numbers=("units",))
    units = bought_units(model, x)
    u, o, t = np.nonzero(units > DUST * units_scale(model.instance))
    sources = [supply.sources[s] for s in supply.source[u]]
    columns: dict[str, Any] = {
        "place": _place_names(model)[o],
        "product": [model.instance.products[supply.needs[n].product].id for n in supply.need[u]],
        "material": [source.material for source in sources],
        "supplier": [source.supplier for source in sources],
        "mode": [source.mode for source in sources],
        "period": _names(model)[t],
        "units": units[u, o, t],
    }
    return _table({name: list(values) for name, values in columns.items()}, numbers=("units",))


def _names(model: Model) -> NDArray[Any]:
    return np.array([period.name for period in model.instance.periods], dtype=object)


def _place_names(model: Model) -> NDArray[Any]:
    instance = model.instance
    return np.array([instance.sites[option.site].id for option in instance.options], dtype=object)


def _openings(model: Model, choice: Choice, made: Floats) -> Table:
    instance, names = model.instance, _names(model)
    begins = np.array([period.first_quarter for period in instance.periods])
    rows: list[dict[str, Any]] = []
    for o, option in enumerate(instance.options):
        row = {"place": instance.sites[option.site].id, "kind": "site", "template": option.template.id}
        on = np.flatnonzero(choice.open[o] > 0)
        if option.packer is not None:
            rows += _packer_openings(instance, option, choice.open[o], made[o].sum(axis=0) > DUST, names)
        elif option.is_existing:
            closed = np.flatnonzero(choice.open[o] == 0)
            rows.append(row | {"decided": "", "starts": names[0], "closes": names[closed[0]] if len(closed) else ""})
        elif len(on):
            quarter = begins[on[0]] - stand_up_quarters(instance.network, option.template)
            decided = names[np.searchsorted(begins, quarter, side="right") - 1]
            rows.append(row | {"decided": decided, "starts": names[on[0]], "closes": ""})
    rows += _upgrades(model, choice)
    rows += [contract_opening(instance.contracts[k], instance.periods) for k in np.flatnonzero(choice.taken)]
    rows += _house_openings(model, choice, names)
    return _table(_columns(rows, ("place", "kind", "template", "decided", "starts", "closes")))


def _house_openings(model: Model, choice: Choice, names: NDArray[Any]) -> list[dict[str, Any]]:
    """Warehouses that are used, and those that stood and are given up or not."""
    instance = model.instance
    begins = np.array([period.first_quarter for period in instance.periods])
    rows: list[dict[str, Any]] = []
    for w, house in enumerate(instance.warehouses):
        row = {"place": house.id, "kind": "warehouse", "template": ""}
        on = np.flatnonzero(choice.house[w] > 0)
        if house.status == "existing":
            closes = names[len(on)] if len(on) < len(names) else ""
            rows.append(row | {"decided": "", "starts": names[0], "closes": closes})
        elif len(on):
            decided = names[np.searchsorted(begins, begins[on[0]] - house.lead_quarters, side="right") - 1]
            rows.append(row | {"decided": decided, "starts": names[on[0]], "closes": ""})
    return rows


def contract_opening(contract: Opportunity, periods: Sequence[Period]) -> dict[str, Any]:
    """Row of ``openings`` for a contract that is taken: signed in the period of its first delivery, if not before."""
    first, after = signing_period(contract, periods), end_period(contract, periods)
    starts = periods[first or 0].name
    return {
        "place": contract.id,
        "kind": "opportunity",
        "template": "",
        "decided": "" if contract.is_signed else starts,
        "starts": starts,
        "closes": "" if after is None else periods[after].name,
    }


def _packer_openings(
    instance: Instance, option: Option, contracted: NDArray[np.int64], is_used: NDArray[np.bool_], names: NDArray[Any]
) -> list[Any]:
    """One opening for each stretch of periods under contract.

    A contract without take-or-pay costs nothing while it is not used: it begins with its first use, or not at all.
    """
    packer = option.packer
    assert packer is not None
    begins = np.array([period.first_quarter for period in instance.periods])
    rows, change = [], np.diff(contracted, prepend=0, append=0)
    for t, until in zip(np.flatnonzero(change > 0).tolist(), np.flatnonzero(change < 0).tolist(), strict=True):
        starts = t
        if packer.take_or_pay_units_per_year == 0:
            starts = next((s for s in range(t, until) if is_used[s]), until)
            if starts == until:
                continue
            while until < len(begins) and begins[until] - begins[starts] < packer.term_quarters:
                starts -= 1
        decided = np.searchsorted(begins, begins[starts] - packer.lead_quarters, side="right") - 1
        row = {"place": packer.id, "kind": "co_packer", "template": "", "decided": names[decided]}
        rows.append(row | {"starts": names[starts], "closes": names[until] if until < len(begins) else ""})
    return rows


def _upgrades(model: Model, choice: Choice) -> list[dict[str, Any]]:
    """Upgrades that are chosen; they end with their site."""
    instance, names = model.instance, _names(model)
    begins = np.array([period.first_quarter for period in instance.periods])
    options = {instance.sites[option.site].id: o for o, option in enumerate(instance.options) if option.is_existing}
    rows = []
    for u, upgrade in enumerate(instance.upgrades):
        on = np.flatnonzero(choice.upgraded[u] > 0)
        if len(on):
            shut = np.flatnonzero(choice.open[options[upgrade.site]] == 0)
            quarter = begins[on[0]] - upgrade.lead_quarters
            rows.append(
                {
                    "place": upgrade.id,
                    "kind": "upgrade",
                    "template": "",
                    "decided": names[np.searchsorted(begins, quarter, side="right") - 1],
                    "starts": names[on[0]],
                    "closes": names[shut[0]] if len(shut) else "",
                }
            )
    return rows


def _standing(model: Model, choice: Choice) -> tuple[Floats, Floats]:
    """Lines that stand in each line place, and those of them that are new in the period, (g, t).

    Lines that move to another place of their type, because an upgrade works, are not new; those that it adds are.
    """
    instance = model.instance
    count = np.array([place.standing for place in instance.places], dtype=np.float64)[:, None]
    standing = count * choice.stands + choice.added
    new = np.maximum(np.diff(choice.added, axis=1, prepend=0), 0).astype(np.float64)
    for group in instance.groups:
        members = list(group)
        lines = (count * choice.stands)[members].sum(axis=0)
        grown = np.maximum(np.diff(lines, prepend=instance.places[members[0]].standing), 0.0)
        new[members] += grown * choice.stands[members]
    return standing, new


def _lines(model: Model, choice: Choice) -> Table:
    """Lines by wheel; lines of a place with several wheels that no wheel uses stand idle, without products."""
    instance, names = model.instance, _names(model)
    rows: list[dict[str, Any]] = []
    all_standing, all_added = _standing(model, choice)
    for g, place in enumerate(instance.places):
        option = instance.options[place.option]
        if option.packer is not None:
            continue
        standing, added = all_standing[g], all_added[g]
        mine = [j for j, column in enumerate(instance.columns) if column.place == g]
        key = {
            "place": instance.sites[option.site].id,
            "template": option.template.id,
            "line": place.line.id,
            "upgrades": ";".join(place.upgrades),
        }
        for t in np.flatnonzero(standing > 0):
            left = int(standing[t])
            new = int(added[t])
            for j in mine:
                ready = min(int(choice.used[j, t]) if choice.used[j, t] >= 0 else left, left)
                if ready > 0:
                    fresh = min(new, ready)
                    rows.append(
                        key | {"products": _products_of(model, j), "period": names[t], "ready": ready, "added": fresh}
                    )
                    left, new = left - ready, new - fresh
            if left > 0:
                rows.append(key | {"products": "", "period": names[t], "ready": left, "added": new})
    header = ("place", "template", "line", "upgrades", "products", "period", "ready", "added")
    return _table(_columns(rows, header), whole=("ready", "added"))


def _products_of(model: Model, column: int) -> str:
    return ";".join(model.instance.columns[column].wheel.products)


def _shipments(model: Model, choice: Choice) -> tuple[Table, Floats]:
    """The table, and units shipped (options, products, periods)."""
    instance, arcs = model.instance, model.arcs
    shape = (len(instance.options), len(instance.products), len(instance.periods))
    shipped = np.zeros(shape)
    parts: list[dict[str, Any]] = []
    names, places = _names(model), _place_names(model)
    markets, contracts = _point_names(model)
    houses, vias = _houses(model)
    flow = np.where(choice.flow > DUST, choice.flow, 0.0)
    for p, product in enumerate(instance.products):
        mine = np.flatnonzero(arcs.family == instance.family_of[p])
        received = flow[mine] * instance.demand[arcs.market[mine], p]
        a, t = np.nonzero(received)
        units = received[a, t]
        leaving = units * model.shipped_of(mine)[a]
        np.add.at(shipped[:, p], (arcs.option[mine][a], t), leaving)
        parts.append(
            {
                "origin": places[arcs.option[mine][a]],
                "via": houses[vias[mine][a]],
                "market": markets[arcs.market[mine][a]],
                "opportunity": contracts[arcs.market[mine][a]],
                "product": np.full(len(a), product.id, dtype=object),
                "period": names[t],
                "units": leaving,
                "received": units,
            }
        )
    header = ("origin", "via", "market", "opportunity", "product", "period", "units", "received")
    return _joined(parts, header, header[6:]), shipped


def _houses(model: Model) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Names of the warehouses, an empty one last, and the warehouse of each arc, -1 where it goes direct."""
    names = np.array([*(house.id for house in model.instance.warehouses), ""], dtype=object)
    routes, route = model.arc_values.routes, model.arcs.route
    if routes is None or not len(routes):
        return names, np.full(len(route), -1, dtype=np.intp)
    return names, np.where(route >= 0, routes.via[route], -1)


def _point_names(model: Model) -> tuple[NDArray[Any], NDArray[Any]]:
    """Market and contract of each demand point, the latter empty where it is the market's own."""
    instance = model.instance
    markets = np.array([market.id for market in instance.markets], dtype=object)
    contracts = [""] * instance.own_markets + [contract.id for contract in instance.contracts]
    return markets, np.array(contracts, dtype=object)


def _stored_units(model: Model, choice: Choice) -> Floats:
    """Season stock at the end of each period, units (options, products, periods)."""
    instance = model.instance
    per_hour = product_shares(instance)
    return np.asarray(per_hour[:, :, None] * choice.stored[:, instance.family_of])


def _made(model: Model, choice: Choice, shipped: Floats) -> Floats:
    """Units made, (options, products, periods): what is shipped, and what season stock grows by."""
    stored = _stored_units(model, choice)
    return np.asarray(shipped + stored - np.concatenate([np.zeros_like(stored[:, :, :1]), stored[:, :, :-1]], axis=2))


def _co_packed(model: Model, made: Floats) -> Table:
    """Units that co-packers make."""
    instance = model.instance
    theirs = np.array([option.packer is not None for option in instance.options], dtype=bool)
    o, p, t = np.nonzero((np.abs(made) > DUST) & theirs[:, None, None])
    return Table(
        {
            "place": _place_names(model)[o],
            "product": np.array([product.id for product in instance.products], dtype=object)[p],
            "period": _names(model)[t],
            "units": made[o, p, t],
        }
    )


def _production(model: Model, choice: Choice, made: Floats) -> Table:
    """Units and hours by wheel; what an option makes of a product is spread over its wheels as their hours are."""
    instance, names = model.instance, _names(model)
    option_of, rows = instance.option_of, []
    work = np.where(np.isfinite(instance.work), instance.work, np.inf)
    reference = choice.run / work[:, :, None]
    at = instance.option_of[instance.place_of]
    total = np.zeros((len(instance.options), len(instance.families), len(instance.periods)))
    np.add.at(total, at, reference)
    hours_used = _staffed_by_place(model, choice)
    for j, column in enumerate(instance.columns):
        place = instance.places[column.place]
        option = instance.options[place.option]
        if option.packer is not None:
            continue
        site = instance.sites[option.site].id
        rates = effective_rates(
            instance.network,
            place.line.id,
            site=site,
            template=option.template.id,
            upgrades=(*place.upgrades, *done_upgrades(instance.network, site, place.line.id)),
        )
        key = {
            "place": instance.sites[option.site].id,
            "template": option.template.id,
            "line": place.line.id,
            "upgrades": ";".join(place.upgrades),
            "products": _products_of(model, j),
        }
        for p in np.flatnonzero(np.isin(instance.family_of, column.families)):
            f = instance.family_of[p]
            share = np.where(
                total[place.option, f] > 0,
                reference[j, f] / np.where(total[place.option, f] > 0, total[place.option, f], 1),
                0.0,
            )
            units = made[option_of[column.place], p] * share
            for t in np.flatnonzero(np.abs(units) > DUST):
                run = units[t] / (rates[p] * MINUTES_PER_HOUR)
                staffed = run * instance.staffed[j]
                used = hours_used[column.place, t]
                rows.append(
                    key
                    | {
                        "product": instance.products[p].id,
                        "period": names[t],
                        "units": units[t],
                        "run_h": run,
                        "changeover_h": staffed - run,
                        "overtime_h": choice.overtime[column.place, t] * staffed / used if used > 0 else 0.0,
                    }
                )
    header = (
        "place",
        "template",
        "line",
        "upgrades",
        "products",
        "product",
        "period",
        "units",
        "run_h",
        "changeover_h",
        "overtime_h",
    )
    return _table(_columns(rows, header), numbers=header[7:])


def _staffed_by_place(model: Model, choice: Choice) -> Floats:
    instance = model.instance
    hours = np.zeros((len(instance.places), len(instance.periods)))
    np.add.at(hours, instance.place_of, instance.staffed[:, None] * choice.run.sum(axis=1))
    return hours


STOCK_KINDS = ("cycle", "safety", "season", "in_transit")


def _stock(model: Model, choice: Choice) -> Table:
    """Mean units by kind at the place of each option, and at warehouses."""
    instance, arcs = model.instance, model.arcs
    shape = (4, len(instance.options), len(instance.products), len(instance.periods))
    units = np.zeros(shape)
    houses = np.zeros((4, len(instance.warehouses), *shape[2:]))
    flow = np.where(choice.flow > DUST, choice.flow, 0.0)
    near = _near_cover(model)
    routes = model.arc_values.routes
    for p in range(shape[2]):
        mine = np.flatnonzero(arcs.family == instance.family_of[p])
        o, m = arcs.option[mine], arcs.market[mine]
        received = flow[mine] * instance.demand[m, p]
        leaving = received * model.shipped_of(mine)[:, None]
        for kind, years in ((0, near[0]), (3, near[1])):
            np.add.at(units[kind, :, p], o, leaving * years[mine][:, None] / instance.weights.years)
        np.add.at(units[2, :, p], o, leaving * instance.build_up[m, p])
        over = np.flatnonzero(arcs.route[mine] >= 0)
        if routes is not None and len(over):
            route = arcs.route[mine][over]
            passed = received[over] * routes.passed[route][:, None]
            for kind, cover in ((0, 0), (3, 1)):
                there = passed * routes.far[route, cover][:, None] / instance.weights.years
                np.add.at(houses[kind, :, p], routes.via[route], there)
    for packer_option, packer in packed(instance) if choice.lots.size else ():
        for f in range(choice.lots.shape[1]):
            units[0, packer_option] += lot_units(instance, packer, f) * choice.lots[packer_option, f]
    for option, product, weekly in weekly_flows(model, choice.flow):
        units[1, option, product] = safety_stock(model.arc_values.law, option, weekly)
    for pair, row, weekly in route_flows(model, choice.flow):
        assert routes is not None
        houses[1, routes.via_of_pair(pair), row] += safety_stock(routes.law, pair, weekly)
    stored = _stored_units(model, choice)
    units[2] += (stored + np.concatenate([np.zeros_like(stored[:, :, :1]), stored[:, :, :-1]], axis=2)) / 2
    places = np.concatenate([_place_names(model), _houses(model)[0][:-1]])
    units = np.concatenate([units, houses], axis=1)
    at, products, t = np.nonzero(units.sum(axis=0) > DUST)
    return Table(
        {
            "place": places[at],
            "product": np.array([product.id for product in instance.products], dtype=object)[products],
            "period": _names(model)[t],
        }
        | {kind: units[k, at, products, t] for k, kind in enumerate(STOCK_KINDS)}
    )


def weekly_flows(model: Model, flow: Floats) -> Iterator[tuple[int, int, Floats]]:
    """Option, product and the units that leave for each market straight in a week, (markets, periods), where any do."""
    instance, arcs, values = model.instance, model.arcs, model.arc_values
    some = np.flatnonzero((flow > DUST).any(axis=1) & (arcs.route < 0))
    for o in np.unique(arcs.option[some]).tolist():
        here = some[arcs.option[some] == o]
        for p, f in enumerate(instance.family_of.tolist()):
            mine = here[arcs.family[here] == f]
            if len(mine):
                m = arcs.market[mine]
                share = np.where(flow[mine] > DUST, flow[mine], 0.0)
                leaving = share * instance.demand[m, p] * values.shipped[o, m][:, None]
                weekly = np.zeros((len(instance.markets), len(instance.periods)))
                weekly[m] = leaving / instance.weights.years / WEEKS_PER_YEAR
                yield o, p, weekly


def route_flows(model: Model, flow: Floats) -> Iterator[tuple[int, int, Floats]]:
    """Pair of factory and warehouse, product and the units that leave the warehouse for each market in a week,
    (markets, periods), where any do."""
    instance, arcs, routes = model.instance, model.arcs, model.arc_values.routes
    if routes is None or not len(routes):
        return
    some = np.flatnonzero((flow > DUST).any(axis=1) & (arcs.route >= 0))
    pair = routes.pair[arcs.route[some]]
    for k in np.unique(pair).tolist():
        here = some[pair == k]
        for p, f in enumerate(instance.family_of.tolist()):
            mine = here[arcs.family[here] == f]
            if len(mine):
                m = arcs.market[mine]
                share = np.where(flow[mine] > DUST, flow[mine], 0.0)
                leaving = share * instance.demand[m, p] * routes.passed[arcs.route[mine]][:, None]
                weekly = np.zeros((len(instance.markets), len(instance.periods)))
                weekly[m] = leaving / instance.weights.years / WEEKS_PER_YEAR
                yield k, p, weekly


def _near_cover(model: Model) -> tuple[Floats, Floats]:
    """Years of cycle and in-transit stock at the place of making per unit that leaves it, each (arcs,)."""
    arcs, values = model.arcs, model.arc_values
    straight = (values.cycle[arcs.option, arcs.market], values.in_transit[arcs.option, arcs.market])
    routes = values.routes
    if routes is None or not len(routes):
        return straight
    over = arcs.route >= 0
    near = routes.near[arcs.route]
    return np.where(over, near[:, 0], straight[0]), np.where(over, near[:, 1], straight[1])


def _labour(model: Model, choice: Choice) -> Table:
    instance, names, places = model.instance, _names(model), _place_names(model)
    lines = np.zeros(choice.open.shape)
    np.add.at(lines, instance.option_of, _standing(model, choice)[0])
    staff = np.array([[o.template.indirect_staff, o.template.indirect_staff_per_line] for o in instance.options])
    indirect = staff.reshape(-1, 2)[:, :1] * choice.open + staff.reshape(-1, 2)[:, 1:] * lines
    ours = np.array([[option.packer is None] for option in instance.options], dtype=bool)
    o, t = np.nonzero((choice.open + (choice.people > DUST)) * ours)
    return Table(
        {
            "place": places[o],
            "period": names[t],
            "direct": choice.people[o, t],
            "indirect": indirect[o, t],
            "hired": choice.hired[o, t],
        }
    )


def _unmet(model: Model, choice: Choice) -> Table:
    instance, names = model.instance, _names(model)
    share = np.where(choice.unmet > DUST, choice.unmet, 0.0)[:, instance.family_of]
    units = share * instance.demand
    markets, contracts = _point_names(model)
    m, p, t = np.nonzero(units)
    return Table(
        {
            "market": markets[m],
            "opportunity": contracts[m],
            "product": np.array([product.id for product in instance.products], dtype=object)[p],
            "period": names[t],
            "units": units[m, p, t],
        }
    )


def _columns(rows: list[dict[str, Any]], header: tuple[str, ...]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in header}


def _table(columns: dict[str, list[Any]], *, numbers: tuple[str, ...] = (), whole: tuple[str, ...] = ()) -> Table:
    kinds = dict.fromkeys(numbers, np.float64) | dict.fromkeys(whole, np.int64)
    return Table({name: np.array(values, dtype=kinds.get(name, object)) for name, values in columns.items()})


def _joined(parts: list[dict[str, Any]], header: tuple[str, ...], numbers: tuple[str, ...]) -> Table:
    empty = _table({name: [] for name in header}, numbers=numbers)
    return Table({name: np.concatenate([empty[name], *(part[name] for part in parts)]) for name in header})
