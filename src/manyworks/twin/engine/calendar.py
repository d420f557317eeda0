"""The calendar: a tree whose every node is the earlier of its two children; a leaf is a slot with one pending event.

A key is the tick, shifted, and the slot: so equal ticks come in the order of slots.
"""

from __future__ import annotations

from typing import Any

from manyworks.compiled import part, shared_part
from manyworks.twin.engine.layout import NEVER


@part
def set_key(line: Any, slot: int, key: int) -> None:
    """Write a leaf and the nodes above it."""
    tree = line.tree
    node = line.clock[0].leaves + slot
    tree[node] = key
    while node > 1:
        key = min(key, tree[node ^ 1])
        node >>= 1
        tree[node] = key


@part
def schedule(line: Any, slot: int, tick: int) -> None:
    """Let the event of the slot happen at a tick."""
    set_key(line, slot, (tick << line.clock[0].shift) | slot)


@part
def clear(line: Any, slot: int) -> None:
    """Let the slot have no event."""
    set_key(line, slot, NEVER)


@part
def is_pending(line: Any, slot: int) -> Any:
    """Whether the slot has an event."""
    return line.tree[line.clock[0].leaves + slot] != NEVER


@part
def tick_of(line: Any, slot: int) -> Any:
    """When the event of the slot happens."""
    return line.tree[line.clock[0].leaves + slot] >> line.clock[0].shift


@shared_part
def put_off(line: Any, ticks: int) -> None:
    """Let all events after the closing happen later."""
    clock = line.clock[0]
    for slot in range(1, clock.slots):
        node = clock.leaves + slot
        if line.tree[node] != NEVER:
            line.tree[node] += ticks << clock.shift
    for node in range(clock.leaves - 1, 0, -1):
        line.tree[node] = min(line.tree[2 * node], line.tree[2 * node + 1])
