"""From calendar time to good units: where the minutes of a line go, by ISO 22400.

A line is as fast as its pacing station, the one with the least rated speed: what stops, starves or blocks that station
is lost for ever. So the minutes of the line are those of one server of it. Waiting for a station that is slower for
some product is no loss as far as the nominal rate of that product allows for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from manyworks.model.kpis import LineFigures
from manyworks.twin.program import LineProgram
from manyworks.twin.sample import Sample
from manyworks.twin.states import Doing

SPEED = "speed and rework"


@dataclass(frozen=True, kw_only=True)
class Loss:
    """A step down from calendar time: ``minutes`` in 100 minutes of open time, and the group that it belongs to."""

    name: str
    group: str
    minutes: float


@dataclass(frozen=True, kw_only=True)
class OeeWaterfall:
    """Steps from calendar time to the time that good units would have taken at nominal speed.

    ``calendar`` minutes for every 100 open ones; ``losses`` in order; what is left is ``good``, so that good / 100 is
    the OEE. ``pacing`` names the station whose minutes are counted.
    """

    calendar: float
    losses: tuple[Loss, ...]
    figures: LineFigures
    pacing: str

    @property
    def good(self) -> float:
        """What is left of 100 open minutes: the OEE in percent."""
        return self.calendar - sum(loss.minutes for loss in self.losses)

    def of(self, group: str) -> float:
        """Minutes lost in a group: planned, availability, performance or quality."""
        return sum(loss.minutes for loss in self.losses if loss.group == group)


def pacing_station(program: LineProgram) -> int:
    """Position of the station that needs most time for one turn of the runs."""
    needs = [
        sum(run.units * station.work[run.product].mean for run in program.runs) / station.servers
        for station in program.stations
    ]
    return int(np.argmax(needs))


def nominal_rates(program: LineProgram, stated: Sequence[float] | None = None) -> tuple[float, ...]:
    """Units a minute by product: as stated, else that of the slowest station, else at most the line's nominal rate."""
    if stated is not None:
        return tuple(stated)
    top = program.nominal_rate_per_min or np.inf
    slowest = (
        min(station.servers / station.work[p].mean for station in program.stations) * program.units_per_part
        for p in range(len(program.products))
    )
    return tuple(float(min(top, rate)) for rate in slowest)


def oee_waterfall(
    program: LineProgram, sample: Sample, nominal: Sequence[float], closed: Sequence[tuple[str, float]] = ()
) -> OeeWaterfall:
    """The waterfall of a sample; ``closed`` reasons with minutes in the closed period of the program."""
    pacing = pacing_station(program)
    servers = program.stations[pacing].servers
    total = sample.minutes * sample.replications
    minutes = sample.state_min[:, pacing].sum(axis=0) / servers
    good, scrap = sample.good.sum(axis=0), sample.scrap.sum(axis=0)
    rates = np.array(nominal)
    ideal_good, ideal_scrap = float((good / rates).sum()), float((scrap / rates).sum())
    down = float(minutes[Doing.UNDER_REPAIR] + minutes[Doing.AWAITING_REPAIR])
    setup = float(minutes[Doing.CHANGEOVER])
    production = total - down - setup
    waits = {
        "minor stops": Doing.MINOR_STOP, "starved": Doing.STARVED, "blocked": Doing.BLOCKED,
        "no operator": Doing.NO_OPERATOR, "on command": Doing.ON_COMMAND,
    }  # fmt: skip
    lost = {name: float(minutes[doing]) for name, doing in waits.items()}
    rest = production - ideal_good - ideal_scrap - sum(lost.values())
    for name in ("starved", "blocked"):
        taken = min(max(-rest, 0.0), lost[name])
        lost[name] -= taken
        rest += taken
    steps = [
        *(Loss(name=name, group="planned", minutes=value) for name, value in _planned(program, closed, total)),
        Loss(name="changeover", group="availability", minutes=setup),
        Loss(name="repair", group="availability", minutes=float(minutes[Doing.UNDER_REPAIR])),
        Loss(name="waiting for repair", group="availability", minutes=float(minutes[Doing.AWAITING_REPAIR])),
        *(Loss(name=name, group="performance", minutes=value) for name, value in lost.items()),
        Loss(name=SPEED, group="performance", minutes=rest),
        Loss(name="scrap", group="quality", minutes=ideal_scrap),
    ]
    scale = 100 / total
    shown = [
        Loss(name=step.name, group=step.group, minutes=step.minutes * scale)
        for step in steps
        if abs(step.minutes * scale) > 1e-9
    ]
    made = float(good.sum() + scrap.sum())
    figures = LineFigures(
        busy_min=total, production_min=production, setup_min=setup, down_min=down, good=float(good.sum()),
        scrap=float(scrap.sum()), failures=int(sample.failures[:, pacing].sum()),
        nominal_per_min=made / (ideal_good + ideal_scrap) if made else float(rates[0]),
    )  # fmt: skip
    calendar = 100 + sum(step.minutes for step in shown if step.group == "planned")
    return OeeWaterfall(calendar=calendar, losses=tuple(shown), figures=figures, pacing=program.stations[pacing].id)


def _planned(program: LineProgram, closed: Sequence[tuple[str, float]], total: float) -> list[tuple[str, float]]:
    """Closed minutes by reason beside ``total`` open minutes."""
    length = sum(end - start for start, end in program.closed)
    if not length or program.closed_period_min is None:
        return []
    per_open = total / (program.closed_period_min - length)
    reasons = closed or (("closed", length),)
    return [(name, minutes * per_open) for name, minutes in reasons]
