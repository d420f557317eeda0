"""A first design: one period stands for all, and a small mixed-integer model says what to open and how many lines.

Each option may be open from its first possible period on with a fixed number of lines, or not at all; an existing site
may stay or close. Flows are worth what they earn over the whole horizon, and need the hours of its last year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.highs import Solver
from manyworks.plan.linear import LinearModel
from manyworks.plan.search.improve import legal
from manyworks.plan.search.pieces import Pieces

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
SPARE = 1.02
"""Hours set aside beyond those of the last year, for what seasons ask beyond its mean."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Worth over the horizon of an option that is open (o,), of each line that is added there (o,), and the first
    period (o,) in which it can be."""

    opened: Floats
    line: Floats
    start: Ints


def site_once(
    pieces: Pieces,
    arcs: NDArray[np.bool_],
    *,
    scale: float,
    gap: float,
    nodes: int,
    seconds: float | None,
    threads: int | None,
    seed: int,
) -> Ints | None:
    """States (o, t) of a design, or None where the model found none; ``gap`` in money, ``scale`` money per unit."""
    states, (o_count, t_count) = pieces.states, pieces.rent.shape
    choice = _worth(pieces)
    option, point = np.nonzero(arcs & pieces.useful)
    last = slice(max(t_count - 4, 0), t_count)
    reward, hours = _sums(pieces, arcs, slice(0, t_count)), _sums(pieces, arcs, last)
    demand, penalty = pieces.asked.any(axis=1).astype(float), np.where(pieces.asked, pieces.penalty, 0.0).sum(axis=1)
    linear = LinearModel()
    may = np.where(states.is_existing | (choice.start < t_count), 1.0, 0.0)
    low = np.where(states.is_existing & ~states.may_leave, 1.0, 0.0)
    opened = linear.add_columns("open", choice.opened / scale, low, may, whole=True)
    standing = np.where(states.is_existing, states.lines[:, 1], 0.0)
    most = states.lines.max(axis=1) - standing
    added = linear.add_columns("lines", choice.line / scale, 0.0, most * may, whole=True)
    flow = linear.add_columns("flow", reward[0] / scale, 0.0, demand[point])
    penalty = np.where(pieces.contract_of >= 0, 0.0, penalty)  # Contracts are settled later.
    unmet = linear.add_columns("unmet", penalty / scale, 0.0, np.where(pieces.may_be_left[:, 0], demand, 0.0))
    regular, extra = (part[:, last].sum(axis=1) for part in pieces.line_hours)
    dear = pieces.premium[:, last].mean(axis=1) * _horizon_share(pieces, last)
    unit = float(max(regular.max(initial=1.0), 1.0))
    over = linear.add_columns("overtime", -dear * unit / scale)
    points, options = np.arange(len(demand)), np.arange(o_count)
    linear.add_rows("demand", demand.shape, [(point, flow, demand[point]), (points, unmet, demand)], demand, demand)
    links = np.arange(len(flow))
    linear.add_rows("links", flow.shape, [(links, flow, 1.0), (links, opened[option], -1.0)], high=0.0)
    linear.add_rows(
        "hours",
        (o_count,),
        [
            (option, flow, SPARE * hours[1] / unit),
            (options, added, -regular / unit),
            (options, opened, -standing * regular / unit),
            (options, over, -1.0),
        ],
        high=0.0,
    )
    staffed = pieces.staffed[:, last].sum(axis=1)
    linear.add_rows(
        "people",
        (o_count,),
        [(option, flow, SPARE * hours[1] / unit), (options, over, -1.0)],
        high=np.where(np.isfinite(staffed), staffed / unit, np.inf),
    )
    linear.add_rows(
        "overtime",
        (o_count,),
        [(options, over, 1.0), (options, added, -extra / unit), (options, opened, -standing * extra / unit)],
        high=0.0,
    )
    fewest = np.where(states.is_existing, 0.0, states.lines[:, 1])
    linear.add_rows("most", (o_count,), [(options, added, 1.0), (options, opened, -most)], high=0.0)
    linear.add_rows("least", (o_count,), [(options, added, 1.0), (options, opened, -fewest)], low=0.0)
    count = int(pieces.site_of.max(initial=-1)) + 1
    linear.add_rows("site", (count,), [(pieces.site_of, opened, 1.0)], high=1.0)
    answer = Solver(linear, whole=True, threads=threads, seed=seed).solve(
        gap=gap / scale, node_limit=nodes, time_limit=seconds
    )
    if answer.x is None:
        return None
    return _paths(pieces, choice, np.rint(answer.x[opened]), np.rint(answer.x[added]))


def _sums(pieces: Pieces, arcs: NDArray[np.bool_], window: slice) -> tuple[Floats, Floats]:
    """Reward and hours of each arc over a window of periods."""
    rewards, hours = [np.zeros(0)], [np.zeros(0)]
    for o in range(len(arcs)):
        mine = arcs[o] & pieces.useful[o]
        reward, needed = pieces.reward(o, pieces.wide or pieces.pooled)
        rewards.append(np.where(np.isfinite(reward[mine]), reward[mine], 0.0)[:, window].sum(axis=1))
        hours.append(needed[mine][:, window].sum(axis=1))
    return np.concatenate(rewards), np.concatenate(hours)


def _horizon_share(pieces: Pieces, last: slice) -> float:
    """Periods in all over those of the last year, by worth of demand."""
    worth = pieces.size.sum(axis=0)
    return float(worth.sum() / max(worth[last].sum(), 1e-9)) if worth.sum() > 0 else 1.0


def _worth(pieces: Pieces) -> Choice:
    states, t_count = pieces.states, pieces.rent.shape[1]
    time = np.arange(t_count)
    ready = np.isfinite(states.add) & (np.isfinite(states.enter) | states.is_existing[:, None])
    start = np.where(ready.any(axis=1), ready.argmax(axis=1), t_count)
    after = time >= start[:, None]
    at = np.minimum(start, t_count - 1)
    options = np.arange(len(start))
    lines = states.lines[:, 1][:, None]
    spread = np.where(states.exists.sum(axis=1) > 2, states.lines[:, min(2, states.lines.shape[1] - 1)], 0.0)
    step = np.maximum(spread - states.lines[:, 1], 0.0)[:, None]
    second = states.hold[:, :, min(2, states.hold.shape[2] - 1)] - states.hold[:, :, 1]
    a_line = np.where(step > 0, second / np.where(step > 0, step, 1.0), 0.0)
    add, enter = states.add[options, at], states.enter[options, at]
    base = states.hold[:, :, 1] - lines * a_line
    new = (base * after).sum(axis=1) + np.where(np.isfinite(enter), enter, 0.0)
    closes = min(1, t_count - 1)
    stay = states.hold[:, closes:, 1].sum(axis=1) - np.where(states.may_leave, states.leave[:, closes], 0.0)
    line = (a_line * after).sum(axis=1) + np.where(np.isfinite(add), add, 0.0)
    return Choice(opened=np.where(states.is_existing, stay, new), line=line, start=start)


def _paths(pieces: Pieces, choice: Choice, opened: Floats, added: Floats) -> Ints:
    states, t_count = pieces.states, pieces.rent.shape[1]
    time = np.arange(t_count)
    lines = added + np.where(states.is_existing, states.lines[:, 1], 0.0)
    fits = states.exists & (np.arange(states.lines.shape[1]) > 0) & (states.lines <= lines[:, None] + 0.5)
    target = np.where(opened > 0.5, np.maximum(fits.sum(axis=1), 1), 0)
    new = np.where(time >= choice.start[:, None], target[:, None], 0)
    first = np.where(time >= choice.start[:, None], target[:, None], 1)
    old = np.where((opened < 0.5)[:, None] & (time >= 1), 0, first)
    return legal(pieces, np.where(states.is_existing[:, None], old, new).astype(np.intp))
