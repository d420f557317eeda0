"""Numbers at which the first step goes on, and beyond which it stops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from manyworks.plan.check.capacity import line_load
from manyworks.plan.check.facts import plan_facts
from manyworks.plan.money.money_line import LINE_INDEX
from manyworks.plan.money.openings import Opening
from manyworks.plan.result import NetworkPlan
from manyworks.plan.rivals.factor import FACTORS, NEW_SITE_HOURS, NEW_SITE_WAGE, Factor
from manyworks.plan.rivals.flip import flip_scale
from manyworks.units import MINUTES_PER_HOUR

PLAUSIBLE_SCALE = 3.0
"""Nobody needs a gate at a number that is further from the plan than this factor."""


@dataclass(frozen=True, kw_only=True)
class Gate:
    """Go on if what is measured is ``at_least``, or ``at_most``, the ``limit``; ``planned`` is what the plan assumes.

    ``basis`` says where the limit comes from: the break-even against a rival with both plans frozen, or the plan's own
    capacity.
    """

    measure: str
    sense: Literal["at_least", "at_most"]
    limit: float
    planned: float
    unit: str
    basis: str

    def __str__(self) -> str:
        sign = "≥" if self.sense == "at_least" else "≤"
        return f"{self.measure} {sign} {_figure(self.limit)} {self.unit} (plan: {_figure(self.planned)}): {self.basis}"


def gates(winner: NetworkPlan, rival: NetworkPlan, opening: Opening) -> tuple[Gate, ...]:
    """Gates of a site that ``winner`` opens, against the strongest ``rival``; only those that a number decides."""
    site = winner.network.get("sites", opening.place)
    currency = winner.network.finance.currency
    spent = -float(winner.money.amounts[LINE_INDEX["capex"], winner.money.places.index(opening.place)].sum())
    dearer = [
        (NEW_SITE_WAGE, f"Loaded wage at {opening.name}", site.wage_per_h, f"{currency} per h"),
        (_factor("micro_capex"), f"Quotes for {opening.name} in all", spent, currency),
    ]
    shares = [
        (_factor("demand"), "Orders against the forecast"),
        (_factor("freight_price"), "Freight prices against the plan's"),
    ]
    found = _rates(winner, rival, opening)
    found += [gate for row in dearer if (gate := _break_even(winner, rival, *row)) and gate.sense == "at_most"]
    found += [gate for factor, words in shares if (gate := _break_even(winner, rival, factor, words, 100.0, "%"))]
    return tuple(found)


def _break_even(
    winner: NetworkPlan, rival: NetworkPlan, factor: Factor, measure: str, planned: float, unit: str
) -> Gate | None:
    """The value of a factor at which both are worth the same; None where there is none."""
    scale = flip_scale(winner, rival, factor)
    if scale is None or not 1 / PLAUSIBLE_SCALE <= scale <= PLAUSIBLE_SCALE:
        return None
    return Gate(
        measure=measure,
        sense="at_most" if scale > 1 else "at_least",
        limit=planned * scale,
        planned=planned,
        unit=unit,
        basis=f"{'above' if scale > 1 else 'below'} it {rival.case.title} is worth more, both plans frozen",
    )


def _rates(winner: NetworkPlan, rival: NetworkPlan, opening: Opening) -> list[Gate]:
    """The slowest rate of each line of the site at which the money still pays and the hours still suffice."""
    scale = flip_scale(winner, rival, NEW_SITE_HOURS)
    facts = plan_facts(winner)
    stand = facts.stand(opening.place, opening.template)
    found = []
    for line in sorted(stand.lines) if stand is not None else ():
        rows = winner.tables.production
        rows = rows.where((rows["place"] == opening.place) & (rows["line"] == line))
        run, units = float(rows["run_h"].sum()), float(rows["units"].sum())
        if stand is None or run <= 0:
            continue
        planned = units / run / MINUTES_PER_HOUR
        worked, most = line_load(facts, stand, line)
        tightest = float((worked[most > 0] / most[most > 0]).max(initial=0.0))
        limits = [(planned * min(tightest, 1.0), "below it the line hours do not suffice for the plan")]
        if scale is not None and scale > 1:
            limits.append((planned / scale, f"below it {rival.case.title} is worth more, both plans frozen"))
        limit, basis = max(limits)
        found.append(
            Gate(
                measure=f"Measured good rate of {winner.network.get('lines', line).name} at {opening.name}",
                sense="at_least",
                limit=limit,
                planned=planned,
                unit="units per running minute",
                basis=basis,
            )
        )
    return found


def _factor(name: str) -> Factor:
    return next(factor for factor in FACTORS if factor.name == name)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"
