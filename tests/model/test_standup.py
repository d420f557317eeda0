import pytest

from manyworks.model.standup import critical_path, stand_up_quarters
from tests.networks import tiny_network

STEPS = [
    {"template": "micro", "id": "permit", "weeks": 8},
    {"template": "micro", "id": "machines", "weeks": 20},
    {"template": "micro", "id": "utilities", "weeks": 10, "after": ["permit"]},
    {"template": "micro", "id": "qualify", "weeks": 4, "after": ["machines", "utilities"]},
    {"template": "big", "id": "permit", "weeks": 99},
]


def micro(network):
    return network.get("templates", "micro")


def test_the_longest_chain_of_steps_says_how_long_a_site_takes():
    network = tiny_network(stand_up_steps=STEPS)
    assert critical_path(network, micro(network)) == (24, ("machines", "qualify"))
    assert stand_up_quarters(network, micro(network)) == 2


def test_thirteen_weeks_are_one_quarter_and_fourteen_are_two():
    for weeks, quarters in ((13, 1), (14, 2)):
        network = tiny_network(stand_up_steps=[{"template": "micro", "id": "all", "weeks": weeks}])
        assert stand_up_quarters(network, micro(network)) == quarters


def test_typed_quarters_overrule_the_steps():
    network = tiny_network()
    assert stand_up_quarters(network, network.get("templates", "big")) == 3


def test_a_template_without_steps_or_quarters_is_ready_at_once():
    network = tiny_network(stand_up_steps=[])
    assert critical_path(network, micro(network)) == (0, ())
    assert stand_up_quarters(network, micro(network)) == 0


def test_steps_that_wait_for_each_other_are_named():
    ring = [
        {"template": "micro", "id": "hen", "weeks": 1, "after": ["egg"]},
        {"template": "micro", "id": "egg", "weeks": 1, "after": ["hen"]},
    ]
    network = tiny_network(stand_up_steps=ring)
    with pytest.raises(ValueError, match="micro can never start: hen, egg"):
        critical_path(network, micro(network))
