"""From a log or tables of quantiles to the laws of a line's machines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from pathlib import Path

from manyworks import __version__
from manyworks.errors import UsageError
from manyworks.model.document import input_hash, line_hash
from manyworks.model.equipment import Equipment
from manyworks.model.line import Station
from manyworks.model.network import Network
from manyworks.model.operation import Count, StateInterval
from manyworks.twin.calibration.calibration import LineCalibration, MachineFit
from manyworks.twin.calibration.choice import FEWEST_FOR_A_SHAPE, fit_times
from manyworks.twin.calibration.fit import TimesFit
from manyworks.twin.calibration.quantiles import fit_quantiles
from manyworks.twin.calibration.read_log import LineLog, ServerLog, read_log_file, read_log_records
from manyworks.twin.calibration.read_quantiles import QuantileTable, read_quantile_file
from manyworks.twin.calibration.runs_and_stops import stop_samples, work_sample
from manyworks.twin.calibration.split import split_stops


def calibrate_line(
    network: Network,
    *,
    line: str,
    log: Path | str | Iterable[StateInterval] | None = None,
    counts: Iterable[Count] = (),
    quantiles: Path | str | None = None,
    station: str | None = None,
    minor_below_min: float | None = None,
    states: Mapping[str, str] | None = None,
    zone: tzinfo | None = None,
    starts_fresh: bool = False,
    gap_min: float = 0.1,
    seed: int = 0,
) -> LineCalibration:
    """Fit running, stop and work times of each machine of ``line``.

    ``log`` is a CSV file or state intervals (with ``counts``); without one, the document's own states and counts are
    taken. ``quantiles`` is a CSV table instead; ``station`` says whose it is where the table does not. Stops shorter
    than ``minor_below_min`` are minor ones; without it Held is minor and Aborted is not. ``states`` translates a log's
    own words to PackML, ``zone`` is that of times without one. ``starts_fresh``: the machines began as new when the log
    does, so that their first times count. A hole longer than ``gap_min`` ends what was seen. Same ``seed``, same bytes.

    Raises
    ------
    DocumentError
        The log or table has faults; each is listed with its place.
    UsageError
        There is no such line, it has no stations, or what was asked for does not go together.
    """
    stations = _stations(network, line)
    if quantiles is not None:
        if log is not None:
            raise UsageError("takes a log or quantiles, not both", where="calibrate_line", cure="Leave one out.")
        machines = _from_tables(line, stations, quantiles, station, minor_below_min)
        source, notes = Path(quantiles).name, ["Tables hold no number of times, so there are no limits of parameters."]
    else:
        found = _read(network, line, stations, log, counts, states, zone)
        machines, notes = _from_log(network, found, stations, minor_below_min, starts_fresh, gap_min, seed)
        source = found.source
    return LineCalibration(
        line=line,
        source=source,
        machines=tuple(machines),
        notes=tuple(notes),
        input_hash=input_hash(network),
        line_hash=line_hash(network, line),
        version=__version__,
        seed=seed,
    )


def _stations(network: Network, line: str) -> list[Station]:
    known = [row.id for row in network.lines]
    if line not in known:
        from manyworks.model.checks.paths import did_you_mean

        cure = did_you_mean(line, known) or f"Lines: {', '.join(known) or 'none'}."
        raise UsageError("must be a line of the document", where="line", found=line, cure=cure)
    stations = sorted((row for row in network.stations if row.line == line), key=lambda row: row.sequence)
    if not stations:
        raise UsageError("must have stations", where=f"lines.{line}", cure="Say in stations which machines it has.")
    return stations


def _read(
    network: Network, line: str, stations: Sequence[Station], log: Path | str | Iterable[StateInterval] | None,
    counts: Iterable[Count], states: Mapping[str, str] | None, zone: tzinfo | None,
) -> LineLog:  # fmt: skip
    if isinstance(log, str | Path):
        return read_log_file(log, line=line, stations=stations, states=states, zone=zone)
    if log is None:
        if not network.states:
            raise UsageError(
                "needs a log or quantiles", where="calibrate_line", cure="Name a CSV, or put states into the document."
            )
        return read_log_records(network.states, network.counts, line=line, stations=stations, states=states)
    return read_log_records(log, counts, line=line, stations=stations, states=states, source="state intervals")


def _from_log(
    network: Network, log: LineLog, stations: Sequence[Station], minor_below_min: float | None, starts_fresh: bool,
    gap_min: float, seed: int,
) -> tuple[list[MachineFit], list[str]]:  # fmt: skip
    machines = []
    for station in stations:
        servers = log.servers.get(station.id)
        if servers is not None:
            item: Equipment = network.get("equipment", station.equipment)
            machines.append(
                _machine(station, item, list(servers.values()), minor_below_min, starts_fresh, gap_min, seed)
            )
    silent = [station.id for station in stations if station.id not in log.servers]
    notes = [f"Not in the log: {', '.join(silent)}; their times stay as the document says."] if silent else []
    notes += [f"{count} rows of {path} belong to another line." for path, count in log.elsewhere.items()]
    notes += [f"Columns that were not read: {', '.join(log.unused)}."] if log.unused else []
    return machines, notes


def _machine(
    station: Station, item: Equipment, servers: list[ServerLog], minor_below_min: float | None, starts_fresh: bool,
    gap_min: float, seed: int,
) -> MachineFit:  # fmt: skip
    samples = stop_samples(
        [server.stretches for server in servers],
        clock=item.failure_mode, minor_below_min=minor_below_min, starts_fresh=starts_fresh, gap_min=gap_min,
    )  # fmt: skip
    fits = [
        fit_times(sample, field=field, seed=seed)
        for field, sample in samples.items()
        if len(sample.all_times) or sample.uncounted or field in ("time_to_failure", "time_to_repair")
    ]
    seen: dict[str, float] = {}
    for server in servers:
        for stretch in server.stretches:
            seen[stretch.doing] = seen.get(stretch.doing, 0.0) + stretch.minutes
    work, notes = _work(servers, item, seed)
    return MachineFit(
        station=station.id, equipment=item.id, fits=tuple(fits + work), servers=len(servers), seen_min=seen,
        notes=tuple(notes),
    )  # fmt: skip


def _work(servers: list[ServerLog], item: Equipment, seed: int) -> tuple[list[TimesFit], list[str]]:
    """The law of the time at work on one unit; where units are counted in lots, their mean beside the rated speed."""
    sample, minutes, units = work_sample([(server.stretches, server.batches) for server in servers])
    if len(sample.complete) >= FEWEST_FOR_A_SHAPE:
        return [fit_times(sample, field="process_time", seed=seed)], []
    if not units or not minutes:
        return [], []
    note = (
        f"Counted {units:,.0f} units in {minutes:,.0f} min of work: {units / minutes:.4g} a minute, rated "
        f"{item.rated_rate_per_min:g}. Units are counted in lots, so their single times are not known and the rated "
        "speed stays."
    )
    return [], [note]


def _from_tables(
    line: str, stations: Sequence[Station], path: Path | str, station: str | None, minor_below_min: float | None,
) -> list[MachineFit]:  # fmt: skip
    tables = read_quantile_file(path, line=line, stations=stations)
    owner = _owner(line, stations, station, is_needed=any(not table.station for table in tables))
    grouped: dict[str, list[QuantileTable]] = {}
    for table in tables:
        grouped.setdefault(table.station or owner, []).append(table)
    machines = []
    for row in stations:
        if row.id in grouped:
            fits = tuple(_table_fits(grouped[row.id], minor_below_min))
            machines.append(MachineFit(station=row.id, equipment=row.equipment, fits=fits))
    return machines


def _owner(line: str, stations: Sequence[Station], station: str | None, *, is_needed: bool) -> str:
    """The station that a table without names belongs to."""
    known = [row.id for row in stations]
    if station is not None and station not in known:
        raise UsageError("must be a station of the line", where="station", found=station, cure=f"One of {known}.")
    if station is None and is_needed and len(stations) > 1:
        cure = f"Name one with station: {', '.join(known)}; or add a column equipment."
        raise UsageError("does not say which station it is of", where=f"quantiles of {line}", cure=cure)
    return station or known[0]


def _table_fits(tables: Sequence[QuantileTable], minor_below_min: float | None) -> list[TimesFit]:
    by_field = {table.field: (table.shares, table.quantiles) for table in tables}
    fits: list[TimesFit] = []
    if minor_below_min is not None:
        if not {"time_to_failure", "time_to_repair"} <= by_field.keys():
            raise UsageError(
                "needs quantiles of stops and of the runs between them", where="minor_below_min",
                cure="Give both columns, or no threshold.",
            )  # fmt: skip
        fits = split_stops(by_field.pop("time_to_repair"), by_field.pop("time_to_failure"), minor_below_min)
    return fits + [fit_quantiles(*pair, field=field) for field, pair in by_field.items()]
