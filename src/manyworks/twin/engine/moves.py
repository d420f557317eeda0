"""How parts move: into servers, out of them, and by direct hand-over; and how people are given to those who wait."""

from __future__ import annotations

from typing import Any

from manyworks.compiled import part, shared_part
from manyworks.twin.engine.layout import ENDLESS, HOLDING, IDLE, NOBODY, OUTSIDE, SCRAP, STARVED
from manyworks.twin.engine.parts import (
    append,
    do,
    enlist,
    enter,
    free_part,
    gone,
    leave_good,
    may_enter,
    next_arrival,
    next_run,
    note_put,
    pop,
    spoil,
)
from manyworks.twin.engine.streams import uniform
from manyworks.twin.engine.work import (
    are_free,
    begin,
    begin_crewed_repair,
    begin_seldom,
    take_people,
    wait_for_operators,
)

# ---- what a station could take ----


@part
def has_next(line: Any, p: int) -> Any:
    """Whether the first part of a place can be taken now."""
    place = line.places[p]
    if place.is_endless == 1:
        return may_enter(line, p, 1)
    return place.count > 0 and (place.travel == 0 or line.parts[place.head].ready <= line.clock[0].now)


@part
def first_place(line: Any, s: int) -> Any:
    """Place from which a station takes its next part, NOBODY if none has any."""
    station = line.stations[s]
    if station.feeder >= 0:
        return station.feeder if has_next(line, station.feeder) else NOBODY
    best, earliest, fewest = NOBODY, 0, -1
    for i in range(station.first_in, station.first_in + station.ins):
        p = line.numbers[i]
        if not has_next(line, p):
            continue
        place = line.places[p]
        if place.is_endless == 1:
            if best < 0 or (fewest >= 0 and place.given < fewest):
                best, fewest = p, place.given
        elif best < 0 or fewest >= 0 or line.parts[place.head].ready < earliest:
            best, earliest, fewest = p, line.parts[place.head].ready, -1
    return best


@part
def take(line: Any, p: int) -> Any:
    """Take the next part of a place; who waited for the room comes in or is examined."""
    place = line.places[p]
    if place.is_endless == 1:
        return enter(line, p)
    held = pop(line, p)
    if place.at_door == 1:
        let_in(line, p)
    elif place.source >= 0 and line.stations[place.source].holding > 0:
        enlist(line, place.source)
    return held


@part
def let_in(line: Any, p: int) -> None:
    """The part at the door of a place goes in, if there is room, and the next one is on its way."""
    place = line.places[p]
    if place.count < place.capacity and may_enter(line, p, 1):
        place.at_door = 0
        held = enter(line, p)
        append(line, p, held)
        note_put(line, p, held)
        next_arrival(line, p)


# ---- joining ----


@part
def run_of(line: Any, p: int) -> Any:
    """Number of the run of a place's next part, NOBODY if it has none that can be taken."""
    place = line.places[p]
    if place.is_endless == 1:
        return place.number if may_enter(line, p, place.quantity) else NOBODY
    return line.parts[place.head].run if has_next(line, p) else NOBODY


@shared_part
def drop_mixed(line: Any, s: int, p: int) -> None:
    """Scrap the parts of a place ahead of a first group that mixes runs."""
    place, now = line.places[p], line.clock[0].now
    while True:
        held, run, alone = place.head, NOBODY, 0
        for i in range(min(place.quantity, place.count)):
            found = line.parts[held]
            if found.ready > now:
                return
            if i > 0 and found.run != run:
                alone = i
                break
            run, held = found.run, found.next
        if alone == 0 or place.count < place.quantity:
            return
        for _ in range(alone):
            spoil(line, s, take(line, p))


@shared_part
def drop_useless(line: Any, s: int) -> None:
    """Scrap what a joining station can never use."""
    station = line.stations[s]
    while True:
        latest, earliest = NOBODY, ENDLESS
        for i in range(station.first_in, station.first_in + station.ins):
            p = line.numbers[i]
            if line.places[p].is_endless == 0 and line.places[p].quantity > 1:
                drop_mixed(line, s, p)
            run = run_of(line, p)
            latest, earliest = max(latest, run), min(earliest, run)
        if earliest < 0 or earliest == latest:
            return
        for i in range(station.first_in, station.first_in + station.ins):
            p = line.numbers[i]
            while 0 <= run_of(line, p) < latest:
                if line.places[p].is_endless == 1:
                    line.places[p].left = 0
                    next_run(line, p)
                else:
                    spoil(line, s, take(line, p))


@shared_part
def can_join(line: Any, s: int) -> Any:
    """Whether a joining station finds all that it takes at once."""
    station, now = line.stations[s], line.clock[0].now
    drop_useless(line, s)
    entering = 0
    for i in range(station.first_in, station.first_in + station.ins):
        place = line.places[line.numbers[i]]
        if place.is_endless == 1:
            entering += place.quantity
            if not may_enter(line, line.numbers[i], entering):
                return False
        else:
            if place.count < place.quantity:
                return False
            if place.travel > 0:
                held = place.head
                for _ in range(place.quantity - 1):
                    held = line.parts[held].next
                if line.parts[held].ready > now:
                    return False
    return True


@shared_part
def join(line: Any, s: int) -> Any:
    """Take from every place at once and make one part of it."""
    station = line.stations[s]
    first, earliest = NOBODY, line.clock[0].now
    for i in range(station.first_in, station.first_in + station.ins):
        p = line.numbers[i]
        for _ in range(line.places[p].quantity):
            held = take(line, p)
            earliest = min(earliest, line.parts[held].entered)
            if first < 0:
                first = held
            else:
                free_part(line, held)
    line.parts[first].entered = earliest
    station.joined += station.group - 1
    station.idle -= 1  # the server that takes them is none that could take more
    gone(line, station.group - 1)
    station.idle += 1
    return first


# ---- starting ----


@part
def find(line: Any, s: int) -> Any:
    """Where the next part comes from, NOBODY if a start is not possible; 0 or more at a joining station."""
    if line.stations[s].joins == 1:
        return 0 if can_join(line, s) else NOBODY
    return first_place(line, s)


@part
def start(line: Any, s: int, k: int, p: int) -> None:
    """An idle server takes what was found, with its people."""
    take_people(line, s)
    held = join(line, s) if line.stations[s].joins == 1 else take(line, p)
    begin(line, k, held)


@part
def open_server(line: Any, s: int) -> Any:
    """Server that would take a part handed over to it now, NOBODY if none; without people all stand in line."""
    station = line.stations[s]
    if station.idle == 0 or line.clock[0].is_changing == 1:
        return NOBODY
    for k in range(station.first_server, station.first_server + station.servers):
        server = line.servers[k]
        if server.activity == IDLE and server.is_down == 0 and server.is_waiting == 0:
            if are_free(line, station.operator_crew, station.operators):
                return k
            wait_for_operators(line, k)
    return NOBODY


# ---- handing on ----


@part
def admits(line: Any, p: int, product: int) -> Any:
    """Whether parts of a product may go to a place."""
    return line.numbers[line.places[p].first_named + product] == 1


@shared_part
def names(line: Any, s: int, product: int) -> Any:
    """Whether one of the places without a share names the product."""
    station = line.stations[s]
    for i in range(station.first_out, station.first_out + station.outs):
        place = line.places[line.numbers[i]]
        if place.has_share == 0 and place.is_named == 1 and admits(line, line.numbers[i], product):
            return True
    return False


@part
def is_choice(line: Any, p: int, product: int, named: Any) -> Any:
    """Whether a place without a share counts for a finished part of a product."""
    place = line.places[p]
    return place.has_share == 0 and admits(line, p, product) and (place.is_named == 1 or not named)


@shared_part
def drawn_route(line: Any, s: int, product: int) -> Any:
    """Place of a finished part as its luck will have it; NOBODY: one of those without a share, when handed on."""
    station = line.stations[s]
    last, free, only = NOBODY, 0, NOBODY
    named = names(line, s, product)
    for i in range(station.first_out, station.first_out + station.outs):
        p = line.numbers[i]
        if line.places[p].has_share == 1 and admits(line, p, product):
            last = p
        elif is_choice(line, p, product, named):
            free, only = free + 1, p
    if last >= 0:
        luck, total = uniform(line.streams[station.route_stream]), 0.0
        for i in range(station.first_out, station.first_out + station.outs):
            p = line.numbers[i]
            if line.places[p].has_share == 1 and admits(line, p, product):
                total += line.places[p].share
                if luck < total:
                    return p
    if free == 0:
        return last
    return only if free == 1 else NOBODY


@part
def has_room(line: Any, p: int) -> Any:
    """Whether a finished part can go into a place now."""
    place = line.places[p]
    if place.target < 0:
        return True
    if place.capacity == 0:
        return open_server(line, place.target) >= 0
    return place.count < place.capacity


@shared_part
def emptiest(line: Any, s: int, product: int) -> Any:
    """Of the places without a share that have room, the one with the fewest parts; NOBODY if none has."""
    station = line.stations[s]
    best = NOBODY
    named = names(line, s, product)
    for i in range(station.first_out, station.first_out + station.outs):
        p = line.numbers[i]
        is_open = is_choice(line, p, product, named) and has_room(line, p)
        if is_open and (best < 0 or line.places[p].count < line.places[best].count):
            best = p
    return best


@part
def release(line: Any, s: int, k: int) -> None:
    """A server is rid of its finished part."""
    station, server = line.stations[s], line.servers[k]
    server.part = NOBODY
    server.activity = IDLE
    station.holding -= 1
    station.idle += 1
    station.asks = 1


@part
def hand_on(line: Any, s: int, k: int) -> None:
    """Try to put a finished part into a place."""
    server = line.servers[k]
    held, p = server.part, server.route
    if p < 0:
        p = emptiest(line, s, line.parts[held].product)
        if p < 0:
            return
    place = line.places[p]
    if place.target >= 0 and place.capacity > 0:
        if place.count < place.capacity:
            note_put(line, p, held)
            release(line, s, k)
            append(line, p, held)
            if line.stations[place.target].idle > 0:
                enlist(line, place.target)
    else:
        hand_over(line, s, k, p)


@shared_part
def hand_over(line: Any, s: int, k: int, p: int) -> None:
    """Hand a finished part on where it does not lie down: to a server behind, to the outside, or to scrap."""
    held, target = line.servers[k].part, line.places[p].target
    if target >= 0:
        taker = open_server(line, target)
        if taker >= 0:
            note_put(line, p, held)
            release(line, s, k)
            begin_seldom(line, taker, held)
            if line.stations[target].idle > 0:
                enlist(line, target)
        return
    note_put(line, p, held)
    release(line, s, k)
    if target == OUTSIDE:
        leave_good(line, s, held)
    elif target == SCRAP:
        spoil(line, s, held)


@part
def next_holder(line: Any, s: int, tick: int, number: int) -> Any:
    """Server that finished its part next after (tick, number) and still holds it, NOBODY if none."""
    station = line.stations[s]
    best, earliest = NOBODY, 0
    for k in range(station.first_server, station.first_server + station.servers):
        server = line.servers[k]
        if server.activity == HOLDING and server.is_down == 0:
            at = server.finished_at
            if (at > tick or (at == tick and k > number)) and (best < 0 or at < earliest):
                best, earliest = k, at
    return best


# ---- people who become free ----


@part
def is_offered(line: Any, k: int, p: int) -> Any:
    """Whether the finished part of a server may go to a place."""
    server = line.servers[k]
    if server.route >= 0:
        return server.route == p
    product = line.parts[server.part].product
    return is_choice(line, p, product, names(line, server.station, product))


@shared_part
def pull(line: Any, s: int, k: int) -> Any:
    """Let a server whose turn with the crew has come take a part by direct hand-over; whether there was one."""
    station = line.stations[s]
    for i in range(station.first_in, station.first_in + station.ins):
        p = line.numbers[i]
        place = line.places[p]
        if place.capacity > 0 or place.is_endless == 1:
            continue
        if place.source < 0:
            if place.at_door == 1 and may_enter(line, p, 1):
                place.at_door = 0
                begin_seldom(line, k, enter(line, p))
                next_arrival(line, p)
                return True
            continue
        holder = next_holder(line, place.source, -1, -1)
        while holder >= 0:
            if is_offered(line, holder, p):
                held = line.servers[holder].part
                note_put(line, p, held)
                release(line, place.source, holder)
                enlist(line, place.source)
                begin_seldom(line, k, held)
                return True
            holder = next_holder(line, place.source, line.servers[holder].finished_at, holder)
    return False


@shared_part
def serve(line: Any, c: int) -> None:
    """Give free people to those who wait, first come, first served."""
    crew = line.crews[c]
    while crew.first >= 0:
        k = crew.first
        server = line.servers[k]
        s = server.station
        if crew.free < (1 if server.is_down == 1 else line.stations[s].operators):
            return
        crew.first = server.next_waiting
        if crew.first < 0:
            crew.last = NOBODY
        server.is_waiting = 0
        if server.is_down == 1:
            begin_crewed_repair(line, k)
            continue
        p = find(line, s)
        if p >= 0:
            begin_seldom(line, k, join(line, s) if line.stations[s].joins == 1 else take(line, p))
        elif not pull(line, s, k):
            do(line, k, STARVED)
