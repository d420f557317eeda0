"""A sweep gives every combination the same luck, and the same bytes whoever works and whatever dies meanwhile."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from manyworks.errors import UsageError
from manyworks.model.network import Network
from manyworks.twin.sweep import Sweep, sweep
from manyworks.twin.sweep.batch import Batch
from manyworks.twin.sweep.grid import grid_from_words, grid_points
from tests.networks import tiny_network

GRID = {"stations.wrap.count": [1, 2], "buffers.b.capacity_units": [10, 200]}


def line() -> Network:
    """Two machines with a buffer; the second one stops often."""
    machines = [
        {"id": "packer", "name": "Packer", "kind": "packer", "rated_rate_per_min": 130, "price": 250000},
        {"id": "wrapper", "name": "Wrapper", "kind": "wrapper", "rated_rate_per_min": 140, "price": 90000,
         "mtbf_min": 6, "mttr_min": 1},
    ]  # fmt: skip
    stations = [
        {"line": "small_line", "id": "pack", "equipment": "packer", "sequence": 1},
        {"line": "small_line", "id": "wrap", "equipment": "wrapper", "sequence": 2},
    ]
    between = [{"line": "small_line", "id": "b", "after": "pack", "before": "wrap", "capacity_units": 50}]
    return tiny_network(equipment=machines, stations=stations, buffers=between)


def swept(**more: Any) -> Sweep:
    return sweep(line(), line="small_line", grid=GRID, runs="oat_bar", replications=6, **more)


@pytest.fixture(scope="module")
def plain() -> Sweep:
    return swept()


def test_more_machines_and_more_room_make_more_and_the_lead_is_surer_than_the_rates(plain: Sweep) -> None:
    assert plain.points == ((1, 10), (1, 200), (2, 10), (2, 200))
    assert plain.check() == []
    rates = [plain.rate(p).mean for p in range(4)]
    assert rates == sorted(rates)
    lead = plain.difference(1)
    assert lead.low > 0
    assert lead.half_width < plain.rate(1).half_width + plain.rate(0).half_width
    assert plain.best == 3
    assert "Best: wrap.count = 2, b.capacity_units = 200" in plain.summary()


def test_any_number_of_threads_gives_the_same_bytes(plain: Sweep) -> None:
    assert swept(threads=1).to_csv() == plain.to_csv()


def test_combinations_that_say_the_same_are_simulated_once(plain: Sweep) -> None:
    told: list[tuple[int, int]] = []
    grid = {"equipment.wrapper.price": [1, 2, 3]}
    found = sweep(
        line(), line="small_line", grid=grid, runs="oat_bar", replications=2, display=lambda *n: told.append(n)
    )
    assert told == [(1, 1)]
    assert np.ptp(found.good_per_min, axis=0).max() == 0


def test_the_key_of_a_batch_says_what_is_computed(plain: Sweep) -> None:
    from manyworks.twin.line_program import line_program

    program = line_program(line(), line="small_line", runs="oat_bar")
    batch = Batch(point=0, program=program, seed=0, first=0, last=5, window_min=1.0, windows=10)
    assert batch.key == Batch(**(vars(batch) | {"point": 7})).key
    assert (
        len({Batch(**(vars(batch) | {name: 6})).key for name in ("seed", "first", "last", "windows")} | {batch.key})
        == 5
    )


def test_a_grid_that_is_none_is_refused_with_its_cure() -> None:
    with pytest.raises(UsageError, match=r"Did you mean stations\.wrap\.count"):
        sweep(line(), line="small_line", grid={"stations.wrp.count": [1]}, runs="oat_bar")
    with pytest.raises(UsageError, match=r"stations.*greater than or equal to 1"):
        sweep(line(), line="small_line", grid={"stations.wrap.count": [0]}, runs="oat_bar")
    with pytest.raises(UsageError, match="each value once"):
        grid_points({"a.b.c": [1, 1]})
    with pytest.raises(UsageError, match="must be dask://host:port"):
        swept(on="http://elsewhere")


def test_a_grid_is_read_from_words() -> None:
    words = ["a.b.c=1,2.5,x", "d.e.f=10:20:3", "g.h.i=exponential(3);weibull(shape=1, scale=3)"]
    assert grid_from_words(words) == {
        "a.b.c": [1, 2.5, "x"], "d.e.f": [10, 15, 20], "g.h.i": ["exponential(3)", "weibull(shape=1, scale=3)"],
    }  # fmt: skip
    with pytest.raises(UsageError, match="must be path=value"):
        grid_from_words(["a.b.c"])


def test_the_command_prints_the_sweep_and_writes_table_and_picture(tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    from manyworks.cli.main import run
    from manyworks.model.document import save_network

    source, table, picture = tmp_path / "in.json", tmp_path / "sweep.csv", tmp_path / "sweep.svg"
    save_network(line(), source)
    words = ["twin", "sweep", str(source), "--line", "small_line", "--runs", "oat_bar", "-n", "2"]
    words += [
        "--vary",
        "buffers.b.capacity_units=10,50,200",
        "--out",
        str(table),
        "--plot",
        str(picture),
        "--json",
        "-q",
    ]
    assert run(words) == 0
    data = json.loads(capsys.readouterr().out)
    assert [row["buffers.b.capacity_units"] for row in data["points"]] == [10, 50, 200]
    assert table.read_text(encoding="utf-8").count("\n") == 4
    assert "<svg" in picture.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two worker processes on this machine, restarted when they die."""
    distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
    ) as running:
        yield running


@pytest.mark.filterwarnings("ignore")  # Dask's own, of a worker that is killed
def test_two_workers_give_the_same_bytes_and_one_killed_in_the_middle_loses_nothing(cluster: Any, plain: Sweep) -> None:
    address = f"dask://{cluster.scheduler_address.removeprefix('tcp://')}"
    victim = next(iter(cluster.workers.values())).process.pid
    told: list[int] = []

    def kill_one(done: int, total: int) -> None:
        told.append(done)
        if done == 1:
            os.kill(victim, signal.SIGKILL)

    one = {"stations.wrap.count": [1], "buffers.b.capacity_units": [10, 200]}
    found = sweep(line(), line="small_line", grid=one, runs="oat_bar", replications=6, on=address, display=kill_one)
    assert found.good_per_min.tobytes() == plain.good_per_min[:2].tobytes()
    assert told == [1, 2, 3, 4]  # every batch once: 2 combinations of 6 replications in fives
