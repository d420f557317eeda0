"""A line design in words for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manyworks.twin.design.words import columns, rate_words

if TYPE_CHECKING:
    from manyworks.twin.design.line_design import LineDesign


def design_words(design: LineDesign) -> str:
    """What to buy, what it makes and costs, how sure that is, and what was tried."""
    return "\n".join([answer_words(design), "", *_machines(design), "", *_costs(design), "", *_tried(design)])


def answer_words(design: LineDesign) -> str:
    """The one sentence."""
    cost = design.chosen.cost
    whole = (
        "" if design.basis.is_capex_only else f", {cost.total:,.0f} with its running over {design.basis.years:g} years"
    )
    return (
        f"For {design.target_per_min:,.6g} good units/min buy {machine_words(design)}: {design.currency} "
        f"{cost.capex:,.0f} at the start{whole}. It makes {rate_words(design.rate)} good units/min."
    )


def machine_words(design: LineDesign) -> str:
    """``filler_a, 2 × capper_b and packer_a, with 120 rooms``."""
    names = [str(option) for option in design.chosen.machines]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    rooms = sum(design.chosen.rooms)
    return f"{listed}, with {rooms:,} units of buffer" if rooms else f"{listed}, without buffers"


def promise_words(design: LineDesign) -> str:
    """How sure it is, and what was not looked at."""
    sure = (
        f"With probability {design.confidence:.0%} it reaches the target, and no cheaper line that was simulated makes "
        f"{design.tolerance:.3g} units/min more than that."
    )
    looked = (
        f"Of {design.sets:,} machine sets {design.too_slow:,} cannot reach it with any buffers and {design.too_dear:,} "
        f"cost more: both for certain; {design.looked_at:,} were simulated, {design.runs:,} replications in all."
    )
    words = [sure, looked]
    if design.skipped:
        words.append(f"{design.skipped:,} sets, cheaper than the dearest tried, were not looked at.")
    return " ".join(words)


def _machines(design: LineDesign) -> list[str]:
    rows = [["station", "machine", "", "alone", "price each"]]
    for option in design.chosen.machines:
        each = f"{option.machine.price:,.0f}"
        rows.append([option.station, option.machine.name, f"× {option.count}", f"{option.rate_per_min:.5g}/min", each])
    gaps = [
        f"  {rooms:,} units between {after} and {before}"
        for (after, before), rooms in zip(design.chosen.gaps, design.chosen.rooms, strict=True)
        if rooms
    ]
    return [*columns(rows, words=2), *(["Buffers:", *gaps] if gaps else ["No buffers are needed."])]


def _costs(design: LineDesign) -> list[str]:
    cost, basis = design.chosen.cost, design.basis
    parts = {"machines": cost.machines, "buffers": cost.buffers}
    if not basis.is_capex_only:
        parts |= {"crew": cost.crew, "energy": cost.energy, "space": cost.space}
    rows = [[name, f"{value:,.0f}"] for name, value in [*parts.items(), ("total", cost.total)]]
    if basis.is_capex_only:
        note = "paid at the start; what runs is not counted"
    else:
        note = (
            f"present worth, {basis.discount_rate:.1%} a year, {basis.years:g} years of {basis.hours_per_year:,.0f} h "
            "at the target rate, before tax"
        )
    return [f"Cost, {design.currency} ({note}):", *("  " + line for line in columns(rows))]


def _tried(design: LineDesign) -> list[str]:
    rows = [["line", "cost", "good/min", "at most", ""]]
    rows += [
        [
            row.candidate.name, f"{row.candidate.cost.total:,.0f}", rate_words(row.rate), f"{row.candidate.bound:.5g}",
            row.verdict,
        ]
        for row in design.tried
    ]  # fmt: skip
    return [promise_words(design), "", "Tried, cheapest first:", *("  " + line for line in columns(rows))]
