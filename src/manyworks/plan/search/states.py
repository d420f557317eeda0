"""Designs of one option: how many lines stand, and what it is worth to go from one state to the next.

State 0 is closed. Further states are the numbers of standing lines, one by one, of an option's only line place; options
with several line types count lines of the type with the cheapest hour and, as an outward relaxation, hours of the
fastest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.instance import Instance
from manyworks.plan.equations.options import Option
from manyworks.plan.equations.values import SiteValues

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class States:
    """States of every option, padded to the largest number k of them.

    ``lines`` (o, k) standing lines, ``exists`` (o, k) whether the state is one. ``start`` (o,) the state before the
    horizon. ``hold`` (o, t, k) value of standing through a period, flows apart. ``add`` (o, t) value of one more line
    ready in t, ``enter`` (o, t) of opening in t, -inf where it cannot be; ``leave`` (o, t) of an existing site that
    closes, ``may_leave``, ``must_leave_by`` (o,) the first period in which it must be closed, or the number of periods.
    """

    lines: Floats
    exists: NDArray[np.bool_]
    start: NDArray[np.intp]
    hold: Floats
    add: Floats
    enter: Floats
    leave: Floats
    may_leave: NDArray[np.bool_]
    must_leave_by: NDArray[np.intp]
    is_existing: NDArray[np.bool_]


def site_states(instance: Instance, values: SiteValues) -> States:
    """States of all options."""
    options, t_count = instance.options, len(instance.periods)
    standing = np.zeros(len(options), dtype=np.intp)
    for place in instance.places:
        standing[place.option] += 0 if place.upgrades else place.standing
    counts = [_line_counts(int(standing[o]), option) for o, option in enumerate(options)]
    width = max((len(count) for count in counts), default=1)
    lines, exists = np.zeros((len(options), width)), np.zeros((len(options), width), dtype=bool)
    for o, count in enumerate(counts):
        lines[o, : len(count)], exists[o, : len(count)] = count, True
    a_line, add, keep = _best_lines(instance, values)
    is_open = (lines > 0) | _open_without_lines(exists)
    hold = is_open[:, None, :] * values.site[:, :, None] + lines[:, None, :] * a_line[:, :, None]
    hold[:, -1] += is_open * values.keep_site[:, None] + lines * keep[:, None]
    existing = np.array([option.is_existing for option in options])
    quarters = sum(period.quarters == 1 for period in instance.periods)
    last = min(quarters, t_count - 1)
    return States(
        lines=lines,
        exists=exists,
        start=np.where(existing, 1, 0),
        hold=hold,
        add=add,
        enter=values.open_site,
        leave=values.close_site,
        may_leave=np.array([option.may_close for option in options]),
        must_leave_by=np.array([last if option.must_close else t_count for option in options], dtype=np.intp),
        is_existing=existing,
    )


def _line_counts(standing: int, option: Option) -> list[int]:
    """Standing lines by state; state 0 is closed."""
    if option.is_existing:
        return [0, *range(standing, standing + option.maximum_added + 1)]
    return [0, *range(max(option.template.minimum_lines, 0), option.maximum_added + 1)]


def _open_without_lines(exists: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """States after the first are open even where they hold no line."""
    return exists & (np.arange(exists.shape[1]) > 0)


def best_place(instance: Instance, values: SiteValues) -> NDArray[np.intp]:
    """Line place of each option that additions go to, (o,): the dearest to use is left; -1 where nothing may be
    added."""
    best = np.full(len(instance.options), -1, dtype=np.intp)
    hours = instance.open_hours.sum(axis=1)
    for g, place in enumerate(instance.places):
        if not place.may_add:
            continue
        rival = best[place.option]
        if rival < 0 or _hour_cost(instance, values, g, hours) < _hour_cost(instance, values, int(rival), hours):
            best[place.option] = g
    return best


def _hour_cost(instance: Instance, values: SiteValues, g: int, hours: Floats) -> float:
    """Present cost of a line per reference hour that it can make, over the horizon."""
    mine = [j for j, column in enumerate(instance.columns) if column.place == g]
    speed = max((1 / np.min(instance.work[j][list(instance.columns[j].families)]) for j in mine), default=1e-9)
    first = np.flatnonzero(np.isfinite(values.add_line[g]))
    capital = values.add_line[g, first[0]] if len(first) else 0.0
    return float(-(values.line[g].sum() + capital) / (hours[instance.places[g].option] * speed))


def _best_lines(instance: Instance, values: SiteValues) -> tuple[Floats, Floats, Floats]:
    """Of an option's line places the highest value of a standing line, of an added one, and of one kept at the end."""
    shape = (len(instance.options), len(instance.periods))
    a_line, add = np.full(shape, -np.inf), np.full(shape, -np.inf)
    keep = np.full(shape[0], -np.inf)
    np.maximum.at(a_line, instance.option_of, values.line)
    np.maximum.at(add, instance.option_of, values.add_line)
    np.maximum.at(keep, instance.option_of, values.keep_line)
    return np.where(np.isfinite(a_line), a_line, 0.0), add, np.where(np.isfinite(keep), keep, 0.0)
