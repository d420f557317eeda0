"""What a reference hour of make is worth and takes at each option: wheels, crews, and the people who must be hired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.instance import Instance
from manyworks.plan.equations.values import SiteValues

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Making:
    """``worth`` (families, periods) of making one reference hour, -inf where nothing runs it; ``hours`` (families,
    periods) of a line that it takes, inf there."""

    worth: Floats
    hours: Floats


def person_worth(instance: Instance, values: SiteValues) -> Floats:
    """Most that a person employed through a period can be worth, (options, periods), at most 0: wages and hiring.

    hired[t] ≥ a[t] people[t] − people[t−1] is priced at μ[t] between the worth of a hire and 0, so large that nobody is
    worth keeping idle: μ[t+1] = max(hire[t+1], person[t] + μ[t] a[t]). A person is then worth person[t] + μ[t] a[t] −
    μ[t+1].
    """
    turnover = np.array([instance.sites[option.site].turnover_per_year for option in instance.options])
    grown = 1.0 + turnover[:, None] * instance.weights.years
    grown[[o for o, option in enumerate(instance.options) if option.is_existing], 0] -= 1.0
    worth = np.zeros(values.person.shape)
    price = values.hire[:, 0]
    t_count = len(instance.periods)
    for t in range(t_count):
        worth[:, t] = values.person[:, t] + price * grown[:, t]
        if t + 1 < t_count:
            price = np.maximum(values.hire[:, t + 1], worth[:, t])
            worth[:, t] -= price
    return np.minimum(worth, 0.0)


def crew_worth(instance: Instance, values: SiteValues) -> Floats:
    """Worth (line places, periods) of one regular hour of a line's crew."""
    an_hour = person_worth(instance, values) / values.paid_hours
    return np.asarray(values.crew[:, None] * an_hour[instance.option_of])


def making(instance: Instance, values: SiteValues, crew: Floats, columns: Sequence[int]) -> Making:
    """Of some wheels together: the best worth and the fewest hours of each family, each on its own."""
    shape = (len(instance.families), len(instance.periods))
    worth, hours = np.full(shape, -np.inf), np.full(shape, np.inf)
    for j in columns:
        staffed = instance.staffed[j]
        an_hour = values.run[j] + staffed * crew[instance.columns[j].place]
        for f in instance.columns[j].families:
            work = instance.work[j, f]
            worth[f] = np.maximum(worth[f], work * an_hour)
            hours[f] = np.minimum(hours[f], staffed * work * instance.peak[f])
    return Making(worth=worth, hours=hours)
