"""Better designs: each option's best answer to the prices of the present design, tried on the flows of all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.search.lagrangian import Lagrangian, Prices
from manyworks.plan.search.paths import best_paths
from manyworks.plan.search.pieces import Pieces
from manyworks.plan.search.transport import Transport, design_value, path_values

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Fractions from which an averaged state is rounded up, each less this from one."""
TRIES = 40
"""Most promising options that are tried before a design counts as good as its neighbours."""


def first_design(pieces: Pieces, transport: Transport, mean_state: Floats) -> tuple[Ints, float]:
    """The best of some roundings of the averaged states, and its value."""
    best: tuple[Ints, float] = (stand_still(pieces), -np.inf)
    rounded = [legal(pieces, np.floor(mean_state + threshold).astype(np.intp)) for threshold in THRESHOLDS]
    rounded += [legal(pieces, _gathered(pieces, mean_state, share)) for share in GATHERED]
    for paths in (best[0], *rounded):
        value = transport.value(paths) + design_value(pieces, paths)
        if value > best[1]:
            best = (paths, value)
    return best


GATHERED = (0.25, 0.35, 0.45, 0.55, 0.7, 0.85)
"""Shares of the tried options to which all averaged lines are given, the most used first."""


def _gathered(pieces: Pieces, mean_state: Floats, share: float) -> Ints:
    """All averaged lines of new options at the most used ones of them."""
    new = ~pieces.states.is_existing
    tried = np.flatnonzero(new & (mean_state.max(axis=1) > GATHERED[0]))
    order = tried[np.argsort(-mean_state[tried].sum(axis=1), kind="stable")]
    kept = order[: max(round(share * len(order)), 1)]
    gathered = np.where(new[:, None], 0.0, mean_state)
    total, mine = mean_state[new].sum(axis=0), mean_state[kept].sum(axis=0)
    gathered[kept] = mean_state[kept] * np.where(mine > 0, total / np.where(mine > 0, mine, 1.0), 1.0)
    return np.floor(gathered + 0.5).astype(np.intp)


def stand_still(pieces: Pieces) -> Ints:
    """The design that changes nothing, unless a site must close."""
    states = pieces.states
    t_count = pieces.regular.shape[1]
    paths = np.repeat(states.start[:, None], t_count, axis=1)
    paths[np.arange(t_count)[None, :] >= states.must_leave_by[:, None]] = 0
    return paths


def legal(pieces: Pieces, paths: Ints) -> Ints:
    """``paths`` (o, t) changed as little as possible so that each option's states follow from each other."""
    states, out = pieces.states, paths.copy()
    most = states.exists.sum(axis=1) - 1
    before = states.start.copy()
    taken = np.zeros(int(pieces.site_of.max(initial=-1)) + 1, dtype=bool)
    for o in np.argsort(-paths[:, -1], kind="stable"):
        site = pieces.site_of[o]
        if not states.is_existing[o] and taken[site]:
            out[o] = 0
        taken[site] |= bool(out[o].any())
    for t in range(paths.shape[1]):
        now = np.clip(out[:, t], 0, most)
        can_add, can_enter = np.isfinite(states.add[:, t]), np.isfinite(states.enter[:, t])
        new = np.where(
            before > 0, np.where(can_add, np.maximum(now, before), before), np.where(can_add & can_enter, now, 0)
        )
        old = np.where(before == 0, 0, np.where(can_add, np.maximum(now, before), before))
        old = np.where((now == 0) & (before == 1) & states.may_leave, 0, old)
        old = np.where(t >= states.must_leave_by, 0, old)
        before = np.where(states.is_existing, old, new)
        out[:, t] = before
    return out


def improve(
    lagrangian: Lagrangian,
    transport: Transport,
    paths: Ints,
    value: float,
    *,
    target: float,
    is_over: Callable[[], bool],
    tell: Callable[[float], None],
) -> tuple[Ints, float]:
    """Best design found before ``is_over``, or the first of at least ``target``; ``tell`` hears every better value."""
    if lagrangian.pieces.apart:
        paths, value = _stride(lagrangian, transport, paths, value, target, is_over, tell)
    paths, value = _climb(lagrangian, transport, paths, value, target, is_over, tell)
    for kick in range(KICKS):
        if value >= target or is_over():
            break
        trial = _kicked(lagrangian.pieces, paths, kick)
        found = transport.value(trial) + design_value(lagrangian.pieces, trial)
        trial, found = _climb(lagrangian, transport, trial, found, target, is_over, lambda _: None)
        if found > value + 1e-9 * abs(value):
            paths, value = trial, found
            tell(value)
    return paths, value


KICKS = 40
"""Times that a design which no single change improves is shaken."""


def _stride(
    lagrangian: Lagrangian,
    transport: Transport,
    paths: Ints,
    value: float,
    target: float,
    is_over: Callable[[], bool],
    tell: Callable[[float], None],
) -> tuple[Ints, float]:
    """Many promising changes at once, half as many where they do not pay together, until no single one does."""
    pieces, together = lagrangian.pieces, TOGETHER
    while value < target and not is_over():
        gain = lagrangian.evaluate(prices_of(transport, transport.prices(paths)), want_flows=False).gain
        changes = _of_sites(pieces, _promising(pieces, gain, paths))
        better = None
        first, count = 0, min(together, len(changes))
        while count and first < len(changes) and better is None and not is_over():
            trial = paths.copy()
            for o, path in changes[first : first + count]:
                trial[o] = path
            found = transport.value(trial) + design_value(pieces, trial)
            if found > value + 1e-9 * abs(value):
                better = (trial, found)
            elif count > 1:
                count //= 2
            else:
                first += 1
        if better is None:
            break
        (paths, value), together = better, min(2 * count, TOGETHER)
        tell(value)
    return paths, value


TOGETHER = 16
"""Most sites that change at once."""


def _of_sites(pieces: Pieces, changes: list[tuple[int, Ints]]) -> list[tuple[int, Ints]]:
    """The most promising change of each site."""
    first: dict[int, tuple[int, Ints]] = {}
    for o, path in changes:
        first.setdefault(int(pieces.site_of[o]), (o, path))
    return list(first.values())


def _climb(
    lagrangian: Lagrangian,
    transport: Transport,
    paths: Ints,
    value: float,
    target: float,
    is_over: Callable[[], bool],
    tell: Callable[[float], None],
) -> tuple[Ints, float]:
    """Single changes and closures until none pays."""
    refused: set[tuple[int, bytes, bytes]] = set()
    while value < target and not is_over():
        better = _step(lagrangian, transport, paths, value, refused, is_over)
        better = better or _merge(lagrangian, transport, paths, value, is_over)
        if better is None:
            break
        paths, value = better
        tell(value)
    return paths, value


def prices_of(transport: Transport, demand: Floats) -> Prices:
    """Prices of demand at a design; hours that are left are worth about what their line costs."""
    return Prices(demand=demand, stock=transport.pieces.rent)


def _kicked(pieces: Pieces, paths: Ints, kick: int) -> Ints:
    """``paths`` with some neighbouring options closed, others by each ``kick``, or an existing site closed earlier."""
    states = pieces.states
    trial = paths.copy()
    opened = np.flatnonzero(paths.any(axis=1) & ~states.is_existing)
    closable = np.flatnonzero(paths.any(axis=1) & states.is_existing & states.may_leave & (paths.max(axis=1) == 1))
    if len(closable) and kick % 4 == 3:
        o = closable[(kick // 4) % len(closable)]
        start = min(1 + 2 * (kick // (4 * len(closable))), paths.shape[1] - 1)
        trial[o, start:] = 0
        return trial
    if not len(opened):
        return trial
    centre = opened[(kick * 7) % len(opened)]
    rewards = [pieces.reward(int(o))[0][:, -1] for o in opened]
    worth = np.stack([np.where(np.isfinite(reward), reward, 0.0) for reward in rewards])
    mine = worth[np.flatnonzero(opened == centre)[0]]
    apart = np.abs(worth - mine).sum(axis=1)
    trial[opened[np.argsort(apart, kind="stable")[: 2 + kick % 3]]] = 0
    return trial


def _step(
    lagrangian: Lagrangian,
    transport: Transport,
    paths: Ints,
    value: float,
    refused: set[tuple[int, bytes, bytes]],
    is_over: Callable[[], bool],
) -> tuple[Ints, float] | None:
    """The first single change that pays, in order of what the prices promise."""
    pieces = lagrangian.pieces
    present = design_value(pieces, paths)
    gain = lagrangian.evaluate(prices_of(transport, transport.prices(paths)), want_flows=False).gain
    for o, path in _promising(pieces, gain, paths)[:TRIES]:
        if is_over():
            return None
        trial = paths.copy()
        trial[o] = path
        key = (o, path.tobytes(), paths.tobytes())
        if key in refused:
            continue
        found = design_value(pieces, trial)
        if found + transport.guess(trial, paths) > present:
            found += transport.value(trial)
            if found > value + 1e-9 * abs(value):
                return trial, found
        refused.add(key)
    return None


def _merge(
    lagrangian: Lagrangian, transport: Transport, paths: Ints, value: float, is_over: Callable[[], bool]
) -> tuple[Ints, float] | None:
    """The first option that may close, or give up a line, once its neighbours have answered; the weakest first."""
    pieces = lagrangian.pieces
    gain = lagrangian.evaluate(prices_of(transport, transport.prices(paths)), want_flows=False).gain
    options, times = np.arange(len(paths)), np.arange(paths.shape[1])
    worth = path_values(pieces, paths) + gain[options[:, None], times[None, :], paths].sum(axis=1)
    present = design_value(pieces, paths)
    small = np.flatnonzero(paths.any(axis=1) & ~pieces.states.is_existing)
    for o in sorted(small.tolist(), key=lambda o: (worth[o], o)):
        for fewer in (np.zeros_like(paths[o]), np.maximum(paths[o] - 1, 0)):
            if is_over():
                return None
            trial = paths.copy()
            trial[o] = fewer
            trial = _answered(lagrangian, transport, trial, o)
            found = design_value(pieces, trial)
            if found + transport.guess(trial, paths) > present:
                found += transport.value(trial)
                if found > value + 1e-9 * abs(value):
                    return trial, found
    return None


def _answered(lagrangian: Lagrangian, transport: Transport, paths: Ints, but: int) -> Ints:
    """``paths`` after the best answers of some other options to its prices, one after the other."""
    pieces = lagrangian.pieces
    for _ in range(ANSWERS):
        gain = lagrangian.evaluate(prices_of(transport, transport.some_prices(paths)), want_flows=False).gain
        better = [(o, path) for o, path in _promising(pieces, gain, paths) if o != but]
        if not better:
            break
        trial = paths.copy()
        trial[better[0][0]] = better[0][1]
        before = design_value(pieces, paths)
        if design_value(pieces, trial) + transport.guess(trial, paths) <= before:
            break
        paths = trial
    return paths


ANSWERS = 3
"""Options that may answer a closure."""


def _promising(pieces: Pieces, gain: Floats, paths: Ints) -> list[tuple[int, Ints]]:
    """Changes of one option that the prices say would pay, best first: a line more or less, closed, or not opened."""
    options, times = np.arange(len(paths)), np.arange(paths.shape[1])
    flows = gain[options[:, None], times[None, :], paths].sum(axis=1)
    present = path_values(pieces, paths) + flows
    states = np.arange(gain.shape[2])
    found: list[tuple[float, int, Ints]] = []
    for low, high in ((1, 1), (1, 0), (0, 1)):
        near = (states >= paths[:, :, None] - low) & (states <= paths[:, :, None] + high)
        values, better = best_paths(pieces.states, np.where(near | (states == 0), gain, -np.inf))
        found += _gains(pieces, values - present, better, paths)
    nothing = np.zeros_like(paths)
    closed = np.where(pieces.states.is_existing, -np.inf, 0.0) - present
    found += _gains(pieces, closed, nothing, paths)
    found.sort(key=lambda entry: (-entry[0], entry[1]))
    return [(o, path) for _, o, path in found]


def _gains(pieces: Pieces, extra: Floats, better: Ints, paths: Ints) -> list[tuple[float, int, Ints]]:
    taken = np.zeros(int(pieces.site_of.max(initial=-1)) + 1, dtype=np.intp)
    np.add.at(taken, pieces.site_of, paths.any(axis=1))
    free = (taken[pieces.site_of] - paths.any(axis=1)) == 0
    changed = (better != paths).any(axis=1) & np.isfinite(extra) & free
    return [
        (float(extra[o]), int(o), better[o]) for o in np.flatnonzero(changed & (extra > -1e-3 * np.abs(extra).max()))
    ]
