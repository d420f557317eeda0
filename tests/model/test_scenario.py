"""What-ifs change what they name, and nothing else."""

import pytest

from manyworks.errors import UsageError
from manyworks.model.network import Network
from manyworks.model.scenario import apply_changes, apply_scenario, change_from_words

NETWORK = Network.model_validate(
    {
        "name": "two sites",
        "finance": {"start": "2027-01-01"},
        "sites": [
            {"id": "lyon", "name": "Lyon", "lat": 45.8, "lon": 4.8, "wage_per_h": 20},
            {"id": "oslo", "name": "Oslo", "lat": 59.9, "lon": 10.8, "wage_per_h": 30},
        ],
        "scenarios": [{"id": "dear_labour", "name": "Wages rise by a fifth"}],
        "changes": [{"scenario": "dear_labour", "path": "sites.*.wage_per_h", "operation": "scale", "value": "1.2"}],
    }
)


def wages(network):
    return [site.wage_per_h for site in network.sites]


def test_a_scenario_changes_every_record_that_its_path_matches():
    assert wages(apply_scenario(NETWORK, "dear_labour")) == [24, 36]


def test_a_scenario_leaves_the_base_document_as_it_is():
    apply_scenario(NETWORK, "dear_labour")
    assert wages(NETWORK) == [20, 30]


def test_an_unknown_scenario_suggests_the_nearest_one():
    with pytest.raises(UsageError, match="Did you mean 'dear_labour'"):
        apply_scenario(NETWORK, "dear_labor")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("sites.lyon.wage_per_h=25", [25, 30]),
        ("sites.lyon.wage_per_h*=1.5", [30, 30]),
        ("sites.*.wage_per_h+=1", [21, 31]),
        ("sites.o*.wage_per_h=1", [20, 1]),
    ],
)
def test_a_change_is_read_from_words(words, expected):
    assert wages(apply_changes(NETWORK, [change_from_words(words)])) == expected


@pytest.mark.parametrize("words", ["policy.default_oee=0.7", "finance.tax_rate=0.3"])
def test_a_change_reaches_the_heads_of_the_document(words):
    changed = apply_changes(NETWORK, [change_from_words(words)])
    head, field = words.partition("=")[0].split(".")
    assert getattr(getattr(changed, head), field) == float(words.partition("=")[2])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("sites.paris.wage_per_h=3", "must match a field"),
        ("sites.lyons.wage_per_h=3", r"Did you mean lyon\?"),
        ("sites.lyon.wage=3", r"Did you mean wage_per_h\?"),
        ("site.lyon.wage_per_h=3", r"Did you mean sites\?"),
        ("finance.discount=3", r"Did you mean discount_rate\?"),
        ("sites.lyon.wage_per_h=-3", "sites.lyon.wage_per_h: must be greater than 0"),
        ("sites.lyon.name*=3", "must be a number"),
        ("sites.lyon.wage_per_h*=three", "must have a number"),
        ("sites.lyon", "path=value"),
    ],
)
def test_an_impossible_change_says_what_is_wrong_with_it(words, message):
    with pytest.raises(UsageError, match=message):
        apply_changes(NETWORK, [change_from_words(words)])
