"""What do the stresses say, on the page and in the workbook?

In: the ``StressRun`` of a ``Subject``. Out: a section and sheets for each of its parts; nothing where none was run.
Read first: this file; then the module of a part, with ``section(subject, result)`` and ``sheets(subject, result)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from manyworks.plan.stress.part import PARTS
from manyworks.render.page import Notice, Section, Words
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
    """A section for each part that was asked for, in the order of the parts; those without a result say why."""
    run = subject.stress
    if run is None:
        return []
    shown = [_shown(subject, name, result) for name, result in run.results.items()]
    return [*shown, *(_absent(name, reason) for name, reason in run.absent.items())]


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


def _absent(name: str, reason: str) -> Section:
    return Section(id=f"stress-{name}", title=PARTS[name].title, blocks=[Words(text=f"Not run: {reason}.")])


def _module(name: str) -> Any:
    return import_module(MODULES[name])
