"""What a changed workstation does, in words and as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from manyworks import __version__
from manyworks.render.numbers import compact, number, signed
from manyworks.render.page import Block, Grid, Page, Section, Words
from manyworks.render.table import DataTable, text
from manyworks.twin.design.words import columns

if TYPE_CHECKING:
    from manyworks.studies.line_impact import ImpactRow, LineImpact

HEAD = ("", "figure", "before", "after", "change", "unit", "")


def impact_words(found: LineImpact) -> str:
    """The answer, then one table for line, sites and plan."""
    rows = [list(HEAD), *(_cells(row) for row in found.rows)]
    return "\n".join([answer_words(found), "", *columns(rows, words=2), "", basis_words(found)])


def answer_words(found: LineImpact) -> str:
    """What the change does, in a sentence."""
    least = min(found.effects, key=lambda effect: effect.difference.mean / effect.before.mean)
    most = max(found.effects, key=lambda effect: effect.difference.mean / effect.before.mean)
    shares = [effect.difference.mean / effect.before.mean for effect in (least, most)]
    span = f"{shares[0]:+.1%}" if abs(shares[1] - shares[0]) < 0.0005 else f"{shares[0]:+.1%} to {shares[1]:+.1%}"
    words = f"{', '.join(found.changes)} at {found.station} of {found.line} changes its good rate by {span}"
    if found.plans is None:
        return f"{words}."
    one, two = (comparison.best_plan for comparison in found.plans)
    gain = two.npv - one.npv
    hidden = (
        ", less than the proven gaps of the two plans could hide" if abs(gain) <= one.gap_money + two.gap_money else ""
    )
    decision = "another decision" if found.is_flipped else "the same decision"
    currency = found.network.finance.currency
    return f"{words}, and the worth of the plan by {signed(gain)} {currency}{hidden}; {decision}."


def basis_words(found: LineImpact) -> str:
    """What the figures rest on."""
    words = f"Rates by simulation under common luck, intervals {found.confidence:.0%}, seed {found.seed}"
    return f"{words}; both plans use the rates found." if found.plans is not None else f"{words}."


def impact_page(found: LineImpact) -> Page:
    """The same as a page."""
    head = ("Level", "Figure", "Before", "After", "Change", "Unit", "Note")
    table = DataTable(columns=[text(title, is_tight=True) for title in head], rows=[_cells(row) for row in found.rows])
    blocks: list[Block] = [
        Words(text=answer_words(found), is_key=True),
        Grid(table=table),
        Words(text=basis_words(found)),
    ]
    return Page(
        title=f"A change at {found.station}",
        subtitle=f"{found.network.name}, line {found.line}: what it does to line, site and plan.",
        sections=[Section(id="impact", title="Line, site and plan", blocks=blocks)],
        footer=f"manyworks {__version__} · seed {found.seed}.",
    )


def impact_data(found: LineImpact) -> dict[str, Any]:
    """The same as data."""
    return {
        "line": found.line, "station": found.station, "changes": list(found.changes),
        "rates": [
            {
                "product": effect.product, "before_per_min": effect.before.to_dict(),
                "after_per_min": effect.after.to_dict(), "difference_per_min": effect.difference.to_dict(),
            }
            for effect in found.effects
        ],
        "rows": [
            {
                "level": row.level, "figure": row.figure, "unit": row.unit, "before": row.before, "after": row.after,
                "change": row.change, "note": row.note,
            }
            for row in found.rows
        ],
        "another_decision": found.is_flipped if found.plans is not None else None, "seed": found.seed,
    }  # fmt: skip


def _cells(row: ImpactRow) -> list[str]:
    before, after = (value if isinstance(value, str) else _number(value) for value in (row.before, row.after))
    change = "" if row.change is None else ("+" if row.change > 0 else "") + _number(row.change)
    return [row.level, row.figure, before, after, change, row.unit, row.note]


def _number(value: float) -> str:
    return compact(value, 4) if abs(value) >= 1e5 else number(value, 0 if abs(value) >= 1000 else 2)
