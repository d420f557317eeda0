"""Contested materials: who supplies them is decided, because prices and orders depend on what a site really buys.

``cover`` (u, o, t): good units made with a material from a source, for each use u, a need and a source that can fill
it. ``tier`` (s, o, t): whether an option buys from source s, at its tier, in t; ``extra`` (s, o, t): units that lie
because orders are larger than what is used. Arcs are worth what they are at the best source within reach of the
largest make, so that a model without these columns is relaxed outward, and covering by a dearer source costs the
difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from manyworks.model.places import Located
from manyworks.model.purchasing import REACHED, Need, contested_needs, supplier_capacities, tier_reached
from manyworks.model.stock import carrying_share
from manyworks.model.supply_costs import MaterialCosts, Source, material_sources
from manyworks.plan.linear import Term
from manyworks.units import DAYS_PER_YEAR

if TYPE_CHECKING:
    from manyworks.plan.equations.formulation import Model
    from manyworks.plan.equations.instance import Instance

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Supply:
    """Contested needs and their sources. Uses: ``need``, ``source`` (u,) and ``quantity`` bought per good unit.

    ``value`` (u, o, t) of one good unit by each use, less that of the best within reach; -inf where it cannot be.
    ``base`` lines (o, p, t) of the best within reach. ``most`` (o, n) good units a year that an option can make.
    """

    needs: tuple[Need, ...]
    sources: tuple[Source, ...]
    need: Ints
    source: Ints
    quantity: Floats
    value: Floats
    base: MaterialCosts
    most: Floats

    @property
    def sellers(self) -> list[list[int]]:
        """Sources of each seller that has to be chosen: several tiers, or a smallest order."""
        groups: dict[tuple[str, str, str], list[int]] = {}
        for s, source in enumerate(self.sources):
            groups.setdefault(source.seller, []).append(s)
        return [rows for rows in groups.values() if len(rows) > 1 or self.sources[rows[0]].minimum_order > 0]

    def most_bought(self) -> Floats:
        """Most units a year (s, o) that an option could buy from each source."""
        bought = np.zeros((len(self.sources), len(self.most)))
        np.add.at(bought, self.source, self.quantity[:, None] * self.most[:, self.need].T)
        return bought


def make_supply(instance: Instance, origins: Sequence[Located], made: Floats, level: Floats) -> Supply:
    """Sources of every contested need at every option; ``made`` (o, p) sizes the loads that materials come in."""
    network = instance.network
    needs = tuple(contested_needs(network))
    names = {material for need in needs for material in need.materials}
    sources = tuple(material_sources(network, origins, instance.periods, made, names)) if needs else ()
    uses = [
        (n, s, quantity)
        for n, need in enumerate(needs)
        for material, quantity in zip(need.materials, need.quantities, strict=True)
        for s, source in enumerate(sources)
        if source.material == material
    ]
    shape = (len(instance.options), len(instance.products), len(instance.periods))
    empty = {name: np.zeros(shape) for name in ("purchase", "freight", "duty", "local")}
    supply = Supply(
        needs=needs,
        sources=sources,
        need=np.array([n for n, _, _ in uses], dtype=np.intp),
        source=np.array([s for _, s, _ in uses], dtype=np.intp),
        quantity=np.array([quantity for *_, quantity in uses]),
        value=np.zeros((0, shape[0], shape[2])),
        base=MaterialCosts(**empty),
        most=_most_made(instance)[:, [need.product for need in needs]],
    )
    return _valued(instance, supply, level) if needs else supply


def _valued(instance: Instance, supply: Supply, level: Floats) -> Supply:
    value = np.stack(
        [
            quantity * _money(instance, supply.sources[s].costs, level)
            for s, quantity in zip(supply.source, supply.quantity, strict=True)
        ]
    )
    least = np.array([max(source.from_units, source.minimum_order) for source in supply.sources])
    in_reach = least[:, None] * REACHED <= supply.most_bought()
    value = np.where(in_reach[supply.source][:, :, None] & np.isfinite(value), value, -np.inf)
    lines = {name: getattr(supply.base, name) for name in ("purchase", "freight", "duty", "local")}
    for n, need in enumerate(supply.needs):
        mine = np.flatnonzero(supply.need == n)
        best = mine[value[mine].argmax(axis=0)]  # (o, t)
        top = value[mine].max(axis=0)
        for name, total in lines.items():
            each = np.stack([supply.quantity[u] * getattr(supply.sources[supply.source[u]].costs, name) for u in mine])
            taken = np.take_along_axis(each, (best - mine[0])[None], axis=0)[0]
            total[:, need.product] += np.where(np.isfinite(top), taken, np.inf if name == "purchase" else 0.0)
        value[mine] = np.where(np.isfinite(value[mine]), value[mine] - np.where(np.isfinite(top), top, 0.0), -np.inf)
    return replace(supply, value=value, base=MaterialCosts(**lines))


def _money(instance: Instance, costs: MaterialCosts, level: Floats) -> Floats:
    """Value (o, t) of buying one unit: paid after tax, and owed for a while."""
    payable = instance.network.finance.payable_days / DAYS_PER_YEAR
    total, owed = costs.total, costs.purchase + costs.freight
    known = np.isfinite(total)
    paid = -instance.weights.operating * np.where(known, total, 0.0)
    credit = -level * payable * np.where(known, owed, 0.0) / instance.weights.years
    return np.where(known, paid + credit, -np.inf)


def _most_made(instance: Instance) -> Floats:
    """Most good units a year (o, p): all lines, overtime included, on this product alone."""
    lines = np.array([float(option.maximum_added) for option in instance.options])
    np.add.at(lines, instance.option_of, [float(place.standing) for place in instance.places])
    hours = ((instance.open_hours + instance.overtime_hours) / instance.weights.years).max(axis=1)
    work = np.full((len(instance.options), len(instance.families)), np.inf)
    np.minimum.at(work, instance.option_of[instance.place_of], instance.work)
    a_unit = instance.hours_per_unit * work[:, instance.family_of]
    usable = np.isfinite(a_unit) & (a_unit > 0)
    return np.where(usable, (lines * hours)[:, None] / np.where(usable, a_unit, 1.0), 0.0)


# ---- columns and equations -------------------------------------------------------------------------------------------


def units_scale(instance: Instance) -> float:
    """Good units in one of the columns ``cover``: about a market's mean demand, a power of two."""
    demand = instance.demand[instance.demand > 0]
    return float(2.0 ** np.round(np.log2(demand.mean()))) if demand.size else 1.0


def add_supply_columns(model: Model) -> None:
    """Columns of contested needs; none where the document has none."""
    instance, linear, supply = model.instance, model.linear, model.arc_values.supply
    if not supply.needs:
        return
    value = np.where(np.isfinite(supply.value), supply.value, 0.0) * units_scale(instance) / model.scale
    linear.add_columns("cover", value, 0.0, np.where(np.isfinite(supply.value), np.inf, 0.0))
    shape = (len(supply.sources), *value.shape[1:])
    tier, extra = np.full(shape, -1, dtype=np.intp), np.full(shape, -1, dtype=np.intp)
    chosen = [s for rows in supply.sellers for s in rows]
    tier[chosen] = linear.add_columns("tier", np.zeros((len(chosen), *shape[1:])), 0.0, 1.0, whole=model.is_tight)
    ordered = [rows[0] for rows in supply.sellers if supply.sources[rows[0]].minimum_order > 0]
    prices = [_least_price(supply, s) for s in ordered]
    carried = carrying_share(instance.network) * instance.weights.operating * instance.weights.years
    worth = -np.array(prices).reshape(len(ordered), *shape[1:]) * carried / model.scale
    least = np.array([supply.sources[s].minimum_order for s in ordered])[:, None, None]
    extra[ordered] = linear.add_columns("extra", worth * least)
    linear.columns["tier"], linear.columns["extra"] = tier, extra


def _least_price(supply: Supply, source: int) -> Floats:
    """Lowest cost (o, t) of a unit in stock over a seller's tiers; 0 where it cannot be bought."""
    seller = supply.sources[source].seller
    costs = [row.costs.total for row in supply.sources if row.seller == seller]
    least = np.min(costs, axis=0)
    return np.where(np.isfinite(least), least, 0.0)


def needs_are_covered(model: Model) -> None:
    """Σ_u cover[u,o,t] = Σ_m flow × units that leave + units stored[t] − units stored[t−1], for each contested need."""
    from manyworks.plan.equations.values import product_shares

    instance, arcs, linear, supply = model.instance, model.arcs, model.linear, model.arc_values.supply
    if not supply.needs:
        return
    o_count, t_count = len(instance.options), len(instance.periods)
    shape, unit, time = (len(supply.needs), o_count, t_count), units_scale(instance), np.arange(t_count)
    at = np.arange(o_count)[:, None] * t_count + time
    terms: list[Term] = [(supply.need[:, None, None] * o_count * t_count + at, linear.columns["cover"], 1.0)]
    shares, stored = product_shares(instance), linear.columns["stored"]
    for n, need in enumerate(supply.needs):
        p = need.product
        f = int(instance.family_of[p])
        mine = np.flatnonzero(arcs.family == f)
        row = (n * o_count + arcs.option[mine])[:, None] * t_count + time
        leaving = instance.demand[arcs.market[mine], p] * model.shipped_of(mine)[:, None]
        terms.append((row, linear.columns["flow"][mine], -leaving / unit))
        here = n * o_count * t_count + at
        terms.append((here, stored[:, f], -shares[:, p][:, None] / unit))
        terms.append((here[:, 1:], stored[:, f, :-1], shares[:, p][:, None] / unit))
    linear.add_rows("supply", shape, terms, 0.0, 0.0)


def tiers_are_reached(model: Model) -> None:
    """Bought[s,o,t] ≤ most × tier[s,o,t]; bought ≥ (from, smallest order) × years × tier; Σ_s tier ≤ open[o,t]."""
    instance, linear, supply = model.instance, model.linear, model.arc_values.supply
    chosen = [s for rows in supply.sellers for s in rows] if supply.needs else []
    if not chosen:
        return
    o_count, t_count = len(instance.options), len(instance.periods)
    everything = np.arange(len(chosen) * o_count * t_count).reshape(len(chosen), o_count, t_count)
    years, most = instance.weights.years, supply.most_bought()[chosen][:, :, None]
    size = np.maximum(most, 1e-9) * years
    uses, bought = _bought_by(supply, chosen)
    units = (units_scale(instance) * supply.quantity[uses])[:, None, None] / size[bought]
    amount = (everything[bought], linear.columns["cover"][uses], units)
    tier = linear.columns["tier"][chosen]
    linear.add_rows("tier_most", everything.shape, [amount, (everything, tier, -1.0)], high=0.0)
    least = np.array([max(supply.sources[s].from_units, supply.sources[s].minimum_order) for s in chosen])
    asked = np.where(least > 0, least, 1.0)[:, None, None] * years
    rises = (units_scale(instance) * supply.quantity[uses])[:, None, None] / asked[bought]
    at_least = (least > 0).astype(np.float64)[:, None, None]
    amount = (everything[bought], linear.columns["cover"][uses], rises * at_least[bought])
    linear.add_rows("tier_least", everything.shape, [amount, (everything, tier, -at_least)], low=0.0)
    at = np.arange(o_count * t_count).reshape(o_count, t_count)
    first = {s: k for k, rows in enumerate(supply.sellers) for s in rows}
    seller = np.array([first[s] for s in chosen])[:, None, None] * o_count * t_count + at
    shape = (len(supply.sellers), o_count, t_count)
    every = np.arange(np.prod(shape)).reshape(shape)
    linear.add_rows("one_tier", shape, [(seller, tier, 1.0), (every, linear.columns["open"], -1.0)], high=0.0)


def orders_lie(model: Model) -> None:
    """extra[o,t] ≥ (smallest order × Σ_s tier − bought × review days / 365) / 2, in smallest orders."""
    instance, linear, supply = model.instance, model.linear, model.arc_values.supply
    groups = [rows for rows in supply.sellers if supply.sources[rows[0]].minimum_order > 0] if supply.needs else []
    if not groups:
        return
    o_count, t_count = len(instance.options), len(instance.periods)
    shape = (len(groups), o_count, t_count)
    every = np.arange(np.prod(shape)).reshape(shape)
    review = instance.network.policy.review_days / DAYS_PER_YEAR
    terms: list[Term] = [(every, linear.columns["extra"][[rows[0] for rows in groups]], 1.0)]
    for k, rows in enumerate(groups):
        least = supply.sources[rows[0]].minimum_order
        uses, _ = _bought_by(supply, rows)
        a_year = (units_scale(instance) * supply.quantity[uses])[:, None, None] / instance.weights.years
        terms.append((every[k], linear.columns["tier"][rows], -0.5))
        terms.append((every[k], linear.columns["cover"][uses], a_year * review / 2 / least))
    linear.add_rows("order_stock", shape, terms, low=0.0)


def supplier_capacity(model: Model) -> None:
    """Σ_o bought[·,o,t] ≤ capacity × years, for each supplier and material with a capacity."""
    instance, linear, supply = model.instance, model.linear, model.arc_values.supply
    limits = supplier_capacities(instance.network) if supply.needs else {}
    if not limits:
        return
    t_count = len(instance.periods)
    terms: list[Term] = []
    for k, ((supplier, material), most) in enumerate(limits.items()):
        rows = [s for s, row in enumerate(supply.sources) if (row.supplier, row.material) == (supplier, material)]
        uses, _ = _bought_by(supply, rows)
        share = (units_scale(instance) * supply.quantity[uses])[:, None, None] / (most * instance.weights.years)
        terms.append((k * t_count + np.arange(t_count), linear.columns["cover"][uses], share))
    linear.add_rows("supplier_capacity", (len(limits), t_count), terms, high=1.0)


def _bought_by(supply: Supply, sources: list[int]) -> tuple[Ints, Ints]:
    """Uses of some sources, and the position among them of the source of each."""
    at = {s: k for k, s in enumerate(sources)}
    uses = np.array([u for u, s in enumerate(supply.source.tolist()) if s in at], dtype=np.intp)
    return uses, np.array([at[int(s)] for s in supply.source[uses]], dtype=np.intp)


def bought_units(model: Model, x: Floats) -> Floats:
    """Units of material bought by each use, (u, o, t)."""
    cover = model.linear.columns["cover"]
    units = np.maximum(x[cover], 0.0) * units_scale(model.instance)
    return np.asarray(units * model.arc_values.supply.quantity[:, None, None])


def settled_tiers(model: Model, x: Floats) -> tuple[Ints, Floats]:
    """Columns ``tier`` and their values for what ``x`` buys: the highest tier that each open option reaches there.

    The smallest tier is open to whoever reaches no other, unless the seller asks for a smallest order.
    """
    supply, columns = model.arc_values.supply, model.linear.columns
    if not supply.needs or not supply.sellers:
        return np.zeros(0, dtype=np.intp), np.zeros(0)
    tier = columns["tier"]
    used = tier >= 0
    if model.is_tight:
        return tier[used], np.rint(x[tier[used]])
    total, value = np.zeros(tier.shape), np.zeros(tier.shape)
    np.add.at(total, supply.source, bought_units(model, x))
    is_open = np.rint(x[columns["open"]])
    for rows in supply.sellers:
        reached = tier_reached(
            [supply.sources[s] for s in rows], total[rows].sum(axis=0) / model.instance.weights.years
        )
        for k, s in enumerate(rows):
            value[s] = (reached == k) * is_open
    return tier[used], value[used]
