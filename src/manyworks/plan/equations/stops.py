"""Changeovers that stop a whole site: hours that a wheel takes from the lines on the other wheels of its site.

Lines on one wheel change together. A wheel of n lines that works X hours in all turns for X / n hours, in which it
stops the site for site_share × X / n hours; each line on another wheel loses these. Both products of decisions are
exact and linear once the number of lines on a wheel is counted in zeros and ones: at_least[k,n] is 1 where a wheel has
n lines or more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.instance import Instance
from manyworks.plan.equations.levels import hours_unit
from manyworks.plan.linear import Term

if TYPE_CHECKING:
    from manyworks.plan.equations.formulation import Model

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def stopping_options(instance: Instance) -> NDArray[np.bool_]:
    """Options (o,) where a wheel may stop lines that are on another one."""
    count = len(instance.options)
    option = instance.option_of[instance.place_of]
    stops = np.array([column.wheel.site_share > 0 for column in instance.columns], dtype=bool)
    wheels = np.bincount(option, minlength=count)
    return np.asarray((wheels > 1) & (np.bincount(option, weights=stops, minlength=count) > 0))


def stopped_wheels(instance: Instance) -> Ints:
    """Columns of these options, (k,)."""
    return np.flatnonzero(stopping_options(instance)[instance.option_of[instance.place_of]])


def add_stops(model: Model) -> None:
    """Columns ``at_least`` (k, n, t), ``turning`` (k, t) hours for which a wheel turns, ``stopped`` (k, t) line hours
    that it loses to others."""
    instance, linear = model.instance, model.linear
    wheels, t_count = stopped_wheels(instance), len(instance.periods)
    most = _most_lines(instance, wheels)
    number = np.arange(1, int(most.max(initial=0)) + 1)
    high = (number <= most[:, None]).astype(np.float64)[:, :, None]
    shape = (len(wheels), len(number), t_count)
    linear.add_columns("at_least", np.zeros(shape), 0.0, high, whole=True)
    linear.add_columns("turning", np.zeros((len(wheels), t_count)))
    linear.add_columns("stopped", np.zeros((len(wheels), t_count)))


def _most_lines(instance: Instance, wheels: Ints) -> Ints:
    places = [instance.places[g] for g in instance.place_of[wheels]]
    added = [instance.options[p.option].maximum_added * p.may_add for p in places]
    return np.array([p.standing + more for p, more in zip(places, added, strict=True)], dtype=np.intp)


def stops_take_hours(model: Model) -> None:
    """N turning[k] ≥ hours of k − (N − n) hours × at_least[k,n+1], and, with s = Σ_j≠k site_share_j turning[j],
    stopped[k] ≥ n s − n hours (1 − at_least[k,n]) for n = 1 … N; hours of k + stopped[k] ≤ hours × used[k]."""
    instance, linear = model.instance, model.linear
    wheels, t_count, unit = stopped_wheels(instance), len(instance.periods), hours_unit(instance)
    if not len(wheels):
        return
    option = instance.option_of[instance.place_of[wheels]]
    whole = (instance.open_hours + instance.overtime_hours)[option]
    worked = instance.staffed[wheels][:, None, None] * instance.peak[None]
    run, used = linear.columns["run"][wheels], linear.columns["used"][wheels]
    turning, stopped, at_least = (linear.columns[name] for name in ("turning", "stopped", "at_least"))
    k_count, n_count, time = len(wheels), at_least.shape[1], np.arange(t_count)
    row = np.arange(k_count)[:, None] * t_count + time
    lines = np.arange(1, n_count + 1)
    linear.add_rows("lines_counted", row.shape, [(row, used, 1.0), (row[:, None, :], at_least, -1.0)], 0.0, 0.0)
    shape = (k_count, max(n_count - 1, 0), t_count)
    at = np.arange(np.prod(shape)).reshape(shape)
    linear.add_rows("lines_in_order", shape, [(at, at_least[:, :-1], 1.0), (at, at_least[:, 1:], -1.0)], low=0.0)
    shape = (k_count, n_count, t_count)
    at = np.arange(np.prod(shape)).reshape(shape)
    rest = np.maximum(_most_lines(instance, wheels)[:, None] - lines, 0)[:, :-1, None]
    linear.add_rows(
        "turning",
        shape,
        [
            (at, turning[:, None, :], lines[:, None] / unit),
            (at[:, :, None, :], run[:, None, :, :], -worked[:, None] / unit),
            (at[:, :-1], at_least[:, 1:], rest * whole[:, None, :] / unit),
        ],
        low=0.0,
    )
    terms, high = _losses(instance, wheels, option, whole, at, turning, lines)
    terms += [(at, stopped[:, None, :], 1.0 / unit), (at, at_least, -high / unit)]
    linear.add_rows("stopped", shape, terms, low=-high / unit)
    linear.add_rows(
        "stopped_wheel",
        row.shape,
        [
            (row[:, None, :], run, worked / unit),
            (row, stopped, 1.0 / unit),
            (row, used, -whole / unit),
        ],
        high=0.0,
    )


def _losses(
    instance: Instance, wheels: Ints, option: Ints, whole: Floats, at: Ints, turning: Ints, lines: Ints
) -> tuple[list[Term], Floats]:
    """Terms −n Σ_j≠k site_share_j turning[j], and n × the most that the sum can be, (k, n, t)."""
    unit = hours_unit(instance)
    share = np.array([instance.columns[j].wheel.site_share for j in wheels])
    others = (option[:, None] == option) & ~np.eye(len(wheels), dtype=bool)
    taken = others * share
    k, j = np.nonzero(taken > 0)
    terms: list[Term] = [(at[k], turning[j][:, None, :], -lines[:, None] * share[j][:, None, None] / unit)]
    most = np.minimum(taken.sum(axis=1), 1.0)[:, None] * whole
    return terms, lines[:, None] * most[:, None, :]


def stopped_terms(model: Model, row_of: Ints) -> list[Term]:
    """Hours lost in the rows of line places; ``row_of`` (g, t) are their positions, −1 for none."""
    wheels = stopped_wheels(model.instance)
    rows = row_of[model.instance.place_of[wheels]]
    kept = np.flatnonzero(rows[:, 0] >= 0) if len(wheels) else wheels
    unit = hours_unit(model.instance)
    return [(rows[kept], model.linear.columns["stopped"][kept], 1.0 / unit)] if len(kept) else []
