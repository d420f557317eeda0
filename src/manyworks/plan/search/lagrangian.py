"""A proven upper bound for large networks: demand is priced, and each option answers with its best design alone.

With a price on each market's demand in each period the options no longer meet, and each one's best answer is found
exactly: in each period the arcs worth most per hour fill the hours of n lines (a continuous knapsack, ``kernels.py``),
and a dynamic programme over the periods chooses n (``paths.py``). Lines are whole in it, which makes the bound tighter
than the linear relaxation. The prices are improved by the volume algorithm (Barahona and Anbil 2000,
doi:10.1007/s101070050002), whose averages also say which designs to try.

**The bound as a function of its prices.** For any prices λ (d, t) of serving a demand point wholly and any prices
σ (o, t) at which an hour of option o goes into season stock (``pieces.stock_prices`` makes them lawful):

    L(λ, σ) = Σ over the markets' points of paid[d,t]
            + Σ over contracts of max(0, sign + Σ over their points of paid[d,t])
            + Σ over sites of the largest V_o(λ, σ) of their options o,

over points with demand; paid is max(λ, penalty) where a point may be left unserved, and λ where it may not; a contract
that is signed already counts whatever its worth. V_o is the best path of the states of
option o, each state k of period t worth hold + gain, where gain is the value of k lines' hours filled with arcs of
margin value − λ, regular hours first, overtime at its premium, hours left sold at σ[o,t], and arcs that pay more per
hour than σ[o,t−1] + waiting[o,t−1] served from stock. Existing sites count beside the new templates of their site.
Where fewer lines cannot make enough for a price tier of their materials, their arcs are worth less (``tiers.py``).
Every further rule of the document can only lower the best plan, so L is a bound whatever the prices are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.search.contracts import contracts_taken
from manyworks.plan.search.paths import best_paths, one_template
from manyworks.plan.search.pieces import Hours, Pieces, stock_prices
from manyworks.plan.search.shared_lines import lines_of_wheels, shared_lines

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Prices:
    """``demand`` (d, t) of serving a point wholly; ``stock`` (o, t) wished for an hour that goes into season stock."""

    demand: Floats
    stock: Floats


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """``paths`` (o, t) state of each option; ``served`` (d, t) share of demand that all answers together serve;
    ``stocked`` (o, t) hours that they sell to season stock in t less those they buy in t + 1; ``gain`` (o, t, k) of
    every state."""

    bound: float
    paths: Ints
    served: Floats
    stocked: Floats
    gain: Floats


@dataclass(frozen=True, kw_only=True)
class Terms:
    """One way to count an option's answer: on ``hours``, storage by ``way`` 0 at nothing, 1 at the fee outside with a
    credit for the places on site; hours by lines, not by states, where ``is_by_lines``."""

    hours: Hours
    way: int
    is_by_lines: bool


class Lagrangian:
    """The bound as a function of prices, on chosen arcs."""

    def __init__(self, pieces: Pieces, arcs: NDArray[np.bool_], *, is_wide: bool = False) -> None:
        """``arcs`` (o, d): pairs that take part; the value is a bound for all arcs only where it has them all.

        ``is_wide``: every line runs its widest wheel, as in the search.
        """
        self.pieces = pieces
        self._is_wide = is_wide and pieces.wide is not None
        option, point = np.nonzero(arcs & pieces.useful)
        self._first = np.searchsorted(option, np.arange(len(arcs) + 1)).astype(np.intp)
        cells = (option, point)
        self._arcs = (
            pieces.family[point].astype(np.intp),
            point.astype(np.intp),
            _by_time(pieces.value, cells),
            _by_time(pieces.reference, cells),
            _by_time(pieces.pallets, cells) if pieces.fee.any() else np.zeros((1, 1)),
        )
        widest = int(np.diff(self._first).max(initial=0)) + 1
        self._space = (
            np.zeros(widest),
            np.zeros(widest),
            np.zeros(widest, np.intp),
            np.zeros(widest),
            np.zeros(widest),
        )
        most = np.arange(int(pieces.states.lines.max(initial=0)) + 1, dtype=np.float64)
        # Overtime is counted for all wheels of a place together, so one wheel may have it for nothing here.
        a_line = (pieces.line_hours[0] + pieces.line_hours[1])[:, :, None]
        self._by_lines = (np.ascontiguousarray(most * a_line), np.zeros((*a_line.shape[:2], len(most))))
        self._lines = np.ascontiguousarray(pieces.states.lines.astype(np.intp)[:, None, :])

    def evaluate(self, prices: Prices, *, want_flows: bool = True) -> Evaluation:
        """Bound at ``prices``, and the options' answers."""
        pieces = self.pieces
        o_count, t_count, k_count = pieces.regular.shape
        sell, buy = stock_prices(pieces.waiting, prices.stock)
        at = np.ascontiguousarray(prices.demand.T)
        credit = (np.arange(k_count) > 0)[None, None, :] * (pieces.own_pallets[:, None] * pieces.fee)[:, :, None]
        worth: list[Floats] = []
        serving: list[tuple[list[Terms], list[Ints] | None]] = []
        for way in range(2 if pieces.fee.any() else 1):
            base = pieces.wide if self._is_wide and pieces.wide is not None else pieces.pooled
            pooled = [
                Terms(hours=pieces.of_class(base, number), way=way, is_by_lines=False)
                for number in range(pieces.class_count)
            ]
            plain, bought = self._fill(pooled[0], at, sell, buy)
            for number, terms in enumerate(pooled[1:], 1):
                mine = self._states_of(number)
                plain = np.where(mine[:, None, :], self._fill(terms, at, sell, buy)[0], plain)
            worth.append(plain + bought[:, :, None] + way * credit)
            serving.append((pooled, None))
            if pieces.apart and not self._is_wide:
                single = [Terms(hours=hours, way=way, is_by_lines=True) for hours in pieces.apart]
                total, split = shared_lines([self._fill(one, at, sell, buy)[0] for one in single])
                lines = np.broadcast_to(self._lines, (o_count, t_count, k_count))
                worth.append(np.take_along_axis(total, lines, axis=2) + bought[:, :, None] + way * credit)
                serving.append((single, split))
        ways = np.stack(worth)
        ways[:, :, :, 0] = 0.0  # A closed site ships nothing, not even stock.
        gain, way_of = ways.min(axis=0) + pieces.refund, ways.argmin(axis=0)
        values, paths = best_paths(pieces.states, gain, want_paths=want_flows)
        chosen = one_template(values, pieces.site_of, pieces.states.is_existing)
        is_left = (pieces.penalty > prices.demand) & pieces.asked & pieces.may_be_left
        paid = np.where(is_left, pieces.penalty, prices.demand) * pieces.asked
        taken = contracts_taken(pieces, paid)
        own = pieces.contract_of < 0
        bound = float(paid[own].sum() + taken.value + values[chosen].sum())
        served, stocked = np.zeros(at.shape), np.zeros(sell.shape)
        if want_flows:
            paths[~chosen] = 0
            chosen_way = np.take_along_axis(way_of, paths[:, :, None], axis=2)[:, :, 0]
            for number, (some, shared) in enumerate(serving):
                mine = (chosen_way == number) & (paths > 0)
                self._serve(some, shared, np.where(mine, paths, -1), at, sell, buy, served, stocked)
            # Of a contract that is left nothing is missing: its right-hand side is zero.
            served += (is_left | (~taken.is_asked[:, None] & pieces.asked)).T
        return Evaluation(bound=bound, paths=paths, served=np.ascontiguousarray(served.T), stocked=stocked, gain=gain)

    def _states_of(self, number: int) -> NDArray[np.bool_]:
        """States (o, k) of a class of designs."""
        assert self.pieces.classes is not None
        return np.asarray(self.pieces.classes.of_state == number)

    def _levels(self, terms: Terms) -> tuple[Floats, Floats]:
        return self._by_lines if terms.is_by_lines else (self.pieces.regular, self.pieces.extra)

    def _fill(self, terms: Terms, at: Floats, sell: Floats, buy: Floats) -> tuple[Floats, Floats]:
        """Value of the hours of each level, (o, t, k), and of what is bought from season stock anyway, (o, t)."""
        from manyworks.plan.search.kernels import fill_hours

        pieces, (regular, extra) = self.pieces, self._levels(terms)
        gain, bought = np.zeros(regular.shape), np.zeros(sell.shape)
        fill_hours(
            self._first, self._arcs, terms.way, pieces.fee, terms.hours.run, terms.hours.staffed, at, regular, extra,
            pieces.premium, sell, buy, *self._space, gain, bought,
        )  # fmt: skip
        return gain, bought

    def _serve(
        self,
        terms: list[Terms],
        split: list[Ints] | None,
        level: Ints,
        at: Floats,
        sell: Floats,
        buy: Floats,
        served: Floats,
        stocked: Floats,
    ) -> None:
        """Add what each option serves in the state ``level`` (o, t), -1: not by these terms."""
        from manyworks.plan.search.kernels import serve_hours

        pieces = self.pieces
        classes = np.zeros(level.shape, dtype=np.intp)
        if pieces.classes is not None:
            classes = np.take_along_axis(pieces.classes.of_state, np.maximum(level, 0), axis=1)
        levels = [np.where(classes == number, level, -1) for number in range(len(terms))]
        if split is not None:
            lines = np.take_along_axis(pieces.states.lines.astype(np.intp), np.maximum(level, 0), axis=1)
            levels = [np.where(level >= 0, mine, -1) for mine in lines_of_wheels(split, lines)]
        for one, mine in zip(terms, levels, strict=True):
            regular, extra = self._levels(one)
            serve_hours(
                self._first, self._arcs, one.way, pieces.fee, one.hours.run, one.hours.staffed, at, regular, extra,
                pieces.premium, sell, buy, *self._space[:3], np.ascontiguousarray(mine), served, stocked,
            )  # fmt: skip


def _by_time(values: Floats, cells: tuple[Ints, Ints]) -> Floats:
    return np.ascontiguousarray(values[cells].T)
