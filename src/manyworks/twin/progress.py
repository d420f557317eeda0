"""What a running simulation tells the person who waits for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from manyworks.twin.intervals import Interval


@dataclass(frozen=True, kw_only=True)
class TwinProgress:
    """One message: what is being done, how many replications of how many are behind, and the rate as far as known."""

    phase: str
    done: int = 0
    total: int | None = None
    rate: Interval | None = None
    is_done: bool = False

    def __str__(self) -> str:
        words = [self.phase]
        if self.total:
            words.append(f"{self.done} of {self.total} replications")
        if self.rate is not None:
            words.append(f"{self.rate.mean:.4g}/min ± {self.rate.relative:.2%}")
        return ", ".join(words)


TwinDisplay = Callable[[TwinProgress], None]
"""Receives each message; it must return at once."""
