"""Networks of stations whose answer is a product: open with rework (Jackson), and with a constant number of parts.

Sources: Jackson (1957), doi:10.1287/opre.5.4.518; Gordon and Newell (1967), doi:10.1287/opre.15.2.254; Buzen (1973),
doi:10.1145/362342.362345.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from manyworks.twin.exact.queues import mmc
from manyworks.twin.exact.record import ExactAnswer


def jackson(
    arrivals: ArrayLike, routing: ArrayLike, service_rates: Sequence[float], servers: Sequence[int], good: ArrayLike
) -> ExactAnswer:
    """Open network, exponential times, room without end: each station is an M/M/c of its own.

    ``arrivals`` per minute from outside, shape (stations,); ``routing`` share of the parts of a station (row) that
    goes on to another, shape (stations, stations); ``good`` share that leaves as good, shape (stations,).

    >>> rework = [[0, 1], [0.25, 0]]
    >>> print(jackson([0.5, 0], rework, [1, 1], [1, 1], [0, 0.75]))
    open Jackson network: 0.5 parts/min, 4 parts inside
    """
    shares = np.asarray(routing, dtype=float)
    through = np.linalg.solve(np.eye(len(shares)) - shares.T, np.asarray(arrivals, dtype=float))
    wip = sum(
        mmc(flow, rate, count).wip or 0.0
        for flow, rate, count in zip(through.tolist(), service_rates, servers, strict=True)
    )
    rate = float(through @ np.asarray(good, dtype=float))
    source = "Jackson (1957), doi:10.1287/opre.5.4.518"
    return ExactAnswer(method="open Jackson network", source=source, rate_per_min=rate, wip=wip)


def conwip(service_rates: Sequence[float], servers: Sequence[int], cards: int) -> ExactAnswer:
    """Stations in a row with ``cards`` parts at most, exponential times: a closed network of Gordon and Newell.

    Cards that wait before the first station are no parts yet, and do not count as inside.

    >>> conwip([1, 1, 1, 1], [1, 1, 1, 1], 8).rate_per_min == 8 / 11
    True
    """
    own = [_weights(rate, count, cards) for rate, count in zip(service_rates, servers, strict=True)]
    whole = _convolve(own)
    others = _convolve(own[1:]) if own[1:] else np.eye(1, cards + 1)[0]
    at_first = own[0] * others[::-1] / whole[cards]
    waiting = float(at_first @ np.maximum(np.arange(cards + 1) - servers[0], 0))
    source = "Gordon and Newell (1967), doi:10.1287/opre.15.2.254; Buzen (1973), doi:10.1145/362342.362345"
    rate = float(whole[cards - 1] / whole[cards])
    return ExactAnswer(method="CONWIP (closed network)", source=source, rate_per_min=rate, wip=cards - waiting)


def _weights(rate: float, servers: int, cards: int) -> NDArray[np.float64]:
    """Weight of 0 … ``cards`` parts at one station: the product of 1 / (rate × busy servers)."""
    busy = np.minimum(np.arange(1, cards + 1), servers)
    return np.concatenate(([1.0], np.cumprod(1 / (rate * busy))))


def _convolve(stations: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Buzen's constants G(0) … G(cards)."""
    whole = stations[0]
    for station in stations[1:]:
        whole = np.convolve(whole, station)[: len(station)]
    return whole
