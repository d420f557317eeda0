"""From one plan's figure to another's, cost line by cost line, to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from manyworks.model.table import Table
from manyworks.plan.money.business_case import BusinessCase
from manyworks.plan.money.cents import cents, residual
from manyworks.plan.money.money_line import LANDED, LINE_NAMES, TITLES

LANDED_UNITS = 1000
"""Landed cost is bridged per this many delivered units, so that cents say something about cheap goods."""


@dataclass(frozen=True, kw_only=True)
class BridgeStep:
    """What one money line adds on the way; the last step of every bridge is ``rounding``."""

    line: str
    title: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Bridge:
    """``start`` + all steps = ``end``, exactly, in cents of ``unit``.

    ``measure`` says what is bridged: ``npv`` (more is better) or ``landed_cost`` (less is better).
    Lines that do not differ are left out.
    """

    measure: str
    unit: str
    start_title: str
    end_title: str
    start: Decimal
    end: Decimal
    steps: tuple[BridgeStep, ...]

    @property
    def table(self) -> Table:
        """``line, title, amount, running``: the start, every step and the end; amounts as floats for drawing."""
        rows = [("start", self.start_title, self.start)]
        rows += [(step.line, step.title, step.amount) for step in self.steps]
        running = np.cumsum([float(amount) for _, _, amount in rows])
        rows.append(("end", self.end_title, self.end))
        return Table(
            {
                "line": np.array([line for line, _, _ in rows], dtype=object),
                "title": np.array([title for _, title, _ in rows], dtype=object),
                "amount": np.array([float(amount) for _, _, amount in rows]),
                "running": np.append(running, float(self.end)),
            }
        )

    def to_frame(self) -> Any:
        """The bridge as a pandas DataFrame."""
        return self.table.to_frame()


def npv_bridge(start: BusinessCase, end: BusinessCase, start_title: str, end_title: str) -> Bridge:
    """Difference in npv by money line, present values in currency; a positive step helps the end."""
    return _bridge("npv", start.currency, start_title, end_title, start.present_values, end.present_values)


def landed_cost_bridge(start: BusinessCase, end: BusinessCase, start_title: str, end_title: str) -> Bridge:
    """Difference in levelised landed cost per 1,000 delivered units by cost line; a positive step costs more."""
    unit = f"{start.currency} per {LANDED_UNITS:,} units"
    return _bridge("landed_cost", unit, start_title, end_title, landed_lines(start), landed_lines(end))


def landed_lines(case: BusinessCase) -> dict[str, float]:
    """Cost per 1,000 delivered units of each landed line, positive, present value over present units."""
    units = case.landed.present_units
    names = [LINE_NAMES[index] for index in LANDED]
    return {name: -LANDED_UNITS * case.present_values[name] / units if units else 0.0 for name in names}


def _bridge(
    measure: str, unit: str, start_title: str, end_title: str, start: Mapping[str, float], end: Mapping[str, float]
) -> Bridge:
    first, last = cents(sum(start.values())), cents(sum(end.values()))
    changes = {line: cents(end[line] - start[line]) for line in start}
    steps = [BridgeStep(line=line, title=TITLES[line], amount=amount) for line, amount in changes.items() if amount]
    left = residual(changes.values(), last - first)
    return Bridge(
        measure=measure,
        unit=unit,
        start_title=start_title,
        end_title=end_title,
        start=first,
        end=last,
        steps=(*steps, BridgeStep(line="rounding", title="Rounding", amount=left)),
    )
