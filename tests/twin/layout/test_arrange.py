"""Layouts keep every rule of their floor, say why they cannot, and give their distances back to the line."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from manyworks.errors import InfeasibleError, UsageError
from manyworks.model.checks import check_network
from manyworks.model.document import input_hash, line_hash
from manyworks.twin.layout.arrange import arrange_floor
from manyworks.twin.layout.feedback import network_with_layout, throttled, unbuffered
from manyworks.twin.layout.floor_layout import FloorLayout
from manyworks.twin.layout.geometry import Rectangle
from tests.twin.layout.floors import DOORS, floor_network, hall

QUICK = 0.05


@pytest.fixture(scope="module")
def network():
    return floor_network()


@pytest.fixture(scope="module")
def layout(network) -> FloorLayout:
    return arrange_floor(network, line="small_line", effort=QUICK)


def zone(**fields):
    return {"floor": "hall", "id": "part", "x_m": 0, "y_m": 0, "width_m": 5, "depth_m": 5} | fields


def grounds(layout: FloorLayout, station: str) -> list[Rectangle]:
    return [row.ground for row in layout.machines if row.machine.station == station]


def test_every_machine_stands_once_and_every_rule_is_kept(layout):
    assert [row.machine.id.partition("/")[2] for row in layout.machines] == [
        "fill/1", "cap/1", "label/1", "label/2", "pack/1",
    ]  # fmt: skip
    assert layout.check() == []


def test_a_line_that_fits_between_its_doors_is_proven_to_carry_no_more_than_it_must(layout):
    # 20 m from door to door, 11.5 m of machines, one of each station: 8.5 m at 120 a minute.
    assert layout.bound == pytest.approx(120 * 8.5)
    assert layout.work == pytest.approx(layout.bound)
    assert "proven optimal" in layout.summary()


def test_the_same_seed_gives_the_same_layout(network, layout):
    again = arrange_floor(network, line="small_line", effort=QUICK)
    taken = ("seconds", "cpu_seconds")
    one, two = ({k: v for k, v in it.to_dict().items() if k not in taken} for it in (layout, again))
    assert json.dumps(one) == json.dumps(two)


def test_machines_stay_in_and_out_of_zones():
    network = floor_network(
        zones=[
            zone(kind="hygiene", x_m=12, y_m=6, width_m=8, depth_m=6, equipment_kinds=["fill"], is_exclusive=True),
            zone(id="way", kind="aisle", y_m=4, width_m=20, depth_m=2),
        ]
    )  # fmt: skip
    layout = arrange_floor(network, line="small_line", effort=QUICK)
    assert layout.check() == []
    clean, way = Rectangle(12, 6, 8, 6), Rectangle(0, 4, 20, 2)
    assert grounds(layout, "fill")[0].inset(clean) >= -1e-6
    assert all(row.ground.gap(clean) >= -1e-6 for row in layout.machines if row.machine.station != "fill")
    assert all(row.ground.gap(way) >= -1e-6 for row in layout.machines)


def test_a_line_with_an_allergen_stands_in_its_zone_and_other_lines_do_not():
    network = floor_network(zones=[zone(kind="allergen", x_m=4, width_m=16, depth_m=12, allergens=["peanut"])])
    layout = arrange_floor(network, line="small_line", effort=QUICK)  # It runs every product, peanuts among them.
    assert all(row.ground.x >= 4 - 1e-6 for row in layout.machines)
    lines = [row.model_copy(update={"products": ["oat_bar"]}) for row in network.lines]
    small = [zone(kind="allergen", x_m=0, width_m=6, depth_m=12, allergens=["peanut"])]
    apart = floor_network(zones=small).model_copy(update={"lines": lines})
    assert all(row.ground.x >= 6 - 1e-6 for row in arrange_floor(apart, line="small_line", effort=QUICK).machines)


def test_a_main_aisle_is_laid_that_reaches_both_doors():
    layout = arrange_floor(floor_network(floors=[hall(main_aisle_m=2.5)]), line="small_line", effort=QUICK)
    aisle = next(part for part in layout.zones if part.kind == "aisle")
    assert (aisle.width_m, aisle.depth_m) == (20, 2.5)
    assert aisle.y_m <= 6
    assert aisle.y_m + aisle.depth_m >= 4
    assert layout.check() == []


def test_a_machine_that_stands_already_stays(network):
    stands = {"floor": "hall", "line": "small_line", "station": "pack", "x_m": 1, "y_m": 9, "is_fixed": True}
    layout = arrange_floor(
        floor_network(placements=[stands | {"goods_leave": "left"}]), line="small_line", effort=QUICK
    )
    pack = layout.machines[-1]
    assert (pack.x_m, pack.y_m, pack.turn_deg) == (1, 9, 180)
    assert layout.check() == []


def test_wishes_draw_together_and_keep_apart(network, layout):
    def distance(found):
        cap, pack = (grounds(found, name)[0].centre for name in ("cap", "pack"))
        return abs(cap[0] - pack[0]) + abs(cap[1] - pack[1])

    def wished(weight):
        rows = [{"line": "small_line", "station": "cap", "other": "pack", "weight_per_min": weight}]
        return arrange_floor(floor_network(adjacency_wishes=rows), line="small_line", effort=QUICK)

    near, far = wished(800), wished(-800)
    assert distance(near) < distance(layout) < distance(far)
    assert near.check() == far.check() == []
    assert far.bound <= far.work


def test_parallel_machines_share_the_flow(layout):
    into = [link.units_per_min for link in layout.links if link.target.startswith("small_line/label/")]
    assert into == pytest.approx([60, 60])


def test_rework_and_scrap_change_what_is_carried():
    flows = [
        {"line": "small_line", "source": "pack", "target": "cap", "share": 0.1, "is_rework": True},
        {"line": "small_line", "source": "fill", "target": "scrap", "share": 0.05},
    ]
    layout = arrange_floor(floor_network(flows=flows), line="small_line", effort=QUICK)
    carried = layout.distances.total("units_per_min", "target")
    assert carried["goods_out"] == pytest.approx(120 * 0.95)
    assert carried["small_line/cap/1"] == pytest.approx(120 * 0.95 / 0.9)


def test_distances_go_back_into_the_line_and_leave_the_inputs_of_plans_alone_but_for_travel(network, layout):
    laid = network_with_layout(network, layout, conveyor_m_per_min=10)
    assert [issue for issue in check_network(laid) if issue.severity == "error"] == []
    row = next(row for row in laid.buffers if row.after == "fill")
    way = next(link for link in layout.links if link.source == "small_line/fill/1")
    assert row.length_m == pytest.approx(way.route_m, abs=1e-3)
    assert row.travel_min == pytest.approx(way.route_m / 10, abs=1e-4)
    assert len(laid.placements) == len(layout.machines)
    assert unbuffered(network, layout) == []
    stood = network.model_copy(update={"placements": laid.placements})
    assert input_hash(stood) == input_hash(network)
    assert line_hash(laid, "small_line") != line_hash(network, "small_line")


def test_a_buffer_too_small_for_what_travels_is_named_and_can_be_made_to_hold_it(network, layout):
    small = network.model_copy(
        update={"buffers": [row.model_copy(update={"capacity_units": 1}) for row in network.buffers]}
    )
    laid = network_with_layout(small, layout, conveyor_m_per_min=10)
    assert [row[1] for row in throttled(laid, layout)] == ["after_fill", "after_cap", "after_label"]
    assert throttled(laid, layout)[0][3] == pytest.approx(120 * laid.buffers[0].travel_min)
    held = network_with_layout(small, layout, conveyor_m_per_min=10, units_per_m=100)
    assert throttled(held, layout) == []


def test_ways_without_a_buffer_are_named(layout):
    bare = floor_network(buffers=[])
    assert [row[:3] for row in unbuffered(bare, layout)] == [
        ("small_line", "fill", "cap"), ("small_line", "cap", "label"), ("small_line", "label", "pack"),
    ]  # fmt: skip


def broken(layout: FloorLayout, what: str) -> FloorLayout:
    first, second, *rest = layout.machines
    link = next(link for link in layout.links if not link.is_wish)
    if what == "overlap":
        moved = replace(first, x_m=second.x_m, y_m=second.y_m, ground=replace(first.ground, x=second.x_m, y=second.y_m))
        return replace(layout, machines=(moved, second, *rest))
    if what == "walls":
        moved = replace(first, x_m=0.1, ground=replace(first.ground, x=0.1))
        return replace(layout, machines=(moved, second, *rest))
    if what == "ground":
        return replace(layout, machines=(replace(first, ground=first.ground.grown(0.1)), second, *rest))
    if what == "obstacle":
        box = first.ground
        column = {"floor": "hall", "id": "post", "kind": "column", "x_m": box.x, "y_m": box.y}
        return replace(layout, fixed_places=(*layout.fixed_places, type(layout.fixed_places[0])(**column)))
    if what == "distance":
        return replace(layout, links=(replace(link, distance_m=link.distance_m - 0.5), *layout.links[1:]))
    if what == "path":
        return replace(layout, links=(replace(link, path=(link.path[0], link.path[0])), *layout.links[1:]))
    if what == "clearance":
        return replace(layout, floor=layout.floor.model_copy(update={"clearance_m": 30.0}))
    return replace(layout, bound=layout.work * 2)


@pytest.mark.parametrize(
    "what", ["overlap", "walls", "ground", "obstacle", "distance", "path", "clearance", "bound"]
)  # fmt: skip
def test_a_broken_layout_is_caught(layout, what):
    assert f"layout.{what}" in [issue.rule for issue in broken(layout, what).check()]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"floors": [hall(depth_m=4, width_m=3)], "fixed_places": []},
            r"fill/1 \(4 x 2 m\) is 1.00 m too long for the",
        ),
        (
            {"zones": [zone(kind="hygiene", width_m=3, depth_m=3, equipment_kinds=["fill"])]},
            r"fill/1 .* must stand in a hygiene zone, and is 1.00 m too long for part \(3 x 3 m\)",
        ),
        ({"floors": [hall(width_m=13, depth_m=6, clearance_m=3)], "fixed_places": []}, r"5 machines .* m² more than"),
    ],
)
def test_a_floor_that_is_too_small_is_refused_with_what_does_not_fit_and_by_how_much(changes, words):
    with pytest.raises(InfeasibleError, match=words):
        arrange_floor(floor_network(**changes), line="small_line", effort=QUICK)


def test_machines_without_a_size_take_their_floor_area_and_the_layout_says_so():
    network = floor_network()
    bare = [row.model_copy(update={"length_m": None, "width_m": None, "footprint_m2": 8.0}) if row.id == "fill" else row
            for row in network.equipment]  # fmt: skip
    layout = arrange_floor(network.model_copy(update={"equipment": bare}), line="small_line", effort=QUICK)
    assert layout.notes == ("fill is taken as 4 x 2 m, from its footprint of 8 m²",)
    nothing = [row.model_copy(update={"footprint_m2": 0.0}) for row in bare]
    lines = [row.model_copy(update={"footprint_m2": 0.0}) for row in network.lines]
    with pytest.raises(InfeasibleError, match=r"equipment\.fill: no length_m and width_m"):
        arrange_floor(network.model_copy(update={"equipment": nothing, "lines": lines}), line="small_line")


def test_two_lines_share_a_floor():
    network = floor_network()
    second = [row.model_copy(update={"line": "fast_line"}) for row in network.stations if row.id in ("cap", "pack")]
    both = network.model_copy(update={"stations": [*network.stations, *second]})
    layout = arrange_floor(both, lines=["small_line", "fast_line"], effort=QUICK)
    assert len(layout.machines) == 7
    assert layout.check() == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"line": "smal_line"}, "must be a line of the document, found smal_line"),
        ({"line": "fast_line"}, "lines.fast_line: has no stations to arrange"),
        ({}, "line: must be stated"),
        ({"line": "small_line", "floor": "attic"}, "no floor of the document is meant, found attic"),
        ({"line": "small_line", "site": "lyon"}, "site: must be a site"),
    ],
)
def test_what_is_not_there_is_refused(network, arguments, words):
    with pytest.raises(UsageError, match=words):
        arrange_floor(network, **arguments)


def test_a_floor_without_doors_is_arranged_and_noted():
    layout = arrange_floor(floor_network(fixed_places=DOORS[:1]), line="small_line", effort=QUICK)
    assert layout.notes == ("the floor has no shipping door: ways to it count for nothing",)
