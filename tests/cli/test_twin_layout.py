"""``manyworks twin layout`` from document to drawing."""

from __future__ import annotations

import json

import pytest

from manyworks.cli.main import run
from manyworks.model.document import load_network, save_network
from tests.twin.layout.floors import floor_network

QUICK = ("--effort", "0.02", "--quiet")


@pytest.fixture
def document(tmp_path):
    save_network(floor_network(), tmp_path / "doc")
    return tmp_path / "doc"


def test_a_layout_is_drawn_and_goes_back_into_the_document(document, tmp_path, capsys):
    laid = tmp_path / "laid"
    command = ["twin", "layout", str(document), "--line", "small_line", *QUICK, "--out", str(tmp_path / "out")]
    assert run([*command, "--document", str(laid), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert len(data["placements"]) == 5
    assert (tmp_path / "out" / "floor.svg").read_text().startswith("<svg")
    page = (tmp_path / "out" / "layout.html").read_text()
    assert "How sure this is" in page
    assert json.loads((tmp_path / "out" / "layout.json").read_text())["work"] == data["work"]
    network = load_network(laid)
    assert all(row.travel_min > 0 and row.length_m > 0 for row in network.buffers)
    assert {row.goods_leave for row in network.placements} <= {"right", "up", "left", "down"}


def test_a_floor_that_is_too_small_ends_with_the_machine_that_does_not_fit(document, capsys):
    command = ["twin", "layout", str(document), "--line", "small_line", *QUICK, "--set", "floors.hall.width_m=25"]
    assert run([*command, "--set", "floors.hall.depth_m=7", "--set", "floors.hall.wall_clearance_m=3"]) == 3
    assert "small_line/fill/1 (4 x 2 m) is 1.00 m too long for the floor" in capsys.readouterr().err


def test_a_wrong_line_is_a_wrong_use(document):
    assert run(["twin", "layout", str(document), "--line", "smal_line", *QUICK]) == 2
