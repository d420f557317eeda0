"""Several rivals solved side by side, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from threading import Thread
from types import FrameType
from typing import Any

from manyworks.errors import InfeasibleError, SolverError
from manyworks.model.network import Network
from manyworks.plan.case import CASES, CaseName
from manyworks.plan.progress import Display, Progress
from manyworks.plan.result import NetworkPlan

Outcome = NetworkPlan | InfeasibleError | SolverError
LONGEST_FIRST: tuple[CaseName, ...] = ("do_nothing", "best", "distributed", "central")
ORDER: tuple[CaseName, ...] = (*LONGEST_FIRST, *(case for case in CASES if case not in LONGEST_FIRST))
"""Order in which cases are begun: first what every other one is measured against, then the longest."""
QUICK_ARCS = 10_000
"""Places × markets × periods up to which starting a process takes longer than solving a case."""


def solve_cases(
    network: Network,
    cases: Sequence[CaseName],
    *,
    gap: float,
    time_limit: float | None,
    seed: int,
    jobs: int,
    display: Display | None,
) -> dict[CaseName, Outcome]:
    """Each case to its plan, or to the error that leaves it without one; in the order of ``cases``.

    Ctrl-C ends every search; each hands over its best plan. A second one ends the program.
    """
    queue = [case for case in ORDER if case in cases]
    options = {"gap": gap, "time_limit": time_limit, "seed": seed}
    if jobs <= 1 or len(queue) <= 1 or _is_quick(network):
        solved = _one_by_one(network, queue, options, display)
    else:
        solved = _side_by_side(network, queue, options, min(jobs, len(queue)), display)
    # Plans that crossed a process come back with copies of the document; share the one that was given.
    return at_least_each({case: _sharing(solved[case], network) for case in cases}, gap)


def at_least_each(outcomes: dict[CaseName, Outcome], gap: float) -> dict[CaseName, Outcome]:
    """The best of all may do whatever any other rival does: where its search found less, it takes that rival's plan.

    Its own bound stays: it holds for every plan of the case. ``gap`` is the one that was asked for.
    """
    best = outcomes.get("best")
    plans = [plan for plan in outcomes.values() if isinstance(plan, NetworkPlan)]
    winner = max(plans, key=lambda plan: plan.npv, default=None)
    if not isinstance(best, NetworkPlan) or winner is None or winner.npv <= best.npv:
        return outcomes
    bound = max(best.bound, winner.npv)
    share = (bound - winner.npv) / winner.money.cost_present_value
    note = f"The plan is that of {winner.case.title.lower()}, which this search did not reach."
    taken = replace(
        winner,
        case=best.case,
        money=replace(winner.money, case=best.case),
        bound=bound,
        gap=share,
        status="gap_reached" if share <= gap else best.status,
        seconds=best.seconds,
        cpu_seconds=best.cpu_seconds,
        log=(*best.log, note),
    )
    return outcomes | {"best": taken}


def _is_quick(network: Network) -> bool:
    periods = network.finance.quarters + network.finance.years
    return len(network.sites) * len(network.markets) * periods <= QUICK_ARCS


def _one_by_one(
    network: Network, cases: Sequence[CaseName], options: dict[str, Any], display: Display | None
) -> dict[CaseName, Outcome]:
    solved: dict[CaseName, Outcome] = {}
    for case in cases:
        if any(isinstance(plan, NetworkPlan) and plan.status == "interrupted" for plan in solved.values()):
            solved[case] = _never_begun()
        else:
            solved[case] = _solve(network, case, options, display)
    return solved


def _side_by_side(
    network: Network, cases: Sequence[CaseName], options: dict[str, Any], jobs: int, display: Display | None
) -> dict[CaseName, Outcome]:
    context = multiprocessing.get_context("spawn")
    messages = context.Queue()
    listener = Thread(target=_listen, args=(messages, display), daemon=True)
    listener.start()
    try:
        with ProcessPoolExecutor(jobs, mp_context=context, initializer=_join, initargs=(messages,)) as pool:
            futures = {case: pool.submit(_solve_apart, network, case, options) for case in cases}
            return _gather(futures, pool)
    except BrokenProcessPool as failure:
        raise SolverError(
            "a process that solved a rival ended without an answer",
            status="process lost",
            cure="In a script, call from under `if __name__ == '__main__':`, or state jobs=1; else free some memory.",
        ) from failure
    finally:
        messages.put(None)
        listener.join()


def _gather(futures: dict[CaseName, Future[Outcome]], pool: ProcessPoolExecutor) -> dict[CaseName, Outcome]:
    """Wait for all; on Ctrl-C begin nothing more, pass it on, and wait for what the workers have."""
    try:
        return {case: future.result() for case, future in futures.items()}
    except KeyboardInterrupt:
        for future in futures.values():
            future.cancel()
        for process in list(pool._processes or {}):
            os.kill(process, signal.SIGINT)
        return {case: _settled(future) for case, future in futures.items()}


def _settled(future: Future[Outcome]) -> Outcome:
    try:
        return future.result()
    except CancelledError:
        return _never_begun()


def _solve(network: Network, case: CaseName, options: dict[str, Any], display: Display | None) -> Outcome:
    from manyworks.plan.design import design_network

    try:
        return design_network(network, case=case, display=display, **options)
    except (InfeasibleError, SolverError) as failure:
        return failure


def _never_begun() -> SolverError:
    return SolverError("the search was interrupted before it had a plan", status="interrupted")


def _listen(messages: Any, display: Display | None) -> None:
    while (progress := messages.get()) is not None:
        if display is not None:
            display(progress)


def _sharing(outcome: Outcome, network: Network) -> Outcome:
    return replace(outcome, network=network) if isinstance(outcome, NetworkPlan) else outcome


# ---- inside a worker -------------------------------------------------------------------------------------------------


class _Worker:
    """What one worker process knows: where its news goes, and whether it was told to stop."""

    messages: Any = None
    is_busy = False
    is_stopped = False


def _join(messages: Any) -> None:
    _Worker.messages = messages
    signal.signal(signal.SIGINT, _stop)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """The terminal and the parent may both say it: the first word counts, and only a running search is broken off."""
    already, _Worker.is_stopped = _Worker.is_stopped, True
    if _Worker.is_busy and not already:
        raise KeyboardInterrupt


def _solve_apart(network: Network, case: CaseName, options: dict[str, Any]) -> Outcome:
    if _Worker.is_stopped:
        return _never_begun()
    try:
        _Worker.is_busy = True
        outcome = _solve(network, case, options | {"threads": 1}, _tell)
        # A search listens for itself and takes the word from us; a case that waits in the queue must hear it too.
        _Worker.is_stopped |= isinstance(outcome, NetworkPlan) and outcome.status == "interrupted"
        return outcome
    except KeyboardInterrupt:
        return _never_begun()
    finally:
        _Worker.is_busy = False


def _tell(progress: Progress) -> None:
    _Worker.messages.put(progress)
