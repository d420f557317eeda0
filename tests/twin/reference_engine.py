"""An independent engine for lines, in plain Python on `heapq`: slow, short, and written from the specification alone.

It follows ``docs/explanation/how-a-line-is-simulated.md`` and shares with the compiled engine only the record that
describes a line and the numbers that are drawn. Where the two differ, one of them does not do what the page says.
"""

from __future__ import annotations

import heapq
from collections import Counter, deque
from dataclasses import dataclass, field
from itertools import count

from manyworks.twin.draws import TICKS_PER_MINUTE, Stream
from manyworks.twin.program import OUTSIDE, SCRAP, LineProgram
from manyworks.twin.states import POWER, Doing

CLOSING, CHANGE, SERVER, CLOCK, PLACE, ARRIVAL = range(6)
Slot = tuple[int, int, int]


def ticks(minutes: float) -> int:
    return round(minutes * TICKS_PER_MINUTE)


@dataclass(eq=False)
class Part:
    product: int
    run: int
    entered: int
    serial: int


@dataclass(eq=False)
class Server:
    """``left``: ticks that the current task still needs; ``until``: ticks to the next failure of each mode."""

    number: int
    station: int
    doing: Doing
    setup: int
    until: list[int]
    part: Part | None = None
    is_finished: bool = False
    finished_at: int = 0
    choice: int | None = None
    task: Doing = Doing.STARVED
    left: int = 0
    since: int = 0
    began: int = 0
    struck: int | None = None
    has_people: bool = False
    spent: Counter = field(default_factory=Counter)

    @property
    def is_down(self) -> bool:
        return self.struck is not None

    @property
    def is_idle(self) -> bool:
        return self.part is None and not self.is_down


@dataclass(eq=False)
class Queue:
    """A place: its parts with the tick from which each may be taken; a supply also counts through the runs."""

    parts: deque[list] = field(default_factory=deque)
    run: int = 0
    given: int = 0
    given_ever: int = 0
    gate_open: int = 0
    door: bool = False
    integral: int = 0


@dataclass(eq=False)
class Crew:
    free: int
    line: deque[Server] = field(default_factory=deque)


class ReferenceLine:
    """A line at a moment; `advance` takes it on."""

    def __init__(self, program: LineProgram, *, seed: int = 0, replication: int = 0) -> None:
        self.program, self.now, self.status = program, 0, "running"
        self.seed, self.replication = seed, replication
        self.streams: dict[tuple[int, str], Stream] = {}
        self.queues = [Queue() for _ in program.places]
        self.crews = [Crew(crew.people) for crew in program.crews]
        self.supplies = program.out_of(OUTSIDE)
        self.into = [program.into(s) for s in range(len(program.stations))]
        self.units = {p: self._quantity(p) for p in self.supplies}
        self.servers = self._servers()
        self.of_station = [[k for k in self.servers if k.station == s] for s in range(len(program.stations))]
        self.pending: dict[Slot, int] = {}
        self.heap: list[tuple[int, Slot]] = []
        self.list: deque[int] = deque()
        self.asking: set[int] = set()
        self.is_closed = self.is_changing = False
        self.inside = self.serials = 0
        self.last_good = program.runs[0].product
        self.spoil = 0
        self.counts: Counter = Counter()
        self.events: list[tuple[int, str, int, int, int]] = []
        self._begin()

    # What is drawn, and when things happen

    def _stream(self, station: int, purpose: str) -> Stream:
        key = (station, purpose)
        if key not in self.streams:
            self.streams[key] = Stream(seed=self.seed, replication=self.replication, station=station, purpose=purpose)
        return self.streams[key]

    def _to_failure(self, station: int, mode: int) -> int:
        return self._stream(station, f"to_failure_{mode}").time(
            self.program.stations[station].failures[mode].to_failure
        )

    def _schedule(self, slot: Slot, tick: int) -> None:
        self.pending[slot] = tick
        heapq.heappush(self.heap, (tick, slot))

    def _cancel(self, slot: Slot) -> None:
        self.pending.pop(slot, None)

    def _next(self) -> tuple[int, Slot] | None:
        while self.heap and self.pending.get(self.heap[0][1]) != self.heap[0][0]:
            heapq.heappop(self.heap)
        return self.heap[0] if self.heap else None

    def _note(self, what: str, where: int, part: Part | None = None, server: int = -1) -> None:
        self.events.append((self.now, what, where, server, -1 if part is None else part.serial))

    # The run

    def _servers(self) -> list[Server]:
        numbers, first = count(), self.program.runs[0].product
        return [
            Server(
                number=next(numbers),
                station=s,
                doing=Doing.STARVED,
                setup=first,
                until=[self._to_failure(s, mode) for mode in range(len(made.failures))],
            )
            for s, made in enumerate(self.program.stations)
            for _ in range(made.servers)
        ]

    def _begin(self) -> None:
        for server in self.servers:
            self._run_clocks(server)
        for place in self.supplies:
            self._expect(place)
        if self.program.closed:
            self._schedule((CLOSING, 0, 0), ticks(self.program.closed[0][0]))
            self.next_closed = 0
        if self.pending.get((CLOSING, 0, 0)) != 0:
            self.list.extend(range(len(self.program.stations)))
            self._examine_all()

    def advance(self, until: int) -> None:
        """Everything that happens up to and with tick ``until``."""
        while self.status == "running":
            coming = self._next()
            if coming is None or coming[0] > until:
                self._pass(until)
                return
            tick, slot = heapq.heappop(self.heap)
            del self.pending[slot]
            self._pass(tick)
            self._happen(slot)
            self._examine_all()

    def _pass(self, tick: int) -> None:
        """Let time go by: integrals of parts inside and in places."""
        self.counts["inside_ticks"] += self.inside * (tick - self.now)
        for queue in self.queues:
            queue.integral += len(queue.parts) * (tick - self.now)
        self.now = tick

    def _happen(self, slot: Slot) -> None:
        kind, first, second = slot
        if kind == CLOSING:
            self._open() if self.is_closed else self._close()
        elif kind == CHANGE:
            self._end_change()
        elif kind == SERVER:
            self._end_task(self.servers[first])
        elif kind == CLOCK:
            server = self.servers[first]
            server.until[second] = 0
            self._strike(server, second)
            self._touch(server)
        elif kind == PLACE:
            self._list(self.program.places[first].target)
            self._watch(first)
        else:
            self._arrive(first)
            self._list(self.program.places[first].target)

    def _list(self, station: int) -> None:
        if station >= 0 and station not in self.list:
            self.list.append(station)

    def _touch(self, server: Server) -> None:
        self.asking.add(server.station)
        self._list(server.station)

    def _examine_all(self) -> None:
        if self.is_closed:
            return
        while True:
            while self.list:
                self._examine(self.list.popleft())
            if not self._begin_change():
                break
        self._settle_status()

    # Examination

    def _examine(self, station: int) -> None:
        holding = [k for k in self.of_station[station] if k.is_finished and not k.is_down]
        for server in sorted(holding, key=lambda k: (k.finished_at, k.number)):
            if self._hand_on(server):
                self.asking.add(station)
        for place in self.into[station]:
            self._let_in(place)
        for server in self.of_station[station]:
            if self._may_ask(server):
                self._start(server)
        if station in self.asking:
            self.asking.discard(station)
            if any(k.is_idle for k in self.of_station[station]):
                for place in self.into[station]:
                    source = self.program.places[place].source
                    if self.program.places[place].capacity == 0 and source >= 0 and self._holds_finished(source):
                        self._list(source)

    def _holds_finished(self, station: int) -> bool:
        return any(k.is_finished and not k.is_down for k in self.of_station[station])

    def _has_idle(self, station: int) -> bool:
        return any(k.is_idle for k in self.of_station[station])

    def _may_ask(self, server: Server) -> bool:
        """Whether a server may look for a part: idle, and not in line for people already."""
        return server.is_idle and server.doing != Doing.NO_OPERATOR and not self.is_changing

    # Handing on

    def _hand_on(self, server: Server) -> bool:
        if server.choice is not None:
            return self._put(server, server.choice)
        places = self._open_places(server)
        return any(self._put(server, place) for place in sorted(places, key=lambda p: (len(self.queues[p].parts), p)))

    def _open_places(self, server: Server) -> list[int]:
        """Places without a share that admit the part; those that name its product before those for all."""
        assert server.part is not None
        admit = [
            p
            for p in self.program.out_of(server.station)
            if self.program.places[p].share is None
            and (not self.program.places[p].products or server.part.product in self.program.places[p].products)
        ]
        return [p for p in admit if self.program.places[p].products] or admit

    def _put(self, server: Server, place: int) -> bool:
        made, part = self.program.places[place], server.part
        assert part is not None
        if made.target in (OUTSIDE, SCRAP):
            self._release(server)
            self._leave(server.station, part, is_good=made.target == OUTSIDE)
            return True
        if made.capacity == 0:
            return self._hand_over(place, part, server)
        if len(self.queues[place].parts) >= made.capacity:
            return False
        self._release(server)
        self._into_queue(place, part)
        if self._has_idle(made.target):
            self._list(made.target)
        return True

    def _hand_over(self, place: int, part: Part, source: Server | None) -> bool:
        """Directly into a server of the target, if one would start now."""
        target = self.program.places[place].target
        for server in self.of_station[target]:
            if self._may_ask(server) and self._would_start(server, place, part) and self._gets_people(server):
                if source is not None:
                    self._release(source)
                self._take(server, direct=(place, part))
                if self._has_idle(target):
                    self._list(target)
                return True
        return False

    def _would_start(self, server: Server, place: int, part: Part) -> bool:
        """Whether all other places of a joining station have what goes with this part."""
        made = self.program.stations[server.station]
        if not made.joins:
            return True
        if self.program.places[place].quantity != 1:
            return False
        others = [p for p in self.into[server.station] if p != place]
        self._clean(server.station, fixed={place: part.run})
        return all(self._group(p) and self._first_run(p) == part.run for p in others)

    def _into_queue(self, place: int, part: Part) -> None:
        ready = self.now + ticks(self.program.places[place].travel_min)
        self.queues[place].parts.append([ready, part])
        self._watch(place)

    def _watch(self, place: int) -> None:
        """Expect the first part that still travels."""
        travelling = [ready for ready, _ in self.queues[place].parts if ready > self.now]
        if travelling:
            self._schedule((PLACE, place, 0), travelling[0])
        else:
            self._cancel((PLACE, place, 0))

    def _release(self, server: Server) -> None:
        self._note("hand on", server.station, server.part, server.number)
        server.part, server.is_finished, server.choice = None, False, None
        self._become(server, Doing.STARVED)

    def _leave(self, station: int, part: Part, *, is_good: bool) -> None:
        if is_good and part.product != self.last_good:
            matrix = self.program.startup_scrap
            self.spoil = matrix[self.last_good][part.product] if matrix else 0
            self.last_good = part.product
        if is_good and self.spoil > 0:
            self.spoil -= 1
            is_good = False
        self.inside -= 1
        if is_good:
            self.counts["good", part.product] += 1
            self.counts["flow", part.product] += self.now - part.entered
        else:
            self.counts["scrap", part.product] += 1
            self.counts["scrapped", station] += 1
        self._note("good" if is_good else "scrap", station, part)
        self._someone_left()

    def _someone_left(self) -> None:
        if self.program.wip_limit is None:
            return
        for place in self.supplies:
            target = self.program.places[place].target
            if self._has_idle(target) or self.queues[place].door:
                self._list(target)

    # Supply

    def _quantity(self, place: int) -> int:
        """Parts of this place that reach one good unit."""
        units, seen = 1, set()
        while self.program.places[place].target >= 0 and place not in seen:
            seen.add(place)
            station = self.program.places[place].target
            units *= self.program.places[place].quantity if self.program.stations[station].joins else 1
            onward = [p for p in self.program.out_of(station) if not self.program.places[p].is_rework]
            place = next((p for p in onward if self.program.places[p].target != SCRAP), place)
        return units

    def _is_endless(self, place: int) -> bool:
        return place in self.supplies and self.program.arrivals is None

    def _product(self, run: int) -> int | None:
        runs = self.program.runs
        if run >= len(runs) and not self.program.repeats:
            return None
        return runs[run % len(runs)].product

    def _roll(self, place: int) -> None:
        """Go on to the next run when this one has been given."""
        queue = self.queues[place]
        while self._product(queue.run) is not None and queue.given >= self._run_parts(place):
            queue.run, queue.given = queue.run + 1, 0

    def _run_parts(self, place: int) -> int:
        runs = self.program.runs
        return runs[self.queues[place].run % len(runs)].units * self.units[place]

    def _gate_minutes(self, place: int) -> float:
        """Minutes for which the line must change before the next part of a place; 0 where it may come."""
        queue, matrix = self.queues[place], self.program.line_changeover_min
        self._roll(place)
        product = self._product(queue.run)
        if product is None or not matrix or queue.run <= queue.gate_open:
            return 0.0
        before = self._product(queue.gate_open)
        assert before is not None
        return matrix[before][product]

    def _can_give(self, place: int) -> bool:
        self._roll(place)
        queue = self.queues[place]
        if self._product(queue.run) is None or self._waits_for_change(place):
            return False
        is_group = self._is_endless(place) and self.program.stations[self.program.places[place].target].joins
        return self._allowed(self.program.places[place].quantity if is_group else 1)

    def _waits_for_change(self, place: int) -> bool:
        if self._gate_minutes(place) > 0:
            return True
        self.queues[place].gate_open = max(self.queues[place].gate_open, self.queues[place].run)
        return False

    def _allowed(self, entering: int) -> bool:
        limit = self.program.wip_limit
        return limit is None or self.inside + entering <= limit

    def _give(self, place: int) -> Part:
        """The next part of the supply enters."""
        self._roll(place)
        queue = self.queues[place]
        product = self._product(queue.run)
        assert product is not None
        part = Part(product, queue.run, self.now, self.serials)
        self.serials += 1
        queue.given += 1
        queue.given_ever += 1
        self.inside += 1
        self.counts["entered", product] += 1
        self._note("enter", place, part)
        return part

    def _expect(self, place: int) -> None:
        """The next arrival."""
        if self.program.arrivals is None:
            return
        self._roll(place)
        if self._product(self.queues[place].run) is not None:
            wait = self._stream(place, "arrival").time(self.program.arrivals)
            self._schedule((ARRIVAL, place, 0), self.now + wait)

    def _arrive(self, place: int) -> None:
        queue = self.queues[place]
        queue.door = True
        self._let_in(place)
        if queue.door and self.program.is_lossy:
            self._roll(place)
            self.counts["lost", self._product(queue.run)] += 1
            queue.given += 1
            queue.door = False
            self._note("lost", place)
            self._expect(place)

    def _let_in(self, place: int) -> None:
        """The part at the door goes in, if it can."""
        made, queue = self.program.places[place], self.queues[place]
        if not queue.door or not self._can_give(place):
            return
        if made.capacity == 0:
            self._let_in_directly(place)
        elif len(queue.parts) < made.capacity:
            queue.door = False
            self._into_queue(place, self._give(place))
            self._expect(place)

    def _let_in_directly(self, place: int) -> None:
        target = self.program.places[place].target
        for server in self.of_station[target]:
            if self._may_ask(server) and self._gets_people(server):
                self.queues[place].door = False
                self._take(server, direct=(place, self._give(place)))
                self._expect(place)
                return

    # Taking parts and starting

    def _group(self, place: int) -> bool:
        """Whether a place has as many parts of one run as a start takes."""
        made = self.program.places[place]
        wanted = made.quantity if self.program.stations[made.target].joins else 1
        if self._is_endless(place):
            return self._can_give(place)
        ready = self._ready(place)[:wanted]
        return len(ready) == wanted and len({part.run for part in ready}) == 1

    def _ready(self, place: int) -> list[Part]:
        return [part for ready, part in self.queues[place].parts if ready <= self.now]

    def _first_run(self, place: int) -> int | None:
        if self._is_endless(place):
            return self.queues[place].run if self._can_give(place) else None
        ready = self._ready(place)
        return ready[0].run if ready else None

    def _clean(self, station: int, fixed: dict[int, int] | None = None) -> None:
        """Scrap what a joining station can never use."""
        fixed = fixed or {}
        while True:
            for place in self.into[station]:
                self._clean_mixed(station, place)
            runs = {p: fixed.get(p, self._first_run(p)) for p in self.into[station]}
            if None in runs.values() or len(set(runs.values())) == 1:
                return
            latest = max(run for run in runs.values() if run is not None)
            for place in runs:
                while place not in fixed and self._is_before(place, latest):
                    self._drop(station, place)
            if all(run == latest or p in fixed for p, run in runs.items()):
                return

    def _is_before(self, place: int, run: int) -> bool:
        first = self._first_run(place)
        return first is not None and first < run

    def _clean_mixed(self, station: int, place: int) -> None:
        wanted = self.program.places[place].quantity
        while not self._is_endless(place):
            group = self._ready(place)[:wanted]
            if len(group) < wanted or len({part.run for part in group}) == 1:
                return
            self._drop(station, place)

    def _drop(self, station: int, place: int) -> None:
        """Scrap the first part of a place; a supply without end goes on to its next run instead."""
        if self._is_endless(place):
            self.queues[place].run += 1
            self.queues[place].given = 0
            return
        _, part = self.queues[place].parts.popleft()
        self._taken_from(place)
        self._leave(station, part, is_good=False)

    def _taken_from(self, place: int) -> None:
        self._watch(place)
        if place in self.supplies:
            self._let_in(place)
        elif self._holds_finished(self.program.places[place].source):
            self._list(self.program.places[place].source)

    def _choose(self, station: int) -> list[int] | None:
        """The places that a start takes from; None when it is not possible."""
        places = self.into[station]
        if self.program.stations[station].joins:
            self._clean(station)
            same = len({self._first_run(p) for p in places}) == 1
            entering = sum(self.program.places[p].quantity for p in places if self._is_endless(p))
            is_allowed = not entering or self._allowed(entering)
            return places if same and is_allowed and all(self._group(p) for p in places) else None
        filled = [p for p in places if not self._is_endless(p) and self._ready(p)]
        if filled:
            return [min(filled, key=lambda p: (self.queues[p].parts[0][0], p))]
        endless = [p for p in places if self._is_endless(p) and self._can_give(p)]
        return [min(endless, key=lambda p: (self.queues[p].given_ever, p))] if endless else None

    def _start(self, server: Server) -> bool:
        places = self._choose(server.station)
        if places is None or not self._gets_people(server):
            return False
        self._take(server, places=places)
        return True

    def _take(self, server: Server, *, places: list[int] | None = None, direct: tuple[int, Part] | None = None) -> None:
        """Take parts from places, or one directly and its mates from the others, and begin."""
        made, groups = self.program.stations[server.station], []
        for place in self.into[server.station] if made.joins else places or [direct[0]]:
            if direct is not None and place == direct[0]:
                groups.append([direct[1]])
                continue
            wanted = self.program.places[place].quantity if made.joins else 1
            groups.append([self._pull(place) for _ in range(wanted)])
            self._taken_from(place)
        parts = [part for group in groups for part in group]
        first = parts[0]
        server.part = Part(first.product, first.run, min(part.entered for part in parts), first.serial)
        self.counts["started", server.station] += 1
        self._note("start", server.station, server.part, server.number)
        if len(parts) > 1:
            self.inside -= len(parts) - 1
            self.counts["joined", server.station] += len(parts) - 1
            self._someone_left()
        self._begin_part(server)

    def _pull(self, place: int) -> Part:
        if self._is_endless(place):
            return self._give(place)
        return self.queues[place].parts.popleft()[1]

    def _begin_part(self, server: Server) -> None:
        assert server.part is not None
        matrix = self.program.stations[server.station].changeover_min
        change = ticks(matrix[server.setup][server.part.product]) if matrix else 0
        server.setup = server.part.product
        if change > 0:
            server.task, server.left = Doing.CHANGEOVER, change
            self._go_on(server)
        else:
            self._begin_work(server)

    def _begin_work(self, server: Server) -> None:
        assert server.part is not None
        law = self.program.stations[server.station].work[server.part.product]
        server.task, server.left = Doing.WORKING, self._stream(server.station, "work").time(law)
        self._go_on(server)

    # What servers do

    def _become(self, server: Server, doing: Doing) -> None:
        if not self.is_closed:
            server.spent[server.doing] += self.now - server.since
            server.since = self.now
        server.doing = doing

    def _operation_modes(self, server: Server) -> list[int]:
        return [m for m, mode in enumerate(self.program.stations[server.station].failures) if mode.clock == "operation"]

    def _go_on(self, server: Server) -> None:
        """Do the task for the time that is left, or up to the next failure by operation."""
        self._become(server, server.task)
        span = server.left
        if server.task == Doing.WORKING:
            span = min([span, *(server.until[m] for m in self._operation_modes(server))])
        self._schedule((SERVER, server.number, 0), self.now + span)
        server.began = self.now

    def _stop_task(self, server: Server) -> None:
        """Put away what a server does, with the time that is left."""
        due = self.pending.get((SERVER, server.number, 0))
        if due is None or server.is_down:
            return
        self._cancel((SERVER, server.number, 0))
        self._use(server)

    def _use(self, server: Server) -> None:
        span = self.now - server.began
        server.left -= span
        if server.task == Doing.WORKING:
            for mode in self._operation_modes(server):
                server.until[mode] -= span

    def _end_task(self, server: Server) -> None:
        if server.is_down:
            self._end_stop(server)
        else:
            self._use(server)
            if server.left == 0 and server.task == Doing.CHANGEOVER:
                self._begin_work(server)
            elif server.left == 0 and all(server.until[m] > 0 for m in self._operation_modes(server)):
                self._finish(server)
            else:
                struck = min(self._operation_modes(server), key=lambda m: (server.until[m], m))
                self._strike(server, struck)
        self._touch(server)

    def _finish(self, server: Server) -> None:
        made, part = self.program.stations[server.station], server.part
        assert part is not None
        self.counts["finished", server.station] += 1
        self._note("finish", server.station, part, server.number)
        server.task = Doing.STARVED
        scrap = made.scrap_share[part.product] if made.scrap_share else 0.0
        if scrap > 0 and self._stream(server.station, "scrap").uniform() < scrap:
            server.part = None
            self._become(server, Doing.STARVED)
            self._leave(server.station, part, is_good=False)
        else:
            server.is_finished, server.finished_at = True, self.now
            server.choice = self._route(server)
            self._become(server, Doing.BLOCKED)
        if server.has_people:
            server.has_people = False
            self._free(made.operator_crew, made.operators)

    def _route(self, server: Server) -> int | None:
        assert server.part is not None
        product = server.part.product
        stated = [
            p
            for p in self.program.out_of(server.station)
            if self.program.places[p].share is not None
            and (not self.program.places[p].products or product in self.program.places[p].products)
        ]
        if not stated:
            return None
        luck, total = self._stream(server.station, "route").uniform(), 0.0
        for place in stated:
            total += self.program.places[place].share or 0.0
            if luck < total:
                return place
        return None if self._open_places(server) else stated[-1]

    # Failures

    def _time_modes(self, server: Server) -> list[int]:
        return [m for m, mode in enumerate(self.program.stations[server.station].failures) if mode.clock == "time"]

    def _run_clocks(self, server: Server) -> None:
        for mode in self._time_modes(server):
            self._schedule((CLOCK, server.number, mode), self.now + server.until[mode])

    def _strike(self, server: Server, mode: int) -> None:
        made = self.program.stations[server.station]
        failure = made.failures[mode]
        self._stop_task(server)
        for other in self._time_modes(server):
            due = self.pending.get((CLOCK, server.number, other))
            if due is not None:
                server.until[other] = due - self.now
            self._cancel((CLOCK, server.number, other))
        if server.doing == Doing.NO_OPERATOR:
            self.crews[made.operator_crew].line.remove(server)
            self._free(made.operator_crew, 0)
        server.struck = mode
        self.counts["failures", server.station, mode] += 1
        self._note("fail", server.station, server.part, server.number)
        if failure.is_minor or made.repair_crew is None:
            self._begin_stop(server)
            return
        crew = self.crews[made.repair_crew]
        if crew.free > 0 and not crew.line:
            crew.free -= 1
            self._begin_stop(server)
        else:
            crew.line.append(server)
            self._become(server, Doing.AWAITING_REPAIR)

    def _begin_stop(self, server: Server) -> None:
        assert server.struck is not None
        failure = self.program.stations[server.station].failures[server.struck]
        self._become(server, Doing.MINOR_STOP if failure.is_minor else Doing.UNDER_REPAIR)
        length = self._stream(server.station, f"to_repair_{server.struck}").time(failure.to_repair)
        self._schedule((SERVER, server.number, 0), self.now + length)

    def _end_stop(self, server: Server) -> None:
        made, mode = self.program.stations[server.station], server.struck
        assert mode is not None
        failure = made.failures[mode]
        server.struck = None
        server.until[mode] = self._to_failure(server.station, mode)
        self._run_clocks(server)
        self._note("up", server.station, server.part, server.number)
        if server.part is None:
            self._become(server, Doing.CHANGEOVER if self.is_changing else Doing.STARVED)
        elif server.is_finished:
            self._become(server, Doing.BLOCKED)
        else:
            self._go_on(server)
        if not failure.is_minor and made.repair_crew is not None:
            self._free(made.repair_crew, 1)

    # Crews

    def _gets_people(self, server: Server) -> bool:
        """Take the people that a start needs, or stand in line for them."""
        made = self.program.stations[server.station]
        if made.operator_crew is None or not made.operators:
            return True
        crew = self.crews[made.operator_crew]
        if crew.free >= made.operators and not crew.line:
            crew.free -= made.operators
            server.has_people = True
            return True
        crew.line.append(server)
        self._become(server, Doing.NO_OPERATOR)
        return False

    def _free(self, number: int | None, people: int) -> None:
        assert number is not None
        crew = self.crews[number]
        crew.free += people
        while crew.line:
            server = crew.line[0]
            needs = 1 if server.is_down else self.program.stations[server.station].operators
            if crew.free < needs:
                return
            crew.line.popleft()
            if server.is_down:
                crew.free -= 1
                self._begin_stop(server)
            else:
                self._serve(server, crew, needs)

    def _serve(self, server: Server, crew: Crew, people: int) -> None:
        self._become(server, Doing.STARVED)
        places = self._choose(server.station)
        if places is not None:
            crew.free -= people
            server.has_people = True
            self._take(server, places=places)
            return
        for place in self.into[server.station]:
            if self.program.places[place].capacity == 0 and self._pull_directly(server, place, crew, people):
                return

    def _pull_directly(self, server: Server, place: int, crew: Crew, people: int) -> bool:
        """The first finished part before a direct hand-over that may take it, or the one at the door."""
        source = self.program.places[place].source
        if source < 0:
            if self.queues[place].door and self._can_give(place):
                crew.free -= people
                server.has_people = True
                self.queues[place].door = False
                self._take(server, direct=(place, self._give(place)))
                self._expect(place)
                return True
            return False
        holding = [k for k in self.of_station[source] if k.is_finished and not k.is_down]
        for giver in sorted(holding, key=lambda k: (k.finished_at, k.number)):
            part = giver.part
            may = giver.choice == place or (giver.choice is None and place in self._open_places(giver))
            if part is not None and may and self._would_start(server, place, part):
                crew.free -= people
                server.has_people = True
                self._release(giver)
                self._touch(giver)
                self._take(server, direct=(place, part))
                return True
        return False

    # Changes of the whole line, and closed time

    def _begin_change(self) -> bool:
        """The change of the line begins when every supply waits for it, or has nothing left, and nothing is inside."""
        if self.is_changing or not self.program.line_changeover_min:
            return False
        minutes = [self._gate_minutes(p) for p in self.supplies]
        left = [self._product(self.queues[p].run) is not None for p in self.supplies]
        if max(minutes, default=0.0) <= 0 or any(m <= 0 and more for m, more in zip(minutes, left, strict=True)):
            return False
        if self.inside and self._only_waits_to_join():
            self._scrap_all()
            if self.list:
                return True
        if self.inside:
            return False
        self.is_changing = True
        for server in self.servers:
            if not server.is_down:
                if server.doing == Doing.NO_OPERATOR:
                    crew = self.program.stations[server.station].operator_crew
                    self.crews[crew].line.remove(server)
                self._become(server, Doing.CHANGEOVER)
        self._note("change", -1)
        self._schedule((CHANGE, 0, 0), self.now + max(1, ticks(max(minutes))))
        return True

    def _only_waits_to_join(self) -> bool:
        """Whether all that is left inside lies before joining stations, for parts that come after the change."""
        filled = [(place, queue) for place, queue in zip(self.program.places, self.queues, strict=True) if queue.parts]
        return (
            all(server.part is None for server in self.servers)
            and all(self.program.stations[place.target].joins for place, _ in filled)
            and all(ready <= self.now for _, queue in filled for ready, _ in queue.parts)
        )

    def _scrap_all(self) -> None:
        for place, queue in enumerate(self.queues):
            while queue.parts:
                self._drop(self.program.places[place].target, place)

    def _end_change(self) -> None:
        self.is_changing = False
        for place in self.supplies:
            if self._gate_minutes(place) > 0:
                self.queues[place].gate_open = self.queues[place].run
                product = self._product(self.queues[place].run)
                assert product is not None
                for server in self.servers:
                    server.setup = product
        for server in self.servers:
            if not server.is_down:
                self._become(server, Doing.STARVED)
        self._note("changed", -1)
        for station in range(len(self.program.stations)):
            self._list(station)

    def _close(self) -> None:
        program = self.program
        cycle, position = divmod(self.next_closed, len(program.closed))
        offset = cycle * ticks(program.closed_period_min or 0.0)
        length = ticks(program.closed[position][1]) + offset - self.now
        for server in self.servers:
            server.spent[server.doing] += self.now - server.since
            server.since = self.now
            if (SERVER, server.number, 0) in self.pending and not server.is_down:
                server.began += length
        self.is_closed = True
        for slot, tick in list(self.pending.items()):
            self._schedule(slot, tick + length)
        for queue in self.queues:
            for entry in queue.parts:
                entry[0] += length if entry[0] > self.now else 0
        self._schedule((CLOSING, 0, 0), self.now + length)

    def _open(self) -> None:
        program = self.program
        for server in self.servers:
            server.spent[Doing.CLOSED] += self.now - server.since
            server.since = self.now
        self.is_closed = False
        self.next_closed += 1
        cycle, position = divmod(self.next_closed, len(program.closed))
        if cycle == 0 or program.closed_period_min is not None:
            offset = cycle * ticks(program.closed_period_min or 0.0)
            self._schedule((CLOSING, 0, 0), ticks(program.closed[position][0]) + offset)
        for station in range(len(program.stations)):
            self._list(station)

    # The end

    def _settle_status(self) -> None:
        left = any(self._product(self.queues[p].run) is not None for p in self.supplies)
        if not left and self.inside == 0:
            self.status = "complete"
            return
        if any(kind in (CHANGE, SERVER, PLACE) for kind, _, _ in self.pending):
            return
        if any(kind == ARRIVAL and self._may_come(place) for kind, place, _ in self.pending):
            return
        if not left and self._only_waits_to_join():
            self.status = "complete"
        elif self.inside > 0:
            self.status = "deadlocked"

    def _may_come(self, place: int) -> bool:
        """Whether a part that arrives now could go in."""
        made = self.program.places[place]
        if made.capacity == 0:
            return self._can_give(place) and self._has_idle(made.target)
        return self._can_give(place) and len(self.queues[place].parts) < made.capacity

    # Reading

    def state_ticks(self) -> list[list[int]]:
        """Ticks of each server in each state, up to now."""
        rows = []
        for server in self.servers:
            row = [server.spent[doing] for doing in Doing]
            row[Doing.CLOSED if self.is_closed else server.doing] += self.now - server.since
            rows.append(row)
        return rows

    def watt_ticks(self) -> list[float]:
        """Energy of each station by state times and power, kW × ticks."""
        states = self.state_ticks()
        return [
            sum(states[k.number][doing] * made.kw.get(POWER[doing], 0.0) for k in self.of_station[s] for doing in Doing)
            for s, made in enumerate(self.program.stations)
        ]
