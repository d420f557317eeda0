"""Which station holds the line back, and how that is known.

In a row of stations neighbours compare what they suffer: where the station before is blocked more than the one behind
is starved, the cause lies behind, else before; the station at which all arrows end is the bottleneck. Source: Kuo, Lim
and Meerkov (1996), "Bottlenecks in serial production lines: a system-theoretic approach", Mathematical Problems in
Engineering 2, 233-276. Elsewhere it is the station that is busy, stopped or changing for the largest share of time.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from manyworks.twin.intervals import Interval
from manyworks.twin.program import OUTSIDE, LineProgram
from manyworks.twin.sample import Sample
from manyworks.twin.states import Doing

ARROWS = "arrows between blocked and starved neighbours (Kuo, Lim and Meerkov 1996)"
BUSIEST = "largest share of time at work, stopped or changing"
PATH = "largest share of the critical path"
WAITING = (Doing.STARVED, Doing.BLOCKED, Doing.NO_OPERATOR)


@dataclass(frozen=True, kw_only=True)
class Suspect:
    """What speaks for a station: shares of its time, its share of the critical path (None: not known).

    ``gain`` is the rise of the line's rate, in percent, when this station alone works 5 % faster under the same luck;
    None where it was not tried.
    """

    station: str
    busy: float
    starved: float
    blocked: float
    down: float
    path_share: float | None = None
    gain: Interval | None = None


@dataclass(frozen=True, kw_only=True)
class Bottleneck:
    """The station that holds the line back, by which rule, with the evidence of every station."""

    station: str
    rule: str
    suspects: tuple[Suspect, ...]

    def __str__(self) -> str:
        found = next(row for row in self.suspects if row.station == self.station)
        words = f"{self.station}: busy or stopped {found.busy:.0%} of the time"
        if found.path_share is not None:
            words += f", {found.path_share:.0%} of the critical path"
        if found.gain is not None:
            words += f"; 5 % faster it lifts the line by {found.gain.mean:.1f} % ± {found.gain.half_width:.1f}"
        return words


def find_bottleneck(program: LineProgram, sample: Sample, path_shares: NDArray[np.float64] | None = None) -> Bottleneck:
    """The bottleneck of a sample; ``path_shares`` of the critical path by station, where the recursion knows them."""
    shares = state_shares(program, sample)
    suspects = [
        Suspect(
            station=station.id,
            busy=float(1 - sum(shares[s, doing] for doing in WAITING)),
            starved=float(shares[s, Doing.STARVED]),
            blocked=float(shares[s, Doing.BLOCKED]),
            down=float(shares[s, [Doing.UNDER_REPAIR, Doing.AWAITING_REPAIR, Doing.MINOR_STOP]].sum()),
            path_share=None if path_shares is None else float(path_shares[s]),
        )
        for s, station in enumerate(program.stations)
    ]
    row = _row(program)
    if path_shares is not None:
        found, rule = int(np.argmax(path_shares)), PATH
    elif row is not None and len(row) > 1:
        found, rule = row[_end_of_arrows([suspects[s] for s in row])], ARROWS
    else:
        found, rule = int(np.argmax([suspect.busy for suspect in suspects])), BUSIEST
    return Bottleneck(station=program.stations[found].id, rule=rule, suspects=tuple(suspects))


def state_shares(program: LineProgram, sample: Sample) -> NDArray[np.float64]:
    """Share of open time by station and state, mean over servers and replications."""
    servers = np.array([station.servers for station in program.stations])
    return np.asarray(sample.state_min.mean(axis=0) / sample.minutes / servers[:, None])


def _row(program: LineProgram) -> list[int] | None:
    """Stations from first to last where each hands on to one other; None where the line branches."""
    ahead = {place.source: place.target for place in program.places if place.source >= 0 and place.target >= 0}
    inner = [place for place in program.places if place.source >= 0 and place.target >= 0]
    starts = {place.target for place in program.places if place.source == OUTSIDE}
    if len(inner) != len(program.stations) - 1 or len(ahead) != len(inner) or len(starts) != 1:
        return None
    row = list(starts)
    while row[-1] in ahead:
        row.append(ahead[row[-1]])
    return row if len(row) == len(program.stations) else None


def _end_of_arrows(row: list[Suspect]) -> int:
    """Position at which arrows meet; of several, the one whose neighbours suffer most, with the busiest before."""
    points = [here.blocked > after.starved for here, after in pairwise(row)]
    into = [0, *points, 0]
    ends = [k for k in range(len(row)) if (k == 0 or into[k]) and (k == len(row) - 1 or not points[k])]
    return max(ends, key=lambda k: (_severity(row, k), row[k].busy))


def _severity(row: list[Suspect], k: int) -> float:
    """How much more the neighbours wait for this station than it waits for them."""
    before = row[k - 1].blocked - row[k].starved if k else 0.0
    after = row[k + 1].starved - row[k].blocked if k + 1 < len(row) else 0.0
    return before + after
