"""Words and colours that the stress sections share."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from manyworks.plan.case import CASES, CaseName
from manyworks.render.numbers import compact
from manyworks.render.theme import AMBER, BLUE, GREY, LIGHT_BLUE, LIGHT_GREY, PURPLE, RED, TEAL

COLOURS: Mapping[CaseName, str] = {
    "do_nothing": LIGHT_GREY,
    "improve": GREY,
    "second_line": RED,
    "warehouses": LIGHT_BLUE,
    "co_packer": PURPLE,
    "central": AMBER,
    "distributed": BLUE,
    "best": TEAL,
}
CASE_COLOURS = {case.title: COLOURS[name] for name, case in CASES.items()}
"""Title of a rival to its colour on maps of winners."""


def amount_words(value: float) -> str:
    """A sum of money, or a dash."""
    return compact(value) if isfinite(value) else "–"


def case_title(name: str | None) -> str:
    """Title of a rival; a dash for none."""
    return "–" if not name else CASES[name].title  # type: ignore[index]


def number_or_none(value: object) -> object:
    """A cell of a workbook: what is not a number stays empty."""
    return None if isinstance(value, float) and not isfinite(value) else value
