"""How many people a site can have at most, and the hours of lines that they can staff."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.instance import Instance
from manyworks.plan.equations.values import SiteValues

Floats = NDArray[np.float64]


def most_hours(instance: Instance, values: SiteValues) -> Floats:
    """Regular line hours (options, periods) that the people of the pool, hired as fast as may be, can staff.

    Inf where crews differ between lines, or where the busiest quarter of a year binds: there people are no limit here.
    """
    people = _most_people(instance)
    hours = np.full(people.shape, np.inf)
    for o in range(len(people)):
        crews = {float(values.crew[g]) for g, place in enumerate(instance.places) if place.option == o}
        if len(crews) == 1 and (crew := crews.pop()) > 0:
            hours[o] = people[o] * values.paid_hours[o] / crew
    return np.where((instance.peak <= 1).all(axis=0), hours, np.inf)


def _most_people(instance: Instance) -> Floats:
    """Most people (options, periods): of the pool, and by what can be hired since the start."""
    years, quarters = instance.weights.years, [period.quarters for period in instance.periods]
    most = np.full((len(instance.options), len(quarters)), np.inf)
    for o, option in enumerate(instance.options):
        site = instance.sites[option.site]
        pool = np.inf if site.labour_pool is None else site.labour_pool * site.hireable_share
        before = 0.0
        for t, count in enumerate(quarters):
            hired = np.inf if site.hires_per_quarter is None else site.hires_per_quarter * count
            stays = 0.0 if option.is_existing and t == 0 else 1.0
            leaving = stays + site.turnover_per_year * years[t]
            most[o, t] = min(pool, (hired + before) / leaving if leaving > 0 else np.inf)
            before = most[o, t]
    return most
