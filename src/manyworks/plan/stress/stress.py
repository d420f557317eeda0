"""Finished plans under stress: one front for every part, one result that holds them all."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from manyworks import __version__
from manyworks.errors import CheckError, Issue, UsageError
from manyworks.model.document.hashes import input_hash
from manyworks.model.network import Network
from manyworks.model.table import Table
from manyworks.plan.progress import Display
from manyworks.plan.result import NetworkPlan
from manyworks.plan.rivals.compare import Comparison, compare_plans, comparison_of
from manyworks.plan.search.watch import Watch
from manyworks.plan.stress.part import LARGE_FLOWS, PARTS, Part, PartResult, Settings, flows, wanted_parts

NEVER_BEGUN = "stopped before it began"


@dataclass(frozen=True, kw_only=True)
class StressRun:
    """Result of ``stress_plan``: a result for each part, and why each other part that was asked for is ``absent``."""

    comparison: Comparison
    results: Mapping[str, PartResult]
    absent: Mapping[str, str]
    seconds: float
    cpu_seconds: float
    seed: int
    version: str
    input_hash: str
    log: tuple[str, ...] = field(default=())

    @property
    def is_complete(self) -> bool:
        """Whether every part was run to its end; False after Ctrl-C."""
        return NEVER_BEGUN not in self.absent.values() and all(part.is_complete for part in self.results.values())

    def tables(self) -> dict[str, Table]:
        """Every table, as ``part.table``."""
        return {f"{name}.{table}": rows for name, part in self.results.items() for table, rows in part.tables().items()}

    def check(self) -> list[Issue]:
        """Recompute every part without the solver; an empty list is a clean run."""
        return [issue for part in self.results.values() for issue in part.check()]

    def summary(self) -> str:
        """The answers in some lines of text."""
        blocks = [f"{PARTS[name].title}\n{part.summary()}" for name, part in self.results.items()]
        missing = [f"{PARTS[name].title}: not run, {reason}." for name, reason in self.absent.items()]
        return "\n\n".join([*blocks, *(["\n".join(missing)] if missing else [])])

    def to_frame(self, table: str) -> Any:
        """One of the tables as a pandas DataFrame."""
        tables = self.tables()
        if table not in tables:
            cure = "Name one of the run's tables."
            raise UsageError("must be one of " + ", ".join(tables), where="table", found=table, cure=cure)
        return tables[table].to_frame()

    def to_dict(self) -> dict[str, Any]:
        """Provenance and every table as plain data."""
        return {
            "is_complete": self.is_complete,
            "parts": {
                name: {
                    "is_complete": part.is_complete,
                    "tables": {table: list(rows.rows()) for table, rows in part.tables().items()},
                }
                for name, part in self.results.items()
            },
            "absent": dict(self.absent),
            "seconds": self.seconds,
            "cpu_seconds": self.cpu_seconds,
            "seed": self.seed,
            "version": self.version,
            "input_hash": self.input_hash,
        }

    def __repr__(self) -> str:
        return f"StressRun({self.comparison.network.name!r}: {', '.join(self.results) or 'nothing run'})"


def stress_plan(
    subject: Network | NetworkPlan | Comparison,
    *,
    parts: Sequence[str] | None = None,
    gap: float = 0.01,
    time_limit: float | None = None,
    seed: int = 0,
    jobs: int = 2,
    display: Display | None = None,
    options: Mapping[str, Any] | None = None,
    full: bool = False,
) -> StressRun:
    """Put finished plans under stress; a network is planned first, with all its rivals.

    ``parts`` to run, in the order of ``PARTS``; none: all. ``gap``, ``time_limit`` (seconds of each solve), ``seed``
    and ``jobs`` as in ``compare_plans``. ``options``: part to the record of options that its module names. Ctrl-C ends
    the run and keeps what is done. ``full``: also the long parts of a large network.

    Raises
    ------
    UsageError
        There is no such part.
    CheckError
        A result does not survive its recomputation without the solver.
    """
    wanted = wanted_parts(parts, list(options or {}))
    cpu, began = time.process_time(), time.monotonic()
    comparison = _comparison(subject, gap=gap, time_limit=time_limit, seed=seed, jobs=jobs, display=display)
    settings = Settings(gap=gap, time_limit=time_limit, seed=seed, jobs=jobs, display=display)
    results: dict[str, PartResult] = {}
    absent: dict[str, str] = {}
    log: list[str] = []
    is_interrupted = any(plan.status == "interrupted" for plan in comparison.plans.values())
    for name in wanted:
        part, watch = PARTS[name], Watch(case=PARTS[name].title, gap=gap, time_limit=None, display=display)
        reason = NEVER_BEGUN if is_interrupted else _absent_reason(part, comparison, full=full)
        if reason:
            absent[name] = reason
            continue
        with watch.listening():
            own = replace(settings, options=(options or {}).get(name))
            results[name] = part.module.run(comparison, own, watch)
        is_interrupted = watch.is_interrupted or not results[name].is_complete
        watch.finished()
        log.extend(watch.log)
    run = StressRun(
        comparison=comparison,
        results=results,
        absent=absent,
        seconds=time.monotonic() - began,
        cpu_seconds=time.process_time() - cpu,
        seed=seed,
        version=__version__,
        input_hash=input_hash(comparison.network),
        log=tuple(log),
    )
    failures = [str(issue) for issue in run.check()]
    if failures:
        raise CheckError("the stress run failed its own check", failures=failures)
    return run


def _absent_reason(part: Part, comparison: Comparison, *, full: bool) -> str:
    if part.is_long and not full and flows(comparison.network) > LARGE_FLOWS:
        return "the network is large and this part plans it dozens of times; ask for it with --full (full=True)"
    return part.module.absent_reason(comparison)


def _comparison(subject: Network | NetworkPlan | Comparison, **how: Any) -> Comparison:
    if isinstance(subject, Comparison):
        return subject
    if isinstance(subject, NetworkPlan):
        return comparison_of({subject.case.name: subject}, {})
    return compare_plans(subject, **how)
