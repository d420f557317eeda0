"""What would have to be different for another rival to win, with both plans frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from manyworks.plan.case import CASES, CaseName
from manyworks.plan.result import NetworkPlan
from manyworks.plan.rivals.factor import FACTORS, Factor
from manyworks.plan.rivals.recommendation import SAME

LARGEST_SCALE = 10.0
"""A factor that would have to grow beyond this many times counts as one that cannot flip the answer."""


@dataclass(frozen=True, kw_only=True)
class Flip:
    """The nearest value of one factor at which another rival is worth as much as the recommended one.

    ``scale`` is that value over today's, None where no value between 0 and ten times today's does it; ``rival`` then
    takes over. Computed from the money lines of both plans as they stand: re-planning would flip later or never on the
    winner's side, earlier on the rival's.
    """

    factor: str
    title: str
    scale: float | None
    rival: CaseName | None
    sentence: str

    @property
    def change(self) -> float | None:
        """Relative change: 0.25 is a quarter more."""
        return None if self.scale is None else self.scale - 1


def flips(
    plans: Mapping[CaseName, NetworkPlan], winner: CaseName, factors: Sequence[Factor] = FACTORS
) -> tuple[Flip, ...]:
    """The flip of each factor, the nearest first."""
    found = [_flip(plans, winner, factor) for factor in factors]
    return tuple(sorted(found, key=lambda flip: float("inf") if flip.change is None else abs(flip.change)))


def flip_scale(winner: NetworkPlan, loser: NetworkPlan, factor: Factor) -> float | None:
    """Scale of ``factor`` at which both are worth the same; None where it is below 0 or the lines never meet.

    npv(scale) = npv + (scale − 1) × effect, for each plan.
    """
    ahead = winner.npv - loser.npv
    slope = factor.effect(winner) - factor.effect(loser)
    if abs(slope) <= 1e-12 * max(abs(winner.money.cost_present_value), 1.0):
        return None
    scale = 1 - ahead / slope
    return scale if 0 <= scale <= LARGEST_SCALE else None


def _flip(plans: Mapping[CaseName, NetworkPlan], winner: CaseName, factor: Factor) -> Flip:
    size = SAME * max(abs(plan.money.cost_present_value) for plan in plans.values())
    scales: dict[CaseName, float] = {}
    for name, plan in plans.items():
        # The mix of all is the freest case, not another answer, unless doing nothing is the answer.
        is_answer = name != winner and (name != "best" or winner == "do_nothing")
        if is_answer and abs(plan.npv - plans[winner].npv) > size:
            scale = flip_scale(plans[winner], plan, factor)
            if scale is not None:
                scales[name] = scale
    ranked = sorted(scales.items(), key=lambda item: abs(item[1] - 1))
    rival, scale = ranked[0] if ranked else (None, None)
    return Flip(
        factor=factor.name,
        title=factor.title,
        scale=scale,
        rival=rival,
        sentence=_sentence(factor, scale, rival),
    )


def _sentence(factor: Factor, scale: float | None, rival: CaseName | None) -> str:
    if scale is None or rival is None:
        return f"{factor.title}: no value up to {LARGEST_SCALE:g} times today's flips the answer (both plans frozen)."
    change = scale - 1
    words = f"{abs(change):.0%} {'higher' if change > 0 else 'lower'}" if abs(change) >= 0.005 else "as it is"
    return f"{factor.title}: {words}, and {CASES[rival].title} is worth as much (both plans frozen)."
