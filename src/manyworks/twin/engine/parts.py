"""Parts: how they enter, lie in places, and leave; and the account of what servers do."""

from __future__ import annotations

from typing import Any

from manyworks.compiled import part, shared_part
from manyworks.twin.engine.calendar import clear, schedule
from manyworks.twin.engine.layout import ENDLESS, ENTERED, NOBODY, PUT, SCRAPPED, TAKEN
from manyworks.twin.engine.streams import draw


@part
def note(line: Any, what: int, where: int, serial: int, product: int) -> None:
    """Write a row of the trace, where there is one."""
    room = line.trace.shape[0]
    if room > 0:
        at = line.clock[0].traced
        if at < room:
            row = line.trace[at]
            row.tick, row.what, row.where, row.part, row.product = line.clock[0].now, what, where, serial, product
        line.clock[0].traced = at + 1


@part
def do(line: Any, k: int, doing: int) -> None:
    """From now on the server does this; what it did until now goes to its account and to the meter."""
    server = line.servers[k]
    old = server.doing
    now = line.clock[0].now
    if old != doing:
        passed = now - server.since
        line.ticks[10 * k + old] += passed
        line.stations[server.station].meter += line.watts[10 * server.station + old] * passed
        server.since = now
        server.doing = doing
    if line.trace.shape[0] > 0:
        held = server.part
        serial = line.parts[held].serial if held >= 0 else NOBODY
        note(line, doing, k, serial, line.parts[held].product if held >= 0 else server.set_up)


@part
def enlist(line: Any, s: int) -> None:
    """Put the station on the list of those to be examined, once."""
    station = line.stations[s]
    if station.is_listed == 0:
        station.is_listed = 1
        clock = line.clock[0]
        at = clock.list_head + clock.listed
        if at >= line.listed.shape[0]:
            at -= line.listed.shape[0]
        line.listed[at] = s
        clock.listed += 1


@part
def enlist_all(line: Any) -> None:
    """Put every station on the list, in order."""
    for s in range(line.stations.shape[0]):
        enlist(line, s)


@part
def count_inside(line: Any, change: int) -> None:
    """So many parts more are inside."""
    clock = line.clock[0]
    clock.inside += change
    clock.inside_sum -= change * clock.now


@part
def gone(line: Any, number: int) -> None:
    """So many parts have left: those from the supply may now come in where the number inside is limited."""
    count_inside(line, -number)
    if line.clock[0].most_inside < ENDLESS:
        for p in range(line.places.shape[0]):
            place = line.places[p]
            if place.is_supply == 1 and (line.stations[place.target].idle > 0 or place.at_door == 1):
                enlist(line, place.target)


@part
def free_part(line: Any, held: int) -> None:
    """Give the memory of a part back."""
    line.parts[held].next = line.clock[0].free_parts
    line.clock[0].free_parts = held
    line.clock[0].free_count += 1


@shared_part
def spoil(line: Any, s: int, held: int) -> None:
    """Scrap a part at a station."""
    gone_part = line.parts[held]
    line.stations[s].scrapped += 1
    line.products[gone_part.product].scrapped += 1
    note(line, SCRAPPED, s, gone_part.serial, gone_part.product)
    free_part(line, held)
    gone(line, 1)


@part
def leave_good(line: Any, s: int, held: int) -> None:
    """Let a part leave as good, or as scrap while the line starts up after another product."""
    clock, unit = line.clock[0], line.parts[held]
    if unit.product != clock.last_product:
        if clock.startup_scrap >= 0:
            clock.spoil_left = line.numbers[clock.startup_scrap + clock.last_product * clock.products + unit.product]
        clock.last_product = unit.product
    if clock.spoil_left > 0:
        clock.spoil_left -= 1
        spoil(line, s, held)
    else:
        line.products[unit.product].good += 1
        line.products[unit.product].flow += clock.now - unit.entered
        free_part(line, held)
        gone(line, 1)


@part
def append(line: Any, p: int, held: int) -> None:
    """Lay a part at the end of a place."""
    place, now = line.places[p], line.clock[0].now
    laid = line.parts[held]
    laid.ready = now + place.travel
    laid.next = NOBODY
    if place.count == 0:
        place.head = held
    else:
        line.parts[place.tail].next = held
    place.tail = held
    place.count += 1
    place.moment -= now
    if place.travel > 0 and place.travelling < 0:
        place.travelling = held
        schedule(line, place.slot, laid.ready)


@part
def pop(line: Any, p: int) -> Any:
    """Take the first part out of a place."""
    place = line.places[p]
    held = place.head
    place.head = line.parts[held].next
    if place.travelling == held:  # taken at the very tick of its arrival, with others, before its own event
        place.travelling = place.head
        if place.head >= 0:
            schedule(line, place.slot, line.parts[place.head].ready)
        else:
            clear(line, place.slot)
    place.count -= 1
    place.moment += line.clock[0].now
    note(line, TAKEN, p, line.parts[held].serial, line.parts[held].product)
    return held


@shared_part
def next_run(line: Any, p: int) -> None:
    """Let a place from the supply go on to the next run, as long as there is one; a change of the line holds it up."""
    place, clock = line.places[p], line.clock[0]
    while place.left == 0 and place.is_used_up == 0:
        place.run += 1
        place.number += 1
        if place.run == clock.runs:
            place.run = 0
            place.is_used_up = 1 - clock.repeats
        if place.is_used_up == 0:
            units = line.runs[place.run].units
            place.left = ENDLESS if units >= ENDLESS else units * place.factor
    if place.is_used_up == 0:
        product = line.runs[place.run].product
        change = clock.line_changes + place.product * clock.products + product
        if clock.has_line_change == 1 and line.numbers[change] > 0:
            place.waits = 1
        else:
            place.waits, place.product = 0, product
    else:
        place.waits = 0


@part
def count_given(line: Any, p: int) -> Any:
    """Let a place from the supply give its next part, which enters or is lost; returns the product."""
    place = line.places[p]
    product = line.runs[place.run].product
    place.given += 1
    if place.left < ENDLESS:
        place.left -= 1
        if place.left == 0:
            next_run(line, p)
    return product


@part
def enter(line: Any, p: int) -> Any:
    """The next part of a place from the supply enters the line; returns it."""
    place, clock = line.places[p], line.clock[0]
    held = clock.free_parts
    new = line.parts[held]
    clock.free_parts = new.next
    clock.free_count -= 1
    new.run = place.number
    new.product = count_given(line, p)
    new.entered = clock.now
    new.serial = clock.entered
    clock.entered += 1
    line.products[new.product].entered += 1
    count_inside(line, 1)
    note(line, ENTERED, p, new.serial, new.product)
    return held


@part
def may_enter(line: Any, p: int, number: int) -> Any:
    """Whether a place from the supply has so many parts to give, and the line may hold them."""
    place, clock = line.places[p], line.clock[0]
    is_open = place.is_used_up == 0 and place.waits == 0 and clock.is_changing == 0
    return is_open and clock.inside + number <= clock.most_inside


@part
def next_arrival(line: Any, p: int) -> None:
    """Draw when the next part comes to a place from the supply, as long as there are any."""
    place = line.places[p]
    if place.is_used_up == 0:
        time = draw(line.streams[place.arrival_stream], line.laws[line.clock[0].arrival_law], line.values)
        schedule(line, place.arrival_slot, line.clock[0].now + time)


@part
def note_put(line: Any, p: int, held: int) -> None:
    """A part goes into a place."""
    line.places[p].passed += 1
    note(line, PUT, p, line.parts[held].serial, line.parts[held].product)
