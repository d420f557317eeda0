"""Where to build, with what, when, and what it is worth: from a network to a plan with a proven gap."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Literal

from manyworks import __version__
from manyworks.errors import CheckError, UsageError
from manyworks.model.document.hashes import input_hash
from manyworks.model.network import Network
from manyworks.plan.case import CASES, CaseName
from manyworks.plan.equations.binding import binding_limits
from manyworks.plan.equations.decode import decode
from manyworks.plan.equations.instance import Instance, make_instance
from manyworks.plan.money.business_case import business_case
from manyworks.plan.prices import published
from manyworks.plan.progress import Display
from manyworks.plan.result import NetworkPlan, Status
from manyworks.plan.search.find import Found, find_plan
from manyworks.plan.search.watch import Watch


@dataclass(frozen=True, kw_only=True)
class Designed:
    """A plan with the model and the numbers that it was read from, for questions that go on from there."""

    plan: NetworkPlan
    found: Found


def design_network(
    network: Network,
    *,
    case: CaseName = "best",
    gap: float = 0.01,
    time_limit: float | None = None,
    seed: int = 0,
    threads: int | None = None,
    display: Display | None = None,
) -> NetworkPlan:
    """The plan of greatest npv that ``case`` allows.

    ``gap`` is the proven distance at which to stop, (bound − npv) over the present value of the plan's costs, in [0,
    1). ``time_limit`` in wall seconds; none: until the gap is reached. ``seed`` is the solver's. ``threads`` of the
    solver, fixed by the first plan of a process; none: one. ``display`` receives the progress. Ctrl-C ends the search
    and returns the best plan so far, with its gap and the status ``interrupted``.

    Raises
    ------
    UsageError
        An argument is outside its range.
    CheckError
        The plan does not survive its recomputation without the solver; it is never handed out.
    InfeasibleError
        No plan meets every rule of the document; it names the rules that conflict.
    SolverError
        The solver stopped without a usable answer.
    """
    return design_with_model(
        network, case=case, gap=gap, time_limit=time_limit, seed=seed, threads=threads, display=display
    ).plan


def design_with_model(
    network: Network,
    *,
    case: CaseName = "best",
    gap: float = 0.01,
    time_limit: float | None = None,
    seed: int = 0,
    threads: int | None = None,
    display: Display | None = None,
) -> Designed:
    """``design_network``, with its model."""
    _check_arguments(case, gap, time_limit)
    watch = Watch(case=CASES[case].title, gap=gap, time_limit=time_limit, display=display)
    cpu = time.process_time()
    watch.say("Reading the document into numbers")
    instance = make_instance(network, CASES[case])
    with watch.listening():
        found = find_plan(instance, watch, seed=seed, threads=threads)
    plan = finished_plan(network, instance, found, watch, seed=seed, cpu_since=cpu)
    return Designed(plan=plan, found=found)


def finished_plan(
    network: Network, instance: Instance, found: Found, watch: Watch, *, seed: int, cpu_since: float
) -> NetworkPlan:
    """The plan that ``found`` describes, with its money, checked; ``cpu_since`` is the process time at its start.

    Raises
    ------
    CheckError
        The plan does not survive its recomputation without the solver.
    """
    tables = decode(found.model, found.x)
    money = business_case(network, instance.case, instance.periods, tables)
    bound = max(found.bound, money.npv)
    share = (bound - money.npv) / money.cost_present_value if money.cost_present_value > 0 else 0.0
    plan = NetworkPlan(
        network=network,
        case=instance.case,
        periods=instance.periods,
        tables=tables,
        money=money,
        status=_status(found, share, watch.gap, watch.time_limit),
        npv=money.npv,
        bound=bound,
        gap=share,
        seconds=watch.seconds,
        cpu_seconds=time.process_time() - cpu_since,
        seed=seed,
        version=__version__,
        input_hash=input_hash(network),
        binding=binding_limits(found.model, found.row_price, found.reduced_value, found.contract_worth),
        log=tuple(watch.log),
        is_branched=found.is_whole,
        prices=None if found.prices is None else published(instance, *found.prices),
    )
    watch.say("Checking the plan without the solver")
    failures = [str(issue) for issue in plan.check()]
    if money.npv > found.bound + PROVEN * abs(money.cost_present_value):
        failures.append(f"npv {money.npv:.2f} is above the bound {found.bound:.2f} that the solver proved")
    if failures:
        raise CheckError("the plan failed its own check", failures=failures, where=instance.case.name)
    watch.done(money.npv, bound, share)
    return replace(plan, seconds=watch.seconds, cpu_seconds=time.process_time() - cpu_since, log=tuple(watch.log))


def _check_arguments(case: str, gap: float, time_limit: float | None) -> None:
    if case not in CASES:
        raise UsageError("must be one of " + ", ".join(CASES), where="case", found=case, cure="Choose one of them.")
    if not 0 <= gap < 1:
        raise UsageError("must be in [0, 1)", where="gap", found=gap, cure="State it as a share: 0.01 is 1 %.")
    if time_limit is not None and time_limit <= 0:
        raise UsageError("must be > 0 seconds", where="time_limit", found=time_limit, cure="State wall seconds.")


PROVEN = 1e-6
"""Gap below which a plan counts as optimal."""


def _status(found: Found, share: float, gap: float, time_limit: float | None) -> Status:
    stopped: Literal["interrupted", "time_limit"] | None = found.stopped
    if stopped == "interrupted":
        return "interrupted"
    if share <= PROVEN:
        return "optimal"
    if share <= gap:
        return "gap_reached"
    is_cut = time_limit is not None and (found.stopped == "time_limit" or not found.is_whole)
    return "time_limit" if is_cut else "search_ended"
