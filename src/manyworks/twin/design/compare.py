"""Lines side by side under the same luck: what each makes, how they differ, and which is the best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import UsageError
from manyworks.twin.design.bound import RateBound, rate_bound
from manyworks.twin.design.intervals import is_sure, mean_interval
from manyworks.twin.design.rates import Observer, Rates, observe, watch_for
from manyworks.twin.design.selection import Selection, select_best
from manyworks.twin.intervals import Interval
from manyworks.twin.program import LineProgram

RUNS = 40
"""Replications of every line for its intervals."""
ZONE = 0.005
"""Share of the best rate below which a difference is not worth finding."""


@dataclass(frozen=True, kw_only=True)
class ComparedLine:
    """One line: good units per open minute, and how many more than the line compared with, paired."""

    name: str
    rate: Interval
    difference: Interval | None
    bound: RateBound

    @property
    def verdict(self) -> str:
        """better, worse or not told apart; the line compared with is the base."""
        if self.difference is None:
            return "base"
        if not is_sure(self.difference):
            return "not told apart"
        return "better" if self.difference.mean > 0 else "worse"


@dataclass(frozen=True, kw_only=True)
class LineComparison:
    """All lines; intervals of all differences hold together with ``confidence``.

    ``best`` position of the best line by a selection of its own, with the promise of ``selection``. ``saving``: how
    many times more replications independent luck would have needed for the same intervals (median over differences).
    """

    lines: tuple[ComparedLine, ...]
    base: int
    selection: Selection
    runs: int
    saving: float
    confidence: float
    seed: int

    @property
    def best(self) -> ComparedLine:
        """The line that was selected."""
        return self.lines[self.selection.best]

    def summary(self) -> str:
        """The comparison in words."""
        from manyworks.twin.design.words import comparison_words

        return comparison_words(self)


def compare_lines(
    programs: Mapping[str, LineProgram],
    *,
    base: str | None = None,
    runs: int = RUNS,
    confidence: float = 0.95,
    indifference: float = ZONE,
    seed: int = 0,
    observer: Observer = observe,
) -> LineComparison:
    """Compare lines, by name, with a base (None: the first), and select the best.

    Parameters
    ----------
    runs
        Replications of every line behind the intervals.
    confidence
        With which the intervals of all differences hold together (Bonferroni), and with which the best is selected.
    indifference
        Share of the best rate below which a difference is not worth finding.

    Raises
    ------
    UsageError
        Fewer than two lines, or no such base.
    """
    names = list(programs)
    if len(names) < 2 or (base is not None and base not in names):
        raise UsageError("needs two lines or more, the base one of them", where="compare_lines", found=names)
    at = names.index(base) if base is not None else 0
    watch = watch_for(list(programs.values()))
    values = _values(programs, Rates(seed=seed, watch=watch, observer=observer), runs)
    fresh = Rates(seed=seed + 1, watch=watch, observer=observer)
    for program in programs.values():
        fresh.add(program)
    chosen = select_best(
        fresh, len(names), indifference=indifference * float(values.mean(axis=1).max()), confidence=confidence,
        most=20 * runs,
    )  # fmt: skip
    others = len(names) - 1
    lines = tuple(
        ComparedLine(
            name=name,
            rate=mean_interval(values[i], confidence),
            difference=None if i == at else mean_interval(values[i] - values[at], confidence, others),
            bound=rate_bound(programs[name]),
        )
        for i, name in enumerate(names)
    )
    return LineComparison(
        lines=lines, base=at, selection=chosen, runs=runs, saving=_saving(values, at), confidence=confidence, seed=seed
    )


def _values(programs: Mapping[str, LineProgram], rates: Rates, runs: int) -> NDArray[np.float64]:
    return np.stack([rates(rates.add(program), range(runs)) for program in programs.values()])


def _saving(values: NDArray[np.float64], base: int) -> float:
    """Variance of differences under luck of their own over that of the paired ones."""
    own = values.var(axis=1, ddof=1)
    pairs = (values - values[base]).var(axis=1, ddof=1)
    ratios = [(own[i] + own[base]) / pairs[i] for i in range(len(values)) if i != base and pairs[i] > 0]
    return float(np.median(ratios)) if ratios else float("inf")
