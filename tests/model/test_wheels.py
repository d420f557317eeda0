import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.model.wheels import best_wheel, line_hour_value, longest_cycle_days
from tests.networks import tiny_data, tiny_network

ANY = {"id": "any", "attribute": "product", "minutes": 30}
BOTH = ("salted_nuts", "oat_bar")


def wheel(products=BOTH, *, changes=None, **options):
    return best_wheel(tiny_network(**(changes or {})), "fast_line", products, template="big", **options)


def flavours(sizes: dict[str, str], allergens: dict[str, list[str]]):
    rows = [
        tiny_data()["products"][0] | {"id": name, "format": size, "allergens": allergens.get(name, [])}
        for name, size in sizes.items()
    ]
    return {"products": rows, "bill": [], "demand_rules": [], "demand": []}


def test_one_product_turns_without_loss():
    alone = wheel(["oat_bar"])
    assert alone.changeover_share == alone.cost_per_cycle == alone.scrap_units_per_cycle.sum() == 0


def test_a_cycle_of_two_products_pays_the_way_there_and_the_way_back():
    found = wheel()
    assert found.line_min_per_cycle == 240 + 30
    assert found.cost_per_cycle == 300


def test_the_share_lost_is_minutes_a_cycle_over_open_minutes_a_cycle():
    found = wheel(changes={"policy": {"wheel_days": [7]}})
    assert found.open_min_per_cycle == pytest.approx(4000 * 60 * 7 / 365)
    assert found.changeover_share == pytest.approx(270 / (4000 * 60 * 7 / 365))


def test_products_of_one_size_run_next_to_each_other():
    sizes = {"a": "can", "b": "bag", "c": "can", "d": "bag"}
    rules = [ANY | {"minutes": 5}, {"id": "size", "attribute": "format", "minutes": 60}]
    found = wheel(list(sizes), changes=flavours(sizes, {}) | {"changeovers": rules})
    assert found.line_min_per_cycle == 2 * 60 + 2 * 5


def test_an_allergen_is_cleaned_out_once_a_cycle():
    names = dict.fromkeys("abcd", "can")
    rules = [
        ANY | {"minutes": 5},
        {"id": "out", "attribute": "allergen_removed", "minutes": 240},
        {"id": "in", "attribute": "allergen_added", "minutes": 15},
    ]
    products = flavours(names, {"a": ["peanut"], "c": ["peanut"]})
    assert wheel("abcd", changes=products | {"changeovers": rules}).line_min_per_cycle == 240 + 15 + 5 + 5


def test_expensive_changeovers_make_longer_cycles():
    hours = (1.0, 1e3, 1e6)
    days = [wheel(hour_value=hour, units_per_year=np.array([1e7, 1e7])).cycle_days for hour in hours]
    assert days == sorted(days)
    assert days[0] < days[-1] == 28


def test_short_life_makes_shorter_cycles():
    goods = tiny_data()["products"]
    fresh = [goods[0] | {"shelf_life_days": 110, "minimum_remaining_life_days": 90}, goods[1]]
    changes = {"products": fresh, "policy": {"wheel_days": [7, 14, 28]}}
    assert wheel(changes=changes, hour_value=1e9).cycle_days == 14
    assert longest_cycle_days(tiny_network(products=fresh), BOTH) == 20


def test_a_life_below_every_length_sets_the_length():
    goods = tiny_data()["products"]
    fresh = [goods[0] | {"shelf_life_days": 5, "minimum_remaining_life_days": 2}, goods[1]]
    assert wheel(changes={"products": fresh}).cycle_days == 3


def test_a_site_wide_clean_takes_its_share_from_every_other_line():
    rule = {"id": "out", "attribute": "allergen_removed", "minutes": 1440, "scope": "site"}
    found = wheel(changes={"changeovers": [rule], "policy": {"wheel_days": [28]}})
    assert found.site_min_per_cycle == 1440
    assert found.line_min_per_cycle == 0
    assert found.site_share == found.changeover_share == pytest.approx(1440 / (4000 * 60 * 28 / 365))


def test_lines_that_stand_with_it_make_a_wheel_turn_less_often():
    rule = {"id": "out", "attribute": "allergen_removed", "minutes": 120, "scope": "site"}
    made = np.array([4e5, 4e5])
    alone, among_many = (
        wheel(changes={"changeovers": [rule]}, other_lines=lines, hour_value=50, units_per_year=made)
        for lines in (0, 50)
    )
    assert alone.cycle_days < among_many.cycle_days


def test_a_wheel_that_could_not_turn_gives_way_to_one_that_can():
    rule = ANY | {"minutes": 2400}  # Two changes are 80 h; a week has 76.7 open hours.
    found = wheel(changes={"changeovers": [rule]}, hour_value=0, units_per_year=np.array([1e9, 1e9]))
    assert found.cycle_days == 14
    assert found.changeover_share == pytest.approx(80 / (4000 * 14 / 365))


def test_a_clean_by_running_time_falls_on_the_products_that_it_counts():
    clean = {"id": "weekly", "every_h": 40, "minutes": 120, "cost": 80, "products": ["salted_nuts"]}
    found = wheel(changes={"sanitations": [clean]}, units_per_year=np.array([1e6, 3e6]))
    assert found.sanitation_share == pytest.approx(0.25 * 2 / 40)
    assert found.sanitation_cost_per_h == pytest.approx(0.25 * 80 / 40)


def test_scrap_of_a_restart_is_of_the_product_that_starts():
    pair = ANY | {"from_value": "salted_nuts", "to_value": "oat_bar", "scrap_units": 9}
    assert wheel(changes={"changeovers": [pair]}).scrap_units_per_cycle.tolist() == [0, 9]


def test_an_hour_of_a_line_is_worth_its_crew_and_its_capital():
    network = tiny_network(finance={"discount_rate": 0.08})
    value = line_hour_value(network, "fast_line", template="big", site="albany")
    assert value == pytest.approx(6 * 22 + 2.5e6 * (0.08 + 1 / 15) / 4000)


@given(st.permutations(["a", "b", "c", "d", "e"]))
def test_the_order_in_which_products_are_asked_for_changes_nothing(names):
    sizes = {"a": "can", "b": "bag", "c": "can", "d": "bag", "e": "box"}
    changes = flavours(sizes, {"a": ["peanut"]}) | {"changeovers": [{"id": "s", "attribute": "format", "minutes": 60}]}
    asked, plain = wheel(names, changes=changes), wheel(sorted(names), changes=changes)
    assert asked.order == plain.order
    assert asked.cycle_days == plain.cycle_days
