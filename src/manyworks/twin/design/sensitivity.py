"""What each figure of a line does to its rate: one changed at a time, better and worse, under common luck."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from manyworks.errors import UsageError
from manyworks.twin.design.intervals import mean_interval
from manyworks.twin.design.rates import Observer, Rates, observe, watch_for
from manyworks.twin.intervals import Interval
from manyworks.twin.program import ENDLESS, CrewProgram, FailureMode, LineProgram, Place, StationProgram

RUNS = 32
"""Replications of the line and of each change."""
CRITICAL_UNITS = 20_000
"""Good units of the run whose critical path is followed."""


@dataclass(frozen=True, kw_only=True)
class Lever:
    """A figure that can be changed: ``where`` station, place or crew; ``what`` speed, MTTF, MTTR, scrap, rooms, people.

    ``now`` its value in words; ``better`` and ``worse`` the line with it changed, None where it cannot be.
    """

    where: str
    what: str
    now: str
    better_words: str
    worse_words: str
    better: LineProgram | None
    worse: LineProgram | None


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a lever does: change of the rate, good units per minute, paired; None where it was not tried.

    ``critical`` is what the critical path foretells of ``better``, None where it says nothing.
    """

    lever: Lever
    better: Interval | None
    worse: Interval | None
    critical: float | None

    @property
    def swing(self) -> float:
        """From the worse to the better end."""
        return abs(self.better.mean if self.better else 0.0) + abs(self.worse.mean if self.worse else 0.0)


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """Effects, the largest first; intervals of all of them hold together with ``confidence``."""

    rate: Interval
    effects: tuple[Effect, ...]
    share: float
    runs: int
    confidence: float
    seed: int
    name: str

    def summary(self) -> str:
        """The effects in words."""
        from manyworks.twin.design.sensitivity_words import sensitivity_words

        return sensitivity_words(self)


def sensitivity(
    program: LineProgram,
    *,
    share: float = 0.1,
    runs: int = RUNS,
    confidence: float = 0.95,
    seed: int = 0,
    observer: Observer = observe,
) -> Sensitivity:
    """Change each figure of a line by ``share`` to the better and to the worse, and see what the rate does.

    Speed, time to failure and to repair of each mode, scrap, rooms of places (a part at least), people of crews (one).

    Raises
    ------
    UsageError
        The share is no change.
    """
    if not 0 < share < 1:
        raise UsageError("must be a share above 0 and below 1", where="sensitivity.share", found=share)
    levers = list(_levers(program, share))
    changed = [p for lever in levers for p in (lever.better, lever.worse) if p is not None]
    rates = Rates(seed=seed, watch=watch_for([program]), observer=observer)
    base = rates(rates.add(program), range(runs))

    def effect(other: LineProgram | None) -> Interval | None:
        if other is None:
            return None
        return mean_interval(rates(rates.add(other), range(runs)) - base, confidence, max(len(changed), 1))

    foretold = _critical(program, seed)
    rate = mean_interval(base, confidence)
    effects = [
        Effect(
            lever=lever, better=effect(lever.better), worse=effect(lever.worse),
            critical=None if foretold is None else foretold(lever, share, rate.mean),
        )
        for lever in levers
    ]  # fmt: skip
    effects.sort(key=lambda row: -row.swing)
    return Sensitivity(
        rate=rate, effects=tuple(effects), share=share, runs=runs, confidence=confidence, seed=seed, name=program.name
    )


def _levers(program: LineProgram, share: float) -> Iterator[Lever]:
    for s, station in enumerate(program.stations):
        yield from _station_levers(program, s, station, share)
    for p, place in enumerate(program.places):
        if place.source >= 0 and place.target >= 0 and place.capacity < ENDLESS:
            yield _room_lever(program, p, place, share)
    for c, crew in enumerate(program.crews):
        yield _crew_lever(program, c, crew)


def _station_levers(program: LineProgram, s: int, station: StationProgram, share: float) -> Iterator[Lever]:
    pace = station.servers * program.units_per_part / station.work[0].mean

    def lever(what: str, now: str, up: StationProgram, down: StationProgram, is_more_better: bool) -> Lever:
        better, worse = (share, -share) if is_more_better else (-share, share)
        return Lever(
            where=station.id, what=what, now=now, better_words=f"{better:+.0%}", worse_words=f"{worse:+.0%}",
            better=_with_station(program, s, up if is_more_better else down),
            worse=_with_station(program, s, down if is_more_better else up),
        )  # fmt: skip

    def faster(factor: float) -> StationProgram:
        return replace(station, work=tuple(law.scaled(1 / factor) for law in station.work))

    yield lever("speed", f"{pace:,.4g}/min", faster(1 + share), faster(1 - share), is_more_better=True)
    for m, mode in enumerate(station.failures):
        for what, field, is_more_better in (("MTTF", "to_failure", True), ("MTTR", "to_repair", False)):
            law = getattr(mode, field)
            ends = [_with_mode(station, m, replace(mode, **{field: law.scaled(1 + k)})) for k in (share, -share)]
            words = f"{what} {mode.name}" if len(station.failures) > 1 else what
            yield lever(words, f"{law.mean:,.4g} min", ends[0], ends[1], is_more_better)
    if any(station.scrap_share):
        ends = [replace(station, scrap_share=tuple(x * (1 + k) for x in station.scrap_share)) for k in (share, -share)]
        yield lever("scrap", f"{station.scrap_share[0]:.2%}", ends[0], ends[1], is_more_better=False)


def _room_lever(program: LineProgram, p: int, place: Place, share: float) -> Lever:
    step = max(1, round(share * place.capacity))
    units = int(program.units_per_part)

    def having(capacity: int) -> LineProgram:
        return replace(
            program, places=(*program.places[:p], replace(place, capacity=capacity), *program.places[p + 1 :])
        )

    least = 1 if place.travel_min > 0 else 0
    return Lever(
        where=place.id, what="rooms", now=f"{place.capacity * units:,} units", better_words=f"+{step * units:,}",
        worse_words=f"−{step * units:,}", better=having(place.capacity + step),
        worse=having(place.capacity - step) if place.capacity - step >= least else None,
    )  # fmt: skip


def _crew_lever(program: LineProgram, c: int, crew: CrewProgram) -> Lever:
    needed = max((s.operators for s in program.stations if s.operator_crew == c), default=1)

    def having(people: int) -> LineProgram:
        return replace(program, crews=(*program.crews[:c], replace(crew, people=people), *program.crews[c + 1 :]))

    return Lever(
        where=crew.id, what="people", now=f"{crew.people}", better_words="+1", worse_words="−1",
        better=having(crew.people + 1), worse=having(crew.people - 1) if crew.people > max(needed, 1) else None,
    )  # fmt: skip


def _with_station(program: LineProgram, s: int, station: StationProgram) -> LineProgram:
    return replace(program, stations=(*program.stations[:s], station, *program.stations[s + 1 :]))


def _with_mode(station: StationProgram, m: int, mode: FailureMode) -> StationProgram:
    return replace(station, failures=(*station.failures[:m], mode, *station.failures[m + 1 :]))


def _critical(program: LineProgram, seed: int) -> Callable[[Lever, float, float], float | None] | None:
    """What the critical path of one run foretells of a lever; None for lines that have no such path."""
    from manyworks.twin.critical import critical_shares
    from manyworks.twin.recursion import is_recursive

    if is_recursive(program):
        return None
    found = critical_shares(program, seed=seed, units=CRITICAL_UNITS)
    at = {name: s for s, name in enumerate(found.stations)}

    def foretell(lever: Lever, share: float, rate: float) -> float | None:
        s = at.get(lever.where)
        if s is None or lever.what == "scrap":
            return None
        stops = _stops(found.minor[s], found.breakdown[s], program.stations[s].failures, lever.what)
        if lever.what == "speed":  # stops by operation come with the work, so all of the station's share shrinks
            return rate * (1 / (1 - found.by_station[s] * (1 - 1 / (1 + share))) - 1)
        if lever.what.startswith("MTTF"):
            return rate * (1 / (1 - stops * (1 - 1 / (1 + share))) - 1)
        return rate * (1 / (1 - stops * share) - 1)

    return foretell


def _stops(minor: float, breakdown: float, modes: Sequence[FailureMode], what: str) -> float:
    """Share of the path in stops that the lever changes; equal modes are told apart by their name alone."""
    named = [mode for mode in modes if len(modes) == 1 or what.endswith(f" {mode.name}")]
    return sum({minor if mode.is_minor else breakdown for mode in named})
