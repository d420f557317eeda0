"""An upgrade of what stands is chosen when it pays, from the quarter on from which it works, at what it costs."""

from __future__ import annotations

import numpy as np
import pytest

from manyworks.model.changeovers import compile_changeovers
from manyworks.model.network import Network
from manyworks.model.rates import effective_rates
from manyworks.plan.design import design_network
from manyworks.plan.rivals.compare import compare_plans
from manyworks.plan.rivals.rival import absent_reason
from tests.plan.rich import rich_network

SPEED = {
    "id": "speed",
    "name": "Faster drives",
    "site": "albany",
    "line": "fast_line",
    "capex": 500_000,
    "rate_factor": 1.4,
    "lead_quarters": 2,
}
QUICK = {"id": "quick", "name": "Quick change", "site": "albany", "capex": 200_000, "changeover_factor": 0.2}


def crowded(*upgrades, demand=9.0):
    """The rich network whose only hall is full and cannot make what is asked for."""
    data = rich_network(demand=demand).model_dump()
    data["templates"] = [row | {"maximum_lines": 2} if row["id"] == "big" else row for row in data["templates"]]
    data["upgrades"] = list(upgrades)
    return Network.model_validate(data)


def improved(*upgrades, **changes):
    return design_network(crowded(*upgrades, **changes), case="improve", gap=1e-7)


def chosen(plan):
    return {row["place"]: row["starts"] for row in plan.tables.openings.rows() if row["kind"] == "upgrade"}


def capex(plan):
    return -plan.money.line("capex")


def test_what_an_upgrade_does_to_a_line():
    network = crowded(QUICK | {"scope": "site", "dedicated_products": ["oat_bar"]}, SPEED)
    before = compile_changeovers(network, "fast_line", site="albany", template="big")
    after = compile_changeovers(network, "fast_line", site="albany", template="big", upgrades=["quick"])
    fill = 5.0 * ~np.eye(2, dtype=bool)
    np.testing.assert_allclose(after.minutes - fill, 0.2 * (before.minutes - fill))
    np.testing.assert_allclose(after.site_minutes, after.minutes - fill)
    assert not before.site_minutes.any()
    rates = effective_rates(network, "fast_line", site="albany", template="big")
    both = effective_rates(network, "fast_line", site="albany", template="big", upgrades=["quick", "speed"])
    np.testing.assert_allclose(both, rates * [0.0, 1.4] if network.products[0].id == "salted_nuts" else 0)


def test_a_narrower_scope_frees_the_other_lines():
    data = crowded(QUICK | {"scope": "line"}).model_dump()
    data["changeovers"] = [row | {"scope": "site"} for row in data["changeovers"]]
    network = Network.model_validate(data)
    assert compile_changeovers(network, "fast_line").site_minutes.any()
    assert not compile_changeovers(network, "fast_line", upgrades=["quick"]).site_minutes.any()


def test_an_upgrade_is_chosen_when_it_pays_and_not_when_it_is_dear():
    assert set(chosen(improved(SPEED))) == {"speed"}
    assert chosen(improved(SPEED | {"capex": 5e8})) == {}


def test_improving_beats_building_until_its_price_rises():
    def rivals(price):
        network = crowded(SPEED | {"rate_factor": 2.0, "capex": price})
        return compare_plans(network, cases=("improve", "distributed"), gap=1e-3, jobs=1)

    assert rivals(500_000).recommended == "improve"
    assert rivals(500_000_000).recommended == "distributed"


def test_an_upgrade_works_after_its_lead_and_is_paid_over_it():
    plan = improved(SPEED)
    names = [period.name for period in plan.periods]
    assert chosen(plan) == {"speed": names[2]}
    np.testing.assert_allclose(capex(plan)[:3], [250_000, 250_000, 0])
    used = plan.tables.lines
    assert set(used["upgrades"][used["period"] == names[1]].tolist()) == {""}
    assert set(used["upgrades"][used["period"] == names[2]].tolist()) == {"speed"}


def test_downtime_takes_hours_in_the_quarter_before():
    def made(weeks):
        plan = improved(SPEED | {"downtime_weeks": weeks})
        assert set(chosen(plan)) == {"speed"}
        before = plan.tables.production.where(plan.tables.production["period"] == plan.periods[1].name)
        return float((before["run_h"] + before["changeover_h"]).sum()), plan.npv

    (hours, npv), (fewer, less) = made(0), made(6.5)
    assert fewer < 0.75 * hours
    assert less < npv


def test_lines_that_an_upgrade_adds_work_and_cost_what_lines_cost():
    third = SPEED | {"rate_factor": 1.0, "added_lines": 1, "capex": 1_000_000}
    plan = improved(third)
    lines = plan.tables.lines
    assert set(chosen(plan)) == {"speed"}
    assert lines["ready"][lines["period"] == plan.periods[-1].name].sum() == 3
    assert lines["added"].sum() == 1
    assert capex(plan).sum() == pytest.approx(1_000_000)


def test_upgrades_of_one_line_are_combined():
    alone, both = improved(SPEED), improved(SPEED, QUICK)
    assert set(chosen(both)) == {"speed", "quick"}
    assert both.npv > alone.npv
    assert "quick;speed" in set(both.tables.lines["upgrades"].tolist())


def test_an_upgrade_that_is_offered_never_makes_the_optimum_worse():
    network = crowded(SPEED | {"rate_factor": 0.5, "capex": 0})
    none = design_network(network, case="do_nothing", gap=1e-7)
    assert design_network(network, case="improve", gap=1e-7).npv >= none.npv - 1.0


def test_improving_and_a_second_line_are_absent_where_the_document_has_neither():
    network = crowded()
    assert absent_reason(network, "improve") == "the document names no upgrade of what stands"
    assert absent_reason(network, "second_line") == "no existing site has room for another line"
    assert absent_reason(rich_network(), "second_line") == ""
    assert absent_reason(crowded(QUICK), "improve") == ""


def test_a_second_line_is_added_where_there_is_room():
    network = rich_network(demand=9.0)
    plan = design_network(network, case="second_line", gap=1e-7)
    assert plan.tables.lines["added"].sum() == 1
    assert {row["kind"] for row in plan.tables.openings.rows()} == {"site"}
    assert plan.npv > design_network(network, case="do_nothing", gap=1e-7).npv


def test_first_steps_order_an_upgrade_and_say_from_when_it_works():
    rivals = compare_plans(crowded(SPEED | {"rate_factor": 2.0}), cases=("do_nothing", "improve"), gap=1e-3, jobs=1)
    steps = rivals.first_steps
    assert steps.headline.startswith("commit Faster drives (upgrade) in ")
    assert "it works from" in steps.headline
    assert "product leaves" not in steps.headline
    assert [action.place for action in steps.actions] == ["Albany, Georgia"]
    assert "Faster drives" in steps.actions[0].text
