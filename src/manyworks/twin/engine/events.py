"""What happens: one event after the other, and after each the stations it touches, until nothing more can move."""

from __future__ import annotations

from typing import Any

from manyworks.compiled import compiled, part, shared_part
from manyworks.twin.engine.calendar import clear, is_pending, put_off, schedule
from manyworks.twin.engine.layout import (
    BLOCKED,
    BUSY,
    CHANGEOVER,
    CHANGING,
    CLOSED,
    CLOSING,
    COMPLETE,
    DEADLOCKED,
    ENDLESS,
    FAIL,
    FINISH,
    FIRST_SERVER,
    HOLDING,
    IDLE,
    LINE_CHANGE,
    LOST,
    NEVER,
    NO_ROOM,
    NOBODY,
    NOTHING,
    RUNNING,
    SET_UP,
    START,
    STARVED,
    STOP,
    TRACE_FULL,
)
from manyworks.twin.engine.moves import (
    drawn_route,
    find,
    hand_on,
    let_in,
    next_holder,
    open_server,
    serve,
    start,
    take,
)
from manyworks.twin.engine.parts import (
    append,
    count_given,
    do,
    enlist,
    enlist_all,
    enter,
    may_enter,
    next_arrival,
    note,
    note_put,
    spoil,
)
from manyworks.twin.engine.stops import COMMANDED, come_up, fail, inject, start_on_command, stop_on_command
from manyworks.twin.engine.streams import draw, open_stream, uniform
from manyworks.twin.engine.work import are_free, begin_seldom, begin_work, leave_line, wait_for_operators

# ---- the run ----


@compiled
def advance(line: Any, until: int, command: int, k: int, value: int) -> None:
    """Run to a tick, or until the run ends; a command takes effect at the tick where the line stands."""
    clock = line.clock[0]
    if clock.began == 0:
        clock.began = 1
        enlist_all(line)
    if command != NOTHING:
        obey(line, command, k, value)
    settle(line)
    while clock.status == RUNNING:
        if clock.free_count < clock.reserve:
            clock.status = NO_ROOM
        elif 0 < line.trace.shape[0] <= clock.traced:
            clock.status = TRACE_FULL
        else:
            key = line.tree[1]
            slot = key & clock.mask
            is_move = LINE_CHANGE <= slot < clock.first_clock or clock.first_travel <= slot < clock.first_arrival
            if (key == NEVER or not is_move) and is_dead(line):
                continue
            tick = key >> clock.shift
            if tick > until:
                clock.now = until
                return
            clock.now = tick
            is_late = happen(line, slot)
            settle(line)
            # The slot of finished work is cleared last: it mostly has its next event by now, always a later one.
            if is_late and line.tree[clock.leaves + slot] == key:
                clear(line, slot)


@part
def settle(line: Any) -> None:
    """Examine the stations on the list until it is empty; an empty line may then change or be complete."""
    clock = line.clock[0]
    while clock.listed > 0:
        s = line.listed[clock.list_head]
        clock.list_head += 1
        if clock.list_head == line.listed.shape[0]:
            clock.list_head = 0
        clock.listed -= 1
        line.stations[s].is_listed = 0
        examine(line, s)
    if clock.inside > 0 and clock.has_line_change == 1 and clock.is_changing == 0:
        scrap_left_over(line)
    if clock.inside == 0:
        end_or_change(line)


@part
def examine(line: Any, s: int) -> None:
    """Hand on what is finished, start what can be started, ask for what is held before."""
    station = line.stations[s]
    first = station.first_server
    if station.servers == 1:
        if station.holding > 0:
            hand_on(line, s, first)
    elif station.holding > 0:
        tick = number = -1
        k = next_holder(line, s, tick, number)
        while k >= 0:
            tick, number = line.servers[k].finished_at, k
            hand_on(line, s, k)
            k = next_holder(line, s, tick, number)
    if station.idle > 0 or line.clock[0].arrival_law >= 0:
        start_all(line, s)
    if station.asks == 1:
        station.asks = 0
        if station.idle > 0:
            ask(line, s)
    for k in range(first, first + station.servers):
        wait_as(line, k)


@part
def wait_as(line: Any, k: int) -> None:
    """A server that could not move is blocked or starved from now on."""
    server = line.servers[k]
    if server.is_down == 0:
        if server.activity == HOLDING and server.doing != BLOCKED:
            do(line, k, BLOCKED)
        elif server.activity == IDLE and server.is_waiting == 0 and server.doing != STARVED:
            do(line, k, CHANGEOVER if line.clock[0].is_changing == 1 else STARVED)


@part
def start_all(line: Any, s: int) -> None:
    """Let in who is at a door; start every idle server that can."""
    station = line.stations[s]
    if line.clock[0].is_changing == 1:
        return
    if line.clock[0].arrival_law >= 0:
        open_doors(line, s)
    for k in range(station.first_server, station.first_server + station.servers):
        server = line.servers[k]
        if server.activity == IDLE and server.is_down == 0 and server.is_waiting == 0:
            p = find(line, s)
            if p < 0:
                return
            if are_free(line, station.operator_crew, station.operators):
                start(line, s, k, p)
            else:
                wait_for_operators(line, k)


@shared_part
def open_doors(line: Any, s: int) -> None:
    """Let in the parts at the doors of a station's places."""
    station = line.stations[s]
    for i in range(station.first_in, station.first_in + station.ins):
        p = line.numbers[i]
        if line.places[p].at_door == 1:
            if line.places[p].capacity > 0:
                let_in(line, p)
            elif may_enter(line, p, 1):
                k = open_server(line, s)
                if k >= 0:
                    line.places[p].at_door = 0
                    begin_seldom(line, k, enter(line, p))
                    next_arrival(line, p)


@part
def ask(line: Any, s: int) -> None:
    """Put the sources of direct hand-overs on the list."""
    station = line.stations[s]
    for i in range(station.first_in, station.first_in + station.ins):
        place = line.places[line.numbers[i]]
        if place.capacity == 0 and place.source >= 0 and line.stations[place.source].holding > 0:
            enlist(line, place.source)


# ---- events ----


@part
def happen(line: Any, slot: int) -> Any:
    """The event of a slot; whether the slot is to be cleared afterwards."""
    if FIRST_SERVER <= slot < line.clock[0].first_clock:
        server = line.servers[slot - FIRST_SERVER]
        if server.is_down == 0 and server.activity != CHANGING and server.failing < 0:
            finish(line, slot - FIRST_SERVER)
            return True
    clear(line, slot)
    happen_seldom(line, slot)
    return False


@shared_part
def end_of_other(line: Any, k: int) -> None:
    """A stop or a changeover is over, or work comes to a stop."""
    server = line.servers[k]
    if server.is_down == 1:
        come_up(line, k)
    elif server.activity == CHANGING:
        server.set_up = line.parts[server.part].product
        begin_work(line, k)
    else:
        fail(line, k, server.failing)
    line.stations[server.station].asks = 1
    enlist(line, server.station)


@part
def finish(line: Any, k: int) -> None:
    """The work is done: the part is scrapped, or finished and its place chosen; the people go free."""
    server = line.servers[k]
    s = server.station
    station = line.stations[s]
    held = server.part
    product = line.parts[held].product
    station.finished += 1
    station.asks = 1
    for m in range(station.modes):
        if line.modes[station.first_mode + m].is_timed == 0:
            line.limits[server.first_limit + m].left -= server.planned
    is_bad = False
    if station.first_scrap >= 0:
        share = line.shares[station.first_scrap + product]
        if share > 0.0:
            is_bad = uniform(line.streams[station.scrap_stream]) < share
    if is_bad:
        server.part = NOBODY
        server.activity = IDLE
        station.idle += 1
        spoil(line, s, held)
    else:
        server.activity = HOLDING
        station.holding += 1
        server.finished_at = line.clock[0].now
        server.route = station.only_out if station.only_out >= 0 else drawn_route(line, s, product)
    if station.operator_crew >= 0:
        line.crews[station.operator_crew].free += station.operators
        serve(line, station.operator_crew)
    enlist(line, s)


@shared_part
def happen_seldom(line: Any, slot: int) -> None:
    """Any event but the end of work."""
    clock = line.clock[0]
    if slot == CLOSING:
        close_or_open(line)
    elif slot == LINE_CHANGE:
        end_line_change(line)
    elif slot < clock.first_clock:
        end_of_other(line, slot - FIRST_SERVER)
    elif slot < clock.first_travel:
        strike(line, slot)
    elif slot < clock.first_arrival:
        reach_end(line, slot)
    else:
        arrive(line, slot)


@part
def strike(line: Any, slot: int) -> None:
    """A clock that runs with open time strikes."""
    at = slot - line.clock[0].first_clock
    k, m = line.numbers[2 * at], line.numbers[2 * at + 1]
    fail(line, k, m)
    line.stations[line.servers[k].station].asks = 1
    enlist(line, line.servers[k].station)


@part
def reach_end(line: Any, slot: int) -> None:
    """The first part that travels on a place reaches its end."""
    clock = line.clock[0]
    p = line.numbers[2 * (clock.first_travel - clock.first_clock) + slot - clock.first_travel]
    place = line.places[p]
    place.travelling = line.parts[place.travelling].next
    if place.travelling >= 0:
        schedule(line, slot, line.parts[place.travelling].ready)
    if place.target >= 0:
        enlist(line, place.target)


@part
def arrive(line: Any, slot: int) -> None:
    """A part comes from outside."""
    clock = line.clock[0]
    before = clock.first_travel - clock.first_clock
    p = line.numbers[2 * before + clock.first_arrival - clock.first_travel + slot - clock.first_arrival]
    place = line.places[p]
    is_in = False
    if may_enter(line, p, 1):
        if place.capacity > 0:
            if place.count < place.capacity:
                held = enter(line, p)
                append(line, p, held)
                note_put(line, p, held)
                is_in = True
        else:
            k = open_server(line, place.target)
            if k >= 0:
                begin_seldom(line, k, enter(line, p))
                is_in = True
    if not is_in and clock.is_lossy == 1:
        product = count_given(line, p)
        place.lost += 1
        line.products[product].lost += 1
        note(line, LOST, p, NOBODY, product)
        is_in = True
    if is_in:
        next_arrival(line, p)
    else:
        place.at_door = 1
    enlist(line, place.target)


# ---- closed time ----


@shared_part
def close_or_open(line: Any) -> None:
    """A closed interval begins or ends."""
    clock = line.clock[0]
    if clock.is_closed == 1:
        clock.is_closed = 0
        for k in range(line.servers.shape[0]):
            do(line, k, line.servers[k].before)
        clock.closing += 1
        if clock.closing == clock.closings and clock.closed_period > 0:
            clock.closing = 0
            clock.period_start += clock.closed_period
        if clock.closing < clock.closings:
            schedule(line, CLOSING, clock.period_start + line.closed[clock.closing].start)
        enlist_all(line)
        return
    span = line.closed[clock.closing]
    length = span.end - span.start
    put_off(line, length)
    for p in range(line.places.shape[0]):
        held = line.places[p].travelling
        while held >= 0:
            line.parts[held].ready += length
            held = line.parts[held].next
    clock.is_closed = 1
    for k in range(line.servers.shape[0]):
        line.servers[k].before = line.servers[k].doing
        do(line, k, CLOSED)
    schedule(line, CLOSING, clock.now + length)


# ---- the whole line changes; the run ends ----


@shared_part
def end_or_change(line: Any) -> None:
    """Nothing is inside: the run may be complete, or the line changes."""
    clock = line.clock[0]
    waiting, open_places = NOBODY, 0
    for p in range(line.places.shape[0]):
        place = line.places[p]
        if place.is_supply == 1 and place.is_used_up == 0:
            if place.waits == 0:
                open_places += 1
            elif waiting < 0:
                waiting = p
    if open_places > 0 or clock.is_changing == 1:
        return
    if waiting < 0:
        clock.status = COMPLETE
        return
    longest = 0
    clock.next_product = line.runs[line.places[waiting].run].product
    for p in range(line.places.shape[0]):
        place = line.places[p]
        if place.waits == 1:
            product = line.runs[place.run].product
            longest = max(longest, line.numbers[clock.line_changes + place.product * clock.products + product])
            place.waits = 0
            place.product = product
    clock.is_changing = 1
    for k in range(line.servers.shape[0]):
        server = line.servers[k]
        if server.is_down == 0:
            if server.is_waiting == 1:
                leave_line(line, line.stations[server.station].operator_crew, k)
            do(line, k, CHANGEOVER)
    schedule(line, LINE_CHANGE, clock.now + longest)


@part
def end_line_change(line: Any) -> None:
    """The whole line is set up for the next product."""
    clock = line.clock[0]
    clock.is_changing = 0
    for k in range(line.servers.shape[0]):
        line.servers[k].set_up = clock.next_product
        if line.servers[k].is_down == 0:
            do(line, k, STARVED)
    enlist_all(line)


@part
def can_arrive(line: Any, p: int) -> Any:
    """Whether a part is on its way to a place from the supply, and could go in."""
    place = line.places[p]
    if place.arrival_slot < 0 or not is_pending(line, place.arrival_slot) or not may_enter(line, p, 1):
        return False
    return place.count < place.capacity or (place.capacity == 0 and line.stations[place.target].idle > 0)


@shared_part
def scrap_left_over(line: Any) -> None:
    """Before a change of the whole line: when all that is left inside only waits at joining stations, scrap it."""
    is_waiting = False
    for p in range(line.places.shape[0]):
        place = line.places[p]
        if place.is_supply == 1 and place.is_used_up == 0:
            if place.waits == 0:
                return
            is_waiting = True
        if place.travelling >= 0 or (place.count > 0 and line.stations[place.target].joins == 0):
            return
    if not is_waiting:
        return
    for k in range(line.servers.shape[0]):
        if line.servers[k].part >= 0:
            return
    for p in range(line.places.shape[0]):
        while line.places[p].count > 0:
            spoil(line, line.places[p].target, take(line, p))
    clear_list(line)


@shared_part
def is_dead(line: Any) -> Any:
    """Whether nothing will ever move again; then the run ends."""
    clock = line.clock[0]
    if clock.inside == 0 or clock.is_changing == 1:
        return False
    for p in range(line.places.shape[0]):
        place = line.places[p]
        if can_arrive(line, p):
            return False
        if place.slot >= 0 and is_pending(line, place.slot):
            return False
    for k in range(line.servers.shape[0]):
        server = line.servers[k]
        if is_pending(line, server.slot) or (server.is_down == 1 and server.mode == COMMANDED):
            return False
        is_external = line.stations[server.station].is_external == 1
        if is_external and server.activity == BUSY and server.is_down == 0:  # it works until it is told
            return False
    end_dead(line)
    return True


@shared_part
def end_dead(line: Any) -> None:
    """A dead line is deadlocked, or complete but for useless parts."""
    is_held = False
    for k in range(line.servers.shape[0]):
        is_held = is_held or line.servers[k].part >= 0
    for p in range(line.places.shape[0]):
        place = line.places[p]
        if place.count > 0 and line.stations[place.target].joins == 0:
            is_held = True
        if place.is_supply == 1 and place.is_used_up == 0:
            is_held = True
    line.clock[0].status = DEADLOCKED if is_held else COMPLETE


@part
def clear_list(line: Any) -> None:
    """Take every station off the list."""
    clock = line.clock[0]
    while clock.listed > 0:
        line.stations[line.listed[clock.list_head]].is_listed = 0
        clock.list_head = (clock.list_head + 1) % line.listed.shape[0]
        clock.listed -= 1


# ---- commands from outside ----


@shared_part
def obey(line: Any, command: int, k: int, value: int) -> None:
    """Carry out a command; `k` is a server."""
    clock = line.clock[0]
    if clock.status == DEADLOCKED:
        clock.status = RUNNING
    if command == STOP:
        stop_on_command(line, k)
    elif command == START:
        start_on_command(line, k)
    elif command == FAIL:
        inject(line, k, value)
    elif command == FINISH:
        finish(line, k)
    elif command == SET_UP:
        line.runs[clock.runs].product = value
        for p in range(line.places.shape[0]):
            place = line.places[p]
            if place.is_supply == 1:
                change_supply(line, p, value)
        enlist_all(line)


@part
def change_supply(line: Any, p: int, product: int) -> None:
    """From now on a place from the supply gives another product, without end."""
    place, clock = line.places[p], line.clock[0]
    place.run, place.left, place.is_used_up, place.waits = clock.runs, ENDLESS, 0, 0
    place.number += 1
    change = clock.line_changes + place.product * clock.products + product
    if clock.has_line_change == 1 and line.numbers[change] > 0:
        place.waits = 1
    else:
        place.product = product


# ---- the beginning ----


@compiled
def open_line(line: Any, seed: Any, replication: int, keys: Any) -> None:
    """Set every stream to its beginning, by its station and purpose in ``keys`` (streams, 2); draw the first times."""
    for i in range(line.streams.shape[0]):
        open_stream(line.streams[i], seed, replication, keys[i, 0], keys[i, 1])
    draw_first(line)


@shared_part
def draw_first(line: Any) -> None:
    """Draw the first times to failure, in order of servers and modes, and the first arrivals."""
    clock = line.clock[0]
    for k in range(line.servers.shape[0]):
        server = line.servers[k]
        station = line.stations[server.station]
        for m in range(station.modes):
            mode, limit = line.modes[station.first_mode + m], line.limits[server.first_limit + m]
            limit.left = draw_limit(line, station.first_mode + m)
            if mode.is_timed == 1:
                schedule(line, limit.slot, limit.left)
    for p in range(line.places.shape[0]):
        if line.places[p].arrival_slot >= 0:
            next_arrival(line, p)
    if clock.closings > 0:
        schedule(line, CLOSING, line.closed[0].start)


@part
def draw_limit(line: Any, m: int) -> Any:
    """A time to failure of a mode."""
    mode = line.modes[m]
    return draw(line.streams[mode.failure_stream], line.laws[mode.to_failure], line.values)
