"""The best answer of one option to given prices: hours filled period by period, then a recursion over the periods.

Every rule that ties an option to others, and every one that the formula does not know, can only lower it, so that it is
left out: budgets, numbers and shares of sites, the rising wage, what wheels stop, terms of
contracts. The ramp counts at its best moment, and people as if all were hired from the start.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.instance import Instance, ramp_shares
from manyworks.plan.equations.values import ArcValues, SiteValues
from manyworks.plan.verify.fill import Filling, filling
from manyworks.plan.verify.kinds import Kind, kinds_of
from manyworks.plan.verify.making import Making, crew_worth, making
from manyworks.plan.verify.people import most_hours
from manyworks.plan.verify.stock import StockPrices, stock_prices
from manyworks.plan.verify.tiers import Materials

Floats = NDArray[np.float64]
MONTHS_PER_YEAR = 12


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What all options need, computed once: ``crew`` (line places, periods) worth of an hour of crew, ``ramp`` (o, t)
    best share of capacity of an added line, ``staffed`` (o, t) regular hours for which there are people, ``fee``
    (periods,) of a pallet stored outside, ``family`` (points,)."""

    instance: Instance
    arcs: ArcValues
    values: SiteValues
    crew: Floats
    ramp: Floats
    staffed: Floats
    fee: Floats
    family: NDArray[np.intp]


def numbers_of(instance: Instance, arcs: ArcValues, values: SiteValues) -> Numbers:
    """Numbers of one instance; ``arcs`` are the best ways, warehouses included."""
    weights, policy = instance.weights, instance.network.policy
    fee = policy.storage_fee_per_pallet_month * MONTHS_PER_YEAR * weights.operating * weights.years
    return Numbers(
        instance=instance,
        arcs=arcs,
        values=values,
        crew=crew_worth(instance, values),
        ramp=_best_ramp(instance, values),
        staffed=most_hours(instance, values),
        fee=np.asarray(fee),
        family=np.tile(np.arange(len(instance.families)), len(instance.markets)),
    )


def _best_ramp(instance: Instance, values: SiteValues) -> Floats:
    """Largest share (o, t) that a line added at any possible time has in t."""
    shares = ramp_shares(instance)
    ready = np.zeros((len(instance.options), len(instance.periods)), dtype=bool)
    may_add = np.array([place.may_add for place in instance.places])
    np.logical_or.at(ready, instance.option_of[may_add], np.isfinite(values.add_line[may_add]))
    ready = np.maximum.accumulate(ready, axis=1)
    return np.asarray(np.where(ready[:, None, :], shares, 0.0).max(axis=2))


def option_worth(numbers: Numbers, option: int, demand: Floats, stock: Floats) -> float:
    """Most that an option can be worth at the prices ``demand`` (points, periods) and ``stock`` (periods,).

    An option's own prices of stock may be any: those wished for, or nothing, whichever prove more.
    """
    wishes = [stock, np.zeros_like(stock)] if stock.any() else [stock]
    kinds = kinds_of(numbers.instance, numbers.values, option)
    return max(
        min(_Answer(numbers, option, kind, demand, wish).worth() for wish in wishes) + kind.once for kind in kinds
    )


class _Answer:
    """One option of one kind at given prices."""

    def __init__(self, numbers: Numbers, option: int, kind: Kind, demand: Floats, stock: Floats) -> None:
        instance, arcs = numbers.instance, numbers.arcs
        self.numbers, self.o, self.kind, self.demand = numbers, option, kind, demand
        self.option = instance.options[option]
        flat = (len(demand), demand.shape[1])
        self.value = arcs.value[option].reshape(flat)
        self.hours = arcs.hours[option].reshape(flat)
        self.pallets = arcs.pallets[option].reshape(flat)
        self.added = np.arange(self.option.maximum_added + 1, dtype=np.float64)
        places = set(kind.places)
        columns = [j for j, column in enumerate(instance.columns) if column.place in places]
        self.pooled = making(instance, numbers.values, numbers.crew, columns)
        names = {instance.places[g].line.id for g in kind.places}
        wheels = columns if len(columns) > 1 and len(names) == 1 else []
        self.wheels = [making(instance, numbers.values, numbers.crew, [j]) for j in wheels]
        self.stock: StockPrices = stock_prices(instance, arcs.stored[option], self.pooled, stock)
        self.materials = Materials(instance, arcs.supply, option)
        premium = numbers.crew[list(kind.places)] - numbers.values.overtime[list(kind.places)]
        self.premium = premium.min(axis=0) if len(kind.places) else np.zeros(flat[1])

    # ---- one period --------------------------------------------------------------------------------------------------

    def gains(self, t: int) -> Floats:
        """Most that the demand of period ``t`` is worth by number of added lines, while the site is open: a closed one
        ships nothing, not even stock."""
        there = np.flatnonzero(np.isfinite(self.value[:, t]) & (self.hours[:, t] > 0))
        numbers, instance = self.numbers, self.numbers.instance
        hours, over = instance.open_hours[self.o, t], instance.overtime_hours[self.o, t]
        ready = np.minimum(hours * (self.kind.lines + numbers.ramp[self.o, t] * self.added), numbers.staffed[self.o, t])
        extra = over * (self.kind.lines + self.added)
        cheaper = max(-float(self.premium[t]), 0.0) * extra  # Overtime that costs less than regular hours.
        best = np.full(len(self.added), np.inf)
        for net, credit in self._ways(there, t):
            bought = self._from_stock(net, there, t)
            for made in self._made(net, there, t, ready, extra):
                best = np.minimum(best, bought + credit + made + cheaper)
        return best

    def _ways(self, there: NDArray[np.intp], t: int) -> Iterator[tuple[Floats, float]]:
        """Worth of serving each point without making it, with storage outside for nothing, or for all pallets, those
        that find a place on site given back."""
        net, fee = self.value[there, t] - self.demand[there, t], float(self.numbers.fee[t])
        yield net, 0.0
        if fee > 0:
            yield net - fee * self.pallets[there, t], fee * self.option.template.storage_pallets

    def _from_stock(self, net: Floats, there: NDArray[np.intp], t: int) -> float:
        asked = self.stock.asked(t)[self.numbers.family[there]]
        may = np.isfinite(asked)
        return float(np.maximum(net[may] - self.hours[there[may], t] * asked[may], 0.0).sum())

    def _made(self, net: Floats, there: NDArray[np.intp], t: int, ready: Floats, extra: Floats) -> Iterator[Floats]:
        """Upper bounds, by added lines, on what line hours earn beyond what stock earns without them: every family on
        its best wheel, and lines given whole to wheels, their overtime for nothing or all their hours paid as such."""
        premium = max(float(self.premium[t]), 0.0)
        yield self._pooled(net, there, t, ready, extra, premium)
        if not self.wheels:
            return
        instance = self.numbers.instance
        a_line = float(instance.open_hours[self.o, t] + instance.overtime_hours[self.o, t])
        lines = np.arange(self.kind.lines + self.option.maximum_added + 1, dtype=np.float64)
        fillings = [self._filling(wheel, net, there, t) for wheel in self.wheels]
        has_overtime = bool(instance.overtime_hours[self.o, t] > 0)
        for fee in (0.0, premium) if has_overtime and premium > 0 else (0.0,):
            shared = _shared([one.value(lines * a_line, fee=fee) for one in fillings])
            yield shared[self.kind.lines :] + fee * ready

    def _pooled(
        self, net: Floats, there: NDArray[np.intp], t: int, ready: Floats, extra: Floats, premium: float
    ) -> Floats:
        """Every family on its best wheel; materials at the prices that the make of so many lines can reach."""
        worth = np.zeros(len(ready))
        for dearer, levels in self._by_materials(t):
            making = replace(self.pooled, worth=self.pooled.worth - dearer[:, None])
            filled = self._filling(making, net, there, t)
            worth[levels] = filled.with_overtime(ready[levels], extra[levels], premium)
        return worth

    def _by_materials(self, t: int) -> Iterator[tuple[Floats, NDArray[np.intp]]]:
        """Extra cost (families,) of the materials of a reference hour, and the numbers of added lines that pay it."""
        numbers, instance = self.numbers, self.numbers.instance
        if not numbers.arcs.supply.needs:
            yield np.zeros(len(instance.families)), np.arange(len(self.added))
            return
        a_line = float(instance.open_hours[self.o, t] + instance.overtime_hours[self.o, t])
        materials = self.materials
        groups: dict[bytes, tuple[Floats, list[int]]] = {}
        for n in range(len(self.added)):
            lines = a_line * (self.kind.lines + n)
            dearer = materials.dearer_hour(lines, t)
            groups.setdefault(dearer.tobytes(), (dearer, []))[1].append(n)
        for dearer, levels in groups.values():
            yield dearer, np.array(levels, dtype=np.intp)

    def _filling(self, wheel: Making, net: Floats, there: NDArray[np.intp], t: int) -> Filling:
        family = self.numbers.family[there]
        reference = self.hours[there, t]
        runs = np.isfinite(wheel.hours[family, t])
        family, reference, net = family[runs], reference[runs], net[runs]
        worth, needed = wheel.worth[family, t], wheel.hours[family, t]
        asked = self.stock.asked(t)[family]
        rates = np.minimum(net / reference + worth, asked + worth) / needed
        return filling(rates, reference * needed, self.stock.offered(wheel, t))

    # ---- all periods -------------------------------------------------------------------------------------------------

    def worth(self) -> float:
        """Backward recursion: ahead[n] is the most that the rest is worth with n lines added before."""
        values, t_count = self.numbers.values, self.demand.shape[1]
        keep = float(values.keep_site[self.o]) + self.kind.kept
        ahead, shut = np.full(len(self.added), keep), 0.0
        for t in range(t_count - 1, -1, -1):
            hold = float(values.site[self.o, t]) + float(self.kind.standing[t])
            hold = hold if self.option.packer is None else max(hold, 0.0)
            here = ahead + self.gains(t) + hold
            if self.option.is_existing:
                ahead = self._existing(here, shut, t)
            else:
                ahead, shut = self._new(here, shut, t)
        return float(ahead[0]) if self.option.is_existing else shut

    def _existing(self, here: Floats, shut: float, t: int) -> Floats:
        quarters = sum(period.quarters == 1 for period in self.numbers.instance.periods)
        must = self.option.must_close and t >= min(quarters, self.demand.shape[1] - 1)
        before = np.full(len(here), -np.inf) if must else self._grown(here, t)
        if self.option.may_close:
            before[0] = max(before[0], shut + float(self.numbers.values.close_site[self.o, t]))
        return before

    def _new(self, here: Floats, shut: float, t: int) -> tuple[Floats, float]:
        before = self._grown(here, t)
        values, first = self.numbers.values, max(self.option.template.minimum_lines, 0)
        opened = -np.inf
        if np.isfinite(values.open_site[self.o, t]):
            price = self._line_worth(t)
            start = here + (self.added * price if np.isfinite(price) else np.where(self.added > 0, -np.inf, 0.0))
            opened = float(start[first:].max(initial=-np.inf)) + float(values.open_site[self.o, t])
        return before, max(shut, opened)

    def _grown(self, here: Floats, t: int) -> Floats:
        """Best number of lines to go on with, from each number."""
        price = self._line_worth(t)
        if not np.isfinite(price):
            return here.copy()
        paid = here + self.added * price
        return np.asarray(np.maximum.accumulate(paid[::-1])[::-1] - self.added * price)

    def _line_worth(self, t: int) -> float:
        """Worth of a line that becomes ready in ``t`` and stays, of the best line type; -inf where none can."""
        values, instance = self.numbers.values, self.numbers.instance
        mine = [g for g in self.kind.places if instance.places[g].may_add]
        each = [values.add_line[g, t] + values.line[g, t:].sum() + values.keep_line[g] for g in mine]
        return float(max(each, default=-np.inf))


def _shared(alone: list[Floats]) -> Floats:
    """Most that n lines are worth when each goes to one wheel, from what n lines are worth on each wheel."""
    total = alone[0]
    for wheel in alone[1:]:
        total = np.array([(total[: n + 1] + wheel[n::-1]).max() for n in range(len(total))])
    return total
