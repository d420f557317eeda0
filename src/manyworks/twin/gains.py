"""What a faster station would bring: the line again, one station 5 % faster, under the same luck."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from manyworks.twin.bottleneck import Bottleneck
from manyworks.twin.intervals import Interval, t_interval
from manyworks.twin.program import LineProgram
from manyworks.twin.replicate import replicate
from manyworks.twin.sample import Sample, sample_of
from manyworks.twin.windows import Windows, settled_windows, turn_min

FASTER = 1.05
TRIED = 2
"""Stations that are tried: the suspect, and the busiest beside it."""
REPLICATIONS = 6
RULE = "largest gain of the line's rate when one station is 5 % faster, under the same luck"


def with_gains(
    program: LineProgram,
    found: Bottleneck,
    sample: Sample,
    windows: Windows,
    confidence: float,
    seed: int,
    threads: int | None = None,
) -> Bottleneck:
    """The bottleneck with gains beside the first suspects; another one takes its place when it surely gains more."""
    others = sorted((row for row in found.suspects if row.station != found.station), key=lambda row: -row.busy)
    tried = [found.station, *(row.station for row in others)][:TRIED]
    gains = {name: station_gain(program, name, sample, windows, confidence, seed, threads) for name in tried}
    suspects = tuple(replace(row, gain=gains.get(row.station)) for row in found.suspects)
    best = max(tried, key=lambda name: gains[name].mean)
    if best != found.station and gains[best].low > gains[found.station].high:
        return replace(found, station=best, rule=RULE, suspects=suspects)
    return replace(found, suspects=suspects)


def station_gain(
    program: LineProgram,
    station: str,
    sample: Sample,
    windows: Windows,
    confidence: float,
    seed: int,
    threads: int | None = None,
) -> Interval:
    """Rise of the good rate in percent, replication by replication; of several runs over whole turns of either line."""
    count = min(REPLICATIONS, sample.replications)
    changed = faster(program, station)
    seen = replicate(
        changed, seed=seed, replications=range(count), window_min=windows.minutes,
        windows=windows.count, threads=threads,
    )  # fmt: skip
    used = windows
    if turn_min(program) is not None:
        made = np.asarray(seen.good.sum(axis=2) + seen.scrap.sum(axis=2), dtype=float)
        used = settled_windows(changed, windows, made) or windows
    found = sample_of(changed, seen, first=used.first, last=used.last, window_min=used.minutes)
    before = sample.good[:count].sum(axis=1) / sample.minutes
    after = found.good.sum(axis=1) / found.minutes
    return t_interval(100 * (after - before) / before.mean(), confidence)


def faster(program: LineProgram, station: str) -> LineProgram:
    """The line with the work of one station 5 % faster."""
    stations = tuple(
        replace(row, work=tuple(law.scaled(1 / FASTER) for law in row.work)) if row.id == station else row
        for row in program.stations
    )
    return replace(program, stations=stations)
