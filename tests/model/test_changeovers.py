import numpy as np
import pytest

from manyworks.model.changeovers import compile_changeovers
from tests.networks import tiny_data, tiny_network

PEANUT_OUT = {
    "id": "peanut_out",
    "attribute": "allergen_removed",
    "minutes": 240,
    "cost": 300,
    "scrap_units": 50,
    "crew": 2,
}
PEANUT_IN = {"id": "peanut_in", "attribute": "allergen_added", "minutes": 15}
ANY = {"id": "any", "attribute": "product", "minutes": 30, "cost": 10, "scrap_units": 20}
NUTS, BAR = 0, 1


def compiled(*rules, line="fast_line", line_changes=None, **where):
    lines = [row | (line_changes or {}) for row in tiny_data()["lines"]]
    return compile_changeovers(tiny_network(changeovers=list(rules), lines=lines), line, **where)


def test_adding_an_allergen_is_cheaper_than_removing_it():
    changes = compiled(PEANUT_OUT, PEANUT_IN)
    assert changes.minutes[NUTS, BAR] == 240
    assert changes.minutes[BAR, NUTS] == 15


def test_staying_with_a_product_costs_nothing():
    changes = compiled(PEANUT_OUT, ANY, line_changes={"fill_min": 3, "startup_scrap_units": 5})
    for matrix in (changes.minutes, changes.cost, changes.scrap_units, changes.crew_minutes):
        assert not np.diag(matrix).any()


def test_rules_side_by_side_take_the_longest_and_spend_every_money():
    changes = compiled(PEANUT_OUT, ANY)
    assert changes.minutes[NUTS, BAR] == 240
    assert changes.cost[NUTS, BAR] == 310
    assert changes.scrap_units[NUTS, BAR] == 50
    assert changes.crew_minutes[NUTS, BAR] == 480


def test_rules_one_after_the_other_add_their_minutes():
    changes = compiled(PEANUT_OUT, ANY | {"combine": "add"})
    assert changes.minutes[NUTS, BAR] == 270
    assert changes.scrap_units[NUTS, BAR] == 70


def test_an_explicit_pair_overrides_every_rule_and_the_filling_of_the_line():
    pair = {"id": "pair", "attribute": "product", "from_value": "salted_nuts", "to_value": "oat_bar", "minutes": 7}
    changes = compiled(PEANUT_OUT, ANY, pair, line_changes={"fill_min": 3, "startup_scrap_units": 5})
    assert changes.minutes[NUTS, BAR] == 7
    assert changes.cost[NUTS, BAR] == changes.scrap_units[NUTS, BAR] == 0
    assert changes.minutes[BAR, NUTS] == 33
    assert changes.scrap_units[BAR, NUTS] == 25


def test_a_site_wide_clean_stops_the_site_for_its_own_minutes_only():
    changes = compiled(PEANUT_OUT | {"scope": "site", "minutes": 20}, ANY)
    assert changes.minutes[NUTS, BAR] == 30
    assert changes.site_minutes[NUTS, BAR] == 20
    assert changes.line_minutes[NUTS, BAR] == 10
    assert changes.site_minutes[BAR, NUTS] == 0
    assert changes.scope == "site"


def test_a_rule_of_another_line_template_or_site_does_not_apply():
    for field, ours, theirs in (
        ("lines", "fast_line", "small_line"),
        ("templates", "big", "micro"),
        ("sites", "albany", "reno"),
    ):
        where = {"template": "big", "site": "albany"}
        assert compiled(ANY | {field: [ours]}, **where).minutes[NUTS, BAR] == 30
        assert compiled(ANY | {field: [theirs]}, **where).minutes[NUTS, BAR] == 0


def test_a_rule_of_some_site_does_not_apply_where_no_site_is_named():
    assert not compiled(ANY | {"sites": ["albany"]}).minutes.any()


@pytest.mark.parametrize("attribute", ["format", "label", "family"])
def test_an_attribute_counts_only_when_it_changes(attribute):
    products = [
        tiny_data()["products"][0] | {"id": name, attribute: word} for name, word in zip("abc", "xxy", strict=True)
    ]
    quiet = {"products": products, "bill": [], "demand_rules": [], "demand": []}
    rule = {"id": "change", "attribute": attribute, "minutes": 25}
    changes = compile_changeovers(tiny_network(changeovers=[rule], **quiet), "fast_line")
    assert changes.minutes.tolist() == [[0, 0, 25], [0, 0, 25], [25, 25, 0]]
    narrow = compile_changeovers(tiny_network(changeovers=[rule | {"from_value": "y"}], **quiet), "fast_line")
    assert narrow.minutes.tolist() == [[0, 0, 0], [0, 0, 0], [25, 25, 0]]


def test_a_named_allergen_leaves_other_allergens_alone():
    changes = compiled(PEANUT_OUT | {"from_value": "milk"})
    assert not changes.minutes.any()


def test_a_swab_holds_the_goods_and_not_the_line():
    changes = compiled(PEANUT_OUT | {"hold_min": 90})
    assert changes.hold_min[NUTS, BAR] == 90
    assert changes.minutes[NUTS, BAR] == 240
