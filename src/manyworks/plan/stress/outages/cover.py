"""The equations of an outage: the rest of the network serves what the stricken sites served, at what it costs.

Everything is a mean rate a week over the window of W weeks in which something stands still; what is rebuilt in the
recovery of R weeks afterwards is divided by W as well. Decisions, shares of a demand d unless said: ``kept`` (arcs of
the plan) made and shipped as planned; ``cover`` (arcs) more than planned; ``shelf`` (arcs of the plan) from stock at
the stricken site; ``lane`` (arcs of the plan) from stock at the customers' end; ``unmet`` (d); ``run`` (wheels of the
plan × families), ``switched`` (wheels that a line changes to × families) running hours; ``over`` (g) line hours at
overtime pay; ``drawn``, ``piled`` (o, f) reference hours out of and into stock; ``rerun``, ``reover`` the same in the
recovery, ``short`` (o, f) reference hours of stock that cannot be rebuilt in it; ``relief`` (pairs of arcs) share of a
demand that another site serves in the recovery, so that its own site can rebuild its stock.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.linear import LinearModel
from manyworks.plan.stress.outages.operation import Operation

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Cover:
    """The linear model of one operation with what its columns stand for.

    ``own_arc`` (arcs of the plan,) positions among all arcs; ``pair_j``, ``pair_f`` wheel and family of ``run`` and
    ``rerun``; ``other_j``, ``other_f`` of ``switched``; ``limited`` wheels with a row of their own; ``relieved``
    position in ``own_arc`` and ``relieving`` arc of ``relief``. ``shortage`` (o, f) value of one reference hour of
    stock that is not rebuilt.
    """

    operation: Operation
    linear: LinearModel
    own_arc: Ints
    pair_j: Ints
    pair_f: Ints
    other_j: Ints
    other_f: Ints
    limited: Ints
    relieved: Ints
    relieving: Ints
    shortage: Floats


def make_cover(operation: Operation) -> Cover:
    """The model with every limit at its value without an outage."""
    runs = np.isfinite(operation.work)
    own = runs & (operation.own > 0)[:, None]
    several = np.bincount(operation.wheel_g, minlength=len(operation.place_o)) > 1
    other = runs & several[operation.wheel_g][:, None]
    pair_j, pair_f = np.nonzero(own)
    other_j, other_f = np.nonzero(other)
    relieved, relieving = _reliefs(operation)
    cover = Cover(
        operation=operation,
        linear=LinearModel(),
        own_arc=np.flatnonzero(operation.base > 0),
        pair_j=pair_j,
        pair_f=pair_f,
        other_j=other_j,
        other_f=other_f,
        limited=np.flatnonzero(np.isfinite(operation.own) & (operation.own > 0)),
        relieved=relieved,
        relieving=relieving,
        shortage=_shortage(operation),
    )
    _add_columns(cover)
    for equation in EQUATIONS:
        equation(cover)
    return cover


def _shortage(operation: Operation) -> Floats:
    """Most that one reference hour of goods earns from its site, and the penalty of not having it: what a unit of
    stock that never comes back is worth."""
    o_count, f_count = len(operation.names), len(operation.families)
    each = np.zeros((o_count, f_count))
    d = operation.arc_d
    gain = (np.maximum(operation.value, 0.0) - operation.penalty[d]) / np.maximum(operation.hours, 1e-12)
    np.maximum.at(each, (operation.arc_o, operation.family[d]), gain)
    return each


RELIEFS = 6
"""Best other sites that may serve a demand while its own site rebuilds its stock."""


def _reliefs(operation: Operation) -> tuple[Ints, Ints]:
    """Pairs of an arc of the plan, as position among these, and a good other arc of the same demand."""
    op, own = operation, np.flatnonzero(operation.base > 0)
    order = np.lexsort((np.arange(len(op.arc_d)), -op.value, op.arc_d))
    starts = np.searchsorted(op.arc_d[order], np.arange(len(op.point) + 1))
    pairs = [
        (position, int(a))
        for position, b in enumerate(own.tolist())
        for a in order[starts[op.arc_d[b]] : starts[op.arc_d[b] + 1]][: RELIEFS + 1]
        if a != b
    ]
    found = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _add_columns(cover: Cover) -> None:
    linear, op = cover.linear, cover.operation
    a, own = len(op.arc_o), cover.own_arc
    stock = np.zeros((len(op.names), len(op.families)))
    linear.add_columns("kept", op.value[own], 0.0, op.base[own])
    linear.add_columns("cover", op.value, 0.0, np.ones(a))
    linear.add_columns("shelf", op.value[own], 0.0, 0.0)
    linear.add_columns("lane", op.value[own], 0.0, 0.0)
    linear.add_columns("unmet", op.penalty, 0.0, 1.0)
    linear.add_columns("run", op.run_value[cover.pair_j])
    learned = _learning(cover)
    linear.add_columns("switched", op.run_value[cover.other_j] * learned)
    linear.add_columns("over", -op.overtime_cost, 0.0, op.overtime)
    linear.add_columns("drawn", stock, 0.0, 0.0)
    linear.add_columns("piled", stock, 0.0, 0.0)
    linear.add_columns("rerun", op.run_value[cover.pair_j], 0.0, 0.0)
    linear.add_columns("reover", -op.overtime_cost, 0.0, 0.0)
    linear.add_columns("short", -cover.shortage, 0.0, 0.0)
    linear.add_columns("relief", op.value[cover.relieving] - op.value[own[cover.relieved]], 0.0, np.inf)


def _learning(cover: Cover) -> Floats:
    """Line hours per usual hour on ``switched``: one where the plan runs that wheel, the ramp where it does not."""
    op, j = cover.operation, cover.other_j
    return np.where(op.own[j] > 0, 1.0, op.learn[j])


def demand_is_shared(cover: Cover) -> None:
    """Σ_a (kept + cover + shelf + lane) + unmet = 1."""
    linear, op = cover.linear, cover.operation
    columns, d = linear.columns, op.arc_d[cover.own_arc]
    count = len(op.point)
    linear.add_rows(
        "demand",
        (count,),
        [
            (d, columns["kept"], 1.0),
            (op.arc_d, columns["cover"], 1.0),
            (d, columns["shelf"], 1.0),
            (d, columns["lane"], 1.0),
            (np.arange(count), columns["unmet"], 1.0),
        ],
        1.0,
        1.0,
    )


def goods_arrive_in_time(cover: Cover) -> None:
    """Σ kept + cover ≤ 1 − lost share × delay / W; Σ cover ≤ 1 − delay / W: nothing comes before the first cover."""
    linear, op = cover.linear, cover.operation
    count = len(op.point)
    terms = [(op.arc_d, linear.columns["cover"], 1.0)]
    linear.add_rows("late", (count,), terms, high=1.0)
    own = (op.arc_d[cover.own_arc], linear.columns["kept"], 1.0)
    linear.add_rows("gap", (count,), [*terms, own], high=1.0)


def make_is_shipped(cover: Cover) -> None:
    """Σ run / work + Σ switched / work + drawn − piled = Σ_a hours (kept + cover), reference hours of (o, f)."""
    linear, op = cover.linear, cover.operation
    f_count = len(op.families)
    everything = np.arange(len(op.names) * f_count).reshape(len(op.names), f_count)
    at_arc = op.arc_o * f_count + op.family[op.arc_d]
    made, changed = _made(cover)
    own = cover.own_arc
    linear.add_rows(
        "make",
        (len(op.names), f_count),
        [
            (made, linear.columns["run"], 1 / op.work[cover.pair_j, cover.pair_f]),
            (changed, linear.columns["switched"], 1 / op.work[cover.other_j, cover.other_f]),
            (everything, linear.columns["drawn"], 1.0),
            (everything, linear.columns["piled"], -1.0),
            (at_arc[own], linear.columns["kept"], -op.hours[own]),
            (at_arc, linear.columns["cover"], -op.hours),
        ],
        0.0,
        0.0,
    )


def _made(cover: Cover) -> tuple[Ints, Ints]:
    """Row (o, f) of each ``run`` and of each ``switched``."""
    op, f_count = cover.operation, len(cover.operation.families)
    option = op.place_o[op.wheel_g]
    return option[cover.pair_j] * f_count + cover.pair_f, option[cover.other_j] * f_count + cover.other_f


def stock_lasts(cover: Cover) -> None:
    """Stock is there, and is rebuilt: drawn + Σ_a hours × shelf ≤ stock / W, and rerun / work + short + piled + hours
    of what others relieve = drawn + Σ_a hours (shelf + lane) + hours of what is relieved; relief ≤ base × R / W."""
    linear, op = cover.linear, cover.operation
    shape = (len(op.names), len(op.families))
    everything = np.arange(np.prod(shape)).reshape(shape)
    own = cover.own_arc
    at_arc = op.arc_o[own] * shape[1] + op.family[op.arc_d[own]]
    shelf = (at_arc, linear.columns["shelf"], op.hours[own])
    linear.add_rows("stock", shape, [(everything, linear.columns["drawn"], 1.0), shelf], high=0.0)
    made, _ = _made(cover)
    other = op.arc_o[cover.relieving] * shape[1] + op.family[op.arc_d[cover.relieving]]
    linear.add_rows(
        "refill",
        shape,
        [
            (made, linear.columns["rerun"], 1 / op.work[cover.pair_j, cover.pair_f]),
            (everything, linear.columns["short"], 1.0),
            (everything, linear.columns["piled"], 1.0),
            (everything, linear.columns["drawn"], -1.0),
            (at_arc, linear.columns["shelf"], -op.hours[own]),
            (at_arc, linear.columns["lane"], -op.hours[own]),
            (at_arc[cover.relieved], linear.columns["relief"], op.hours[own[cover.relieved]]),
            (other, linear.columns["relief"], -op.hours[cover.relieving]),
        ],
        0.0,
        0.0,
    )
    linear.add_rows("relieved", (len(own),), [(cover.relieved, linear.columns["relief"], 1.0)], high=0.0)


def hours_exist(cover: Cover) -> None:
    """Staffed hours of run and switched − over ≤ regular line hours; of a wheel ≤ those given to it; the same of
    rerun in what the recovery leaves free."""
    linear, op = cover.linear, cover.operation
    places = np.arange(len(op.place_o))
    row, staffed = op.wheel_g[cover.pair_j], op.staffed[cover.pair_j]
    changed = op.staffed[cover.other_j] * _learning(cover)
    linear.add_rows(
        "hours",
        (len(places),),
        [
            (row, linear.columns["run"], staffed),
            (op.wheel_g[cover.other_j], linear.columns["switched"], changed),
            (places, linear.columns["over"], -1.0),
        ],
        high=op.regular,
    )
    linear.add_rows(
        "rehours",
        (len(places),),
        [(row, linear.columns["rerun"], staffed), (places, linear.columns["reover"], -1.0)],
        high=0.0,
    )
    at = np.full(len(op.wheel_g), -1)
    at[cover.limited] = np.arange(len(cover.limited))
    mine = np.flatnonzero(at[cover.pair_j] >= 0)
    for name, column, high in (("wheel", "run", op.own[cover.limited]), ("rewheel", "rerun", 0.0)):
        terms = [(at[cover.pair_j[mine]], linear.columns[column][mine], staffed[mine])]
        linear.add_rows(name, (len(cover.limited),), terms, high=high)


def crews_are_there(cover: Cover) -> None:
    """Σ_g crew × (staffed hours − over) ≤ people; in the recovery ≤ those whom the plan leaves free."""
    linear, op = cover.linear, cover.operation
    count = (len(op.names),)
    staffed = op.staffed * op.crew[op.wheel_g]
    option = op.place_o[op.wheel_g]
    mine = (option[cover.pair_j], staffed[cover.pair_j])
    other = staffed[cover.other_j] * _learning(cover)
    linear.add_rows(
        "crews",
        count,
        [
            (mine[0], linear.columns["run"], mine[1]),
            (option[cover.other_j], linear.columns["switched"], other),
            (op.place_o, linear.columns["over"], -op.crew),
        ],
        high=op.people,
    )
    linear.add_rows(
        "recrews",
        count,
        [(mine[0], linear.columns["rerun"], mine[1]), (op.place_o, linear.columns["reover"], -op.crew)],
        high=0.0,
    )


EQUATIONS = (demand_is_shared, goods_arrive_in_time, make_is_shipped, stock_lasts, hours_exist, crews_are_there)
"""Every equation, in the order of the explanation page."""
