from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from manyworks.errors import CheckError, InfeasibleError, UsageError
from manyworks.model.network import Network
from manyworks.model.scenario import apply_changes, change_from_words
from manyworks.plan.case import CASES
from manyworks.plan.design import design_network
from manyworks.plan.money.business_case import business_case
from manyworks.plan.rivals.bridge import landed_cost_bridge, npv_bridge
from manyworks.plan.rivals.compare import compare_plans, comparison_of
from manyworks.plan.rivals.factor import FACTORS
from manyworks.plan.rivals.flip import flip_scale, flips
from manyworks.plan.rivals.rival import absent_reason
from manyworks.plan.rivals.service import service
from tests.networks import tiny_data, tiny_network
from tests.plan.handmade import one_site_tables, plan_of
from tests.plan.rich import rich_network


@pytest.fixture(scope="module")
def rich():
    return compare_plans(rich_network(demand=2, freight=4), gap=1e-4, jobs=1)


def sleepy_network():
    """The tiny network with micro-factories so dear that nothing pays."""
    data = tiny_data()
    data["templates"][1]["capex"] *= 3
    data["lines"][1]["capex"] *= 3
    return Network.model_validate(data)


@pytest.fixture(scope="module")
def tiny():
    return compare_plans(sleepy_network(), gap=1e-4, jobs=1)


def test_rivals_stand_side_by_side_and_the_mix_is_never_worse(rich):
    assert list(rich.plans) == ["do_nothing", "second_line", "central", "distributed", "best"]
    npv = dict(zip(rich.table["case"], rich.table["npv"], strict=True))
    assert npv["best"] == max(npv.values())
    assert all(plan.bound <= rich.plans["best"].bound for plan in rich.plans.values())


def test_jobs_do_not_change_the_result(tiny, monkeypatch):
    monkeypatch.setattr("manyworks.plan.rivals.solve_cases.QUICK_ARCS", 0)
    apart = compare_plans(sleepy_network(), gap=1e-4, jobs=2)
    assert [plan.npv for plan in apart.plans.values()] == [plan.npv for plan in tiny.plans.values()]
    assert apart.summary().splitlines()[:-3] == tiny.summary().splitlines()[:-3]


def test_doing_nothing_wins_when_nothing_pays(tiny):
    assert tiny.recommended == "do_nothing"
    assert tiny.verdict.action == "do_nothing"
    assert tiny.recommendation.startswith("Do nothing")


def test_one_changed_input_flips_the_recommendation(tiny):
    flip = next(flip for flip in tiny.flips if flip.factor == "micro_capex")
    cheap = [f"{path}*={flip.scale * 0.9}" for path in ("templates.micro.capex", "lines.small_line.capex")]
    network = apply_changes(sleepy_network(), [change_from_words(text) for text in cheap])
    again = compare_plans(network, cases=("do_nothing", "best"), gap=1e-4, jobs=1)
    assert again.verdict.action == "act"


def test_a_rival_that_cannot_be_priced_is_absent_with_its_reason():
    small = [row.model_dump() for row in tiny_network().templates if row.scale == "big"]
    sites = [row.model_dump() | {"templates": []} for row in tiny_network().sites]
    network = tiny_network(templates=small, sites=sites, stand_up_steps=[])
    assert absent_reason(network, "distributed") == "no template has scale micro"
    found = compare_plans(network, cases=("do_nothing", "distributed"), jobs=1)
    assert found.absent == {"distributed": "no template has scale micro"}
    assert "Absent: Distributed: no template has scale micro." in found.summary()
    row = next(row for row in found.table.rows() if row["case"] == "distributed")
    assert np.isnan(row["npv"])
    assert row["absent"]


def test_an_infeasible_rival_is_absent_with_the_conflict_and_all_infeasible_is_an_error():
    network = rich_network(demand=12, freight=6, policy={"is_demand_optional": False})
    with pytest.raises(InfeasibleError) as conflict:
        compare_plans(network, cases=("do_nothing",), jobs=1)
    assert conflict.value.conflicts


def test_too_close_to_call_when_the_proven_gap_reaches_the_winner(rich):
    base = rich.plans["do_nothing"]
    vague = replace(base, bound=rich.best_plan.npv + 1.0)
    found = comparison_of({"do_nothing": vague, "distributed": rich.plans["distributed"]}, {})
    assert found.verdict.action == "too_close"
    assert found.recommendation.startswith("Too close to call")


def test_a_rival_above_the_bound_of_the_mix_is_refused(rich):
    low = replace(rich.plans["best"], npv=1.0, bound=2.0)
    with pytest.raises(CheckError, match="proven bound"):
        comparison_of({"distributed": rich.plans["distributed"], "best": low}, {})


def test_the_mix_takes_over_a_better_plan_of_another_case(rich):
    worse = replace(rich.plans["do_nothing"], case=rich.plans["best"].case, bound=rich.plans["best"].bound)
    found = comparison_of({"distributed": rich.plans["distributed"], "best": worse}, {})
    assert found.plans["best"].npv == rich.plans["distributed"].npv
    assert found.plans["best"].case.name == "best"


def test_bridges_sum_to_the_cent(rich):
    plans = rich.plans
    for one, two in (("central", "best"), ("best", "distributed"), ("do_nothing", "best")):
        for make in (landed_cost_bridge, npv_bridge):
            bridge = make(plans[one].money, plans[two].money, one, two)
            assert bridge.start + sum(step.amount for step in bridge.steps) == bridge.end
            assert bridge.steps[-1].line == "rounding"
            assert abs(bridge.steps[-1].amount) <= Decimal("0.25")
            assert bridge.table["running"][-2] == pytest.approx(float(bridge.end))
    better = replace(plans["best"], npv=plans["best"].npv + 1, bound=plans["best"].bound + 1)
    assert [(b.start_title, b.end_title) for b in comparison_of(plans | {"best": better}, {}).landed_cost_bridges] == [
        ("Central", "Best of all"),
        ("Best of all", "Distributed"),
    ]


def test_landed_bridge_ends_at_the_landed_cost_of_the_plan(rich):
    money = rich.plans["distributed"].money
    assert float(rich.landed_cost_bridges[-1].end) == pytest.approx(1000 * money.landed.cost_per_unit, abs=0.005)


def test_a_mix_that_is_worth_the_same_is_not_named_beside_the_rival_that_is_recommended(rich):
    assert rich.recommended == "distributed"
    assert rich.plans["best"].npv == pytest.approx(rich.best_plan.npv)
    titles = [(bridge.start_title, bridge.end_title) for bridge in rich.landed_cost_bridges]
    assert titles == [("Central", "Distributed")]


def test_why_names_the_largest_lines_and_the_strongest_counter_line(rich):
    reason = rich.verdict.why
    assert 1 <= len(reason.drivers) <= 3
    assert all(amount > 0 for _, amount in reason.drivers)
    assert reason.counter is None or reason.counter[1] < 0
    assert reason.npv_difference == pytest.approx(rich.plans[rich.recommended].npv - _rival(rich).npv)
    assert rich.why.count(".") >= 1


def test_incremental_cash_flow_is_the_difference_to_doing_nothing(rich):
    more = rich.incremental["distributed"]
    assert more.npv == pytest.approx(rich.plans["distributed"].npv - rich.plans["do_nothing"].npv)
    assert more.by_quarter["cumulative_present_value"][-1] == pytest.approx(more.npv - more.terminal_value)
    assert "do_nothing" not in rich.incremental


CHANGES = {
    "freight_price": ["freight_modes.*.cost_per_km", "freight_modes.*.minimum_cost", "freight_modes.*.stop_cost"],
    "wage": ["sites.*.wage_per_h"],
    "tariff": ["duties.*.ad_valorem_share"],
    "power_price": ["sites.*.power_price_per_kwh", "sites.*.demand_charge_per_kw_month"],
    "micro_capex": ["templates.micro.capex", "lines.small_line.capex"],
}


@pytest.mark.parametrize("name", CHANGES)
def test_frozen_effect_of_a_factor_is_what_recomputed_money_gains(rich, name):
    # the same tables in a dearer world; wages also move the hiring line, which the factor leaves out
    plan, factor = rich.plans["distributed"], next(row for row in FACTORS if row.name == name)
    scaled = _scaled(plan.network, CHANGES[name], 1.001)
    dearer = business_case(scaled, plan.case, plan.periods, plan.tables)
    gained = 1000 * (dearer.npv - plan.npv)
    assert gained == pytest.approx(factor.effect(plan), rel=0.05 if name == "wage" else 1e-4, abs=1.0)


def test_flip_scale_makes_both_frozen_plans_worth_the_same(tiny):
    plans = tiny.plans
    factor = next(row for row in FACTORS if row.name == "micro_capex")
    scale = flip_scale(plans["do_nothing"], plans["distributed"], factor)
    values = [plans[name].npv + (scale - 1) * factor.effect(plans[name]) for name in ("do_nothing", "distributed")]
    assert values[0] == pytest.approx(values[1])


def test_nearest_flip_comes_first(tiny):
    changes = [abs(flip.change) for flip in flips(tiny.plans, "do_nothing") if flip.change is not None]
    assert changes
    assert changes == sorted(changes)


def test_first_step_names_sites_actions_and_gates(rich):
    steps = rich.first_steps
    assert steps.headline.startswith("commit ")
    assert any("Release USD" in action.text for action in steps.actions)
    assert any("permit" in action.text for action in steps.actions)
    assert [action.starts_week for action in steps.actions] == sorted(action.starts_week for action in steps.actions)
    rate = next(gate for gate in steps.gates if "rate" in gate.measure)
    assert rate.sense == "at_least"
    assert 0 < rate.limit <= rate.planned


def test_doing_nothing_has_no_first_step(tiny):
    assert tiny.first_steps.actions == ()
    assert "nothing is to be built" in tiny.first_steps.headline


def test_service_counts_days_and_promises():
    markets = [row.model_dump() | {"service_days": 2.0} for row in tiny_network().markets]
    plan = plan_of(network := tiny_network(markets=markets), one_site_tables(tiny_network(), "albany"))
    found = service(network, plan.periods, plan.tables)
    days = dict(zip(found.by_market["market"], found.by_market["days"], strict=True))
    # 243 km, 3,540 km and 1,156 km by the great circle × 1.2, at 800 km a day and half a day of handling
    assert days["atlanta"] == pytest.approx(0.5 + 243 * 1.2 / 800, abs=0.01)
    assert days["atlanta"] < days["chicago"] < days["seattle"]
    assert found.share_served == pytest.approx(1)
    in_time = sum(d <= 2.0 for d in days.values())
    assert sum(found.by_market["share_in_time"]) == pytest.approx(in_time)
    assert found.within[1] <= found.within[2] <= found.within[3] <= found.within[5] <= 1
    assert (found.by_market["days_with_wait"] > found.by_market["days"]).all()


def test_what_is_not_served_is_never_in_time():
    network = tiny_network()
    tables = one_site_tables(network, "albany")
    half = tables.shipments.columns | {"received": tables.shipments["received"] / 2}
    tables = replace(tables, shipments=type(tables.shipments)(half))
    assert service(network, plan_of(network, tables).periods, tables).share_in_time == pytest.approx(0.5)


def test_summaries_are_short_and_have_a_table_for_notebooks(rich):
    assert len(rich.best_plan.summary().splitlines()) <= 16
    assert rich.recommendation in rich.summary()
    assert "<table>" in rich._repr_html_()
    assert "<table>" in rich.best_plan._repr_html_()
    assert len(rich.to_frame()) == len(CASES)


def test_results_introduce_themselves_in_one_line(rich):
    plan = rich.plans["best"]
    for result in (rich, plan, plan.network, plan.tables.openings):
        assert len(repr(result)) < 150
    assert plan.network.name in repr(plan)
    assert "best" in repr(rich)


def test_tables_of_a_plan_show_themselves_in_a_notebook(rich):
    table = rich.plans["best"].tables.production
    shown = table._repr_html_()
    assert shown.count("<tr>") == 1 + min(len(table), 20)
    assert f"and {len(table) - 20} more rows" in shown


def test_a_misspelt_name_is_answered_with_the_names_that_there_are(rich):
    plan = rich.plans["best"]
    with pytest.raises(UsageError, match="openings"):
        plan.to_frame("opnings")
    with pytest.raises(KeyError, match="place"):
        plan.tables.openings["plaice"]
    with pytest.raises(KeyError, match="no collection 'site'"):
        plan.network.get("site", "albany")


@pytest.mark.parametrize("cases", [[], ["bset"]])
def test_rivals_that_are_not_known_are_refused(cases, rich):
    with pytest.raises(UsageError, match="must be some of do_nothing"):
        compare_plans(rich.network, cases=cases)


def test_a_comparison_survives_the_disk(tmp_path, rich):
    from manyworks.plan.store import load_comparison, save_comparison

    path = save_comparison(rich, tmp_path / "run.json")
    again = load_comparison(path)
    assert again.recommendation == rich.recommendation
    assert again.best_plan.money.npv == pytest.approx(rich.best_plan.money.npv)
    assert json.loads(path.read_text())["absent"] == dict(rich.absent)


def test_designed_plan_names_its_provenance():
    plan = design_network(tiny_network(), case="do_nothing")
    assert plan.input_hash[:12] in plan.summary()


def _rival(comparison):
    from manyworks.plan.rivals.recommendation import strongest_rival

    return comparison.plans[strongest_rival(comparison.plans, comparison.recommended)]


def _scaled(network, paths, factor):
    data = network.model_dump()
    for path in paths:
        collection, record, field = path.split(".")
        for row in data[collection]:
            if record in ("*", row.get("id")):
                row[field] *= factor
    return type(network).model_validate(data)


def test_lines_for_a_site_that_stands_are_ordered_in_time():
    data = rich_network(demand=9.0).model_dump()
    next(row for row in data["templates"] if row["id"] == "big")["maximum_lines"] = 6
    rivals = compare_plans(type(rich_network()).model_validate(data), cases=("do_nothing", "second_line"), jobs=1)
    assert rivals.recommended == "second_line"
    steps = rivals.first_steps
    assert "order the new line" in steps.headline
    assert steps.actions
    assert all("Order " in action.text and "to work from" in action.text for action in steps.actions)
