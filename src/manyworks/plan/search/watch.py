"""The clock, the target and the news of one search."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Literal

from manyworks.plan.highs import solver_is_running
from manyworks.plan.progress import Display, Progress

SETTLING_SECONDS = 5.0
"""Longest solve after Ctrl-C: the flows of the best design so far."""


@dataclass
class Watch:
    """What a search is allowed, and whom it tells. ``case`` is the title of the rival."""

    case: str
    gap: float
    time_limit: float | None
    display: Display | None
    measure: Literal["NPV", "cost"] = "NPV"
    log: list[str] = field(default_factory=list)
    is_interrupted: bool = False
    _stopped_at: float | None = None
    _began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Wall seconds since the start."""
        return time.monotonic() - self._began

    @property
    def seconds_left(self) -> float | None:
        """Wall seconds that may still be used; None: no limit. After Ctrl-C, those to settle what was found."""
        if self.is_interrupted:
            return SETTLING_SECONDS
        return None if self.time_limit is None else max(self.time_limit - self.seconds, 0.0)

    @property
    def is_over(self) -> bool:
        """Whether the search must end now."""
        return self.is_interrupted or (self.time_limit is not None and self.seconds >= self.time_limit)

    def budget(self, until: float, is_enough: Callable[[], bool] = lambda: False) -> Callable[[], bool]:
        """Whether a part of the search must end: at the share ``until`` of the time limit, or, where none is stated,
        when ``is_enough`` work was done. Work is counted, not timed, so that a busy machine finds the same plan."""

        def is_over() -> bool:
            if self.is_interrupted:
                return True
            return is_enough() if self.time_limit is None else self.seconds >= until * self.time_limit

        return is_over

    @contextmanager
    def listening(self) -> Iterator[None]:
        """While inside, Ctrl-C ends the search and keeps its best plan; another one, a second later, ends the program.

        Only a main thread can listen; elsewhere nothing changes.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGINT, self._stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        # A terminal and a parent process may both pass on one key press.
        if self._stopped_at is not None and time.monotonic() - self._stopped_at > 1.0:
            raise KeyboardInterrupt
        first, self._stopped_at, self.is_interrupted = self._stopped_at is None, time.monotonic(), True
        if first and solver_is_running():
            raise KeyboardInterrupt  # which the solver's own loop takes as the word to stop

    def say(
        self,
        phase: str,
        npv: float | None = None,
        bound: float | None = None,
        *,
        done: int | None = None,
        total: int | None = None,
    ) -> None:
        """A step in plain words, with the best plan and the bound so far, or the count of like steps behind."""
        if not self.log or not self.log[-1].endswith(phase):
            self.log.append(f"{self.seconds:.1f} s: {phase}")
        if self.display is not None:
            self.display(
                Progress(
                    case=self.case,
                    phase=phase,
                    seconds=self.seconds,
                    npv=npv,
                    bound=bound,
                    done=done,
                    total=total,
                    measure=self.measure,
                )
            )

    def done(self, npv: float, bound: float, gap: float) -> None:
        """The last message."""
        self.log.append(f"{self.seconds:.1f} s: npv {npv:.2f}, bound {bound:.2f}, gap {gap:.4%}")
        if self.display is not None:
            self.display(
                Progress(
                    case=self.case,
                    phase="Done",
                    seconds=self.seconds,
                    npv=npv,
                    bound=bound,
                    gap=gap,
                    is_done=True,
                    measure=self.measure,
                )
            )

    def finished(self) -> None:
        """The last message of a part that has no plan of its own."""
        self.log.append(f"{self.seconds:.1f} s: done")
        if self.display is not None:
            self.display(Progress(case=self.case, phase="Done", seconds=self.seconds, is_done=True))
