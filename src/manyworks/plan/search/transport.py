"""What a design earns: one small linear model of flows for each period, kept warm while designs change."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.highs import Solver
from manyworks.plan.linear import LinearModel
from manyworks.plan.search.pieces import Pieces

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
SAMPLES = 4
"""Periods from which the worth of a change is guessed before it is computed."""
PALLETS = 1000.0
"""Pallets per unit of the storage rows."""


class Transport:
    """Flows of every period at a given design; a design changes right-hand sides only.

    max Σ reward flow + penalty unmet − premium overtime subject to Σ_o flow + unmet = 1 at each demand point and
    Σ_d hours flow − overtime ≤ hours of the lines at each option.
    """

    def __init__(self, pieces: Pieces, arcs: NDArray[np.bool_], *, scale: float, threads: int | None = None) -> None:
        """``arcs`` (o, d) that may carry flow; ``scale`` money per unit of the solver."""
        self.pieces, self.scale = pieces, scale
        hours = pieces.pooled if pieces.wide is None else pieces.wide
        self.unit = float(max(pieces.regular.max(initial=1.0) / 16, 1.0))
        self.option, self.point = np.nonzero(arcs & pieces.useful)
        worth = [pieces.reward(o, hours) for o in range(len(arcs))]
        mine = [arcs[o] & pieces.useful[o] for o in range(len(arcs))]
        none = np.zeros((0, len(pieces.fee)))
        self.reward = np.concatenate([none, *(worth[o][0][chosen] for o, chosen in enumerate(mine))])
        self.dearer = self._dearer()
        self.hours = np.concatenate([none, *(worth[o][1][chosen] for o, chosen in enumerate(mine))])
        self.shares = pieces.ramp
        self.samples = self._samples()
        self.parts = [self._period(t, threads) for t in range(pieces.regular.shape[1])]
        self.classes = np.zeros((len(self.parts), len(arcs)), dtype=np.intp)
        self.known: dict[tuple[int, bytes], tuple[float, Floats]] = {}
        self.work = 0
        """Flows in the models solved so far: how much has been computed, the same on every machine."""

    def _dearer(self) -> Floats:
        """What each arc is worth less by class of design, (c, arcs, t)."""
        pieces = self.pieces
        if pieces.classes is None:
            return np.zeros((0, *self.reward.shape))
        an_hour = pieces.classes.extra[:, self.option, pieces.family[self.point]]
        return np.asarray(an_hour * pieces.reference[self.option, self.point])

    def _pay_materials(self, t: int, standing: Floats) -> None:
        """Arcs of options whose class has changed are worth what materials cost there now."""
        pieces = self.pieces
        if pieces.classes is None:
            return
        state = (pieces.states.exists & (pieces.states.lines < standing[:, None] - 0.5)).sum(axis=1)
        classes = np.where(standing > 0, pieces.classes.of_state[np.arange(len(state)), state], 0)
        changed = np.flatnonzero((classes != self.classes[t])[self.option] & np.isfinite(self.reward[:, t]))
        solver, _, _, _, flow = self.parts[t]
        less = self.dearer[classes[self.option[changed]], changed, t]
        solver.set_values(flow[changed], (self.reward[changed, t] - less) / self.scale)
        self.classes[t] = classes

    def _period(self, t: int, threads: int | None) -> tuple[Solver, Ints, Ints, Ints, Ints]:
        pieces, o, d = self.pieces, self.option, self.point
        linear = LinearModel()
        reward = self.reward[:, t]
        asked = pieces.asked[:, t]
        usable = np.isfinite(reward) & asked[d]
        flow = linear.add_columns("flow", np.where(usable, reward, 0.0) / self.scale, 0.0, np.where(usable, 1.0, 0.0))
        # Whether contracts are signed is settled later: here each may be left, free of charge.
        owed = np.where(pieces.contract_of >= 0, 0.0, pieces.penalty[:, t])
        free = np.where(asked & pieces.may_be_left[:, 0], 1.0, 0.0)
        unmet = linear.add_columns("unmet", owed / self.scale, 0.0, free)
        over = linear.add_columns("overtime", -pieces.premium[:, t] * self.unit / self.scale, 0.0, 0.0)
        points = np.arange(len(asked))
        met = asked.astype(float)
        demand = linear.add_rows("demand", asked.shape, [(d, flow, met[d]), (points, unmet, met)], met, met)
        options = np.arange(len(over))
        if pieces.fee[t] > 0:
            outside = linear.add_columns("outside", np.full(len(over), -pieces.fee[t] * PALLETS / self.scale))
            linear.add_rows(
                "storage",
                over.shape,
                [(o, flow, pieces.pallets[o, d, t] / PALLETS), (options, outside, -1.0)],
                high=pieces.own_pallets / PALLETS,
            )
        hours = linear.add_rows(
            "hours",
            over.shape,
            [(o, flow, self.hours[:, t] / self.unit), (options, over, -1.0)],
            high=np.zeros(len(over)),
        )
        return Solver(linear, whole=False, threads=threads, is_brief=True), demand, hours, over, flow

    def period(self, t: int, lines: Floats, standing: Floats) -> tuple[float, Floats]:
        """Value of the flows of period t and the price of each demand point (d,).

        ``lines`` (o,) are ready, the ramp taken off; ``standing`` (o,) ones may work overtime.
        """
        key = (t, lines.tobytes() + standing.tobytes())
        if key not in self.known:
            pieces = self.pieces
            solver, demand, hours, over, _ = self.parts[t]
            self._pay_materials(t, standing)
            most = np.minimum(lines * pieces.line_hours[0][:, t], pieces.staffed[:, t]) / self.unit
            solver.set_row_bounds(hours, np.full(len(lines), -np.inf), most)
            solver.set_bounds(over, np.zeros(len(lines)), standing * pieces.line_hours[1][:, t] / self.unit)
            answer = solver.solve()
            self.work += len(self.option)
            if answer.row_price is None:
                self.known[key] = (-np.inf, np.zeros(len(demand)))
            else:
                self.known[key] = (answer.value * self.scale, answer.row_price[demand] * self.scale)
        return self.known[key]

    def _periods(self, paths: Ints) -> list[tuple[float, Floats]]:
        states = self.pieces.states
        standing = np.take_along_axis(states.lines, paths, axis=1)
        ready = ready_lines(self.pieces, standing, self.shares)
        return [self.period(t, ready[:, t], standing[:, t]) for t in range(paths.shape[1])]

    def value(self, paths: Ints) -> float:
        """Flow value of a design, (o, t) states."""
        return sum(value for value, _ in self._periods(paths))

    def guess(self, paths: Ints, other: Ints) -> float:
        """About how much more the flows of ``paths`` are worth than those of ``other``, from a few periods."""
        states = self.pieces.states
        lines = [np.take_along_axis(states.lines, design, axis=1) for design in (paths, other)]
        ready = [ready_lines(self.pieces, standing, self.shares) for standing in lines]
        more = 0.0
        for t, weight in self.samples:
            now, then = (self.period(t, ready[k][:, t], lines[k][:, t])[0] for k in (0, 1))
            more += weight * (now - then)
        return more

    def some_prices(self, paths: Ints) -> Floats:
        """Prices of demand (d, t) at a design: computed in a few periods, elsewhere in proportion to its worth."""
        states = self.pieces.states
        standing = np.take_along_axis(states.lines, paths, axis=1)
        ready = ready_lines(self.pieces, standing, self.shares)
        reward = self.pieces.size
        known = [t for t, _ in self.samples]
        shares = [self.period(t, ready[:, t], standing[:, t])[1] / np.maximum(reward[:, t], 1e-9) for t in known]
        nearest = np.abs(np.arange(paths.shape[1])[:, None] - np.array(known)).argmin(axis=1)
        prices = np.stack([shares[k] for k in nearest], axis=1) * reward
        return np.asarray(np.where(self.pieces.may_be_left, np.maximum(prices, self.pieces.penalty), prices))

    def _samples(self) -> list[tuple[int, float]]:
        """Some periods, each with the number of periods like it that it stands for, by worth of their demand."""
        reward = self.pieces.size
        size = np.maximum((reward * self.pieces.asked).sum(axis=0), 1e-9)
        count = len(size)
        chosen = sorted({*np.linspace(0, count - 1, min(count, SAMPLES + 1)).round().astype(int).tolist()[1:]})
        nearest = np.abs(np.arange(count)[:, None] - np.array(chosen)).argmin(axis=1)
        return [(t, float(size[nearest == k].sum() / size[t])) for k, t in enumerate(chosen)]

    def prices(self, paths: Ints) -> Floats:
        """Prices of demand (d, t) at a design."""
        return np.stack([prices for _, prices in self._periods(paths)], axis=1)


def ready_lines(pieces: Pieces, standing: Floats, shares: Floats) -> Floats:
    """Lines ready (o, t): those that stand less what the ramp of each addition still lacks; ``shares`` (o, t,
    start)."""
    before = np.where(pieces.states.is_existing, pieces.states.lines[:, 1], 0.0)
    added = np.maximum(np.diff(standing, axis=1, prepend=before[:, None]), 0.0)
    time = np.arange(standing.shape[1])
    missing = np.where(time[:, None] >= time, 1 - shares, 0.0)  # What is ready later takes nothing from today.
    lacking = np.einsum("ots,os->ot", missing, added)
    return np.maximum(standing - np.where(standing > 0, lacking, 0.0), 0.0)


def design_value(pieces: Pieces, paths: Ints) -> float:
    """Value of a design without its flows: standing, adding, opening, closing; -inf where it is not allowed."""
    return float(path_values(pieces, paths).sum())


def path_values(pieces: Pieces, paths: Ints) -> Floats:
    """The same for each option, (o,)."""
    states = pieces.states
    options = np.arange(len(paths))
    total = np.zeros(len(paths))
    before = states.start
    for t in range(paths.shape[1]):
        now = paths[:, t]
        total += states.hold[options, t, now]
        new = np.where(states.is_existing, 1, 0)
        opened = (before == 0) & (now > 0) & ~states.is_existing
        closed = states.is_existing & (before > 0) & (now == 0)
        added = np.where(closed, 0.0, states.lines[options, now] - states.lines[options, before])
        reopened = states.is_existing & (before == 0) & (now > 0)
        wrong = (
            (added < 0)
            | reopened
            | (closed & (~states.may_leave | (before > new)))
            | ((t >= states.must_leave_by) & (now > 0))
        )
        total += added * np.where(added > 0, states.add[:, t], 0.0)
        total += np.where(opened, states.enter[:, t], 0.0) + np.where(closed, states.leave[:, t], 0.0)
        total[wrong] = -np.inf
        before = now
    return total
