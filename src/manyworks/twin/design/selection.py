"""Choose the best of several noisy candidates with a stated probability of being right.

The candidates are sampled under common random numbers: replication r of every candidate meets the same luck, so their
differences vary less than they do, and the procedures below are those that stay valid under that correlation.

`select_best` is the fully sequential procedure of Kim and Nelson (2001), ACM TOMACS 11(3), doi:10.1145/502109.502111,
with constant c = 1. `first_to_reach` tests a limit in the same way, after Andradottir and Kim (2010), Naval Research
Logistics 57(5), doi:10.1002/nav.20408. `screen` keeps every candidate that may be the best, the first stage of Nelson,
Swann, Goldsman and Song (2001), doi:10.1287/opre.49.6.950.10019, with variances of paired differences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import UsageError

Values = NDArray[np.float64]
Sampler = Callable[[int, range], Values]
"""Values of one candidate, by position, in these replications, shape (replications,). More is better. A replication
of two candidates shares its random numbers; asked again it gives the same value."""

BATCH = 8
"""Replications that are drawn at a time; the decision still falls after each."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What was chosen and how sure that is.

    With probability of at least ``confidence``, ``best`` is the best candidate, if its mean lies at least
    ``indifference`` above every other; else it is within ``indifference`` of the best. ``means`` and
    ``replications`` by candidate, shape (candidates,); ``alive`` candidates were in play to the end. ``asked`` is the
    indifference that was asked for: the replications allowed may have sufficed for a wider one only.
    """

    best: int
    confidence: float
    indifference: float
    asked: float
    means: Values
    replications: NDArray[np.int64]
    alive: tuple[int, ...]

    @property
    def is_as_asked(self) -> bool:
        """Whether the promise holds for the indifference that was asked for."""
        return self.indifference <= self.asked

    @property
    def spent(self) -> int:
        """Replications over all candidates."""
        return int(self.replications.sum())


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    """Which candidate, in the order given, is the first to reach a limit.

    With probability of at least ``confidence`` the chosen one's mean is above ``limit``, and no earlier one's reaches
    ``limit`` + ``tolerance``. ``reaches`` by candidate: None where it was not tested. ``chosen`` None: none reaches it.
    """

    chosen: int | None
    confidence: float
    limit: float
    tolerance: float
    reaches: tuple[bool | None, ...]
    means: Values
    replications: NDArray[np.int64]


def select_best(
    sample: Sampler,
    candidates: int,
    *,
    indifference: float,
    confidence: float = 0.95,
    first: int = 20,
    most: int | None = None,
) -> Selection:
    """Sample until one candidate is left, or no other can be better by ``indifference``.

    Parameters
    ----------
    indifference
        Smallest difference of means worth finding, > 0, in the unit of the values.
    first
        Replications of every candidate from which the variances of the differences are estimated, >= 2.
    most
        Replications of one candidate at most. Where they are too few, the indifference is widened after the first
        stage until they suffice: the error of the procedure depends on the variances of that stage alone, which are
        independent of the means, so its promise holds for the wider zone.

    Raises
    ------
    UsageError
        A number is out of its range.
    """
    _require(candidates, indifference, confidence, first, most)
    pool = _Pool(sample, candidates)
    if candidates == 1:
        return _selected(pool, [0], confidence, indifference, indifference, first)
    values = np.stack([pool.upto(i, first) for i in range(candidates)])
    variances = difference_variances(values)
    scale = spread(1 - confidence, candidates - 1, first)
    zone = indifference
    if most is not None:
        zone = max(zone, float(np.sqrt(scale * variances.max() / most)))
    last = int(np.floor(scale * variances.max() / zone**2))
    alive = list(range(candidates))
    step = first
    while True:
        alive = _surviving(pool, alive, step, scale * variances, zone)
        if len(alive) == 1 or step > last:
            return _selected(pool, alive, confidence, zone, indifference, step)
        step += 1


def _surviving(pool: _Pool, alive: Sequence[int], step: int, reach: Values, zone: float) -> list[int]:
    """Candidates that no other beats by more than the width of the continuation region after ``step`` replications."""
    sums = np.array([pool.total(i, step) for i in alive])
    widths = np.maximum(0.0, reach[np.ix_(alive, alive)] / (2 * zone) - zone * step / 2)
    beaten = sums[:, None] < sums[None, :] - widths
    return [i for i, row in zip(alive, beaten, strict=True) if not row.any()]


def first_to_reach(
    sample: Sampler,
    candidates: int,
    limit: float,
    *,
    tolerance: float,
    confidence: float = 0.95,
    first: int = 20,
    most: int | None = None,
) -> Verdicts:
    """Go through candidates in order, cheapest first, to the first whose mean is above ``limit``.

    Each is tested against the middle of ``limit`` and ``limit`` + ``tolerance``, an error being shared out equally over
    all candidates (Bonferroni). ``most`` as in `select_best`: it may widen the tolerance, upwards.
    """
    _require(candidates, tolerance, confidence, first, most)
    pool = _Pool(sample, candidates)
    scale = spread(1 - confidence, candidates, first)
    reaches: list[bool | None] = [None] * candidates
    widest, chosen = tolerance, None
    for i in range(candidates):
        reaches[i], width = _reaches(pool, i, limit, tolerance, scale, first, most)
        widest = max(widest, width)
        if reaches[i]:
            chosen = i
            break
    return Verdicts(
        chosen=chosen,
        confidence=confidence,
        limit=limit,
        tolerance=widest,
        reaches=tuple(reaches),
        means=pool.means(),
        replications=pool.counts(),
    )


def _reaches(
    pool: _Pool, i: int, limit: float, tolerance: float, scale: float, first: int, most: int | None
) -> tuple[bool, float]:
    """Whether the mean is above the middle of the zone, and how wide the zone had to be."""
    reach = scale * float(np.var(pool.upto(i, first), ddof=1))
    half = tolerance / 2
    if most is not None:
        half = max(half, float(np.sqrt(reach / most)))
    step = first
    while True:
        above = pool.total(i, step) - step * (limit + half)
        if abs(above) >= max(0.0, reach / (2 * half) - half * step / 2):
            return above > 0, 2 * half
        step += 1


def screen(values: Values, *, confidence: float = 0.95, indifference: float = 0.0) -> list[int]:
    """Candidates that may be the best, from the same replications of all, shape (candidates, replications).

    With probability of at least ``confidence`` the best is among them; with an ``indifference`` > 0 this holds for a
    best that lies so far above all others, and more is dropped.
    """
    count, replications = values.shape
    if count == 1:
        return [0]
    means = values.mean(axis=1)
    quantile = student((1 - confidence) / (count - 1), replications - 1)
    widths = quantile * np.sqrt(difference_variances(values) / replications)
    beaten = means[:, None] < means[None, :] - np.maximum(0.0, widths - indifference)
    return [i for i in range(count) if not beaten[i].any()]


def spread(error: float, comparisons: int, first: int) -> float:
    """The factor h^2 of the continuation region, for an ``error`` shared by so many comparisons."""
    eta = 0.5 * ((2 * error / comparisons) ** (-2 / (first - 1)) - 1)
    return float(2 * eta * (first - 1))


def difference_variances(values: Values) -> Values:
    """Sample variances of all paired differences, shape (candidates, candidates)."""
    covariance = np.atleast_2d(np.cov(values))
    own = np.diag(covariance)
    variances: Values = np.maximum(0.0, own[:, None] + own[None, :] - 2 * covariance)
    return variances


def student(error: float, freedom: int) -> float:
    """Student's t that is exceeded with probability ``error``."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 1 - error))


class _Pool:
    """Values drawn so far; each candidate's next batch is drawn when it is needed."""

    def __init__(self, sample: Sampler, candidates: int) -> None:
        self._sample = sample
        self._sums: list[Values] = [np.zeros(1) for _ in range(candidates)]
        self._used = np.zeros(candidates, dtype=np.int64)

    def total(self, i: int, step: int) -> float:
        """Sum of the first ``step`` values of a candidate."""
        self._used[i] = max(self._used[i], step)
        missing = step - (len(self._sums[i]) - 1)
        if missing > 0:
            known = self._sums[i]
            new = self._sample(i, range(len(known) - 1, len(known) - 1 + max(missing, BATCH)))
            self._sums[i] = np.concatenate([known, known[-1] + np.cumsum(new)])
        return float(self._sums[i][step])

    def upto(self, i: int, step: int) -> Values:
        """The first ``step`` values."""
        self.total(i, step)
        return np.diff(self._sums[i][: step + 1])

    def means(self) -> Values:
        """Mean of the values that were used; not a number where none was."""
        totals = np.array([sums[used] for sums, used in zip(self._sums, self._used, strict=True)])
        with np.errstate(invalid="ignore"):
            return totals / self._used

    def counts(self) -> NDArray[np.int64]:
        """Replications that were used."""
        return self._used.copy()


def _selected(pool: _Pool, alive: Sequence[int], confidence: float, zone: float, asked: float, step: int) -> Selection:
    best = max(alive, key=lambda i: pool.total(i, step))
    return Selection(
        best=best,
        confidence=confidence,
        indifference=zone,
        asked=asked,
        means=pool.means(),
        replications=pool.counts(),
        alive=tuple(alive),
    )


def _require(candidates: int, zone: float, confidence: float, first: int, most: int | None) -> None:
    """Refuse numbers out of their range, all at once."""
    faults = [
        f"{name} must be {rule}, found {found}"
        for name, rule, found, is_right in (
            ("candidates", ">= 1", candidates, candidates >= 1),
            ("indifference", "> 0", zone, zone > 0),
            ("confidence", "from 0.5 to below 1", confidence, 0.5 <= confidence < 1),
            ("first", ">= 2", first, first >= 2),
            ("most", ">= first", most, most is None or most >= first),
        )
        if not is_right
    ]
    if faults:
        raise UsageError("; ".join(faults), where="selection")
