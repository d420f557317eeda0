"""Promises of the example documents: sound, adding up, and honest about where each number comes from."""

from __future__ import annotations

import os
import runpy
import shutil
import sys
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest

from manyworks.examples import example_names, example_path
from manyworks.model.checks import check_network
from manyworks.model.demand import monthly_demand
from manyworks.model.document import load_network
from manyworks.model.network import Network
from manyworks.model.scenario import apply_scenario
from manyworks.model.times import PARAMETERS

NEEDS_NO_EVIDENCE = {"lat", "lon", "price_year"}
BUILD = example_path("soda_us").parent / "build"


@cache
def example(name: str) -> Network:
    return load_network(example_path(name))


@pytest.mark.parametrize("name", example_names())
def test_every_example_is_sound_without_a_warning(name: str):
    assert [str(issue) for issue in check_network(example(name))] == []


@pytest.mark.parametrize("name", sorted(set(example_names()) - {"starter"}))  # its numbers wait for yours
def test_every_number_of_an_example_says_where_it_comes_from(name: str):
    network = example(name)
    targets = [row.target for row in network.evidence]
    numbers = [path for path, value in stated_numbers(network).items() if value != 0]  # a zero says nothing

    assert [path for path in numbers if not any(fnmatchcase(path, target) for target in targets)] == []


@pytest.mark.parametrize("name", example_names())
def test_every_row_of_evidence_speaks_of_a_number_and_keeps_its_range(name: str):
    network = example(name)
    numbers = stated_numbers(network)

    for row in network.evidence:
        values = [value for path, value in numbers.items() if fnmatchcase(path, row.target)]
        assert values, f"{row.target} matches no number"
        assert row.source or row.note or row.basis == "assumption", f"{row.target} has no source"
        if row.low is not None and row.high is not None:
            outside = [value for value in values if isinstance(value, float | int) and not row.low <= value <= row.high]
            assert outside == [], f"{row.target} lies outside its range"


@pytest.mark.parametrize("name", example_names())
def test_every_scenario_of_an_example_can_be_applied(name: str):
    network = example(name)

    for scenario in network.scenarios:
        changed = apply_scenario(network, scenario.id)
        assert changed != network or scenario.id == "micro_40_min"
        assert [str(issue) for issue in check_network(changed) if issue.severity == "error"] == []


def test_the_starter_is_small_enough_to_fill_in_within_an_hour():
    rows = [name for name, _, _ in example("starter").rows() if name != "evidence"]

    assert len(rows) + 2 <= 30  # finance and policy are a row each


def test_soda_us_asks_for_one_percent_of_the_soft_drinks_of_its_metros():
    network = example("soda_us")
    people = sum(market.population for market in network.markets)
    litres_a_head = 11.8e9 * 3.785411784 / 334_914_895  # volume of 2023 over the population of 2023

    rules = sum(rule.units_per_head_year * rule.share for rule in network.demand_rules)
    first_quarter = monthly_demand(network)[:, :, :3].sum()

    assert len(network.markets) == 387
    assert people == 288_910_527
    assert rules * 0.5 == pytest.approx(0.01 * litres_a_head, rel=1e-3)
    assert first_quarter == pytest.approx(rules * people * (0.7553 + 0.8347 + 0.9819) / 12, rel=0.01)


def test_soda_us_has_its_rivals_and_its_article_numbers():
    network = example("soda_us")
    micro, big = (network.get("templates", name) for name in ("micro", "big"))
    candidates = [site for site in network.sites if site.status == "candidate"]

    assert len(candidates) >= 60
    assert sum("big" in site.templates for site in candidates) == 3
    assert (micro.stand_up_quarters, big.stand_up_quarters) == (1, 12)
    assert [network.get("lines", name).nominal_rate_per_min for name in ("line_125", "line_200")] == [125, 200]
    assert len({site.region for site in candidates}) == 9  # every census division


def test_nuts_ends_its_holiday_run_for_good():
    network = example("nuts")
    months = monthly_demand(network)[:, [product.id for product in network.products].index("holiday_tin"), :].sum(
        axis=0
    )

    sold = [month for month, units in enumerate(months) if units > 0]
    assert sold == [12 * year + month for year in range(8) for month in (9, 10, 11)]


def test_tariffs_follow_the_dates_of_the_source():
    network = example("tariffs")
    dates = {row.starts for row in network.duties if row.starts is not None}

    assert len(dates) == 23
    assert {row.origin_zone for row in network.duties} == {"VN", "MX"}


def test_tables_are_made_again_with_the_same_bytes(tmp_path, monkeypatch):
    if not (BUILD.is_dir() and "MANYWORKS_DATA" in os.environ):
        pytest.skip("needs the source tables in $MANYWORKS_DATA")
    made = tmp_path / "examples"
    shutil.copytree(BUILD.parent, made)
    tables = [path for name in example_names() for path in made.glob(f"{name}/*.csv")]
    before = {path: path.read_bytes() for path in tables}
    monkeypatch.setattr(sys, "path", [str(made / "build"), *sys.path])

    runpy.run_path(str(made / "build" / "build.py"), run_name="__main__")

    assert {path: path.read_bytes() for path in tables} == before


def test_examples_are_small_enough_to_be_read():
    for name in example_names():
        assert sum(path.stat().st_size for path in Path(example_path(name)).iterdir()) < 100_000


def stated_numbers(network: Network) -> dict[str, object]:
    """Path to value of every number and time law that the document states, the rows without ids under ``-``."""
    rows = [("finance", None, network.finance), ("policy", None, network.policy)]
    rows += [(name, row, row) for name, _, row in network.rows() if name not in {"evidence", "changes", "scenarios"}]
    numbers: dict[str, object] = {}
    for collection, has_id, row in rows:
        head = collection if has_id is None else f"{collection}.{getattr(row, 'id', '-')}"
        for field in row.model_fields_set - NEEDS_NO_EVIDENCE:
            value = getattr(row, field)
            first = value[0] if isinstance(value, list) and value else value
            is_law = isinstance(first, str) and first.partition("(")[0] in PARAMETERS
            if is_law or (isinstance(first, float | int) and not isinstance(first, bool)):
                numbers[f"{head}.{field}"] = value
    return numbers
