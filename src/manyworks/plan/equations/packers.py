"""Co-packers in the terms of the plan: a place with one line that costs nothing, and what its contract asks for.

A contract is an option whose state is contracted or not. Its notional line has the hours of the default calendar and
makes every product at one rate, so that its hours are the yearly capacity. What the contract asks for beside the fee:
it lasts ``term_quarters`` at least; ``shortfall`` (o, t) units are paid without being taken; ``lots`` (o, f, t) tells
whether a family is run there, in lots of ``minimum_run_units``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from manyworks.model.hours import open_hours, template_calendar
from manyworks.model.line import Line
from manyworks.model.network import Network
from manyworks.model.periods import Period
from manyworks.model.site import CoPacker, Site, SiteTemplate
from manyworks.model.stock import unit_value
from manyworks.model.wheels import Wheel
from manyworks.plan.points import demand_points
from manyworks.plan.typical import co_packer_make
from manyworks.units import DAYS_PER_YEAR, MINUTES_PER_HOUR, QUARTERS_PER_YEAR

if TYPE_CHECKING:
    from manyworks.plan.equations.formulation import Model
    from manyworks.plan.equations.instance import Instance

Floats = NDArray[np.float64]
UNLIMITED = 10.0
"""Capacity of a co-packer who states none, in times the whole yearly demand of the document."""


def packer_site(packer: CoPacker) -> Site:
    """The place of a co-packer, without people of ours."""
    return Site(
        id=packer.id,
        name=packer.name,
        lat=packer.lat,
        lon=packer.lon,
        country=packer.country,
        tariff_zone=packer.tariff_zone,
        wage_per_h=1.0,
    )


def packer_template(packer: CoPacker) -> SiteTemplate:
    """One line, no capital, no staff; its stand-up is the lead of the contract. Its id cannot be one of a document."""
    free = SiteTemplate(
        id=packer.id,
        name=packer.name,
        scale="micro",
        lines=[packer.id],
        maximum_lines=1,
        capex=0,
        stand_up_quarters=packer.lead_quarters,
        line_lead_quarters=0,
        salvage_share=0,
        products=packer.products,
    )
    return free.model_copy(update={"id": f"co-packer:{packer.id}"})


def packer_line(packer: CoPacker) -> Line:
    """The notional line; its id cannot be one of a document."""
    line = Line(id=packer.id, name=packer.name, products=packer.products)
    return line.model_copy(update={"id": f"co-packer:{packer.id}"})


def packer_wheel(network: Network, packer: CoPacker, products: Sequence[str]) -> Wheel:
    """A wheel without changeovers of ours; it turns as often as lots of the smallest run make up the typical volume."""
    made = float(co_packer_make(network, packer).sum())
    lots = packer.minimum_run_units * len(products)
    return Wheel(
        products=tuple(sorted(products)),
        order=tuple(sorted(products)),
        cycle_days=min(lots / made, 1.0) * DAYS_PER_YEAR if made > 0 else 0.0,
        line_min_per_cycle=0.0,
        site_min_per_cycle=0.0,
        crew_min_per_cycle=0.0,
        cost_per_cycle=0.0,
        scrap_units_per_cycle=np.zeros(len(network.products)),
        open_min_per_cycle=MINUTES_PER_HOUR,
        sanitation_share=0.0,
        sanitation_cost_per_h=0.0,
    )


def packer_hours(network: Network, packer: CoPacker, template: SiteTemplate) -> Floats:
    """Hours (products,) of the notional line for one unit; inf for what is not offered."""
    hours = open_hours(template_calendar(network, template), QUARTERS_PER_YEAR)
    capacity = packer.capacity_units_per_year or UNLIMITED * max(float(demand_points(network).yearly.sum()), 1.0)
    offered = np.array([not packer.products or product.id in packer.products for product in network.products])
    return np.where(offered, hours / capacity, np.inf)


# ---- columns and equations -------------------------------------------------------------------------------------------


def packed(instance: Instance) -> list[tuple[int, CoPacker]]:
    """Options that are contracts, with them."""
    return [(o, option.packer) for o, option in enumerate(instance.options) if option.packer is not None]


def add_packer_columns(model: Model) -> None:
    """``shortfall`` where something is taken or paid, ``lots`` where runs have a least size; -1 elsewhere."""
    instance, linear = model.instance, model.linear
    t_count = len(instance.periods)
    if not packed(instance):
        return
    owed = [(o, packer) for o, packer in packed(instance) if packer.take_or_pay_units_per_year > 0]
    fee = np.array([packer.toll_fee_per_unit for _, packer in owed]).reshape(-1, 1)
    shortfall = np.full((len(instance.options), t_count), -1, dtype=np.intp)
    shortfall[[o for o, _ in owed]] = linear.add_columns(
        "shortfall", -fee * instance.weights.operating / model.scale * units_unit(instance)
    )
    linear.columns["shortfall"] = shortfall
    rows, values = [], []
    for o, packer in packed(instance):
        for f in range(len(instance.families)) if packer.minimum_run_units > 0 else ():
            rows.append((o, f))
            values.append(lot_value(model, o, packer, f))
    lots = np.full((len(instance.options), len(instance.families), t_count), -1, dtype=np.intp)
    if rows:
        at = np.array(rows, dtype=np.intp)
        lots[at[:, 0], at[:, 1]] = linear.add_columns("lots", np.array(values) / model.scale, 0.0, 1.0, whole=True)
    linear.columns["lots"] = lots


def units_unit(instance: Instance) -> float:
    """Units per unit of the rows of units: the busiest product's demand in a period, as a power of two."""
    size = float(instance.demand.sum(axis=0).max(initial=0.0))
    return float(2.0 ** np.round(np.log2(size))) if size > 0 else 1.0


def lot_units(instance: Instance, packer: CoPacker, f: int) -> Floats:
    """Mean stock (products, periods) of lots of the smallest run: half a run of each product that is asked for."""
    mine = (instance.family_of == f)[:, None] & (instance.demand.sum(axis=0) > 0)
    return np.where(mine, packer.minimum_run_units / 2, 0.0)


def lot_pallets(instance: Instance, packer: CoPacker, f: int) -> Floats:
    """Pallets (periods,) of those lots."""
    per_pallet = np.array([product.units_per_pallet for product in instance.products])
    return np.asarray((lot_units(instance, packer, f) / per_pallet[:, None]).sum(axis=0))


def lot_value(model: Model, o: int, packer: CoPacker, f: int) -> Floats:
    """Value (periods,) of holding those lots: carrying, and the capital that is tied."""
    instance, weights = model.instance, model.instance.weights
    worth = (lot_units(instance, packer, f) * unit_value(instance.network)[:, None]).sum(axis=0)
    carried = worth * instance.network.policy.stock_cost_share_per_year * weights.years
    return np.asarray(model.arc_values.level[o] * worth - weights.operating * carried)


def packers_last(model: Model) -> None:
    """open[o,t] − open[o,t−1] ≤ open[o,t'] for every t' that begins within the term of a contract begun in t."""
    instance, linear = model.instance, model.linear
    columns = linear.columns["open"]
    entries = [
        (o, t, later)
        for o, packer in packed(instance)
        for t, period in enumerate(instance.periods)
        for later in within_term(instance.periods, period, packer)
    ]
    o, t, later = np.array(entries, dtype=np.intp).reshape(-1, 3).T
    row, begins = np.arange(len(entries)), t > 0
    linear.add_rows(
        "packer_term",
        (len(entries),),
        [
            (row, columns[o, t], 1.0),
            (row[begins], columns[o[begins], t[begins] - 1], -1.0),
            (row, columns[o, later], -1.0),
        ],
        high=0.0,
    )


def within_term(periods: Sequence[Period], start: Period, packer: CoPacker) -> list[int]:
    """Periods after ``start`` that begin before a contract begun there may end."""
    ends = start.first_quarter + packer.term_quarters
    return [period.index for period in periods if start.first_quarter < period.first_quarter < ends]


def take_or_pay(model: Model) -> None:
    """Σ_jf run[j,f,t] / hours a unit + shortfall[o,t] ≥ take_or_pay × years × open[o,t]."""
    instance, linear = model.instance, model.linear
    owed = [(o, packer) for o, packer in packed(instance) if packer.take_or_pay_units_per_year > 0]
    t_count, unit = len(instance.periods), units_unit(instance)
    time = np.arange(t_count)
    option = instance.option_of[instance.place_of]
    for row, (o, packer) in enumerate(owed):
        hours = instance.hours_per_unit[o][np.isfinite(instance.hours_per_unit[o])].min(initial=np.inf)
        mine = np.flatnonzero(option == o)
        linear.add_rows(
            f"take_or_pay_{row}",
            (t_count,),
            [
                (time[None, None, :], linear.columns["run"][mine], 1.0 / hours / unit),
                (time, linear.columns["shortfall"][o], 1.0),
                (time, linear.columns["open"][o], -packer.take_or_pay_units_per_year * instance.weights.years / unit),
            ],
            low=0.0,
        )


def runs_are_lots(model: Model) -> None:
    """Flow ≤ lots[o,f,t] ≤ open[o,t], and Σ_m units[p,t] ≥ minimum_run × years × lots[o,f,t] for each product."""
    instance, linear, arcs = model.instance, model.linear, model.arcs
    lots = linear.columns.get("lots")
    if lots is None or not (lots >= 0).any():
        return
    t_count, unit = len(instance.periods), units_unit(instance)
    time = np.arange(t_count)
    with_lots = np.flatnonzero(lots[arcs.option, arcs.family, 0] >= 0)
    row = np.arange(len(with_lots))[:, None] * t_count + time
    linear.add_rows(
        "flow_lots",
        (len(with_lots), t_count),
        [
            (row, linear.columns["flow"][with_lots], 1.0),
            (row, lots[arcs.option[with_lots], arcs.family[with_lots]], -1.0),
        ],
        high=0.0,
    )
    o, f = np.nonzero(lots[:, :, 0] >= 0)
    row = np.arange(len(o))[:, None] * t_count + time
    terms = [(row, lots[o, f], 1.0), (row, linear.columns["open"][o], -1.0)]
    linear.add_rows("lots_open", (len(o), t_count), terms, high=0.0)
    packers = dict(packed(instance))
    for p, family in enumerate(instance.family_of):
        asked = instance.demand[:, p].sum(axis=0) > 0
        for option in o[f == family].tolist():
            mine = np.flatnonzero((arcs.option == option) & (arcs.family == family))
            units = model.shipped_of(mine)[:, None] * instance.demand[arcs.market[mine], p] * asked
            least = packers[option].minimum_run_units * instance.weights.years * asked
            linear.add_rows(
                f"lot_size_{option}_{p}",
                (t_count,),
                [
                    (time[None, :], linear.columns["flow"][mine], units / unit),
                    (time, lots[option, family], -least / unit),
                ],
                low=0.0,
            )
