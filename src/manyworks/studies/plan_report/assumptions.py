"""What the answer rests on: assumptions first, with their ranges, then what has a source."""

from __future__ import annotations

from collections import Counter
from typing import Any

from manyworks.model.checks.evidence import numbers_without_evidence
from manyworks.model.checks.targets import Targets
from manyworks.model.evidence import Evidence
from manyworks.plan.rate_words import rate_words
from manyworks.render.numbers import significant
from manyworks.render.page import Block, Bullets, Grid, Section, Words
from manyworks.render.table import DataTable, text
from manyworks.studies.plan_report.field_words import field_unit, field_words, target_words
from manyworks.studies.plan_report.subject import Subject
from manyworks.studies.plan_report.words import count

ORDER = {"assumption": 0, "derived": 1, "sourced": 2}
CAPTIONS = {
    "assumption": "Assumptions: nobody has published these numbers",
    "derived": "Derived from published numbers",
    "sourced": "Published numbers",
}
MOST_DIGITS = 4
SHARES = ("_share", ".discount_rate", ".tax_rate")
"""Ends of the names of fields that are written in percent."""


def section(subject: Subject) -> Section:
    """The whole ledger: a reader must be able to object to each number."""
    number = Counter(row.basis for row in subject.network.evidence)
    words = (
        f"{count(number['assumption'], 'entry is an assumption', 'entries are assumptions')}, {number['derived']} "
        f"derived from published figures and {number['sourced']} sourced. An entry may stand for many numbers."
    )
    if not subject.network.evidence:
        words = "The document says of none of its numbers where it comes from: all of them count as assumptions."
    blocks: list[Block] = [Words(text="Rates of the lines, in good units per open minute:")]
    blocks += [Bullets(items=rate_words(subject.network)), Words(text=words)]
    for basis in ORDER:
        table = basis_table(subject, basis)
        if table.rows:
            blocks.append(Grid(table=table, is_dense=True))
    bare = unsourced(subject)
    if bare:
        blocks += [Words(text="Numbers that decide and say nothing of their source count as assumptions too:")]
        blocks.append(Bullets(items=bare))
    return Section(id="assumptions", title="What this rests on", blocks=blocks)


def assumptions_table(subject: Subject) -> DataTable:
    """Every entry of the document's evidence, assumptions first."""
    targets = Targets(subject.network)
    entries = sorted(subject.network.evidence, key=lambda row: ORDER[row.basis])
    rows = [
        (target_words(subject.network, row.target), _value(targets, row), range_words(row), row.basis, _source(row))
        for row in entries
    ]
    columns = [text("What"), text("In the plan"), text("Plausible range"), text("Basis"), text("Source and note")]
    return DataTable(columns=columns, rows=rows)


def basis_table(subject: Subject, basis: str) -> DataTable:
    """The entries of one basis."""
    whole = assumptions_table(subject)
    rows = [(*row[:3], row[4]) for row in whole.rows if row[3] == basis]
    return DataTable(columns=[*whole.columns[:3], whole.columns[4]], rows=rows, caption=CAPTIONS[basis])


def unsourced(subject: Subject) -> list[str]:
    """Important numbers without evidence, in words."""
    find = numbers_without_evidence.find
    found = [] if find is None else list(find(subject.network))
    return [f"{_field(finding.path)} {finding.message}" for finding in found]


def _field(path: str) -> str:
    words = field_words(path.rsplit(".", 1)[-1])
    return f"{words[0].upper()}{words[1:]}"


def _source(row: Evidence) -> str:
    parts = [row.source, row.note, f"Answers for it: {row.owner}" if row.owner else ""]
    return "; ".join(part for part in parts if part)


def range_words(row: Evidence) -> str:
    """The plausible range of a number, empty where none is stated."""
    if row.low is None and row.high is None:
        return ""
    is_share = row.target.endswith(SHARES)
    low, high = (None if end is None else _measured(end, is_share) for end in (row.low, row.high))
    if low is None or high is None:
        return f"at least {low}" if high is None else f"at most {high}"
    return f"{low.removesuffix(' %')} to {high}" if is_share else f"{low} to {high}"


def _value(targets: Targets, row: Evidence) -> str:
    """The number itself, or the span of all the numbers that the entry stands for."""
    if targets.fault(row.target) is not None:
        return ""
    values = [value for value in targets.values(row.target) if value is not None]
    unit = field_unit(row.target.rsplit(".", 1)[-1])
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if numbers and len(numbers) == len(values):
        low, high = min(numbers), max(numbers)
        is_share = row.target.endswith(SHARES)
        least, most = _measured(low, is_share), _measured(high, is_share)
        shown = least if low == high else f"{least} to {most}"
        return f"{shown} {unit}".strip()
    words = [word for word in dict.fromkeys(_word(value) for value in values) if word]
    return ", ".join(words[:3]) + (" …" if len(words) > 3 else "")


def _measured(value: float, is_share: bool) -> str:
    return f"{_short(100 * value)} %" if is_share else _short(value)


def _word(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_word(item) for item in value)
    return _short(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _short(value: float) -> str:
    """Few digits, no zeros at the end: 0.08, 1,900, 20."""
    shown = significant(value, MOST_DIGITS)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
