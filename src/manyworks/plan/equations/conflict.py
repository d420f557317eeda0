"""Why no plan exists: an irreducible set of rules of the document, in words.

Each rule is a set of rows and bounds that can be lifted together. Rules are lifted one by one for good as long as the
rest stays impossible (deletion filter, Chinneck and Dravnieks 1991, doi:10.1287/ijoc.3.2.157); what is left
conflicts, and dropping any one of it would leave a plan.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import InfeasibleError
from manyworks.plan.equations.formulation import Model, family_demand
from manyworks.plan.highs import Solver

SECONDS_A_TEST = 10.0
MARKETS_APART = 40
"""Up to so many markets each market's demand is a rule of its own; beyond, those of one region are one."""

Ints = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """``words`` of the document; ``rows`` lose their limits and ``columns`` get ``high`` as upper bound when lifted."""

    words: str
    rows: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    columns: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    low: float = 0.0
    high: float = np.inf


def raise_conflict(model: Model, *, threads: int | None = None) -> NoReturn:
    """Raise ``InfeasibleError`` with the rules that conflict.

    Raises
    ------
    InfeasibleError
        Always.
    """
    words = _unreachable(model) or _irreducible(model, threads)
    raise InfeasibleError(
        f"no plan of the case {model.instance.case.title!r} meets every rule of the document",
        conflicts=words,
        cure="Relax any one of them, or let demand be left unserved: policy.is_demand_optional.",
    )


def _unreachable(model: Model) -> list[str]:
    """A market whose demand must be met and that no site may serve."""
    instance, arcs = model.instance, model.arcs
    if instance.network.policy.is_demand_optional:
        return []
    reached = np.zeros((len(instance.markets), len(instance.families)), dtype=bool)
    reached[arcs.market, arcs.family] = True
    asked = family_demand(instance)[: instance.own_markets].sum(axis=2) > 0
    for m, f in np.argwhere(asked & ~reached[: instance.own_markets]):
        market, family = instance.markets[m], instance.families[f]
        rules = [
            f"policy.is_demand_optional is false: the demand of {market.id} for {family} must be met.",
            f"No site of this case may serve {market.id} with {family}: a line that runs all its products, a lane that "
            "is allowed, arrival within shelf life" + _within_promise(model) + ".",
        ]
        return rules
    return []


def _within_promise(model: Model) -> str:
    return " and within service_days" if model.instance.network.policy.is_service_binding else ""


def _irreducible(model: Model, threads: int | None) -> list[str]:
    rules = _rules(model)
    is_whole = _possible(model, [], whole=False, threads=threads)
    kept = list(rules)
    lifted: list[Rule] = []
    for rule in rules:
        if not _possible(model, [*lifted, rule], whole=is_whole, threads=threads):
            lifted.append(rule)
            kept.remove(rule)
    return [rule.words for rule in kept]


def _possible(model: Model, lifted: list[Rule], *, whole: bool, threads: int | None) -> bool:
    """Whether some plan meets all rules but the lifted ones; what is not decided in time counts as possible."""
    linear = model.linear
    solver = Solver(linear, whole=whole, threads=threads)
    low, high = linear.bounds
    everything = np.arange(linear.column_count)
    row_low, row_high = (bounds.copy() for bounds in linear.row_bounds)
    low, high = low.copy(), high.copy()
    for rule in lifted:
        low[rule.columns] = np.minimum(low[rule.columns], rule.low)
        high[rule.columns] = np.maximum(high[rule.columns], rule.high)
        row_low[rule.rows], row_high[rule.rows] = -np.inf, np.inf
    changed = np.unique(np.concatenate([np.zeros(0, dtype=np.intp), *(rule.rows for rule in lifted)])).astype(np.intp)
    solver.set_bounds(everything, low, high)
    solver.set_row_bounds(changed, row_low[changed], row_high[changed])
    solver.forget_values()
    return solver.solve(time_limit=SECONDS_A_TEST).status != "infeasible"


def _rules(model: Model) -> list[Rule]:
    """Rules in the order in which they are lifted: those that a reader least wants to hear about come first."""
    return [*_stand_up(model), *_site_rules(model), *_policy_rules(model), *_demand_rules(model)]


def _stand_up(model: Model) -> list[Rule]:
    instance, columns = model.instance, model.linear.columns
    rules = []
    for template in {option.template.id: option.template for option in instance.options}.values():
        options = [o for o, option in enumerate(instance.options) if option.template.id == template.id]
        new = [o for o in options if not instance.options[o].is_existing]
        places = [g for g, place in enumerate(instance.places) if place.option in options and place.may_add]
        if new:
            words = f"templates.{template.id}: a site takes its stand-up quarters before it makes anything."
            rules.append(Rule(words=words, columns=columns["open"][new].ravel(), high=1.0))
        if places:
            words = f"templates.{template.id}: a line takes line_lead_quarters before it runs."
            most = float(max(instance.options[o].maximum_added for o in options))
            rules.append(Rule(words=words, columns=columns["added"][places].ravel(), high=most))
            words = f"templates.{template.id}.maximum_lines: {template.maximum_lines} lines fit."
            fit = Rule(words=words, rows=model.linear.rows["lines_fit"][options].ravel())
            rules.append(Rule(words=words, rows=fit.rows, columns=columns["added"][places].ravel(), high=1e4))
    return rules


def _site_rules(model: Model) -> list[Rule]:
    instance, linear = model.instance, model.linear
    rules = []
    for o, option in enumerate(instance.options):
        site = instance.sites[option.site]
        if site.labour_pool is not None:
            words = f"sites.{site.id}: at most {site.labour_pool * site.hireable_share:,.0f} people can be hired there."
            dear = linear.columns["dear"][o].ravel()
            both = np.concatenate([linear.columns["people"][o].ravel(), dear[dear >= 0]])
            rules.append(Rule(words=words, columns=both))
        if site.hires_per_quarter is not None:
            words = f"sites.{site.id}.hires_per_quarter: at most {site.hires_per_quarter:,.0f}."
            rules.append(Rule(words=words, columns=linear.columns["hired"][o].ravel()))
        if option.is_existing:
            words = f"sites.{site.id}: the lines that stand there have only the hours of their calendar."
            mine = [g for g, place in enumerate(instance.places) if place.option == o]
            rules.append(Rule(words=words, rows=linear.rows["capacity"][mine].ravel()))
            if option.must_close:
                words = f"The case {instance.case.title!r} closes {site.id} by the end of the planned quarters."
                rules.append(Rule(words=words, columns=linear.columns["open"][o].ravel(), high=1.0))
    return rules


def _policy_rules(model: Model) -> list[Rule]:
    policy, rows = model.instance.network.policy, model.linear.rows
    words = {
        "budget": f"policy.capex_budget: at most {policy.capex_budget or 0:,.0f} in all.",
        "budget_quarter": f"policy.capex_budget_per_quarter: at most {policy.capex_budget_per_quarter or 0:,.0f}.",
        "maximum_sites": f"policy.maximum_sites: at most {policy.maximum_sites} open at once.",
        "maximum_site_share": f"policy.maximum_site_share: no site makes more than {policy.maximum_site_share:.0%}.",
    }
    rules = [Rule(words=text, rows=rows[name].ravel()) for name, text in words.items() if name in rows]
    for rule in policy.segregation:
        allergen = rule.split(":")[0]
        names = [name for name in (f"segregation_{allergen}", f"segregation_free_of_{allergen}") if name in rows]
        if names:
            every = np.concatenate([rows[name].ravel() for name in names])
            rules.append(Rule(words=f"policy.segregation: {rule}.", rows=every))
    return rules


def _demand_rules(model: Model) -> list[Rule]:
    instance, unmet = model.instance, model.linear.columns["unmet"]
    if instance.network.policy.is_demand_optional:
        return []
    apart = len(instance.markets) <= MARKETS_APART
    groups: dict[str, list[int]] = {}
    for m, market in enumerate(instance.markets[: instance.own_markets]):
        groups.setdefault(market.id if apart else market.region or "all markets", []).append(m)
    return [
        Rule(
            words=f"policy.is_demand_optional is false: the demand of {name} must be met.",
            columns=unmet[members].ravel(),
            high=1.0,
        )
        for name, members in groups.items()
    ]
