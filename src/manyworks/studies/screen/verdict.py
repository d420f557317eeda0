"""What a plan says about micro-factories: they pay, they help the big plant, they do not."""

from __future__ import annotations

from typing import Literal

from manyworks.plan.result import NetworkPlan

Verdict = Literal["micro", "hybrid", "central", "not_for_you"]
WORDS: dict[Verdict, str] = {
    "micro": "Micro-factories pay",
    "hybrid": "A hybrid pays",
    "central": "Stay central",
    "not_for_you": "Not for you",
}
MEANING: dict[Verdict, str] = {
    "micro": "micro-factories near the customers take over, and the big plant closes",
    "hybrid": "micro-factories beside the big plant, which stays",
    "central": "put the money into big plants; micro-factories do not earn theirs",
    "not_for_you": "keep what you have; neither micro-factories nor a bigger plant earn their money",
}
CLEAR_SHARE = 0.005
"""A lead below this share of all costs, or one that the gap of the other plan could hide, counts as none."""


def verdict(central: NetworkPlan, best: NetworkPlan, do_nothing: NetworkPlan | None = None) -> Verdict:
    """The verdict of the best plan against the best one without micro-factories."""
    clear = max(CLEAR_SHARE * central.money.cost_present_value, central.gap_money)
    if best.npv - central.npv <= clear or not _builds(best, "micro"):
        grows = _invests(central) and (do_nothing is None or central.npv - do_nothing.npv > clear)
        return "central" if grows else "not_for_you"
    return "hybrid" if _stands(best, "big") else "micro"


def _builds(plan: NetworkPlan, scale: str) -> bool:
    return any(row["decided"] and _scale(plan, row["template"]) == scale for row in _sites(plan))


def _stands(plan: NetworkPlan, scale: str) -> bool:
    """Whether a site of this scale stands at the end."""
    return any(not row["closes"] and _scale(plan, row["template"]) == scale for row in _sites(plan))


def _invests(plan: NetworkPlan) -> bool:
    return any(row["decided"] for row in _sites(plan)) or float(plan.tables.lines["added"].sum()) > 0


def _sites(plan: NetworkPlan) -> list[dict[str, str]]:
    return [row for row in plan.tables.openings.rows() if row["kind"] == "site"]


def _scale(plan: NetworkPlan, template: str) -> str:
    return str(plan.network.get("templates", template).scale)
