"""``manyworks twin``: questions about one production line; one command a file, listed here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer

from manyworks.cli import (
    twin_buffers,
    twin_calibrate,
    twin_compare,
    twin_design,
    twin_impact,
    twin_layout,
    twin_measure,
    twin_rfq,
    twin_sensitivity,
    twin_show,
    twin_simulate,
    twin_sweep,
)

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS: tuple[tuple[str, Callable[..., Any], str], ...] = (
    ("simulate", twin_simulate.simulate, "Simulate a line: rate, losses, bottleneck; write a page that replays it."),
    ("design", twin_design.design, "Choose machines and buffers for a rate at least cost."),
    ("compare", twin_compare.compare, "Compare lines under the same luck; select the best."),
    ("buffers", twin_buffers.buffers, "Place rooms between machines where they earn the most."),
    ("sensitivity", twin_sensitivity.sensitivity, "Say what each figure of a line does to its rate."),
    ("impact", twin_impact.impact, "Say what changing one machine does to line, site and plan."),
    ("rfq", twin_rfq.rfq, "Write what to ask makers for: rates, interfaces, acceptance tests."),
    ("calibrate", twin_calibrate.calibrate, "Fit the times of a line's machines to its log or to quantiles."),
    ("layout", twin_layout.layout, "Stand the machines of lines on a floor, drawn to scale."),
    ("measure", twin_measure.measure, "Measure what lines can do, product by product, for the plan to use."),
    ("sweep", twin_sweep.sweep_line, "Simulate a line at every combination of some values, here or on a cluster."),
    ("show", twin_show.show, "Show a line as the twin runs it: stations, buffers, stops, runs."),
)

for _name, _command, _short_help in COMMANDS:
    app.command(_name, short_help=_short_help)(_command)


@app.callback()
def _twin() -> None:
    """Simulate, prove and design a production line."""
