"""A line that runs on the page: stations coloured and worded by state, parts on the move, a clock and its buttons."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from typing import Any, ClassVar

from manyworks.render.theme import (
    AMBER,
    BLUE,
    GREY,
    INK,
    LIGHT_GREY,
    PAPER,
    PURPLE,
    RED,
    TEAL,
)

STATE_COLOURS: dict[str, str] = {
    "starved": LIGHT_GREY,
    "blocked": AMBER,
    "no operator": "#8a6d3b",
    "working": TEAL,
    "minor stop": "#e0a33e",
    "under repair": RED,
    "awaiting repair": "#7d1a14",
    "changeover": PURPLE,
    "closed": GREY,
    "on command": "#44505a",
}
"""What a machine does, in the order in which the trace counts it, and its colour; words always stand beside it."""
PART_COLOURS = (BLUE, AMBER, PURPLE, TEAL, RED, GREY)
BOX = (108, 74)
STRIP_PX = 15


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A station on the picture: its centre in pixels, and how many machines work side by side."""

    id: str
    x: float
    y: float
    count: int = 1


@dataclass(frozen=True, kw_only=True)
class Way:
    """A place on the picture: the points of its path, the parts that fit and the minutes from end to end.

    ``capacity`` None: no end. ``kind``: inner, supply, good, scrap or rework.
    """

    id: str
    path: Sequence[tuple[float, float]]
    capacity: int | None
    travel_min: float
    kind: str = "inner"


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What happened between two moments.

    ``states`` of each machine and ``queues`` of each way (product, minutes before the start at which it was put) at the
    start; ``events`` (milliseconds since the start, code) in order: ``10 × machine + state``, and after all machines
    ``products + 1`` codes for each way: taken, then put by product. ``strips``: for each station pieces (from, until,
    state) of the whole time as shares, for the band under the picture. ``units`` to a part.
    """

    start_min: float
    minutes: float
    stations: Sequence[Machine]
    ways: Sequence[Way]
    products: Sequence[str]
    units: float
    states: Sequence[int]
    queues: Sequence[Sequence[tuple[int, float]]]
    events: Sequence[tuple[int, int]]
    strips: Sequence[Sequence[tuple[float, float, int]]]
    good_before: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Player:
    """A replay as a block of a page; it needs the script of `player_script`."""

    kind: ClassVar[str] = "player"
    replay: Replay
    title: str
    description: str
    width: int
    height: int

    @property
    def data(self) -> str:
        """The replay as JSON that is safe inside a page."""
        return json.dumps(_data(self.replay), separators=(",", ":")).replace("<", "\\u003c")

    @property
    def picture(self) -> str:
        """The picture at the first moment; the script moves it."""
        return _picture(self)

    @property
    def strip(self) -> str:
        """What every station did over the whole time, as a band each."""
        return _strip(self)

    def part_colour(self, product: int) -> str:
        """Colour of the parts of a product."""
        return PART_COLOURS[product % len(PART_COLOURS)]

    @property
    def legend(self) -> list[tuple[str, str]]:
        """The states that occur, with their colours."""
        names = list(STATE_COLOURS)
        used = {state for pieces in self.replay.strips for _, _, state in pieces} | set(self.replay.states)
        used |= {code % 10 for _, code in self.replay.events if code < 10 * len(self.replay.states)}
        return [(names[state], STATE_COLOURS[names[state]]) for state in sorted(used)]


def player_script() -> str:
    """The script that plays it, our own and without any library."""
    folder = resources.files("manyworks.render").joinpath("templates")
    return folder.joinpath("line_player.js").read_text(encoding="utf-8")


def script_hash(script: str) -> str:
    """What the page's security policy calls the script; no other one may run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def base36(number: int) -> str:
    """A whole number of 0 or more in digits and letters, as JavaScript reads it."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while True:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
        if not number:
            return text


def _data(replay: Replay) -> Mapping[str, Any]:
    words, before = [], 0
    for moment, code in replay.events:
        words.append(f"{base36(moment - before)},{base36(code)}")
        before = moment
    machines = [k for k, station in enumerate(replay.stations) for _ in range(station.count)]
    return {
        "start": replay.start_min,
        "minutes": replay.minutes,
        "states": list(STATE_COLOURS),
        "colours": list(STATE_COLOURS.values()),
        "inks": [_ink(colour) for colour in STATE_COLOURS.values()],
        "parts": [PART_COLOURS[p % len(PART_COLOURS)] for p in range(len(replay.products))],
        "units": replay.units,
        "machines": machines,
        "ways": [
            {"capacity": way.capacity, "travel": way.travel_min * 60_000, "kind": way.kind} for way in replay.ways
        ],
        "now": list(replay.states),
        "queues": [[[product, round(-before * 60_000)] for product, before in queue] for queue in replay.queues],
        "good": replay.good_before,
        "events": ";".join(words),
    }


def _picture(player: Player) -> str:
    """Ways below, machines above, a layer of parts between."""
    parts = [_way(k, way) for k, way in enumerate(player.replay.ways)]
    parts.append('<g class="parts"></g>')
    first = 0
    for k, station in enumerate(player.replay.stations):
        parts.append(_station(k, station, first, player.replay.states[first : first + station.count]))
        first += station.count
    head = f'<svg class="floor" viewBox="0 0 {player.width} {player.height}" width="100%" role="img"'
    return f'{head} aria-label="{escape(player.description)}">{"".join(parts)}</svg>'


def _way(k: int, way: Way) -> str:
    points = " L ".join(f"{x:g} {y:g}" for x, y in way.path)
    dash = ' stroke-dasharray="4 4"' if way.kind in ("rework", "scrap") else ""
    width = 11 if way.kind == "inner" else 3
    line = (
        f'<path class="way" data-way="{k}" d="M {points}" fill="none" stroke="#d5d9dd" stroke-width="{width}"{dash}/>'
    )
    if way.kind != "inner":
        return line
    (ax, ay), (bx, by) = way.path[0], way.path[1]  # of a way with a bend the part at its source, where it is alone
    x, y = (ax + bx) / 2, (ay + by) / 2
    label = f'<text x="{x:g}" y="{y + 22:g}" class="level" data-level="{k}" text-anchor="middle"></text>'
    return line + label


def _station(k: int, station: Machine, first: int, states: Sequence[int]) -> str:
    """A box with its name, the word of its state, and a square for each machine where there are several."""
    width, height = BOX
    x, y = station.x - width / 2, station.y - height / 2
    colour, word = _colour(states[0]), list(STATE_COLOURS)[states[0]]
    middle = y + (52 if station.count == 1 else 44)
    squares = ""
    if station.count > 1:
        step = min(18.0, (width - 16) / station.count)
        left = station.x - step * station.count / 2
        squares = "".join(
            f'<rect data-machine="{first + n}" x="{left + n * step + 1:.1f}" y="{y + height - 15:g}" '
            f'width="{step - 3:.1f}" height="9" fill="{_colour(states[n])}" stroke="{PAPER}"/>'
            for n in range(station.count)
        )
    return (
        f'<g class="station" data-station="{k}"><rect class="box" x="{x:g}" y="{y:g}" width="{width}" '
        f'height="{height}" rx="5" fill="{colour}"/>'
        f'<rect x="{x:g}" y="{y:g}" width="{width}" height="24" rx="5" fill="{PAPER}" stroke="{LIGHT_GREY}"/>'
        f'<text x="{station.x:g}" y="{y + 16.5:g}" text-anchor="middle" class="name">{_short(station.id)}</text>'
        f'<text x="{station.x:g}" y="{middle:g}" text-anchor="middle" class="word" fill="{_ink(colour)}">{word}</text>'
        f"{squares}</g>"
    )


def _strip(player: Player) -> str:
    """One band for each station over the whole time; the script draws a line at the moment shown."""
    left, right = 110, player.width - 10
    span = right - left
    rows = []
    for k, pieces in enumerate(player.replay.strips):
        y = k * (STRIP_PX + 3)
        name = _short(player.replay.stations[k].id)
        rows.append(f'<text x="{left - 8}" y="{y + 12}" text-anchor="end" class="name">{name}</text>')
        rows += [
            f'<rect x="{left + a * span:.1f}" y="{y}" width="{max((b - a) * span, 0.3):.1f}" height="{STRIP_PX}" '
            f'fill="{_colour(state)}"/>'
            for a, b, state in pieces
        ]
    height = len(player.replay.strips) * (STRIP_PX + 3)
    return (
        f'<svg class="strip" viewBox="0 0 {player.width} {height}" width="100%" role="img" data-left="{left}" '
        f'data-span="{span}" aria-label="States of every station over the time shown">{"".join(rows)}'
        f'<line class="playhead" x1="{left}" x2="{left}" y1="0" y2="{height}" stroke="{INK}" stroke-width="1.5"/></svg>'
    )


def _short(name: str, most: int = 14) -> str:
    return escape(name if len(name) <= most else name[: most - 1] + "…")


def _colour(state: int) -> str:
    return list(STATE_COLOURS.values())[state]


def _ink(colour: str) -> str:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return PAPER if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 150 else INK
