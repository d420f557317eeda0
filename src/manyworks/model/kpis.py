"""Key figures of manufacturing operations, defined once for plan, twin and floor.

Names and formulas of ISO 22400-2:2014; each function names the elements that it takes. Times are minutes of one work
unit (any other unit serves as well, all in the same), quantities are units of one product. A figure whose denominator
is zero is ``nan``: nothing was planned or made, so nothing can be said.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan


def availability(production_min: float, busy_min: float) -> float:
    """Availability = APT / PBT: actual production time over planned busy time, 0 to 1."""
    return _ratio(production_min, busy_min)


def effectiveness(ideal_min_per_unit: float, produced: float, production_min: float) -> float:
    """Effectiveness, the *performance* of OEE = PRI × PQ / APT: planned run time of what was made over the time used.

    ``ideal_min_per_unit`` is 1 / nominal rate. Above 1 the nominal rate was stated too low.
    """
    return _ratio(ideal_min_per_unit * produced, production_min)


def quality_ratio(good: float, produced: float) -> float:
    """Quality ratio = GQ / PQ: good over produced units, 0 to 1."""
    return _ratio(good, produced)


def oee(availability: float, effectiveness: float, quality_ratio: float) -> float:
    """Overall equipment effectiveness = availability × effectiveness × quality ratio."""
    return availability * effectiveness * quality_ratio


def effective_rate(nominal_per_min: float, oee: float) -> float:
    """Good units per open minute = nominal rate × OEE, where planned busy time is the open time.

    Changeovers and planned stops are no part of the open time here: the plan charges them apart.
    """
    return nominal_per_min * oee


@dataclass(frozen=True, kw_only=True)
class LineFigures:
    """What a line did in a stretch of time, and the figures that follow.

    ``busy_min`` planned busy time (PBT); ``production_min`` of it actually producing (APT); ``setup_min`` actual set-up
    (AUST); ``down_min`` unplanned standstill by faults; ``failures`` their number; ``nominal_per_min`` the rated speed;
    ``good`` and ``scrap`` units.
    """

    busy_min: float
    production_min: float
    nominal_per_min: float
    good: float
    scrap: float = 0.0
    setup_min: float = 0.0
    down_min: float = 0.0
    failures: int = 0

    @property
    def produced(self) -> float:
        """Produced quantity (PQ)."""
        return self.good + self.scrap

    @property
    def availability(self) -> float:
        """APT / PBT."""
        return availability(self.production_min, self.busy_min)

    @property
    def effectiveness(self) -> float:
        """PRI × PQ / APT."""
        return effectiveness(_ratio(1.0, self.nominal_per_min), self.produced, self.production_min)

    @property
    def quality_ratio(self) -> float:
        """GQ / PQ."""
        return quality_ratio(self.good, self.produced)

    @property
    def oee(self) -> float:
        """Availability × effectiveness × quality ratio; the same as good units over nominal rate × busy time."""
        return oee(self.availability, self.effectiveness, self.quality_ratio)

    @property
    def nee(self) -> float:
        """Net equipment effectiveness: OEE with set-up counted as used time, (APT + AUST) / PBT × E × Q."""
        return oee(_ratio(self.production_min + self.setup_min, self.busy_min), self.effectiveness, self.quality_ratio)

    @property
    def setup_ratio(self) -> float:
        """AUST / (APT + AUST)."""
        return _ratio(self.setup_min, self.production_min + self.setup_min)

    @property
    def scrap_ratio(self) -> float:
        """SQ / PQ."""
        return _ratio(self.scrap, self.produced)

    @property
    def mttf_min(self) -> float:
        """Mean running time to failure: production time over the number of failures."""
        return _ratio(self.production_min, self.failures)

    @property
    def mttr_min(self) -> float:
        """Mean time to repair: fault standstill over the number of failures."""
        return _ratio(self.down_min, self.failures)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else nan
