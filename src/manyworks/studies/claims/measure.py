"""Every claim switched off alone, all rivals planned again, and what the distributed network loses by it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np

from manyworks import __version__
from manyworks.errors import InfeasibleError, SolverError, UsageError
from manyworks.model.document.hashes import input_hash
from manyworks.model.network import Network
from manyworks.model.table import Table
from manyworks.plan.progress import Display
from manyworks.plan.rivals.compare import Comparison, compare_plans
from manyworks.plan.search.watch import Watch
from manyworks.render.numbers import signed
from manyworks.studies.claims.claim import CLAIMS, Claim
from manyworks.studies.claims.kept import Kept, Outcome, is_complete
from manyworks.studies.claims.lead import NEEDED, RIVALS, Lead

Verdict = Literal["holds, proven", "holds", "makes no difference", "works against", "works against, proven"]
NOTHING = 0.0005
"""Share of the central plan's costs below which a worth counts as no difference."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One claim on one document.

    ``lines`` is what its money lines cost central less what they cost distributed, present value; ``worth`` the lead of
    distributed over central that is lost when the claim is switched off, with the ``least`` and ``most`` that the gaps
    leave open, infinite where nothing is proven; ``worth_best`` the same for the best mix. ``figure_central`` and
    ``figure_distributed`` are nan where the claim has no figure.
    """

    claim: Claim
    lines: float
    worth: float
    least: float
    most: float
    worth_best: float
    figure_central: float
    figure_distributed: float
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class ClaimsRun:
    """Result of ``measure_claims``: the claims that were measured, and why others were not."""

    comparison: Comparison
    lead: Lead
    measured: Mapping[str, Measured]
    absent: Mapping[str, str]
    seconds: float
    cpu_seconds: float
    seed: int
    version: str
    input_hash: str

    @property
    def is_one_plan(self) -> bool:
        """Whether both forms build the same and are worth the same: then no claim makes a difference between them."""
        plans = [self.comparison.plans[name] for name in NEEDED]
        opened = [{(row["place"], row["starts"]) for row in plan.tables.openings.rows()} for plan in plans]
        near = NOTHING * plans[0].money.cost_present_value
        return opened[0] == opened[1] and abs(self.lead.distributed) <= near

    @property
    def table(self) -> Table:
        """One row for each claim: ``claim, title, worth, least, most, worth_best, lines, figure, unit,
        figure_central, figure_distributed, verdict``; money in present value."""
        rows = [_row(measured) for measured in self.measured.values()]
        return Table({name: _column([row[name] for row in rows]) for name in _row_names()})

    def to_frame(self) -> Any:
        """The claims as a pandas DataFrame."""
        return self.table.to_frame()

    def summary(self) -> str:
        """The claims in some lines of text, the most valuable first."""
        lead = self.lead
        proven = f"proven: {signed(lead.least)} to {signed(lead.most)}"
        ahead = f"distributed is {signed(lead.distributed)} against central ({proven})"
        lines = [
            f"{self.comparison.network.name}: {ahead}{_best_words(lead)}",
            f"{'claim':<32}{'worth':>10}{'proven from':>14}{'to':>10}  verdict",
        ]
        for row in sorted(self.measured.values(), key=lambda row: -row.worth):
            proven = (
                (f"{signed(row.least):>14}{signed(row.most):>10}") if np.isfinite(row.least) else f"{'–':>14}{'–':>10}"
            )
            money = f"{signed(row.worth):>10}{proven}"
            lines.append(f"{row.claim.title:<32}{money}  {row.verdict}")
        lines += [f"{CLAIMS[name].title}: not measured, {reason}." for name, reason in self.absent.items()]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"ClaimsRun({self.comparison.network.name!r}: {', '.join(self.measured)})"


def measure_claims(
    network: Network,
    *,
    claims: Sequence[str] | None = None,
    with_best: bool = True,
    folder: Path | None = None,
    gap: float = 0.01,
    time_limit: float | None = None,
    seed: int = 0,
    jobs: int = 2,
    display: Display | None = None,
) -> ClaimsRun:
    """Switch each of ``claims`` off alone (none: all) and plan central, distributed and the best mix again.

    ``with_best`` False: without the best mix, which halves the work on large networks; what is said of it is nan then.
    What is finished is kept in ``folder`` (none: nowhere), and a later call on the same document with the same options
    goes on from there. ``gap``, ``time_limit``, ``seed`` and ``jobs`` as in ``compare_plans``. Ctrl-C keeps the claims
    measured so far.

    Raises
    ------
    UsageError
        There is no such claim, or the document cannot be planned both centrally and distributed.
    """
    unknown = [name for name in claims or () if name not in CLAIMS]
    if unknown:
        raise UsageError("must be some of " + ", ".join(CLAIMS), where="claims", found=", ".join(unknown))
    how: dict[str, Any] = {"gap": gap, "time_limit": time_limit, "seed": seed}
    began, cpu = time.monotonic(), time.process_time()
    key = how | {"with_best": with_best, "version": __version__, "input_hash": input_hash(network)}
    kept = Kept(folder, key)
    how |= {"jobs": jobs, "cases": RIVALS if with_best else NEEDED}
    base = _as_it_is(network, kept, how, display)
    plan_again = partial(_lead_without, network=network, kept=kept, how=how)
    measured: dict[str, Measured] = {}
    absent: dict[str, str] = {}
    wanted = [name for name in CLAIMS if claims is None or name in claims]
    watch = Watch(case="Claims", gap=gap, time_limit=None, display=display)
    with watch.listening():
        for done, name in enumerate(wanted):
            watch.say(f"Switching off: {CLAIMS[name].title}", done=done, total=len(wanted))
            reason = "stopped before it began" if watch.is_interrupted else CLAIMS[name].absent(network)
            if not reason and name == "reliability":
                measured[name] = _reliability(base, display)
                continue
            outcome = reason or plan_again(CLAIMS[name])
            if isinstance(outcome, Lead):
                measured[name] = _measured(CLAIMS[name], base, outcome)
            else:
                absent[name] = outcome
    watch.finished()
    return ClaimsRun(
        comparison=base,
        lead=Lead.of(base),
        measured=measured,
        absent=absent,
        seconds=time.monotonic() - began,
        cpu_seconds=time.process_time() - cpu,
        seed=seed,
        version=__version__,
        input_hash=input_hash(network),
    )


def _as_it_is(network: Network, kept: Kept, how: dict[str, Any], display: Display | None) -> Comparison:
    """The rivals on the document as it is; both forms must be there."""
    base = kept.comparison()
    if base is None:
        base = compare_plans(network, display=display, **how)
        kept.keep_comparison(base)
    missing = [name for name in NEEDED if name not in base.plans]
    if missing:
        reasons = "; ".join(f"{name}: {base.absent[name]}" for name in missing)
        raise UsageError("needs a central and a distributed plan to compare", where=network.name, found=reasons)
    return base


def _lead_without(claim: Claim, *, network: Network, kept: Kept, how: dict[str, Any]) -> Outcome:
    """The lead when one claim is switched off, or why there is none."""
    outcome = kept.outcome(claim.id)
    if outcome is not None:
        return outcome
    try:
        comparison = compare_plans(claim.without(network), **how)
    except (InfeasibleError, SolverError) as failure:
        return f"without it there is no plan: {failure.what}"
    if not is_complete(comparison):
        return "stopped while it was planned"
    missing = [name for name in NEEDED if name not in comparison.plans]
    outcome = f"without it there is no plan of {', '.join(missing)}" if missing else Lead.of(comparison)
    kept.keep_outcome(claim.id, outcome)
    return outcome


def _measured(claim: Claim, base: Comparison, other: Lead) -> Measured:
    central, distributed, lead = base.plans["central"], base.plans["distributed"], Lead.of(base)
    worth = lead.distributed - other.distributed
    least, most = lead.least - other.most, lead.most - other.least
    figure = claim.figure
    return Measured(
        claim=claim,
        lines=sum(distributed.money.present_values[name] - central.money.present_values[name] for name in claim.lines),
        worth=worth,
        least=least,
        most=most,
        worth_best=lead.best - other.best,
        figure_central=figure.of(central) if figure else float("nan"),
        figure_distributed=figure.of(distributed) if figure else float("nan"),
        verdict=_verdict(worth, least, most, NOTHING * central.money.cost_present_value),
    )


def _reliability(base: Comparison, display: Display | None) -> Measured:
    """What the expected outages of central cost more than those of distributed, with the plans as they are."""
    from manyworks.plan.rivals.compare import comparison_of
    from manyworks.plan.stress.stress import stress_plan

    run = stress_plan(comparison_of(dict(base.plans), {}), parts=["outages"], display=display)
    cost = {row["rival"]: -row["outages"] for row in run.tables()["outages.rivals"].rows()}
    worth, best = cost["central"] - cost["distributed"], cost["central"] - cost.get("best", float("nan"))
    return Measured(
        claim=CLAIMS["reliability"],
        lines=worth,
        worth=worth,
        least=-np.inf,
        most=np.inf,
        worth_best=best,
        figure_central=float("nan"),
        figure_distributed=float("nan"),
        verdict=_verdict(worth, -np.inf, np.inf, NOTHING * base.plans["central"].money.cost_present_value),
    )


def _best_words(lead: Lead) -> str:
    return f", the best mix {signed(lead.best)}" if np.isfinite(lead.best) else ""


def _verdict(worth: float, least: float, most: float, nothing: float) -> Verdict:
    if abs(worth) <= nothing:
        return "makes no difference"
    if worth > 0:
        return "holds, proven" if least > 0 else "holds"
    return "works against, proven" if most < 0 else "works against"


def _row(measured: Measured) -> dict[str, Any]:
    figure = measured.claim.figure
    money = {name: getattr(measured, name) for name in ("worth", "least", "most", "worth_best", "lines")}
    return (
        {"claim": measured.claim.id, "title": measured.claim.title}
        | money
        | {
            "figure": figure.title if figure else "",
            "unit": figure.unit if figure else "",
            "figure_central": measured.figure_central,
            "figure_distributed": measured.figure_distributed,
            "verdict": measured.verdict,
        }
    )


def _row_names() -> tuple[str, ...]:
    money = ("worth", "least", "most", "worth_best", "lines")
    return ("claim", "title", *money, "figure", "unit", "figure_central", "figure_distributed", "verdict")


def _column(values: list[Any]) -> Any:
    is_text = bool(values) and isinstance(values[0], str)
    return np.array(values, dtype=object if is_text else np.float64)
