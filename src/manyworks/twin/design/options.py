"""Machines that may stand at each station, and sets of them in order of cost."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from manyworks.model.equipment import Equipment
from manyworks.model.network import Network
from manyworks.twin.design.bound import stand_alone_rate
from manyworks.twin.design.document import open_program, redesigned
from manyworks.twin.machines import line_stations

MOST_MACHINES = 6
"""Machines of one station at most, where nothing else is asked."""
SPARE = 1
"""Machines more than the fewest that keep up, which are tried as well: they catch up after stops."""


@dataclass(frozen=True, kw_only=True)
class MachineOption:
    """``count`` machines of one kind at a station; ``rate_per_min`` what they finish if never short of work."""

    station: str
    machine: Equipment
    count: int
    rate_per_min: float
    cost: float

    def __str__(self) -> str:
        return f"{self.count} × {self.machine.id}" if self.count > 1 else self.machine.id


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Options of every station, cheapest first; ``dropped`` cannot keep up with the target, whatever the buffers.

    ``reach`` what the fastest machines of each station finish, units per minute, the slowest station last.
    """

    stations: tuple[tuple[MachineOption, ...], ...]
    dropped: tuple[MachineOption, ...]
    reach: tuple[tuple[str, float], ...]

    @property
    def sets(self) -> int:
        """Machine sets of the whole line."""
        return math.prod(len(options) for options in self.stations)


def catalogue(
    network: Network,
    line: str,
    target_per_min: float,
    *,
    product: str,
    units: int,
    cost: Callable[[str, Equipment, int], float],
    most: int = MOST_MACHINES,
) -> Catalogue:
    """Every machine of a station's kind, in the fewest that keep up with the target and up to `SPARE` more.

    A station keeps up when its machines, between their own stops and less their own scrap, finish the target: no
    buffer can mend it when they do not.
    """
    kept: list[tuple[MachineOption, ...]] = []
    dropped: list[MachineOption] = []
    reach: list[tuple[str, float]] = []
    for position, (station, now) in enumerate(line_stations(network, line)):
        here: list[MachineOption] = []
        best = 0.0
        for machine in (row for row in network.equipment if row.kind == now.kind):
            single = _alone(network, line, product, units, station.id, machine, position)
            best = max(best, single * most)
            fewest = math.ceil(target_per_min / single - 1e-9)
            for count in range(1, min(most, fewest + SPARE) + 1):
                option = MachineOption(
                    station=station.id, machine=machine, count=count, rate_per_min=single * count,
                    cost=cost(station.id, machine, count),
                )  # fmt: skip
                (here if count >= fewest else dropped).append(option)
        kept.append(tuple(sorted(here, key=lambda option: (option.cost, option.machine.id, option.count))))
        reach.append((station.id, best))
    return Catalogue(
        stations=tuple(kept), dropped=tuple(dropped), reach=tuple(sorted(reach, key=lambda pair: -pair[1]))
    )


def _alone(
    network: Network, line: str, product: str, units: int, station: str, machine: Equipment, position: int
) -> float:
    """Good units per minute of one such machine at the station, never short of work."""
    other = redesigned(network, line, {station: (machine.id, 1)})
    program = open_program(other, line=line, product=product, units=units)
    row = program.stations[position]
    kept = 1 - (row.scrap_share[0] if row.scrap_share else 0.0)
    return stand_alone_rate(row) * kept * program.units_per_part


def by_cost(stations: Sequence[Sequence[MachineOption]]) -> Iterator[tuple[MachineOption, ...]]:
    """Machine sets, one option of each station, by the sum of their costs; options of a station rise in cost."""
    if not all(stations):
        return
    first = (0,) * len(stations)
    heap, seen = [(_sum(stations, first), first)], {first}
    while heap:
        _, at = heapq.heappop(heap)
        yield tuple(options[k] for options, k in zip(stations, at, strict=True))
        for s, k in enumerate(at):
            after = (*at[:s], k + 1, *at[s + 1 :])
            if k + 1 < len(stations[s]) and after not in seen:
                seen.add(after)
                heapq.heappush(heap, (_sum(stations, after), after))


def _sum(stations: Sequence[Sequence[MachineOption]], at: Sequence[int]) -> float:
    return math.fsum(options[k].cost for options, k in zip(stations, at, strict=True))
