"""Several rivals solved side by side, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from threading import Thread
from typing import Any

from manyworks.errors import InfeasibleError
from manyworks.model.network import Network
from manyworks.plan.case import CaseName
from manyworks.plan.progress import Display, Progress
from manyworks.plan.result import NetworkPlan

HARDEST_FIRST: tuple[CaseName, ...] = ("best", "distributed", "central", "do_nothing")
"""Order in which cases are handed out, so that the longest solve starts first."""

_messages: Any = None
"""Queue to the parent; set once in each worker process."""


def solve_cases(
    network: Network,
    cases: Sequence[CaseName],
    *,
    gap: float,
    time_limit: float | None,
    seed: int,
    jobs: int,
    display: Display | None,
) -> dict[CaseName, NetworkPlan | InfeasibleError]:
    """Each case to its plan, or to the conflict that leaves it none; in the order of ``cases``.

    Ctrl-C reaches every process; each ends its search and hands over its best plan.
    """
    queue = [case for case in HARDEST_FIRST if case in cases]
    options = {"gap": gap, "time_limit": time_limit, "seed": seed}
    if jobs <= 1 or len(queue) <= 1 or _is_quick(network):
        solved = {case: _solve(network, case, options, display) for case in queue}
    else:
        solved = _in_processes(network, queue, options, min(jobs, len(queue)), display)
    # Plans that crossed a process come back with copies of the document; share the one that was given.
    return {case: _sharing(solved[case], network) for case in cases}


QUICK_ARCS = 10_000
"""Places × markets × periods up to which starting a process takes longer than solving a case."""


def _is_quick(network: Network) -> bool:
    periods = network.finance.quarters + network.finance.years
    return len(network.sites) * len(network.markets) * periods <= QUICK_ARCS


def _in_processes(
    network: Network, cases: list[CaseName], options: dict[str, Any], jobs: int, display: Display | None
) -> dict[CaseName, NetworkPlan | InfeasibleError]:
    context = multiprocessing.get_context("spawn")
    messages = context.Queue()
    listener = Thread(target=_listen, args=(messages, display), daemon=True)
    listener.start()
    try:
        with ProcessPoolExecutor(jobs, mp_context=context, initializer=_join, initargs=(messages,)) as pool:
            futures = {case: pool.submit(_solve_apart, network, case, options) for case in cases}
            return {case: _patient(future, pool) for case, future in futures.items()}
    finally:
        messages.put(None)
        listener.join()


def _solve(
    network: Network, case: CaseName, options: dict[str, Any], display: Display | None
) -> NetworkPlan | InfeasibleError:
    from manyworks.plan.design import design_network

    try:
        return design_network(network, case=case, display=display, **options)
    except InfeasibleError as conflict:
        return conflict


def _solve_apart(network: Network, case: CaseName, options: dict[str, Any]) -> NetworkPlan | InfeasibleError:
    return _solve(network, case, options | {"threads": 1}, _tell)


def _tell(progress: Progress) -> None:
    _messages.put(progress)


def _join(messages: Any) -> None:
    global _messages  # noqa: PLW0603 - a queue can reach a pool's worker only when the worker starts
    _messages = messages


def _listen(messages: Any, display: Display | None) -> None:
    while (progress := messages.get()) is not None:
        if display is not None:
            display(progress)


def _patient(future: Future[Any], pool: ProcessPoolExecutor) -> Any:
    """Wait for the answer; on Ctrl-C pass it on to the workers and go on waiting for what they have."""
    while True:
        try:
            return future.result()
        except KeyboardInterrupt:
            for process in list(pool._processes or {}):
                os.kill(process, signal.SIGINT)


def _sharing(outcome: NetworkPlan | InfeasibleError, network: Network) -> NetworkPlan | InfeasibleError:
    return replace(outcome, network=network) if isinstance(outcome, NetworkPlan) else outcome
