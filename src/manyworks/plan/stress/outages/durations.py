"""How long outages last: a gamma law with the stated mean and spread, cut into pieces that keep its mean."""

from __future__ import annotations

import numpy as np

EDGES = (0.0, 0.5, 0.8, 0.95, 1.0)
"""Shares of the outages, from the shortest to the longest, at which the law is cut."""


def durations(mean_h: float, cv: float) -> list[tuple[float, float]]:
    """(share of the outages, mean hours of these); one piece where all last alike.

    The cost of an outage grows faster than its length, so the mean length alone would understate the mean cost. With
    cv = 1 the law is exponential.
    """
    if cv <= 0:
        return [(1.0, mean_h)]
    from scipy.special import gammainc, gammaincinv

    shape = 1 / cv**2
    ends = gammaincinv(shape, np.array(EDGES[:-1]))
    below = np.append(gammainc(shape + 1, ends), 1.0)
    shares = np.diff(EDGES)
    means = mean_h * np.diff(below) / shares
    return [(float(share), float(mean)) for share, mean in zip(shares, means, strict=True)]
