"""What to build when demand and the world are not known yet: one design for many futures, and what knowing is worth.

First stage: sites, lines and wheels by quarter, decided once for all futures. Second stage: flows, overtime, people
and stock, chosen when a future is there. Figures and their order (Birge and Louveaux, Introduction to Stochastic
Programming, 2011, chapter 4), maximising:

* ``wait_and_see`` WS: mean worth if each future were known before building;
* ``recourse`` RP: mean worth of the best single design; EVPI = WS − RP ≥ 0;
* ``expected_value`` EEV: mean worth of the design made for the mean future; VSS = RP − EEV ≥ 0.

Futures are sampled levels of demand (``sampling``) in each world: the document itself and its scenarios that have a
probability. Small models are solved as one; larger ones among the sites that some future or rival would use; the
largest choose among the rivals' designs. Whatever is left out only lowers RP; WS stays its upper limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import InfeasibleError, Issue, SolverError
from manyworks.model.network import Network
from manyworks.model.scenario import apply_scenario
from manyworks.model.table import Table
from manyworks.plan.case import CASES, CaseName
from manyworks.plan.money.cents import short_money
from manyworks.plan.rivals.compare import Comparison
from manyworks.plan.search.watch import Watch
from manyworks.plan.stress.anew import designs
from manyworks.plan.stress.bench import (
    LARGE,
    Bench,
    Levels,
    Numbers,
    Solved,
    build,
    is_stopped,
    numbers,
    read_levels,
    scaled_demand,
)
from manyworks.plan.stress.joined import join, solve_joined, tail_mean
from manyworks.plan.stress.part import Settings
from manyworks.plan.stress.sampling import demand_levels, reduced
from manyworks.plan.stress.tornado import table_of

Floats = NDArray[np.float64]
Method = Literal["whole", "sites", "designs"]
WHOLE_COLUMNS = 30_000
"""Columns of the one model of all futures up to which it is solved."""
TOLERANCE = 1e-6


@dataclass(frozen=True, kw_only=True)
class TwoStageOptions:
    """``futures`` kept of ``samples`` drawn; ``fresh`` samples to try designs on. ``weights`` of the tail in the
    frontier, ``tail`` the share of worst futures that it means. ``demand_cv``: instead of the document's. ``levels``:
    stated levels of all demand with their probabilities, instead of samples."""

    futures: int = 8
    samples: int = 400
    fresh: int = 60
    weights: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75, 1.0)
    tail: float = 0.2
    demand_cv: float | None = None
    levels: tuple[tuple[float, float], ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Future:
    """One future: ``level`` is the mean of its market levels weighted by revenue; ``world`` names the scenario."""

    name: str
    world: str
    probability: float
    level: float


@dataclass(frozen=True, kw_only=True)
class TriedDesign:
    """A design and its worth in each future, (futures,); ``fresh`` (samples,) on new ones, empty where not tried."""

    name: str
    title: str
    opens: tuple[str, ...]
    values: Floats
    fresh: Floats
    probability: Floats

    @property
    def mean(self) -> float:
        """Expected worth."""
        return float(self.probability @ self.values)

    def tail(self, share: float) -> float:
        """Mean of the worst ``share`` of futures."""
        return tail_mean(self.values, self.probability, share)

    @property
    def interval(self) -> tuple[float, float, float]:
        """Mean over the fresh samples, and the 95 % interval of it (normal); nan where none were tried."""
        if len(self.fresh) < 2:
            return (float("nan"),) * 3
        mean = float(self.fresh.mean())
        half = 1.96 * float(self.fresh.std(ddof=1)) / np.sqrt(len(self.fresh))
        return mean, mean - half, mean + half


@dataclass(frozen=True, kw_only=True)
class TwoStage:
    """The designs tried and the figures. ``recourse_bound`` is a proven upper limit of RP, inf where none was sought;
    ``frontier``: weight of the tail to the position of the best design."""

    case: CaseName
    method: Method
    futures: tuple[Future, ...]
    tried: tuple[TriedDesign, ...]
    wait_and_see: float
    wait_and_see_bound: float
    recourse_bound: float
    frontier: tuple[tuple[float, int], ...]
    tail: float
    samples: int
    seed: int
    demand_cv: float
    correlation: float
    currency: str
    size: float
    is_complete: bool

    @property
    def best(self) -> TriedDesign:
        """The design with the highest expected worth."""
        return self.tried[self.frontier[0][1]]

    @property
    def mean_design(self) -> TriedDesign:
        """The design made for the mean future."""
        return next(row for row in self.tried if row.name == "mean_future")

    @property
    def recourse(self) -> float:
        """RP: expected worth of the best design found."""
        return self.best.mean

    @property
    def vss(self) -> float:
        """Value of the stochastic solution: RP − EEV."""
        return self.recourse - self.mean_design.mean

    @property
    def evpi(self) -> float:
        """Expected value of perfect information: WS − RP."""
        return self.wait_and_see - self.recourse

    def tables(self) -> dict[str, Table]:
        """``two_stage``: one row for each figure. ``futures``, ``designs``, ``frontier``: one row for each."""
        return {
            "two_stage": table_of(
                [{"figure": name, "value": value, "meaning": words} for name, value, words in self._figures()]
            ),
            "designs": table_of([self._design_row(row) for row in self.tried]),
            "frontier": table_of(
                [
                    {
                        "weight": weight,
                        "design": self.tried[k].name,
                        "mean": self.tried[k].mean,
                        "tail": self.tried[k].tail(self.tail),
                    }
                    for weight, k in self.frontier
                ]
            ),
            "futures": table_of(
                [
                    {
                        "future": row.name,
                        "world": row.world,
                        "probability": row.probability,
                        "level": row.level,
                        **{design.name: float(design.values[s]) for design in self.tried},
                    }
                    for s, row in enumerate(self.futures)
                ]
            ),
        }

    def _figures(self) -> list[tuple[str, float, str]]:
        mean, low, high = self.best.interval
        finite = self.recourse_bound if np.isfinite(self.recourse_bound) else float("nan")
        return [
            ("recourse", self.recourse, "RP: expected worth of the best design found"),
            ("recourse_bound", finite, "RP is at most this, by proof"),
            ("expected_value", self.mean_design.mean, "EEV: expected worth of the design for the mean future"),
            ("wait_and_see", self.wait_and_see, "WS: expected worth if every future were known before building"),
            ("vss", self.vss, "value of planning for many futures: RP - EEV"),
            ("evpi", self.evpi, "most that knowing the future is worth: WS - RP"),
            ("tail", self.best.tail(self.tail), f"mean of the worst {self.tail:.0%} of futures of that design"),
            ("fresh_mean", mean, "mean worth of that design on fresh samples"),
            ("fresh_low", low, "lower end of its 95 % interval"),
            ("fresh_high", high, "upper end of its 95 % interval"),
        ]

    def _design_row(self, row: TriedDesign) -> dict[str, Any]:
        mean, low, high = row.interval
        return {
            "design": row.name,
            "title": row.title,
            "opens": ", ".join(row.opens),
            "mean": row.mean,
            "tail": row.tail(self.tail),
            "least": float(row.values.min()),
            "most": float(row.values.max()),
            "fresh_mean": mean,
            "fresh_low": low,
            "fresh_high": high,
        }

    def check(self) -> list[Issue]:
        """WS ≥ RP ≥ EEV, tails not above means, probabilities that sum to 1; recomputed from the worth by future."""
        p = np.array([row.probability for row in self.futures])
        slack = TOLERANCE * self.size
        mean_values = float(p @ self.mean_design.values)
        faults = [
            ("probabilities must sum to 1", abs(float(p.sum()) - 1) > 1e-9, f"{p.sum():.9f}"),
            ("WS must not be below RP", self.wait_and_see < self.recourse - slack, f"{self.wait_and_see:.2f}"),
            ("RP must not be below EEV", self.recourse < mean_values - slack, f"{self.recourse:.2f}"),
            (
                "RP must not be above its bound",
                self.recourse > self.recourse_bound + slack,
                f"{self.recourse_bound:.2f}",
            ),
            *(
                ("a tail must not be above its mean", row.tail(self.tail) > row.mean + slack, row.name)
                for row in self.tried
            ),
        ]
        return [
            Issue(
                rule="stress.two_stage",
                severity="error",
                path=self.case,
                message=words,
                found=found,
                cure="Please report this document.",
            )
            for words, is_fault, found in faults
            if is_fault
        ]

    def summary(self) -> str:
        """The figures in some lines."""

        def write(value: float) -> str:
            return short_money(value, self.currency)

        mean, low, high = self.best.interval
        opens = ", ".join(self.best.opens) or "nothing new"
        lines = [
            f"{len(self.futures)} futures; demand varies by {self.demand_cv:.0%}; {METHOD_WORDS[self.method]}.",
            f"Expected worth of the best design for all of them: {write(self.recourse)} ({opens}).",
            f"Planning for many futures instead of the mean one is worth {write(self.vss)} (VSS).",
            f"Knowing which one comes is worth at most {write(self.evpi)} (EVPI).",
            f"In the worst {self.tail:.0%} of futures it is worth {write(self.best.tail(self.tail))} on average.",
        ]
        if np.isfinite(mean):
            lines.append(
                f"On {len(self.best.fresh)} fresh samples: {write(mean)}, 95 % interval {write(low)} to {write(high)}."
            )
        return "\n".join(lines)


METHOD_WORDS: dict[Method, str] = {
    "whole": "solved as one model",
    "sites": "solved as one model of the sites that some future or rival would use, so a lower bound",
    "designs": "best of the rivals' designs, so a lower bound",
}


def absent_reason(comparison: Comparison) -> str:
    """Why there is nothing uncertain."""
    network = comparison.network
    has_world = any(row.probability for row in network.scenarios)
    if has_world or demand_levels(network, 2, seed=0).std() > 0:
        return ""
    return "the document states no uncertainty of demand and no scenario with a probability"


@dataclass(frozen=True, kw_only=True)
class _World:
    name: str
    known: Numbers
    probability: float


def run(comparison: Comparison, settings: Settings, watch: Watch) -> TwoStage:
    """The best design for all futures, its value, and what knowing more is worth."""
    options = settings.options or TwoStageOptions()
    case: CaseName = "best" if "best" in comparison.plans else comparison.recommended
    watch.say("Drawing futures")
    worlds = _worlds(comparison.network, case)
    futures, known = _futures(comparison.network, worlds, options, settings.seed)
    probability = np.array([row.probability for row in futures])
    bench = Bench(gap=settings.gap, time_limit=settings.time_limit, seed=settings.seed)
    size = bench_size(worlds)
    pool, method, ws, limits, rp_bound = _designs(
        comparison, case, known, probability, bench, settings, watch, worlds, options
    )
    pool = _distinct(pool)
    every = [_try(name, title, levels, known, probability, bench) for name, title, levels in pool]
    tried = _different([row for row in every if row is not None])
    values = np.array([row.values for row in tried])
    # Whatever design is best in a future could have been built for it.
    ws_values = np.maximum(ws, values.max(axis=0))
    finite = bool(np.isfinite(limits).all())
    ws_bound = float(probability @ np.maximum(limits, ws_values)) if finite else float("inf")
    frontier = tuple((w, _best(tried, w, options.tail)) for w in options.weights)
    shown = sorted({frontier[0][1], frontier[-1][1], *(k for k, row in enumerate(tried) if row.name == "mean_future")})
    tried = _fresh(comparison.network, worlds, tried, pool, shown, bench, options, settings.seed, watch)
    return TwoStage(
        case=case,
        method=method,
        futures=tuple(futures),
        tried=tuple(tried),
        wait_and_see=float(probability @ ws_values),
        wait_and_see_bound=ws_bound,
        recourse_bound=max(min(rp_bound, ws_bound), tried[frontier[0][1]].mean),
        frontier=frontier,
        tail=options.tail,
        samples=options.samples,
        seed=settings.seed,
        demand_cv=float(_cv(comparison.network, options)),
        correlation=comparison.network.policy.demand_correlation,
        currency=comparison.network.finance.currency,
        size=size,
        is_complete=not is_stopped(watch),
    )


def _cv(network: Network, options: TwoStageOptions) -> float:
    from manyworks.model.stock import weekly_cvs

    return options.demand_cv if options.demand_cv is not None else float(weekly_cvs(network, network.markets).mean())


def bench_size(worlds: Sequence[_World]) -> float:
    """Measure of gaps: that of the first world."""
    from manyworks.plan.search.by_parts import cost_size

    return cost_size(worlds[0].known.instance)


def _worlds(network: Network, case: CaseName) -> list[_World]:
    """The document, and its scenarios with a probability; what they leave is the document's own."""
    rows = [(row.id, row.probability) for row in network.scenarios if row.probability]
    total = sum(p for _, p in rows)
    left = max(1 - total, 0.0)
    found = (
        [_World(name="as stated", known=numbers(network, case), probability=left)] if left > 1e-9 or not rows else []
    )
    found += [
        _World(name=name, known=numbers(apply_scenario(network, name), case), probability=p / max(total, 1.0))
        for name, p in rows
    ]
    return found


def _futures(
    network: Network, worlds: Sequence[_World], options: TwoStageOptions, seed: int
) -> tuple[list[Future], list[Numbers]]:
    """Reduced levels in every world, as many as its probability deserves, at least one."""
    levels = demand_levels(network, options.samples, seed=seed, cv=options.demand_cv)
    futures: list[Future] = []
    known: list[Numbers] = []
    for world in worlds:
        instance = world.known.instance
        revenue = (instance.demand * instance.price[:, :, None]).sum(axis=(1, 2))[: levels.shape[1]]
        weight = revenue if len(revenue) == levels.shape[1] else np.ones(levels.shape[1])
        if options.levels is not None:
            chosen = np.array([[level] * levels.shape[1] for level, _ in options.levels])
            share = np.array([p for _, p in options.levels])
        elif np.allclose(levels, 1.0):
            chosen, share = levels[:1], np.ones(1)
        else:
            chosen, share = reduced(levels, max(1, round(options.futures * world.probability)), weight=weight)
        for k, level in enumerate(chosen):
            mean = float(level @ weight / weight.sum()) if weight.sum() > 0 else 1.0
            futures.append(
                Future(
                    name=f"{world.name}, demand {mean:.0%}",
                    world=world.name,
                    probability=float(world.probability * share[k]),
                    level=mean,
                )
            )
            known.append(_at_level(world.known, level))
    total = sum(row.probability for row in futures)
    return [
        Future(name=row.name, world=row.world, probability=row.probability / total, level=row.level) for row in futures
    ], known


def _at_level(known: Numbers, level: Floats) -> Numbers:
    """Levels (markets,) of the document's demand in every period."""
    return scaled_demand(known, np.tile(level[:, None], (1, len(known.instance.periods))))


Pool = list[tuple[str, str, Levels]]


def _designs(
    comparison: Comparison,
    case: CaseName,
    known: Sequence[Numbers],
    probability: Floats,
    bench: Bench,
    settings: Settings,
    watch: Watch,
    worlds: Sequence[_World],
    options: TwoStageOptions,
) -> tuple[Pool, Method, Floats, Floats, float]:
    """Designs to try, how they were found, the worth and the proven limit of each future known, and a bound of RP."""
    pool: Pool = [
        (name, f"Plan of {CASES[name].title.lower()}", levels) for name, levels in designs(comparison).levels.items()
    ]
    nothing = np.full(len(known), -np.inf), np.full(len(known), np.inf)
    mean = _mean_numbers(known, probability) if len(worlds) == 1 else max(worlds, key=lambda row: row.probability).known
    if known[0].flows > LARGE:
        own = next(levels for name, _, levels in pool if name == case)
        return [*pool, ("mean_future", "Design for the mean future", own)], "designs", *nothing, float("inf")
    mean_solved = bench.solve(mean)
    ws, limits = nothing
    for s, numbers_s in enumerate(known):
        if is_stopped(watch):
            break
        watch.say("Planning for each future", done=s, total=len(known))
        solved = _solved(bench, numbers_s)
        if solved is not None:
            ws[s], limits[s] = solved.npv, solved.bound
            pool.append((f"future_{s + 1}", f"Design for future {s + 1} alone", solved.levels))
    pool.append(("mean_future", "Design for the mean future", mean_solved.levels))
    method, found, bound = _as_one(known, probability, pool, settings, watch, options)
    return [*pool, *found], method, ws, limits, bound


def _as_one(
    known: Sequence[Numbers],
    probability: Floats,
    pool: Pool,
    settings: Settings,
    watch: Watch,
    options: TwoStageOptions,
) -> tuple[Method, Pool, float]:
    """Designs of the one model of all futures, for every weight of the tail while it is small; a bound when whole."""
    if is_stopped(watch):
        return "designs", [], float("inf")
    models = [build(numbers_s) for numbers_s in known]
    method: Method = "whole"
    if sum(model.linear.column_count for model in models) > WHOLE_COLUMNS:
        used = frozenset(key[0] for _, _, levels in pool for key, row in levels["open"].items() if row.any())
        models, method = [build(numbers_s, keep=used) for numbers_s in known], "sites"
        if sum(model.linear.column_count for model in models) > 3 * WHOLE_COLUMNS:
            return "designs", [], float("inf")
    size = float(np.mean([_size(numbers_s) for numbers_s in known]))
    found: Pool = []
    bound = float("inf")
    weights = options.weights if method == "whole" else (0.0,)
    for weight in weights:
        if is_stopped(watch):
            break
        watch.say(f"One design for all futures, weight {weight:g} on the worst ones")
        joined = join(models, probability, weight=weight, tail=options.tail)
        answer = solve_joined(
            joined, gap=settings.gap * size, time_limit=settings.time_limit or JOINED_SECONDS, seed=settings.seed
        )
        if weight == 0 and method == "whole":
            bound = answer.bound * joined.scale + joined.linear.constant
        if answer.x is not None:
            levels = read_levels(models[0], joined.x_of(0, answer.x))
            found.append((f"all_futures_{weight:g}", f"Best for all futures, weight {weight:g} on the worst", levels))
    return method, found, bound


JOINED_SECONDS = 120.0
"""Wall seconds of the one model of all futures when no limit is stated."""


def _size(known: Numbers) -> float:
    from manyworks.plan.search.by_parts import cost_size

    return cost_size(known.instance)


def _solved(bench: Bench, known: Numbers) -> Solved | None:
    try:
        answer = bench.solve(known)
    except (InfeasibleError, SolverError):
        return None
    return answer if answer.x is not None else None


def _mean_numbers(known: Sequence[Numbers], probability: Floats) -> Numbers:
    """The future in which every market has its mean demand."""
    demand = sum(p * row.instance.demand for p, row in zip(probability, known, strict=True))
    first = known[0].instance.demand
    wide = np.where(first > 0, demand / np.where(first > 0, first, 1.0), 1.0).max(axis=1)
    return scaled_demand(known[0], np.asarray(wide)[: known[0].instance.own_markets])


def _distinct(pool: Pool) -> Pool:
    """Each design once; the design for the mean future is kept whatever it equals."""
    seen: set[tuple[object, ...]] = set()
    found: Pool = []
    for name, title, levels in pool:
        key = tuple(
            (block, *name_, row.tobytes())
            for block in ("open", "added", "used")
            for name_, row in sorted(levels.get(block, {}).items(), key=lambda item: str(item[0]))
            if row.any()
        )
        if name == "mean_future" or key not in seen:
            found.append((name, title, levels))
        if name != "mean_future":
            seen.add(key)
    return found


def _different(tried: Sequence[TriedDesign]) -> list[TriedDesign]:
    """Designs whose worth differs in some future; of equal ones the first, and the one for the mean future always."""
    found: list[TriedDesign] = []
    for row in tried:
        known = [other.values for other in found if other.name != "mean_future"]
        if row.name == "mean_future" or not any(np.allclose(row.values, values, rtol=1e-9) for values in known):
            found.append(row)
    return found


def _try(
    name: str, title: str, levels: Levels, known: Sequence[Numbers], probability: Floats, bench: Bench
) -> TriedDesign | None:
    """Worth of a design in every future; None where it cannot stand in one of them."""
    values = np.array([_held(bench, row, levels) for row in known])
    if not np.isfinite(values).all():
        return None
    opens = tuple(sorted({key[0] for key, row in levels["open"].items() if key[2] and np.nan_to_num(row).any()}))
    return TriedDesign(name=name, title=title, opens=opens, values=values, fresh=np.zeros(0), probability=probability)


def _held(bench: Bench, known: Numbers, levels: Levels) -> float:
    try:
        return bench.hold(known, levels).npv
    except (InfeasibleError, SolverError):
        return -np.inf


def _best(tried: Sequence[TriedDesign], weight: float, tail: float) -> int:
    """Position of the design with the greatest mix of mean and tail; of equal ones the better mean, then the first."""
    scores = [(1 - weight) * row.mean + weight * row.tail(tail) for row in tried]
    top = max(scores)
    slack = 1e-9 * max(abs(score) for score in scores)
    equal = [k for k, score in enumerate(scores) if score >= top - slack]
    return max(equal, key=lambda k: (tried[k].mean, -k))


def _fresh(
    network: Network,
    worlds: Sequence[_World],
    tried: list[TriedDesign],
    pool: Pool,
    shown: Sequence[int],
    bench: Bench,
    options: TwoStageOptions,
    seed: int,
    watch: Watch,
) -> list[TriedDesign]:
    """The designs ``shown`` on new samples, all on the same ones."""
    levels_of = {name: levels for name, _, levels in pool}
    draws = demand_levels(network, options.fresh, seed=seed + 1, cv=options.demand_cv)
    stream = np.random.Generator(np.random.Philox(seed + 2))
    if options.levels is not None:
        share = np.array([p for _, p in options.levels])
        picked = stream.choice(len(share), size=options.fresh, p=share / share.sum())
        draws = np.array([[options.levels[k][0]] * draws.shape[1] for k in picked])
    which = stream.choice(len(worlds), size=options.fresh, p=_shares(worlds))
    values: dict[int, list[float]] = {k: [] for k in shown}
    for n, level in enumerate(draws):
        if is_stopped(watch):
            break
        watch.say("Trying the designs on fresh samples", done=n, total=len(draws))
        known = _at_level(worlds[int(which[n])].known, level)
        for k in shown:
            values[k].append(_held(bench, known, levels_of[tried[k].name]))
    return [
        TriedDesign(
            name=row.name,
            title=row.title,
            opens=row.opens,
            values=row.values,
            probability=row.probability,
            fresh=np.array([v for v in values.get(k, []) if np.isfinite(v)]),
        )
        for k, row in enumerate(tried)
    ]


def _shares(worlds: Sequence[_World]) -> Floats:
    shares = np.array([world.probability for world in worlds])
    return np.asarray(shares / shares.sum())
