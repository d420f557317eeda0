"""The clock, the target and the news of one search."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from manyworks.plan.progress import Display, Progress


@dataclass
class Watch:
    """What a search is allowed, and whom it tells. ``case`` is the title of the rival."""

    case: str
    gap: float
    time_limit: float | None
    display: Display | None
    log: list[str] = field(default_factory=list)
    is_interrupted: bool = False
    _began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Wall seconds since the start."""
        return time.monotonic() - self._began

    @property
    def seconds_left(self) -> float | None:
        """Wall seconds that may still be used; None: no limit."""
        return None if self.time_limit is None else max(self.time_limit - self.seconds, 0.0)

    @property
    def is_over(self) -> bool:
        """Whether the search must end now."""
        return self.is_interrupted or (self.time_limit is not None and self.seconds >= self.time_limit)

    def budget(self, cpu_seconds: float, until: float) -> Callable[[], bool]:
        """Whether a part of the search must end: at the share ``until`` of the time limit, or, where none is stated,
        after CPU seconds of its own, so that a busy machine finds the same plan."""
        begins = time.process_time()

        def is_over() -> bool:
            if self.is_interrupted:
                return True
            if self.time_limit is not None:
                return self.seconds >= until * self.time_limit
            return time.process_time() - begins >= cpu_seconds

        return is_over

    def say(self, phase: str, npv: float | None = None, bound: float | None = None) -> None:
        """A step in plain words, with the best plan and the bound so far."""
        if not self.log or not self.log[-1].endswith(phase):
            self.log.append(f"{self.seconds:.1f} s: {phase}")
        if self.display is not None:
            self.display(Progress(case=self.case, phase=phase, seconds=self.seconds, npv=npv, bound=bound))

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
                )
            )
