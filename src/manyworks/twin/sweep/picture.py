"""A sweep as a picture: the rate over one value, a line for each combination of the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from manyworks.twin.sweep.result import Sweep

if TYPE_CHECKING:
    from manyworks.render.figure import Figure

MOST_SERIES = 10


def sweep_picture(found: Sweep) -> Figure:
    """Rate with interval over the path with the most numbers; the other paths make the series, the best ten of them."""
    from manyworks.render.response import response_figure

    paths = list(found.grid)
    numeric = [path for path in paths if all(isinstance(value, int | float) for value in found.grid[path])]
    along = max(numeric or paths, key=lambda path: len(found.grid[path]))
    at = paths.index(along)
    rates = [found.rate(p) for p in range(len(found.points))]
    names = [_series(found, p, at) for p in range(len(found.points))]
    best = {name: max(r.mean for r, n in zip(rates, names, strict=True) if n == name) for name in dict.fromkeys(names)}
    series = sorted(best, key=lambda name: -best[name])[:MOST_SERIES]
    shown = [p for p in range(len(found.points)) if names[p] in series]
    points: dict[str, Sequence[Any]] = {
        "x": [found.points[p][at] for p in shown],
        "y": [rates[p].mean for p in shown],
        "low": [rates[p].low for p in shown],
        "high": [rates[p].high for p in shown],
        "series": [names[p] for p in shown],
    }
    top = found.best
    return response_figure(
        points=points, series=series, x_title=along.partition(".")[2], y_title="good units per open minute",
        title=f"{found.line}: rate over {along}",
        description=f"Rates of {found.line} at {len(found.points)} combinations; the best, {found.words(top)}, makes "
        f"{rates[top].mean:.4g} units a minute.",
        is_number=along in numeric,
    )  # fmt: skip


def _series(found: Sweep, point: int, at: int) -> str:
    others = [
        (path, value) for k, (path, value) in enumerate(zip(found.grid, found.points[point], strict=True)) if k != at
    ]
    return ", ".join(f"{path.partition('.')[2]} = {value}" for path, value in others) or found.line
