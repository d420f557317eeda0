"""Uncertain numbers: tornado, break-even maps, many futures, building in steps, goals beside money.

The jam network is small enough to compute by hand. A quarter at level k of demand earns 246,000 k at Riverton alone,
less 30,000 of staff; Hillside saves 42,000 k of freight a quarter from the second quarter on, at 15,000 of staff, for
50,000 of capital. Riverton's one line makes 300,000 jars a quarter, and a second one costs 30,000.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

from manyworks import load_network, stress_plan
from manyworks.cli.main import run as run_program
from manyworks.errors import EXIT_USAGE, UsageError
from manyworks.examples import example_path
from manyworks.model.network import Network
from manyworks.plan.case import CASES
from manyworks.plan.rivals.compare import compare_plans
from manyworks.plan.search.watch import Watch
from manyworks.plan.stress import break_even, pareto, staging, tornado, two_stage
from manyworks.plan.stress.bench import Bench, numbers, scaled_demand
from manyworks.plan.stress.break_even import BreakEvenOptions
from manyworks.plan.stress.joined import tail_mean
from manyworks.plan.stress.levers import LEVERS, span
from manyworks.plan.stress.pareto import ParetoOptions
from manyworks.plan.stress.part import Settings
from manyworks.plan.stress.sampling import demand_levels, reduced
from manyworks.plan.stress.staging import StagingOptions
from manyworks.plan.stress.tornado import TornadoOptions
from manyworks.plan.stress.two_stage import TwoStageOptions
from tests.networks import tiny_network

CASES_RUN = ("do_nothing", "central", "distributed", "best")


@pytest.fixture(scope="module")
def jam():
    return load_network(example_path("first_network"))


@pytest.fixture(scope="module")
def plans(jam):
    return compare_plans(jam, cases=CASES_RUN, gap=1e-6, jobs=1)


def asked(part, comparison, options):
    watch = Watch(case="test", gap=1e-6, time_limit=None, display=None)
    return part.run(comparison, Settings(gap=1e-6, options=options), watch)


def many_futures(comparison, **options):
    return asked(two_stage, comparison, TwoStageOptions(fresh=20, weights=(0.0, 1.0)) if not options else
                 TwoStageOptions(**({"fresh": 4, "weights": (0.0, 1.0)} | options)))  # fmt: skip


# ---- tornado ---------------------------------------------------------------------------------------------------------


def test_a_tornado_moves_a_plan_by_what_its_money_says(plans):
    run = asked(tornado, plans, TornadoOptions(levers=("demand", "stand_up_delay")))
    by_name = {bar.lever.name: bar for bar in run.bars}
    demand = by_name["demand"]
    assert (demand.low.at, demand.high.at, demand.span.is_assumed) == (0.8, 1.2, True)
    assert demand.low.point.lead("distributed") == pytest.approx(126_000 * 0.8 - 95_000)
    assert demand.high.point.lead("distributed") == pytest.approx(126_000 * 1.2 - 95_000)
    # Two quarters late, Hillside works one quarter only: it does not pay, and planned anew it is not built.
    late = by_name["stand_up_delay"].high
    assert late.frozen == pytest.approx(864_000 + 42_000 - 15_000 - 50_000)
    assert late.point.npv == pytest.approx(864_000)
    assert late.point.winner == "do_nothing"
    assert [(bar.lever.name, end.at) for bar, end in run.turning] == [("stand_up_delay", 2.0)]
    assert run.is_complete
    assert run.check() == []


def test_planning_anew_is_worth_no_less_than_holding_the_design(plans):
    run = asked(tornado, plans, TornadoOptions(levers=("freight_price", "wage")))
    for row in run.tables()["tornado"].rows():
        assert row["anew_npv"] >= row["frozen_npv"] - 1e-3


def test_a_range_of_the_document_is_used_where_it_speaks_of_one_value(jam):
    assert span(jam, LEVERS["freight_price"]).is_assumed  # 0.05 to 0.7 over lanes of different prices says nothing
    evidence = [{"target": "finance.tax_rate", "basis": "assumption"},
                {"target": "sites.*.wage_per_h", "basis": "assumption", "low": 15.0, "high": 30.0}]  # fmt: skip
    stated = Network.model_validate(jam.model_dump() | {"evidence": evidence})
    found = span(stated, LEVERS["wage"])
    assert (found.low, found.high, found.is_assumed) == (0.75, 1.5, False)


# ---- break-even ------------------------------------------------------------------------------------------------------


def test_the_boundary_of_a_map_lies_where_the_money_says(plans):
    options = BreakEvenOptions(maps=(("demand", "freight_price"),), scales=(0.5, 1.5), halvings=3)
    run = asked(break_even, plans, options)
    (found,) = run.maps
    assert found.winners == ("do_nothing", "distributed")
    assert found.crossings
    for crossing in found.crossings:
        # Hillside pays from 126,000 × volume × freight = 95,000 on.
        ends = (126_000 * crossing.x_from * crossing.y_from, 126_000 * crossing.x_to * crossing.y_to)
        assert min(ends) <= 95_000 <= max(ends)
        assert abs(crossing.x_to - crossing.x_from) + abs(crossing.y_to - crossing.y_from) == pytest.approx(1.0 / 2**3)
    assert run.check() == []


def test_a_map_needs_numbers_that_the_document_states_and_that_can_be_scaled(plans):
    run = asked(break_even, plans, BreakEvenOptions(maps=(("tariff", "wage"),)))
    assert run.maps == ()
    assert "no tariffs" in run.absent["tariff", "wage"]
    with pytest.raises(UsageError, match="must be a number that can be scaled"):
        asked(break_even, plans, BreakEvenOptions(maps=(("stand_up_delay", "wage"),)))


# ---- many futures ----------------------------------------------------------------------------------------------------


def test_one_design_for_a_low_and_a_high_future_is_the_one_computed_by_hand(plans):
    run = many_futures(plans, levels=((0.5, 0.85), (2.0, 0.15)), tail=0.5)
    # Level 0.5: 372,000 as it stands, 340,000 with Hillside. Level 2: 1,937,000 with Hillside; 1,576,000 without.
    assert run.recourse == pytest.approx(0.85 * 340_000 + 0.15 * 1_937_000)
    assert run.mean_design.mean == pytest.approx(0.85 * 372_000 + 0.15 * 1_576_000)
    assert run.wait_and_see == pytest.approx(0.85 * 372_000 + 0.15 * 1_937_000)
    assert run.vss == pytest.approx(26_950)
    assert run.evpi == pytest.approx(27_200)
    assert run.best.opens == ("hillside",)
    assert run.method == "whole"
    assert run.recourse_bound == pytest.approx(run.recourse)
    # The worst half lies in the low future: who looks at it alone builds nothing.
    careful = run.tried[run.frontier[-1][1]]
    assert careful.opens == ()
    assert careful.tail(0.5) == pytest.approx(372_000)
    assert run.check() == []


def test_more_is_known_the_more_is_earned(plans):
    run = many_futures(plans, futures=4, samples=60, demand_cv=0.6)
    assert run.wait_and_see >= run.recourse - 1e-3 >= run.mean_design.mean - 2e-3
    assert run.evpi >= -1e-3
    assert run.vss >= -1e-3
    assert all(row.tail(run.tail) <= row.mean + 1e-6 for row in run.tried)
    mean, low, high = run.best.interval
    assert low < mean < high
    assert run.check() == []
    broken = many_futures(plans, levels=((1.0, 1.0),))
    object.__setattr__(broken, "wait_and_see", broken.recourse - 1000.0)
    assert [issue.message for issue in broken.check()] == ["WS must not be below RP"]


def test_one_future_gives_the_plan_of_the_document(plans):
    run = many_futures(plans, levels=((1.0, 1.0),))
    assert run.recourse == pytest.approx(plans.best_plan.npv)
    assert run.vss == pytest.approx(0, abs=1e-3)
    assert run.evpi == pytest.approx(0, abs=1e-3)


def test_scenarios_with_a_probability_are_futures(jam):
    data = jam.model_dump()
    data["scenarios"] = [row | {"probability": 0.4} for row in data["scenarios"]]
    network = Network.model_validate(data)
    run = many_futures(compare_plans(network, cases=CASES_RUN, gap=1e-6, jobs=1), fresh=0)
    assert {row.world: row.probability for row in run.futures} == pytest.approx(
        {"as stated": 0.6, "cheap_freight": 0.4}
    )
    # Freight at half the price saves 21,000 a quarter with Hillside: 31,000 × 0.6 − 32,000 × 0.4 is still worth it.
    assert run.best.opens == ("hillside",)
    assert run.evpi == pytest.approx(0.4 * 32_000)


def test_the_tail_is_the_mean_of_the_worst_share():
    values, probability = np.array([4.0, 1.0, 2.0]), np.array([0.5, 0.1, 0.4])
    assert tail_mean(values, probability, 0.1) == 1.0
    assert tail_mean(values, probability, 0.3) == pytest.approx((0.1 * 1 + 0.2 * 2) / 0.3)
    assert tail_mean(values, probability, 1.0) == pytest.approx(values @ probability)


def test_levels_have_the_stated_spread_and_correlation_and_a_seed():
    network = tiny_network(policy={"default_demand_cv": 0.3, "demand_correlation": 0.5})
    levels = demand_levels(network, 20_000, seed=7)
    assert np.array_equal(levels, demand_levels(network, 20_000, seed=7))
    assert levels.mean(axis=0) == pytest.approx(np.ones(levels.shape[1]), abs=0.01)
    assert levels.std(axis=0) == pytest.approx(np.full(levels.shape[1], 0.3), abs=0.015)
    assert np.corrcoef(np.log(levels).T)[0, 1] == pytest.approx(0.5, abs=0.03)


def test_a_thinned_out_sample_keeps_its_mean():
    network = tiny_network(policy={"default_demand_cv": 0.4})
    kept, probability = reduced(demand_levels(network, 200, seed=1), 5, weight=np.ones(len(network.markets)))
    assert len(kept) == 5
    assert probability.sum() == pytest.approx(1)
    assert probability @ kept == pytest.approx(np.ones(len(network.markets)))


def test_scaling_the_demand_of_the_model_is_scaling_that_of_the_document(jam):
    # Freight of this document is stated per jar, so no shipment changes its size.
    known = numbers(jam, "best")
    inside = Bench(gap=0.0).solve(scaled_demand(known, np.full((3, 4), 1.3)))
    outside = Bench(gap=0.0).solve(numbers(LEVERS["demand"].apply(jam, 1.3), "best"))
    assert inside.npv == pytest.approx(outside.npv)


# ---- building in steps -----------------------------------------------------------------------------------------------


def test_waiting_for_demand_to_show_is_worth_what_the_tree_says(jam):
    cheap = LEVERS["freight_price"].apply(jam, 0.75)
    plans = compare_plans(cheap, cases=CASES_RUN, gap=1e-6, jobs=1)
    options = StagingOptions(leads=(1, 4), looks=1, every=1, spread=0.6 / np.sqrt(2))
    run = asked(staging, plans, options)
    fast, slow = run.leads
    # Now: 3 (31,500 − 15,000) − 50,000 < 0. After the look, at 1.6 times the demand: 2 (50,400 − 15,000) − 50,000.
    assert fast.commit.opens == ()
    assert fast.option_value == pytest.approx(0.25 * 20_800, abs=1.0)
    low, high = fast.interval
    assert low <= fast.option_value + 1e-6
    assert fast.option_value <= high + 1e-6
    assert slow.option_value == pytest.approx(0, abs=1e-3)  # Four quarters to stand up is the whole horizon.
    assert run.speed is not None
    assert run.check() == []


def test_waiting_is_worth_nothing_when_demand_is_certain(plans):
    run = asked(staging, plans, StagingOptions(leads=(1,), looks=1, every=1, spread=0.0))
    assert run.leads[0].option_value == pytest.approx(0, abs=1e-3)
    assert run.leads[0].steps.npv == pytest.approx(plans.best_plan.npv)


# ---- goals beside money ----------------------------------------------------------------------------------------------


def test_less_dependence_on_one_place_costs_money_and_no_plan_is_wrongly_called_dominated(plans):
    run = asked(pareto, plans, ParetoOptions(steps=(0.9, 0.75, 0.1)))
    priced = run.price("dependence")
    assert priced
    lost = [cost for _, cost in priced]
    assert lost == sorted(lost)
    for row, _ in priced:
        assert row.figures.dependence <= row.limit + 1e-6
    assert [row.limit for row in run.missing if row.goal == "dependence"]  # Two places can never each make a tenth.
    assert run.check() == []
    worst = run.choices[0]
    object.__setattr__(worst, "is_dominated", not worst.is_dominated)
    assert "wrongly called dominated" in run.check()[0].message


def test_every_part_says_why_it_is_absent():
    nothing = tiny_network(policy={"default_demand_cv": 0.0})
    network = nothing.model_copy(update={"scenarios": []})
    plans = compare_plans(network, cases=("do_nothing",), jobs=1)
    assert "no uncertainty of demand" in two_stage.absent_reason(plans)
    assert tornado.absent_reason(plans) == ""
    assert set(CASES_RUN) <= set(CASES)


def test_long_parts_of_a_large_network_must_be_asked_for(plans, monkeypatch):
    monkeypatch.setattr("manyworks.plan.stress.stress.LARGE_FLOWS", 1)
    options = {"tornado": TornadoOptions(levers=("wage",))}
    assert "--full" in stress_plan(plans, parts=["tornado"], options=options).absent["tornado"]
    assert list(stress_plan(plans, parts=["tornado"], options=options, full=True).results) == ["tornado"]


def test_a_map_of_two_other_numbers_can_be_asked_for_on_the_command_line(tmp_path, capsys):
    path = str(example_path("first_network"))
    assert run_program(["stress", path, "--map", "wage", "-q"]) == EXIT_USAGE
    assert "must be two numbers that can be scaled" in capsys.readouterr().err
    how = ["--part", "break_even", "--map", "capex,wage", "--json", "-q", "-j", "1", "--out", str(tmp_path)]
    assert run_program(["stress", path, *how]) == 0
    rows = json.loads(capsys.readouterr().out)["parts"]["break_even"]["tables"]["break_even"]
    assert {row["map"] for row in rows} == {"capex x wage"}
    assert "Where the answer turns" in (tmp_path / "report.html").read_text(encoding="utf-8")
