"""A plan in steady state: what it makes, ships and holds in one period, as rates a week.

Index letters: o options that stand, g their line places, j their wheels, f families, d demands (a point and a family
that it asks for), a arcs (an option that may serve a demand). Rates are a mean week's of the period, of 168 hours of
the clock: an outage strikes at any hour, open or not. Money is before tax.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.model.periods import Period
from manyworks.plan.equations.instance import Instance, make_instance, ramp_share
from manyworks.plan.equations.options import LinePlace
from manyworks.plan.equations.values import ArcValues, SiteValues, arc_values, site_values
from manyworks.plan.points import contract_of
from manyworks.plan.result import NetworkPlan
from manyworks.units import DAYS_PER_WEEK, MINUTES_PER_HOUR, WEEKS_PER_YEAR

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


Given = dict[tuple[int, str, str, str], tuple[float, float]]
"""(option, line, upgrades, products) to lines ready, and to lines counted by their ramp."""


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """The document of a plan as arrays; made once, for every period."""

    plan: NetworkPlan
    instance: Instance
    arcs: ArcValues
    sites: SiteValues


def numbers_of(plan: NetworkPlan) -> Numbers:
    """Arrays of the plan's document and case."""
    instance = make_instance(plan.network, plan.case)
    return Numbers(plan=plan, instance=instance, arcs=arc_values(instance), sites=site_values(instance))


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One period of a plan.

    ``names`` (o,) sites; ``option`` (o,) their positions in the instance. Demands: ``point``, ``family`` (d,),
    ``units`` and ``revenue`` a week, ``penalty`` value of serving nothing. Arcs: ``arc_o``, ``arc_d`` (a,), ``base``
    share of the demand that the plan serves by it, ``value`` of serving all of it by this arc for a week, ``hours``
    reference hours that this takes, ``days`` on the way, ``lane_stock`` weeks of the whole demand that wait at its end.
    Line places: ``place_o`` (g,), ``lines`` ready, ``regular`` and ``overtime`` line hours a week, ``overtime_cost`` of
    one. Wheels: ``wheel_g``, ``own`` line hours a week that the plan gives to the wheel (inf: all of the place),
    ``switch`` weeks until a line has changed to it, ``staffed`` hours per running hour, ``learn`` running hours per
    usual one of what the line did not run before, ``run_value`` of one running hour, (j,); ``work`` (j, f). ``crew``
    (g,), ``people`` (o,) regular crew hours a week. ``stock`` (o, f) reference hours that lie at the site, ``worth``
    (o, f) materials in one of them.
    """

    numbers: Numbers
    period: Period
    names: tuple[str, ...]
    option: Ints
    point: Ints
    family: Ints
    units: Floats
    revenue: Floats
    penalty: Floats
    arc_o: Ints
    arc_d: Ints
    base: Floats
    value: Floats
    hours: Floats
    days: Floats
    lane_stock: Floats
    place_o: Ints
    place_line: tuple[str, ...]
    lines: Floats
    regular: Floats
    overtime: Floats
    overtime_cost: Floats
    crew: Floats
    people: Floats
    wheel_g: Ints
    own: Floats
    switch: Floats
    staffed: Floats
    learn: Floats
    run_value: Floats
    work: Floats
    stock: Floats
    worth: Floats

    @property
    def families(self) -> tuple[str, ...]:
        """Names of the families."""
        return self.numbers.instance.families

    def lines_at(self) -> dict[str, dict[str, int]]:
        """Site to line type to lines that are ready."""
        found: dict[str, dict[str, int]] = {}
        for g, o in enumerate(self.place_o):
            if self.lines[g] > 0:
                found.setdefault(self.names[o], {})[self.place_line[g]] = round(float(self.lines[g]))
        return found


def operation_in(numbers: Numbers, period: Period) -> Operation:
    """What ``numbers.plan`` does in ``period``."""
    instance, t = numbers.instance, period.index
    clock = period.years * WEEKS_PER_YEAR
    option, given = _standing(numbers, t)
    weight = float(instance.weights.operating[t])
    demand = _demands(numbers, t, clock)
    arcs = _arcs(numbers, t, option, demand, clock, weight)
    lines = _lines(numbers, t, option, given, clock, weight)
    stock, worth = _stock(numbers, t, option, arcs, demand, clock)
    return Operation(
        numbers=numbers,
        period=period,
        names=tuple(instance.sites[instance.options[o].site].id for o in option),
        option=option,
        people=_people(numbers, t, option, clock),
        stock=stock,
        worth=worth,
        **demand,
        **arcs,
        **lines,
    )


def _standing(numbers: Numbers, t: int) -> tuple[Ints, Given]:
    """Options that stand in t, co-packers under contract among them, and the lines of each by wheel."""
    instance, plan = numbers.instance, numbers.plan
    known = {(instance.sites[row.site].id, row.template.id): o for o, row in enumerate(instance.options)}
    periods = {period.name: period for period in plan.periods}
    given: Given = {}
    lost: dict[tuple[int, str, str], float] = {}
    ready: dict[tuple[int, str, str], float] = {}
    for row in plan.tables.lines.rows():
        o = known.get((row["place"], row["template"]))
        when = periods[row["period"]]
        if o is None or when.index > t:
            continue
        there = (o, row["line"], row.get("upgrades", ""))
        if row["added"]:
            share = ramp_share(instance.options[o].template.ramp, when, plan.periods[t])
            lost[there] = lost.get(there, 0.0) + row["added"] * (1 - share)
        if when.index == t:
            given[(*there, row["products"])] = (row["ready"], row["ready"])
            ready[there] = ready.get(there, 0.0) + row["ready"]
    for key, (count, _) in given.items():
        whole = ready[key[:3]]
        given[key] = (count, count * max(1 - lost.get(key[:3], 0.0) / whole, 0.0) if whole else 0.0)
    given |= _contracted(numbers, t)
    return np.array(sorted({key[0] for key in given}), dtype=np.intp), given


def _contracted(numbers: Numbers, t: int) -> Given:
    """Co-packers under contract in t, as a place with one line each."""
    instance, plan = numbers.instance, numbers.plan
    at = {period.name: period.index for period in plan.periods}
    used = {
        row["place"]
        for row in plan.tables.openings.rows()
        if row["kind"] == "co_packer" and at[row["starts"]] <= t and (not row["closes"] or t < at[row["closes"]])
    }
    return {
        (place.option, place.line.id, "", ""): (1.0, 1.0)
        for place in instance.places
        if instance.options[place.option].packer is not None
        and instance.sites[instance.options[place.option].site].id in used
    }


def _demands(numbers: Numbers, t: int, clock: float) -> dict[str, Any]:
    """Points and families with demand; a contract that is not taken asks for nothing."""
    instance = numbers.instance
    count = (len(instance.markets), len(instance.families))
    units, revenue = np.zeros(count), np.zeros(count)
    for p, f in enumerate(instance.family_of):
        units[:, f] += instance.demand[:, p, t] / clock
        revenue[:, f] += instance.price[:, p] * instance.demand[:, p, t] / clock
    taken = {row["place"] for row in numbers.plan.tables.openings.rows() if row["kind"] == "opportunity"}
    asks = np.ones(count[0], dtype=bool)
    asks[instance.own_markets :] = [contract.id in taken for contract in instance.contracts]
    point, family = np.nonzero((units > 0) & asks[:, None])
    penalty = numbers.arcs.penalty[point, family, t] / (float(instance.weights.operating[t]) * clock)
    return {
        "point": point, "family": family, "units": units[point, family], "revenue": revenue[point, family],
        "penalty": penalty,
    }  # fmt: skip


def _arcs(
    numbers: Numbers, t: int, option: Ints, demand: dict[str, Any], clock: float, weight: float
) -> dict[str, Any]:
    """Every arc that is allowed between what stands and what is asked for."""
    arcs = numbers.arcs
    point, family = demand["point"].astype(np.intp), demand["family"].astype(np.intp)
    value, hours = arcs.value[option][:, point, family, t], arcs.hours[option][:, point, family, t]
    for r, k in _routes_used(numbers, t, option):
        assert arcs.routes is not None
        mine = np.flatnonzero(point == arcs.routes.market[r])
        value[k, mine], hours[k, mine] = arcs.routes.value[r, family[mine], t], arcs.routes.hours[r, family[mine], t]
    o, d = np.nonzero(np.isfinite(value))
    at = (option[o], point[d])
    base = _base(numbers, t, option, point, family)
    return {
        "arc_o": o, "arc_d": d, "base": base[o, d], "value": value[o, d] / (weight * clock),
        "hours": hours[o, d] / clock, "days": arcs.lanes.days[at],
        "lane_stock": base[o, d] * arcs.lanes.interval_days[at] / 2 / DAYS_PER_WEEK,
    }  # fmt: skip


def _routes_used(numbers: Numbers, t: int, option: Ints) -> list[tuple[int, int]]:
    """Routes over warehouses by which the plan sends most of what a place ships to a point, with the place."""
    instance, routes, table = numbers.instance, numbers.arcs.routes, numbers.plan.tables.shipments
    if routes is None or not len(routes) or "via" not in table.columns:
        return []
    units: dict[tuple[str, ...], float] = {}
    for row in table.where(table["period"] == numbers.plan.periods[t].name).rows():
        key = (row["origin"], row["market"], row.get("opportunity", ""), row["via"])
        units[key] = units.get(key, 0.0) + row["units"]
    found = []
    for k, o in enumerate(option.tolist()):
        for r in np.flatnonzero(routes.option == o).tolist():
            m = int(routes.market[r])
            contract = "" if m < instance.own_markets else instance.contracts[m - instance.own_markets].id
            pair: tuple[str, ...] = (instance.sites[instance.options[o].site].id, instance.markets[m].id, contract)
            mine = units.get((*pair, instance.warehouses[int(routes.via[r])].id), 0.0)
            most = max((amount for way, amount in units.items() if way[:3] == pair), default=0.0)
            if mine > 0 and mine >= most:
                found.append((r, k))
    return found


def _base(numbers: Numbers, t: int, option: Ints, point: Ints, family: Ints) -> Floats:
    """Share of each demand that the plan serves from each option, (o, d)."""
    instance, table = numbers.instance, numbers.plan.tables.shipments
    contracts = {row.id: instance.own_markets + k for k, row in enumerate(instance.contracts)}
    markets = {row.id: m for m, row in enumerate(instance.markets[: instance.own_markets])}
    at = {instance.sites[instance.options[o].site].id: k for k, o in enumerate(option.tolist())}
    products = {row.id: p for p, row in enumerate(instance.products)}
    received = np.zeros((len(option), len(instance.markets), len(instance.families)))
    asked = np.zeros(received.shape[1:])
    for p, f in enumerate(instance.family_of):
        asked[:, f] += instance.demand[:, p, t]
    mine = table.where(table["period"] == numbers.plan.periods[t].name)
    points = [contracts[c] if c else markets[m] for c, m in zip(contract_of(mine), mine["market"], strict=True)]
    where = (
        np.array([at[name] for name in mine["origin"]], dtype=np.intp),
        np.array(points, dtype=np.intp),
        instance.family_of[np.array([products[name] for name in mine["product"]], dtype=np.intp)],
    )
    np.add.at(received, where, mine["received"].astype(np.float64))
    return np.asarray(np.minimum(received[:, point, family] / asked[point, family], 1.0))


def _lines(
    numbers: Numbers,
    t: int,
    option: Ints,
    given: Given,
    clock: float,
    weight: float,
) -> dict[str, Any]:
    instance, sites = numbers.instance, numbers.sites
    at = {o: k for k, o in enumerate(option.tolist())}
    ready = np.array([_ready(given, place) for place in instance.places]).reshape(-1, 2)
    places = [g for g, place in enumerate(instance.places) if place.option in at and ready[g, 0] > 0]
    position = {g: k for k, g in enumerate(places)}
    wheels = [j for j, column in enumerate(instance.columns) if column.place in position]
    several = np.bincount(instance.place_of, minlength=len(instance.places)) > 1
    own, switch, learn = np.zeros(len(wheels)), np.zeros(len(wheels)), np.ones(len(wheels))
    for k, j in enumerate(wheels):
        column = instance.columns[j]
        place = instance.places[column.place]
        hours = (instance.open_hours + instance.overtime_hours)[place.option, t] / clock
        key = (place.option, place.line.id, ";".join(place.upgrades), ";".join(column.wheel.products))
        own[k] = given.get(key, (0.0, 0.0))[0] * hours if several[column.place] else np.inf
        minutes = column.wheel.line_min_per_cycle + column.wheel.site_min_per_cycle + place.line.fill_min
        open_hours = max(instance.open_hours[place.option, t] / clock, 1e-9)
        switch[k] = minutes / MINUTES_PER_HOUR / open_hours
        ramp = instance.options[place.option].template.ramp
        learn[k] = 1 / max(ramp[0], 0.05) if ramp else 1.0
    g_of = np.array([instance.places[g].option for g in places], dtype=np.intp)
    usual, more = instance.open_hours[g_of, t] / clock, instance.overtime_hours[g_of, t] / clock
    return {
        "place_o": np.array([at[o] for o in g_of.tolist()], dtype=np.intp),
        "place_line": tuple(instance.places[g].line.id for g in places),
        "lines": ready[places, 0], "regular": usual * ready[places, 1], "overtime": more * ready[places, 0],
        "overtime_cost": -sites.overtime[places, t] / weight, "crew": sites.crew[places],
        "wheel_g": np.array([position[instance.columns[j].place] for j in wheels], dtype=np.intp),
        "own": own, "switch": switch, "staffed": instance.staffed[wheels], "learn": learn,
        "run_value": sites.run[wheels, t] / weight, "work": instance.work[wheels],
    }  # fmt: skip


def _ready(given: Given, place: LinePlace) -> tuple[float, float]:
    here = (place.option, place.line.id, ";".join(place.upgrades))
    rows = [counts for key, counts in given.items() if key[:3] == here]
    return sum(row[0] for row in rows), sum(row[1] for row in rows)


def _people(numbers: Numbers, t: int, option: Ints, clock: float) -> Floats:
    instance, table = numbers.instance, numbers.plan.tables.labour
    mine = table.where(table["period"] == numbers.plan.periods[t].name)
    direct = dict(zip(mine["place"].tolist(), mine["direct"].tolist(), strict=True))
    people = np.array([direct.get(instance.sites[instance.options[o].site].id, 0.0) for o in option])
    return np.asarray(people * numbers.sites.paid_hours[option, t] / clock)


def _stock(
    numbers: Numbers,
    t: int,
    option: Ints,
    arcs: dict[str, Any],
    demand: dict[str, Any],
    clock: float,
) -> tuple[Floats, Floats]:
    """Reference hours of goods at each site by family, those at the far end of lanes left out, and their worth."""
    instance, table = numbers.instance, numbers.plan.tables.stock
    hours = np.where(np.isfinite(instance.hours_per_unit), instance.hours_per_unit, 0.0)[option]
    mine = table.where(table["period"] == numbers.plan.periods[t].name)
    at = {instance.sites[instance.options[o].site].id: k for k, o in enumerate(option.tolist())}
    products = {row.id: p for p, row in enumerate(instance.products)}
    units = np.zeros((len(option), len(instance.products)))
    for row in mine.rows():
        if row["place"] in at:
            units[at[row["place"]], products[row["product"]]] += row["cycle"] + row["safety"] + row["season"]
    o, d = arcs["arc_o"].astype(np.intp), arcs["arc_d"].astype(np.intp)
    point, family = demand["point"].astype(np.intp), demand["family"].astype(np.intp)
    waits = arcs["lane_stock"].astype(np.float64)
    for p, f in enumerate(instance.family_of):
        here = (family[d] == f) & (waits > 0)
        far = waits[here] * instance.demand[point[d[here]], p, t] / clock
        far *= numbers.arcs.shipped[option[o[here]], point[d[here]]]
        np.subtract.at(units[:, p], o[here], far)
    units = np.maximum(units, 0.0)
    stock, worth = np.zeros((len(option), len(instance.families))), np.zeros((len(option), len(instance.families)))
    each = numbers.arcs.materials.total[option][:, :, t]
    for p, f in enumerate(instance.family_of):
        stock[:, f] += units[:, p] * hours[:, p]
        worth[:, f] += units[:, p] * each[:, p]
    return stock, np.where(stock > 0, worth / np.where(stock > 0, stock, 1.0), 0.0)
