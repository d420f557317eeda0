"""The cheapest line of the catalogue that reaches a rate; changed inputs change the answer."""

import pytest

from manyworks.errors import InfeasibleError, UsageError
from manyworks.model.network import Network
from manyworks.twin.design.cost import CostBasis, line_cost
from manyworks.twin.design.design_line import design_line
from manyworks.twin.design.document import open_program
from manyworks.twin.design.options import by_cost
from tests.twin.design.lines import shop

TARGET = 18.0


def designed(network, **options):
    settings = {
        "line": "small_line",
        "target_rate_per_min": TARGET,
        "is_capex_only": True,
        "most_machines": 1,
        "tolerance": 0.03,
    }
    return design_line(network, **settings | options)


def machines(design):
    return [str(option) for option in design.chosen.machines]


@pytest.fixture(scope="module")
def design():
    return designed(shop(), cost_per_room=20)


def test_the_chosen_line_reaches_the_target(design):
    assert design.rate.high >= TARGET
    assert design.rate.mean >= 0.99 * TARGET
    assert design.chosen.bound > TARGET


def test_no_cheaper_set_of_machines_can_reach_it(design):
    assert machines(design)[0] == "filler_a"
    assert design.too_slow + design.too_dear + design.looked_at + design.skipped == design.sets
    cheaper = [row for row in design.tried if row.candidate.cost.total < design.chosen.cost.total]
    assert all(row.reaches is False for row in cheaper)


def test_the_cost_is_price_and_rooms(design):
    prices = {row.id: row.price for row in design.network.equipment}
    paid = sum(option.count * prices[option.machine.id] for option in design.chosen.machines)
    assert design.chosen.cost.capex == paid + 20 * sum(design.chosen.rooms)


def test_the_document_holds_the_chosen_line(design):
    checked = Network.model_validate(design.network.model_dump())
    program = open_program(checked, line="small_line", product=design.product, units=1)
    assert [s.id for s in program.stations] == ["filler", "capper", "packer"]
    rooms = [row.capacity_units for row in checked.buffers if row.line == "small_line"]
    assert sum(rooms) == sum(design.chosen.rooms)
    assert checked.get("lines", "small_line").capex == design.chosen.cost.capex


def test_a_dearer_machine_loses_its_place(design):
    assert "capper_a" in machines(design)
    found = designed(shop(capper_a={"price": 60_000}))
    assert "capper_b" in machines(found)


def test_a_faster_machine_wins_its_place(design):
    assert "filler_c" not in machines(design)
    found = designed(shop(filler_c={"rated_rate_per_min": 21.0}))
    assert "filler_c" in machines(found)


def test_a_machine_that_fails_more_often_loses_its_place(design):
    assert "packer_a" in machines(design)
    found = designed(shop(packer_a={"mtbf_min": 9}))
    assert "packer_a" not in machines(found)


def test_dear_labour_makes_a_dear_machine_that_needs_nobody_the_better_one():
    network = shop(packer_a={"crew": 2.0})
    assert "packer_a" in machines(designed(network))
    assert "packer_b" in machines(designed(network, is_capex_only=False))


def test_rooms_that_cost_nothing_are_still_few():
    found = designed(shop(), target_rate_per_min=15)
    assert sum(found.chosen.rooms) < 15 * 15


def test_a_target_beyond_all_machines_is_refused_with_the_most_that_can_be_reached():
    with pytest.raises(InfeasibleError, match=r"packer 2\d\.\d+.*the most that the whole line can reach is 2"):
        designed(shop(), target_rate_per_min=27)


def test_a_target_that_only_the_rooms_forbid_is_refused_with_the_best_line_simulated():
    with pytest.raises(InfeasibleError, match=r"the best of \d+ simulated makes 2\d\.\d+/min"):
        designed(shop(), target_rate_per_min=22.5, most_rooms=1, product="oat_bar")


def test_wrong_arguments_are_named_all_at_once():
    with pytest.raises(UsageError, match=r"target must be.*no stations"):
        designed(shop(), line="fast_line", target_rate_per_min=-1)


def test_the_same_seed_gives_the_same_design(design):
    again = designed(shop(), cost_per_room=20)
    assert (again.chosen, again.rate, again.tried) == (design.chosen, design.rate, design.tried)


def test_energy_and_crew_are_those_of_the_output():
    network = shop()
    program = open_program(network, line="small_line", product="oat_bar", units=1)
    basis = CostBasis(
        years=1, discount_rate=0, hours_per_year=100, wage_per_h=10, power_price_per_kwh=0.5, rent_per_m2_year=0
    )
    rows = [network.get("equipment", f"{name}_a") for name in ("filler", "capper", "packer")]
    cost = line_cost(basis, program, rows, 0, 10.0)
    work, down = [10 / 20, 10 / 22, 10 / 21], [10 / 20 * 4 / 60, 10 / 22 * 3 / 90, 10 / 21 * 5 / 50]
    kw = sum(5 * w + (1 - w - d) for w, d in zip(work, down, strict=True))
    assert cost.energy == pytest.approx(100 * 0.5 * kw)
    assert cost.crew == pytest.approx(100 * 10 * 1.5)


def test_machine_sets_come_in_order_of_cost_and_none_twice():
    class Option:
        def __init__(self, cost):
            self.cost = cost

    stations = [[Option(1), Option(4)], [Option(2), Option(3), Option(9)], [Option(0)]]
    sums = [sum(option.cost for option in row) for row in by_cost(stations)]
    assert sums == sorted(sums)
    assert len(sums) == 6


def test_the_summary_says_what_to_buy_how_sure_it_is_and_what_was_tried(design):
    words = design.summary()
    assert "For 18 good units/min buy filler_a" in words
    assert "With probability 95%" in words
    assert "Tried, cheapest first:" in words
