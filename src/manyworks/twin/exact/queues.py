"""One station with arrivals by chance: M/M/1, M/M/c, M/M/c/K, M/G/1; and the machines of a repairman.

Rates are per minute, times minutes. Sources: Kleinrock (1975), *Queueing Systems* 1, sections 3.2 to 3.8 and 5.7;
Gross et al. (2008), *Fundamentals of Queueing Theory*, sections 2.2 to 2.7.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from manyworks.twin.exact.record import ExactAnswer

KLEINROCK = "Kleinrock (1975), Queueing Systems 1"


def mm1(arrival_rate: float, service_rate: float) -> ExactAnswer:
    """One server, exponential times, room without end: L = ρ / (1 - ρ).

    >>> print(mm1(0.8, 1.0))
    M/M/1: 0.8 parts/min, 4 parts inside
    """
    load = _stable(arrival_rate / service_rate)
    return ExactAnswer(method="M/M/1", source=KLEINROCK, rate_per_min=arrival_rate, wip=load / (1 - load))


def mmc(arrival_rate: float, service_rate: float, servers: int) -> ExactAnswer:
    """Equal servers side by side, exponential times, room without end: Erlang's C."""
    offered = arrival_rate / service_rate
    load = _stable(offered / servers)
    wip = offered + erlang_c(offered, servers) * load / (1 - load)
    return ExactAnswer(method=f"M/M/{servers}", source=KLEINROCK, rate_per_min=arrival_rate, wip=wip)


def mmck(arrival_rate: float, service_rate: float, servers: int, places: int) -> ExactAnswer:
    """Equal servers, at most ``places`` parts inside, those in work included; who finds it full is lost."""
    shares = birth_and_death(
        np.full(places, arrival_rate), service_rate * np.minimum(np.arange(1, places + 1), servers)
    )
    rate, wip = arrival_rate * (1 - shares[-1]), shares @ np.arange(places + 1)
    method = f"M/M/{servers}/{places}"
    return ExactAnswer(method=method, source=KLEINROCK, rate_per_min=float(rate), wip=float(wip), states=places + 1)


def mg1(arrival_rate: float, service_mean: float, service_variance: float) -> ExactAnswer:
    """One server, times of any law, room without end: Pollaczek and Khinchine.

    Waiting time Wq = λ E[S²] / (2 (1 - ρ)), minutes.
    """
    load = _stable(arrival_rate * service_mean)
    waiting = arrival_rate * (service_variance + service_mean**2) / (2 * (1 - load))
    wip = arrival_rate * (waiting + service_mean)
    return ExactAnswer(method="M/G/1 (Pollaczek-Khinchine)", source=KLEINROCK, rate_per_min=arrival_rate, wip=wip)


def machines_up(machines: int, repairers: int, failure_rate: float, repair_rate: float) -> float:
    """Mean number of machines that run, of ``machines`` that fail while they run and wait for ``repairers``."""
    down = np.arange(machines + 1)
    shares = birth_and_death(failure_rate * (machines - down[:-1]), repair_rate * np.minimum(down[1:], repairers))
    return float(shares @ (machines - down))


def erlang_c(offered: float, servers: int) -> float:
    """Share of arrivals that wait; ``offered`` load in servers."""
    blocked = 1.0
    for server in range(1, servers + 1):
        blocked = offered * blocked / (server + offered * blocked)
    load = offered / servers
    return blocked / (1 - load * (1 - blocked))


def birth_and_death(births: ArrayLike, deaths: ArrayLike) -> NDArray[np.float64]:
    """Shares of time at 0, 1, … of a chain with these rates up and, one further, down: π(n+1) = π(n) λ(n) / μ(n+1)."""
    weights = np.concatenate(([1.0], np.cumprod(np.divide(births, deaths))))
    shares: NDArray[np.float64] = weights / math.fsum(weights)
    return shares


def _stable(load: float) -> float:
    if not 0 < load < 1:
        raise ValueError(f"load {load:.6g}: must be above 0 and below 1. Such a queue grows without end.")
    return load
