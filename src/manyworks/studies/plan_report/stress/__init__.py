"""What do the stresses say, on the page and in the workbook?

In: the ``StressRun`` of a ``Subject``. Out: a section and sheets for each of its parts; nothing where none was run.
Read first: this file; then the module of a part, with ``section(subject, result)`` and ``sheets(subject, result)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from manyworks.plan.stress.part import PARTS
from manyworks.render.page import Bullets, Notice, Section, Words
from manyworks.render.workbook import Sheet
from manyworks.studies.plan_report.subject import Subject

MODULES: Mapping[str, str] = {
    "outages": "manyworks.studies.plan_report.stress.outages",
    "scenarios": "manyworks.studies.plan_report.stress.scenarios",
    "tornado": "manyworks.studies.plan_report.stress.tornado",
    "break_even": "manyworks.studies.plan_report.stress.break_even",
    "two_stage": "manyworks.studies.plan_report.stress.two_stage",
    "staging": "manyworks.studies.plan_report.stress.staging",
    "pareto": "manyworks.studies.plan_report.stress.pareto",
}
"""Part of a stress run to the module that shows it."""


def stress_sections(subject: Subject) -> list[Section]:
    """A section for each part with a result, in the order of the parts; one for all others, and why."""
    run = subject.stress
    if run is None:
        return []
    shown = [_shown(subject, name, result) for name, result in run.results.items()]
    return [*shown, *_absent(run.absent)]


def stress_sheets(subject: Subject) -> list[Sheet]:
    """The sheets of every part with a result."""
    run = subject.stress
    if run is None:
        return []
    return [sheet for name, result in run.results.items() for sheet in _module(name).sheets(subject, result)]


def _shown(subject: Subject, name: str, result: Any) -> Section:
    section: Section = _module(name).section(subject, result)
    if result.is_complete:
        return section
    notice = Notice(word="Stopped", text="This part was stopped before its end; it shows what was done until then.")
    return Section(
        id=section.id, title=section.title, blocks=[notice, *section.blocks], starts_page=section.starts_page
    )


def _absent(absent: Mapping[str, str]) -> list[Section]:
    """One section for all parts without a result."""
    if not absent:
        return []
    items = [f"{PARTS[name].title}: {reason}." for name, reason in absent.items()]
    words = Words(text="These questions were asked as well and have no answer, because:")
    return [Section(id="stress-absent", title="What was not put under stress", blocks=[words, Bullets(items=items)])]


def _module(name: str) -> Any:
    return import_module(MODULES[name])
