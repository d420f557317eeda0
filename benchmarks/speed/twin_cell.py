"""The rich cell, for manyworks and for SimPy: two products with changeover, assembly, rework, failures, and one crew.

    supply → body ─┐
    supply → lid  ─┴→ join → test → good
                              ↑  ↓ one in twenty
                              fix ←

Body changes over between the products. Join and fix share one person, who is given first come, first served.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from manyworks.model.times import TimeLaw, time_law
from manyworks.twin.draws import draws, uniforms
from manyworks.twin.program import OUTSIDE, CrewProgram, FailureMode, LineProgram, Place, Run, StationProgram

CELL_ENDS = 40
"""Parts of one run of each product."""
EACH = CELL_ENDS // 2
BODY = (time_law("lognormal(mean=1, cv=0.3)"), time_law("lognormal(mean=1.1, cv=0.3)"))
LID, JOIN, TEST, FIX = (
    time_law(f"lognormal(mean={mean}, cv={cv})") for mean, cv in ((1.1, 0.5), (1, 1), (1, 1), (5, 1))
)
TO_FAILURE, TO_REPAIR = time_law("exponential(60)"), time_law("exponential(6)")
CHANGE_MIN, REWORK, ROOM, REWORK_ROOM, PEOPLE = 2.0, 0.05, 5, 50, 1
CHANGE_TICKS = int(CHANGE_MIN * 60_000_000)
STOP = FailureMode(name="stop", to_failure=TO_FAILURE, to_repair=TO_REPAIR)


def cell(parts: int) -> LineProgram:
    """The cell for manyworks."""
    crewed: dict[str, Any] = {"operator_crew": 0, "operators": 1}
    change = ((0.0, CHANGE_MIN), (CHANGE_MIN, 0.0))
    return LineProgram(
        name="rich cell",
        products=("a", "b"),
        stations=(
            StationProgram(id="body", work=BODY, changeover_min=change, failures=(STOP,)),
            StationProgram(id="lid", work=(LID, LID)),
            StationProgram(id="join", work=(JOIN, JOIN), joins=True, **crewed),
            StationProgram(id="test", work=(TEST, TEST), failures=(STOP,)),
            StationProgram(id="fix", work=(FIX, FIX), **crewed),
        ),
        places=(
            Place(id="bodies", source=OUTSIDE, target=0),
            Place(id="lids", source=OUTSIDE, target=1),
            Place(id="body_join", source=0, target=2, capacity=ROOM),
            Place(id="lid_join", source=1, target=2, capacity=ROOM),
            Place(id="join_test", source=2, target=3, capacity=ROOM),
            Place(id="rework", source=3, target=4, capacity=REWORK_ROOM, share=REWORK, is_rework=True),
            Place(id="good", source=3, target=OUTSIDE),
            Place(id="fix_test", source=4, target=3, capacity=REWORK_ROOM, is_rework=True),
        ),
        crews=(CrewProgram(id="people", people=PEOPLE),),
        runs=tuple(Run(product=number % 2, units=EACH) for number in range(parts // EACH)),
    )


def _times(law: TimeLaw, station: int, purpose: str, count: int) -> list[int]:
    return draws(law, seed=1, station=station, purpose=purpose, count=count).tolist()


class _Stops:
    """Working time, stretched by the stops that count it."""

    def __init__(self, station: int, count: int) -> None:
        self.to_failure = iter(_times(TO_FAILURE, station, "to_failure_0", count))
        self.to_repair = iter(_times(TO_REPAIR, station, "to_repair_0", count))
        self.left = next(self.to_failure)

    def stretch(self, work: int) -> int:
        stopped, rest = 0, work
        while rest >= self.left:
            rest -= self.left
            stopped += next(self.to_repair)
            self.left = next(self.to_failure)
        self.left -= rest
        return work + stopped


class _SimpyCell:
    """The cell as SimPy processes; what is there already is taken without an event, which is quicker."""

    def __init__(self, parts: int) -> None:
        import simpy

        self.parts, self.more = parts, int(parts * 1.3) + 100
        self.env = env = simpy.Environment()
        self.crew, self.all_good = simpy.Resource(env, PEOPLE), env.event()
        # A place is a store of what lies there and a count of its rooms: a part keeps its room until people are there.
        self.bodies, self.lids, self.to_fix, self.to_test = (simpy.Store(env) for _ in range(4))
        self.body_rooms, self.lid_rooms, self.test_rooms = (simpy.Container(env, init=ROOM) for _ in range(3))
        for process in (self.body, self.lid, self.join, self.test, self.fix):
            env.process(process())

    def body(self) -> Iterator[Any]:
        timeout, stops, set_up = self.env.timeout, _Stops(0, self.more), 0
        works = [_times(law, 0, "work", self.parts) for law in BODY]
        for part in range(self.parts):
            product = part // EACH % 2
            if product != set_up:
                set_up = product
                yield timeout(CHANGE_TICKS)
            yield timeout(stops.stretch(works[product][part]))
            yield self.body_rooms.get(1)
            self.bodies.put(part)

    def lid(self) -> Iterator[Any]:
        for part, work in enumerate(_times(LID, 1, "work", self.parts)):
            yield self.env.timeout(work)
            yield self.lid_rooms.get(1)
            self.lids.put(part)

    def join(self) -> Iterator[Any]:
        timeout, crew, bodies, lids = self.env.timeout, self.crew, self.bodies, self.lids
        for part, work in enumerate(_times(JOIN, 2, "work", self.parts)):
            if bodies.items:
                bodies.items.pop(0)
            else:
                yield bodies.get()
            if lids.items:
                lids.items.pop(0)
            else:
                yield lids.get()
            people = crew.request()
            yield people
            self.body_rooms.put(1)
            self.lid_rooms.put(1)
            yield timeout(work)
            crew.release(people)
            yield self.test_rooms.get(1)
            self.to_test.put((part, True))

    def test(self) -> Iterator[Any]:
        timeout, stops, good = self.env.timeout, _Stops(3, self.more), 0
        works = iter(_times(TEST, 3, "work", self.more))
        lucks = iter(uniforms(seed=1, station=3, purpose="route", count=self.more).tolist())
        waiting = self.to_test.items
        while good < self.parts:
            if waiting:
                part, has_room = waiting.pop(0)
            else:
                part, has_room = yield self.to_test.get()
            if has_room:
                self.test_rooms.put(1)
            yield timeout(stops.stretch(next(works)))
            if next(lucks) < REWORK:
                self.to_fix.put(part)
            else:
                good += 1
        self.all_good.succeed()

    def fix(self) -> Iterator[Any]:
        crew, waiting = self.crew, self.to_fix.items
        for work in _times(FIX, 4, "work", self.more):
            if waiting:
                part = waiting.pop(0)
            else:
                part = yield self.to_fix.get()
            people = crew.request()
            yield people
            yield self.env.timeout(work)
            crew.release(people)
            self.to_test.put((part, False))


def simpy_cell(parts: int) -> Callable[[], int]:
    """The cell for SimPy, ready to run; running it returns the tick at which the last part leaves."""
    made = _SimpyCell(parts)

    def run() -> int:
        made.env.run(until=made.all_good)
        return int(made.env.now)

    return run
