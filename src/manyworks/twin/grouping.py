"""How many sellable units one simulated part stands for, and how long a part of so many units takes.

A line of 800 bottles a minute is simulated in groups, as cases travel: what stops it, where it waits and what it makes
stay the same as long as a group is small against every buffer, every lot and every stop.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from manyworks.model.times import TimeLaw

PARTS_PER_MIN = 15.0
"""Lines that are slower are simulated unit by unit."""
PARTS_PER_BUFFER = 8
PARTS_PER_LOT = 50
UNITS_PER_STOP = 4
"""A part takes at most this share of the shortest mean time to or of a stop."""


def units_per_part(
    rate_per_min: float, *, rooms: Iterable[int] = (), lots: Iterable[float] = (), stops_min: Iterable[float] = ()
) -> int:
    """The largest group with which nothing that matters is lost; 1 for lines up to `PARTS_PER_MIN`.

    The line makes ``rate_per_min`` units; ``rooms`` units of its buffers, ``lots`` units of its runs, ``stops_min``
    mean times to and of its stops. A group is at most 1 / `PARTS_PER_BUFFER` of the smallest buffer,
    1 / `PARTS_PER_LOT` of the smallest lot, and made in 1 / `UNITS_PER_STOP` of the shortest of these times.
    """
    limits = [rate_per_min / PARTS_PER_MIN]
    limits += [room / PARTS_PER_BUFFER for room in rooms if room > 0]
    limits += [lot / PARTS_PER_LOT for lot in lots]
    limits += [rate_per_min * minutes / UNITS_PER_STOP for minutes in stops_min]
    return max(1, math.floor(min(limits)))


def grouped(law: TimeLaw, units: int) -> TimeLaw:
    """Time of ``units`` one after the other: mean × units, cv / √units."""
    if units == 1 or law.kind == "deterministic":
        return law.scaled(units)
    mean, cv = law.mean * units, law.cv / math.sqrt(units)
    if cv < 1e-9:
        return TimeLaw("deterministic", (mean,))
    if law.kind == "lognormal":
        return TimeLaw("lognormal", (mean, cv))
    return TimeLaw("gamma", (1 / cv**2, mean * cv**2))
