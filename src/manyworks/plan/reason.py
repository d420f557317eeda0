"""Why one plan beats another, in one sentence."""

from __future__ import annotations

from dataclasses import dataclass

from manyworks.plan.business_case import BusinessCase
from manyworks.plan.cents import short_money
from manyworks.plan.money_line import TITLES

EXPLAINED_SHARE = 0.8
"""Lines are named until they make up this share of everything that speaks for the winner, three at most."""


@dataclass(frozen=True, kw_only=True)
class Reason:
    """The money lines that decide, before tax, as (line, present value of the difference), the largest first.

    ``drivers`` speak for the winner, ``counter`` is the strongest line that speaks against it, None where none does.
    """

    winner: str
    loser: str
    npv_difference: float
    drivers: tuple[tuple[str, float], ...]
    counter: tuple[str, float] | None
    sentence: str


def reason(winner: BusinessCase, loser: BusinessCase, winner_title: str, loser_title: str) -> Reason:
    """Compare two business cases line by line; tax follows from the other lines and is not named."""
    changes = {
        line: winner.present_values[line] - loser.present_values[line]
        for line in winner.present_values
        if line != "tax"
    }
    ranked = sorted(changes.items(), key=lambda item: -item[1])
    good = [(line, amount) for line, amount in ranked if amount > 0]
    bad = [(line, amount) for line, amount in reversed(ranked) if amount < 0]
    drivers = _enough(good)
    counter = bad[0] if bad else None
    difference = winner.npv - loser.npv
    return Reason(
        winner=winner_title,
        loser=loser_title,
        npv_difference=difference,
        drivers=drivers,
        counter=counter,
        sentence=_sentence(winner_title, loser_title, difference, drivers, counter, winner.currency),
    )


def _enough(good: list[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    total, named = sum(amount for _, amount in good), 0.0
    for count, (_, amount) in enumerate(good[:3], start=1):
        named += amount
        if count >= 2 and named >= EXPLAINED_SHARE * total:
            return tuple(good[:count])
    return tuple(good[:3])


def _sentence(
    winner: str,
    loser: str,
    difference: float,
    drivers: tuple[tuple[str, float], ...],
    counter: tuple[str, float] | None,
    currency: str,
) -> str:
    if not drivers:
        return f"{winner} and {loser} do not differ in any line of money."
    named = [f"{TITLES[line].lower()} ({short_money(amount, currency)} better)" for line, amount in drivers]
    text = f"{winner} beats {loser} by {short_money(difference, currency)} of NPV, above all through {_listed(named)}"
    if counter is not None:
        text += f"; the strongest line against it is {TITLES[counter[0]].lower()} "
        text += f"({short_money(-counter[1], currency)} worse)"
    return f"{text}; lines are present values before tax."


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
