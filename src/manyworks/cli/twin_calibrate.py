"""``manyworks twin calibrate``: which times the machines of a real line follow."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path
from typing import Annotated

import typer

from manyworks.cli.output import Json, Quiet, print_json, say
from manyworks.cli.source import Source, read_source
from manyworks.errors import CheckError, UsageError

LineName = Annotated[str, typer.Option("--line", "-l", help="Line of the document whose machines are meant.")]
Log = Annotated[
    Path | None,
    typer.Option("--log", help="CSV of what machines did: equipment, state (PackML), from, to; none: the document's."),
]
Quantiles = Annotated[
    Path | None, typer.Option("--quantiles", help="CSV with a column quantile and columns of times, instead of a log.")
]
StationName = Annotated[str | None, typer.Option("--station", help="Station that a table without names is of.")]
Threshold = Annotated[
    float | None,
    typer.Option("--minor-below", min=0, help="Minutes: shorter stops are minor ones; none: Held is, Aborted not."),
]
Translations = Annotated[
    list[str] | None, typer.Option("--state", help="A word of the log as PackML: RUN=Execute; may be repeated.")
]
Zone = Annotated[str | None, typer.Option("--zone", help="Zone of times without one, for example Europe/Paris.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="The machines began as new when the log does.")]
Gap = Annotated[float, typer.Option("--gap", min=0, help="Minutes: a longer hole in the log ends what was seen.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Write the document with the fitted times here.")]
Report = Annotated[Path | None, typer.Option("--report", help="Write a page with all fits as pictures here (.html).")]
Seed = Annotated[int, typer.Option("--seed", help="Seed of the p-values; the same seed gives the same.")]


def calibrate(
    path: Source,
    line: LineName,
    log: Log = None,
    quantiles: Quantiles = None,
    station: StationName = None,
    minor_below: Threshold = None,
    state: Translations = None,
    zone: Zone = None,
    fresh: Fresh = False,
    gap: Gap = 0.1,
    out: Out = None,
    report: Report = None,
    seed: Seed = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fit running, stop and work times of a line's machines from a log or a table of quantiles; say how sure and why.

    --out writes the document with these times in its equipment, and where they come from in its evidence.
    """
    from manyworks.twin.calibration import calibrate_line

    network = read_source(path, None, None, quiet=quiet)
    found = calibrate_line(
        network, line=line, log=log, quantiles=quantiles, station=station, minor_below_min=minor_below,
        states=_translations(state), zone=_zone(zone), starts_fresh=fresh, gap_min=gap, seed=seed,
    )  # fmt: skip
    if failures := found.check():
        raise CheckError("the calibration failed its own recomputation", failures=failures, where=found.source)
    written = []
    if out is not None:
        from manyworks.model.document import save_network

        save_network(found.apply(network), out)
        written.append(out)
    if report is not None:
        written.append(found.write_report(report))
    if as_json:
        print_json(found.to_dict() | {"files": [str(file) for file in written]})
    else:
        typer.echo(found.summary())
    if written:
        say(f"Wrote {', '.join(str(file) for file in written)}.", quiet=quiet)


def _translations(words: list[str] | None) -> dict[str, str]:
    found = {}
    for text in words or []:
        own, sign, packml = text.partition("=")
        if not sign or not own.strip() or not packml.strip():
            raise UsageError("must be WORD=STATE", where="--state", found=text, cure="Example: --state RUN=Execute")
        found[own.strip()] = packml.strip()
    return found


def _zone(name: str | None) -> tzinfo | None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise UsageError("must be a zone", where="--zone", found=name, cure="Example: Europe/Paris") from None
