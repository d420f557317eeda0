"""Best path of one option through its states: a dynamic programme over the periods, all options at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.search.states import States

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


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


def one_template(values: Floats, site_of: Ints, is_existing: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of a site's templates the one of highest value; existing sites always count."""
    best = np.full(int(site_of.max(initial=-1)) + 1, -np.inf)
    np.maximum.at(best, site_of, values)
    chosen = values >= best[site_of]
    first = np.zeros_like(chosen)
    _, at = np.unique(np.where(chosen, site_of, -1), return_index=True)
    first[at] = True
    return np.asarray(chosen & (first | is_existing))
