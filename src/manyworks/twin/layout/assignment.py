"""Solving quadratic assignment: several tabu searches at once, and what they found."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from manyworks import __version__
from manyworks.errors import Issue, UsageError
from manyworks.model.table import Table
from manyworks.twin.layout import kernels_tabu
from manyworks.twin.layout.bound import assignment_bound, symmetric_where_possible
from manyworks.twin.layout.problem import AssignmentProblem, Floats, Ints

STARTS = 8
"""Searches that run beside each other; how many threads share them changes nothing."""
WORK = 1.5e9
"""Pairs that all starts together look at when neither a time limit nor steps are stated: some ten seconds."""
ROUNDS = 12
"""Times at which a start that found nothing new begins again."""
CHUNK = 5e6
"""Pairs between two looks at the clock: about a hundredth of a second."""
PATIENCE = 4.0
"""Swaps times n² after which a pair that was left alone is swapped whatever it costs."""
TOLERANCE = 1e-9

Status = Literal["finished", "time_limit", "interrupted"]


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Result of ``solve_assignment``: facility i stands at ``place[i]``.

    ``cost`` in the problem's units; ``bound`` that no assignment can be below (Gilmore and Lawler; loose for large
    problems, so a wide gap says little); ``steps`` swaps of all starts together. The search is a heuristic: only
    ``gap`` = 0 is a proof.
    """

    problem: AssignmentProblem
    place: Ints
    cost: float
    bound: float
    status: Status
    steps: int
    starts: int
    seconds: float
    cpu_seconds: float
    seed: int
    version: str

    @property
    def gap(self) -> float:
        """(cost − bound) / cost."""
        return max(0.0, (self.cost - self.bound) / abs(self.cost)) if self.cost else 0.0

    @property
    def table(self) -> Table:
        """One row for each facility, counted from 1: ``facility, place``."""
        return Table({"facility": np.arange(1, len(self.place) + 1), "place": self.place + 1})

    def to_frame(self) -> Any:
        """The assignment as a pandas DataFrame."""
        return self.table.to_frame()

    def summary(self) -> str:
        """The answer in some lines of text."""
        proof = "proven optimal" if self.gap <= TOLERANCE else f"heuristic; at most {self.gap:.1%} above the best"
        places = " ".join(str(k + 1) for k in self.place)
        return "\n".join(
            [
                f"{self.problem.name}: {self.problem.size} facilities",
                f"  cost    {self.cost:,.6g}; bound {self.bound:,.6g}: {proof}",
                f"  places  {places}",
                f"  search  {self.steps:,} swaps in {self.starts} starts, {self.seconds:.1f} s, {self.status}",
            ]
        )

    def check(self) -> list[Issue]:
        """Every broken rule: each place is taken once, the cost is the cost, the bound is below it."""
        n = self.problem.size
        is_whole = sorted(self.place.tolist()) == list(range(n))
        cost = self.problem.cost(self.place) if is_whole else float("nan")
        slack = TOLERANCE * max(1.0, abs(self.cost))
        rules = [
            ("places", not is_whole, "every place must be taken once"),
            ("cost", is_whole and abs(cost - self.cost) > slack, f"the cost is {cost:.9g}"),
            ("bound", self.bound > self.cost + slack, "the bound is above the cost of an assignment"),
        ]
        return [
            Issue(rule=f"assignment.{name}", severity="error", path=self.problem.name, message=message)
            for name, is_broken, message in rules
            if is_broken
        ]

    def __repr__(self) -> str:
        return f"Assignment({self.problem.name!r}: cost {self.cost:,.6g}, bound {self.bound:,.6g}, {self.status})"


def solve_assignment(
    flow: Floats | AssignmentProblem,
    distance: Floats | None = None,
    *,
    linear: Floats | None = None,
    seed: int = 0,
    time_limit: float | None = None,
    steps: int | None = None,
    starts: int = STARTS,
    threads: int | None = None,
) -> Assignment:
    """The cheapest assignment that the searches find.

    Parameters
    ----------
    flow, distance, linear
        Tables as in ``AssignmentProblem``, or the problem itself as ``flow``.
    time_limit
        Wall seconds; none: until ``steps`` are done.
    steps
        Swaps of each start; none: as many as some ten seconds of one processor allow, however many starts there are.
    starts
        Searches beside each other, >= 1. In each of twelve rounds those that found nothing new begin again: every
        second one anywhere, the others near the best so far.
    threads
        Processors to use; none: all. The same seed gives the same assignment on any number of them, unless a time limit
        or Ctrl-C ends the search.

    Raises
    ------
    UsageError
        A table or an argument is outside its range.
    """
    problem = flow if isinstance(flow, AssignmentProblem) else _problem(flow, distance, linear)
    _refuse(time_limit=time_limit, steps=steps, starts=starts, threads=threads)
    began, cpu = time.perf_counter(), time.process_time()
    deadline = float("inf") if time_limit is None else began + time_limit
    searches = [_Search(problem, seed, number) for number in range(starts)]
    pairs = max(1, problem.size * (problem.size - 1) // 2)
    each = max(ROUNDS, steps if steps is not None else int(WORK / pairs / starts))
    status = _run(searches, max(1, each // ROUNDS), max(1, int(CHUNK / pairs)), deadline, threads)
    best = min(searches, key=lambda one: (one.best_cost, one.number))
    cost = problem.cost(best.best)
    return Assignment(
        problem=problem,
        place=best.best,
        cost=cost,
        bound=min(cost, assignment_bound(problem)),
        status=status,
        steps=sum(one.steps for one in searches),
        starts=starts,
        seconds=time.perf_counter() - began,
        cpu_seconds=time.process_time() - cpu,
        seed=seed,
        version=__version__,
    )


def _problem(flow: Floats, distance: Floats | None, linear: Floats | None) -> AssignmentProblem:
    if distance is None:
        raise UsageError("must be stated beside flow", where="distance", cure="Give the distances between the places.")
    return AssignmentProblem(flow=flow, distance=distance, linear=linear)


def _refuse(**arguments: float | None) -> None:
    for name, value in arguments.items():
        if value is not None and value <= 0:
            raise UsageError("must be > 0", where=name, found=value, cure="Leave it out for the default.")


def _run(searches: list[_Search], round_steps: int, chunk: int, deadline: float, threads: int | None) -> Status:
    """Rounds of the same number of steps for every search, until all are done or the time is over."""
    workers = min(len(searches), threads or len(os.sched_getaffinity(0)))
    with ThreadPoolExecutor(workers) as pool:
        try:
            for number in range(ROUNDS):
                if number:
                    _begin_again(searches)
                if not all(list(pool.map(lambda one: one.run(round_steps, chunk, deadline), searches))):
                    return "time_limit"
        except KeyboardInterrupt:
            for one in searches:
                one.is_stopped = True
            return "interrupted"
    return "finished"


def _begin_again(searches: list[_Search]) -> None:
    """Searches without news in the last round start from elsewhere, every second one near the best."""
    best = min(searches, key=lambda one: (one.best_cost, one.number)).best.copy()
    for one in searches:
        if not one.has_news:
            one.restart(best if one.number % 2 else None)


class _Search:
    """One tabu search: its tables, its random stream and its best."""

    def __init__(self, problem: AssignmentProblem, seed: int, number: int) -> None:
        n = problem.size
        flow, distance = symmetric_where_possible(problem.flow, problem.distance)
        self.number, self.steps, self.has_news, self.is_stopped = number, 0, True, False
        self.is_symmetric = bool((flow == flow.T).all() and (distance == distance.T).all())
        self.flow, self.distance = np.ascontiguousarray(flow), np.ascontiguousarray(distance)
        self.back, self.linear = np.ascontiguousarray(flow.T), problem.linear_cost
        self.is_whole = all(bool((table == np.rint(table)).all()) for table in (2 * flow, 2 * distance, self.linear))
        self.near, self.rear, self.fixed, self.gain, self.until, self.until_t = (np.zeros((n, n)) for _ in range(6))
        self.row, self.other, self.state = np.zeros(n), np.zeros(n), np.zeros(4)
        words = np.random.SeedSequence([seed % 2**64, number]).generate_state(1, np.uint64)
        self.stream = np.array([words[0], 0], dtype=np.uint64)
        self.random = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed % 2**64, number, 1])))
        self.place = self.random.permutation(n).astype(np.int64)
        self.best, self.best_cost = self.place.copy(), float("inf")
        self._begin()

    def run(self, steps: int, chunk: int, deadline: float) -> bool:
        """Do ``steps`` swaps; False if the time was over before."""
        before, left = self.best_cost, steps
        while left > 0 and self.place.size > 1:
            if self.is_stopped or time.perf_counter() > deadline:
                return False
            count = min(chunk, left)
            self._search(count)
            left -= count
            self.steps += count
        self.has_news = self.best_cost < before
        return True

    def restart(self, origin: Ints | None) -> None:
        """Begin again from a random assignment, or from ``origin`` with a third of its facilities shuffled."""
        n = self.place.size
        if origin is None:
            self.place = self.random.permutation(n).astype(np.int64)
        else:
            self.place = origin.copy()
            moved = self.random.permutation(n)[: max(2, n // 3)]
            self.place[moved] = self.place[self.random.permutation(moved)]
        self._begin()

    def _begin(self) -> None:
        n = self.place.size
        self.until[:] = -np.arange(n * n, dtype=np.float64).reshape(n, n)
        self.until_t[:] = self.until.T
        self.state[kernels_tabu.STEP] = 0.0
        self._price()
        self.local = self.place.copy()
        self._keep()

    def _price(self) -> None:
        kernels_tabu.begin(
            self.flow, self.back, self.distance, self.linear, self.place, self.near, self.rear, self.fixed, self.gain,
            self.row, self.state,
        )  # fmt: skip

    def _search(self, count: int) -> None:
        if not self.is_whole:
            # Rounding errors of swaps would add up; the tables are computed anew, the best of before is kept.
            best = self.state[kernels_tabu.BEST]
            self._price()
            self.state[kernels_tabu.BEST] = min(best, self.state[kernels_tabu.COST])
        n = self.place.size
        kernels_tabu.search(
            self.flow, self.back, self.is_symmetric, self.place, self.local, self.near, self.rear, self.fixed,
            self.gain, self.until, self.until_t, self.row, self.other, self.stream, self.state, count,
            PATIENCE * n * n,
        )  # fmt: skip
        self._keep()

    def _keep(self) -> None:
        if self.state[kernels_tabu.BEST] < self.best_cost:
            self.best_cost = float(self.state[kernels_tabu.BEST])
            self.best = self.local.copy()
