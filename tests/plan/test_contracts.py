"""A contract is taken where it pays, left where it does not, and what is signed is delivered or paid for."""

from __future__ import annotations

import pytest

from manyworks.model.network import Network
from manyworks.plan.case import CASES
from manyworks.plan.design import design_network
from tests.networks import tiny_data
from tests.plan.rich import AIRLINE


def plan(case="do_nothing", base=None, **contract):
    data = (base or tiny_data()) | {"opportunities": [AIRLINE | contract]}
    return design_network(Network.model_validate(data), case=case, gap=1e-7)


def taken(found):
    return any(row["kind"] == "opportunity" for row in found.tables.openings.rows())


def from_scratch():
    """The tiny network before anything stands: a site takes a quarter to stand up."""
    data = tiny_data()
    data["sites"] = [
        {k: v for k, v in row.items() if k != "template"} | {"status": "candidate"} for row in data["sites"]
    ]
    return data | {"installed_lines": []}


@pytest.mark.parametrize("case", ["do_nothing", "best"])
def test_a_contract_is_taken_from_the_price_on_that_covers_its_cost(case):
    assert not taken(plan(case, price=0.05))
    assert taken(plan(case, price=1.0))


def test_a_one_off_cost_flips_the_answer():
    assert taken(plan(one_off_cost=0.0))
    assert not taken(plan(one_off_cost=50_000_000.0))


def test_what_is_signed_before_anything_stands_is_owed():
    window = {"starts": "2027-01-01", "ends": "2027-12-31", "one_off_cost": 0.0}
    cheap = plan("best", from_scratch(), price=2.0, penalty_per_unit=0.01, **window)
    assert taken(cheap)
    short = {row["period"]: row["units"] for row in cheap.tables.unmet.rows() if row["opportunity"] == "airline"}
    assert short["2027-Q1"] == pytest.approx(500_000)
    assert cheap.money.line("unmet_penalty")[0] == pytest.approx(-5_000)
    assert not taken(plan("best", from_scratch(), price=2.0, penalty_per_unit=50.0, **window))


def test_a_contract_that_nobody_can_reach_is_left():
    data = tiny_data(lanes=[{"origin": "*", "destination": "atlanta", "is_allowed": False}])
    assert not taken(plan("best", data, price=100.0))


def test_what_is_signed_already_stands_and_costs_nothing_more_to_sign():
    found = plan(price=0.05, one_off_cost=1e6, penalty_per_unit=5.0, is_signed=True)
    assert taken(found)
    assert found.money.present_values["one_off"] == 0
    assert found.tables.shipments.where(found.tables.shipments["opportunity"] == "airline")["received"].sum() > 0


def test_money_of_a_contract_counts_its_own_price_and_its_one_off_cost_once():
    found = plan(price=1.5, one_off_cost=70_000.0)
    rows = found.tables.shipments.where(found.tables.shipments["opportunity"] == "airline")
    left = plan(price=0.05)
    more = found.money.line("revenue").sum() - left.money.line("revenue").sum()
    assert more == pytest.approx(1.5 * rows["units"].sum(), rel=1e-6)
    assert found.money.line("one_off").tolist()[2] == -70_000.0
    assert found.money.line("one_off").sum() == -70_000.0


@pytest.mark.parametrize("case", CASES)
def test_a_contract_may_be_taken_in_every_case(case):
    assert taken(plan(case))


def test_a_dearer_contract_never_makes_the_plan_worth_less():
    values = [plan("best", price=price).npv for price in (0.05, 0.6, 1.0, 2.0)]
    assert values == sorted(values)
