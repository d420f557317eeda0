"""Progress of running plans on standard error: live lines on a terminal, one line a phase elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from manyworks.plan.progress import Display, Progress


@contextmanager
def showing_progress(*, quiet: bool) -> Iterator[Display | None]:
    """A display for as long as the block runs, or None when nobody wants one."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _live_lines() as display:
            yield display
    else:
        yield _plain_lines()


def _plain_lines() -> Display:
    """Prints a line whenever a case enters a new phase or ends."""
    seen: dict[str, tuple[str, bool]] = {}

    def show(message: Progress) -> None:
        if seen.get(message.case) != (message.phase, message.is_done):
            seen[message.case] = (message.phase, message.is_done)
            typer.echo(f"{message.case}: {describe(message)}", err=True)

    return show


@contextmanager
def _live_lines() -> Iterator[Display]:
    """One line a case with a spinner, its phase, its best plan and its gap."""
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[state]}"),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=False) as bars:
        tasks: dict[str, Any] = {}

        def show(message: Progress) -> None:
            if message.case not in tasks:
                tasks[message.case] = bars.add_task(message.case, total=1, state="")
            bars.update(tasks[message.case], state=describe(message), completed=1 if message.is_done else 0)

        yield show


def describe(message: Progress) -> str:
    """``improving the plan, NPV 12.3 M, gap 1.2 %``."""
    words = ["done" if message.is_done else message.phase]
    if message.total and not message.is_done:
        words[0] += f" {message.done} of {message.total}"
    if message.npv is not None:
        words.append(f"cost {-message.npv:,.1f}" if message.measure == "cost" else f"NPV {message.npv / 1e6:,.1f} M")
    if message.gap is not None:
        words.append(f"gap {message.gap:.2%}")
    return ", ".join(words)
