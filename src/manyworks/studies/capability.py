"""How fast a line really is, product by product: the twin measures it, and the document keeps it for the plan.

Effective rate: good units per open minute of one product made without end, so that changeovers and planned stops are
left out, as the plan charges them apart. Fill and drain are measured without chance: every time at its mean, no stops,
no scrap; one unit is one part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from manyworks import __version__
from manyworks.errors import UsageError
from manyworks.model.document import TableChange, import_rows, line_hash
from manyworks.model.evidence import Evidence
from manyworks.model.line import Capability
from manyworks.model.network import Network
from manyworks.model.rates import effective_rates
from manyworks.model.table import Table
from manyworks.model.times import deterministic
from manyworks.twin.intervals import Interval
from manyworks.twin.line_program import line_case
from manyworks.twin.program import OUTSIDE, LineProgram, Run

if TYPE_CHECKING:
    from manyworks.twin.progress import TwinDisplay

METHOD = "twin"
FILLS = 4
"""Times that a line could fill before its drain is timed."""
FEWEST_UNITS = 200
ENTERED, PUT = 10, 11
"""Rows of a trace: a part entered the line, a part was put into a place."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One row: the capability, the interval of its rate, what was stated before, and what a reader must know."""

    row: Capability
    rate: Interval
    stated_per_min: float
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What lines can do, as the twin measured it; ``skipped`` lines with the reason."""

    measured: tuple[Measured, ...]
    skipped: tuple[tuple[str, str], ...]
    half_width: float
    seed: int
    version: str

    @property
    def rows(self) -> list[Capability]:
        """Rows for the document."""
        return [found.row for found in self.measured]

    def apply(self, network: Network) -> Network:
        """A copy of the document with these rows and their source; rows of the same key give way."""
        keys = {_key(row) for row in self.rows}
        kept = [row for row in network.capabilities if _key(row) not in keys]
        sources = {row.target for row in self.evidence()}
        evidence = [row for row in network.evidence if row.target not in sources]
        changed = {"capabilities": [*kept, *self.rows], "evidence": [*evidence, *self.evidence()]}
        return network.model_copy(update=changed)

    def evidence(self) -> list[Evidence]:
        """Where the rows come from."""
        lines = ", ".join(f"{row.line} {row.line_hash}" for row in {row.line: row for row in self.rows}.values())
        how = f"simulated by manyworks {self.version}, seed {self.seed}, interval within {self.half_width:.2%} asked"
        return [
            Evidence(target=f"capabilities.*.{field}", basis="derived", source=how, note=f"lines by hash: {lines}")
            for field in ("effective_rate_per_min", "fill_min", "drain_min")
        ]

    def write(self, path: Path | str) -> list[TableChange]:
        """Bring the rows into the document at ``path``: into its ``capabilities.csv``, or into its workbook.

        Raises
        ------
        DocumentError
            The document would have faults with them; nothing was written.
        """
        from manyworks.model.document.writer import csv_table

        with TemporaryDirectory() as folder:
            tables = []
            for name, kind, rows in (
                ("capabilities", Capability, self.rows),
                ("evidence", Evidence, self.evidence()),
            ):
                table = Path(folder) / f"{name}.csv"
                table.write_text(csv_table(kind, rows), encoding="utf-8")
                tables.append(table)
            return import_rows(path, tables)

    def summary(self) -> str:
        """In words: each line and product with its rate, interval, and what was stated."""
        lines = []
        for found in self.measured:
            row, change = found.row, found.row.effective_rate_per_min / found.stated_per_min - 1
            side = "above" if change > 0 else "below"
            lines.append(
                f"{row.line}, {row.product}: {row.effective_rate_per_min:.4g} ± {found.rate.half_width:.2g} good "
                f"units/min of {row.nominal_rate_per_min:g} nominal, {abs(change):.1%} {side} the "
                f"{found.stated_per_min:.4g} stated; fill {row.fill_min:.2g} min, drain {row.drain_min:.2g} min"
            )
            lines += [f"  {note}" for note in found.notes]
        return "\n".join(lines + [f"{line}: not measured; {reason}." for line, reason in self.skipped])

    def table(self) -> Table:
        """One row a line and product."""
        names = [name for name in Capability.model_fields if name != "method"]
        columns: dict[str, Any] = {
            name: np.array([getattr(row, name) for row in self.rows], dtype=object) for name in names
        }
        columns["stated_rate_per_min"] = np.array([found.stated_per_min for found in self.measured])
        columns["replications"] = np.array([found.rate.count for found in self.measured], dtype=np.int64)
        return Table(columns)

    def to_frame(self) -> Any:
        """The table as a pandas DataFrame; needs pandas."""
        return self.table().to_frame()

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "capabilities": list(self.table().rows()),
            "skipped": [{"line": line, "reason": reason} for line, reason in self.skipped],
            "half_width": self.half_width,
            "seed": self.seed,
            "version": self.version,
        }

    def check(self) -> list[str]:
        """Rates that cannot be: above nominal, outside their interval, or less than nothing; empty when all can."""
        failures = []
        for found in self.measured:
            row, name = found.row, f"{found.row.line}, {found.row.product}"
            if row.effective_rate_per_min > row.nominal_rate_per_min * (1 + 1e-9):
                failures.append(f"{name}: {row.effective_rate_per_min:g} is above nominal {row.nominal_rate_per_min:g}")
            low, high = row.effective_low_per_min, row.effective_high_per_min
            if low is not None and high is not None and not low <= row.effective_rate_per_min <= high:
                failures.append(f"{name}: {row.effective_rate_per_min:g} is outside {low:g} to {high:g}")
            if row.drain_min + 1e-6 < row.fill_min - 1 / row.nominal_rate_per_min:
                failures.append(
                    f"{name}: a unit leaves in less time ({row.drain_min:g} min) than the line takes to fill"
                )
        return failures


def measure_capabilities(
    network: Network,
    *,
    lines: Sequence[str] | None = None,
    site: str | None = None,
    template: str | None = None,
    products: Sequence[str] | None = None,
    half_width: float = 0.005,
    seed: int = 0,
    threads: int | None = None,
    display: TwinDisplay | None = None,
) -> Capabilities:
    """Measure what lines can do, by product; None: all lines with stations, and all products that they may run.

    ``site`` and ``template`` narrow the products and are written into the rows. The interval of each rate at 95 % is at
    most ``half_width`` × rate to either side. Products that run alike on a line are simulated once.

    Raises
    ------
    UsageError
        There is no such line or product.
    """
    wanted = [row.id for row in network.lines] if lines is None else list(lines)
    _require_known(network, wanted, products)
    measured: list[Measured] = []
    skipped: list[tuple[str, str]] = []
    for line in wanted:
        if not any(station.line == line for station in network.stations):
            skipped.append((line, "the document states no stations, so that there is nothing to simulate"))
            continue
        bare = network.model_copy(update={"capabilities": []})
        stated = effective_rates(bare, line, site=site, template=template)
        done: dict[str, Measured] = {}
        for p, product in enumerate(network.products):
            if stated[p] > 0 and (products is None or product.id in products):
                case = line_case(network, line=line, site=site, template=template, runs=product.id)
                alike = repr(replace(case.program, products=("",), closed=(), closed_period_min=None))
                if alike not in done:
                    done[alike] = _measure(
                        network, line, product.id, site, template, float(stated[p]), half_width, seed, threads, display
                    )
                row = done[alike].row.model_copy(update={"product": product.id})
                measured.append(replace(done[alike], row=row, stated_per_min=float(stated[p])))
    return Capabilities(
        measured=tuple(measured), skipped=tuple(skipped), half_width=half_width, seed=seed, version=__version__
    )


def _require_known(network: Network, lines: Sequence[str], products: Sequence[str] | None) -> None:
    for name, wanted, known in (
        ("lines", lines, [row.id for row in network.lines]),
        ("products", products or [], [row.id for row in network.products]),
    ):
        for word in wanted:
            if word not in known:
                raise UsageError(f"must be an id of {name}", where=name, found=word, cure=f"Known: {', '.join(known)}.")


def _measure(
    network: Network, line: str, product: str, site: str | None, template: str | None, stated: float,
    half_width: float, seed: int, threads: int | None, display: TwinDisplay | None,
) -> Measured:  # fmt: skip
    from manyworks.twin.simulate import simulate_line

    run = simulate_line(
        network, line=line, site=site, template=template, runs=product, half_width=half_width, seed=seed,
        threads=threads, display=display,
    )  # fmt: skip
    fill, drain = fill_and_drain(
        line_case(network, line=line, site=site, template=template, runs=product, units=1).program
    )
    rate, nominal = run.running_rate, run.nominal_per_min[0]
    effective = min(rate.mean, nominal)
    row = Capability(
        site=site,
        template=template,
        line=line,
        product=product,
        nominal_rate_per_min=_short(nominal),
        effective_rate_per_min=min(_short(effective), _short(nominal)),
        effective_low_per_min=_short(min(rate.low, effective) * (1 - 1e-6)),
        effective_high_per_min=_short(max(rate.high, effective) * (1 + 1e-6)),
        fill_min=_short(fill),
        drain_min=_short(drain),
        method=METHOD,
        line_hash=line_hash(network, line),
    )
    notes = [note for note in run.notes if "simulated part" not in note]
    if rate.mean > nominal:
        notes.append(
            f"Its machines make {rate.mean:.4g} a minute, more than the nominal rate, which is kept as the limit."
        )
    if rate.relative > half_width:
        notes.append(f"The interval is ± {rate.relative:.2%}, wider than asked for.")
    return Measured(row=row, rate=rate, stated_per_min=stated, notes=tuple(notes))


def fill_and_drain(program: LineProgram) -> tuple[float, float]:
    """Minutes until the first good unit leaves an empty line, and from the last one's entering until it has left.

    Without chance: works at mean times, no stops, no scrap. Between the two the line runs long enough to be as full as
    it gets.
    """
    from manyworks.twin.line_state import advance, start_line
    from manyworks.twin.reading import trace

    rooms = sum(place.capacity for place in program.places if place.source >= 0 and place.capacity < 1 << 30)
    units = max(FEWEST_UNITS, min(FILLS * rooms, 20_000))
    calm = replace(program, stations=tuple(replace(s, failures=(), scrap_share=(), work=tuple(
        deterministic(law.mean) for law in s.work)) for s in program.stations),
        runs=(Run(product=0, units=units),), repeats=False, closed=(), closed_period_min=None, startup_scrap=(),
    )  # fmt: skip
    state = start_line(calm, trace=units * (6 * len(calm.stations) + 4 * len(calm.places)))
    advance(state, 1e7)
    rows = trace(state)
    exits = [p for p, place in enumerate(calm.places) if place.target == OUTSIDE]
    leaving = rows.tick[(rows.what == PUT) & np.isin(rows.where, exits)]
    entering = rows.tick[rows.what == ENTERED]
    if state.status != "complete" or not len(leaving):
        raise UsageError(
            "cannot be run empty", where=program.name, found=state.status, cure="Simulate it: twin simulate."
        )
    return float(leaving[0]) / 6e7, float(leaving[-1] - entering[-1]) / 6e7


def _short(value: float) -> float:
    return float(f"{value:.8g}")


def _key(row: Capability) -> tuple[str | None, str | None, str, str, str]:
    return row.site, row.template, row.line, row.product, row.method
