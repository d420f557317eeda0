"""How much each uncertain number moves the worth of the plan: with its design frozen, and with all rivals planned anew.

One number at a time goes to the low and to the high end of its range. *Frozen*: sites and lines stay as decided, flows,
people, stock and wheels adapt. *Anew*: every rival is planned again knowing the number, so the recommendation may turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from manyworks.errors import Issue
from manyworks.model.table import Table
from manyworks.plan.case import CASES, CaseName
from manyworks.plan.money.cents import short_money
from manyworks.plan.rivals.compare import Comparison
from manyworks.plan.rivals.recommendation import strongest_rival
from manyworks.plan.search.watch import Watch
from manyworks.plan.stress.anew import Designs, Point, designs
from manyworks.plan.stress.bench import Bench, is_stopped
from manyworks.plan.stress.levers import LEVERS, Lever, Span, span
from manyworks.plan.stress.part import Settings

NAN = float("nan")


@dataclass(frozen=True, kw_only=True)
class TornadoOptions:
    """``levers`` to move, by name; none: every one that the document states."""

    levers: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class End:
    """One end of one range. ``at``: factor, or quarters of a delay. ``frozen``: npv of the recommended design held, nan
    where it cannot stand there; ``frozen_lead`` its npv less that of the best other design held. ``point``: all rivals
    planned anew."""

    at: float
    frozen: float
    frozen_lead: float
    point: Point


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One lever with both its ends."""

    lever: Lever
    span: Span
    low: End
    high: End

    @property
    def swing(self) -> float:
        """Distance of the worth planned anew between the two ends."""
        return abs(self.high.point.npv - self.low.point.npv)

    @property
    def frozen_swing(self) -> float:
        """The same with the design frozen."""
        return abs(self.high.frozen - self.low.frozen)


@dataclass(frozen=True, kw_only=True)
class Tornado:
    """The bars, the widest first; ``asked`` are the levers that were to be moved."""

    bars: tuple[Bar, ...]
    asked: tuple[str, ...]
    recommended: CaseName
    npv: float
    lead: float | None
    currency: str
    is_whole: bool
    """Whether every rival was planned anew; else the best of the rivals' designs was chosen, without a bound."""

    @property
    def is_complete(self) -> bool:
        """Whether every lever was moved."""
        return len(self.bars) == len(self.asked)

    @property
    def turning(self) -> tuple[tuple[Bar, End], ...]:
        """Ends at which another rival wins."""
        return tuple((bar, end) for bar in self.bars for end in (bar.low, bar.high) if self.turns(end))

    def turns(self, end: End) -> bool:
        """Whether another rival wins at this end."""
        return end.point.winner is not None and end.point.winner != self.recommended

    def tables(self) -> dict[str, Table]:
        """``tornado``: one row for each end. ``tornado_rivals``: one row for each rival there."""
        ends = [(bar, side, end) for bar in self.bars for side, end in (("low", bar.low), ("high", bar.high))]
        return {"tornado": table_of([self._row(*row) for row in ends]), "tornado_rivals": _rivals(ends)}

    def _row(self, bar: Bar, side: str, end: End) -> dict[str, Any]:
        winner = end.point.winner
        lead = None if winner is None else end.point.lead(self.recommended)
        return {
            "lever": bar.lever.name,
            "title": bar.lever.title,
            "end": side,
            "at": end.at,
            "range": "assumed" if bar.span.is_assumed else "document",
            "frozen_npv": end.frozen,
            "anew_npv": end.point.npv,
            "frozen_lead": end.frozen_lead,
            "anew_lead": NAN if lead is None else lead,
            "winner": winner or "",
            "turns": "yes" if self.turns(end) else "",
            "is_open": "yes" if end.point.is_open else "",
            "gap": end.point.gap if np.isfinite(end.point.gap) else NAN,
        }

    def check(self) -> list[Issue]:
        """Planning anew may keep the design, so it is worth at least as much; bounds are not below plans."""
        issues = []
        for bar in self.bars:
            for end in (bar.low, bar.high):
                slack = 1e-6 * end.point.size + end.point.gap * end.point.size
                if np.isfinite(end.frozen) and end.point.npv < end.frozen - slack:
                    found = f"anew {end.point.npv:.2f}, frozen {end.frozen:.2f}"
                    issues.append(_issue("stress.tornado", f"{bar.lever.name} at {end.at:g}", found))
        return issues

    def summary(self) -> str:
        """The levers in order, in some lines."""
        lines = [f"{CASES[self.recommended].title} is worth {short_money(self.npv, self.currency)} as stated."]
        for bar in self.bars[:8]:
            low, high = short_money(bar.low.point.npv, self.currency), short_money(bar.high.point.npv, self.currency)
            lines.append(f"  {bar.lever.title}: {low} at {at_words(bar.lever, bar.low.at)}, {high} at "
                         f"{at_words(bar.lever, bar.high.at)}")  # fmt: skip
        turning = [f"{bar.lever.title.lower()} at {at_words(bar.lever, end.at)} ({CASES[end.point.winner].title})"
                   for bar, end in self.turning if end.point.winner is not None]  # fmt: skip
        lines.append("The recommendation turns with " + ", ".join(turning) + "." if turning else
                     "At no end of any range does another rival win.")  # fmt: skip
        return "\n".join(lines)


def at_words(lever: Lever, at: float) -> str:
    """The end of a range in words: `-20 %`, `2 quarters late`."""
    if lever.is_delay:
        return "on time" if at == 0 else f"{at:g} quarters late"
    change = round(100 * (at - 1))
    return "as stated" if change == 0 else f"{'+' if change > 0 else '−'}{abs(change)} %"


def absent_reason(comparison: Comparison) -> str:
    """Why there is nothing to move."""
    return "" if _asked(comparison, TornadoOptions()) else "the document states no number that could be moved"


def run(comparison: Comparison, settings: Settings, watch: Watch) -> Tornado:
    """Every lever to both ends of its range."""
    options = settings.options or TornadoOptions()
    asked = _asked(comparison, options)
    bench = Bench(gap=settings.gap, time_limit=settings.time_limit, seed=settings.seed)
    known = designs(comparison)
    bars: list[Bar] = []
    for count, lever in enumerate(asked):
        watch.say("Moving one number at a time", done=count, total=len(asked))
        reach = span(comparison.network, lever)
        ends = [_end(bench, known, comparison, lever, at, watch) for at in (reach.low, reach.high)]
        if is_stopped(watch):
            break
        bars.append(Bar(lever=lever, span=reach, low=ends[0], high=ends[1]))
    return Tornado(
        bars=tuple(sorted(bars, key=lambda bar: -np.nan_to_num(bar.swing))),
        asked=tuple(lever.name for lever in asked),
        recommended=comparison.recommended,
        npv=comparison.best_plan.npv,
        lead=_base_lead(comparison),
        currency=comparison.network.finance.currency,
        is_whole=all(np.isfinite(end.point.gap) for bar in bars for end in (bar.low, bar.high)),
    )


def _asked(comparison: Comparison, options: TornadoOptions) -> list[Lever]:
    names = LEVERS if options.levers is None else options.levers
    return [LEVERS[name] for name in names if LEVERS[name].is_stated(comparison.network)]


def _end(bench: Bench, known: Designs, comparison: Comparison, lever: Lever, at: float, watch: Watch) -> End:
    """One end; empty after Ctrl-C."""
    if is_stopped(watch):
        return End(at=at, frozen=NAN, frozen_lead=NAN, point=Point(rivals={}))
    network = lever.apply(comparison.network, at)
    late = round(at) if lever.is_delay else 0
    held = Point(rivals=known.held(bench, network, late))
    mine, lead = held.rivals.get(comparison.recommended), held.lead(comparison.recommended)
    point = Point(rivals={}) if is_stopped(watch) else known.anew(bench, network, late, held.rivals)
    return End(at=at, frozen=NAN if mine is None else mine.npv, frozen_lead=NAN if lead is None else lead, point=point)


def _base_lead(comparison: Comparison) -> float | None:
    rival = strongest_rival(comparison.plans, comparison.recommended)
    return None if rival is None else comparison.best_plan.npv - comparison.plans[rival].npv


def _rivals(ends: Sequence[tuple[Bar, str, End]]) -> Table:
    rows = [
        {
            "lever": bar.lever.name,
            "end": side,
            "at": end.at,
            "rival": name,
            "npv": row.npv,
            "bound": row.bound if np.isfinite(row.bound) else NAN,
            "status": row.status,
            "seconds": row.seconds,
            "opens": ", ".join(row.opened),
        }
        for bar, side, end in ends
        for name, row in end.point.rivals.items()
    ]
    return table_of(rows)


def table_of(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Rows of one shape as a table: words as objects, numbers as floats."""
    if not rows:
        return Table({})
    return Table(
        {
            name: np.array([row[name] for row in rows], dtype=object if isinstance(rows[0][name], str) else np.float64)
            for name in rows[0]
        }
    )


def _issue(rule: str, where: str, found: str) -> Issue:
    return Issue(
        rule=rule,
        severity="error",
        path=where,
        message="planned anew it is worth less than frozen",
        found=found,
        cure="Please report this document.",
    )
