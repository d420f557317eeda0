"""The luck of a line as plain arrays: what each station draws for each purpose, in order.

The event engine, the recursion and the independent reference of the tests meet the same numbers, because all draw
from the stream of (seed, replication, station, purpose). Times are whole microseconds, *ticks*.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import UsageError
from manyworks.model.times import TimeLaw
from manyworks.units import MICROSECONDS_PER_MINUTE

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

TICKS_PER_MINUTE = MICROSECONDS_PER_MINUTE
PURPOSES = ("work", "scrap", "route", "arrival", "to_failure_0", "to_repair_0")
"""What a station draws; further failure modes are ``to_failure_1`` … Arrivals belong to the position of their place."""


def draws(
    law: TimeLaw, *, seed: int, replication: int = 0, station: int, purpose: str, count: int
) -> NDArray[np.int64]:
    """The first ``count`` times of one stream, ticks: rounded to the nearest, at least one.

    >>> from manyworks.model.times import exponential
    >>> times = draws(exponential(1.0), seed=1, station=0, purpose="work", count=1000)
    >>> bool(abs(times.mean() / TICKS_PER_MINUTE - 1.0) < 0.1)
    True
    """
    from manyworks.twin.engine import streams

    laws, values = law_records([law])
    out = np.zeros(count, np.int64)
    with quiet():
        streams.fill_times(
            records(1, streams.STREAM),
            laws,
            values,
            stream_seed(seed),
            replication,
            station,
            purpose_number(purpose),
            out,
        )
    return out


def uniforms(*, seed: int, replication: int = 0, station: int, purpose: str, count: int) -> NDArray[np.float64]:
    """The first ``count`` uniform numbers of one stream, above 0 and below 1."""
    from manyworks.twin.engine import streams

    out = np.zeros(count)
    with quiet():
        streams.fill_uniforms(
            records(1, streams.STREAM), stream_seed(seed), replication, station, purpose_number(purpose), out
        )
    return out


class Stream:
    """One stream, taken number by number; its times may be of one law after another, as products follow each other.

    >>> from manyworks.model.times import deterministic
    >>> Stream(seed=1, station=0, purpose="work").time(deterministic(0.5))
    30000000
    """

    def __init__(self, *, seed: int, replication: int = 0, station: int, purpose: str) -> None:
        from manyworks.twin.engine import streams

        self._state = records(1, streams.STREAM)
        with quiet():
            number = purpose_number(purpose)
            streams.fill_uniforms(self._state, stream_seed(seed), replication, station, number, np.zeros(0))

    def time(self, law: TimeLaw) -> int:
        """The next time, ticks."""
        from manyworks.twin.engine import streams

        out = np.zeros(1, np.int64)
        with quiet():
            streams.next_times(self._state, *_records_of(law), out)
        return int(out[0])

    def uniform(self) -> float:
        """The next uniform number, above 0 and below 1."""
        from manyworks.twin.engine import streams

        out = np.zeros(1)
        with quiet():
            streams.next_uniforms(self._state, out)
        return float(out[0])


@cache
def _records_of(law: TimeLaw) -> tuple[Any, NDArray[np.float64]]:
    return law_records([law])


def purpose_number(purpose: str) -> int:
    """Number of a purpose in the key of its stream.

    >>> purpose_number("to_repair_2")
    9
    """
    kind, _, mode = purpose.rpartition("_")
    if kind in {"to_failure", "to_repair"} and mode.isdecimal():
        return PURPOSES.index(f"{kind}_0") + 2 * int(mode)
    if purpose not in PURPOSES:
        raise UsageError("must be a purpose", where="purpose", found=purpose, cure=f"Choose of {', '.join(PURPOSES)}.")
    return PURPOSES.index(purpose)


def stream_seed(seed: int) -> np.uint64:
    """The seed as the engine wants it."""
    if not 0 <= seed < 1 << 63:
        raise UsageError("must be 0 or more and below 2^63", where="seed", found=seed, cure="Choose a smaller one.")
    return np.uint64(seed)


def law_records(laws: Sequence[TimeLaw]) -> tuple[Any, NDArray[np.float64]]:
    """Laws as the engine reads them: records in ticks, and the values of all empirical ones."""
    from manyworks.twin.engine import streams

    table = records(len(laws), streams.LAW)
    values: list[float] = []
    for position, law in enumerate(laws):
        table[position] = _law_record(law, len(values))
        if law.kind == "empirical":
            values += [value * TICKS_PER_MINUTE for value in law.values]
    return table, np.array(values or [0.0])


def _law_record(law: TimeLaw, first: int) -> tuple[int, float, float, float, int]:
    from manyworks.twin.engine import streams

    number, ticks = law.values[0], law.values[0] * TICKS_PER_MINUTE
    match law.kind:
        case "deterministic":
            return (streams.DETERMINISTIC, ticks, 0.0, 0.0, 0)
        case "exponential":
            return (streams.EXPONENTIAL, ticks, 0.0, 0.0, 0)
        case "weibull":
            return (streams.WEIBULL, law.values[1] * TICKS_PER_MINUTE, 1.0 / number, 0.0, 0)
        case "lognormal":
            variance = math.log1p(law.values[1] ** 2)
            return (streams.LOGNORMAL, ticks * math.exp(-variance / 2), math.sqrt(variance), 0.0, 0)
        case "gamma":
            return (streams.GAMMA, law.values[1] * TICKS_PER_MINUTE, number, 0.0, 0)
        case "triangular":
            low, mode, high = (value * TICKS_PER_MINUTE for value in law.values)
            return (streams.TRIANGULAR, low, mode, high, 0)
        case _:
            return (streams.EMPIRICAL, float(len(law.values)), 0.0, 0.0, first)


def records(count: int, kind: np.dtype[Any]) -> Any:
    """Empty records for kernels: plain ones compiled, with attributes when the compiler is off."""
    return as_records(np.zeros(count, kind))


def as_records(array: NDArray[Any]) -> Any:
    """The same memory as kernels want it; only the plain interpreter needs attributes on records."""
    from manyworks.compiled import SWITCHES

    return array.view(np.recarray) if SWITCHES.DISABLE_JIT else array


def quiet() -> AbstractContextManager[Any]:
    """Let sums of random bits run over without a word when the compiler is off; compiled code never speaks."""
    from manyworks.compiled import SWITCHES

    return np.errstate(over="ignore") if SWITCHES.DISABLE_JIT else contextlib.nullcontext()
