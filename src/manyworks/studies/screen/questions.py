"""The fifteen questions: what is asked, in which unit, with a default, and how far an answer may be off."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. A number lies between ``least`` and ``most``; ``is_place`` and ``is_whole`` say what else is taken.

    Where ``low`` and ``high`` are not 1, the answer times these factors is the range over which the screen looks.
    ``source`` of the default; none: it is an assumption.
    """

    key: str
    words: str
    unit: str
    default: float | str
    least: float = 0.0
    most: float = float("inf")
    is_whole: bool = False
    low: float = 1.0
    high: float = 1.0
    source: str = ""


ARTICLE = (
    "Association for Advancing Automation (A3), trade article on distributed manufacturing: 125 against 200 a minute"
)
TRUCKS = "ATRI, Operational Costs of Trucking 2025: 1.404 USD a km, 0.070 a tonne-km full, 0.084 with 16.7 % empty km"

QUESTIONS: tuple[Question, ...] = (
    Question(
        key="price", words="What is one unit sold for, delivered?", unit="money", default=1.5, least=0.001, most=1e6
    ),
    Question(
        key="mass_kg", words="What does one unit weigh, packed?", unit="kg", default=0.75, least=0.001, most=2000
    ),
    Question(
        key="volume_l", words="What space does one unit take, packed?", unit="litres", default=1.2, least=0.001,
        most=1e4,
    ),
    Question(
        key="shelf_life_days", words="How long does it keep? 0: it does not spoil.", unit="days", default=180, most=9999
    ),
    Question(
        key="products", words="How many products do you make?", unit="products", default=4, least=1, most=30,
        is_whole=True,
    ),
    Question(
        key="units_per_year", words="How many units are sold a year, all products?", unit="units a year",
        default=90e6, least=1000, most=1e11, low=0.7, high=1.4,
    ),
    Question(
        key="markets", words="Where are the customers? us, northeast, midwest, south, west or europe.", unit="region",
        default="us",
    ),
    Question(
        key="plant", words="Where is the plant? A US city, a country (its capital) or latitude;longitude;country.",
        unit="place",        default="fort_smith_ar",
    ),
    Question(
        key="lines", words="How many lines does it run?", unit="lines", default=2, least=1, most=200, is_whole=True
    ),
    Question(
        key="rate_per_min", words="How fast is one line?", unit="units a minute", default=200, least=0.01, most=1e5,
        source=ARTICLE,
    ),
    Question(
        key="changeover_h", words="How long does a change of product take there?", unit="hours", default=4, most=72,
        low=0.5, high=2.0,
    ),
    Question(
        key="wage_per_h", words="What does an hour of a worker cost, all in?", unit="money an hour", default=28,
        least=0.1, most=500, low=0.8, high=1.25,
    ),
    Question(
        key="freight_per_tonne_km", words="What does a full truck cost for each tonne-km?", unit="money a tonne-km",
        default=0.08, least=0.0001, most=10, low=0.6, high=1.5, source=TRUCKS,
    ),
    Question(
        key="duty_share", words="What duty does the product pay on its way to the customers? 0.15 is 15 %.",
        unit="share of the value", default=0, most=3,
    ),
    Question(
        key="micro_line_capex", words="What does a small line cost, five eighths as fast as today's?", unit="money",
        default=1_000_000, least=1, most=1e10, low=0.7, high=1.5,
    ),
)  # fmt: skip
"""In the order in which they are asked: the goods, the customers, the plant, the prices."""

BY_KEY: dict[str, Question] = {row.key: row for row in QUESTIONS}
