"""The quarter at which a plan is adopted, and what of the plan lies before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from manyworks.model.network import Network
from manyworks.model.periods import Period
from manyworks.plan.money.ledger import plan_index
from manyworks.plan.money.standing import Stand, stands
from manyworks.plan.result import NetworkPlan


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The start of ``period``, a quarter of ``plan``."""

    plan: NetworkPlan
    period: Period

    @property
    def k(self) -> int:
        """Position of the quarter, which is also the number of quarters that have passed."""
        return self.period.index

    @property
    def network(self) -> Network:
        """The document of the plan."""
        return self.plan.network

    @cached_property
    def standing(self) -> list[Stand]:
        """Every site of the plan."""
        index = plan_index(self.network, self.plan.periods)
        return stands(self.network, self.plan.periods, self.plan.tables, index)

    def openings(self, kind: str) -> Iterator[dict[str, Any]]:
        """Rows of the plan's openings of one kind."""
        return (row for row in self.plan.tables.openings.rows() if row["kind"] == kind)

    def is_past(self, name: str) -> bool:
        """Whether the period of this name has begun by the start of the quarter; an empty name never has."""
        return bool(name) and self._at[name] <= self.k

    def is_before(self, name: str) -> bool:
        """Whether the period of this name lies wholly before the quarter."""
        return bool(name) and self._at[name] < self.k

    @cached_property
    def _at(self) -> dict[str, int]:
        return {period.name: period.index for period in self.plan.periods}
