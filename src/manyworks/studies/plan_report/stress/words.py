"""Words and colours that the stress sections share."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING

from manyworks.plan.case import CASES, CaseName
from manyworks.render.numbers import compact
from manyworks.render.theme import AMBER, BLUE, GREY, LIGHT_BLUE, LIGHT_GREY, PURPLE, RED, TEAL

if TYPE_CHECKING:
    from manyworks.model.network import Network

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
    """A cell of a workbook: what is not a number stays empty, and nothing is below zero by rounding alone."""
    if not isinstance(value, float):
        return value
    return value + 0.0 if isfinite(value) else None


def place_words(network: Network, ids: str) -> str:
    """Names of places whose ids are joined by commas."""
    names = {row.id: row.name for row in network.sites}
    names |= {row.id: row.name for row in network.warehouses} | {row.id: row.name for row in network.co_packers}
    return ", ".join(names.get(name, name) for name in ids.split(", "))
