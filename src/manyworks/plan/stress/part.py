"""What a part of a stress run is: a question, the module that answers it, and the shape of its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from manyworks.errors import UsageError

if TYPE_CHECKING:
    from manyworks.errors import Issue
    from manyworks.model.network import Network
    from manyworks.model.table import Table
    from manyworks.plan.progress import Display
    from manyworks.plan.rivals.compare import Comparison
    from manyworks.plan.search.watch import Watch


class PartResult(Protocol):
    """What every part hands out. ``is_complete`` is False after Ctrl-C: what was done so far is there."""

    @property
    def is_complete(self) -> bool:
        """Whether everything that was asked for was run."""

    def tables(self) -> dict[str, Table]:
        """Name to table; the first one answers the question of the part."""

    def check(self) -> list[Issue]:
        """Recompute without the solver; an empty list is a clean result."""

    def summary(self) -> str:
        """The answer in some lines of text."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a part works. ``gap``, ``time_limit``, ``seed`` and ``jobs`` as in ``compare_plans``, for each solve.

    ``options`` of the part itself: the record that its module names, None for its defaults.
    """

    gap: float = 0.01
    time_limit: float | None = None
    seed: int = 0
    jobs: int = 1
    display: Display | None = None
    options: Any = None


class PartModule(Protocol):
    """The functions that the module of a part has."""

    @staticmethod
    def absent_reason(comparison: Comparison) -> str:
        """Why the document cannot answer this part; empty when it can."""

    @staticmethod
    def run(comparison: Comparison, settings: Settings, watch: Watch) -> PartResult:
        """The answer. Asks ``watch.is_interrupted`` between solves and hands over what it has."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part: ``home`` is the module with ``absent_reason`` and ``run``, imported when it is asked for.

    ``is_long``: it solves dozens of plans, so on a large network it must be asked for.
    """

    name: str
    title: str
    question: str
    home: str
    is_long: bool = False

    @property
    def module(self) -> PartModule:
        """The module at ``home``."""
        return cast(PartModule, import_module(self.home))


def _parts(*parts: Part) -> Mapping[str, Part]:
    return {part.name: part for part in parts}


PARTS: Mapping[str, Part] = _parts(
    Part(
        name="outages",
        title="Outages",
        question="What does it cost when a site, a line or a region stands still, and who covers?",
        home="manyworks.plan.stress.outages.run",
    ),
    Part(
        name="scenarios",
        title="Scenarios",
        question="Which rival wins when demand, freight, duty or wages are different?",
        home="manyworks.plan.stress.scenarios.run",
    ),
    Part(
        name="tornado",
        title="Tornado",
        question="Which uncertain number moves the worth of the plan most, and does it turn the answer?",
        home="manyworks.plan.stress.tornado",
        is_long=True,
    ),
    Part(
        name="break_even",
        title="Break-even maps",
        question="Where does another rival win as volume and freight, or tariffs and wages, move together?",
        home="manyworks.plan.stress.break_even",
        is_long=True,
    ),
    Part(
        name="two_stage",
        title="Many futures",
        question="Which single design is best for many futures, and what is knowing them worth?",
        home="manyworks.plan.stress.two_stage",
        is_long=True,
    ),
    Part(
        name="staging",
        title="Building in steps",
        question="What is a fast stand-up worth when demand is uncertain?",
        home="manyworks.plan.stress.staging",
        is_long=True,
    ),
    Part(
        name="pareto",
        title="Goals beside money",
        question="What do service days, resilience and CO2 cost?",
        home="manyworks.plan.stress.pareto",
        is_long=True,
    ),
)
"""Every part, in the order of the report."""


LARGE_FLOWS = 200_000
"""Places × markets × families × periods above which long parts must be asked for."""


def flows(network: Network) -> int:
    """Places × markets × families × periods of a document."""
    places = len(network.sites) + len(network.warehouses) + len(network.co_packers)
    families = len({product.family for product in network.products})
    return places * len(network.markets) * families * (network.finance.quarters + network.finance.years)


def wanted_parts(names: Sequence[str] | None, also: Sequence[str] = ()) -> list[str]:
    """The parts that are meant, in order; none: all. ``also`` must be names of parts as well.

    Raises
    ------
    UsageError
        There is no such part.
    """
    unknown = [name for name in (*(names or ()), *also) if name not in PARTS]
    if unknown:
        cure = "Choose from them."
        raise UsageError("must be some of " + ", ".join(PARTS), where="parts", found=", ".join(unknown), cure=cure)
    return [name for name in PARTS if names is None or name in names]
