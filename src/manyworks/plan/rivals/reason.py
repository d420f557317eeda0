"""Why one plan beats another, in one sentence."""

from __future__ import annotations

from dataclasses import dataclass

from manyworks.plan.conventions import last_year_share, money_weights
from manyworks.plan.money.cents import short_money
from manyworks.plan.money.money_line import MONEY_LINES, TITLES
from manyworks.plan.result import NetworkPlan

EXPLAINED_SHARE = 0.8
"""Lines are named until they make up this share of everything that speaks for the winner, three at most."""


@dataclass(frozen=True, kw_only=True)
class Reason:
    """The money lines that decide, before tax and with the years after the horizon, as (line, present value
    of the difference), the largest first.

    ``drivers`` speak for the winner, ``counter`` is the strongest line that speaks against it, None where none does.
    """

    winner: str
    loser: str
    npv_difference: float
    drivers: tuple[tuple[str, float], ...]
    counter: tuple[str, float] | None
    sentence: str


def reason(winner: NetworkPlan, loser: NetworkPlan) -> Reason:
    """Compare two plans line by line; tax and working capital follow from the other lines and are not named."""
    ours, theirs = lasting_values(winner), lasting_values(loser)
    ranked = sorted(((line, ours[line] - theirs[line]) for line in ours), key=lambda item: -item[1])
    good = [(line, amount) for line, amount in ranked if amount > 0]
    bad = [(line, amount) for line, amount in reversed(ranked) if amount < 0]
    drivers, counter = _enough(good), bad[0] if bad else None
    difference, currency = winner.npv - loser.npv, winner.network.finance.currency
    titles = winner.case.title, loser.case.title
    return Reason(
        winner=titles[0],
        loser=titles[1],
        npv_difference=difference,
        drivers=drivers,
        counter=counter,
        sentence=_sentence(*titles, difference, drivers, counter, currency),
    )


def lasting_values(plan: NetworkPlan) -> dict[str, float]:
    """Present value before tax of each line that is entered, with its part of the years after the horizon.

    The terminal value repeats the operating lines of the last year and renews what stands: its parts go to these lines
    and to capex, so that the reason names causes.
    """
    money, finance = plan.money, plan.network.finance
    weight = money_weights(finance, money.periods).terminal
    share = last_year_share(money.periods)
    values = {line.name: money.present_values[line.name] for line in MONEY_LINES if line.kind != "derived"}
    for line in MONEY_LINES:
        if line.kind == "operating" and line.name != "closure":
            values[line.name] += weight * float(money.line(line.name) @ share)
    values["capex"] -= weight * float(money.drivers.renewal.sum())
    return values


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
    return f"{text}; lines are present values before tax, years after the horizon included."


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
