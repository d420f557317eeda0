"""What a co-packer costs, what his contract asks for, and that the plan weighs it."""

from __future__ import annotations

import numpy as np
import pytest

from manyworks.plan.design import design_network
from manyworks.plan.money.business_case import business_case
from tests.plan.outside import packed_network, packed_plan, with_rows


def packed_units(plan):
    return float(plan.tables.co_packed["units"].sum())


def fees(plan):
    return -float(plan.money.line("co_packing").sum())


def test_a_higher_toll_fee_takes_units_away_and_is_worth_less():
    plans = [packed_plan(toll_fee_per_unit=fee) for fee in (0.0, 0.02, 0.5)]
    units, npv = [packed_units(plan) for plan in plans], [plan.npv for plan in plans]
    assert units[0] >= units[1] > units[2] == 0
    assert npv[0] > npv[1] > npv[2]


def test_the_fee_is_paid_for_every_unit_that_is_made_there():
    plan = packed_plan()
    assert packed_units(plan) > 0
    assert fees(plan) == pytest.approx(0.02 * packed_units(plan))


def test_nothing_is_taken_before_the_lead_is_over():
    plan = packed_plan(lead_quarters=2)
    early = {period.name for period in plan.periods[:2]}
    assert packed_units(plan) > 0
    assert not early & set(plan.tables.co_packed["period"].tolist())


def test_take_or_pay_is_paid_when_nothing_is_taken():
    plan = packed_plan(take_or_pay_units_per_year=1_000_000, lead_quarters=0)
    none = with_rows(plan, "co_packed", units=lambda units: units * 0)
    money = business_case(plan.network, plan.case, plan.periods, none.tables)
    (row,) = [row for row in plan.tables.openings.rows() if row["kind"] == "co_packer"]
    state = np.array([period.years * (period.name >= row["starts"]) for period in plan.periods])
    assert -money.line("co_packing") == pytest.approx(0.02 * 1_000_000 * state)


def test_take_or_pay_turns_away_who_needs_less():
    free = packed_plan()
    a_year = packed_units(free) / sum(period.years for period in free.periods[1:])
    less = packed_plan(take_or_pay_units_per_year=0.5 * a_year)
    more = packed_plan(take_or_pay_units_per_year=3 * a_year)
    assert packed_units(free) > 0
    assert less.npv == pytest.approx(free.npv, rel=1e-6)
    assert more.npv < free.npv
    assert packed_units(more) == 0


def test_a_contract_lasts_its_term():
    plan = packed_plan(term_quarters=4)
    (row,) = [row for row in plan.tables.openings.rows() if row["kind"] == "co_packer"]
    shorter = with_rows(plan, "openings", closes=lambda names: np.where(names == "", "2027-Q3", names))
    assert row["starts"] == "2027-Q2"
    assert "plan_packers_are_allowed" in {issue.rule for issue in shorter.check()}


def test_a_minimum_run_makes_stock_and_forbids_less_than_one_run_a_year():
    free, lots = packed_plan(), packed_plan(minimum_run_units=200_000)
    stock = lots.tables.stock.where(lots.tables.stock["place"] == "helper")
    assert (stock["cycle"] >= 100_000 - 1e-6).all()
    assert lots.npv < free.npv
    never = packed_plan(minimum_run_units=1e9)
    assert packed_units(never) == 0


def test_capacity_binds():
    plan = packed_plan(capacity_units_per_year=500_000, toll_fee_per_unit=0.0)
    years = {period.name: period.years for period in plan.periods}
    for name, units in plan.tables.co_packed.total("units", "period").items():
        assert units <= 500_000 * years[name] * (1 + 1e-6)
    assert packed_units(plan) == pytest.approx(500_000 * sum(list(years.values())[1:]))


def test_he_makes_only_what_he_offers():
    plan = packed_plan(products=["oat_bar"], toll_fee_per_unit=0.0)
    assert set(plan.tables.co_packed["product"].tolist()) == {"oat_bar"}


@pytest.mark.parametrize("case", ["co_packer", "best"])
def test_another_option_never_costs(case):
    alone = "do_nothing" if case == "co_packer" else case
    without = design_network(packed_network().model_copy(update={"co_packers": []}), case=alone, gap=1e-7)
    assert packed_plan(case).npv >= without.npv - 1e-6 * abs(without.money.cost_present_value)


def test_a_plan_without_our_own_factory_is_possible():
    network = packed_network(capacity_units_per_year=None)
    update = {"sites": [row for row in network.sites if row.status != "existing"], "installed_lines": []}
    update["policy"] = network.policy.model_copy(update={"is_demand_optional": True})
    plan = design_network(network.model_copy(update=update), case="co_packer", gap=1e-7)
    assert packed_units(plan) > 0
    assert not len(plan.tables.lines)


def test_the_bound_by_parts_holds_with_co_packers(monkeypatch):
    whole = packed_plan("best", minimum_run_units=100_000)
    monkeypatch.setattr("manyworks.plan.search.find.SMALL", 0)
    parts = packed_plan("best", minimum_run_units=100_000)
    assert parts.bound >= whole.npv - 1e-6 * abs(whole.npv)
    assert parts.npv <= whole.bound + 1e-6 * abs(whole.npv)
