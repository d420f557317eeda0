"""What calibration found: the law of every machine's times, in words, as rows, as pictures and in a Network."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from manyworks.model.network import Network
from manyworks.model.table import Table
from manyworks.model.times import TimeLaw
from manyworks.twin.calibration.fit import WHAT, Fit, TimesFit

if TYPE_CHECKING:
    from manyworks.render.figure import Figure


@dataclass(frozen=True, kw_only=True)
class MachineFit:
    """The fits of one station's machines. ``servers`` logged side by side and taken together; ``notes`` in words.

    ``seen_min`` are the minutes that the log tells of, by what was done; empty for tables of quantiles.
    """

    station: str
    equipment: str
    fits: tuple[TimesFit, ...]
    servers: int = 1
    seen_min: dict[str, float] | None = None
    notes: tuple[str, ...] = ()

    def law(self, field: str) -> TimeLaw | None:
        """The law of one field of `Equipment`; None when none was found."""
        return next((fit.law for fit in self.fits if fit.field == field), None)


@dataclass(frozen=True, kw_only=True)
class LineCalibration:
    """Laws of the machines of one line, with where they come from.

    ``input_hash`` and ``line_hash`` are of the document that named the machines; ``seed`` is of the p-values.
    """

    line: str
    source: str
    machines: tuple[MachineFit, ...]
    notes: tuple[str, ...]
    input_hash: str
    line_hash: str
    version: str
    seed: int

    def machine(self, station: str) -> MachineFit:
        """The fits of one station.

        Raises
        ------
        KeyError
            There is none of this name.
        """
        found = next((machine for machine in self.machines if machine.station == station), None)
        if found is None:
            raise KeyError(f"no station {station!r}; there are {', '.join(m.station for m in self.machines)}")
        return found

    def fits(self) -> Iterator[tuple[MachineFit, TimesFit]]:
        """Every machine with each of its fits."""
        return ((machine, fit) for machine in self.machines for fit in machine.fits)

    def summary(self) -> str:
        """In words: what each machine follows, how sure that is, and why."""
        lines = [f"{self.line}, from {self.source}"]
        for machine in self.machines:
            side = f", {machine.servers} machines taken together" if machine.servers > 1 else ""
            lines.append(f"{machine.station} ({machine.equipment}{side})")
            for fit in machine.fits:
                lines += [f"  {WHAT[fit.field]}: {_law_words(fit)}", f"    {_sentence(fit.reason)}"]
            lines += [f"  {note}" for note in machine.notes]
        return "\n".join(lines + list(self.notes))

    def table(self) -> Table:
        """One row for each machine and kind of time."""
        rows = [{"station": m.station, "equipment": m.equipment} | _row(fit) for m, fit in self.fits()]
        names = list(rows[0]) if rows else []
        return Table({name: _column([row[name] for row in rows]) for name in names})

    def to_frame(self) -> Any:
        """The table as a pandas DataFrame; needs pandas."""
        return self.table().to_frame()

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "line": self.line,
            "source": self.source,
            "machines": [
                {
                    "station": m.station, "equipment": m.equipment, "servers": m.servers, "seen_min": m.seen_min,
                    "times": [fit.to_dict() for fit in m.fits], "notes": list(m.notes),
                }
                for m in self.machines
            ],
            "notes": list(self.notes),
            "input_hash": self.input_hash,
            "line_hash": self.line_hash,
            "version": self.version,
            "seed": self.seed,
        }  # fmt: skip

    def check(self) -> list[str]:
        """What is wrong with the fits, recomputed by scipy's own densities; empty when nothing is."""
        from manyworks.twin.calibration.check import check_fits

        return check_fits(self)

    def apply(self, network: Network) -> Network:
        """A copy of the document with the laws written into its equipment, and where they come from into evidence."""
        from manyworks.twin.calibration.apply import apply_fits

        return apply_fits(self, network)

    def pictures(self) -> dict[str, Figure]:
        """A histogram with the fitted curve and a Q-Q plot for each kind of time, by ``station.field``."""
        from manyworks.twin.calibration.pictures import fit_pictures

        return fit_pictures(self)

    def write_report(self, path: Path | str) -> Path:
        """One HTML page with everything that was found; returns its path."""
        from manyworks.twin.calibration.pictures import report_page

        path = Path(path)
        path.write_text(report_page(self), encoding="utf-8")
        return path


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _law_words(fit: TimesFit) -> str:
    """``weibull(shape=1.4, scale=30), mean 27.3 min (25.1 to 29.8)``."""
    if fit.law is None:
        return "not known"
    law = str(fit.law) if fit.law.kind != "empirical" else f"empirical, {len(fit.law.values)} values"
    best = fit.best
    sure = f" ({best.mean_low:.3g} to {best.mean_high:.3g})" if best and math.isfinite(best.mean_low) else ""
    count = f", {fit.count} times" if fit.sample is not None else ""
    cut = f" and {len(fit.sample.censored)} cut off" if fit.sample is not None and len(fit.sample.censored) else ""
    return f"{law}, mean {fit.law.mean:.4g} min{sure}{count}{cut}"


def _row(fit: TimesFit) -> dict[str, Any]:
    best = fit.best or Fit(law=fit.law or TimeLaw("exponential", (1.0,)), score=math.nan)
    second = [other.law.kind for other in fit.candidates if fit.law is None or other.law.kind != fit.law.kind]
    return {
        "field": fit.field,
        "law": str(fit.law or ""),
        "mean_min": fit.law.mean if fit.law else math.nan,
        "mean_low_min": best.mean_low,
        "mean_high_min": best.mean_high,
        "cv": fit.law.cv if fit.law else math.nan,
        "observed_mean_min": fit.observed_mean,
        "complete": fit.count,
        "censored": len(fit.sample.censored) if fit.sample is not None else 0,
        "score": best.score,
        "p_value": best.p_value,
        "runner_up": second[0] if second else "",
        "reason": fit.reason,
    }


def _column(values: list[Any]) -> Any:
    if all(isinstance(value, int) for value in values):
        return np.array(values, dtype=np.int64)
    return np.array(values, dtype=float if all(isinstance(value, int | float) for value in values) else object)
