"""Fits as pictures and as a page: bars of what was observed, the fitted curves, and quantiles against quantiles."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from manyworks.twin.calibration.curves import log_density, quantile
from manyworks.twin.calibration.estimate import CURVES
from manyworks.twin.calibration.fit import WHAT, TimesFit
from manyworks.twin.calibration.sample import Array

if TYPE_CHECKING:
    from manyworks.render.figure import Figure
    from manyworks.twin.calibration.calibration import LineCalibration, MachineFit

MOST_POINTS = 200
SHOWN = 0.97
"""Share of the observed times that the bars show; the rest is in the quantiles."""


def fit_pictures(calibration: LineCalibration) -> dict[str, Figure]:
    """A picture of each fit with a law and at least five times, by ``station.field``."""
    found = {}
    for machine, fit in calibration.fits():
        if fit.law is not None and (fit.count >= 5 or len(fit.shares)):
            found[f"{machine.station}.{fit.field}"] = _picture(machine, fit)
    return found


def _picture(machine: MachineFit, fit: TimesFit) -> Figure:
    from manyworks.render.distribution import distribution_figure

    assert fit.law is not None
    shares, seen = _observed(fit)
    edges = _edges(shares, seen, count=fit.count or 3 * len(seen))
    density = np.diff(np.interp(edges, seen, shares, left=0.0, right=1.0)) / np.diff(edges)
    if fit.sample is not None:
        density = np.histogram(fit.sample.complete, edges)[0] / (len(fit.sample.complete) * np.diff(edges))
    inner = (shares > 0) & (shares < 1) & (seen > 0)
    shown = np.unique(np.linspace(0, inner.sum() - 1, min(int(inner.sum()), MOST_POINTS)).round().astype(int))
    against = fit.candidates[0].law if fit.law.kind == "empirical" and fit.candidates else fit.law
    compared = quantile(against, shares[inner][shown])
    what = WHAT[fit.field]
    law = fit.law.kind if fit.law.kind == "empirical" else str(fit.law)
    return distribution_figure(
        edges=edges.tolist(), density=density.tolist(), curves=_curves(fit, edges),
        quantiles=(compared.tolist(), seen[inner][shown].tolist()), unit="minutes", law=against.kind,
        title=f"{machine.station}: {what}, {law}",
        description=f"{what} of {machine.station}: observed mean {fit.observed_mean:.4g} min, fitted "
        f"{fit.law.mean:.4g} min. {fit.reason}.",
    )  # fmt: skip


def _observed(fit: TimesFit) -> tuple[Array, Array]:
    """Shares and quantiles of what was observed."""
    if fit.sample is None:
        return fit.shares, fit.quantiles
    times = np.sort(fit.sample.complete)
    return (np.arange(len(times)) + 0.5) / len(times), times


def _edges(shares: Array, seen: Array, *, count: int) -> Array:
    """Bars from 0 to the time that `SHOWN` of all do not exceed, their number by the number of times."""
    last = float(np.interp(SHOWN, shares, seen)) * 1.1
    first = float(seen[0]) * 0.95 if seen[0] > 0.5 * last else 0.0
    return np.linspace(first, max(last, first * 1.01 + 1e-9), min(max(int(2 * count ** (1 / 3)) + 2, 6), 36) + 1)


def _curves(fit: TimesFit, edges: Array) -> dict[str, tuple[list[float], list[float]]]:
    """The chosen law, or the best candidate, and the one behind it."""
    names: dict[str, tuple[list[float], list[float]]] = {}
    x = np.linspace(edges[0], edges[-1], 240)[1:]
    for candidate in fit.candidates[:2] or ():
        if candidate.law.kind in CURVES:
            height = np.exp(log_density(candidate.law, x))
            word = "chosen" if candidate.law == fit.law else "next" if candidate is not fit.candidates[0] else "closest"
            names[f"{candidate.law.kind} ({word})"] = (x.tolist(), np.where(np.isfinite(height), height, 0.0).tolist())
    if not names and fit.law is not None and fit.law.kind in CURVES:
        names[f"{fit.law.kind} (chosen)"] = (x.tolist(), np.exp(log_density(fit.law, x)).tolist())
    return names


def report_page(calibration: LineCalibration) -> str:
    """One self-contained HTML page: each machine with its laws, reasons and pictures, and the table of all."""
    from manyworks.render.page import Block, Page, Picture, Section, Words, render_page

    pictures = fit_pictures(calibration)
    sections = []
    for machine in calibration.machines:
        blocks: list[Block] = []
        for fit in machine.fits:
            blocks.append(Words(text=_told(fit), is_key=False))
            key = f"{machine.station}.{fit.field}"
            if key in pictures:
                blocks.append(Picture(figure=pictures[key], caption=f"{fit.reason[:1].upper()}{fit.reason[1:]}."))
        blocks += [Words(text=note) for note in machine.notes]
        sections.append(Section(id=machine.station, title=f"{machine.station} ({machine.equipment})", blocks=blocks))
    if calibration.notes:
        sections.append(Section(id="notes", title="Notes", blocks=[Words(text=note) for note in calibration.notes]))
    page = Page(
        title=f"Times of {calibration.line}", subtitle=f"Fitted to {calibration.source}", sections=sections,
        footer=f"manyworks {calibration.version}, seed {calibration.seed}, document {calibration.input_hash}, "
        f"line {calibration.line_hash}",
    )  # fmt: skip
    return render_page(page)


def _told(fit: TimesFit) -> str:
    what = WHAT[fit.field]
    if fit.law is None:
        return f"{what[:1].upper()}{what[1:]}: not known; {fit.reason}."
    law = str(fit.law) if fit.law.kind != "empirical" else f"the {len(fit.law.values)} values of the log or table"
    best = fit.best
    sure = ""
    if best is not None and math.isfinite(best.mean_low):
        sure = f", 95 % limits {best.mean_low:.4g} to {best.mean_high:.4g}"
    return f"{what[:1].upper()}{what[1:]}: {law}; mean {fit.law.mean:.4g} min{sure}."
