"""Promises of the page of a simulated line: whole, quiet, and what it plays is what happened."""

from __future__ import annotations

import json
import re

import pytest

from manyworks.render.line_player import base36, player_script, script_hash
from manyworks.render.page import render_page
from manyworks.studies.line_report import line_page, write_line_report
from manyworks.studies.line_report.floor_plan import stations_on_floor, ways_on_floor
from manyworks.studies.line_report.replay import replay_line
from manyworks.twin.line_state import advance, start_line
from manyworks.twin.reading import reading
from manyworks.twin.simulate import simulate_line
from tests.twin.documents import bottle_line


@pytest.fixture(scope="module")
def run():
    return simulate_line(bottle_line(), line="small_line", site="reno", runs="oat_bar", half_width=0.05)


@pytest.fixture(scope="module")
def html(run):
    return render_page(line_page(run))


def test_the_page_answers_first_and_asks_for_nothing(html, run):
    assert f"{run.bottleneck.station} holds it back" in html
    assert "http" not in html.replace("http-equiv", "").replace("http://www.w3.org", "")
    assert "src=" not in html


def test_only_our_own_script_may_run(html):
    script = player_script()
    assert script in html
    assert f"script-src '{script_hash(script)}'" in html
    assert html.count("<script>") == 1


def test_every_state_has_a_word_and_every_button_a_name(html):
    assert re.search(r'class="word" fill="#\w+">\w', html)
    assert all(word in html for word in (">Play<", "Next stop", "Stop before", "Speed", 'aria-label="Moment shown"'))
    assert 'aria-live="polite"' in html


def test_what_is_played_ends_as_the_engine_ended(run):
    """Followed to its end, the replay has the same parts in the same places as the line itself."""
    stretch = replay_line(run.program, seed=0, after_min=50.0, most_events=900)
    replay = stretch.player.replay
    levels = [len(queue) for queue in replay.queues]
    states = list(replay.states)
    kinds = len(replay.products) + 1
    for _, code in replay.events:
        if code < 10 * len(states):
            states[code // 10] = code % 10
        else:
            way, what = divmod(code - 10 * len(states), kinds)
            if replay.ways[way].kind == "inner":
                levels[way] += -1 if what == 0 else 1
    line = start_line(run.program, seed=0)
    advance(line, replay.start_min + replay.minutes)
    found = reading(line)

    assert states == found.doing.tolist()
    inner = [k for k, way in enumerate(replay.ways) if way.kind == "inner"]
    assert [levels[k] for k in inner] == [int(found.levels[k]) for k in inner]


def test_the_page_stays_small_and_its_data_can_be_read_back(html):
    data = json.loads(re.search(r'<script type="application/json">(.*?)</script>', html, re.S)[1])
    assert len(html) < 600_000
    assert len(data["events"]) > 1000
    assert int(data["events"].split(";")[0].split(",")[1], 36) >= 0


def test_numbers_are_written_as_scripts_read_them():
    assert [base36(n) for n in (0, 35, 36, 46655)] == ["0", "z", "10", "zzz"]
    assert int(base36(987654321), 36) == 987654321


def test_stations_stand_apart_and_ways_join_them(run):
    machines = stations_on_floor(run.program)
    ways = ways_on_floor(run.program, machines)

    assert [machine.x for machine in machines] == sorted({machine.x for machine in machines})
    assert [way.kind for way in ways] == ["supply", "inner", "inner", "good"]
    assert ways[1].path[0][0] > machines[0].x
    assert ways[1].path[-1][0] < machines[1].x


def test_page_and_data_are_written_beside_each_other(run, tmp_path):
    files = write_line_report(run, tmp_path / "out")

    assert [file.name for file in files] == ["line.html", "line.json"]
    assert json.loads(files[1].read_text(encoding="utf-8"))["rate_per_min"]["mean"] == run.rate.mean
