"""All rivals of a changed network: planned anew, and with the designs that they have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from manyworks.errors import InfeasibleError, SolverError
from manyworks.model.network import Network
from manyworks.plan.case import CASES, CaseName
from manyworks.plan.equations.options import Option
from manyworks.plan.rivals.compare import CONTAINS, Comparison
from manyworks.plan.rivals.recommendation import SAME
from manyworks.plan.stress.at_design import design_of
from manyworks.plan.stress.bench import (
    LARGE,
    Bench,
    Levels,
    Numbers,
    Solved,
    block_keys,
    numbers,
)


@dataclass(frozen=True, kw_only=True)
class Point:
    """The rivals at one point of the world, each solved; those without a plan are left out.

    ``winner`` is the rival of the highest npv, of equal ones the one with the least freedom. ``is_open``: another
    answer's bound reaches it, so that it is too close to call.
    """

    rivals: Mapping[CaseName, Solved]

    @property
    def size(self) -> float:
        """Measure of gaps: half the present value of all revenue."""
        return max((row.size for row in self.rivals.values()), default=0.0)

    @property
    def winner(self) -> CaseName | None:
        """The rival to choose here; None where there is no plan."""
        if not self.rivals:
            return None
        top = max(row.npv for row in self.rivals.values())
        return next(name for name in CASES if name in self.rivals and self.rivals[name].npv >= top - SAME * self.size)

    @property
    def npv(self) -> float:
        """Worth of the winner."""
        winner = self.winner
        return float("nan") if winner is None else self.rivals[winner].npv

    @property
    def gap(self) -> float:
        """The widest proven gap of all rivals, as a share of ``size``; inf where a bound was not sought."""
        return max((row.gap for row in self.rivals.values()), default=0.0)

    @property
    def is_open(self) -> bool:
        """Whether the bound of another answer reaches the winner."""
        winner = self.winner
        if winner is None:
            return False
        top = self.rivals[winner].npv + SAME * self.size
        return any(
            row.bound > top and abs(row.npv - self.rivals[winner].npv) > SAME * self.size
            for name, row in self.rivals.items()
            if name not in (winner, "best")
        )

    def lead(self, case: CaseName) -> float | None:
        """Npv of ``case`` less that of the best other answer; None where there is none. The mix of all is no other."""
        mine = self.rivals.get(case)
        if mine is None:
            return None
        others = [
            row.npv
            for name, row in self.rivals.items()
            if name not in (case, "best") and abs(row.npv - mine.npv) > SAME * self.size
        ]
        if not others:
            winner = self.winner
            return None if winner in (None, case) else min(mine.npv - self.npv, 0.0)
        return mine.npv - max(others)


@dataclass(frozen=True, kw_only=True)
class Designs:
    """The designs of finished plans, by rival, and how to find better ones."""

    comparison: Comparison
    levels: Mapping[CaseName, Levels]

    def held(self, bench: Bench, network: Network, late: int = 0) -> dict[CaseName, Solved]:
        """Every rival with its own sites and lines in a changed network, ``late`` quarters later where it builds."""
        found = {}
        for name, levels in self.levels.items():
            known = numbers(network, name)
            answer = _hold(bench, known, shifted(known, levels, late) if late else levels)
            if answer is not None:
                found[name] = answer.light()
        return found

    def anew(
        self, bench: Bench, network: Network, late: int = 0, held: Mapping[CaseName, Solved] | None = None
    ) -> Point:
        """Every rival planned anew, the widest first. Networks too large to be solved whole many times choose the best
        of the designs that a rival may have instead, as they are ``held``; then there is no bound."""
        found: dict[CaseName, Solved] = {}
        wide: Solved | None = None
        order = sorted(self.levels, key=lambda name: (-len(CONTAINS.get(name, ())), list(CASES).index(name)))
        if any(numbers(network, name).flows > LARGE for name in order[:1]):
            return self._chosen(self.held(bench, network, late) if held is None else held)
        for name in order:
            known = numbers(network, name)
            contains = wide if wide is not None and name in CONTAINS.get(wide.case, ()) else None
            answer = _solve(bench, known, self.levels[name], contains)
            if answer is not None:
                found[name] = answer.light()
                if wide is None and answer.x is not None:
                    wide = answer
        return Point(rivals={name: found[name] for name in CASES if name in found})

    def _chosen(self, held: Mapping[CaseName, Solved]) -> Point:
        """A rival may have its own design and those of the rivals that it contains."""
        rivals = {}
        for name in CASES:
            mine = [held[other] for other in (name, *CONTAINS.get(name, ())) if other in held and name in self.levels]
            if mine:
                best = max(mine, key=lambda answer: answer.npv)
                rivals[name] = replace(best.unproven(), case=name)
        return Point(rivals=rivals)


def designs(comparison: Comparison) -> Designs:
    """The designs of all plans of a comparison."""
    levels = {}
    for name, plan in comparison.plans.items():
        instance = numbers(comparison.network, name).instance
        design = design_of(instance, plan)
        keys = {block: block_keys(instance, block) or [] for block in ("open", "added", "upgraded")}
        rented = np.array([not _is_site(option) for option in instance.options], dtype=bool)
        opened, added = design.opened.copy(), design.added.copy()
        opened[rented] = np.nan  # What is rented by contract is chosen anew with the flows.
        added[rented[instance.option_of]] = np.nan
        levels[name] = {
            "open": dict(zip(keys["open"], opened, strict=True)),
            "added": dict(zip(keys["added"], added, strict=True)),
            "upgraded": dict(zip(keys["upgraded"], design.upgraded, strict=True)),
        }
    return Designs(comparison=comparison, levels=levels)


def _is_site(option: Option) -> bool:
    """Whether it is a place of our own, not one that is rented by contract."""
    return option.packer is None


def shifted(known: Numbers, levels: Levels, quarters: int) -> Levels:
    """New sites and their lines ``quarters`` later."""
    periods = known.instance.periods
    begins = [period.first_quarter for period in periods]
    source = [max((s for s, b in enumerate(begins) if b <= begin - quarters), default=-1) for begin in begins]

    def moved(row: object) -> object:
        return [row[s] if s >= 0 else 0.0 for s in source]  # type: ignore[index]

    return {
        block: {key: np.asarray(moved(row)) if len(key) > 2 and key[2] else row for key, row in rows.items()}
        for block, rows in levels.items()
    }


def _hold(bench: Bench, known: Numbers, levels: Levels) -> Solved | None:
    try:
        answer = bench.hold(known, levels)
    except (InfeasibleError, SolverError):
        return None
    return answer if answer.x is not None else None


def _solve(bench: Bench, known: Numbers, start: Levels, wide: Solved | None) -> Solved | None:
    try:
        answer = bench.solve(known, start=start, wide=wide)
    except (InfeasibleError, SolverError):
        return None
    return answer if answer.x is not None else None
