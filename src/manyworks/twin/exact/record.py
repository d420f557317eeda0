"""The exact answer itself, as every function of this package gives it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ExactAnswer:
    """True long-run figures of a line or queue.

    ``rate_per_min`` parts that leave as good; ``wip`` parts inside, waiting ones included, None where unknown;
    ``method`` the class of lines in words; ``source`` where its proof is found; ``states`` of the Markov chain that
    was solved, None for a formula.
    """

    method: str
    source: str
    rate_per_min: float
    wip: float | None = None
    states: int | None = None

    @property
    def flow_min(self) -> float | None:
        """Mean time of a good part from entering to leaving, minutes: Little's law, where all that enters is good."""
        return None if self.wip is None else self.wip / self.rate_per_min

    def __str__(self) -> str:
        wip = "" if self.wip is None else f", {self.wip:.6g} parts inside"
        return f"{self.method}: {self.rate_per_min:.10g} parts/min{wip}"
