"""A plan says which rates it rests on: stated ones, or measured ones with their interval and what they changed."""

from __future__ import annotations

from typing import Any

from manyworks.model.document.hashes import line_hash
from manyworks.plan.design import design_network
from manyworks.plan.rate_words import rate_words
from manyworks.plan.rivals.compare import compare_plans
from tests.networks import tiny_network


def measured(**changes: Any) -> dict[str, Any]:
    found = {"line": "small_line", "nominal_rate_per_min": 130, "effective_rate_per_min": 100, "method": "twin"}
    return found | {"effective_low_per_min": 99, "effective_high_per_min": 101} | changes


def both(**changes: Any) -> list[dict[str, Any]]:
    return [measured(product=name, **changes) for name in ("salted_nuts", "oat_bar")]


def test_a_stated_rate_is_said_to_be_one() -> None:
    assert "small_line: 91 units/min, nominal × OEE as stated" in rate_words(tiny_network())


def test_a_measured_rate_is_said_with_its_interval_and_what_it_changes() -> None:
    words = rate_words(tiny_network(capabilities=both()))
    assert "small_line: 100 units/min as the twin measured (99 to 101), 9.9% above the 91 of nominal × OEE" in words


def test_a_rate_of_some_products_and_one_of_a_line_that_has_changed_are_said_to_be_so() -> None:
    network = tiny_network()
    fresh = measured(product="oat_bar", line_hash=line_hash(network, "small_line"))
    assert "twin measured for 1 of 2 products (99 to 101)" in rate_words(tiny_network(capabilities=[fresh]))[1]
    assert "changed" not in rate_words(tiny_network(capabilities=[fresh]))[1]
    stale = tiny_network(capabilities=both(line_hash="0123456789abcdef"))
    assert rate_words(stale)[1].endswith("; the line has changed since")


def test_plan_and_comparison_say_the_rates() -> None:
    network = tiny_network(capabilities=both())
    assert "small_line: 100 units/min as the twin measured" in design_network(network).summary()
    assert "Rate of small_line: 100 units/min as the twin measured" in compare_plans(network, jobs=1).summary()
    assert "Rate of" not in compare_plans(tiny_network(), jobs=1).summary()
