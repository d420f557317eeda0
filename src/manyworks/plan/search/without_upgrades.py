"""What large networks are priced without: upgrades, relaxed outward, so that the bound holds for plans that use them.

Plans are told apart by the upgrades that they ever choose. Of each kind the lines of the start may run every wheel that
some of these upgrades would leave them, in every period, with the lines that they would add for nothing; each of the
upgrades is paid at its cheapest time. What is left out can only cost more, so the largest bound of all kinds holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np

from manyworks.plan.equations.instance import Instance
from manyworks.plan.equations.values import SiteValues

FEW = 2
"""Up to so many upgrades every set of them is a kind; beyond, plans without any and plans with some."""


def kinds(instance: Instance, values: SiteValues) -> Iterator[tuple[Instance, SiteValues]]:
    """An instance and its values without upgrades for each kind of plan; the given ones where there are none."""
    if not instance.upgrades:
        yield instance, values
        return
    names = [row.id for row in instance.upgrades]
    dearest = {name: float(values.upgrade[u].max()) for u, name in enumerate(names)}
    names = [name for name in names if np.isfinite(dearest[name])]
    if len(names) <= FEW:
        for size in range(len(names) + 1):
            for chosen in combinations(names, size):
                yield _relaxed(instance, values, frozenset(chosen), sum(dearest[name] for name in chosen))
        return
    yield _relaxed(instance, values, frozenset(), 0.0)
    gain = sum(max(dearest[name], 0.0) for name in names)
    yield _relaxed(instance, values, frozenset(names), min(max(dearest.values()), 0.0) + gain)


def _relaxed(
    instance: Instance, values: SiteValues, chosen: frozenset[str], worth: float
) -> tuple[Instance, SiteValues]:
    """Every line place once, with the wheels of all upgrades in ``chosen``, and ``worth`` paid."""
    may_be = [set(place.upgrades) <= chosen for place in instance.places]
    first: dict[tuple[int, str], int] = {}
    for g, place in enumerate(instance.places):
        first.setdefault((place.option, place.line.id), g)
    kept = sorted(first.values())
    at = {g: kept.index(first[place.option, place.line.id]) for g, place in enumerate(instance.places)}
    most = [instance.places[g].standing for g in kept]
    for g, place in enumerate(instance.places):
        if may_be[g]:
            most[at[g]] = max(most[at[g]], place.standing)
    columns = [j for j, column in enumerate(instance.columns) if may_be[column.place]]
    columns.sort(key=lambda j: (at[instance.columns[j].place], j))
    site, keep = values.site.copy(), values.keep_site.copy()
    for k, g in enumerate(kept):  # Lines that upgrades add are counted with those that stand, and cost nothing.
        more, option = most[k] - instance.places[g].standing, instance.places[g].option
        site[option] -= more * values.line[g]
        keep[option] -= more * values.keep_line[g]
    thinner = replace(
        instance,
        places=tuple(replace(instance.places[g], standing=most[k]) for k, g in enumerate(kept)),
        columns=tuple(replace(instance.columns[j], place=at[instance.columns[j].place]) for j in columns),
        work=instance.work[columns],
        staffed=instance.staffed[columns],
        upgrades=(),
    )
    of_places = ("overtime", "line", "add_line", "keep_line", "crew", "spend_line")
    none = slice(0, 0)
    cheaper = replace(
        values,
        **{name: getattr(values, name)[kept] for name in of_places},
        run=values.run[columns],
        site=site,
        keep_site=keep,
        upgrade=values.upgrade[none],
        upgraded=values.upgraded[none],
        keep_upgrade=values.keep_upgrade[none],
        spend_upgrade=values.spend_upgrade[none],
        constant=values.constant + worth,
    )
    return thinner, cheaper
