"""The line that was designed: its machines, rooms and cost, what it makes, how sure that is, and what was tried."""

from __future__ import annotations

from dataclasses import dataclass

from manyworks.model.network import Network
from manyworks.twin.design.cost import CostBasis, LineCost
from manyworks.twin.design.options import MachineOption
from manyworks.twin.intervals import Interval
from manyworks.twin.program import LineProgram


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Machines by station, units of buffer by gap, cost, bound of the rate, and the program that is simulated."""

    machines: tuple[MachineOption, ...]
    gaps: tuple[tuple[str, str], ...]
    rooms: tuple[int, ...]
    cost: LineCost
    bound: float
    program: LineProgram

    @property
    def name(self) -> str:
        """Machines and rooms in short."""
        return f"{', '.join(map(str, self.machines))}; {sum(self.rooms)} rooms"


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A candidate and what it made; ``reaches`` the target by the selection, None: it was not tested there."""

    candidate: Candidate
    rate: Interval
    reaches: bool | None
    is_chosen: bool = False

    @property
    def verdict(self) -> str:
        """chosen, reaches, misses, or searched."""
        if self.is_chosen:
            return "chosen"
        return {True: "reaches", False: "misses", None: "searched"}[self.reaches]


@dataclass(frozen=True, kw_only=True)
class LineDesign:
    """The cheapest line that reaches ``target_per_min`` good units per open minute.

    With probability of at least ``confidence`` the chosen line reaches the target, and no cheaper one that was
    simulated makes ``tolerance`` units/min more than it. Of ``sets`` machine sets, ``too_slow`` cannot reach the
    target with any buffers, and ``too_dear`` cost more than the chosen line without any: both certain. ``skipped`` is
    the rest that was not looked at. ``rate`` on replications that no choice has seen.
    """

    network: Network
    line: str
    product: str
    target_per_min: float
    chosen: Candidate
    rate: Interval
    tried: tuple[Tried, ...]
    confidence: float
    tolerance: float
    basis: CostBasis
    sets: int
    too_slow: int
    too_dear: int
    looked_at: int
    skipped: int
    runs: int
    seed: int
    seconds: float

    @property
    def currency(self) -> str:
        """Currency of all money."""
        return self.network.finance.currency

    def summary(self) -> str:
        """The design in words."""
        from manyworks.twin.design.design_words import design_words

        return design_words(self)
