"""What the report is about: the comparison with everything that several parts of the page ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from manyworks.model.network import Network
from manyworks.model.periods import Period
from manyworks.plan.money.openings import Changes, plan_changes
from manyworks.plan.result import NetworkPlan
from manyworks.plan.rivals.compare import Comparison
from manyworks.plan.rivals.incremental import Incremental
from manyworks.plan.rivals.service import Service
from manyworks.plan.stress.stress import StressRun
from manyworks.studies.plan_report.places import PlaceRow, place_rows


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A comparison seen from its recommended plan. ``base`` is doing nothing, None where it could not be priced.

    ``stress`` holds the parts of a stress run on it, None where none was run.
    """

    comparison: Comparison
    stress: StressRun | None = None

    @property
    def network(self) -> Network:
        """The document."""
        return self.comparison.network

    @property
    def plan(self) -> NetworkPlan:
        """The recommended plan."""
        return self.comparison.best_plan

    @property
    def base(self) -> NetworkPlan | None:
        """The plan of doing nothing."""
        return self.comparison.plans.get("do_nothing")

    @property
    def currency(self) -> str:
        """ISO code of the money."""
        return self.network.finance.currency

    @property
    def last(self) -> Period:
        """The last planned period, which stands for the finished network."""
        return self.plan.periods[-1]

    @property
    def last_year(self) -> int:
        """Calendar year in which the plan ends."""
        return (self.last.ends - timedelta(days=1)).year

    @property
    def is_change(self) -> bool:
        """Whether the recommendation is something else than doing nothing."""
        return self.comparison.recommended != "do_nothing"

    @property
    def incremental(self) -> Incremental | None:
        """The recommended plan less doing nothing; None where there is no such difference."""
        return self.comparison.incremental.get(self.comparison.recommended)

    @property
    def positions(self) -> dict[str, int]:
        """Name of a period to its position."""
        return {period.name: period.index for period in self.plan.periods}

    @cached_property
    def changes(self) -> Changes:
        """What the recommended plan opens, closes and extends."""
        return plan_changes(self.plan)

    @cached_property
    def places(self) -> list[PlaceRow]:
        """Where the recommended plan makes or holds, the largest first."""
        return place_rows(self.plan)

    @property
    def service(self) -> Service:
        """Days to customers under the recommended plan."""
        return self.comparison.services[self.comparison.recommended]

    @property
    def base_service(self) -> Service | None:
        """Days to customers when nothing is done."""
        return self.comparison.services.get("do_nothing") if self.is_change else None

    @property
    def has_promises(self) -> bool:
        """Whether any market was promised days."""
        return any(market.service_days is not None for market in self.network.markets)

    @property
    def units_per_year(self) -> float:
        """Units received a year in the last period."""
        return float(self.service.by_market["served"].sum()) / self.last.years

    @cached_property
    def problems(self) -> list[str]:
        """What the check of the finished plan found; empty for a clean plan."""
        return [str(issue) for issue in self.plan.check()]

    @cached_property
    def cash_flow(self) -> NDArray[np.float64]:
        """Cash (periods,) that the page shows: against doing nothing, else the plan's own; terminal value left out."""
        return self.plan.money.cash_flow if self.incremental is None else self.incremental.cash_flow
