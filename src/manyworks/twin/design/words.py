"""What was compared, allocated and designed, in words for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from manyworks.twin.intervals import Interval

if TYPE_CHECKING:
    from manyworks.twin.design.buffers import Allocation, BufferAllocation
    from manyworks.twin.design.compare import LineComparison


def rate_words(rate: Interval) -> str:
    """``118.2 ± 0.4``, or the figure alone where there is no chance in it."""
    if rate.half_width == 0:
        return f"{rate.mean:.6g}"
    digits = decimals(rate.half_width)
    mean = round(rate.mean, digits) + 0.0  # never −0
    return f"{mean:,.{digits}f} ± {rate.half_width:,.{digits}f}"


def decimals(size: float, digits: int = 2) -> int:
    """Decimals that show so many digits of a small figure."""
    from math import floor, isfinite, log10

    return 2 if not isfinite(size) or size <= 0 else max(0, digits - 1 - floor(log10(size)))


def columns(rows: Sequence[Sequence[str]], *, words: int = 1) -> list[str]:
    """Rows as aligned lines; the first ``words`` columns to the left, numbers to the right."""
    widths = [max(len(row[c]) for row in rows) for c in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if c < words else cell.rjust(width)
            for c, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def comparison_words(comparison: LineComparison) -> str:
    """Lines with rates and differences, then the promise of the selection."""
    base = comparison.lines[comparison.base].name
    rows = [["line", "good/min", f"against {base}", "", "at most", ""]]
    for line in comparison.lines:
        gap = line.difference
        share = "" if gap is None else f"{gap.mean / comparison.lines[comparison.base].rate.mean:+.1%}"
        difference = "" if gap is None else rate_words(gap)
        rows.append([
            line.name, rate_words(line.rate), difference, share, f"{line.bound.rate_per_min:.5g}", line.verdict
        ])  # fmt: skip
    chosen = comparison.selection
    answer = (
        f"{comparison.best.name} is the best line: with probability {chosen.confidence:.0%} none of the others makes "
        f"{chosen.indifference:.3g}/min more."
    )
    note = (
        f"{comparison.runs} replications each under common luck, which is worth {comparison.saving:.1f} times as many "
        f"with luck of their own; intervals of all differences hold together with {comparison.confidence:.0%}; the "
        f"selection took {chosen.spent} more."
    )
    return "\n".join([answer, "", *columns(rows), "", note])


def buffer_words(found: BufferAllocation) -> str:
    """Rooms by place, the promise, and the curve."""
    asked = f"{found.best.total} rooms" if found.target is None else f"{found.target:.6g} good/min"
    sure = sure_words(found)
    lines = [
        f"For {asked}: {place_words(found.places, found.best)} gives {rate_words(found.best.rate)} good/min; {sure}.",
        f"No buffers lift it above {found.bound:.6g}/min, what the machines alone allow.",
    ]
    if len(found.curve) > 1:
        rows = [["rooms", "by place", "good/min", "of the bound", "cost", "floor m2"]]
        rows += [
            [
                str(point.total), " ".join(map(str, point.rooms)), rate_words(point.rate),
                f"{point.rate.mean / found.bound:.1%}", f"{found.cost_per_room * point.total:,.0f}",
                f"{found.floor_per_room_m2 * point.total:,.0f}",
            ]
            for point in found.curve
        ]  # fmt: skip
        lines += ["", *columns(rows, words=0)]
    lines += ["", f"{found.tried} allocations tried" + (f", {found.runs} replications." if found.runs else ".")]
    return "\n".join(lines)


def place_words(places: Sequence[str], allocation: Allocation) -> str:
    """``b1 2, b2 3``."""
    return ", ".join(f"{place} {rooms}" for place, rooms in zip(places, allocation.rooms, strict=True))


def sure_words(found: BufferAllocation) -> str:
    """How sure the allocation is."""
    if found.method == "exact":
        return "exact, by the Markov chain of the line"
    chance = f"with probability {found.confidence:.0%}"
    if found.target is None:
        return f"{chance} no other allocation compared makes {found.indifference:.3g}/min more"
    return f"{chance} it reaches that, and none of the fewer rooms compared makes {found.indifference:.3g}/min more"
