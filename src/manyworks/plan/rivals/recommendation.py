"""Which rival to choose, whether to do anything at all, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from manyworks.plan.case import CASES, CaseName
from manyworks.plan.money.cents import short_money
from manyworks.plan.money.openings import plan_changes
from manyworks.plan.result import NetworkPlan
from manyworks.plan.rivals.reason import Reason, reason

Action = Literal["act", "do_nothing", "too_close"]
SAME = 1e-7
"""Plans whose npv differs by less than this share of the costs are the same in money."""


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """What to do.

    ``case`` is the rival with the highest npv, of equal ones the one with the least freedom. ``action`` says whether
    it is worth doing: ``act``; ``do_nothing``; ``too_close`` when it looks better than doing nothing, but the proven
    bound of doing nothing is not below it, so that the order could turn. ``margin`` is its npv less that of doing
    nothing, ``proven_margin`` its npv less the bound of doing nothing; None where doing nothing is absent.
    ``close_rivals`` are other rivals that differ from it by less than their proven gaps.
    """

    case: CaseName
    action: Action
    margin: float | None
    proven_margin: float | None
    close_rivals: tuple[CaseName, ...]
    text: str
    why: Reason | None

    def __str__(self) -> str:
        return self.text


def recommend(plans: Mapping[CaseName, NetworkPlan]) -> Recommendation:
    """Compare the proven ends of all ``plans``; there must be at least one."""
    case = best_case(plans)
    winner, base = plans[case], plans.get("do_nothing")
    margin = None if base is None else winner.npv - base.npv
    proven = None if base is None else winner.npv - base.bound
    action: Action = "act"
    if case == "do_nothing":
        action = "do_nothing"
    elif proven is not None and proven <= 0:
        action = "too_close"
    close = tuple(name for name, plan in plans.items() if _is_close(plans, case, name, plan))
    return Recommendation(
        case=case,
        action=action,
        margin=margin,
        proven_margin=proven,
        close_rivals=close,
        text=_text(plans, case, action, margin, close),
        why=_why(plans, case),
    )


def best_case(plans: Mapping[CaseName, NetworkPlan]) -> CaseName:
    """The rival with the highest npv; of those that are the same in money, the one with the least freedom."""
    top = max(plan.npv for plan in plans.values())
    scale = max(abs(plan.money.cost_present_value) for plan in plans.values())
    return next(name for name in CASES if name in plans and plans[name].npv >= top - SAME * scale)


def strongest_rival(plans: Mapping[CaseName, NetworkPlan], case: CaseName) -> CaseName | None:
    """The best of the rivals that is a different answer than ``case``; None where there is none.

    The mix of all is no rival of a plan of one kind, nor a kind of plan a rival of the mix that equals it.
    """
    scale = SAME * max(abs(plan.money.cost_present_value) for plan in plans.values())
    others = [
        name for name, plan in plans.items() if name not in (case, "best") and abs(plan.npv - plans[case].npv) > scale
    ]
    return sorted(others, key=lambda name: -plans[name].npv)[0] if others else None


def _is_close(plans: Mapping[CaseName, NetworkPlan], case: CaseName, name: CaseName, plan: NetworkPlan) -> bool:
    """Whether the bound of another answer reaches the winner. The mix contains every answer, so it is never one."""
    return name not in (case, "best", "do_nothing") and plan.bound >= plans[case].npv


def _why(plans: Mapping[CaseName, NetworkPlan], case: CaseName) -> Reason | None:
    rival = strongest_rival(plans, case)
    if rival is None:
        return None
    winner, loser = plans[case], plans[rival]
    return reason(winner, loser)


def _text(
    plans: Mapping[CaseName, NetworkPlan],
    case: CaseName,
    action: Action,
    margin: float | None,
    close: tuple[CaseName, ...],
) -> str:
    winner, currency = plans[case], plans[case].network.finance.currency
    if action == "do_nothing":
        return _nothing(plans, currency)
    words = str(plan_changes(winner))
    words = words[0].upper() + words[1:]
    if margin is None:
        text = f"{words}: NPV {short_money(winner.npv, currency)}; doing nothing could not be priced."
    elif action == "too_close":
        gap = short_money(plans["do_nothing"].gap_money, currency)
        text = f"Too close to call. {words} looks better than doing nothing by {short_money(margin, currency)} of NPV, "
        return f"{text}which is within the {gap} that doing nothing could still gain by its proven gap."
    else:
        text = f"{words}: worth {short_money(margin, currency)} more NPV than doing nothing."
    if close:
        titles = " and ".join(f"{plans[name].case.title} ({_behind(plans, case, name, currency)})" for name in close)
        text += f" Which form is best is too close to call: {titles}."
    return text


def _behind(plans: Mapping[CaseName, NetworkPlan], case: CaseName, name: CaseName, currency: str) -> str:
    behind, gap = plans[case].npv - plans[name].npv, plans[name].gap_money
    return f"{short_money(behind, currency)} behind, proven gap {short_money(gap, currency)}"


def _nothing(plans: Mapping[CaseName, NetworkPlan], currency: str) -> str:
    base = plans["do_nothing"]
    others = [plan for name, plan in plans.items() if name != "do_nothing"]
    if not others:
        return f"Do nothing: no other rival could be priced. NPV {short_money(base.npv, currency)}."
    left = max(max(plan.bound for plan in others) - base.npv, 0.0)
    if left <= SAME * abs(base.money.cost_present_value):
        return "Do nothing: it is proven that nothing else is worth more."
    limit = short_money(left, currency)
    return f"Do nothing: nothing better was found, and by the proven bound nothing is worth more than {limit} on top."
