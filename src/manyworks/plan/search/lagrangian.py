"""A proven upper bound for large networks: demand is priced, and each option answers with its best design alone.

With a price on each market's demand in each period the options no longer meet, and each one's best answer is found
exactly: in each period the arcs worth most per hour fill the hours of n lines (a continuous knapsack, read off sorted
prefix sums for every n at once), and a dynamic programme over the periods chooses n. Lines are whole in it, which makes
the bound tighter than the linear relaxation. The prices are improved by the volume algorithm (Barahona and Anbil 2000,
doi:10.1007/s101070050002), whose averages also say which designs to try.

Whatever else ties options together or bends their costs is relaxed outward, never inward: budgets, numbers and shares
of sites, premiums of first copies, the ramp, and what the wheels of several families cost beyond the cheapest of
them. So the value at any prices is a bound for the full model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.formulation import family_demand
from manyworks.plan.equations.instance import Instance, ramp_shares, stock_waits
from manyworks.plan.equations.values import ArcValues, SiteValues
from manyworks.plan.search.states import States, site_states

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """One option's problem in numbers, all options at once.

    ``fee`` (t,) value of a pallet stored outside through a period, ``pallets`` (o, d, t) in store when a point is
    served wholly, ``own_pallets`` (o,) places on site. ``ramp`` (o, t, start) share of capacity in t of what became
    ready in ``start``. ``reward`` (o, d, t) value of serving demand point d (market and family) wholly, its hours
    paid; -inf: not allowed. ``hours`` (o, d, t) line hours that it takes. ``regular`` and ``extra`` (o, t, k) hours
    and overtime hours of state k; ``premium`` (o, t) what an overtime hour costs beyond a regular one, ``refund`` (o,
    t, k) the most that is saved where it costs less. Hours may be sold to season stock at ``sell`` (o, t) each and
    bought from it at ``buy`` (o, t): buy[t+1] = sell[t] + what waiting costs, so that stock is priced and each period
    stands alone; 0 and inf where nothing waits. ``asked`` (d, t); ``penalty`` (d, t). ``contract_of`` (d,) is the
    contract that a point belongs to, -1 where it is a market's own demand; ``sign`` (contracts,) the value of signing
    one, ``is_signed`` where that is done.
    """

    states: States
    reward: Floats
    hours: Floats
    regular: Floats
    extra: Floats
    premium: Floats
    refund: Floats
    fee: Floats
    pallets: Floats
    own_pallets: Floats
    ramp: Floats
    sell: Floats
    buy: Floats
    asked: NDArray[np.bool_]
    penalty: Floats
    is_optional: bool
    site_of: Ints
    contract_of: Ints
    sign: Floats
    is_signed: NDArray[np.bool_]
    wheels: tuple[Pieces, ...] = ()
    """The same for each wheel alone, by its position among its option's, with lines counted from 0 in place of states;
    empty where no option has to choose."""

    @property
    def may_be_left(self) -> NDArray[np.bool_]:
        """Whether a point need not be served, (d, 1): its penalty is paid."""
        return np.asarray(self.is_optional | (self.contract_of >= 0))[:, None]


def make_pieces(instance: Instance, arcs: ArcValues, values: SiteValues) -> Pieces:
    """The numbers of every option's problem."""
    states = site_states(instance, values)
    per_hour, staffed = _cheapest_hour(instance, values)
    o_count, m_count, f_count, t_count = arcs.value.shape
    running = np.where(np.isfinite(per_hour), per_hour, 0.0)
    paid = arcs.value + arcs.hours * running[:, None]
    use = arcs.hours * np.where(np.isfinite(staffed), staffed, 0.0)[:, None]
    shape = (o_count, m_count * f_count, t_count)
    hours, over = instance.open_hours, instance.overtime_hours
    premium = _premium(instance, values)
    sell, buy = _stock_prices(instance, arcs, values, states, running, staffed)
    pooled = Pieces(
        states=states,
        reward=paid.reshape(shape),
        hours=use.reshape(shape),
        regular=states.lines[:, None, :] * hours[:, :, None],
        extra=states.lines[:, None, :] * over[:, :, None],
        premium=np.maximum(premium, 0.0),
        refund=states.lines[:, None, :] * (over * np.maximum(-premium, 0.0))[:, :, None],
        fee=_storage_fee(instance),
        pallets=arcs.pallets.reshape(shape),
        own_pallets=np.array([option.template.storage_pallets for option in instance.options]),
        ramp=ramp_shares(instance),
        sell=sell,
        buy=buy,
        asked=(family_demand(instance) > 0).reshape(shape[1:]),
        penalty=arcs.penalty.reshape(shape[1:]),
        is_optional=instance.network.policy.is_demand_optional,
        site_of=instance.site_of,
        contract_of=np.repeat(np.maximum(np.arange(m_count) - instance.own_markets, -1), f_count),
        sign=values.sign,
        is_signed=np.array([contract.is_signed for contract in instance.contracts], dtype=bool),
    )
    return replace(pooled, wheels=_wheel_pieces(instance, arcs, values, pooled))


def _wheel_pieces(instance: Instance, arcs: ArcValues, values: SiteValues, pooled: Pieces) -> tuple[Pieces, ...]:
    """One piece for each wheel of the options, where every option has one line place and some have several wheels."""
    count = np.bincount(instance.option_of[instance.place_of], minlength=len(instance.options))
    if count.max(initial=0) <= 1 or len(instance.places) != len(instance.options):
        return ()
    most = int(pooled.states.lines.max())
    lines = np.arange(most + 1, dtype=np.float64)
    found = []
    for number in range(int(count.max())):
        per_hour, staffed = _cheapest_hour(instance, values, number)
        runs = np.isfinite(per_hour)
        paid = arcs.value + arcs.hours * np.where(runs, per_hour, 0.0)[:, None]
        reward = np.where(runs[:, None], paid, -np.inf)
        use = arcs.hours * np.where(np.isfinite(staffed), staffed, 0.0)[:, None]
        found.append(
            replace(
                pooled,
                reward=reward.reshape(pooled.reward.shape),
                hours=use.reshape(pooled.hours.shape),
                # Overtime is counted for all wheels of a place together, so one wheel may have it for nothing here.
                regular=lines * (instance.open_hours + instance.overtime_hours)[:, :, None],
                extra=np.zeros((*instance.open_hours.shape, most + 1)),
            )
        )
    return tuple(found)


def _storage_fee(instance: Instance) -> Floats:
    """Cost (t,) of one pallet outside through a period, as a positive value."""
    fee = instance.network.policy.storage_fee_per_pallet_month
    return np.asarray(fee * MONTHS_PER_YEAR * instance.weights.operating * instance.weights.years)


MONTHS_PER_YEAR = 12


def _stock_prices(
    instance: Instance, arcs: ArcValues, values: SiteValues, states: States, running: Floats, staffed: Floats
) -> tuple[Floats, Floats]:
    """Prices (o, t) at which an hour goes into season stock and comes out of it a quarter later.

    Any prices with buy[t+1] = sell[t] + waiting and buy ≥ sell give a bound; an hour's share of its line's yearly
    cost is near the best. Waiting costs what ``ArcValues.stored`` says, the cheapest family counting, and the change
    in the cost of making.
    """
    shape = states.add.shape
    sell, buy = np.zeros(shape), np.full(shape, np.inf)
    rent = np.where(states.is_existing[:, None], 0.0, hour_rent(instance, values) / RENT)
    waits = stock_waits(instance)
    for t in range(shape[1] - 1):
        if not (waits[t] and instance.is_storable.any()):
            continue
        saved = running[:, :, t + 1] - running[:, :, t]
        may_wait = instance.is_storable & np.isfinite(staffed[:, :, t])
        waiting = np.where(may_wait, (saved - arcs.stored[:, :, t]) / staffed[:, :, t], np.inf)
        cost = np.where(np.isfinite(waiting), waiting, np.inf).min(axis=1)
        sells = np.minimum(np.maximum(rent[:, t], -cost), buy[:, t])
        sell[:, t] = np.where(np.isfinite(cost), sells, 0.0)
        buy[:, t + 1] = sell[:, t] + cost
    # What is sold in one quarter is bought in the next: where nobody may sell, nobody buys.
    return sell, buy


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


def _crew_hour(instance: Instance, values: SiteValues) -> Floats:
    """Value (g, t) of one staffed regular hour of a line's crew."""
    a_person = person_value(instance, values) / values.paid_hours
    return values.crew[:, None] * a_person[instance.option_of]


def _premium(instance: Instance, values: SiteValues) -> Floats:
    """Cost (o, t) of an overtime hour beyond a regular one; the least of an option's line places."""
    premium = np.full((len(instance.options), len(instance.periods)), np.inf)
    np.minimum.at(premium, instance.option_of, _crew_hour(instance, values) - values.overtime)
    return np.where(np.isfinite(premium), premium, 0.0)


def _cheapest_hour(instance: Instance, values: SiteValues, number: int | None = None) -> tuple[Floats, Floats]:
    """Highest value of making one reference hour, and fewest line hours that it takes, (o, f, t), over all wheels, or
    on the wheel that is ``number`` among its option's."""
    shape = (len(instance.options), len(instance.families), len(instance.periods))
    value, hours = np.full(shape, -np.inf), np.full(shape, np.inf)
    crew = _crew_hour(instance, values)
    seen = np.zeros(shape[0], dtype=np.intp)
    for j, column in enumerate(instance.columns):
        o = instance.places[column.place].option
        seen[o] += 1
        if number is not None and seen[o] != number + 1:
            continue
        for f in column.families:
            an_hour = instance.work[j, f] * (values.run[j] + instance.staffed[j] * crew[column.place])
            value[o, f] = np.maximum(value[o, f], an_hour)
            hours[o, f] = np.minimum(hours[o, f], instance.staffed[j] * instance.work[j, f] * instance.peak[f])
    return value, hours


@dataclass
class Group:
    """Options with ``width`` states and about equally many arcs, padded: ``index`` (o, l) demand points, -1 at the end.

    Storage is priced in one of two ways, and for each state the lower value counts: at nothing, or at the fee outside
    with a credit for the places on site. ``rewards`` are those of each way, (o, t, l).
    """

    options: Ints
    width: int
    index: Ints
    rewards: tuple[Floats, ...]
    hours: Floats


class Lagrangian:
    """The bound as a function of prices, on chosen arcs."""

    def __init__(self, pieces: Pieces, arcs: NDArray[np.bool_], *, is_by_lines: bool = False) -> None:
        """``arcs`` (o, d): pairs that take part; the value is a bound for all arcs only where it has them all.

        ``is_by_lines``: the last axis of the pieces' hours counts lines, not states.
        """
        self.pieces = pieces
        arcs = arcs & np.isfinite(pieces.reward).any(axis=2)
        widths = pieces.states.exists.sum(axis=1)
        if is_by_lines:
            widths = np.full(len(widths), pieces.regular.shape[2])
        self.alone = [Lagrangian(wheel, arcs, is_by_lines=True) for wheel in pieces.wheels if not is_by_lines]
        self.groups = [
            self._group(mine[bucket], arcs, int(width))
            for width in np.unique(widths)
            for mine in (np.flatnonzero(widths == width),)
            for bucket in _buckets(arcs[mine].sum(axis=1))
        ]

    def _group(self, options: Ints, arcs: NDArray[np.bool_], width: int) -> Group:
        count = arcs[options].sum(axis=1)
        index = np.full((len(options), max(int(count.max(initial=0)), 1)), -1, dtype=np.intp)
        for row, o in enumerate(options):
            index[row, : count[row]] = np.flatnonzero(arcs[o])
        there = np.maximum(index, 0)
        reward = self.pieces.reward[options[:, None], there]
        reward = np.ascontiguousarray(np.where((index >= 0)[:, :, None], reward, -np.inf).transpose(0, 2, 1))
        rewards = [reward]
        if self.pieces.fee.any():
            pallets = self.pieces.pallets[options[:, None], there].transpose(0, 2, 1)
            rewards.append(reward - self.pieces.fee[:, None] * pallets)
        hours = self.pieces.hours[options[:, None], there].transpose(0, 2, 1)
        return Group(
            options=options,
            width=width,
            index=index,
            rewards=tuple(rewards),
            hours=np.ascontiguousarray(np.where((index >= 0)[:, None, :], hours, 0.0)),
        )

    def evaluate(self, prices: Floats, *, want_flows: bool = True) -> Evaluation:
        """Bound at ``prices`` (d, t), and the options' answers."""
        pieces = self.pieces
        o_count, t_count, k_count = pieces.regular.shape
        pooled = [self._filled(prices, way) for way in range(2 if pieces.fee.any() else 1)]
        open_ = (np.arange(k_count) > 0)[None, None, :]
        places = pieces.own_pallets[:, None] * pieces.fee
        ways = [
            fill.plain + fill.bought[:, :, None] + way * places[:, :, None] * open_ for way, fill in enumerate(pooled)
        ]
        apart = []
        for way, fill in enumerate(pooled) if self.alone else ():
            alone = [wheel._filled(prices, way) for wheel in self.alone]
            total, split = shared_lines([wheel.plain for wheel in alone])
            at = np.broadcast_to(pieces.states.lines.astype(np.intp)[:, None, :], (o_count, t_count, k_count))
            gained = np.take_along_axis(total, at, axis=2) + fill.bought[:, :, None]
            ways.append(gained + way * places[:, :, None] * open_)
            apart.append((alone, split))
        worth = np.stack(ways)
        worth[:, ~pieces.states.is_existing, :, 0] = 0.0  # What was never open has made nothing that could wait.
        gain, way_of = worth.min(axis=0) + pieces.refund, worth.argmin(axis=0)
        gain[~pieces.states.is_existing, :, 0] = 0.0  # What was never open has made nothing that could wait.
        values, paths = best_paths(pieces.states, gain, want_paths=want_flows)
        chosen = _one_template(values, pieces.site_of, pieces.states.is_existing)
        is_left = (pieces.penalty > prices) & pieces.asked & pieces.may_be_left
        paid = np.where(is_left, pieces.penalty, prices) * pieces.asked
        taken = _contracts_taken(pieces, paid)
        own = pieces.contract_of < 0
        bound = float(paid[own].sum() + taken.value + values[chosen].sum())
        if not want_flows:
            return Evaluation(bound=bound, paths=paths, served=np.zeros_like(prices), gain=gain)
        paths[~chosen] = 0
        served = np.zeros(prices.size)
        chosen_way = np.take_along_axis(way_of, paths[:, :, None], axis=2)[:, :, 0]
        for way, fill in enumerate(pooled):
            served += self._serve(fill, np.where(chosen_way == way, paths, 0), prices.shape)
        for way, (alone, split) in enumerate(apart):
            lines = np.take_along_axis(pieces.states.lines.astype(np.intp), paths, axis=1)
            lines = np.where(chosen_way == len(pooled) + way, lines, 0)
            for wheel, fill, mine in zip(self.alone, alone, lines_of_wheels(split, lines), strict=True):
                served += wheel._serve(fill, mine, prices.shape)
        # Of a contract that is left nothing is missing: its right-hand side is zero.
        unmet = is_left | (~taken.is_asked[:, None] & pieces.asked)
        return Evaluation(bound=bound, paths=paths, served=served.reshape(prices.shape) + unmet, gain=gain)

    def _filled(self, prices: Floats, way: int) -> Fill:
        """Every option's hours filled, storage priced the ``way`` of ``Group.rewards``."""
        pieces = self.pieces
        plain = np.zeros(pieces.regular.shape)
        bought = np.zeros(plain.shape[:2])
        orders = []
        for group in self.groups:
            gain, bought[group.options], order = _knapsacks(pieces, group, group.rewards[way], prices)
            plain[group.options, :, : group.width] = gain
            orders.append(order)
        return Fill(plain=plain, bought=bought, orders=orders)

    def _serve(self, fill: Fill, at: Ints, shape: tuple[int, ...]) -> Floats:
        """Shares served when each option has the hours of index ``at`` (o, t)."""
        served = np.zeros(shape[0] * shape[1])
        for group, (order, hours, before) in zip(self.groups, fill.orders, strict=True):
            served += _served(self.pieces, group, at[group.options], order, hours, before, shape)
        return served


@dataclass(frozen=True, kw_only=True)
class Taken:
    """``value`` of the contracts at given prices, ``is_asked`` (d,) points whose demand stands: all but contracts that
    are left."""

    value: float
    is_asked: NDArray[np.bool_]


def _contracts_taken(pieces: Pieces, paid: Floats) -> Taken:
    """Each contract is taken where signing it and its demand at the prices ``paid`` (d, t) are worth more than nothing;
    max over taken in {0, 1} is at least what any plan gets."""
    mine = np.flatnonzero(pieces.contract_of >= 0)
    worth = pieces.sign + np.bincount(
        pieces.contract_of[mine], weights=paid[mine].sum(axis=1), minlength=len(pieces.sign)
    )
    is_taken = pieces.is_signed | (worth > 0)
    is_asked = np.ones(len(paid), dtype=bool)
    is_asked[mine] = is_taken[pieces.contract_of[mine]]
    return Taken(value=float(worth[is_taken].sum()), is_asked=is_asked)


@dataclass(frozen=True, kw_only=True)
class Fill:
    """``plain`` (o, t, k) value of the hours of each index, ``bought`` (o, t) of what is taken from season stock
    anyway; ``orders`` by group: arcs by value per hour, their hours, and the hours before each."""

    plain: Floats
    bought: Floats
    orders: list[tuple[Ints, Floats, Floats]]


def shared_lines(alone: list[Floats]) -> tuple[Floats, list[Ints]]:
    """Highest value of n lines that are given whole to wheels, (o, t, n), and the lines of each wheel on the way to it.

    ``alone`` holds the value of n lines on one wheel. An arc that two wheels serve counts twice, which is outward.
    """
    total = alone[0]
    split: list[Ints] = []
    count = total.shape[2]
    for wheel in alone[1:]:
        best, given = np.full(total.shape, -np.inf), np.zeros(total.shape, dtype=np.intp)
        for n in range(count):
            sums = total[:, :, : count - n] + wheel[:, :, n : n + 1]
            better = sums > best[:, :, n:]
            best[:, :, n:] = np.where(better, sums, best[:, :, n:])
            given[:, :, n:] = np.where(better, n, given[:, :, n:])
        total = best
        split.append(given)
    return total, split


def lines_of_wheels(split: list[Ints], lines: Ints) -> list[Ints]:
    """Lines (o, t) of each wheel when ``lines`` are shared in the best way."""
    left, found = lines.copy(), []
    for given in reversed(split):
        mine = np.take_along_axis(given, left[:, :, None], axis=2)[:, :, 0]
        found.append(mine)
        left = left - mine
    return [left, *reversed(found)]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """``paths`` (o, t) state of each option; ``served`` (d, t) share of demand that all answers together serve."""

    bound: float
    paths: Ints
    served: Floats
    gain: Floats


def _buckets(counts: Ints) -> list[Ints]:
    """Options in groups of similar numbers of arcs, so that padding costs little."""
    order = np.argsort(counts, kind="stable")
    groups: list[list[int]] = []
    for o in order.tolist():
        if not groups or counts[o] > 1.4 * max(counts[groups[-1][0]], 20):
            groups.append([])
        groups[-1].append(o)
    return [np.array(group, dtype=np.intp) for group in groups]


def _knapsacks(
    pieces: Pieces, group: Group, reward: Floats, prices: Floats
) -> tuple[Floats, Floats, tuple[Ints, Floats, Floats]]:
    """Best flow value of the hours of every index in every period, (o, t, k): arcs by value per hour until the hours
    are used; what is bought from season stock whatever the hours, (o, t); and the order of the arcs."""
    rows, t_count = len(group.options), prices.shape[1]
    there = np.maximum(group.index, 0)
    margin = reward - prices.T[np.arange(t_count)[None, :, None], there[:, None, :]]
    np.maximum(margin, 0.0, out=margin)
    rate = np.divide(margin, group.hours, out=np.zeros_like(margin), where=group.hours > 0)
    order = np.argsort(-rate, axis=2)
    rate = np.take_along_axis(rate, order, axis=2)
    hours = np.take_along_axis(group.hours, order, axis=2)
    flat = (rows * t_count, -1)
    rate, hours = rate.reshape(flat), hours.reshape(flat)
    sell, buy = pieces.sell[group.options].reshape(-1, 1), pieces.buy[group.options].reshape(-1, 1)
    bought = (np.maximum(rate - np.where(np.isfinite(buy), buy, 0.0), 0.0) * hours * np.isfinite(buy)).sum(axis=1)
    rate = np.clip(rate, sell, buy)
    ends = np.cumsum(hours, axis=1)
    regular = pieces.regular[group.options, :, : group.width].reshape(flat)
    extra = pieces.extra[group.options, :, : group.width].reshape(flat)
    premium = pieces.premium[group.options].reshape(-1, 1)
    # Overtime pays up to the hour whose value falls to its premium.
    last = np.where(sell > premium, np.inf, (hours * (rate > premium)).sum(axis=1, keepdims=True))
    begin, finish = np.minimum(regular, last), np.minimum(regular + extra, last)
    at = np.concatenate([regular, begin, finish], axis=1)
    plain, low, high = np.split(_integral(ends, rate, hours, at, sell), 3, axis=1)
    gain = plain + high - low - premium * (finish - begin)
    return gain.reshape(rows, t_count, -1), bought.reshape(rows, t_count), (order, hours, ends - hours)


def _integral(ends: Floats, rate: Floats, hours: Floats, at: Floats, rest: Floats) -> Floats:
    """Value of the best ``at`` hours, (rows, k): prefix sums, the last item in part, hours beyond all items at
    ``rest``."""
    worth = np.cumsum(rate * hours, axis=1)
    rows, width = ends.shape
    step = float(max(ends[:, -1].max(initial=0.0), at.max(initial=0.0)) * 2 + 1)
    shift = np.arange(rows)[:, None] * step
    place = np.searchsorted((ends + shift).ravel(), (at + shift).ravel()).reshape(at.shape)
    place = np.minimum(place - np.arange(rows)[:, None] * width, width - 1)
    row = np.arange(rows)[:, None]
    inside = worth[row, place] - np.maximum(ends[row, place] - at, 0.0) * rate[row, place]
    return np.asarray(inside + np.maximum(at - ends[:, -1:], 0.0) * rest)


def _served(
    pieces: Pieces, group: Group, paths: Ints, order: Ints, hours: Floats, before: Floats, shape: tuple[int, ...]
) -> Floats:
    """Shares served by the options' answers, raveled (d, t); overtime left out, which only slows the prices."""
    t_count = paths.shape[1]
    at = pieces.regular[group.options[:, None], np.arange(t_count)[None, :], paths].reshape(-1, 1)
    share = np.divide(np.clip(at - before, 0.0, hours), hours, out=np.zeros_like(hours), where=hours > 0)
    points = np.take_along_axis(np.broadcast_to(np.maximum(group.index, 0)[:, None, :], order.shape), order, axis=2)
    key = points * t_count + np.arange(t_count)[None, :, None]
    return np.asarray(np.bincount(key.ravel(), weights=share.ravel(), minlength=shape[0] * shape[1]), dtype=np.float64)


def best_paths(states: States, gain: Floats, *, want_paths: bool = True) -> tuple[Floats, Ints]:
    """Best value of each option, (o,), and its state in each period, (o, t).

    Backwards over periods: W[t, k] = gain + hold + best of what follows; from state a to b > a costs added lines and,
    from closed, the opening; an existing site may close from its first state.
    """
    o_count, t_count, k_count = gain.shape
    reward = np.where(states.exists[:, None, :], gain + states.hold, -np.inf)
    everyone = np.arange(o_count)
    closed_after = np.arange(t_count)[None, :] >= states.must_leave_by[:, None]
    reward[:, :, 1:] = np.where(closed_after[:, :, None], -np.inf, reward[:, :, 1:])
    ahead = np.zeros((o_count, k_count))
    choices = np.zeros((t_count, o_count, k_count), dtype=np.intp)
    for t in range(t_count - 1, -1, -1):
        here = reward[:, t] + ahead
        ahead, choices[t] = _step_back(states, here, t)
    values = ahead[everyone, states.start]
    paths = np.zeros((o_count, t_count), dtype=np.intp)
    at = states.start.copy()
    for t in range(t_count) if want_paths else ():
        at = choices[t, everyone, at]
        paths[:, t] = at
    return values, paths


def _step_back(states: States, here: Floats, t: int) -> tuple[Floats, Ints]:
    """Value of being in each state before period t, and the state to go to."""
    k_count = here.shape[1]
    number = np.arange(k_count)
    add, enter = states.add[:, t], states.enter[:, t]
    can_add = np.isfinite(add)
    price = np.where(can_add, add, 0.0)[:, None] * states.lines
    raised = here + price  # what a state is worth once its lines are paid
    best = np.maximum.accumulate(raised[:, ::-1], axis=1)[:, ::-1]
    back = raised[:, ::-1]
    leader = np.where(back >= np.maximum.accumulate(back, axis=1), number, 0)
    target = k_count - 1 - np.maximum.accumulate(leader, axis=1)[:, ::-1]
    value = np.where(can_add[:, None], best - price, here)
    goal = np.where(can_add[:, None], target, number[None, :])
    stay = here[:, 0]
    opening = np.where(
        can_add & np.isfinite(enter) & ~states.is_existing,
        best[:, 1] + np.where(np.isfinite(enter), enter, 0.0),
        -np.inf,
    )
    value[:, 0] = np.maximum(stay, opening)
    goal[:, 0] = np.where(opening > stay, target[:, 1], 0)
    leaving = np.where(states.may_leave, here[:, 0] + states.leave[:, t], -np.inf)
    value[:, 1], goal[:, 1] = (
        np.where(leaving > value[:, 1], leaving, value[:, 1]),
        np.where(leaving > value[:, 1], 0, goal[:, 1]),
    )
    return value, goal


def _one_template(values: Floats, site_of: Ints, is_existing: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of a site's templates the one of highest value; existing sites always count."""
    best = np.full(int(site_of.max(initial=-1)) + 1, -np.inf)
    np.maximum.at(best, site_of, values)
    chosen = values >= best[site_of]
    first = np.zeros_like(chosen)
    _, at = np.unique(np.where(chosen, site_of, -1), return_index=True)
    first[at] = True
    return np.asarray(chosen & (first | is_existing))
