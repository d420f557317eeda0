"""Is this worth a closer look? Fifteen answers, a solved network, and the range over which its answer holds.

In: answers. Out: a ``Screening``: the verdict, how often it held at the ends of what is uncertain, the inputs that move
it most, and what would flip it. No formula decides: every figure comes from solving a whole document.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from manyworks.model.network import Network
from manyworks.plan.case import CaseName
from manyworks.plan.design import design_network
from manyworks.plan.result import NetworkPlan
from manyworks.plan.rivals.solve_cases import Outcome, at_least_each
from manyworks.studies.screen.answers import Answers
from manyworks.studies.screen.assumptions import assumed_values
from manyworks.studies.screen.draft import draft_network
from manyworks.studies.screen.factors import Factor, design, uncertain_factors
from manyworks.studies.screen.verdict import Verdict, verdict

GAP = 0.005
TIME_LIMIT = 10.0
"""Seconds for one plan of the range; a plan that needs more is taken as it then is, with its gap."""
SHOWN = 3
"""So many inputs are named as those that matter most."""
STEPS = 4
"""Halvings of the way to a flip."""
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Run:
    """One corner of the range: ``values`` by key of the factor; ``gain`` money of the best plan over the best one
    without micro-factories; ``score`` of micro-factories alone over it, which may be negative."""

    values: dict[str, float]
    verdict: Verdict
    gain: float
    score: float


@dataclass(frozen=True, kw_only=True)
class Effect:
    """How far the score moves when one factor goes from its low to its high end, the others anywhere, in money."""

    factor: Factor
    money: float


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Where the verdict flips when one factor alone is moved; ``value`` is None where it never does in its range."""

    factor: Factor
    value: float | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, kw_only=True)
class Screening:
    """Result of ``screen``."""

    answers: Answers
    network: Network
    plans: dict[CaseName, NetworkPlan]
    verdict: Verdict
    runs: tuple[Run, ...]
    effects: tuple[Effect, ...]
    turns: tuple[Turn, ...]
    seed: int
    seconds: float

    @property
    def gain(self) -> float:
        """What the best plan is worth more than doing nothing, present value."""
        return self.plans["best"].npv - self.plans["do_nothing"].npv

    @property
    def held(self) -> int:
        """Runs of the range with the same verdict."""
        return sum(run.verdict == self.verdict for run in self.runs)

    @property
    def matters_most(self) -> tuple[Effect, ...]:
        """The inputs that move the answer most, the strongest first."""
        return self.effects[:SHOWN]


def screen(answers: Answers, *, seed: int = 0, with_range: bool = True, say: Say | None = None) -> Screening:
    """Solve the network of the answers, its range, and the way to a flip; ``with_range`` false: the answer alone.

    ``seed`` deals the runs of the range and is the solver's. ``say`` hears what is being done.
    """
    started = time.perf_counter()
    tell = say or _nothing
    tell("Solving the network of your answers")
    solver = _Solver(answers=answers, seed=seed)
    network = solver.network({})
    plans = solver.plans(network, ("do_nothing", "central", "distributed", "best"))
    found = verdict(plans["central"], plans["best"], plans["do_nothing"])
    factors = uncertain_factors(answers) if with_range else []
    runs = _range(solver, factors, seed, tell) if factors else []
    effects = _effects(factors, runs, seed)
    turns = []
    for effect in effects[:SHOWN]:
        tell(f"Looking for what would flip it: {effect.factor.words.lower()}")
        turns.append(_turn(solver, effect.factor, found))
    return Screening(
        answers=answers,
        network=network,
        plans=plans,
        verdict=found,
        runs=tuple(runs),
        effects=tuple(effects),
        turns=tuple(turns),
        seed=seed,
        seconds=time.perf_counter() - started,
    )


def _nothing(words: str) -> None:
    """Nobody listens to ``words``."""
    del words


@dataclass(frozen=True, kw_only=True)
class _Solver:
    answers: Answers
    seed: int

    def network(self, moved: dict[str, float]) -> Network:
        """The draft with some inputs moved."""
        assumed = assumed_values()
        answers = self.answers | {key: value for key, value in moved.items() if key in self.answers}
        return draft_network(answers, assumed | {key: value for key, value in moved.items() if key in assumed})

    def plans(self, network: Network, cases: Sequence[CaseName]) -> dict[CaseName, NetworkPlan]:
        """One plan a case; the best of all is never less than the others."""
        found: dict[CaseName, Outcome] = {
            case: design_network(network, case=case, gap=GAP, time_limit=TIME_LIMIT, seed=self.seed) for case in cases
        }
        return {case: plan for case, plan in at_least_each(found, GAP).items() if isinstance(plan, NetworkPlan)}

    def verdict(self, moved: dict[str, float]) -> Verdict:
        plans = self.plans(self.network(moved), ("central", "best"))
        return verdict(plans["central"], plans["best"])


def _range(solver: _Solver, factors: list[Factor], seed: int, tell: Say) -> list[Run]:
    runs = []
    corners = design(len(factors), seed)
    for number, signs in enumerate(corners, start=1):
        tell(f"Solving the range: {number} of {len(corners)}")
        values = {row.key: row.high if sign > 0 else row.low for row, sign in zip(factors, signs, strict=True)}
        plans = solver.plans(solver.network(values), ("central", "distributed", "best"))
        central, best = plans["central"], plans["best"]
        runs.append(
            Run(
                values=values,
                verdict=verdict(central, best),
                gain=best.npv - central.npv,
                score=plans["distributed"].npv - central.npv,
            )
        )
    return runs


def _effects(factors: list[Factor], runs: list[Run], seed: int) -> list[Effect]:
    """Mean score at the high end less that at the low end, the strongest first."""
    if not factors:
        return []
    signs, scores = design(len(factors), seed), np.array([run.score for run in runs])
    money = 2 * (signs * scores[:, None]).mean(axis=0)
    found = [Effect(factor=row, money=float(value)) for row, value in zip(factors, money, strict=True)]
    return sorted(found, key=lambda effect: -abs(effect.money))


def _turn(solver: _Solver, factor: Factor, now: Verdict) -> Turn:
    """The nearer of the two flips up and down; nearness counts in steps of the factor's own scale."""
    turns = [turn for end in (factor.least, factor.most) if (turn := _towards(solver, factor, end, now)) is not None]
    return min(turns, key=lambda turn: abs(_scaled(factor, turn.value or 0.0)), default=Turn(factor=factor))


def _towards(solver: _Solver, factor: Factor, end: float, now: Verdict) -> Turn | None:
    there = solver.verdict({factor.key: end})
    if there == now:
        return None
    same, other = factor.now, end
    for _ in range(STEPS):
        middle = _between(factor, same, other)
        found = solver.verdict({factor.key: middle})
        if found == now:
            same = middle
        else:
            other, there = middle, found
    return Turn(factor=factor, value=_between(factor, same, other), verdict=there)


def _between(factor: Factor, one: float, two: float) -> float:
    return float(np.sqrt(one * two)) if factor.is_ratio else (one + two) / 2


def _scaled(factor: Factor, value: float) -> float:
    if factor.is_ratio:
        return float(np.log(value / factor.now))
    return (value - factor.now) / max(factor.most - factor.least, 1e-12)
