"""What would have to change, and by how much, for the answer to turn."""

from __future__ import annotations

from manyworks.plan.case import CASES
from manyworks.plan.rivals.factor import FACTORS
from manyworks.plan.rivals.flip import LARGEST_SCALE
from manyworks.render.numbers import percent
from manyworks.render.page import Block, Grid, Section, Words
from manyworks.render.table import DataTable, text
from manyworks.studies.plan_report.subject import Subject
from manyworks.studies.plan_report.words import listed

EXPLANATION = (
    "Each row changes one number of the world and leaves sites, lines and flows of all rivals as planned. "
    "Planning anew would move a turning point: away where the recommended plan adapts, nearer where its rival does."
)


def section(subject: Subject) -> Section:
    """The nearest turning points first, then what cannot turn the answer."""
    table = flips_table(subject)
    safe = [flip.title.lower() for flip in subject.comparison.flips if flip.change is None]
    if not table.rows and not safe:
        words = "There is no other rival, so there is nothing to turn to."
        return Section(id="flips", title="What would change the answer", blocks=[Words(text=words)])
    blocks: list[Block] = [Words(text=EXPLANATION)]
    if table.rows:
        blocks.append(Grid(table=table))
    if safe:
        scale = f"No value up to {LARGEST_SCALE:g} times today's turns the answer"
        blocks.append(Words(text=f"{scale} for {listed(safe, 9)}."))
    return Section(id="flips", title="What would change the answer", blocks=blocks)


def flips_table(subject: Subject) -> DataTable:
    """One row for each factor that can turn the answer."""
    meanings = {factor.name: factor.meaning for factor in FACTORS}
    rows = [
        (flip.title, change_words(flip.change), CASES[flip.rival].title, meanings[flip.factor])
        for flip in subject.comparison.flips
        if flip.change is not None and flip.rival is not None
    ]
    columns = [
        text("If this alone were"),
        text("by", is_tight=True),
        text("this rival is worth as much"),
        text("What moves with it"),
    ]
    return DataTable(columns=columns, rows=rows)


def change_words(change: float) -> str:
    """`0.25` as `25 % higher`."""
    decimals = 0 if abs(change) >= 0.1 else 1
    return f"{percent(abs(change), decimals)}\u00a0{'higher' if change > 0 else 'lower'}"
