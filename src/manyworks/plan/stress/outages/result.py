"""What outages cost each rival: every outage, every class, and the worth of the rivals after them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from manyworks.errors import Issue
from manyworks.model.table import Table
from manyworks.plan.case import CASES, CaseName
from manyworks.plan.money.cents import short_money
from manyworks.plan.stress.outages.evidence import Evidence, check_evidence
from manyworks.plan.stress.outages.measure import Costs
from manyworks.plan.stress.outages.respond import OutageOptions
from manyworks.plan.stress.outages.strikes import Strike

SAME = 1e-7
"""Share of the costs below which two rivals are worth the same."""


@dataclass(frozen=True, kw_only=True)
class Struck:
    """One outage of one rival in the last period.

    ``costs`` of an event of the mean length; ``expected_cost`` of an event over the spread of lengths. Days: ``alone``
    and ``covered`` until the first customer goes unserved, ``recover`` from the end of the outage until the stock is
    back. ``unserved_units`` and ``unserved_revenue`` of an event; ``covered_by`` the sites that ship more.
    """

    strike: Strike
    costs: Costs
    expected_cost: float
    unserved_units: float
    unserved_revenue: float
    alone: float
    covered: float
    recover: float
    covered_by: tuple[str, ...]

    @property
    def expected_per_year(self) -> float:
        """Frequency × expected cost."""
        return self.strike.frequency_per_year * self.expected_cost


@dataclass(frozen=True, kw_only=True)
class RivalOutages:
    """The outages of one rival. ``per_year`` expected cost a year before tax by stage (name of the period).

    ``present_value`` over the whole horizon, after tax; ``npv`` of the plan and ``cost`` of it, present values;
    ``evidence`` to recompute the answers, None in a stored run. ``is_complete``: all of its outages were run.
    """

    struck: tuple[Struck, ...]
    per_year: Mapping[str, float]
    present_value: float
    npv: float
    cost: float
    evidence: Evidence | None
    is_complete: bool

    @property
    def npv_after(self) -> float:
        """Npv less the present value of expected outage costs."""
        return self.npv - self.present_value

    @property
    def worst(self) -> Struck | None:
        """The outage that costs most when it comes."""
        return max(self.struck, key=lambda row: row.costs.total, default=None)


@dataclass(frozen=True, kw_only=True)
class OutageRun:
    """Outages of all rivals; ``recommended`` is the rival that wins without them."""

    rivals: Mapping[CaseName, RivalOutages]
    asked: tuple[CaseName, ...]
    recommended: CaseName
    currency: str
    options: OutageOptions

    @property
    def is_complete(self) -> bool:
        """Whether all outages of all rivals were run."""
        return all(name in self.rivals and self.rivals[name].is_complete for name in self.asked)

    @property
    def winner(self) -> CaseName:
        """The rival worth most after outages, of equal ones the one with the least freedom."""
        rows = {name: row for name, row in self.rivals.items() if row.is_complete} or dict(self.rivals)
        top = max(row.npv_after for row in rows.values())
        scale = SAME * max(row.cost for row in rows.values())
        return next(name for name in CASES if name in rows and rows[name].npv_after >= top - scale)

    @property
    def changes_the_answer(self) -> bool:
        """Whether outages make another rival the best."""
        return self.winner != self.recommended

    def tables(self) -> dict[str, Table]:
        """``rivals``, ``outages`` one row each, ``classes`` one row for each rival and class."""
        return {"rivals": self._rivals(), "outages": self._outages(), "classes": self._classes()}

    def check(self) -> list[Issue]:
        """Recompute balances, capacities and costs of every answer without the solver."""
        issues = [
            issue
            for name, row in self.rivals.items()
            if row.evidence is not None
            for issue in check_evidence(name, row.evidence, [struck.costs.total for struck in row.struck])
        ]
        for name, row in self.rivals.items():
            last = list(row.per_year.values())[-1:]
            total = sum(struck.expected_per_year for struck in row.struck)
            if row.is_complete and last and abs(last[0] - total) > 1e-6 * max(abs(total), 1.0):
                issues.append(_issue(name, "expected cost a year must be the sum over outages", last[0], total))
        return issues

    def summary(self) -> str:
        """Expected cost of each rival, the worst outage, and whether they turn the answer."""
        lines = []
        for name, row in self.rivals.items():
            yearly = short_money(list(row.per_year.values())[-1] if row.per_year else 0.0, self.currency)
            present = short_money(row.present_value, self.currency)
            text = f"{CASES[name].title}: outages cost {yearly} a year in the end, {present} of present value"
            worst = row.worst
            if worst is not None and worst.costs.total > 0:
                size = short_money(worst.costs.total, self.currency)
                text += f"; worst: {worst.strike.outage.name.lower()} at {worst.strike.target}, {size}"
            lines.append(f"{text}.")
        lines.append(self.verdict)
        if not self.is_complete:
            done = sum(row.is_complete for row in self.rivals.values())
            lines.append(f"Stopped: {done} of {len(self.asked)} rivals were run to the end.")
        return "\n".join(lines)

    @property
    def verdict(self) -> str:
        """Whether expected outage costs change which rival is best."""
        mine = CASES[self.recommended].title.lower()
        basis = "Expected values at the stated frequencies"
        if self.recommended not in self.rivals:
            return f"{basis}; the recommended rival, {mine}, was not run."
        if not self.changes_the_answer:
            return f"{basis}: {mine} stays the best of those run when outages are counted."
        gain = self.rivals[self.winner].npv_after - self.rivals[self.recommended].npv_after
        ahead = short_money(gain, self.currency)
        return f"{basis}: {CASES[self.winner].title.lower()} overtakes {mine} by {ahead} when outages are counted."

    def _rivals(self) -> Table:
        rows = list(self.rivals.items())
        worst = [row.worst for _, row in rows]
        return Table(
            {
                "rival": _words([name for name, _ in rows]),
                "npv": _numbers([row.npv for _, row in rows]),
                "outages": _numbers([-row.present_value for _, row in rows]),
                "npv_after_outages": _numbers([row.npv_after for _, row in rows]),
                "expected_per_year": _numbers(
                    [list(row.per_year.values())[-1] if row.per_year else 0 for _, row in rows]
                ),
                "worst": _words(["" if w is None else f"{w.strike.outage.id} at {w.strike.target}" for w in worst]),
                "worst_cost": _numbers([0.0 if w is None else w.costs.total for w in worst]),
                "wins": _words(["yes" if name == self.winner else "" for name, _ in rows]),
            }
        )

    def _outages(self) -> Table:
        rows = [(name, struck) for name, row in self.rivals.items() for struck in row.struck]
        parts = [name for name in Costs.__dataclass_fields__ if name != "total"]
        strikes = [struck.strike for _, struck in rows]
        columns: dict[str, Any] = {
            "rival": _words([name for name, _ in rows]),
            "outage": _words([strike.outage.id for strike in strikes]),
            "stops": _words([strike.outage.stops for strike in strikes]),
            "target": _words([strike.target for strike in strikes]),
            "sites": _words([";".join(strike.sites) for strike in strikes]),
            "frequency_per_year": _numbers([strike.frequency_per_year for strike in strikes]),
            "duration_h": _numbers([strike.outage.duration_h for strike in strikes]),
            "cost": _numbers([struck.costs.total for _, struck in rows]),
            "expected_cost": _numbers([struck.expected_cost for _, struck in rows]),
            "expected_per_year": _numbers([struck.expected_per_year for _, struck in rows]),
            "unserved_units": _numbers([struck.unserved_units for _, struck in rows]),
            "unserved_revenue": _numbers([struck.unserved_revenue for _, struck in rows]),
            "cost_to_cover": _numbers([struck.costs.to_cover for _, struck in rows]),
        }
        columns |= {part: _numbers([getattr(struck.costs, part) for _, struck in rows]) for part in parts}
        columns |= {
            "survive_alone_days": _numbers([struck.alone for _, struck in rows]),
            "survive_covered_days": _numbers([struck.covered for _, struck in rows]),
            "recover_days": _numbers([struck.recover for _, struck in rows]),
            "covered_by": _words([";".join(struck.covered_by) for _, struck in rows]),
        }
        return Table(columns)

    def _classes(self) -> Table:
        sums: dict[tuple[str, str], list[float]] = {}
        for name, row in self.rivals.items():
            for struck in row.struck:
                cell = sums.setdefault((name, struck.strike.outage.id), [0.0, 0.0, 0.0])
                cell[0] += struck.expected_per_year
                cell[1] = max(cell[1], struck.costs.total)
                cell[2] += struck.strike.frequency_per_year
        return Table(
            {
                "rival": _words([name for name, _ in sums]),
                "outage": _words([outage for _, outage in sums]),
                "events_per_year": _numbers([cell[2] for cell in sums.values()]),
                "expected_per_year": _numbers([cell[0] for cell in sums.values()]),
                "largest_cost": _numbers([cell[1] for cell in sums.values()]),
            }
        )


def _words(values: list[str]) -> Any:
    return np.array(values, dtype=object)


def _numbers(values: list[float]) -> Any:
    return np.array(values, dtype=np.float64)


def _issue(path: str, message: str, found: float, limit: float) -> Issue:
    return Issue(
        rule="stress_outages",
        severity="error",
        path=path,
        message=message,
        found=f"{found:,.4f} against {limit:,.4f}",
        cure="The run must not be used; please report it together with the document",
    )
