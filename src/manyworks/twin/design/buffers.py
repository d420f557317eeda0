"""Where rooms between stations earn the most: the best places for a number of rooms, or the fewest for a rate.

The search moves rooms between places as long as the rate grows, under common random numbers, or without chance where
the exact Markov chain of the line is small enough. What it finds is then compared with the next best allocations by a
selection that keeps a stated probability, on replications that the search has not seen.
Survey: Demir, Tunali and Eliiyi (2014), Journal of Intelligent Manufacturing 25, doi:10.1007/s10845-012-0687-9.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import InfeasibleError, UsageError
from manyworks.twin.design.bound import rate_bound
from manyworks.twin.design.intervals import certain, mean_interval
from manyworks.twin.design.rates import Observer, Rates, observe, watch_for
from manyworks.twin.design.selection import first_to_reach, select_best
from manyworks.twin.intervals import Interval
from manyworks.twin.program import ENDLESS, LineProgram, Place

Rooms = tuple[int, ...]
SEARCH = 12
"""Replications of an allocation during the search."""
FINALISTS = 8
"""Allocations that the search leaves to the selection."""
ZONE = 0.002
"""Share of the rate below which a difference is not worth finding."""


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """Rooms by place, their number, and the rate of the line with them; an exact rate is an interval of no width."""

    rooms: Rooms
    rate: Interval

    @property
    def total(self) -> int:
        """Rooms altogether."""
        return sum(self.rooms)


@dataclass(frozen=True, kw_only=True)
class BufferAllocation:
    """The best found, how sure that is, and what was tried.

    ``places`` names of the places between stations, in the order of ``rooms``. ``method``: exact or simulated.
    ``confidence``: with this probability no allocation of the selection is better by more than ``indifference``
    (units per minute); 1 for exact rates. ``curve``: the best allocation for several totals, rising.
    ``tried`` allocations in all, ``runs`` replications in all; ``bound`` no buffer can lift the rate above it.
    """

    places: tuple[str, ...]
    best: Allocation
    method: str
    confidence: float
    indifference: float
    target: float | None
    curve: tuple[Allocation, ...]
    compared: tuple[Allocation, ...]
    tried: int
    runs: int
    bound: float
    seed: int
    cost_per_room: float = 0.0
    floor_per_room_m2: float = 0.0

    def summary(self) -> str:
        """The allocation in words."""
        from manyworks.twin.design.words import buffer_words

        return buffer_words(self)


def allocate_buffers(
    program: LineProgram,
    *,
    total: int | None = None,
    target_per_min: float | None = None,
    least: int = 0,
    most: int | None = None,
    totals: Sequence[int] = (),
    seed: int = 0,
    confidence: float = 0.95,
    indifference: float = ZONE,
    cost_per_room: float = 0.0,
    floor_per_room_m2: float = 0.0,
    is_exact: bool | None = None,
    observer: Observer = observe,
) -> BufferAllocation:
    """Best rooms for a ``total``, or the fewest rooms that reach ``target_per_min``.

    Parameters
    ----------
    least, most
        Rooms of one place; ``most`` None: no limit.
    totals
        Further totals of the trade-off curve; the one asked for is always on it.
    indifference
        Share of the rate below which a difference is not worth finding.
    is_exact
        Take rates from the Markov chain; None: where it is small enough.

    Raises
    ------
    UsageError
        The numbers fit no line.
    InfeasibleError
        The target cannot be reached with any buffers; the message says what can.
    """
    places = between(program)
    _require(program, places, total, target_per_min, least, most)
    bound = rate_bound(program).rate_per_min
    if target_per_min is not None and target_per_min > bound:
        raise InfeasibleError(
            f"no buffers lift the line to {target_per_min:.6g} units/min: its machines alone allow {bound:.6g}"
        )
    if is_exact is None:
        is_exact = _has_exact(program, places, total)
    judge = Exact(program, places) if is_exact else Simulated(program, places, seed, observer)
    search = Search(judge=judge, places=len(places), least=least, most=most)
    if target_per_min is None:
        answer = _for_total(search, total or 0, confidence, indifference)
    else:
        answer = _for_target(search, target_per_min, confidence, indifference)
    curve = {t: search.best(t) for t in totals if t in search.range_of_totals} | {answer.best.total: answer.best.rooms}
    return BufferAllocation(
        places=tuple(program.places[p].id for p in places),
        best=answer.best,
        method="exact" if judge.is_exact else "simulated",
        confidence=1.0 if judge.is_exact else confidence,
        indifference=answer.zone,
        target=target_per_min,
        curve=tuple(judge.allocation(rooms) for _, rooms in sorted(curve.items())),
        compared=answer.compared,
        tried=len(judge.seen),
        runs=judge.runs,
        bound=bound,
        seed=seed,
        cost_per_room=cost_per_room,
        floor_per_room_m2=floor_per_room_m2,
    )


def between(program: LineProgram) -> list[int]:
    """Places from station to station, whose rooms may be chosen."""
    return [
        p for p, place in enumerate(program.places) if place.source >= 0 and place.target >= 0 and not place.is_rework
    ]


def with_rooms(program: LineProgram, places: Sequence[int], rooms: Sequence[int]) -> LineProgram:
    """The program with other capacities at these places; a conveyor holds the part that it carries."""
    wanted = dict(zip(places, rooms, strict=True))

    def changed(p: int, place: Place) -> Place:
        if p not in wanted:
            return place
        return replace(place, capacity=max(wanted[p], 1 if place.travel_min > 0 else 0))

    return replace(program, places=tuple(changed(p, place) for p, place in enumerate(program.places)))


@dataclass(frozen=True)
class _Answer:
    best: Allocation
    compared: tuple[Allocation, ...]
    zone: float


def _for_total(search: Search, total: int, confidence: float, indifference: float) -> _Answer:
    """The best of a total; simulated finalists are compared anew."""
    judge, best = search.judge, search.best(total)
    same = sorted((r for r in judge.seen if sum(r) == total), key=judge.value, reverse=True)
    if judge.is_exact:
        return _Answer(judge.allocation(best), tuple(map(judge.allocation, same[:FINALISTS])), 0.0)
    finalists = [best, *(rooms for rooms in same if rooms != best)][:FINALISTS]
    fresh = judge.afresh(finalists)
    zone = indifference * judge.value(best)
    chosen = select_best(
        fresh, len(finalists), indifference=zone, confidence=confidence, first=SEARCH, most=40 * SEARCH
    )
    compared = tuple(
        Allocation(rooms=rooms, rate=mean_interval(fresh(i, range(int(n))), confidence))
        for i, (rooms, n) in enumerate(zip(finalists, chosen.replications, strict=True))
    )
    return _Answer(compared[chosen.best], compared, chosen.indifference)


def _for_target(search: Search, target: float, confidence: float, indifference: float) -> _Answer:
    """The fewest rooms whose best allocation reaches the target."""
    judge = search.judge
    total = search.fewest(target)
    if total is None:
        rooms = search.best(search.largest)
        raise InfeasibleError(
            f"no more than {judge.value(rooms):.6g} units/min is reached with {sum(rooms)} rooms, "
            f"{target:.6g} were asked for"
        )
    if judge.is_exact:
        best = judge.allocation(search.best(total))
        fewer = [search.best(t) for t in (total - 1,) if t >= search.smallest]
        return _Answer(best, (best, *map(judge.allocation, fewer)), 0.0)
    window = max(1, round(0.05 * total))
    totals = [t for t in range(total - 2 * window, total + 4 * window + 1, window) if t in search.range_of_totals]
    finalists = [search.best(t) for t in totals]
    fresh = judge.afresh(finalists)
    found = first_to_reach(
        fresh, len(finalists), target, tolerance=indifference * target, confidence=confidence, first=SEARCH,
        most=40 * SEARCH,
    )  # fmt: skip
    compared = tuple(
        Allocation(rooms=rooms, rate=mean_interval(fresh(i, range(int(n))), confidence))
        for i, (rooms, n) in enumerate(zip(finalists, found.replications, strict=True))
        if n
    )
    best = compared[found.chosen] if found.chosen is not None else compared[-1]
    return _Answer(best, compared, found.tolerance)


class Judge:
    """Rates of allocations, exact or simulated in replications that all allocations share."""

    is_exact: bool

    def __init__(self) -> None:
        self.seen: dict[Rooms, float] = {}
        self.runs = 0

    def value(self, rooms: Rooms) -> float:
        """Rate of an allocation, units per minute."""
        if rooms not in self.seen:
            self.seen[rooms] = self._value(rooms)
        return self.seen[rooms]

    def _value(self, rooms: Rooms) -> float:
        raise NotImplementedError

    def allocation(self, rooms: Rooms) -> Allocation:
        """The allocation with its rate."""
        raise NotImplementedError

    def afresh(self, finalists: Sequence[Rooms]) -> Callable[[int, range], NDArray[np.float64]]:
        """A sampler of these allocations on replications of their own."""
        raise NotImplementedError


class Exact(Judge):
    """Rates from the Markov chain."""

    is_exact = True

    def __init__(self, program: LineProgram, places: Sequence[int]) -> None:
        super().__init__()
        self._program, self._places = program, places

    def _value(self, rooms: Rooms) -> float:
        from manyworks.twin.exact.answer import exact_answer

        answer = exact_answer(with_rooms(self._program, self._places, rooms))
        if answer is None:
            raise UsageError("has no exact answer with these rooms", where="is_exact", found=rooms)
        return answer.rate_per_min * self._program.units_per_part

    def allocation(self, rooms: Rooms) -> Allocation:
        return Allocation(rooms=rooms, rate=certain(self.value(rooms)))


class Simulated(Judge):
    """Mean rates of `SEARCH` replications."""

    is_exact = False

    def __init__(self, program: LineProgram, places: Sequence[int], seed: int, observer: Observer) -> None:
        super().__init__()
        self._program, self._places, self._seed, self._observer = program, places, seed, observer
        self._watch = watch_for([program])
        self._rates = Rates(seed=seed, watch=self._watch, observer=observer)
        self._samples: dict[Rooms, NDArray[np.float64]] = {}

    def _value(self, rooms: Rooms) -> float:
        candidate = self._rates.add(with_rooms(self._program, self._places, rooms))
        self._samples[rooms] = self._rates(candidate, range(SEARCH))
        self.runs += SEARCH
        return float(self._samples[rooms].mean())

    def allocation(self, rooms: Rooms) -> Allocation:
        self.value(rooms)
        return Allocation(rooms=rooms, rate=mean_interval(self._samples[rooms], 0.95))

    def afresh(self, finalists: Sequence[Rooms]) -> Callable[[int, range], NDArray[np.float64]]:
        rates = Rates(seed=self._seed + 1, watch=self._watch, observer=self._observer)
        for rooms in finalists:
            rates.add(with_rooms(self._program, self._places, rooms))

        def sample(i: int, replications: range) -> NDArray[np.float64]:
            before = rates.runs
            values = rates(i, replications)
            self.runs += rates.runs - before
            return values

        return sample


def _has_exact(program: LineProgram, places: Sequence[int], total: int | None) -> bool:
    """Whether the chain of the even allocation, which has the most states of all of a total, is small."""
    from manyworks.twin.exact.answer import exact_answer

    each = GUESS if total is None else -(-total // len(places))
    answer = exact_answer(with_rooms(program, places, [each] * len(places)))
    return answer is not None and answer.states is not None and answer.states <= FEW_STATES


GUESS = 4
"""Rooms of a place for which the size of a chain is judged when no total is asked for."""
FEW_STATES = 1_500
"""States of a chain that is solved in a fraction of a second."""


@dataclass
class Search:
    """Moves rooms between places as long as the rate grows; the best of each total is kept."""

    judge: Judge
    places: int
    least: int
    most: int | None

    def __post_init__(self) -> None:
        self._best: dict[int, Rooms] = {}

    @property
    def smallest(self) -> int:
        """Fewest rooms that may be had."""
        return self.least * self.places

    @property
    def largest(self) -> int:
        """Most rooms that are looked at."""
        return (self.most if self.most is not None else LARGEST_PLACE) * self.places

    @property
    def range_of_totals(self) -> range:
        """Totals that fit the limits."""
        return range(self.smallest, self.largest + 1)

    def best(self, total: int) -> Rooms:
        """Best rooms of a total that the search finds, from the best of the nearest total known."""
        if total not in self._best:
            self._best[total] = self._climb(self._start(total))
        return self._best[total]

    def fewest(self, target: float, *, is_scaled: bool = False) -> int | None:
        """Smallest total whose best allocation reaches a rate: doubled until it does, then halved in.

        ``is_scaled`` keeps the proportions of the best that is known, and needs a tenth of the simulations.
        """
        best = self.scaled if is_scaled else self.best
        low, high = self.smallest - 1, max(self.smallest, self.places)
        while self.judge.value(best(high)) < target:
            if high == self.largest:
                return None
            low, high = high, min(2 * high, self.largest)
        while high - low > self.grain(high):
            middle = (low + high) // 2
            if self.judge.value(best(middle)) >= target:
                high = middle
            else:
                low = middle
        return high

    def scaled(self, total: int) -> Rooms:
        """Rooms of a total in the proportions of the best that is known, without a search."""
        return self._best[total] if total in self._best else self._start(total)

    def grain(self, total: int) -> int:
        """Rooms that are worth moving: one, but more where there are many."""
        return max(1, total // (GRAINS * self.places))

    def _start(self, total: int) -> Rooms:
        """Even rooms; or the best of the nearest total, with what is more or less put where it earns the most."""
        if not self._best:
            rest = total - self.smallest
            return tuple(self.least + rest // self.places + (p < rest % self.places) for p in range(self.places))
        nearest = min(self._best, key=lambda known: abs(known - total))
        share = np.array(self._best[nearest], dtype=float) - self.least
        share = share / share.sum() if share.sum() else np.full(self.places, 1 / self.places)
        wanted = self.least + share * (total - self.smallest)
        limit = self.most if self.most is not None else total
        rooms = np.minimum(np.floor(wanted).astype(int), limit)
        order = np.argsort(rooms - wanted, kind="stable")
        while rooms.sum() < total:
            for p in order:
                if rooms.sum() < total and rooms[p] < limit:
                    rooms[p] += 1
        return tuple(int(r) for r in rooms)

    def _climb(self, rooms: Rooms) -> Rooms:
        """Best neighbours in turn, first with large moves, until no small move helps."""
        grain = self.grain(sum(rooms))
        step = max(grain, max(rooms) // 3)
        while True:
            better = self._better(rooms, step)
            if better is not None:
                rooms = better
            elif step > grain:
                step = max(grain, step // 2)
            else:
                return rooms

    def _better(self, rooms: Rooms, step: int) -> Rooms | None:
        """The best of all moves of ``step`` rooms from one place to another, if it is better."""
        moves = [m for m in self._moves(rooms, step) if self.judge.value(m) > self.judge.value(rooms)]
        return max(moves, key=self.judge.value, default=None)

    def _moves(self, rooms: Rooms, step: int) -> list[Rooms]:
        """Every way to move ``step`` rooms; on long lines, where a room is missed least to where it helps most."""
        givers = [p for p in range(self.places) if rooms[p] - step >= self.least]
        takers = [p for p in range(self.places) if self.most is None or rooms[p] + step <= self.most]
        pairs = [(a, b) for a in givers for b in takers if a != b]
        if len(pairs) > MANY_MOVES:
            loss = {a: self.judge.value(_moved(rooms, {a: -step})) for a in givers}
            gain = {b: self.judge.value(_moved(rooms, {b: step})) for b in takers}
            pairs.sort(key=lambda pair: loss[pair[0]] + gain[pair[1]], reverse=True)
            pairs = pairs[:PROMISING]
        return [_moved(rooms, {a: -step, b: step}) for a, b in pairs]


LARGEST_PLACE = 4_000
"""Rooms of one place beyond which nobody looks."""
GRAINS = 10
"""Rooms of a place that are told apart, one by one up to there."""
MANY_MOVES = 30
"""Moves beyond which only the promising ones are tried."""
PROMISING = 6
"""Moves of a long line that are tried."""


def _moved(rooms: Rooms, change: dict[int, int]) -> Rooms:
    return tuple(room + change.get(p, 0) for p, room in enumerate(rooms))


def _require(
    program: LineProgram,
    places: Sequence[int],
    total: int | None,
    target: float | None,
    least: int,
    most: int | None,
) -> None:
    """Refuse numbers that fit no line, all at once."""
    faults = []
    if not places:
        faults.append(f"{program.name} has no place between stations")
    if (total is None) == (target is None):
        faults.append("state either total rooms or a target rate")
    if target is not None and not target > 0:
        faults.append(f"the target must be > 0 units/min, found {target}")
    if least < 0 or (most is not None and most < least):
        faults.append(f"rooms of a place must rise from least to most, found {least} to {most}")
    elif total is not None and places:
        high = most * len(places) if most is not None else ENDLESS
        if not least * len(places) <= total <= high:
            faults.append(f"{total} rooms do not fit {len(places)} places of {least} to {most or 'any'} rooms")
    if faults:
        raise UsageError("; ".join(faults), where="allocate_buffers")
