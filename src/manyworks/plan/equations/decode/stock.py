"""What lies where: the four kinds of stock."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from manyworks.model.table import Table
from manyworks.plan.equations.decode.choice import DUST, Choice
from manyworks.plan.equations.decode.goods import stored_units
from manyworks.plan.equations.decode.rows import houses_of_arcs, period_names, place_names
from manyworks.plan.equations.formulation import Model
from manyworks.plan.equations.packers import lot_units, packed
from manyworks.plan.pooling import WEEKS_PER_YEAR, safety_stock

Floats = NDArray[np.float64]


STOCK_KINDS = ("cycle", "safety", "season", "in_transit")


def stock_table(model: Model, choice: Choice) -> Table:
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
    stored = stored_units(model, choice)
    units[2] += (stored + np.concatenate([np.zeros_like(stored[:, :, :1]), stored[:, :, :-1]], axis=2)) / 2
    places = np.concatenate([place_names(model), houses_of_arcs(model)[0][:-1]])
    units = np.concatenate([units, houses], axis=1)
    at, products, t = np.nonzero(units.sum(axis=0) > DUST)
    return Table(
        {
            "place": places[at],
            "product": np.array([product.id for product in instance.products], dtype=object)[products],
            "period": period_names(model)[t],
        }
        | {kind: units[k, at, products, t] for k, kind in enumerate(STOCK_KINDS)}
    )


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
