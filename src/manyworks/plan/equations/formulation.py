"""The equations of the plan, one function each.

Decisions, all indexed by the period in which they work: ``open`` (o, t) whether an option stands; ``upgraded`` (u, t)
whether an upgrade works; ``stands`` (g, t) whether the lines of the start are in a line place: all the time that their
site is open, or, where they may be upgraded, while just the upgrades of that place work; ``added`` (g, t) lines added
so far that stand; ``used`` (j, t) lines given to a wheel, where a line place has several; ``run`` (j, f, t) running
hours; ``overtime`` (g, t) hours; ``flow`` (arcs, t) share of a market's demand for a family that an option serves;
``at_least``, ``turning`` and ``stopped`` as in ``stops``; ``taken`` (contracts,) whether a contract is signed;
``unmet`` (m, f, t) share left out; ``stored`` (o, f, t) reference hours of make that wait for the next quarter;
``people`` (o, t), ``hired`` (o, t), ``dear`` (o, t, steps) people by step of the rising wage; ``overflow`` (o, t)
pallets outside. ``first`` (templates, t): whether a template stands anywhere. What co-packers add is in ``packers``,
what warehouses add in ``routes``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.conventions import WAGE_STEPS
from manyworks.plan.equations.instance import Instance, stock_waits
from manyworks.plan.equations.levels import finite, hours_unit, ready_lines, spent_by_level, telescoped
from manyworks.plan.equations.packers import (
    add_packer_columns,
    lot_pallets,
    packed,
    packers_last,
    runs_are_lots,
    take_or_pay,
)
from manyworks.plan.equations.routes import (
    add_house_columns,
    arcs_of,
    houses_stay,
    route_arcs,
    routes_need_houses,
)
from manyworks.plan.equations.stops import add_stops, stopped_terms, stopping_options, stops_take_hours
from manyworks.plan.equations.supply import (
    add_supply_columns,
    needs_are_covered,
    orders_lie,
    supplier_capacity,
    tiers_are_reached,
)
from manyworks.plan.equations.upgrades import UPGRADE_EQUATIONS, add_upgrades
from manyworks.plan.equations.values import ArcValues, SiteValues, product_shares
from manyworks.plan.linear import LinearModel, Term

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Arcs:
    """The arcs of a model: option, market and family of each, (arcs,); ``route`` over a warehouse, -1: direct."""

    option: Ints
    market: Ints
    family: Ints
    route: Ints

    def only(self, rows: NDArray[np.bool_]) -> Arcs:
        """Some of the arcs."""
        return Arcs(
            option=self.option[rows], market=self.market[rows], family=self.family[rows], route=self.route[rows]
        )

    def __len__(self) -> int:
        return len(self.option)


@dataclass(frozen=True, kw_only=True)
class Model:
    """A linear model with what it was made from; ``scale`` is money per unit of the objective.

    ``is_tight``: solved whole, with strong links of flows to open sites, and quantity tiers as whole numbers.
    """

    instance: Instance
    arcs: Arcs
    arc_values: ArcValues
    site_values: SiteValues
    linear: LinearModel
    scale: float
    is_tight: bool

    def shipped_of(self, arcs: Ints) -> Floats:
        """Units that leave the place of making per unit received on some arcs, (arcs,)."""
        direct = self.arc_values.shipped[self.arcs.option[arcs], self.arcs.market[arcs]]
        routes = self.arc_values.routes
        if routes is None or not len(routes):
            return np.asarray(direct)
        return np.where(self.arcs.route[arcs] >= 0, routes.shipped[self.arcs.route[arcs]], direct)

    def of_arcs(self, name: Literal["value", "hours", "pallets"]) -> Floats:
        """A figure of the arcs, (arcs, periods): that of the direct way, or of the route over a warehouse."""
        arcs, routes = self.arcs, self.arc_values.routes
        direct = getattr(self.arc_values, name)[arcs.option, arcs.market, arcs.family]
        if routes is None or not len(routes):
            return np.asarray(direct)
        over = getattr(routes, name)[arcs.route, arcs.family]
        return np.asarray(np.where((arcs.route >= 0)[:, None], over, direct))


def formulate(instance: Instance, arcs: Arcs, arc_values: ArcValues, site_values: SiteValues, *, tight: bool) -> Model:
    """All columns and all equations; ``tight`` adds the strong links of flows to open sites."""
    model = Model(
        instance=instance,
        arcs=arcs,
        arc_values=arc_values,
        site_values=site_values,
        linear=LinearModel(),
        scale=money_scale(arc_values, site_values),
        is_tight=tight,
    )
    model.linear.constant = site_values.constant
    _add_columns(model)
    for equation in EQUATIONS:
        equation(model)
    if tight:
        flow_needs_open(model)
    return model


def money_scale(arc_values: ArcValues, site_values: SiteValues) -> float:
    """Money per unit of the objective: a hundredth of the largest arc, so that money × 1,000 gives the same numbers."""
    finite = np.abs(arc_values.value[np.isfinite(arc_values.value)])
    size = float(finite.max()) if finite.size else 0.0
    size = size or float(np.abs(site_values.site).max(initial=0.0))
    return size / 100 if size > 0 else 1.0


def all_arcs(arc_values: ArcValues) -> Arcs:
    """Every arc that is allowed in some period and market with demand."""
    useful = np.isfinite(arc_values.value).any(axis=3) & (arc_values.hours > 0).any(axis=3)
    o, m, f = np.nonzero(useful)
    return arcs_of(o, m, f, route_arcs(arc_values.routes))


# ---- columns ---------------------------------------------------------------------------------------------------------


def _add_columns(model: Model) -> None:
    _add_sites(model)
    add_upgrades(model)
    _add_lines(model)
    _add_hours(model)
    add_stops(model)
    _add_contracts(model)
    _add_flows(model)
    _add_people(model)
    _add_first_copies(model)
    add_packer_columns(model)
    add_house_columns(model)
    add_supply_columns(model)


def _add_sites(model: Model) -> None:
    instance, values = model.instance, model.site_values
    value = values.site + telescoped(finite(values.open_site)) - telescoped(values.close_site)
    value[:, -1] += values.keep_site
    _add_standing_lines(model, value)
    low, high = np.zeros(value.shape), np.ones(value.shape)
    for o, option in enumerate(instance.options):
        if option.is_existing:
            # A site that stands at the start and closes in t earns close_site[t]; the telescope starts from one.
            model.linear.constant += float(values.close_site[o, 0])
            low[o] = 0.0 if option.may_close else 1.0
            if option.must_close:
                planned = [t for t, period in enumerate(instance.periods) if period.quarters == 1]
                high[o, min(len(planned), len(instance.periods) - 1) :] = 0.0
        else:
            ready = np.isfinite(values.open_site[o])
            high[o] = np.maximum.accumulate(ready)
    model.linear.add_columns("open", value / model.scale, low, high, whole=True)


def _add_lines(model: Model) -> None:
    instance, values = model.instance, model.site_values
    option_of = instance.option_of
    most = np.array([instance.options[o].maximum_added for o in option_of])
    may = np.array([place.may_add for place in instance.places])
    value = values.line + telescoped(finite(values.add_line))
    value[:, -1] += values.keep_line
    ready = np.maximum.accumulate(np.isfinite(values.add_line), axis=1)
    model.linear.add_columns("added", value / model.scale, 0.0, (most * may)[:, None] * ready, whole=True)


def _add_standing_lines(model: Model, value: Floats) -> None:
    """Lines that stand at the start cost what lines cost as long as their site is open."""
    may_change = {g for group in model.instance.groups for g in group}
    for g, place in enumerate(model.instance.places):
        if g not in may_change:
            value[place.option] += place.standing * model.site_values.line[g]
            value[place.option, -1] += place.standing * model.site_values.keep_line[g]


def _add_hours(model: Model) -> None:
    instance, values = model.instance, model.site_values
    count = (len(instance.columns), len(instance.families), len(instance.periods))
    shape = np.zeros(count)
    model.linear.add_columns(
        "run",
        shape + values.run[:, None, :] / model.scale,
        0.0,
        np.where(np.isfinite(instance.work), np.inf, 0.0)[:, :, None] + shape,
    )
    model.linear.add_columns("overtime", values.overtime / model.scale)
    several = _has_several_wheels(instance)
    most = np.array([p.standing + instance.options[p.option].maximum_added * p.may_add for p in instance.places])
    index = np.full((count[0], count[2]), -1, dtype=np.intp)
    rows = np.flatnonzero(several[instance.place_of])
    high = np.repeat(most[instance.place_of[rows]][:, None], count[2], axis=1)
    index[rows] = model.linear.add_columns("used", np.zeros((len(rows), count[2])), 0.0, high, whole=True)
    model.linear.columns["used"] = index


def _has_several_wheels(instance: Instance) -> NDArray[np.bool_]:
    """Line places that choose among wheels, or where a wheel may be stopped by others."""
    several = np.bincount(instance.place_of, minlength=len(instance.places)) > 1
    return np.asarray(several | stopping_options(instance)[instance.option_of])


def _add_contracts(model: Model) -> None:
    instance = model.instance
    asks = (family_demand(instance)[instance.own_markets :] > 0).any(axis=(1, 2))
    signed = np.array([contract.is_signed for contract in instance.contracts], dtype=np.float64)
    model.linear.add_columns(
        "taken", model.site_values.sign / model.scale, signed * asks, asks.astype(np.float64), whole=True
    )


def _add_flows(model: Model) -> None:
    instance, values = model.instance, model.arc_values
    value, asked = model.of_arcs("value"), model.of_arcs("hours") > 0
    high = np.where(np.isfinite(value) & asked, 1.0, 0.0)
    model.linear.add_columns("flow", finite(value) / model.scale, 0.0, high)
    optional = np.ones((len(instance.markets), 1, 1))
    optional[: instance.own_markets] = instance.network.policy.is_demand_optional
    model.linear.add_columns("unmet", values.penalty / model.scale, 0.0, optional)
    storable = instance.is_storable[None, :, None] & stock_waits(instance) & np.isfinite(values.stored)
    high = np.where(storable, np.inf, 0.0)
    model.linear.add_columns("stored", finite(values.stored) / model.scale, 0.0, high)
    fee = instance.network.policy.storage_fee_per_pallet_month
    yearly = instance.weights.operating * instance.weights.years * 12
    if fee > 0:
        shape = (len(instance.options), len(instance.periods))
        model.linear.add_columns("overflow", np.broadcast_to(-fee * yearly / model.scale, shape).copy())


def _add_people(model: Model) -> None:
    instance, values = model.instance, model.site_values
    most = hireable(instance)
    model.linear.add_columns("people", values.person / model.scale, 0.0, most[:, None] + np.zeros(values.person.shape))
    rate = np.array([_hires(instance, option.site) for option in instance.options])
    quarters = np.array([period.quarters for period in instance.periods])
    model.linear.add_columns("hired", values.hire / model.scale, 0.0, rate[:, None] * quarters)
    rise = np.array([instance.sites[o.site].wage_rise_per_pool_share for o in instance.options])
    share = np.array([instance.sites[o.site].hireable_share for o in instance.options])
    steep = np.flatnonzero(np.isfinite(most) & (rise > 0) & (share > 0))
    # Step k of the pool is paid (2k + 1) / steps × half the rise at the whole hireable share, per person.
    slope = rise[steep] * share[steep] / WAGE_STEPS
    extra = slope[:, None] * (2 * np.arange(WAGE_STEPS) + 1)
    value = values.person[steep][:, :, None] * extra[:, None, :]
    index = np.full((len(instance.options), len(instance.periods), WAGE_STEPS), -1, dtype=np.intp)
    high = (most[steep] / WAGE_STEPS)[:, None, None] + np.zeros(value.shape)
    index[steep] = model.linear.add_columns("dear", value / model.scale, 0.0, high)
    model.linear.columns["dear"] = index


def hireable(instance: Instance) -> Floats:
    """Most people of the trade that each option can employ, (options,); inf where no pool is stated."""
    sites = [instance.sites[option.site] for option in instance.options]
    return np.array([np.inf if s.labour_pool is None else s.labour_pool * s.hireable_share for s in sites])


def _hires(instance: Instance, site: int) -> float:
    rate = instance.sites[site].hires_per_quarter
    return np.inf if rate is None else rate


def _add_first_copies(model: Model) -> None:
    premiums = model.site_values.first_copy
    if premiums:
        each = np.array(list(premiums.values()))
        high = np.maximum.accumulate(np.isfinite(each), axis=1).astype(np.float64)
        model.linear.add_columns("first", telescoped(finite(each)) / model.scale, 0.0, high)


# ---- equations -------------------------------------------------------------------------------------------------------


def demand_is_met(model: Model) -> None:
    """Σ_o flow[o,m,f,t] + unmet[m,f,t] = 1 where there is demand; taken[k] where contract k asks for it."""
    instance, arcs, linear = model.instance, model.arcs, model.linear
    shape = (len(instance.markets), len(instance.families), len(instance.periods))
    row = np.ravel_multi_index((arcs.market, arcs.family), shape[:2])[:, None] * shape[2] + np.arange(shape[2])
    asked = family_demand(instance) > 0
    everything = np.arange(np.prod(shape)).reshape(shape)
    own = np.arange(shape[0])[:, None, None] < instance.own_markets
    taken = linear.columns["taken"][:, None, None]
    met = np.where(asked & own, 1.0, 0.0)
    linear.add_rows(
        "demand",
        shape,
        [
            (row, linear.columns["flow"], 1.0),
            (everything, linear.columns["unmet"], asked.astype(float)),
            (everything[instance.own_markets :], taken, -asked[instance.own_markets :].astype(float)),
        ],
        met,
        met,
    )


def family_demand(instance: Instance) -> Floats:
    """Units asked for by family, (m, f, t)."""
    out = np.zeros((len(instance.markets), len(instance.families), len(instance.periods)))
    for p, f in enumerate(instance.family_of):
        out[:, f] += instance.demand[:, p]
    return out


def make_is_shipped(model: Model) -> None:
    """Σ_j run[j,f,t] / work[j,f] + stored[o,f,t−1] = Σ_m hours[o,m,f,t] flow[o,m,f,t] + stored[o,f,t], reference
    hours."""
    instance, arcs, linear = model.instance, model.arcs, model.linear
    o_count, f_count, t_count = len(instance.options), len(instance.families), len(instance.periods)
    shape = (o_count, f_count, t_count)
    time = np.arange(t_count)
    unit = hours_unit(model.instance)
    row = (arcs.option * f_count + arcs.family)[:, None] * t_count + time
    option = instance.option_of[instance.place_of]
    made = (option[:, None] * f_count + np.arange(f_count))[:, :, None] * t_count + time
    work = np.where(np.isfinite(instance.work), instance.work, np.inf)[:, :, None]
    everything = np.arange(np.prod(shape)).reshape(shape)
    linear.add_rows(
        "make",
        shape,
        [
            (made, linear.columns["run"], 1 / work / unit),
            (row, linear.columns["flow"], -model.of_arcs("hours") / unit),
            (everything, linear.columns["stored"], -1.0 / unit),
            (everything[:, :, 1:], linear.columns["stored"][:, :, :-1], 1.0 / unit),
        ],
        0.0,
        0.0,
    )


def contracts_are_made_to_order(model: Model) -> None:
    """Σ_j run[j,f,t] / work[j,f] ≥ Σ over contracts of hours[o,m,f,t] flow[o,m,f,t]: season stock is of the markets'
    mix."""
    instance, arcs, linear = model.instance, model.arcs, model.linear
    ordered = np.flatnonzero((arcs.market >= instance.own_markets) & instance.is_storable[arcs.family])
    if not len(ordered):
        return
    pairs, at = np.unique(arcs.option[ordered] * len(instance.families) + arcs.family[ordered], return_inverse=True)
    t_count = len(instance.periods)
    time, unit = np.arange(t_count), hours_unit(instance)
    hours = model.of_arcs("hours")[ordered]
    position = np.full(len(instance.options) * len(instance.families), -1)
    position[pairs] = np.arange(len(pairs))
    made = position[
        instance.option_of[instance.place_of][:, None] * len(instance.families) + np.arange(instance.work.shape[1])
    ]
    j, f = np.nonzero((made >= 0) & np.isfinite(instance.work))
    linear.add_rows(
        "made_to_order",
        (len(pairs), t_count),
        [
            (
                made[j, f][:, None] * t_count + time,
                linear.columns["run"][j, f],
                (1 / instance.work[j, f])[:, None] / unit,
            ),
            (at[:, None] * t_count + time, linear.columns["flow"][ordered], -hours / unit),
        ],
        low=0.0,
    )


def making_is_positive(model: Model) -> None:
    """Σ_m units[m,p,t] flow[o,m,f,t] + stored units[o,p,t] ≥ stored units[o,p,t−1]: season stock holds the mix of the
    whole network, and no product may come out of it beyond what leaves the option."""
    instance, arcs, linear = model.instance, model.arcs, model.linear
    stored = linear.columns["stored"]
    waits: NDArray[np.bool_] = np.asarray((linear.bounds[1][stored] > 0).any(axis=2))
    waits[:, np.bincount(instance.family_of, minlength=len(instance.families)) < 2] = False
    option, product = np.nonzero(waits[:, instance.family_of])
    per_hour = product_shares(instance)[option, product]
    t_count = len(instance.periods)
    at = np.full((len(instance.options), len(instance.products)), -1)
    at[option, product] = np.arange(len(option))
    time = np.arange(t_count)
    mine = stored[option, instance.family_of[product]]
    row = np.arange(len(option))[:, None] * t_count + time
    scale = np.where(per_hour > 0, per_hour, 1.0)
    terms: list[Term] = [(row, mine, 1.0), (row[:, 1:], mine[:, :-1], -1.0)]
    for p in range(len(instance.products)):
        rows = at[arcs.option, p]
        is_own = arcs.market < instance.own_markets  # Contracts are made to order, and take nothing from stock.
        there = np.flatnonzero((arcs.family == instance.family_of[p]) & (rows >= 0) & is_own)
        units = instance.demand[arcs.market[there], p] * (model.shipped_of(there) / scale[rows[there]])[:, None]
        terms.append((rows[there][:, None] * t_count + time, linear.columns["flow"][there], units))
    unit = hours_unit(instance)
    low = np.where(per_hour > 0, 0.0, -np.inf)[:, None]
    linear.add_rows("making", (len(option), t_count), [(r, c, np.asarray(v) / unit) for r, c, v in terms], low=low)


def capacity(model: Model) -> None:
    """Σ_j (staffed_j Σ_f peak[f,t] run[j,f,t] + stopped[j,t]) ≤ open_hours[o,t] × lines ready[g,t] + overtime[g,t].

    Lines ready = standing × stands + added − Σ_τ (1 − ramp share of t since τ) × lines added in τ.
    """
    instance, linear = model.instance, model.linear
    g_count, t_count = len(instance.places), len(instance.periods)
    unit, time = hours_unit(model.instance), np.arange(t_count)
    place, option = instance.place_of, instance.option_of
    hours = instance.open_hours[option]
    row = np.arange(g_count)[:, None] * t_count + time
    standing = np.array([p.standing for p in instance.places], dtype=np.float64)[:, None]
    terms: list[Term] = [
        (
            (place[:, None] * t_count + time)[:, None, :],
            linear.columns["run"],
            instance.staffed[:, None, None] * instance.peak[None] / unit,
        ),
        (row, linear.columns["overtime"], -1.0 / unit),
        (row, linear.columns["stands"], -standing * hours / unit),
        (
            row[:, :, None],
            linear.columns["added"][:, None, :],
            -ready_lines(instance) * hours[:, :, None] / unit,
        ),
        *stopped_terms(model, row),
    ]
    linear.add_rows("capacity", (g_count, t_count), terms, high=0.0)
    linear.add_rows(
        "overtime_limit",
        (g_count, t_count),
        [
            (row, linear.columns["overtime"], 1.0 / unit),
            (row, linear.columns["stands"], -standing * instance.overtime_hours[option] / unit),
            (row, linear.columns["added"], -instance.overtime_hours[option] / unit),
        ],
        high=0.0,
    )


def wheel_capacity(model: Model) -> None:
    """staffed_j Σ_f peak run[j,f,t] ≤ (open + overtime hours) × used[j,t], where a line place has several wheels."""
    instance, linear = model.instance, model.linear
    used = linear.columns["used"]
    rows = np.flatnonzero(used[:, 0] >= 0) if used.size else np.zeros(0, dtype=np.intp)
    t_count, unit = len(instance.periods), hours_unit(model.instance)
    option = instance.option_of[instance.place_of[rows]]
    hours = instance.open_hours[option] + instance.overtime_hours[option]
    row = np.arange(len(rows))[:, None] * t_count + np.arange(t_count)
    linear.add_rows(
        "wheel_capacity",
        (len(rows), t_count),
        [
            (
                row[:, None, :],
                linear.columns["run"][rows],
                instance.staffed[rows][:, None, None] * instance.peak[None] / unit,
            ),
            (row, used[rows], -hours / unit),
        ],
        high=0.0,
    )


def wheels_share_lines(model: Model) -> None:
    """Σ_j used[j,t] ≤ standing × stands[g,t] + added[g,t]."""
    instance, linear = model.instance, model.linear
    several = np.flatnonzero(_has_several_wheels(instance))
    at = np.full(len(instance.places), -1)
    at[several] = np.arange(len(several))
    t_count, time = len(instance.periods), np.arange(len(instance.periods))
    row = np.arange(len(several))[:, None] * t_count + time
    standing = np.array([instance.places[g].standing for g in several], dtype=np.float64)[:, None]
    mine = at[instance.place_of]
    columns = np.flatnonzero(mine >= 0)
    linear.add_rows(
        "lines_used",
        (len(several), t_count),
        [
            (mine[columns][:, None] * t_count + time, linear.columns["used"][columns], 1.0),
            (row, linear.columns["stands"][several], -standing),
            (row, linear.columns["added"][several], -1.0),
        ],
        high=0.0,
    )


def lines_need_site(model: Model) -> None:
    """added[g,t] ≤ most × open[o,t]; Σ_g added ≤ most × open; Σ_g added ≥ minimum_lines × open at new sites."""
    instance, linear = model.instance, model.linear
    option, time = instance.option_of, np.arange(len(instance.periods))
    t_count = len(time)
    most = np.array([o.maximum_added for o in instance.options], dtype=np.float64)
    fewest = np.array([0 if o.is_existing else o.template.minimum_lines for o in instance.options], dtype=np.float64)
    shape = (len(instance.options), t_count)
    everything = np.arange(np.prod(shape)).reshape(shape)
    total = (option[:, None] * t_count + time, linear.columns["added"], 1.0)
    linear.add_rows("lines_fit", shape, [total, (everything, linear.columns["open"], -most[:, None])], high=0.0)
    linear.add_rows("lines_least", shape, [total, (everything, linear.columns["open"], -fewest[:, None])], low=0.0)


def sites_stay(model: Model) -> None:
    """Open and added never fall at new sites, open never rises at existing ones, added never falls; contracts end."""
    instance, linear = model.instance, model.linear
    t_count = len(instance.periods)
    sign = np.array([-1.0 if o.is_existing else 1.0 for o in instance.options])
    ours = np.array([option.packer is None for option in instance.options])
    for name, columns, direction in (
        ("site_order", linear.columns["open"][ours], sign[ours]),
        ("line_order", linear.columns["added"][ours[instance.option_of]], np.ones(int(ours[instance.option_of].sum()))),
    ):
        shape = (len(columns), max(t_count - 1, 0))
        row = np.arange(np.prod(shape)).reshape(shape)
        rise = direction[:, None]
        linear.add_rows(name, shape, [(row, columns[:, 1:], rise), (row, columns[:, :-1], -rise)], low=0.0)


def one_template_a_site(model: Model) -> None:
    """Σ_o of a site open[o,t] ≤ 1."""
    instance, linear = model.instance, model.linear
    count = np.bincount(instance.site_of, minlength=len(instance.sites))
    shared = np.flatnonzero(count > 1)
    at = np.full(len(instance.sites), -1)
    at[shared] = np.arange(len(shared))
    t_count = len(instance.periods)
    options = np.flatnonzero(at[instance.site_of] >= 0)
    row = at[instance.site_of[options]][:, None] * t_count + np.arange(t_count)
    linear.add_rows("one_template", (len(shared), t_count), [(row, linear.columns["open"][options], 1.0)], high=1.0)


def crews(model: Model) -> None:
    """people[o,t] × paid hours ≥ Σ_g crew_g × (Σ_j staffed_j run[j,·,t] − overtime[g,t])."""
    instance, linear, values = model.instance, model.linear, model.site_values
    shape = (len(instance.options), len(instance.periods))
    time, unit = np.arange(shape[1]), hours_unit(model.instance)
    everything = np.arange(np.prod(shape)).reshape(shape)
    crew, option = values.crew, instance.option_of
    column_option = option[instance.place_of]
    worked = (crew[instance.place_of] * instance.staffed)[:, None, None] / unit
    linear.add_rows(
        "crews",
        shape,
        [
            (everything, linear.columns["people"], values.paid_hours / unit),
            ((column_option[:, None] * shape[1] + time)[:, None, :], linear.columns["run"], -worked),
            (option[:, None] * shape[1] + time, linear.columns["overtime"], crew[:, None] / unit),
        ],
        low=0.0,
    )


def hiring(model: Model) -> None:
    """hired[o,t] ≥ (1 + turnover × years) people[o,t] − people[o,t−1]; an existing site starts with the people it
    needs."""
    instance, linear = model.instance, model.linear
    shape = (len(instance.options), len(instance.periods))
    everything = np.arange(np.prod(shape)).reshape(shape)
    turnover = np.array([instance.sites[o.site].turnover_per_year for o in instance.options])
    stays = np.ones(shape)
    stays[[o for o, option in enumerate(instance.options) if option.is_existing], 0] = 0.0
    people = linear.columns["people"]
    linear.add_rows(
        "hiring",
        shape,
        [
            (everything, linear.columns["hired"], 1.0),
            (everything, people, -(stays + turnover[:, None] * instance.weights.years)),
            (everything[:, 1:], people[:, :-1], 1.0),
        ],
        low=0.0,
    )


def people_need_site(model: Model) -> None:
    """people[o,t] ≤ most × open[o,t] where hires are limited, or dearer later than somebody who is kept until then:
    elsewhere nobody is paid before there is work."""
    instance, linear, values = model.instance, model.linear, model.site_values
    limited = [instance.sites[option.site].hires_per_quarter is not None for option in instance.options]
    idle = (values.person + values.hire)[:, :-1] > values.hire[:, 1:]  # hired early and kept, against hired when needed
    rows = np.flatnonzero(np.array(limited, dtype=bool) | idle.any(axis=1))
    crew = np.zeros(len(instance.options))
    np.maximum.at(crew, instance.option_of, values.crew)
    most = np.minimum(crew[:, None] * _most_hours(instance) / values.paid_hours, hireable(instance)[:, None])[rows]
    shape = (len(rows), len(instance.periods))
    row = np.arange(np.prod(shape)).reshape(shape)
    linear.add_rows(
        "people_need_site",
        shape,
        [(row, linear.columns["people"][rows], 1.0), (row, linear.columns["open"][rows], -most)],
        high=0.0,
    )


def rising_wage(model: Model) -> None:
    """Σ_k dear[o,t,k] = people[o,t]: the first people of the pool cost least, so the steps fill from below."""
    instance, linear = model.instance, model.linear
    dear = linear.columns["dear"]
    rows = np.flatnonzero(dear[:, 0, 0] >= 0) if dear.size else np.zeros(0, dtype=np.intp)
    t_count = len(instance.periods)
    row = np.arange(len(rows))[:, None] * t_count + np.arange(t_count)
    linear.add_rows(
        "rising_wage",
        (len(rows), t_count),
        [(row[:, :, None], dear[rows], 1.0), (row, linear.columns["people"][rows], -1.0)],
        0.0,
        0.0,
    )


def storage(model: Model) -> None:
    """Mean pallets of cycle, safety and season stock ≤ storage_pallets × open[o,t] + overflow[o,t]."""
    instance, arcs, linear = model.instance, model.arcs, model.linear
    if "overflow" not in linear.columns:
        return
    shape = (len(instance.options), len(instance.periods))
    time = np.arange(shape[1])
    everything = np.arange(np.prod(shape)).reshape(shape)
    own = np.array([o.template.storage_pallets for o in instance.options])[:, None]
    pallets = model.of_arcs("pallets")
    half = model.arc_values.stored_pallets / 2
    unit = max(1.0, float(2.0 ** np.round(np.log2(pallets.max())))) if pallets.size and pallets.max() > 0 else 1.0
    lots: list[Term] = [
        (o * shape[1] + time, linear.columns["lots"][o, f], lot_pallets(instance, packer, f) / unit)
        for o, packer in packed(instance)
        for f in range(len(instance.families))
    ]
    linear.add_rows(
        "storage",
        shape,
        [
            *lots,
            (arcs.option[:, None] * shape[1] + time, linear.columns["flow"], pallets / unit),
            (everything[:, None, :], linear.columns["stored"], half / unit),
            (everything[:, None, 1:], linear.columns["stored"][:, :, :-1], half[:, :, :-1] / unit),
            (everything, linear.columns["open"], -own / unit),
            (everything, linear.columns["overflow"], -1.0 / unit),
        ],
        high=0.0,
    )


def flow_needs_open(model: Model) -> None:
    """flow[o,m,f,t] ≤ open[o,t]: a closed site ships nothing, not even stock; it also makes the bound strong."""
    arcs, linear = model.arcs, model.linear
    free = np.array([not o.is_existing or o.may_close for o in model.instance.options])
    rows = np.flatnonzero(free[arcs.option])
    shape = (len(rows), len(model.instance.periods))
    row = np.arange(np.prod(shape)).reshape(shape)
    linear.add_rows(
        "flow_open",
        shape,
        [(row, linear.columns["flow"][rows], 1.0), (row, linear.columns["open"][arcs.option[rows]], -1.0)],
        high=0.0,
    )


def segregated_sites(model: Model) -> None:
    """Under ``allergen:site`` an option runs families with the allergen or families without it, never both.

    Σ_j,t run of one kind ≤ most hours × holds[o,r], of the other kind ≤ most hours × (1 − holds[o,r]).
    """
    instance, linear = model.instance, model.linear
    rules = [rule.split(":")[0] for rule in instance.network.policy.segregation if rule.endswith(":site")]
    if not rules:
        return
    holds = linear.add_columns("holds", np.zeros((len(instance.options), len(rules))), 0.0, 1.0, whole=True)
    option = instance.option_of[instance.place_of]
    most = _most_hours(instance)
    unit, t_count = hours_unit(model.instance), len(instance.periods)
    for r, allergen in enumerate(rules):
        with_it = families_with(instance, allergen)
        for name, kind in ((f"segregation_{allergen}", with_it), (f"segregation_free_of_{allergen}", ~with_it)):
            shape = (len(instance.options), t_count)
            row = option[:, None, None] * t_count + np.arange(t_count)
            everything = np.arange(np.prod(shape)).reshape(shape)
            sign = -1.0 if kind is with_it else 1.0
            linear.add_rows(
                name,
                shape,
                [
                    (row, linear.columns["run"], kind[None, :, None] / unit),
                    (everything, holds[:, [r]], sign * most / unit),
                ],
                high=np.where(sign < 0, 0.0, most / unit),
            )


def families_with(instance: Instance, allergen: str) -> NDArray[np.bool_]:
    """Families of which some product contains the allergen."""
    out = np.zeros(len(instance.families), dtype=bool)
    for product, f in zip(instance.products, instance.family_of, strict=True):
        out[f] |= allergen in product.allergens
    return out


def _most_hours(instance: Instance) -> Floats:
    """Line hours (o, t) of an option with every line that fits."""
    most: dict[tuple[int, str], int] = {}
    for place in instance.places:
        key = (place.option, place.line.id)
        most[key] = max(most.get(key, 0), place.standing)
    lines = np.array([o.maximum_added for o in instance.options], dtype=np.float64)
    for (option, _), standing in most.items():
        lines[option] += standing
    return lines[:, None] * (instance.open_hours + instance.overtime_hours)


def most_sites(model: Model) -> None:
    """Σ_o open[o,t] ≤ policy.maximum_sites."""
    instance, linear = model.instance, model.linear
    limit = instance.network.policy.maximum_sites
    if limit is not None:
        t_count = len(instance.periods)
        ours = [o for o, option in enumerate(instance.options) if option.packer is None]
        terms = [(np.arange(t_count), linear.columns["open"][ours], 1.0)]
        linear.add_rows("maximum_sites", (t_count,), terms, high=limit)


def site_share(model: Model) -> None:
    """Units received from option o ≤ policy.maximum_site_share × all units received, in each period."""
    instance, arcs, linear = model.instance, model.arcs, model.linear
    share = instance.network.policy.maximum_site_share
    if share >= 1:
        return
    units = family_demand(instance)[arcs.market, arcs.family]
    unit = max(float(units.max()), 1.0) if units.size else 1.0
    shape = (len(instance.options), len(instance.periods))
    time = np.arange(shape[1])
    everyone = np.arange(shape[0])[:, None, None] * shape[1] + time
    linear.add_rows(
        "maximum_site_share",
        shape,
        [
            (arcs.option[:, None] * shape[1] + time, linear.columns["flow"], units / unit),
            (everyone, linear.columns["flow"][None], -share * units[None] / unit),
        ],
        high=0.0,
    )


def budget(model: Model) -> None:
    """Capital spent ≤ policy.capex_budget_per_quarter × quarters in each period, ≤ policy.capex_budget in all."""
    instance, linear, values = model.instance, model.linear, model.site_values
    policy = instance.network.policy
    limits = (policy.capex_budget_per_quarter, policy.capex_budget)
    if limits == (None, None):
        return
    t_count = len(instance.periods)
    terms = [
        (linear.columns["open"], spent_by_level(values.spend_site)),
        (linear.columns["added"], spent_by_level(values.spend_line)),
    ]
    if instance.upgrades:
        terms.append((linear.columns["upgraded"], spent_by_level(values.spend_upgrade)))
    if values.spend_first:
        terms.append((linear.columns["first"], spent_by_level(np.array(list(values.spend_first.values())))))
    quarters = np.array([period.quarters for period in instance.periods])
    time = np.arange(t_count)
    if limits[0] is not None:
        entries: list[Term] = [(time, columns[:, :, None], spent / model.scale) for columns, spent in terms]
        linear.add_rows("budget_quarter", (t_count,), entries, high=limits[0] * quarters / model.scale)
    if limits[1] is not None:
        entries = [(0, columns, spent.sum(axis=2) / model.scale) for columns, spent in terms]
        linear.add_rows("budget", (1,), entries, high=limits[1] / model.scale)


def first_copies(model: Model) -> None:
    """first[k,t] ≥ open[o,t] for every option of template k, and first never falls."""
    instance, linear = model.instance, model.linear
    if "first" not in linear.columns:
        return
    names = list(model.site_values.first_copy)
    options = [o for o, option in enumerate(instance.options) if option.template.id in names and not option.is_existing]
    kind = np.array([names.index(instance.options[o].template.id) for o in options], dtype=np.intp)
    first = linear.columns["first"]
    shape = (len(options), len(instance.periods))
    row = np.arange(np.prod(shape)).reshape(shape)
    linear.add_rows(
        "first_copy", shape, [(row, first[kind], 1.0), (row, linear.columns["open"][options], -1.0)], low=0.0
    )
    shape = (len(names), max(len(instance.periods) - 1, 0))
    row = np.arange(np.prod(shape)).reshape(shape)
    linear.add_rows("first_order", shape, [(row, first[:, 1:], 1.0), (row, first[:, :-1], -1.0)], low=0.0)


EQUATIONS: tuple[Callable[[Model], None], ...] = (
    demand_is_met,
    make_is_shipped,
    contracts_are_made_to_order,
    making_is_positive,
    capacity,
    wheel_capacity,
    wheels_share_lines,
    stops_take_hours,
    lines_need_site,
    sites_stay,
    *UPGRADE_EQUATIONS,
    one_template_a_site,
    crews,
    hiring,
    people_need_site,
    rising_wage,
    storage,
    segregated_sites,
    most_sites,
    site_share,
    budget,
    first_copies,
    packers_last,
    take_or_pay,
    runs_are_lots,
    houses_stay,
    routes_need_houses,
    needs_are_covered,
    tiers_are_reached,
    orders_lie,
    supplier_capacity,
)
"""Every equation, in the order of the reference page."""
