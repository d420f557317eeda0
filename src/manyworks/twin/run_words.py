"""A simulated line in a few lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manyworks.twin.intervals import Interval
from manyworks.twin.states import Doing

if TYPE_CHECKING:
    from manyworks.twin.line_run import LineRun

BAR = 24
SHOWN = 0.005
"""Minutes of 100 that are worth a line."""


def run_words(run: LineRun) -> str:
    """Rate, losses, bottleneck, what it takes, notes, provenance."""
    parts = [
        f"{run.program.name} ({run.line}{run.place and f', {run.place}'})",
        "",
        f"Good units  {rate_words(run.rate)}; OEE {run.oee.mean:.1%} of {_nominal(run)} units/min",
        *_products(run),
        *_exact(run),
        "",
        "Where 100 open minutes go" + _closed(run),
        *waterfall_lines(run),
        "",
        f"Bottleneck  {run.bottleneck}",
        f"            by {run.bottleneck.rule}",
        "",
        *station_lines(run),
        "",
        f"Inside      {interval_words(run.work_in_process, 'units')}",
        f"Flow time   {interval_words(run.flow_min, 'min')}",
        *_effort(run),
        *(f"Note: {note}" for note in run.notes),
        provenance_words(run),
    ]
    return "\n".join(parts)


def rate_words(rate: Interval) -> str:
    """``84.3 per open minute (95 %: 83.9 to 84.7)``."""
    return f"{rate.mean:.4g} per open minute ({rate.confidence:.0%}: {rate.low:.4g} to {rate.high:.4g})"


def interval_words(found: Interval, unit: str) -> str:
    """``12.3 min ± 0.2``."""
    return f"{found.mean:.4g} {unit} ± {found.half_width:.2g}"


def _nominal(run: LineRun) -> str:
    low, high = min(run.nominal_per_min), max(run.nominal_per_min)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _products(run: LineRun) -> list[str]:
    if len(run.program.products) == 1:
        return []
    rates = [f"            {name} {interval_words(rate, '/min')}" for name, rate in run.rates.items()]
    return [*rates, f"            without changeovers {rate_words(run.running_rate)}"]


def _exact(run: LineRun) -> list[str]:
    if run.exact is None:
        return []
    return [f"            exact: {run.exact_rate:.6g} ({run.exact.method})"]


def _closed(run: LineRun) -> str:
    calendar = run.waterfall.calendar
    if calendar <= 100:
        return ""
    reasons = ", ".join(
        f"{loss.name} {loss.minutes / calendar:.1%}" for loss in run.waterfall.losses if loss.group == "planned"
    )
    return f" (open {100 / calendar:.1%} of the calendar; {reasons})"


def waterfall_lines(run: LineRun) -> list[str]:
    """A bar for each loss of open time, then the good time that is left."""
    rows = [(loss.name, loss.minutes, loss.group) for loss in run.waterfall.losses if loss.group != "planned"]
    rows = [row for row in rows if abs(row[1]) >= SHOWN]
    rows.append(("good units", run.waterfall.good, "OEE"))
    return [
        f"  {name:<20} {minutes:6.2f}  {'█' * round(max(minutes, 0) / 100 * BAR):<{BAR}} {group}"
        for name, minutes, group in rows
    ]


def station_lines(run: LineRun) -> list[str]:
    """Shares of the open time of each station."""
    heads = {
        "work": (Doing.WORKING,), "starved": (Doing.STARVED,), "blocked": (Doing.BLOCKED,),
        "people": (Doing.NO_OPERATOR,), "minor": (Doing.MINOR_STOP,),
        "down": (Doing.UNDER_REPAIR, Doing.AWAITING_REPAIR), "change": (Doing.CHANGEOVER,),
    }  # fmt: skip
    table = run.stations
    width = max(len("station"), *(len(name) for name in table["station"]))
    lines = [f"{'station':<{width}} " + "".join(f"{head:>9}" for head in heads)]
    for row in table.rows():
        cells = (sum(row[doing.name.lower()] for doing in doings) for doings in heads.values())
        lines.append(f"{row['station']:<{width}} " + "".join(f"{cell:>9.1%}" for cell in cells))
    return lines


def _effort(run: LineRun) -> list[str]:
    lines = []
    if run.kwh_per_unit.mean > 0:
        lines.append(f"Energy      {interval_words(run.kwh_per_unit.scaled(1000), 'kWh per 1,000 good units')}")
    cost = run.cost_per_unit
    if cost is not None and run.costs is not None:
        kinds = ", ".join(f"{name} {1000 * value:,.2f}" for name, value in cost.items())
        lines.append(
            f"Cost        {run.costs.currency} {1000 * sum(cost.values()):,.2f} per 1,000 good units ({kinds})"
        )
    return lines


def provenance_words(run: LineRun) -> str:
    """What made these figures, in a line."""
    sample = run.sample
    reached = "" if run.is_precise else f"; asked ± {run.asked:.2%}, reached ± {run.rate.relative:.2%}"
    return (
        f"manyworks {run.version}: {sample.replications} replications of {sample.minutes:,.0f} min after "
        f"{sample.warm_up_min:,.0f} min of warm-up, seed {run.seed}{reached}."
    )
