"""A line at one moment: all that the engine remembers, in one block of memory, and what can be read from it.

A copy is one copy of the block, and goes on exactly as the original does. A block can be written as bytes and read
back for the same program by the same release.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import UsageError
from manyworks.twin.draws import TICKS_PER_MINUTE, as_records, quiet, stream_seed
from manyworks.twin.line_records import Records, line_records, to_ticks
from manyworks.twin.program import LineProgram

STATUS = ("running", "complete", "deadlocked", "trace full", "no room")
LONGEST_MIN = (1 << 48) / TICKS_PER_MINUTE
"""A run ends after nine years at the latest."""
MAGIC = b"manyworks line 1"
ALIGNED = 64


class LineState:
    """A line at one moment; `start_line` makes one.

    ``program`` is what it runs. The records of the engine are views into ``memory``.
    """

    def __init__(self, program: LineProgram, keys: NDArray[np.int64], counts: dict[str, int]) -> None:
        self.program = program
        self.keys = keys
        self.counts = counts
        self.memory, arrays = _block(counts)
        self.line = _line(arrays)

    @property
    def now_min(self) -> float:
        """Minutes since the beginning."""
        return int(self.line.clock["now"][0]) / TICKS_PER_MINUTE

    @property
    def status(self) -> str:
        """One of `STATUS`: running, complete, deadlocked, or trace full."""
        return STATUS[int(self.line.clock["status"][0])]

    def copy(self) -> LineState:
        """The same moment once more; both go on alike and apart."""
        other = LineState(self.program, self.keys, self.counts)
        other.memory[:] = self.memory
        return other

    def fork_into(self, other: LineState) -> None:
        """Overwrite another state of the same program with this moment: one copy of memory.

        Raises
        ------
        UsageError
            The other one is no state of the same program, or has another trace.
        """
        if other.memory.shape != self.memory.shape:
            self._make_alike(other)
        other.memory[:] = self.memory

    def _make_alike(self, other: LineState) -> None:
        apart = {name for name in self.counts if self.counts[name] != other.counts[name]}
        if (other.program is not self.program and other.program != self.program) or apart - {"parts"}:
            raise UsageError(
                "must be a state of the same program, with an equal trace",
                where="fork_into",
                cure="Make it with copy().",
            )
        other.counts = self.counts
        other.memory, arrays = _block(self.counts)
        other.line = _line(arrays)

    def to_bytes(self) -> bytes:
        """The moment as bytes, with the version and the hash of the program."""
        counts = np.array([self.counts["parts"], self.counts["trace"]], "<i8")
        return MAGIC + _program_hash(self.program) + counts.tobytes() + self.memory.tobytes()

    @classmethod
    def from_bytes(cls, program: LineProgram, data: bytes) -> LineState:
        """Read what `to_bytes` wrote.

        Raises
        ------
        UsageError
            The bytes are of another program, of another release, or damaged.
        """
        head = len(MAGIC)
        if data[:head] != MAGIC or len(data) < head + 48:
            raise UsageError("must be a line of this release", where="from_bytes", cure="Run the line anew.")
        if data[head : head + 32] != _program_hash(program):
            raise UsageError(
                "must be a line of this very program and release",
                where="from_bytes",
                cure="Read it with its own program.",
            )
        parts, trace = (int(count) for count in np.frombuffer(data[head + 32 : head + 48], "<i8"))
        records = _records(program)
        state = cls(program, records.keys, _counts(records) | {"parts": parts, "trace": trace})
        body = np.frombuffer(data[head + 48 :], np.uint8)
        if body.shape != state.memory.shape:
            raise UsageError("must be whole", where="from_bytes", found=f"{len(data)} bytes", cure="Store it again.")
        state.memory[:] = body
        return state


def start_line(program: LineProgram, *, seed: int = 0, replication: int = 0, trace: int = 0) -> LineState:
    """A line before its first event; ``trace`` rows of what happens are kept, then the run stops.

    Raises
    ------
    DocumentError
        The program cannot be run; every fault is named.
    """
    state = empty_line(program, trace=trace)
    restart(state, seed=seed, replication=replication)
    return state


def empty_line(program: LineProgram, *, trace: int = 0) -> LineState:
    """Memory for a line; `restart` lets it begin."""
    from manyworks.twin.faults import require_possible

    require_possible(program)
    records = _records(program)
    return LineState(program, records.keys, _counts(records) | {"trace": trace})


def restart(state: LineState, *, seed: int, replication: int) -> None:
    """Set a line back to its beginning, with the luck of a replication."""
    from manyworks.twin.engine import events

    for name, array in _records(state.program).arrays.items():
        if name != "trace":
            getattr(state.line, name)[: len(array)] = array
    state.line.trace[:] = 0
    if state.counts["parts"] > len(_records(state.program).arrays["parts"]):
        _link_parts(state, len(_records(state.program).arrays["parts"]))
    with quiet():
        events.open_line(state.line, stream_seed(seed), replication, state.keys)


def advance(state: LineState, until_min: float) -> None:
    """Run until a moment, minutes from the beginning, or until the run ends."""
    advance_ticks(state, min(to_ticks(until_min), 1 << 48))


def advance_ticks(state: LineState, until: int, command: int = 0, server: int = 0, value: int = 0) -> None:
    """Run until a tick; a command takes effect first, at the tick where the line stands."""
    from manyworks.twin.engine import events
    from manyworks.twin.engine.layout import NO_ROOM, RUNNING

    with quiet():
        events.advance(state.line, until, command, server, value)
        while state.line.clock["status"][0] == NO_ROOM:
            _grow(state)
            state.line.clock["status"] = RUNNING
            events.advance(state.line, until, 0, 0, 0)


def _grow(state: LineState) -> None:
    """Give the block twice the places for parts."""
    old, had = state.line, state.counts["parts"]
    state.counts = state.counts | {"parts": 2 * had}
    state.memory, arrays = _block(state.counts)
    for name, array in arrays.items():
        array[: len(getattr(old, name))] = getattr(old, name)
    state.line = _line(arrays)
    _link_parts(state, had)


def _link_parts(state: LineState, first: int) -> None:
    """Put the parts from the first on into the list of free ones."""
    count, clock = state.counts["parts"], state.line.clock
    state.line.parts["next"][first:] = np.arange(first + 1, count + 1)
    state.line.parts["next"][count - 1] = clock["free_parts"][0]
    clock["free_parts"] = first
    clock["free_count"] += count - first


def _records(program: LineProgram) -> Records:
    found = _CACHE.get(id(program))
    if found is not None and found[0] is program:
        return found[1]
    records = line_records(program)
    if len(_CACHE) > 256:
        _CACHE.clear()
    _CACHE[id(program)] = (program, records)
    return records


_CACHE: dict[int, tuple[LineProgram, Records]] = {}


def _counts(records: Records) -> dict[str, int]:
    return {name: len(array) for name, array in records.arrays.items()}


def _block(counts: dict[str, int]) -> tuple[NDArray[np.uint8], dict[str, NDArray[Any]]]:
    """One block, and the arrays in it, each aligned."""
    from manyworks.twin.engine.layout import KINDS

    spans, size = {}, 0
    for name, kind in KINDS.items():
        spans[name] = (size, size + counts[name] * kind.itemsize)
        size = -(-spans[name][1] // ALIGNED) * ALIGNED
    memory = np.zeros(size, np.uint8)
    return memory, {name: memory[low:high].view(KINDS[name]) for name, (low, high) in spans.items()}


def _line(arrays: dict[str, NDArray[Any]]) -> Any:
    from manyworks.twin.engine.layout import Line

    return Line(**{name: as_records(array) if array.dtype.names else array for name, array in arrays.items()})


@lru_cache(maxsize=64)
def _digest(words: str) -> bytes:
    return hashlib.sha256(words.encode()).digest()


def _program_hash(program: LineProgram) -> bytes:
    from manyworks.twin.engine.layout import KINDS

    return _digest(f"{program!r} {[(name, kind.descr) for name, kind in KINDS.items()]}")
