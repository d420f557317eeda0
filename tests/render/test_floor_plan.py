"""A floor is drawn to scale, and its names cover nothing."""

from __future__ import annotations

import re

from manyworks.render.floor_plan import (
    PlanArea,
    PlanMachine,
    PlanPlace,
    PlanWay,
    _extent,
    _labels,
    _overlap,
    _View,
    floor_plan,
)

MACHINES = [
    PlanMachine(name="filler", group="line", x=2, y=2, width=4, depth=2, turn_deg=0),
    PlanMachine(name="very long name of a small machine", group="line", x=8, y=2, width=1, depth=1, turn_deg=90),
    PlanMachine(name="pack <1>", group="other line", x=12, y=2, width=2, depth=5, turn_deg=270, is_fixed=True),
]
AREAS = [
    PlanArea(name="aisle", kind="aisle", x=0, y=8, width=20, depth=2),
    PlanArea(name="clean", kind="hygiene", x=1, y=1, width=6, depth=4),
]
PLACES = [
    PlanPlace(name="goods in", kind="receiving", x=0, y=4, width=0, depth=3),
    PlanPlace(name="post", kind="column", x=10, y=5, width=0.4, depth=0.4),
    PlanPlace(name="steam", kind="utility", x=16, y=1, width=2, depth=1),
]
WAYS = [PlanWay(path=[(6, 3), (7, 3), (7, 1.5), (8.5, 1.5), (8.5, 2)], units_per_min=20)]


def drawn():
    return floor_plan(
        width_m=20, depth_m=10, areas=AREAS, places=PLACES, machines=MACHINES, ways=WAYS, title="A <hall>",
        description="A hall.",
    )  # fmt: skip


def test_every_rectangle_is_drawn_to_one_scale():
    svg = drawn().svg
    floor = re.search(r'<rect x="46.0" y="46.0" width="([\d.]+)" height="([\d.]+)" fill="#ffffff"/>', svg)
    scale = float(floor[1]) / 20
    assert float(floor[2]) == round(10 * scale, 1)
    filler = re.search(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" rx="2" fill="#ffffff"', svg)
    left, top, width, height = map(float, filler.groups())
    assert (round(width / scale, 1), round(height / scale, 1)) == (4.0, 2.0)
    assert (round((left - 46) / scale, 1), round(10 - (top - 46 + height) / scale, 1)) == (2.0, 2.0)


def test_the_scale_bar_is_as_long_as_it_says():
    svg = drawn().svg
    floor = float(re.search(r'width="([\d.]+)" height="[\d.]+" fill="#ffffff"/>', svg)[1])
    bar = re.search(r'<line x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)" y2="\2" stroke="#22272b"', svg)
    assert ">2 m</text>" in svg
    assert abs((float(bar[3]) - float(bar[1])) - floor / 10) < 0.2


def test_names_cover_neither_each_other_nor_machines_that_are_not_theirs():
    view = _View(20, 10)
    boxes = [view.box(m.x, m.y, m.width, m.depth) for m in MACHINES]
    labels = _labels(view, AREAS, PLACES[:1], PLACES[1:], MACHINES, boxes, WAYS)
    assert {label.text for label in labels} >= {"filler", "pack <1>", "aisle", "clean", "goods in", "steam"}
    extents = [_extent(label) for label in labels]
    for k, one in enumerate(extents):
        assert not any(_overlap(one, other) for other in extents[:k])
        if labels[k].role != "name":
            assert not any(_overlap(one, box) for box in boxes)


def test_texts_are_escaped_and_the_same_floor_gives_the_same_bytes():
    one, two = drawn(), drawn()
    assert one.svg == two.svg
    assert "pack &lt;1&gt;" in one.svg
    assert "A &lt;hall&gt;" in one.svg
    assert one.as_file().startswith("<svg")
