"""Wheels that run every family of their line: with them nobody has to choose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.instance import Instance
from manyworks.plan.equations.values import SiteValues


def wide_columns(instance: Instance) -> NDArray[np.bool_] | None:
    """Of each line place the column whose wheel runs all families that any of its wheels runs, (columns,); None where
    some place has no such wheel."""
    chosen = np.zeros(len(instance.columns), dtype=bool)
    runs: list[set[int]] = [set() for _ in instance.places]
    for column in instance.columns:
        runs[column.place].update(column.families)
    for g in range(len(instance.places)):
        mine = [j for j, column in enumerate(instance.columns) if column.place == g]
        widest = [j for j in mine if set(instance.columns[j].families) == runs[g]]
        if mine and not widest:
            return None
        chosen[widest[:1]] = True
    return chosen


def with_wide_wheels(instance: Instance, values: SiteValues) -> tuple[Instance, SiteValues]:
    """The same network in which each line runs its widest wheel: its plans are plans of the whole one."""
    wide = wide_columns(instance)
    if wide is None:
        return instance, values
    at = np.flatnonzero(wide)
    columns = tuple(instance.columns[j] for j in at)
    narrow = replace(instance, columns=columns, work=instance.work[at], staffed=instance.staffed[at])
    return narrow, replace(values, run=values.run[at])


def must_choose_wheels(instance: Instance) -> bool:
    """Whether designs are compared by who shares a line: a place may be upgraded, or has several wheels, and either
    none of them runs every family or there are few enough to give lines to them exactly."""
    if instance.upgrades:
        return True
    if len(instance.columns) <= len(instance.places):
        return False
    return len(instance.columns) * len(instance.periods) <= FEW_WHEELS or wide_columns(instance) is None


FEW_WHEELS = 1_500
"""Wheels × periods up to which lines are given to wheels exactly."""
