import pytest

from manyworks.model.segregation import may_share
from tests.networks import tiny_network

BOTH = ["salted_nuts", "oat_bar"]


@pytest.mark.parametrize(
    ("rules", "may_share_line", "may_share_site"),
    [([], True, True), (["peanut:line"], False, True), (["peanut:site"], False, False), (["milk:site"], True, True)],
)
def test_an_allergen_keeps_to_its_own_lines_or_its_own_sites(rules, may_share_line, may_share_site):
    network = tiny_network(policy={"segregation": rules})
    assert may_share(network, BOTH, "line") is may_share_line
    assert may_share(network, BOTH, "site") is may_share_site


def test_products_that_all_hold_the_allergen_may_always_meet():
    network = tiny_network(policy={"segregation": ["peanut:site"]})
    assert may_share(network, ["salted_nuts"], "site")
    assert may_share(network, [], "site")
