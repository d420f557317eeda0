"""All outages of all rivals: in the last period one by one, in earlier ones their expected cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from manyworks.model.periods import Period
from manyworks.plan.case import CaseName
from manyworks.plan.result import NetworkPlan
from manyworks.plan.rivals.compare import Comparison
from manyworks.plan.search.watch import Watch
from manyworks.plan.stress.outages.durations import durations
from manyworks.plan.stress.outages.evidence import Evidence
from manyworks.plan.stress.outages.measure import (
    costs,
    covering_sites,
    days_to_recover,
    survives_alone,
    survives_covered,
    unserved,
)
from manyworks.plan.stress.outages.operation import Numbers, numbers_of, operation_in
from manyworks.plan.stress.outages.respond import Effect, OutageOptions, Responder, Response, effect_of
from manyworks.plan.stress.outages.result import OutageRun, RivalOutages, Struck
from manyworks.plan.stress.outages.strikes import Strike, strikes
from manyworks.plan.stress.part import Settings


def absent_reason(comparison: Comparison) -> str:
    """Why there is nothing to run."""
    return "" if comparison.network.outage_classes else "the document names no outage class"


def run(comparison: Comparison, settings: Settings, watch: Watch) -> OutageRun:
    """Every outage of every rival of ``comparison``."""
    options: OutageOptions = settings.options or OutageOptions()
    rivals: dict[CaseName, RivalOutages] = {}
    known: dict[int, RivalOutages] = {}
    for name, plan in comparison.plans.items():
        if watch.is_interrupted:
            break
        if id(plan.tables) not in known:  # Rivals that came to the same plan share its tables.
            known[id(plan.tables)] = outages_of(plan, options, watch)
        rivals[name] = known[id(plan.tables)]
    return OutageRun(
        rivals=rivals,
        asked=tuple(comparison.plans),
        recommended=comparison.recommended,
        currency=comparison.network.finance.currency,
        options=options,
    )


def outages_of(plan: NetworkPlan, options: OutageOptions, watch: Watch) -> RivalOutages:
    """The outages of one plan; after Ctrl-C those that were answered."""
    numbers = numbers_of(plan)
    last = plan.periods[-1]
    responder = Responder(operation=operation_in(numbers, last), options=options)
    struck, answers = [], []
    found = list(strikes(plan.network, responder.operation.lines_at(), pairs=options.pairs))
    survival: dict[bytes, float] = {}
    for count, strike in enumerate(found):
        if watch.is_interrupted:
            break
        watch.say(f"Outages of {plan.case.title.lower()}", done=count, total=len(found))
        effect = effect_of(responder.operation, strike)
        response = responder.respond(effect, strike.outage.duration_h)
        struck.append(_struck(responder, strike, effect, response, survival))
        answers.append((f"{strike.outage.id}.{strike.target}", effect, response))
    per_year = {last.name: sum(row.expected_per_year for row in struck)}
    is_complete = len(struck) == len(found)
    for period in stages(plan.periods, options.stages)[:-1] if is_complete else ():
        if watch.is_interrupted:
            is_complete = False
            break
        watch.say(f"Outages of {plan.case.title.lower()} in {period.name}")
        per_year[period.name] = _expected(numbers, period, options, watch)
        is_complete &= not watch.is_interrupted
    ordered = {period.name: per_year[period.name] for period in plan.periods if period.name in per_year}
    return RivalOutages(
        struck=tuple(struck),
        per_year=ordered,
        present_value=present_value(numbers, ordered),
        npv=plan.npv,
        cost=plan.money.cost_present_value,
        evidence=_evidence(responder, answers),
        is_complete=is_complete,
    )


def stages(periods: Sequence[Period], most: int) -> list[Period]:
    """At most so many periods, evenly spread from the first to the last; one: the last."""
    if most <= 1:
        return [periods[-1]]
    at = np.unique(np.round(np.linspace(0, len(periods) - 1, min(most, len(periods)))).astype(int))
    return [periods[k] for k in at.tolist()]


def present_value(numbers: Numbers, per_year: dict[str, float]) -> float:
    """After tax, over the horizon and what follows it; between stages the yearly cost is interpolated over time."""
    plan, weights = numbers.plan, numbers.instance.weights
    middle = {period.name: period.middle_years for period in plan.periods}
    known = np.array([middle[name] for name in per_year])
    every = np.interp([period.middle_years for period in plan.periods], known, list(per_year.values()))
    return float((weights.operating * weights.years) @ every)


def _struck(
    responder: Responder, strike: Strike, effect: Effect, response: Response, survival: dict[bytes, float]
) -> Struck:
    expected = expected_cost(responder, strike, effect)
    units, revenue = unserved(responder, response)
    key = effect.lost.tobytes() + effect.hours_left.tobytes() + effect.ships.tobytes()
    if key not in survival:
        wanted = responder.options.is_survival_sought
        survival[key] = survives_covered(responder, effect) if wanted else float("nan")
    return Struck(
        strike=strike,
        costs=costs(responder, response),
        expected_cost=expected,
        unserved_units=units,
        unserved_revenue=revenue,
        alone=survives_alone(responder, effect),
        covered=survival[key],
        recover=days_to_recover(responder, response),
        covered_by=tuple(name for name, _ in covering_sites(responder, response, effect)),
    )


def expected_cost(responder: Responder, strike: Strike, effect: Effect) -> float:
    """Mean cost of one event over the spread of its length."""
    cv = strike.outage.duration_cv if responder.options.spread else 0.0
    pieces = durations(strike.outage.duration_h, cv)
    return sum(share * responder.respond(effect, hours).cost for share, hours in pieces)


def _expected(numbers: Numbers, period: Period, options: OutageOptions, watch: Watch) -> float:
    """Expected cost a year of all outages in one period."""
    operation = operation_in(numbers, period)
    if not len(operation.names):
        return 0.0
    responder = Responder(operation=operation, options=options)
    total = 0.0
    for strike in strikes(numbers.plan.network, responder.operation.lines_at(), pairs=options.pairs):
        if watch.is_interrupted:
            break
        effect = effect_of(responder.operation, strike)
        total += strike.frequency_per_year * expected_cost(responder, strike, effect)
    return total


def _evidence(responder: Responder, answers: list[tuple[str, Effect, Response]]) -> Evidence:
    cover = responder.cover
    return Evidence(
        operation=responder.operation,
        own_arc=cover.own_arc,
        pairs=(cover.pair_j, cover.pair_f),
        others=(cover.other_j, cover.other_f),
        reliefs=(cover.relieved, cover.relieving),
        shortage=cover.shortage,
        usual=responder.usual,
        answers=tuple(answers),
        recovery_weeks=responder.options.recovery_weeks,
    )
