"""Effects of a line's figures in words for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manyworks.twin.design.intervals import is_sure
from manyworks.twin.design.words import columns, rate_words
from manyworks.twin.intervals import Interval

if TYPE_CHECKING:
    from manyworks.twin.design.sensitivity import Effect, Sensitivity


def sensitivity_words(found: Sensitivity) -> str:
    """The strongest lever, then all of them."""
    rows = [["where", "what", "now", "better", "good/min", "critical path", "worse", "good/min"]]
    is_foretold = any(row.critical is not None for row in found.effects)
    rows += [
        [
            row.lever.where, row.lever.what, row.lever.now, row.lever.better_words, change_words(row.better),
            "–" if row.critical is None else f"{row.critical:+.3g}", row.lever.worse_words, change_words(row.worse),
        ]
        for row in found.effects
    ]  # fmt: skip
    rows = rows if is_foretold else [[*row[:5], *row[6:]] for row in rows]
    return "\n".join([
        f"{found.name} makes {rate_words(found.rate)} good units/min. {strongest_words(found)}",
        "",
        *columns(rows, words=2),
        "",
        f"{found.runs} replications each under common luck; all intervals hold together with {found.confidence:.0%}.",
    ])  # fmt: skip


def strongest_words(found: Sensitivity) -> str:
    """The lever that helps the most, and how many do nothing that can be seen."""
    helps = [row for row in found.effects if row.better is not None and is_sure(row.better) and row.better.mean > 0]
    if not helps:
        return "No single change helps by more than chance can hide."
    best = max(helps, key=lambda row: row.better.mean if row.better else 0.0)
    idle = sum(not _matters(row) for row in found.effects)
    rest = f" {idle} of {len(found.effects)} do nothing that can be told from chance." if idle else ""
    return (
        f"Most is gained by {best.lever.where} {best.lever.what} {best.lever.better_words}: "
        f"{change_words(best.better)} good units/min.{rest}"
    )


def change_words(change: Interval | None) -> str:
    """``+1.32 ± 0.05``."""
    if change is None:
        return "–"
    words = rate_words(change)
    return words if words.startswith("-") else f"+{words}"


def _matters(row: Effect) -> bool:
    return any(change is not None and is_sure(change) for change in (row.better, row.worse))
