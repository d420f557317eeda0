"""What changing one workstation does to its line, to the sites that have the line, and to the plan; in one table.

The line is simulated with and without the change under common luck, product by product. The rates found are written
into two documents, which differ in nothing else, and both are planned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from manyworks.errors import UsageError
from manyworks.model.document.hashes import line_hash
from manyworks.model.equipment import Equipment
from manyworks.model.line import Capability, Line, Station
from manyworks.model.network import Network
from manyworks.model.rates import crew_per_shift, kw_execute, line_capex, may_run, nominal_rate
from manyworks.model.scenario import apply_changes, change_from_words
from manyworks.plan.progress import Display
from manyworks.plan.result import NetworkPlan
from manyworks.plan.rivals.compare import Comparison, compare_plans
from manyworks.twin.design.document import group_size, open_program
from manyworks.twin.design.intervals import mean_interval
from manyworks.twin.design.rates import Observer, Rates, observe, watch_for
from manyworks.twin.intervals import Interval

RUNS = 32
"""Replications of each product, with and without the change."""


@dataclass(frozen=True, kw_only=True)
class ProductEffect:
    """Good units per open minute of one product, before, after, and the difference, paired."""

    product: str
    before: Interval
    after: Interval
    difference: Interval


@dataclass(frozen=True, kw_only=True)
class ImpactRow:
    """One figure before and after; ``level`` line, site or plan; numbers where there are some, else words."""

    level: str
    figure: str
    unit: str
    before: float | str
    after: float | str
    note: str = ""

    @property
    def change(self) -> float | None:
        """After less before; None of words."""
        if isinstance(self.before, str) or isinstance(self.after, str):
            return None
        return self.after - self.before


@dataclass(frozen=True, kw_only=True)
class LineImpact:
    """What a change of one station does. ``plans`` before and after; None where the plan was not asked for."""

    network: Network
    line: str
    station: str
    changes: tuple[str, ...]
    effects: tuple[ProductEffect, ...]
    rows: tuple[ImpactRow, ...]
    plans: tuple[Comparison, Comparison] | None
    confidence: float
    seed: int

    @property
    def is_flipped(self) -> bool:
        """Whether the plan recommends another case after the change."""
        return self.plans is not None and self.plans[0].recommended != self.plans[1].recommended

    def summary(self) -> str:
        """The table in words."""
        from manyworks.studies.line_impact_words import impact_words

        return impact_words(self)


def line_impact(
    network: Network,
    *,
    line: str,
    station: str,
    changes: Sequence[str],
    with_plan: bool = True,
    gap: float = 0.01,
    time_limit: float | None = None,
    jobs: int = 2,
    runs: int = RUNS,
    confidence: float = 0.95,
    seed: int = 0,
    display: Display | None = None,
    observer: Observer = observe,
) -> LineImpact:
    """What the changes of one station do to line, sites and plan.

    Parameters
    ----------
    changes
        ``field=value``, ``field*=factor`` or ``field+=amount``, of the station (``equipment``, ``count``) or of its
        machine (``rated_rate_per_min``, ``mtbf_min``, ``price`` …); machines of other stations stay as they are.
    with_plan
        Plan the document twice; else sites and plan are left out.

    Raises
    ------
    UsageError
        There is no such station, or nothing that a change may mean.
    """
    changed = with_station_changed(network, line, station, changes)
    effects = _effects(network, changed, line, runs, confidence, seed, observer)
    rows = _line_rows(network, changed, line, effects)
    plans = None
    if with_plan:
        pair = (
            _measured(network, line, [(e.product, e.before) for e in effects]),
            _measured(changed, line, [(e.product, e.after) for e in effects]),
        )
        found = [
            compare_plans(one, gap=gap, time_limit=time_limit, seed=seed, jobs=jobs, display=display) for one in pair
        ]
        plans = (found[0], found[1])
        rows += [*_site_rows(*plans, line), *_plan_rows(*plans)]
    return LineImpact(
        network=network, line=line, station=station, changes=tuple(changes), effects=tuple(effects), rows=tuple(rows),
        plans=plans, confidence=confidence, seed=seed,
    )  # fmt: skip


def with_station_changed(network: Network, line: str, station: str, changes: Sequence[str]) -> Network:
    """The document in which this station alone has another machine, count, or figure of its machine."""
    rows = [row for row in network.stations if row.line == line and row.id == station]
    if not rows:
        known = ", ".join(row.id for row in network.stations if row.line == line) or "none"
        raise UsageError(f"must be a station of {line}", where="station", found=station, cure=f"Known: {known}.")
    own = f"{station}_of_{line}"
    of_station = [words for words in changes if _field(words) in Station.model_fields]
    of_machine = [words for words in changes if words not in of_station]
    unknown = [words for words in of_machine if _field(words) not in Equipment.model_fields]
    if unknown or not changes:
        found = ", ".join(unknown) or "none"
        raise UsageError("must be changes of the station or its machine", where="changes", found=found)
    row: Station = rows[0]
    for words in of_station:
        name, sign, value = words.partition("=")
        if name[-1:] in "*+":
            raise UsageError("of a station is set, not scaled", where=words, found=name + sign)
        row = Station.model_validate(row.model_dump() | {name.strip(): value.strip()})
    machine: Equipment = network.get("equipment", row.equipment)
    stations = [row if old is rows[0] else old for old in network.stations]
    if not of_machine:
        return network.model_copy(update={"stations": stations})
    copy = machine.model_copy(update={"id": own})
    stations = [row.model_copy(update={"equipment": own}) if old is rows[0] else old for old in network.stations]
    alone = network.model_copy(update={"stations": stations, "equipment": [*network.equipment, copy]})
    return apply_changes(alone, [change_from_words(f"equipment.{own}.{words}") for words in of_machine])


def _field(words: str) -> str:
    return words.partition("=")[0].rstrip("*+ ").strip()


def _effects(
    before: Network, after: Network, line: str, runs: int, confidence: float, seed: int, observer: Observer
) -> list[ProductEffect]:
    row: Line = before.get("lines", line)
    effects = []
    units = min(group_size(one, line, nominal_rate(one, row)) for one in (before, after))
    for product in before.products:
        if not may_run(before, row, product):
            continue
        programs = [open_program(one, line=line, product=product.id, units=units) for one in (before, after)]
        rates = Rates(seed=seed, watch=watch_for(programs), observer=observer)
        one, two = (rates(rates.add(program), range(runs)) for program in programs)
        effects.append(
            ProductEffect(
                product=product.id, before=mean_interval(one, confidence), after=mean_interval(two, confidence),
                difference=mean_interval(two - one, confidence),
            )
        )  # fmt: skip
    return effects


def _line_rows(before: Network, after: Network, line: str, effects: Sequence[ProductEffect]) -> list[ImpactRow]:
    rows = [
        ImpactRow(
            level="line", figure=f"good rate, {effect.product}", unit="units/min", before=effect.before.mean,
            after=effect.after.mean,
            note=f"change {effect.difference.mean:+.3g} ± {effect.difference.half_width:.2g}",
        )
        for effect in effects
    ]  # fmt: skip
    pair = [(network, network.get("lines", line)) for network in (before, after)]
    for figure, unit, value in (
        ("price of the line", before.finance.currency, line_capex),
        ("crew a shift", "people", crew_per_shift),
        ("power while running", "kW", kw_execute),
    ):
        one, two = (value(network, row) for network, row in pair)
        rows.append(ImpactRow(level="line", figure=figure, unit=unit, before=one, after=two))
    return rows


def _measured(network: Network, line: str, rates: Sequence[tuple[str, Interval]]) -> Network:
    """The document with these rates as capabilities of the line, in place of those that it had."""
    row: Line = network.get("lines", line)
    steps = network.routings
    new = [
        Capability(
            line=line, product=product,
            nominal_rate_per_min=nominal_rate(network, row, [step for step in steps if step.product == product]),
            effective_rate_per_min=rate.mean, effective_low_per_min=max(rate.low, 1e-9),
            effective_high_per_min=rate.high,
            fill_min=row.fill_min, drain_min=row.drain_min, method="twin", line_hash=line_hash(network, line),
        )
        for product, rate in rates
    ]  # fmt: skip
    kept = [old for old in network.capabilities if old.line != line]
    return network.model_copy(update={"capabilities": [*kept, *new]})


def _site_rows(before: Comparison, after: Comparison, line: str) -> list[ImpactRow]:
    """Hours, lines and people of the sites that have the line, in both recommended plans."""
    one, two = (_by_site(comparison.best_plan, line) for comparison in (before, after))
    rows = []
    for place in sorted(one.keys() | two.keys()):
        for figure, unit in SITE_FIGURES:
            values = [found.get(place, {}).get(figure, 0.0) for found in (one, two)]
            rows.append(
                ImpactRow(level="site", figure=f"{place}: {figure}", unit=unit, before=values[0], after=values[1])
            )
    return rows


SITE_FIGURES = (("most lines", "lines"), ("line hours", "h"), ("most direct crew", "people"), ("made", "units"))
"""What is compared of a site over the whole plan."""


def _by_site(plan: NetworkPlan, line: str) -> dict[str, dict[str, float]]:
    production, lines, labour = plan.tables.production, plan.tables.lines, plan.tables.labour
    found: dict[str, dict[str, float]] = {}
    for place in {str(row["place"]) for row in lines.rows() if row["line"] == line}:
        made = [row for row in production.rows() if row["place"] == place and row["line"] == line]
        ready: dict[Any, float] = {}
        for row in lines.rows():
            if row["place"] == place and row["line"] == line:
                ready[row["period"]] = ready.get(row["period"], 0.0) + float(row["ready"])
        found[place] = {
            "most lines": max(ready.values(), default=0.0),
            "line hours": float(np.sum([row["run_h"] + row["changeover_h"] for row in made])),
            "most direct crew": max((float(r["direct"]) for r in labour.rows() if r["place"] == place), default=0.0),
            "made": float(np.sum([row["units"] for row in made])),
        }
    return found


def _plan_rows(before: Comparison, after: Comparison) -> list[ImpactRow]:
    one, two = before.best_plan, after.best_plan
    currency = before.network.finance.currency
    sure = one.gap_money + two.gap_money
    return [
        ImpactRow(
            level="plan", figure="worth (NPV)", unit=currency, before=one.npv, after=two.npv,
            note=f"proven gaps of both together {sure:,.0f}",
        ),
        ImpactRow(
            level="plan", figure="landed cost", unit=f"{currency}/unit", before=one.money.landed.cost_per_unit,
            after=two.money.landed.cost_per_unit,
        ),
        ImpactRow(
            level="plan", figure="decision", unit="", before=one.case.title, after=two.case.title,
            note="another" if before.recommended != after.recommended else "the same",
        ),
    ]  # fmt: skip
