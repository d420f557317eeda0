"""What an answer to an outage means: money by line, units, times, who covers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.stress.outages.respond import Effect, Responder, Response
from manyworks.units import DAYS_PER_WEEK, HOURS_PER_WEEK

Floats = NDArray[np.float64]
DUST = 1e-6
"""Share of a week's units below which nobody is unserved."""
LONGEST_WEEKS = 26.0
"""How far the time to survive with cover is sought."""


@dataclass(frozen=True, kw_only=True)
class Costs:
    """Money of one event, before tax; the parts add up to ``total``.

    ``lost_sales``: what the unserved units would have earned; ``penalty`` on them; ``dearer_lanes``: materials,
    freight, duty and damage of what others serve, over those of the plan; ``running``: energy, cleaning and
    changeovers; ``overtime``; ``not_rebuilt``: stock that is not there again after the recovery, at what it would have
    earned; ``written_off``: materials in recalled goods.
    """

    total: float
    lost_sales: float
    penalty: float
    dearer_lanes: float
    running: float
    overtime: float
    not_rebuilt: float
    written_off: float

    @property
    def to_cover(self) -> float:
        """What is paid so that others serve and stock comes back."""
        return self.dearer_lanes + self.running + self.overtime


def costs(responder: Responder, response: Response) -> Costs:
    """The cost of ``response`` by line, from its columns alone."""
    op, cover, usual, now = responder.operation, responder.cover, responder.usual.columns, response.columns
    own, weeks = cover.own_arc, response.weeks
    if weeks <= 0:
        return Costs(**dict.fromkeys(Costs.__dataclass_fields__, 0.0))
    before, after = float(op.value[own] @ usual["kept"]), _earned(responder, response)
    missed = now["unmet"] - usual["unmet"]
    lost_sales = float(missed @ each_demand_earns(responder))
    reliefs = op.value[cover.relieving] - op.value[own[cover.relieved]]
    dearer = before - after - lost_sales - float(reliefs @ now["relief"])
    learned = np.where(op.own[cover.other_j] > 0, 1.0, op.learn[cover.other_j])
    running = -float(op.run_value[cover.pair_j] @ (now["run"] + now["rerun"] - usual["run"]))
    running -= float((op.run_value[cover.other_j] * learned) @ now["switched"])
    over = float(op.overtime_cost @ (now["over"] + now["reover"] - usual["over"]))
    parts = {
        "lost_sales": weeks * lost_sales,
        "penalty": -weeks * float(missed @ op.penalty),
        "dearer_lanes": weeks * dearer,
        "running": weeks * running,
        "overtime": weeks * over,
        "not_rebuilt": weeks * float((now["short"] * cover.shortage).sum()),
        "written_off": response.written_off,
    }
    return Costs(total=sum(parts.values()), **parts)


def _earned(responder: Responder, response: Response) -> float:
    op, own, now = responder.operation, responder.cover.own_arc, response.columns
    return float(op.value[own] @ (now["kept"] + now["shelf"] + now["lane"]) + op.value @ now["cover"])


def each_demand_earns(responder: Responder) -> Floats:
    """What serving a demand for a week earns by the plan's arcs, (d,); of one that it leaves, by the best arc."""
    op, own = responder.operation, responder.cover.own_arc
    served = np.bincount(op.arc_d[own], op.base[own], len(op.point))
    earned = np.bincount(op.arc_d[own], op.base[own] * op.value[own], len(op.point))
    best = np.zeros(len(op.point))
    np.maximum.at(best, op.arc_d, op.value)
    return np.where(served > 0, earned / np.where(served > 0, served, 1.0), best)


def unserved(responder: Responder, response: Response) -> tuple[float, float]:
    """Units and revenue that customers do not get because of the outage."""
    op = responder.operation
    missed = np.maximum(response.columns["unmet"] - responder.usual.columns["unmet"], 0.0) * response.weeks
    return float(missed @ op.units), float(missed @ op.revenue)


def days_to_recover(responder: Responder, response: Response) -> float:
    """Days after the outage until the stock is back, when the sites that rebuild it use all their spare hours and
    overtime; inf where the recovery is too short for it."""
    op, cover, now = responder.operation, responder.cover, response.columns
    if float(now["short"].sum()) > DUST:
        return float("inf")
    used, crews, _ = responder.used()
    work = np.bincount(op.wheel_g[cover.pair_j], now["rerun"] * op.staffed[cover.pair_j], len(op.place_o))
    busy = work > DUST * np.maximum(op.regular, 1e-9)
    if not busy.any():
        return 0.0
    over = np.maximum(op.overtime - responder.usual.columns["over"], 0.0)
    lines = float(work[busy].sum() / np.maximum(op.regular + op.overtime - used, 1e-9)[busy].sum())
    here = np.isin(np.arange(len(op.names)), op.place_o[busy])
    hands = np.maximum(op.people - crews, 0.0) + np.bincount(op.place_o, over * op.crew, len(op.names))
    people = float((work * op.crew)[busy].sum() / max(float(hands[here].sum()), 1e-9))
    return min(response.weeks * max(lines, people), responder.options.recovery_weeks) * DAYS_PER_WEEK


def survives_alone(responder: Responder, effect: Effect) -> float:
    """Longest outage, days, in which nobody goes unserved when nobody covers: stock at both ends of the lanes.

    Stock of a family at the site goes to its customers as they buy; goods on the way delay the gap, and are missing
    when the site works again. inf where nobody depends on it.
    """
    op, own = responder.operation, responder.cover.own_arc
    o, d = op.arc_o[own], op.arc_d[own]
    f = op.family[d]
    struck = (effect.lost[o, f] > 0) | (effect.sites[o] & (effect.hours_left[op.place_o].min(initial=1.0) < 1))
    if not struck.any():
        return float("inf")
    weekly = np.zeros_like(op.stock)
    np.add.at(weekly, (o, f), op.base[own] * op.hours[own])
    usable = np.where(effect.ships[:, None], op.stock * effect.stock_left, 0.0)
    shelf = usable / np.where(weekly > 0, weekly, 1.0)
    lane = op.lane_stock[own] / op.base[own] * (0.0 if effect.is_recall else 1.0)
    days = DAYS_PER_WEEK * (lane + shelf[o, f])
    return float(days[struck].min())


def survives_covered(responder: Responder, effect: Effect) -> float:
    """Longest outage, days, in which nobody goes unserved when others cover; ``LONGEST_WEEKS`` at most."""
    whole = float(responder.operation.units.sum())

    def is_served(hours: float) -> bool:
        return responder.least_unserved(effect, hours) <= DUST * whole * hours / HOURS_PER_WEEK

    low, high = 0.0, LONGEST_WEEKS * HOURS_PER_WEEK
    if is_served(high):
        return LONGEST_WEEKS * DAYS_PER_WEEK
    high_known, low = high, 1.0
    if not is_served(low):
        return 0.0
    for _ in range(SEARCH_STEPS):
        middle = (low * high_known) ** 0.5
        low, high_known = (middle, high_known) if is_served(middle) else (low, middle)
    return low / HOURS_PER_WEEK * DAYS_PER_WEEK


SEARCH_STEPS = 10
"""Halvings of the time to survive on a logarithmic scale: within a hundredth."""


def covering_sites(responder: Responder, response: Response, effect: Effect) -> list[tuple[str, float]]:
    """Sites that ship more than usual, and the units, the largest first."""
    op, own, now = responder.operation, responder.cover.own_arc, response.columns
    more = now["cover"].copy()
    more[own] += now["kept"] - responder.usual.columns["kept"]
    units = np.bincount(op.arc_o, more * op.units[op.arc_d], len(op.names)) * response.weeks
    rows = [(op.names[o], float(units[o])) for o in range(len(op.names)) if not effect.sites[o]]
    whole = float(op.units.sum())
    return sorted((row for row in rows if row[1] > DUST * whole), key=lambda row: (-row[1], row[0]))
