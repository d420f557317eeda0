"""Hold the compiled engine against the reference engine: every counter, at several moments of one run."""

from __future__ import annotations

import numpy as np

from manyworks.twin.draws import TICKS_PER_MINUTE
from manyworks.twin.line_state import advance, start_line
from manyworks.twin.program import LineProgram
from manyworks.twin.reading import Reading, reading
from tests.twin.reference_engine import ReferenceLine


def differences(program: LineProgram, minutes: list[float], *, seed: int = 0, replication: int = 0) -> list[str]:
    """Where the two engines differ first; empty when they agree at every moment."""
    compiled = start_line(program, seed=seed, replication=replication)
    reference = ReferenceLine(program, seed=seed, replication=replication)
    for minute in minutes:
        advance(compiled, minute)
        reference.advance(round(minute * TICKS_PER_MINUTE))
        found = [f"at {minute} min: {words}" for words in _compare(reading(compiled), reference)]
        if found:
            return found
    return []


def _compare(found: Reading, reference: ReferenceLine) -> list[str]:
    wrong = found.failed_checks()
    for name, expected in expected_reading(reference).items():
        value = getattr(found, name)
        same = np.allclose(value, expected, rtol=1e-9) if name == "energy" else np.array_equal(value, expected)
        if not same:
            wrong.append(f"{name}: compiled {np.asarray(value).tolist()}, reference {np.asarray(expected).tolist()}")
    return wrong


def expected_reading(line: ReferenceLine) -> dict[str, object]:
    """What the reference engine has counted, by the names of `Reading`."""
    stations, products = range(len(line.program.stations)), range(len(line.program.products))
    modes = range(max(len(station.failures) for station in line.program.stations))
    by_station = {
        name: [line.counts[name, s] for s in stations] for name in ("started", "finished", "scrapped", "joined")
    }
    by_product = {name: [line.counts[name, p] for p in products] for name in ("entered", "good", "scrap", "lost")}
    return {
        "status": line.status,
        "time_ticks": line.now,
        **by_station,
        **by_product,
        "failures": np.array([[line.counts["failures", s, m] for m in modes] for s in stations]).reshape(
            len(stations), len(modes)
        ),
        "flow_ticks": [line.counts["flow", p] for p in products],
        "state_ticks": line.state_ticks(),
        "inside": line.inside,
        "inside_ticks": line.counts["inside_ticks"],
        "place_ticks": [queue.integral for queue in line.queues],
        "levels": [len(queue.parts) for queue in line.queues],
        "held": [-1 if server.part is None else server.part.serial for server in line.servers],
        "energy": [60.0 * 1000.0 * energy / TICKS_PER_MINUTE for energy in line.watt_ticks()],
    }
