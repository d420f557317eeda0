"""Pictures of a simulated line over time: warming up, growing sure, filling its buffers."""

from __future__ import annotations

import numpy as np

from manyworks.render.curves import curves
from manyworks.render.figure import Figure
from manyworks.studies.line_report.replay import Stretch
from manyworks.twin.intervals import t_interval
from manyworks.twin.line_run import LineRun

MOST_POINTS = 150


def warm_up_figure(run: LineRun) -> Figure:
    """Good units a minute by window, mean over the replications, with the end of the warm-up."""
    sample = run.sample
    mean = sample.series.mean(axis=0)
    step = max(1, len(mean) // MOST_POINTS)
    kept = mean[: len(mean) // step * step].reshape(-1, step).mean(axis=1)
    at = (np.arange(len(kept)) + 0.5) * step * sample.window_min
    return curves(
        x=at.tolist(), series={"good units a minute": kept.tolist()}, x_title="open minutes since the empty start",
        y_title="good units a minute", title="Warming up",
        description=f"The rate settles within the first {sample.warm_up_min:.0f} minutes, which are left out.",
        marks={"measured from here": sample.warm_up_min}, level=("mean", run.rate.mean),
    )  # fmt: skip


def precision_figure(run: LineRun) -> Figure:
    """Mean and interval of the rate after each replication."""
    rates = run.sample.good.sum(axis=1) / run.sample.minutes
    counts = np.unique(np.linspace(2, len(rates), min(len(rates) - 1, MOST_POINTS)).astype(int))
    words = f"After {len(rates)} replications the rate lies between {run.rate.low:.4g} and {run.rate.high:.4g}."
    found = [t_interval(rates[:count], run.confidence) for count in counts]
    return curves(
        x=[float(count) for count in counts], series={"mean": [row.mean for row in found]},
        band=([row.low for row in found], [row.high for row in found]), x_title="replications",
        y_title="good units a minute", title="Growing sure", is_from_zero=False,
        description=words,
    )  # fmt: skip


def levels_figure(stretch: Stretch) -> Figure:
    """Units in each buffer over the minutes of the replay."""
    most = ", ".join(f"{name} {level.max():.0f}" for name, level in stretch.levels.items())
    return curves(
        x=stretch.minutes.tolist(), series={name: level.tolist() for name, level in stretch.levels.items()},
        x_title="minutes of the replay", y_title="units", title="Buffers over time",
        description=f"Most units: {most}.",
    )  # fmt: skip
