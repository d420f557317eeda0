"""Words and colours that the stress sections share."""

from __future__ import annotations

from math import isfinite

from manyworks.plan.case import CASES
from manyworks.render.numbers import compact
from manyworks.render.theme import AMBER, BLUE, GREY, LIGHT_BLUE, LIGHT_GREY, MUTED, RED, TEAL

PALETTE = (LIGHT_GREY, AMBER, BLUE, TEAL, GREY, RED, LIGHT_BLUE, MUTED)
CASE_COLOURS = {
    case.title: {"do_nothing": LIGHT_GREY, "central": AMBER, "distributed": BLUE, "best": TEAL}.get(
        name, PALETTE[k % len(PALETTE)]
    )
    for k, (name, case) in enumerate(CASES.items())
}
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
