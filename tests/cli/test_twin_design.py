"""Commands of design answer in words, in data and with a page."""

import json

import pytest

from manyworks.cli.main import run
from manyworks.model.document import save_network
from tests.twin.design.lines import shop


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "shop"
    save_network(shop(), folder)
    return str(folder)


def test_sensitivity_prints_data_and_writes_its_page(path, tmp_path, capsys):
    words = ["twin", "sensitivity", path, "--line", "small_line", "--replications", "2", "--json", "-q"]
    assert run([*words, "-o", str(tmp_path / "out")]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["effects"][0]["what"] == "speed"
    assert (tmp_path / "out" / "sensitivity.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_compare_takes_a_line_again_with_a_change(path, capsys):
    change = "equipment.filler_a.rated_rate_per_min=26"
    words = ["twin", "compare", path, "--lines", "small_line", "--with", change, "--replications", "6", "-q"]
    assert run(words) == 0
    assert f"small_line with {change} is the best line" in capsys.readouterr().out


def test_a_target_out_of_reach_ends_with_the_code_of_an_infeasible_plan(path, capsys):
    assert run(["twin", "design", path, "--line", "small_line", "--rate", "500", "-q"]) == 3
    assert "the most that the whole line can reach is" in capsys.readouterr().err


def test_the_requirement_sheet_is_written_as_text_and_as_a_page(path, tmp_path, capsys):
    assert run(["twin", "rfq", path, "--line", "small_line", "-o", str(tmp_path), "-q"]) == 0
    assert capsys.readouterr().out.startswith("# Requirements: Small line")
    assert (tmp_path / "rfq.md").read_text(encoding="utf-8").startswith("# Requirements")
    assert "PackML" in (tmp_path / "rfq.html").read_text(encoding="utf-8")


def test_buffers_for_a_total_are_placed(path, capsys):
    assert run(["twin", "buffers", path, "--line", "small_line", "--total", "6", "--json", "-q"]) == 0
    assert sum(json.loads(capsys.readouterr().out)["best"]["rooms"].values()) == 6
