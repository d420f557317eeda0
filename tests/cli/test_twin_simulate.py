"""Promises of `manyworks twin show` and `manyworks twin simulate`."""

from __future__ import annotations

import json

import pytest

from manyworks.cli.main import run
from manyworks.model.document import save_network
from tests.twin.documents import bottle_line


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("line") / "bottles"
    save_network(bottle_line(), path)
    return path


def test_show_says_what_the_twin_would_run(folder, capsys):
    assert run(["twin", "show", str(folder), "--line", "small_line", "--product", "oat_bar", "--quiet"]) == 0
    shown = capsys.readouterr().out
    assert "filler: 20 units/min, breakdown after exponential(60) for exponential(4)" in shown
    assert "belt: capper → packer, room for 30, 0.5 min" in shown


def test_simulate_prints_data_and_writes_the_page(folder, tmp_path, capsys):
    words = ["twin", "simulate", str(folder), "--line", "small_line", "--runs", "oat_bar", "--half-width", "0.1"]
    assert run([*words, "--seed", "5", "--out", str(tmp_path), "--json"]) == 0
    out, err = capsys.readouterr()
    data = json.loads(out)
    assert data["provenance"]["seed"] == 5
    assert data["rate_per_min"]["low"] < data["rate_per_min"]["mean"] < 20
    assert {file.name for file in tmp_path.iterdir()} == {"line.html", "line.json"}
    assert "finding the bottleneck" in err


def test_a_line_that_is_not_there_ends_with_2_and_names_the_known_ones(folder, capsys):
    assert run(["twin", "simulate", str(folder), "--line", "smal_line"]) == 2
    assert "small_line" in capsys.readouterr().err


def test_one_product_or_runs_but_not_both(folder, capsys):
    words = ["twin", "show", str(folder), "--line", "small_line", "--product", "oat_bar", "--runs", "oat_bar:5"]
    assert run(words) == 2
    assert "must not be stated beside --runs" in capsys.readouterr().err
