"""Each picture is drawn once on small columns, and says in words what it shows."""

import re
from xml.etree import ElementTree

import pytest

from manyworks.render.bars import bar_chart, column_chart
from manyworks.render.cash_flow import cash_flow_chart
from manyworks.render.heat_strip import heat_strip
from manyworks.render.network_map import network_map, service_map
from manyworks.render.timeline import timeline
from manyworks.render.waterfall import waterfall

SITES = {
    "name": ["Dallas", "Newark"], "lat": [32.8, 40.7], "lon": [-96.8, -74.2],
    "kind": ["existing", "new"], "size": [3, 1],
}  # fmt: skip
MARKETS = {"lat": [29.8, 42.4], "lon": [-95.4, -71.1], "size": [5.0, 4.0], "group": ["1 day", "2 days"]}
FLOWS = {
    "from_lat": [32.8, 40.7],
    "from_lon": [-96.8, -74.2],
    "to_lat": [29.8, 42.4],
    "to_lon": [-95.4, -71.1],
    "volume": [5, 4],
}
WORDS = {"title": "A picture", "description": "What it shows."}


def draw_map():
    return network_map(
        sites=SITES,
        markets=MARKETS,
        flows=FLOWS,
        kinds={"existing": ("square", "#666666"), "new": ("circle", "#1f5f99")},
        **WORDS,
    )


def draw_service():
    return service_map(
        markets=MARKETS,
        sites=SITES,
        classes=["1 day", "2 days"],
        colours=["#ccddee", "#1f5f99"],
        class_title="Days",
        **WORDS,
    )


def draw_bridge():
    return waterfall(
        start=("Before", 0),
        steps=[("Freight", 5.0), ("Labour", -2.0)],
        end="After",
        texts=["0", "+5", "−2", "3"],
        **WORDS,
    )


def draw_cash():
    return cash_flow_chart(periods=["Q1", "Q2"], flows=[-1, 3], cumulative=[-1, 2], unit="M USD", payback=1, **WORDS)


def draw_timeline():
    phases = {"row": ["Dallas"], "kind": ["working"], "from": [0], "until": [2], "text": ["3 lines"]}
    return timeline(rows=["Dallas"], phases=phases, kinds={"working": "#1f5f99"}, periods=["Q1", "Q2"], **WORDS)


def draw_heat():
    return heat_strip(rows=["Dallas"], periods=["Q1", "Q2"], shares=[[0.5, None]], **WORDS)


def draw_bars():
    return bar_chart(names=["a", "b"], values=[1.0, -2.0], texts=["1", "−2"], **WORDS)


def draw_columns():
    return column_chart(
        names=["a", "b"],
        series={"one": [1.0, 2.0], "two": [3.0, 0.0]},
        colours=["#1f5f99", "#b9c0c6"],
        write=str,
        **WORDS,
    )


PICTURES = [draw_map, draw_service, draw_bridge, draw_cash, draw_timeline, draw_heat, draw_bars, draw_columns]


@pytest.mark.parametrize("draw", PICTURES, ids=lambda draw: draw.__name__)
def test_a_picture_is_valid_svg_with_a_text_alternative_and_asks_for_nothing_outside(draw):
    svg = draw().named("f1").svg
    root = ElementTree.fromstring(svg)
    assert root.attrib["role"] == "img"
    texts = {element.attrib["id"]: element.text for element in root if "id" in element.attrib}
    assert [texts[key] for key in root.attrib["aria-labelledby"].split()] == ["A picture", "What it shows."]
    assert "<script" not in svg
    assert not re.search(r'(href|src)="(?!#)', svg)


@pytest.mark.parametrize("draw", PICTURES, ids=lambda draw: draw.__name__)
def test_the_same_columns_give_the_same_picture(draw):
    assert draw().svg == draw().svg


def test_ids_of_two_pictures_on_one_page_never_meet():
    one, two = draw_cash().named("f1").svg, draw_cash().named("f2").svg
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in (one, two)]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_the_bridge_writes_every_step_and_ends_at_their_sum():
    svg = draw_bridge().svg
    assert all(f">{text}</text>" in svg for text in ("+5", "−2", "3", "Freight", "Labour", "After"))


def test_the_map_names_its_sites_and_its_kinds():
    svg = draw_map().svg
    assert all(f">{text}</text>" in svg for text in ("Dallas", "Newark", "existing", "new"))


def test_a_picture_can_be_a_file_of_its_own():
    root = ElementTree.fromstring(draw_map().as_file())
    assert float(root.attrib["width"]) > float(root.attrib["height"]) > 100
