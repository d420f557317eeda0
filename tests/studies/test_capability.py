"""The twin measures what a line can do, the document keeps it with its source, and the plan takes it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from manyworks.errors import UsageError
from manyworks.model.checks import check_network
from manyworks.model.document import line_hash, load_network, save_network
from manyworks.model.network import Network
from manyworks.model.rates import effective_rates
from manyworks.plan.rate_words import rate_words
from manyworks.studies.capability import Capabilities, fill_and_drain, measure_capabilities
from manyworks.twin.line_program import line_program
from tests.networks import tiny_network


def network() -> Network:
    """One machine that stands a quarter of its time, and one that never stops."""
    machines = [
        {"id": "packer", "name": "Packer", "kind": "packer", "rated_rate_per_min": 130, "crew": 1, "price": 250000,
         "mtbf_min": 9, "mttr_min": 3},
        {"id": "taper", "name": "Taper", "kind": "taper", "rated_rate_per_min": 1000, "price": 10000},
    ]  # fmt: skip
    stations = [
        {"line": "small_line", "id": "pack", "equipment": "packer", "sequence": 1},
        {"line": "small_line", "id": "tape", "equipment": "taper", "sequence": 2},
    ]
    between = [
        {"line": "small_line", "id": "b", "after": "pack", "before": "tape", "capacity_units": 30, "travel_min": 0.2}
    ]
    return tiny_network(equipment=machines, stations=stations, buffers=between)


@cache
def measured() -> Capabilities:
    return measure_capabilities(network(), half_width=0.03)


def test_the_measured_rate_is_that_of_the_machine_that_holds_the_line_back() -> None:
    found = measured()
    assert found.check() == []
    row = found.rows[0]
    assert row.effective_low_per_min is not None
    assert row.effective_high_per_min is not None
    nominal = row.nominal_rate_per_min
    assert row.effective_low_per_min < nominal * 9 / 12 < row.effective_high_per_min
    assert (row.method, row.line_hash) == ("twin", line_hash(network(), "small_line"))


def test_products_that_run_alike_are_measured_once_and_lines_without_stations_are_not() -> None:
    found = measured()
    assert [row.product for row in found.rows] == ["salted_nuts", "oat_bar"]
    assert len({row.effective_rate_per_min for row in found.rows}) == 1
    assert found.skipped[0][0] == "fast_line"
    assert "fast_line: not measured; the document states no stations" in found.summary()


def test_fill_and_drain_are_travel_and_work_of_one_unit() -> None:
    program = line_program(network(), line="small_line", runs="oat_bar", units=1)
    work = sum(station.work[0].mean for station in program.stations)
    assert fill_and_drain(program) == pytest.approx((work + 0.2, work + 0.2), abs=1e-5)


def test_the_document_keeps_the_rates_and_their_source_and_the_plan_takes_them(tmp_path: Path) -> None:
    save_network(network(), tmp_path / "doc")
    changes = measured().write(tmp_path / "doc")
    assert (changes[0].added, changes[0].changed) == (2, 0)
    assert measured().write(tmp_path / "doc")[0].added == 0  # written again, they are the same rows
    kept = load_network(tmp_path / "doc")
    assert (tmp_path / "doc" / "capabilities.csv").exists()
    assert "simulated by manyworks" in next(r.source for r in kept.evidence if r.target.startswith("capabilities."))
    assert effective_rates(kept, "small_line")[0] == measured().rows[0].effective_rate_per_min
    assert "as the twin measured" in rate_words(kept)[1]
    assert [issue.rule for issue in check_network(kept) if issue.rule == "capability-stale"] == []
    assert [row.model_dump() for row in measured().apply(network()).capabilities] == [
        row.model_dump() for row in kept.capabilities
    ]


def test_a_line_that_was_changed_since_is_warned_of() -> None:
    kept = measured().apply(network())
    slower = [row.model_copy(update={"mttr_min": 30.0}) for row in kept.equipment]
    issues = check_network(kept.model_copy(update={"equipment": slower}))
    assert "capability-stale" in {issue.rule for issue in issues}


def test_the_check_finds_rates_that_cannot_be() -> None:
    found = measured()
    first = found.measured[0]
    above = replace(first, row=first.row.model_copy(update={"effective_rate_per_min": 500.0}))
    assert "above nominal" in replace(found, measured=(above,)).check()[0]
    empty = replace(first, row=first.row.model_copy(update={"drain_min": 0.0}))
    assert "leaves in less time" in replace(found, measured=(empty,)).check()[0]


def test_an_unknown_line_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="Known: fast_line, small_line"):
        measure_capabilities(network(), lines=["line_9"])
