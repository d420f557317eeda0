"""What it is worth to build in steps as demand shows, against committing now: the value of a fast stand-up.

Demand follows a small tree: at each look it turns out low, middle or high and stays so until the next look. *Commit
now*: all sites and lines of all quarters are fixed before the first look. *In steps*: a site may be decided when what
was seen by then is known; it works a stand-up later, so with a 12-quarter stand-up little can wait, with one of a
quarter nearly everything. Both are solved over the whole tree at once; the difference is the option value. It is never
negative, and zero on a tree that is certain. Source: real options as in Dixit and Pindyck, Investment under Uncertainty
(1994), chapter 2; multistage programs as in Birge and Louveaux (2011), chapter 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import Issue
from manyworks.model.network import Network
from manyworks.model.standup import stand_up_quarters
from manyworks.model.stock import weekly_cvs
from manyworks.model.table import Table
from manyworks.plan.case import CaseName
from manyworks.plan.equations.formulation import Model
from manyworks.plan.equations.instance import Instance
from manyworks.plan.money.cents import short_money
from manyworks.plan.rivals.compare import Comparison
from manyworks.plan.search.by_parts import cost_size
from manyworks.plan.search.watch import Watch
from manyworks.plan.stress.bench import Numbers, build, is_stopped, numbers, scaled_demand
from manyworks.plan.stress.joined import Joined, join, solve_joined
from manyworks.plan.stress.part import Settings
from manyworks.plan.stress.tornado import table_of

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
BRANCHES = ((-1, 0.25), (0, 0.5), (1, 0.25))
"""Low, middle, high and their probabilities; the mean stays."""
ASSUMED_SPREAD = 0.2
"""Standard deviation of all demand where the document states none, an assumption."""
TREE_COLUMNS = 40_000
"""Columns of the tree's model above which only places that some rival's plan uses are considered."""
TREE_SECONDS = 90.0
"""Wall seconds of each solve when no limit is stated."""
FINE = 0.1
"""Part of the gap asked for at which a tree may stop: option values are small beside plans."""


@dataclass(frozen=True, kw_only=True)
class StagingOptions:
    """``leads``: stand-up times in quarters that are compared, for every new site. ``looks`` at demand, ``every`` so
    many quarters, none: four, or one on a short horizon. ``spread``: standard deviation of all demand at the last look
    as a share of its mean, none: from the document's uncertainty and correlation."""

    leads: tuple[int, ...] = (1, 12)
    looks: int = 2
    every: int | None = None
    spread: float | None = None


@dataclass(frozen=True, kw_only=True)
class Value:
    """Expected worth over the tree: of the plan found, and at most by proof."""

    npv: float
    bound: float
    status: str
    opens: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Lead:
    """One stand-up time. ``certain`` is the worth with the middle demand for sure, ``commit`` and ``steps`` over the
    tree."""

    quarters: int
    certain: Value
    commit: Value
    steps: Value

    @property
    def option_value(self) -> float:
        """What deciding in steps is worth."""
        return self.steps.npv - self.commit.npv

    @property
    def interval(self) -> tuple[float, float]:
        """Least and most that it can be by the proven bounds of both; waiting is free, so it is never below 0."""
        return max(self.steps.npv - self.commit.bound, 0.0), max(self.steps.bound - self.commit.npv, 0.0)


@dataclass(frozen=True, kw_only=True)
class Staging:
    """The stand-up times compared, the fastest first."""

    case: CaseName
    leads: tuple[Lead, ...]
    asked: tuple[int, ...]
    looks: tuple[int, ...]
    """Quarters at which demand shows."""
    spread: float
    is_spread_assumed: bool
    is_whole: bool
    """Whether every place of the document was considered; else those that some rival's plan uses."""
    currency: str
    size: float

    @property
    def is_complete(self) -> bool:
        """Whether every stand-up time was solved."""
        return len(self.leads) == len(self.asked)

    @property
    def speed(self) -> tuple[float, float] | None:
        """What the fastest stand-up is worth more than the slowest: when demand is certain, and over the tree with
        decisions in steps; None with fewer than two."""
        if len(self.leads) < 2:
            return None
        fast, slow = self.leads[0], self.leads[-1]
        return fast.certain.npv - slow.certain.npv, fast.steps.npv - slow.steps.npv

    def tables(self) -> dict[str, Table]:
        """``staging``: one row for each stand-up time."""
        return {
            "staging": table_of(
                [
                    {
                        "stand_up_quarters": float(row.quarters),
                        "commit": row.commit.npv,
                        "commit_bound": row.commit.bound,
                        "steps": row.steps.npv,
                        "steps_bound": row.steps.bound,
                        "option_value": row.option_value,
                        "at_least": row.interval[0],
                        "at_most": row.interval[1],
                        "certain": row.certain.npv,
                        "certain_bound": row.certain.bound,
                        "commit_opens": ", ".join(row.commit.opens),
                        "steps_opens": ", ".join(row.steps.opens),
                    }
                    for row in self.leads
                ]
            )
        }

    def check(self) -> list[Issue]:
        """Waiting is free, so it is never worth less than nothing."""
        slack = 1e-6 * self.size
        return [
            Issue(
                rule="stress.staging",
                severity="error",
                path=f"{row.quarters} quarters",
                message="deciding in steps must not be worth less than committing now",
                found=f"{row.option_value:.2f}",
                cure="Please report this document.",
            )
            for row in self.leads
            if row.option_value < -slack
        ]

    def summary(self) -> str:
        """Option value of each stand-up time."""
        seen = ", ".join(str(quarter) for quarter in self.looks)
        assumed = ", an assumption" if self.is_spread_assumed else ""
        lines = [
            f"Demand shows after quarter {seen}; by then it varies by {self.spread:.0%} (standard deviation{assumed})."
        ]
        for row in self.leads:
            low, high = row.interval
            lines.append(
                f"  Stand-up in {row.quarters} quarter{'' if row.quarters == 1 else 's'}: building in steps is worth "
                f"{short_money(row.option_value, self.currency)} more than committing now (proven: "
                f"{short_money(low, self.currency)} to {short_money(high, self.currency)})."
            )
        if self.speed is not None:
            certain, steps = self.speed
            fast, slow = self.leads[0].quarters, self.leads[-1].quarters
            lines.append(
                f"  {fast} instead of {slow} quarters: worth {short_money(certain, self.currency)} if demand were "
                f"certain, {short_money(steps, self.currency)} as it is uncertain."
            )
        return "\n".join(lines)


def absent_reason(comparison: Comparison) -> str:
    """Why nothing can be staged."""
    network = comparison.network
    if not any(site.status == "candidate" for site in network.sites):
        return "the document has no place where something new could stand"
    if network.finance.quarters + 4 * network.finance.years < 2:
        return "the horizon has one quarter"
    return ""


def run(comparison: Comparison, settings: Settings, watch: Watch) -> Staging:
    """Commit now and decide in steps, for every stand-up time."""
    options = settings.options or StagingOptions()
    network = comparison.network
    case: CaseName = "best" if "best" in comparison.plans else comparison.recommended
    looks = _looks(network, options)
    stated = _spread(network)
    spread = options.spread if options.spread is not None else stated or ASSUMED_SPREAD
    used = frozenset(row["place"] for plan in comparison.plans.values() for row in plan.tables.openings.rows())
    leads: list[Lead] = []
    is_whole, size = True, 0.0
    for quarters in options.leads:
        if is_stopped(watch):
            break
        known = numbers(_with_lead(network, quarters), case)
        size = cost_size(known.instance)
        worlds, probability, nodes = tree(known, looks, spread)
        keep = None
        if len(worlds) * build(known).linear.column_count > TREE_COLUMNS:
            keep, is_whole = used, False
        watch.say(f"Stand-up in {quarters} quarters", done=len(leads), total=len(options.leads))
        lead = _lead(quarters, known, worlds, probability, nodes, keep, settings, watch)
        if lead is not None:
            leads.append(lead)
    return Staging(
        case=case,
        leads=tuple(sorted(leads, key=lambda row: row.quarters)),
        asked=tuple(options.leads),
        looks=looks,
        spread=spread,
        is_spread_assumed=options.spread is None and not stated,
        is_whole=is_whole,
        currency=network.finance.currency,
        size=size,
    )


def tree(known: Numbers, looks: Sequence[int], spread: float) -> tuple[list[Numbers], Floats, list[Ints]]:
    """Worlds of the tree, their probabilities, and of each world the node (quarters,) in which it is known to be.

    ``spread`` is the standard deviation of demand after the last look. Worlds in the same node look the same.
    """
    instance = known.instance
    begins = np.array([period.first_quarter for period in instance.periods])
    quarters = int(begins[-1] + instance.periods[-1].quarters)
    step = min(spread * np.sqrt(2 / len(looks)), 0.9)  # One look moves by ± step with 1/4 each: variance step² / 2.
    worlds, probability, nodes = [], [], []
    for path in product(range(len(BRANCHES)), repeat=len(looks)):
        factor, share, node = np.ones(len(begins)), 1.0, np.zeros(quarters, dtype=np.intp)
        for k, (look, branch) in enumerate(zip(looks, path, strict=True)):
            sign, chance = BRANCHES[branch]
            factor = factor * np.where(begins >= look, 1 + sign * step, 1.0)
            share *= chance
            code = sum((b + 1) * 4**j for j, b in enumerate(path[: k + 1]))
            node[look:] = code
        worlds.append(scaled_demand(known, np.tile(factor, (instance.own_markets, 1))))
        probability.append(share)
        nodes.append(node)
    return worlds, np.array(probability), nodes


def _lead(
    quarters: int,
    known: Numbers,
    worlds: Sequence[Numbers],
    probability: Floats,
    nodes: Sequence[Ints],
    keep: frozenset[str] | None,
    settings: Settings,
    watch: Watch,
) -> Lead | None:
    """One stand-up time; None after Ctrl-C."""
    gap = FINE * settings.gap * cost_size(known.instance)
    limit = settings.time_limit or TREE_SECONDS
    models = [build(world, keep=keep) for world in worlds]
    middle = build(known, keep=keep)
    certain, _ = _value([middle], join([middle], np.ones(1)), gap, limit, settings.seed, None)
    if is_stopped(watch) or certain is None:
        return None
    at_once = join(
        models,
        probability,
        knows=[_knows(model, node, is_staged=False) for model, node in zip(models, nodes, strict=True)],
    )
    commit, x = _value(models, at_once, gap, limit, settings.seed, None)
    if is_stopped(watch) or commit is None or x is None:
        return None
    in_steps = join(
        models,
        probability,
        knows=[_knows(model, node, is_staged=True) for model, node in zip(models, nodes, strict=True)],
    )
    start = _carried(models, at_once, in_steps, x)
    steps, _ = _value(models, in_steps, gap, limit, settings.seed, start)
    if is_stopped(watch) or steps is None:
        return None
    return Lead(quarters=quarters, certain=certain, commit=commit, steps=steps)


def _value(
    models: Sequence[Model], joined: Joined, gap: float, limit: float, seed: int, start: Floats | None
) -> tuple[Value | None, Floats | None]:
    answer = solve_joined(joined, gap=gap, time_limit=limit, seed=seed, start=start)
    if answer.x is None:
        return None, None
    npv = answer.value * joined.scale + joined.linear.constant
    bound = answer.bound * joined.scale + joined.linear.constant
    return Value(npv=npv, bound=max(bound, npv), status=answer.status, opens=_opens(models, joined, answer.x)), answer.x


def _opens(models: Sequence[Model], joined: Joined, x: Floats) -> tuple[str, ...]:
    """New places that open in some world."""
    found = set()
    for s, model in enumerate(models):
        level = joined.x_of(s, x)[model.linear.columns["open"]]
        for o, option in enumerate(model.instance.options):
            if not option.is_existing and level[o].max(initial=0.0) > 0.5:
                found.add(model.instance.sites[option.site].id)
    return tuple(sorted(found))


def _knows(model: Model, node: Ints, *, is_staged: bool) -> Mapping[str, Ints]:
    """Node at which each whole decision is taken: sites and lines their lead before they work, wheels when they turn.

    Committing now, sites and lines are decided before anything is seen.
    """
    instance = model.instance
    begins = np.array([period.first_quarter for period in instance.periods])
    now = node[begins]
    known: dict[str, Ints] = {"used": np.broadcast_to(now, model.linear.columns["used"].shape).copy()}
    if is_staged:
        known["open"] = node[np.maximum(begins[None, :] - _site_leads(instance)[:, None], 0)]
        known["added"] = node[np.maximum(begins[None, :] - _line_leads(instance)[:, None], 0)]
    return known


def _site_leads(instance: Instance) -> Ints:
    leads = [0 if o.is_existing else stand_up_quarters(instance.network, o.template) for o in instance.options]
    return np.array(leads, dtype=np.intp)


def _line_leads(instance: Instance) -> Ints:
    leads = [instance.options[place.option].template.line_lead_quarters for place in instance.places]
    return np.array(leads, dtype=np.intp)


def _carried(models: Sequence[Model], source: Joined, target: Joined, x: Floats) -> Floats:
    """Whole decisions of a plan that knows less, in the model that knows more."""
    values = np.zeros(target.linear.column_count)
    for s in range(len(models)):
        values[target.columns[s]] = x[source.columns[s]]
    return np.rint(values[np.flatnonzero(target.linear.is_whole)])


def _looks(network: Network, options: StagingOptions) -> tuple[int, ...]:
    total = network.finance.quarters + 4 * network.finance.years
    every = options.every if options.every is not None else (4 if total > 8 else 1)
    found = tuple(every * k for k in range(1, options.looks + 1) if every * k < total)
    return found or (1,)


def _spread(network: Network) -> float:
    """Standard deviation of all demand over its mean, when levels last: Σ over markets by population or demand."""
    units = numbers(network, "do_nothing").instance.demand.sum(axis=(1, 2))[: len(network.markets)]
    markets = sorted(network.markets, key=lambda row: row.id)
    share = units / units.sum() if units.sum() > 0 else np.full(len(markets), 1 / len(markets))
    sigma, rho = share * weekly_cvs(network, markets), network.policy.demand_correlation
    return float(np.sqrt(max((1 - rho) * (sigma**2).sum() + rho * sigma.sum() ** 2, 0.0)))


def _with_lead(network: Network, quarters: int) -> Network:
    """Every template that could be built stands up in so many quarters."""
    rows = [row.model_copy(update={"stand_up_quarters": quarters}) for row in network.templates]
    return network.model_copy(update={"templates": rows})
