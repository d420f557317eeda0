"""Every option's own problem in numbers: what its hours are, what they cost, and what demand is worth to it.

Whatever ties options together or bends their costs is relaxed outward here, never inward: budgets, numbers and shares
of sites, premiums of first copies, the ramp, hires, and wages that rise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.formulation import family_demand
from manyworks.plan.equations.instance import Instance, ramp_shares, stock_waits
from manyworks.plan.equations.values import ArcValues, SiteValues
from manyworks.plan.search.hour_values import cheapest_hour, hour_rent, overtime_premium, staffed_hours
from manyworks.plan.search.states import States, site_states
from manyworks.plan.search.tiers import Classes, material_classes
from manyworks.plan.search.wide import wide_columns

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
RENT_SHARE = 1 / 1.6
"""Part of an hour's full cost at which season stock is first priced: the yearly cost of its line alone."""


@dataclass(frozen=True, kw_only=True)
class Hours:
    """``run`` (o, f, t) value of making one reference hour, 0 where nothing runs; ``staffed`` line hours that it takes,
    inf where the option cannot run the family."""

    run: Floats
    staffed: Floats


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """All options' problems.

    ``value`` (o, d, t) worth of serving demand point d (market and family) wholly, hours apart, -inf where it is not
    allowed; ``reference`` hours and ``pallets`` that it takes; ``family`` (d,). ``pooled``: hours on the cheapest wheel
    of each family, ``apart``: on each wheel alone, by its position among its option's, empty where no option has to
    choose; ``wide``: on the wheel that runs every family of its line, None where some line has none such. ``regular``
    and ``extra`` (o, t, k) hours and overtime hours of state k; ``staffed`` (o, t) regular hours for which there
    are people; ``premium`` (o, t) what an overtime hour costs beyond a
    regular one, ``refund`` (o, t, k) the most that is saved where it costs less.
    ``waiting`` (o, t) least cost of an hour's goods that wait from t for t + 1, inf where none may; hours
    are sold to season stock and bought from it a period later, first at ``rent`` (o, t). ``fee`` (t,) value of a pallet
    stored outside through a period, ``own_pallets`` (o,) places on site. ``ramp`` (o, t, start) share of capacity in t
    of what became ready in ``start``. ``asked`` (d, t), ``penalty`` (d, t); ``size`` (d, t) worth of a point at its
    best option. ``contract_of`` (d,) is the contract that a point belongs to, -1 where it is a market's own demand;
    ``sign`` (contracts,) the value of signing one, ``is_signed`` where that is done. ``line_hours``: regular and
    overtime hours (o, t) of one line. ``classes``: what designs with few lines pay more for materials; None: nothing.
    """

    states: States
    value: Floats
    reference: Floats
    pallets: Floats
    family: Ints
    pooled: Hours
    apart: tuple[Hours, ...]
    wide: Hours | None
    regular: Floats
    extra: Floats
    staffed: Floats
    premium: Floats
    refund: Floats
    waiting: Floats
    rent: Floats
    fee: Floats
    own_pallets: Floats
    ramp: Floats
    asked: NDArray[np.bool_]
    penalty: Floats
    is_optional: bool
    site_of: Ints
    contract_of: Ints
    sign: Floats
    is_signed: NDArray[np.bool_]
    line_hours: tuple[Floats, Floats]
    classes: Classes | None = None
    size: Floats = field(init=False)

    def __post_init__(self) -> None:
        size = np.zeros(self.asked.shape)
        for o in range(len(self.value)):
            reward, _ = self.reward(o)
            np.maximum(size, np.where(np.isfinite(reward), np.abs(reward), 0.0), out=size)
        object.__setattr__(self, "size", np.where(self.asked, size, 0.0))

    def of_class(self, hours: Hours, number: int) -> Hours:
        """``hours`` of designs of a class, whose materials cost more."""
        return hours if self.classes is None else replace(hours, run=hours.run - self.classes.extra[number])

    @property
    def class_count(self) -> int:
        """Classes of designs by what their materials cost."""
        return 1 if self.classes is None else len(self.classes.extra)

    def reward(self, o: int, hours: Hours | None = None) -> tuple[Floats, Floats]:
        """Value (d, t) of serving each point from option o, its hours paid, and line hours that it takes."""
        chosen = self.pooled if hours is None else hours
        run, staffed = chosen.run[o][self.family], chosen.staffed[o][self.family]
        there = np.isfinite(staffed)
        reward = np.where(there, self.value[o] + self.reference[o] * run, -np.inf)
        return reward, np.where(there, self.reference[o], 0.0) * np.where(there, staffed, 0.0)

    def nets(self, rent: Floats) -> Iterator[Floats]:
        """For each option the value (d, t) of serving each point when every hour costs ``rent`` (o, t)."""
        for o in range(len(self.value)):
            reward, hours = self.reward(o)
            yield reward - hours * rent[o]

    @property
    def may_be_left(self) -> NDArray[np.bool_]:
        """Whether a point need not be served, (d, 1): its penalty is paid."""
        return np.asarray(self.is_optional | (self.contract_of >= 0))[:, None]

    @property
    def useful(self) -> NDArray[np.bool_]:
        """Pairs (o, d) that may carry anything."""
        return np.asarray(np.isfinite(self.value).any(axis=2))


def make_pieces(instance: Instance, arcs: ArcValues, values: SiteValues) -> Pieces:
    """The numbers of every option's problem."""
    states = site_states(instance, values)
    o_count, m_count, f_count, t_count = arcs.value.shape
    shape = (o_count, m_count * f_count, t_count)
    hours, over = instance.open_hours, instance.overtime_hours
    pooled = _hours(instance, values)
    wide = wide_columns(instance)
    premium, staffed = overtime_premium(instance, values), staffed_hours(instance, values)
    rent = np.where(states.is_existing[:, None], 0.0, hour_rent(instance, values) * RENT_SHARE)
    return Pieces(
        states=states,
        value=arcs.value.reshape(shape),
        reference=arcs.hours.reshape(shape),
        pallets=arcs.pallets.reshape(shape),
        family=np.tile(np.arange(f_count), m_count),
        pooled=pooled,
        apart=_apart(instance, values),
        wide=None if wide is None else _hours(instance, values, wide),
        regular=np.minimum(states.lines[:, None, :] * hours[:, :, None], staffed[:, :, None]),
        staffed=staffed,
        extra=states.lines[:, None, :] * over[:, :, None],
        premium=np.maximum(premium, 0.0),
        refund=states.lines[:, None, :] * (over * np.maximum(-premium, 0.0))[:, :, None],
        waiting=_waiting(instance, arcs, pooled),
        rent=rent,
        fee=_storage_fee(instance),
        own_pallets=np.array([option.template.storage_pallets for option in instance.options]),
        ramp=ramp_shares(instance),
        asked=(family_demand(instance) > 0).reshape(shape[1:]),
        penalty=arcs.penalty.reshape(shape[1:]),
        is_optional=instance.network.policy.is_demand_optional,
        site_of=instance.site_of,
        contract_of=np.repeat(np.maximum(np.arange(m_count) - instance.own_markets, -1), f_count),
        sign=values.sign,
        is_signed=np.array([contract.is_signed for contract in instance.contracts], dtype=bool),
        line_hours=(hours, over),
        classes=material_classes(instance, arcs.supply, states.lines[:, None, :] * (hours + over)[:, :, None]),
    )


def _hours(instance: Instance, values: SiteValues, columns: NDArray[np.bool_] | None = None) -> Hours:
    run, staffed = cheapest_hour(instance, values, columns)
    return Hours(run=np.where(np.isfinite(run), run, 0.0), staffed=staffed)


def _apart(instance: Instance, values: SiteValues) -> tuple[Hours, ...]:
    """Hours on each wheel, where every option has one line place and some have several wheels."""
    option = instance.option_of[instance.place_of]
    count = np.bincount(option, minlength=len(instance.options))
    if count.max(initial=0) <= 1 or len(instance.places) != len(instance.options):
        return ()
    number = np.arange(len(option)) - np.searchsorted(option, option)  # columns come in order of their options
    return tuple(_hours(instance, values, number == k) for k in range(int(count.max())))


def _storage_fee(instance: Instance) -> Floats:
    """Cost (t,) of one pallet outside through a period, as a positive value."""
    fee = instance.network.policy.storage_fee_per_pallet_month
    return np.asarray(fee * MONTHS_PER_YEAR * instance.weights.operating * instance.weights.years)


MONTHS_PER_YEAR = 12


def _waiting(instance: Instance, arcs: ArcValues, pooled: Hours) -> Floats:
    """What an hour's goods cost that wait for the next period, (o, t): what ``ArcValues.stored`` says, the cheapest
    family counting, and the change in the cost of making; inf where none may wait."""
    waits = stock_waits(instance)
    cost = np.full((len(instance.options), len(waits)), np.inf)
    for t in np.flatnonzero(waits):
        saved = pooled.run[:, :, t + 1] - pooled.run[:, :, t]
        may_wait = instance.is_storable & np.isfinite(pooled.staffed[:, :, t])
        staffed = np.where(may_wait, pooled.staffed[:, :, t], 1.0)
        cost[:, t] = np.where(may_wait, (saved - arcs.stored[:, :, t]) / staffed, np.inf).min(axis=1)
    return cost


def stock_prices(waiting: Floats, wish: Floats) -> tuple[Floats, Floats]:
    """Prices (o, t) at which an hour goes into season stock and comes out of it a period later, near ``wish``.

    Any prices with buy[t+1] = sell[t] + waiting[t], sell[t+1] ≤ buy[t+1] and none below 0 give a bound: what waits on
    gains nothing by it. Where nothing waits nobody sells, and in the next period nobody buys.
    """
    may = np.isfinite(waiting)
    cost = np.where(may, waiting, 0.0)
    least = np.zeros(wish.shape)
    for t in range(wish.shape[1] - 2, -1, -1):
        least[:, t] = np.where(may[:, t], np.maximum(np.maximum(least[:, t + 1], 0.0) - cost[:, t], 0.0), 0.0)
    sell, buy = np.zeros(wish.shape), np.full(wish.shape, np.inf)
    for t in range(wish.shape[1] - 1):
        at = np.minimum(np.maximum(wish[:, t], least[:, t]), buy[:, t])
        sell[:, t] = np.where(may[:, t], at, 0.0)
        buy[:, t + 1] = np.where(may[:, t], sell[:, t] + cost[:, t], np.inf)
    return sell, buy
