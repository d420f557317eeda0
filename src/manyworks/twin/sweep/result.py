"""What a sweep found: the rate and its differences at every combination, as rows, in words and as a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from manyworks.model.table import Table
from manyworks.twin.intervals import Interval, t_interval
from manyworks.twin.sweep.grid import Point, Value

if TYPE_CHECKING:
    from manyworks.render.figure import Figure

Array = NDArray[np.float64]
MOST_SHOWN = 12


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """Rates of a line over a grid.

    ``grid`` paths with their values; ``points`` the combinations in order. ``good_per_min, scrap_per_min, inside,
    kwh_per_unit`` shape (points, replications): sellable and spoiled units per open minute, units inside, energy of a
    good unit. Replication r has the same luck at every point, so that differences are sharper than the rates.
    ``line_hashes`` by point; ``notes`` what a reader must know.
    """

    line: str
    grid: dict[str, tuple[Value, ...]]
    points: tuple[Point, ...]
    good_per_min: Array
    scrap_per_min: Array
    inside: Array
    kwh_per_unit: Array
    line_hashes: tuple[str, ...]
    notes: tuple[str, ...]
    input_hash: str
    seed: int
    confidence: float
    version: str

    def rate(self, point: int) -> Interval:
        """Good units per open minute at a combination."""
        return t_interval(self.good_per_min[point], self.confidence)

    def difference(self, point: int, other: int = 0) -> Interval:
        """Rate at ``point`` less rate at ``other``, replication by replication."""
        return t_interval(self.good_per_min[point] - self.good_per_min[other], self.confidence)

    @property
    def best(self) -> int:
        """The combination with the highest rate; of equal ones the first."""
        return int(np.argmax(self.good_per_min.mean(axis=1)))

    def table(self) -> Table:
        """One row a combination: its values, rate with interval, difference to the first one, what it costs inside."""
        columns: dict[str, Any] = {
            path: _column([point[k] for point in self.points]) for k, path in enumerate(self.grid)
        }
        rates = [self.rate(p) for p in range(len(self.points))]
        differences = [self.difference(p) for p in range(len(self.points))]
        columns |= {
            "rate_per_min": np.array([rate.mean for rate in rates]),
            "rate_low_per_min": np.array([rate.low for rate in rates]),
            "rate_high_per_min": np.array([rate.high for rate in rates]),
            "difference_per_min": np.array([change.mean for change in differences]),
            "difference_low_per_min": np.array([change.low for change in differences]),
            "difference_high_per_min": np.array([change.high for change in differences]),
            "scrap_per_min": self.scrap_per_min.mean(axis=1),
            "inside_units": self.inside.mean(axis=1),
            "kwh_per_unit": self.kwh_per_unit.mean(axis=1),
            "replications": np.full(len(self.points), self.good_per_min.shape[1], dtype=np.int64),
        }
        return Table(columns)

    def to_frame(self) -> Any:
        """The table as a pandas DataFrame; needs pandas."""
        return self.table().to_frame()

    def to_csv(self) -> str:
        """The table as CSV text; the same sweep gives the same bytes."""
        from manyworks.model.document.csv_text import write_csv

        table = self.table()
        rows = [[repr(v) if isinstance(v, float) else str(v) for v in row.values()] for row in table.rows()]
        return write_csv(list(table.columns), rows)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "line": self.line,
            "grid": {path: list(values) for path, values in self.grid.items()},
            "points": list(self.table().rows()),
            "best": dict(zip(self.grid, self.points[self.best], strict=True)),
            "line_hashes": list(self.line_hashes),
            "notes": list(self.notes),
            "input_hash": self.input_hash,
            "seed": self.seed,
            "confidence": self.confidence,
            "version": self.version,
        }

    def summary(self) -> str:
        """In words: the rates in order of the grid, the best one, and whether its lead is sure."""
        count, times = len(self.points), self.good_per_min.shape[1]
        head = f"{self.line}: {count} combinations, {times} replications each, the same luck for all"
        order = range(count) if count <= MOST_SHOWN else sorted(
            range(count), key=lambda p: -float(self.good_per_min[p].mean())
        )[:MOST_SHOWN]  # fmt: skip
        lines = [head if count <= MOST_SHOWN else f"{head}; the best {MOST_SHOWN}:"]
        for p in order:
            rate, change = self.rate(p), self.difference(p)
            beside = "" if p == 0 else f", {change.mean:+.4g} ± {change.half_width:.2g} against the first"
            lines.append(f"  {self.words(p)}: {rate.mean:.5g} ± {rate.half_width:.2g} units/min{beside}")
        return "\n".join([*lines, self._verdict(), *self.notes])

    def words(self, point: int) -> str:
        """``pack.count = 2, b1.capacity_units = 10``."""
        pairs = zip(self.grid, self.points[point], strict=True)
        return ", ".join(f"{path.partition('.')[2]} = {value}" for path, value in pairs)

    def _verdict(self) -> str:
        rates = self.good_per_min.mean(axis=1)
        order = np.argsort(-rates, kind="stable")
        if len(order) == 1:
            return "One combination: nothing to compare."
        best, second = int(order[0]), int(order[1])
        lead = self.difference(best, second)
        sure = "surely more than" if lead.low > 0 else "not surely more than"
        by = f"{lead.mean:+.3g} ± {lead.half_width:.2g}"
        return f"Best: {self.words(best)}; {sure} the next, {self.words(second)} ({by})."

    def picture(self) -> Figure:
        """Rate with its interval over the first path that is a number, one line for each combination of the others."""
        from manyworks.twin.sweep.picture import sweep_picture

        return sweep_picture(self)

    def check(self) -> list[str]:
        """Faults of the result, recomputed from the document's own limits; empty when there are none."""
        failures = []
        if self.good_per_min.shape[0] != len(self.points):
            failures.append("there are not as many rows as combinations")
        for name in ("good_per_min", "scrap_per_min", "inside", "kwh_per_unit"):
            values = getattr(self, name)
            if not np.all(np.isfinite(values)) or np.any(values < 0):
                failures.append(f"{name} is not always a number from 0")
        if len(set(self.points)) < len(self.points):
            failures.append("a combination occurs twice")
        return failures


def _column(values: list[Value]) -> NDArray[Any]:
    if all(isinstance(value, int) for value in values):
        return np.array(values, dtype=np.int64)
    return np.array(values, dtype=float if all(isinstance(value, int | float) for value in values) else object)
