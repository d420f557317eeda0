"""The answers to outages, kept so that anybody can recompute them: balances, capacities and money, without a solver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import Issue
from manyworks.plan.stress.outages.operation import Operation
from manyworks.plan.stress.outages.respond import Effect, Response

Floats = NDArray[np.float64]
TOLERANCE = 1e-5
"""A figure may be off by this share of the largest figure of its kind."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """An operation, how it works without an outage, and its answers: name, effect and columns of each.

    ``own_arc`` and the others name what the columns stand for, as in ``cover``. ``recovery_weeks`` as in the options.
    """

    operation: Operation
    own_arc: NDArray[np.intp]
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]]
    others: tuple[NDArray[np.intp], NDArray[np.intp]]
    reliefs: tuple[NDArray[np.intp], NDArray[np.intp]]
    shortage: Floats
    usual: Response
    answers: tuple[tuple[str, Effect, Response], ...]
    recovery_weeks: float


def check_evidence(rival: str, evidence: Evidence, costs: Sequence[float]) -> list[Issue]:
    """Everything that is wrong with the answers of one rival; ``costs`` are those that the run states."""
    issues = []
    for (name, effect, response), stated in zip(evidence.answers, costs, strict=True):
        if response.weeks > 0:
            found = [*_balances(evidence, response), *_limits(evidence, effect, response)]
            issues += [_issue(f"{rival}.{name}", *each) for each in found]
        again = recomputed_cost(evidence, response)
        scale = max(abs(again), evidence_value(evidence) * max(response.weeks, 1e-3) * 0.01, 1.0)
        if abs(again - stated) > TOLERANCE * scale:
            issues.append(_issue(f"{rival}.{name}", "cost must be what the answer costs", stated, again))
        if stated < -TOLERANCE * scale:
            issues.append(_issue(f"{rival}.{name}", "an outage must not earn money", stated, 0.0))
    return issues


def evidence_value(evidence: Evidence) -> float:
    """What a week without an outage earns, in money."""
    op = evidence.operation
    return float(np.abs(op.value[evidence.own_arc]) @ op.base[evidence.own_arc])


def recomputed_cost(evidence: Evidence, response: Response) -> float:
    """Value of the usual week less that of the answer, times its weeks."""
    if response.weeks <= 0:
        return 0.0
    return response.weeks * (_value(evidence, evidence.usual) - _value(evidence, response)) + response.written_off


def _value(evidence: Evidence, response: Response) -> float:
    op, own, now = evidence.operation, evidence.own_arc, response.columns
    served = now["cover"].copy()
    np.add.at(served, own, now["kept"] + now["shelf"] + now["lane"])
    relieved, relieving = evidence.reliefs
    moved = (op.value[relieving] - op.value[own[relieved]]) @ now["relief"]
    j, other = evidence.pairs[0], evidence.others[0]
    hours = op.run_value[j] @ (now["run"] + now["rerun"]) + (op.run_value * _learn(op))[other] @ now["switched"]
    over = op.overtime_cost @ (now["over"] + now["reover"])
    short = float((evidence.shortage * now["short"]).sum())
    return float(op.value @ served + op.penalty @ now["unmet"] + moved + hours - over - short)


def _learn(op: Operation) -> Floats:
    return np.where(op.own > 0, 1.0, op.learn)


def _balances(evidence: Evidence, response: Response) -> Iterator[tuple[str, float, float]]:
    """Every demand is served or unserved; what is shipped was made or drawn; what was drawn is rebuilt or short."""
    op, own, now = evidence.operation, evidence.own_arc, response.columns
    served = np.bincount(op.arc_d, now["cover"], len(op.point)) + now["unmet"]
    served += np.bincount(op.arc_d[own], now["kept"] + now["shelf"] + now["lane"], len(op.point))
    yield from _off("demand must be served or unserved", served, np.ones(len(op.point)))
    shape = op.stock.shape
    made = _made(evidence, now["run"], now["switched"])
    shipped = np.zeros(shape)
    at = (op.arc_o, op.family[op.arc_d])
    np.add.at(shipped, at, op.hours * now["cover"])
    np.add.at(shipped, (at[0][own], at[1][own]), op.hours[own] * now["kept"])
    yield from _off("what is shipped must be made or drawn", shipped, made + now["drawn"] - now["piled"])
    rebuilt = _made(evidence, now["rerun"], np.zeros_like(now["switched"])) + now["short"] + now["piled"]
    relieved, relieving = evidence.reliefs
    source = own[relieved]
    np.add.at(rebuilt, (at[0][source], at[1][source]), op.hours[source] * now["relief"])
    np.subtract.at(rebuilt, (at[0][relieving], at[1][relieving]), op.hours[relieving] * now["relief"])
    drawn = now["drawn"].copy()
    np.add.at(drawn, (at[0][own], at[1][own]), op.hours[own] * (now["shelf"] + now["lane"]))
    yield from _off("stock that is drawn must be rebuilt", rebuilt, drawn)


def _made(evidence: Evidence, run: Floats, switched: Floats) -> Floats:
    op = evidence.operation
    made = np.zeros(op.stock.shape)
    option = op.place_o[op.wheel_g]
    for (j, f), hours in ((evidence.pairs, run), (evidence.others, switched)):
        np.add.at(made, (option[j], f), hours / op.work[j, f])
    return made


def _limits(evidence: Evidence, effect: Effect, response: Response) -> Iterator[tuple[str, float, float]]:
    """A stricken line makes nothing, stock that is not there is not drawn, hours and people are those there are."""
    op, own, now, weeks = evidence.operation, evidence.own_arc, response.columns, response.weeks
    j, other = evidence.pairs[0], evidence.others[0]
    staffed = np.bincount(op.wheel_g[j], now["run"] * op.staffed[j], len(op.place_o))
    changed = now["switched"] * (op.staffed * _learn(op))[other]
    staffed = staffed + np.bincount(op.wheel_g[other], changed, len(op.place_o))
    yield from _above("line hours must exist", staffed, (op.regular + op.overtime) * effect.hours_left)
    crews = np.bincount(op.place_o, op.crew * (staffed - now["over"]), len(op.names))
    yield from _above("people must be there", crews, op.people)
    taken = now["drawn"].copy()
    f = op.family[op.arc_d[own]]
    np.add.at(taken, (op.arc_o[own], f), op.hours[own] * now["shelf"])
    yield from _above("stock must be there", taken * weeks, op.stock * effect.stock_left)
    stopped = effect.lost[op.arc_o[own], f] >= 1
    yield from _above("a place that stands still ships nothing new", now["kept"][stopped], np.zeros(int(stopped.sum())))
    rework = np.bincount(op.wheel_g[j], now["rerun"] * op.staffed[j], len(op.place_o)) * weeks
    before = np.bincount(op.wheel_g[j], evidence.usual.columns["run"] * op.staffed[j], len(op.place_o))
    spare = np.maximum(op.regular + op.overtime - before, 0.0) * evidence.recovery_weeks
    yield from _above("hours of the recovery must exist", rework, spare)


def _off(message: str, found: NDArray[Any], wanted: NDArray[Any]) -> Iterator[tuple[str, float, float]]:
    apart = np.abs(found - wanted)
    if apart.size and apart.max() > TOLERANCE * max(float(np.abs(wanted).max()), 1.0):
        at = np.unravel_index(int(apart.argmax()), apart.shape)
        yield message, float(found[at]), float(wanted[at])


def _above(message: str, found: NDArray[Any], most: NDArray[Any]) -> Iterator[tuple[str, float, float]]:
    over = found - most
    if over.size and over.max() > TOLERANCE * max(float(np.abs(most).max()), 1.0):
        at = np.unravel_index(int(over.argmax()), over.shape)
        yield message, float(found[at]), float(most[at])


def _issue(path: str, message: str, found: float, limit: float) -> Issue:
    return Issue(
        rule="stress_outages",
        severity="error",
        path=path,
        message=message,
        found=f"{found:,.6g} against {limit:,.6g}",
        cure="The run must not be used; please report it together with the document",
    )
