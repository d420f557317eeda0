"""The first step, what to do in the next 90 days, and the gates at which to go on or stop."""

from __future__ import annotations

from manyworks.model.checks.evidence import IMPORTANT
from manyworks.model.checks.targets import Targets
from manyworks.model.evidence import Evidence
from manyworks.plan.rivals.first_steps import commitment, first_decisions
from manyworks.render.numbers import significant
from manyworks.render.page import Block, Bullets, Grid, Section, Words
from manyworks.render.table import DataTable, text
from manyworks.studies.plan_report.assumptions import range_words
from manyworks.studies.plan_report.field_words import target_words
from manyworks.studies.plan_report.flips import change_words
from manyworks.studies.plan_report.subject import Subject
from manyworks.studies.plan_report.words import count, listed

MOST_CHECKED = 4
"""Assumptions that are checked first, and turning points that are watched."""
SHOWN_ACTIONS = 14
SENSES = {"at_least": "at least", "at_most": "at most"}


def section(subject: Subject) -> Section:
    """First step, actions, gates."""
    steps = subject.comparison.first_steps
    if not steps.actions:
        return _stay(subject)
    blocks: list[Block] = [
        Words(text=headline(subject), is_key=True),
        Words(text="In the first 90 days:"),
        Grid(table=actions_table(subject), most=SHOWN_ACTIONS),
    ]
    if doubtful(subject):
        blocks += [
            Words(text="Check these assumptions first; their ranges are the widest:"),
            Bullets(items=doubtful(subject)),
        ]
    if steps.gates:
        blocks += [Words(text=_gate_words(subject)), Grid(table=gates_table(subject))]
    return Section(id="first-steps", title="First steps", blocks=blocks)


def actions_table(subject: Subject) -> DataTable:
    """Actions in order of time; the same action at several places is one row."""
    places: dict[tuple[float, str], list[str]] = {}
    for action in subject.comparison.first_steps.actions:
        places.setdefault((action.starts_week, action.text), []).append(action.place)
    rows = [
        (f"week\u00a0{week:g}" if week else "at\u00a0once", words, listed(names))
        for (week, words), names in places.items()
    ]
    return DataTable(columns=[text("From", is_tight=True), text("What"), text("Where")], rows=rows)


def gates_table(subject: Subject) -> DataTable:
    """Go on if what is measured keeps to the limit."""
    rows = [
        (gate.measure, f"{SENSES[gate.sense]} {_figure(gate.limit)} {gate.unit}", _figure(gate.planned), gate.basis)
        for gate in subject.comparison.first_steps.gates
    ]
    return DataTable(columns=[text("What to measure"), text("Go on if"), text("In the plan"), text("Why")], rows=rows)


def doubtful(subject: Subject) -> list[str]:
    """Assumptions with the widest range over their value, in words."""
    targets = Targets(subject.network)
    found: list[tuple[float, str]] = []
    for row in subject.network.evidence:
        spread = _spread(targets, row)
        if row.basis == "assumption" and spread and _decides(row):
            found.append((-spread, f"{target_words(subject.network, row.target)}: plausible from {range_words(row)}."))
    return [words for _, words in sorted(found)[:MOST_CHECKED]]


def _stay(subject: Subject) -> Section:
    headline = subject.comparison.first_steps.headline
    blocks: list[Block] = [Words(text=f"{headline[0].upper()}{headline[1:]}.")]
    near = [flip for flip in subject.comparison.flips if flip.change is not None][:MOST_CHECKED]
    if near:
        blocks.append(Words(text="What to watch:"))
        blocks.append(Bullets(items=[f"{flip.title}: {change_words(flip.change or 0.0)}." for flip in near]))
    return Section(id="first-steps", title="First steps", blocks=blocks)


def headline(subject: Subject) -> str:
    """What is committed first, and what can still be left after that."""
    words = commitment(subject.plan)
    later = len(subject.changes.opened) - len(first_decisions(subject.plan))
    text = f"{words[0].upper()}{words[1:]}."
    if later:
        what = f"{count(later, 'other decision')} can still be left after that."
        text += f" The {what}"
    if subject.comparison.verdict.action == "too_close":
        text = f"Commit nothing before more is known. If the plan is taken: {text[0].lower()}{text[1:]}"
    return text


def _gate_words(subject: Subject) -> str:
    first = next(row for row in first_decisions(subject.plan) if row.kind == "site")
    return f"Gates, measured at {first.name}. Go on to the next decision only if all of them hold; stop otherwise:"


def _decides(row: Evidence) -> bool:
    """Whether the field is one of those that decide most of a plan; outages do not enter its money."""
    collection, field = row.target.split(".")[0], row.target.split(".")[-1]
    return collection != "outage_classes" and field in IMPORTANT.get(collection, ())


def _spread(targets: Targets, row: Evidence) -> float:
    """Width of the plausible range over the mean of the numbers that it is about; 0 where that means nothing."""
    if row.low is None or row.high is None or targets.fault(row.target) is not None:
        return 0.0
    values = [abs(value) for value in targets.values(row.target) if isinstance(value, int | float) and value]
    return (row.high - row.low) / (sum(values) / len(values)) if values else 0.0


def _figure(value: float) -> str:
    return significant(value, 3)
