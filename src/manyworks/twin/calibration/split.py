"""Minor stops apart from breakdowns in tables of quantiles, by a stated length.

A table of stops and a table of runs do not say which run ended in which stop. So each stop is taken to be a minor one
with the same chance, whatever ran before it. Then stops shorter than the threshold have the quantiles of the lower part
of the table; the running time to a minor stop has survival S(t) to the power of their share; and breakdowns, being a
few among many stops, come after an exponential running time: mean run / share of breakdowns.
"""

from __future__ import annotations

import numpy as np

from manyworks.errors import UsageError
from manyworks.model.times import TimeLaw
from manyworks.twin.calibration.fit import TimesFit, table_mean
from manyworks.twin.calibration.quantiles import fit_quantiles
from manyworks.twin.calibration.sample import Array

Pair = tuple[Array, Array]


def split_stops(stops: Pair, runs: Pair, minor_below_min: float) -> list[TimesFit]:
    """Four fits from the (shares, quantiles) of stops and of the running times between them.

    Raises
    ------
    UsageError
        The threshold leaves no stop on one side.
    """
    shares, lengths = stops
    share = float(np.interp(minor_below_min, lengths, shares, left=0.0, right=1.0))
    if not 0 < share < 1:
        raise UsageError(
            f"must lie between the shortest and the longest stop ({lengths[0]:g} to {lengths[-1]:g} min)",
            where="minor_below_min", found=f"{minor_below_min:g}", cure="Choose another, or none: all stops alike.",
        )  # fmt: skip
    mean_run = table_mean(*runs) / (1 - share)
    return [
        TimesFit(
            field="time_to_failure",
            law=TimeLaw("exponential", (float(f"{mean_run:.6g}"),)),
            reason=f"{1 - share:.1%} of stops last {minor_below_min:g} min or more, with {table_mean(*runs):.4g} min "
            "of run to each stop: exponential, as breakdowns are few among many stops (assumed: any stop may be one)",
        ),
        fit_quantiles(*_part(shares, lengths, share, 1.0), field="time_to_repair"),
        fit_quantiles(*_thinned(runs, share), field="time_to_minor_stop"),
        fit_quantiles(*_part(shares, lengths, 0.0, share), field="minor_stop_time"),
    ]


def _part(shares: Array, lengths: Array, low: float, high: float) -> Pair:
    """The table between two shares, which become 0 and 1."""
    inside = (shares > low) & (shares < high)
    at = np.concatenate([[low], shares[inside], [high]])
    return (at - low) / (high - low), np.interp(at, shares, lengths)


def _thinned(runs: Pair, share: float) -> Pair:
    """Quantiles of the running time whose survival is that of ``runs`` to the power of ``share``."""
    survival = (1 - runs[0]) ** share
    return 1 - survival, runs[1]
