"""How far one form of the network is ahead of another, found and proven."""

from __future__ import annotations

from dataclasses import dataclass

from manyworks.plan.case import CaseName
from manyworks.plan.rivals.compare import Comparison

NEEDED: tuple[CaseName, ...] = ("central", "distributed")
"""What the worth of a claim is computed from."""
RIVALS: tuple[CaseName, ...] = (*NEEDED, "best")


@dataclass(frozen=True, kw_only=True)
class Lead:
    """How far distributed, and the best mix, are ahead of central: NPV found, and the least and most that is proven.

    ``best`` is nan where the best mix was not planned.
    """

    distributed: float
    best: float
    least: float
    most: float

    @classmethod
    def of(cls, comparison: Comparison) -> Lead:
        """Of the plans of a comparison."""
        central, other = (comparison.plans[name] for name in NEEDED)
        best = comparison.plans.get("best")
        return cls(
            distributed=other.npv - central.npv,
            best=best.npv - central.npv if best else float("nan"),
            least=other.npv - central.bound,
            most=other.bound - central.npv,
        )
