"""A line alive: it runs as far as it is told, takes commands, meets faults, and is read or forked at any moment."""

from __future__ import annotations

import math
from typing import Literal

from manyworks.errors import UsageError
from manyworks.twin.line_records import to_ticks
from manyworks.twin.line_state import advance_ticks, start_line
from manyworks.twin.program import LineProgram
from manyworks.twin.reading import Reading, reading
from manyworks.twin.states import Doing

Command = Literal["stop", "start", "speed", "finish", "product"]
COMMANDS: tuple[Command, ...] = ("stop", "start", "speed", "finish", "product")


class LiveLine:
    """One line at its present moment; the simulated machines of a site are views of it.

    A command or a fault takes effect at the moment where the line stands; in closed time it waits for the opening.
    """

    def __init__(self, program: LineProgram, *, seed: int = 0, replication: int = 0) -> None:
        self.program = program
        self.state = start_line(program, seed=seed, replication=replication)
        self._waiting: list[tuple[int, int, int]] = []
        advance_ticks(self.state, 0)

    @property
    def now_min(self) -> float:
        """Minutes since the beginning."""
        return self.state.now_min

    @property
    def is_closed(self) -> bool:
        """Whether this is closed time."""
        return bool(self.state.line.clock["is_closed"][0])

    def advance(self, until_min: float) -> None:
        """Run until a moment, minutes from the beginning; a moment in the past changes nothing."""
        until = to_ticks(until_min)
        while self._waiting and self.is_closed:
            opening = int(self.state.line.tree[self.state.line.clock["leaves"][0]]) >> int(
                self.state.line.clock["shift"][0]
            )
            if opening > until:
                break
            advance_ticks(self.state, opening)
            self._obey_waiting()
        if until > int(self.state.line.clock["now"][0]):
            advance_ticks(self.state, until)

    def command(self, station: str, what: Command, value: float | str | None = None, *, server: int = 0) -> None:
        """Tell one server of a station, by its number there, to do something.

        ``stop``: stand still until ``start``. ``speed``: work the parts from the next one on so many times as fast,
        all servers. ``finish``: an external station has done its part. ``product``: from now on every place from the
        supply gives another product (its name), whatever the runs say; ``station`` has no meaning then.

        Raises
        ------
        UsageError
            There is no such station, server, command or product, or the server has nothing to finish.
        """
        from manyworks.twin.engine import layout

        if what not in COMMANDS:
            raise UsageError("must be a command", where="what", found=what, cure=f"Choose of {', '.join(COMMANDS)}.")
        if what == "product":
            self._do(int(layout.SET_UP), 0, self._product(value))
            return
        s, k = self._server(station, server)
        if what == "speed":
            if not isinstance(value, int | float) or not 0 < value < math.inf:
                raise UsageError("must be a number above 0", where="value", found=value, cure="1 is the usual speed.")
            self.state.line.stations["speed"][s] = value
        elif what == "finish":
            self._require_work(station, s, k)
            self._do(int(layout.FINISH), k, 0)
        else:
            self._do(int(layout.STOP if what == "stop" else layout.START), k, 0)

    def inject(self, station: str, duration_min: float, *, server: int = 0) -> None:
        """Let a server break down now, and be under repair for so long; one under repair stays so much longer."""
        from manyworks.twin.engine import layout

        if not 0 < duration_min < math.inf:
            raise UsageError("must be above 0", where="duration_min", found=duration_min, cure="State minutes.")
        self._do(int(layout.FAIL), self._server(station, server)[1], max(to_ticks(duration_min), 1))

    def read(self) -> Reading:
        """What has been counted up to now, and how things stand."""
        return reading(self.state)

    def doing(self, station: str, *, server: int = 0) -> Doing:
        """What a server does now."""
        return Doing(int(self.state.line.servers["doing"][self._server(station, server)[1]]))

    def fork(self) -> LiveLine:
        """The same moment once more, for a what-if: it goes on apart, with the same luck."""
        other = LiveLine.__new__(LiveLine)
        other.program, other.state, other._waiting = self.program, self.state.copy(), list(self._waiting)
        return other

    def fork_into(self, other: LiveLine) -> None:
        """Overwrite another live line of the same program with this moment."""
        self.state.fork_into(other.state)
        other._waiting = list(self._waiting)

    # ---- within ----

    def _do(self, command: int, server: int, value: int) -> None:
        if self.is_closed:
            self._waiting.append((command, server, value))
        else:
            advance_ticks(self.state, int(self.state.line.clock["now"][0]), command, server, value)

    def _obey_waiting(self) -> None:
        if not self.is_closed:
            waiting, self._waiting = self._waiting, []
            for command in waiting:
                self._do(*command)

    def _server(self, station: str, server: int) -> tuple[int, int]:
        for s, one in enumerate(self.program.stations):
            if one.id == station:
                if not 0 <= server < one.servers:
                    cure = f"{station} has {one.servers}, counted from 0."
                    raise UsageError("must be a server of the station", where="server", found=server, cure=cure)
                return s, int(self.state.line.stations["first_server"][s]) + server
        known = ", ".join(one.id for one in self.program.stations)
        raise UsageError("must be a station", where="station", found=station, cure=f"Choose of {known}.")

    def _product(self, value: object) -> int:
        if value not in self.program.products:
            known = ", ".join(self.program.products)
            raise UsageError("must be a product", where="value", found=value, cure=f"Choose of {known}.")
        return self.program.products.index(str(value))

    def _require_work(self, station: str, s: int, k: int) -> None:
        from manyworks.twin.engine import layout

        server = self.state.line.servers[k]
        if not self.program.stations[s].is_external:
            cure = "Only what an external station does is told from outside."
            raise UsageError("must be external to finish by command", where="station", found=station, cure=cure)
        if server["activity"] != layout.BUSY or server["is_down"]:
            cure = "Ask what it does first."
            raise UsageError("must be at work to finish", where="station", found=station, cure=cure)
