"""What an hour of a line is worth or costs in each option, its crew included."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.instance import Instance
from manyworks.plan.equations.values import SiteValues

Floats = NDArray[np.float64]
RENT = 1.6
"""Full cost of a line hour over the yearly cost of its line: capital comes on top."""


def hour_rent(instance: Instance, values: SiteValues) -> Floats:
    """About what an hour of a line costs, (o, t), as a positive value."""
    hours = np.where(instance.open_hours > 0, instance.open_hours, np.inf)
    return np.maximum(-_best_line(instance, values) * RENT / hours, 0.0)


def _best_line(instance: Instance, values: SiteValues) -> Floats:
    best = np.full((len(instance.options), len(instance.periods)), -np.inf)
    np.maximum.at(best, instance.option_of, values.line)
    return np.where(np.isfinite(best), best, 0.0)


def person_value(instance: Instance, values: SiteValues) -> Floats:
    """Most that a person employed can be worth, (o, t), wages and hiring; at most 0.

    The hiring row has a price between what a hire costs and nothing: less than a hire where keeping somebody idle
    before costs less, as in the first quarter of a last year that stands for all later ones.
    """
    turnover = np.array([instance.sites[o.site].turnover_per_year for o in instance.options])
    stays = np.ones(values.person.shape)
    stays[[o for o, option in enumerate(instance.options) if option.is_existing], 0] = 0.0
    grown = stays + turnover[:, None] * instance.weights.years
    price = values.hire.copy()
    for t in range(1, price.shape[1]):
        price[:, t] = np.maximum(price[:, t], values.person[:, t - 1] + price[:, t - 1] * grown[:, t - 1])
    later = np.concatenate([price[:, 1:], np.zeros_like(price[:, :1])], axis=1)
    return np.asarray(np.minimum(values.person + price * grown - later, 0.0))


def crew_hour(instance: Instance, values: SiteValues) -> Floats:
    """Value (g, t) of one staffed regular hour of a line's crew."""
    a_person = person_value(instance, values) / values.paid_hours
    return values.crew[:, None] * a_person[instance.option_of]


def overtime_premium(instance: Instance, values: SiteValues) -> Floats:
    """Cost (o, t) of an overtime hour beyond a regular one; the least of an option's line places."""
    premium = np.full((len(instance.options), len(instance.periods)), np.inf)
    np.minimum.at(premium, instance.option_of, crew_hour(instance, values) - values.overtime)
    return np.where(np.isfinite(premium), premium, 0.0)


def cheapest_hour(
    instance: Instance, values: SiteValues, columns: NDArray[np.bool_] | None = None
) -> tuple[Floats, Floats]:
    """Highest value of making one reference hour, and fewest line hours that it takes, (o, f, t), over all wheels, or
    over some ``columns``."""
    shape = (len(instance.options), len(instance.families), len(instance.periods))
    value, hours = np.full(shape, -np.inf), np.full(shape, np.inf)
    crew = crew_hour(instance, values)
    for j, column in enumerate(instance.columns):
        o = instance.places[column.place].option
        for f in column.families if columns is None or columns[j] else ():
            an_hour = instance.work[j, f] * (values.run[j] + instance.staffed[j] * crew[column.place])
            value[o, f] = np.maximum(value[o, f], an_hour)
            hours[o, f] = np.minimum(hours[o, f], instance.staffed[j] * instance.work[j, f] * instance.peak[f])
    return value, hours


def staffed_hours(instance: Instance, values: SiteValues) -> Floats:
    """Regular line hours (o, t) for which there are people at most: those of the pool, hired as fast as may be since
    the start.

    Inf where the crews of an option's lines differ, or the busiest part of a period binds: people are no limit there.
    """
    quarters = np.array([period.quarters for period in instance.periods])
    hours = np.full((len(instance.options), len(quarters)), np.inf)
    steady = (instance.peak <= 1).all(axis=0)
    for o, option in enumerate(instance.options):
        site, crews = instance.sites[option.site], np.unique(values.crew[instance.option_of == o])
        if len(crews) != 1 or crews[0] <= 0:
            continue
        pool = np.inf if site.labour_pool is None else site.labour_pool * site.hireable_share
        hires = np.inf if site.hires_per_quarter is None else site.hires_per_quarter
        people = 0.0
        for t, count in enumerate(quarters):
            kept = 0.0 if option.is_existing and t == 0 else 1.0
            leaving = kept + site.turnover_per_year * instance.weights.years[t]
            people = min(pool, (hires * count + people) / leaving if leaving > 0 else np.inf)
            hours[o, t] = people * values.paid_hours[o, t] / crews[0]
    return np.where(steady, hours, np.inf)
