"""Upgrades of what stands: from which quarter on, and where the lines of the start then are.

A line type that may be upgraded has one line place for each set of upgrades that may be combined, with the wheels,
rates and lines that these leave it. Whole numbers say which upgrades work; they put all lines of the start into just
one of these places.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from manyworks.model.upgrades import lost_quarters, upgraded_lines
from manyworks.plan.equations.instance import Instance
from manyworks.plan.equations.levels import finite, hours_unit, ready_lines, spent_by_level, telescoped
from manyworks.plan.equations.stops import stopped_terms

if TYPE_CHECKING:
    from manyworks.plan.equations.formulation import Model

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def add_upgrades(model: Model) -> None:
    """Columns ``upgraded`` (u, t) and ``stands`` (g, t); the latter is ``open`` where nothing may be upgraded."""
    instance, values, linear = model.instance, model.site_values, model.linear
    shape = (len(instance.upgrades), len(instance.periods))
    ready = np.maximum.accumulate(np.isfinite(values.upgrade).reshape(shape), axis=1)
    linear.add_columns(
        "upgraded", telescoped(finite(values.upgrade.reshape(shape))) / model.scale, 0.0, ready, whole=True
    )
    stands = linear.columns["open"][instance.option_of]
    changing = np.array([g for group in instance.groups for g in group], dtype=np.intp)
    if len(changing):
        stands = stands.copy()
        stands[changing] = linear.add_columns("in_place", _in_place(model, changing) / model.scale, 0.0, 1.0)
    linear.columns["stands"] = stands


def _in_place(model: Model, changing: Ints) -> Floats:
    """Value (places, t) of the lines of the start, and of the upgrades, while they are in a place."""
    instance, values = model.instance, model.site_values
    standing = np.array([instance.places[g].standing for g in changing], dtype=np.float64)[:, None]
    value = standing * values.line[changing]
    value[:, -1] += (standing[:, 0] * values.keep_line[changing]).ravel()
    firsts = _first_lines(instance)
    for row, g in enumerate(changing.tolist()):
        place = instance.places[g]
        for u, upgrade in enumerate(instance.upgrades):
            if upgrade.id in place.upgrades and firsts[u] == place.line.id:
                value[row] += values.upgraded[u]
                value[row, -1] += values.keep_upgrade[u]
    return np.asarray(value)


def _first_lines(instance: Instance) -> list[str]:
    """The line type at which each upgrade's own cost of standing is counted."""
    return [next(iter(upgraded_lines(instance.network, row))) for row in instance.upgrades]


def upgrades_place_lines(model: Model) -> None:
    """Σ_g of a line type stands[g,t] = open[o,t]; with u: Σ_g∋u stands ≤ upgraded[u,t], without: ≤ 1 − upgraded."""
    instance, linear = model.instance, model.linear
    t_count = len(instance.periods)
    time, stands = np.arange(t_count), linear.columns["stands"]
    for group in instance.groups:
        option, line = instance.places[group[0]].option, instance.places[group[0]].line.id
        key = f"{instance.sites[instance.options[option].site].id}_{line}"
        linear.add_rows(
            f"one_place_{key}",
            (t_count,),
            [(time, stands[list(group)], 1.0), (time, linear.columns["open"][option], -1.0)],
            0.0,
            0.0,
        )
        for u, upgrade in enumerate(instance.upgrades):
            has = [g for g in group if upgrade.id in instance.places[g].upgrades]
            lacks = [g for g in group if g not in has]
            if has:
                column = linear.columns["upgraded"][u]
                rows = [(time, stands[has], 1.0), (time, column, -1.0)]
                linear.add_rows(f"with_{upgrade.id}_{key}", (t_count,), rows, high=0.0)
                rows = [(time, stands[lacks], 1.0), (time, column, 1.0)]
                linear.add_rows(f"without_{upgrade.id}_{key}", (t_count,), rows, high=1.0)


def upgrades_stay(model: Model) -> None:
    """Upgraded never falls; it rises only while the site is open: upgraded[u,t] − upgraded[u,t−1] ≤ open[o,t]."""
    instance, linear = model.instance, model.linear
    shape = (len(instance.upgrades), len(instance.periods))
    if not shape[0]:
        return
    column, everything = linear.columns["upgraded"], np.arange(np.prod(shape)).reshape(shape)
    rise = [(everything, column, 1.0), (everything[:, 1:], column[:, :-1], -1.0)]
    sites = {instance.sites[option.site].id: o for o, option in enumerate(instance.options) if option.is_existing}
    option = [sites[row.site] for row in instance.upgrades]
    linear.add_rows("upgrade_order", shape, rise, low=0.0)
    needs = [*rise, (everything, linear.columns["open"][option], -1.0)]
    linear.add_rows("upgrade_needs_site", shape, needs, high=0.0)


def downtime(model: Model) -> None:
    """All lines of a type: Σ staffed hours ≤ open_hours × (lines ready − lines that stand for an upgrade) + overtime.

    Lines that stand for an upgrade = installed lines × Σ_τ lost[u,t,τ] × (upgraded[u,τ] − upgraded[u,τ−1]); they work
    no overtime either.
    """
    instance, linear = model.instance, model.linear
    lost = _lost_by_level(instance)
    unit, time = hours_unit(instance), np.arange(len(instance.periods))
    ready = ready_lines(instance)
    for group in instance.groups:
        base, members = instance.places[group[0]], list(group)
        mine = [u for u, row in enumerate(instance.upgrades) if _concerns(instance, group, row.id) and lost[u].any()]
        if not mine:
            continue
        columns = np.flatnonzero(np.isin(instance.place_of, members))
        lines = np.array([instance.places[g].standing for g in members], dtype=np.float64)[:, None]
        hours, over = instance.open_hours[base.option], instance.overtime_hours[base.option]
        worked = instance.staffed[columns][:, None, None] * instance.peak[None]
        key = f"{instance.sites[instance.options[base.option].site].id}_{base.line.id}"
        stopped = base.standing * lost[mine]
        upgraded = linear.columns["upgraded"][mine][:, None, :]
        row_of = np.full((len(instance.places), len(time)), -1, dtype=np.intp)
        row_of[members] = time
        linear.add_rows(
            f"downtime_{key}",
            time.shape,
            [
                (time, linear.columns["run"][columns], worked / unit),
                (time, linear.columns["overtime"][members], -1.0 / unit),
                (time, linear.columns["stands"][members], -lines * hours / unit),
                (
                    time[None, :, None],
                    linear.columns["added"][members][:, None, :],
                    -ready[members] * hours[None, :, None] / unit,
                ),
                (time[None, :, None], upgraded, stopped * hours[None, :, None] / unit),
                *stopped_terms(model, row_of),
            ],
            high=0.0,
        )
        linear.add_rows(
            f"downtime_overtime_{key}",
            time.shape,
            [
                (time, linear.columns["overtime"][members], 1.0 / unit),
                (time, linear.columns["stands"][members], -lines * over / unit),
                (time, linear.columns["added"][members], -over / unit),
                (time[None, :, None], upgraded, stopped * over[None, :, None] / unit),
            ],
            high=0.0,
        )


def _concerns(instance: Instance, group: tuple[int, ...], upgrade: str) -> bool:
    return any(upgrade in instance.places[g].upgrades for g in group)


def _lost_by_level(instance: Instance) -> Floats:
    """Share of period t's hours that lines stand, per unit of the level upgraded[u, τ]: (u, t, τ)."""
    return spent_by_level(lost_shares(instance)).transpose(0, 2, 1)


def lost_shares(instance: Instance) -> Floats:
    """Share of the hours of period t that an upgrade which works from period τ on takes, (u, τ, t)."""
    count = len(instance.periods)
    shares = np.zeros((len(instance.upgrades), count, count))
    for u, row in enumerate(instance.upgrades):
        for start, ready in enumerate(instance.periods):
            for quarter, share in lost_quarters(row, ready.first_quarter).items():
                t = next(t for t, p in enumerate(instance.periods) if quarter < p.first_quarter + p.quarters)
                shares[u, start, t] += share / instance.periods[t].quarters
    return shares


UPGRADE_EQUATIONS: tuple[Callable[[Model], None], ...] = (upgrades_place_lines, upgrades_stay, downtime)
"""What upgrades add to the equations; nothing where no upgrade may be chosen."""
