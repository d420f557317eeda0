"""Scenarios: who wins in other worlds, what is regretted, and no claim above its bound."""

from dataclasses import replace

import numpy as np
import pytest

from manyworks import load_network, stress_plan
from manyworks.errors import UsageError
from manyworks.examples import example_path
from manyworks.plan.rivals.compare import compare_plans
from manyworks.plan.stress.at_design import plan_at_design
from manyworks.plan.stress.scenarios.cases import worlds
from tests.networks import tiny_network


@pytest.fixture(scope="module")
def network():
    return load_network(example_path("first_network"))


@pytest.fixture(scope="module")
def run(network):
    return stress_plan(compare_plans(network, jobs=1), parts=["scenarios"], jobs=1)


def test_the_winner_and_the_regret_of_each_rival_are_said_for_every_scenario(run, network):
    rows = list(run.tables()["scenarios.scenarios"].rows())
    assert {row["scenario"] for row in rows} == {"base", *(row.id for row in network.scenarios)}
    assert sum(row["wins"] == "yes" for row in rows) == 1 + len(network.scenarios)
    assert all(row["regret"] >= -1e-6 for row in rows)
    assert "wins" in run.summary()
    assert run.check() == []
    assert run.is_complete


def test_a_design_that_is_kept_is_worth_no_more_than_planning_anew(run):
    for row in run.tables()["scenarios.scenarios"].rows():
        assert row["frozen_npv"] <= row["anew_npv"] + 1e-3
        assert row["anew_npv"] <= row["bound"] + 1e-3


def test_keeping_the_design_in_the_same_world_changes_nothing(run, network):
    for plan in run.comparison.plans.values():
        assert plan_at_design(plan, network).npv == pytest.approx(plan.npv, rel=1e-7)


def test_a_document_without_scenarios_gets_built_in_ones_that_change_something():
    network = tiny_network(scenarios=[], changes=[])
    assert [world.id for world in worlds(network)] == ["demand_down", "demand_up", "freight_up", "wages_up"]
    assert all(world.change(network) != network for world in worlds(network))


def test_a_spoiled_run_is_caught(run):
    result = run.results["scenarios"]
    rows = dict(result.worth["cheap_freight"])
    name = next(iter(rows))
    spoiled = replace(result, worth=result.worth | {"cheap_freight": rows | {name: replace(rows[name], anew=np.inf)}})
    assert any("bound" in issue.message for issue in spoiled.check())


def test_an_unknown_part_is_named(network):
    with pytest.raises(UsageError, match="scenarioz"):
        stress_plan(network, parts=["scenarioz"])
