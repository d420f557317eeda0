"""The order of the page: each part answers the question that is its title."""

from __future__ import annotations

from manyworks.render.page import Page, Section
from manyworks.studies.plan_report import (
    answer,
    assumptions,
    bridges,
    contracts,
    first_steps,
    flips,
    lanes,
    limits,
    money,
    network,
    proof,
    rivals,
    service,
    timing,
)
from manyworks.studies.plan_report.stress import stress_sections
from manyworks.studies.plan_report.subject import Subject

PARTS = (
    answer,
    network,
    rivals,
    bridges,
    money,
    contracts,
    timing,
    first_steps,
    flips,
    service,
    lanes,
    limits,
    assumptions,
    proof,
)
"""Modules with a function ``section(subject)``."""


def report_page(subject: Subject) -> Page:
    """The whole page."""
    finance, plan = subject.network.finance, subject.plan
    first, last = plan.periods[0].starts.year, subject.last_year
    note = f"{subject.network.note} " if subject.network.note else ""
    money_words = f"{note}Money is {finance.currency} of {finance.price_year}, after tax, inflation left out"
    return Page(
        title=f"Plan for {subject.network.name.replace('_', ' ')}",
        subtitle=f"{money_words}; future money is discounted at {finance.discount_rate:.1%} a year. "
        f"Planned: {first if first == last else f'{first} to {last}'}.",
        sections=_sections(subject),
        footer=f"manyworks {plan.version} · document {plan.input_hash} · seed {plan.seed}. "
        "Outlines: US Census Bureau and Natural Earth, public domain.",
    )


def _sections(subject: Subject) -> list[Section]:
    """Every part in turn, contracts where there are some; what was put under stress follows what would change the
    answer."""
    sections = []
    for part in PARTS:
        if part is not contracts or subject.network.opportunities:
            sections.append(part.section(subject))
        if part is flips:
            sections += stress_sections(subject)
    return sections
