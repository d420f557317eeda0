"""What is uncertain, between which ends, and the few runs that show what each does."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from manyworks.studies.screen.answers import Answers
from manyworks.studies.screen.assumptions import ASSUMPTIONS
from manyworks.studies.screen.places import crosses_border, is_overseas, market_places, plant_place
from manyworks.studies.screen.questions import BY_KEY

PRIORITY = (
    "freight_per_tonne_km", "units_per_year", "micro_line_capex", "micro_staff", "duty_share", "changeover_h",
    "micro_changeover_share", "growth", "wage_per_h",
)  # fmt: skip
MOST_FACTORS = 8
DUTY_LOW, DUTY_HIGH = 0.0, 2.0
"""Duties are politics: they may vanish or double."""


@dataclass(frozen=True, kw_only=True)
class Factor:
    """One uncertain input: its value now, its ends, and how far it is moved in search of a flip.

    ``is_answer`` tells answers from assumptions. A factor ``is_ratio`` is moved by multiplying.
    """

    key: str
    words: str
    unit: str
    now: float
    low: float
    high: float
    least: float
    most: float
    is_answer: bool
    is_ratio: bool


def uncertain_factors(answers: Answers) -> list[Factor]:
    """At most eight inputs, those first that are known worst; only such as can matter here."""
    assumed = {row.key: row for row in ASSUMPTIONS}
    found = []
    for key in PRIORITY:
        if key in assumed:
            row = assumed[key]
            low, high = row.low or 0.0, row.high or 0.0
            is_ratio = low > 0
            least, most = (low / 2, 2 * high) if is_ratio else (-0.05, 0.15)
            now = row.value
            words, unit = row.words, row.unit
        else:
            now = float(answers[key])
            words, unit = SHORT_WORDS[key], BY_KEY[key].unit
            low, high = (
                (now * DUTY_LOW, now * DUTY_HIGH)
                if key == "duty_share"
                else (now * BY_KEY[key].low, now * BY_KEY[key].high)
            )
            is_ratio = key != "duty_share"
            least, most = (now / 4, 4 * now) if is_ratio else (0.0, 4 * now)
        if now > 0 and (key != "duty_share" or pays_duty(answers)):
            found.append(
                Factor(
                    key=key, words=words, unit=unit, now=now, low=low, high=high, least=least, most=most,
                    is_answer=key not in assumed, is_ratio=is_ratio,
                )
            )  # fmt: skip
    return found[:MOST_FACTORS]


SHORT_WORDS = {
    "freight_per_tonne_km": "Freight", "units_per_year": "Units sold", "micro_line_capex": "Price of a small line",
    "duty_share": "Duty", "changeover_h": "Changeover today", "wage_per_h": "Wage",
}  # fmt: skip


def pays_duty(answers: Answers) -> bool:
    """Whether the answered duty is paid: only goods that cross a border with customs do."""
    plant = plant_place(str(answers["plant"]))
    return any(crosses_border(plant, row.country) for row in market_places(str(answers["markets"])))


def is_far(answers: Answers) -> bool:
    """Whether the plant serves any of its customers over a sea."""
    plant = plant_place(str(answers["plant"]))
    return any(is_overseas(plant, row.country) for row in market_places(str(answers["markets"])))


def design(factors: int, seed: int) -> NDArray[np.int_]:
    """Sixteen runs at the ends of up to eight factors, (16, factors) of -1 and 1.

    A fractional factorial of resolution IV (Box and Hunter 1961, doi:10.1080/00401706.1961.10489951): each factor is
    high in half of the runs, and its effect is free of all joint effects of two others. ``seed`` deals the columns.
    """
    a, b, c, d = np.array(list(product((-1, 1), repeat=4))).T
    columns = np.stack([a, b, c, d, b * c * d, a * c * d, a * b * c, a * b * d], axis=1)
    random = np.random.default_rng(seed)
    dealt = columns[:, random.permutation(MOST_FACTORS)] * random.choice([-1, 1], MOST_FACTORS)
    return np.asarray(dealt[:, :factors])
