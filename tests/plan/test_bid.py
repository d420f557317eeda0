"""Whether a contract can be signed is found by solving, and turns with what is put in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from manyworks.errors import DocumentError, UsageError
from manyworks.model.market import Opportunity
from manyworks.model.network import Network
from manyworks.plan.bid.answer import bid_contract
from manyworks.plan.bid.terms import stated_contract
from manyworks.plan.design import design_network
from manyworks.studies.bid_report import write_bid_report
from tests.networks import tiny_data, tiny_network
from tests.plan.rich import AIRLINE
from tests.plan.test_contracts import from_scratch


def bid(base=None, cases=("best",), samples=0, **contract):
    network = Network.model_validate((base or tiny_data()) | {"opportunities": [AIRLINE | contract]})
    return bid_contract(network, "airline", cases=cases, gap=1e-6, samples=samples)


def full_up():
    """The tiny network with its plant full and no place to build."""
    data = tiny_data()
    data["sites"] = data["sites"][:1]
    data["installed_lines"] = [data["installed_lines"][0] | {"count": 1}]
    data["templates"][0]["maximum_lines"] = 1
    data["demand_rules"][0]["units_per_head_year"] = 24.0
    return data


def test_the_price_decides_and_the_lowest_price_is_where_it_turns():
    found = bid(price=1.0)
    assert found.answer.advice == "sign"
    lowest = found.answer.lowest_price
    assert 0.05 < lowest < 1.0
    assert bid(price=lowest + 0.01).answer.advice == "sign"
    assert bid(price=lowest - 0.01).answer.advice == "decline"
    assert found.check() == []


def test_at_the_lowest_price_the_plan_is_indifferent_between_taking_and_leaving():
    lowest = bid(price=1.0, penalty_per_unit=0.0).answer.lowest_price
    for price, is_taken in ((lowest * 1.02, True), (lowest * 0.98, False)):
        network = tiny_network(opportunities=[AIRLINE | {"price": price, "penalty_per_unit": 1e4}])
        plan = design_network(network, gap=1e-7)
        assert ("airline" in set(plan.tables.openings["place"])) is is_taken


def test_a_contract_starts_when_what_makes_it_stands():
    window = {"starts": "2027-01-01", "ends": "2028-12-31", "price": 2.0}
    found = bid(from_scratch(), **window)
    assert found.answer.advice == "sign_later"
    assert found.answer.earliest.name == "2027-Q2"
    assert sum(found.answer.asked.short) == pytest.approx(500_000)
    assert bid(from_scratch(), **(window | {"starts": "2027-04-01"})).answer.advice == "sign"


def test_what_is_too_much_for_all_that_may_stand_cannot_be_signed():
    found = bid(full_up(), cases=("do_nothing",), units_per_quarter=50_000_000)
    assert found.answer.advice == "cannot"
    assert "cannot be delivered" in found.recommendation


def test_a_full_plant_serves_others_less_and_says_whom():
    found = bid(full_up(), cases=("do_nothing",), price=3.0, units_per_quarter=2_000_000)
    assert found.answer.unserved["units"].sum() > 0
    assert "units" in found.summary()
    cheap = bid(full_up(), cases=("do_nothing",), price=0.1, units_per_quarter=2_000_000)
    assert cheap.answer.advice == "decline"


def test_what_has_to_be_built_is_told_with_its_period():
    base = from_scratch()
    base["demand_rules"], base["demand"] = [], []
    found = bid(base, price=2.0, units_per_quarter=3_000_000, starts="2027-04-01", ends="2028-12-31")
    assert {row["period"] for row in found.answer.built.rows()} == {"2027-Q2"}


def test_the_one_off_cost_flips_the_advice():
    assert bid(one_off_cost=0.0).answer.advice == "sign"
    assert bid(one_off_cost=80_000_000.0).answer.advice == "decline"


def test_the_same_seed_gives_the_same_chance_and_slips_make_it_smaller():
    window = {"starts": "2027-04-01", "ends": "2028-12-31", "price": 2.0}
    network = Network.model_validate(from_scratch() | {"opportunities": [AIRLINE | window]})
    chances = [
        bid_contract(network, "airline", cases=("best",), gap=1e-6, samples=40, seed=3, slip_chance=slip).chance
        for slip in (0.3, 0.3, 0.0)
    ]
    assert chances[0] == chances[1]
    assert chances[0].low < chances[0].share < chances[0].high
    assert chances[0].share < chances[2].share == 1.0
    assert any("Assumed" in words for words in chances[0].assumptions)


def test_a_price_that_is_not_even_is_caught():
    found = bid()
    wrong = replace(found.answer)
    wrong.__dict__["lowest_price"] = found.answer.lowest_price * 2
    assert [issue.rule for issue in replace(found, answers={"best": wrong}).check()] == ["plan_bid_price_is_even"]


def test_an_offer_that_is_not_delivered_is_caught():
    window = {"starts": "2027-01-01", "ends": "2028-12-31", "price": 2.0}
    found = bid(from_scratch(), **window)
    wrong = replace(found.answer, offer=found.answer.asked)
    rules = {issue.rule for issue in replace(found, answers={"best": wrong}).check()}
    assert "plan_bid_delivers_all" in rules


def test_a_stated_contract_is_priced_without_being_written_down():
    network = tiny_network()
    contract = stated_contract(network, market="atlanta", product="oat_bar", units_per_quarter=1000, price=1.0)
    assert isinstance(contract, Opportunity)
    assert contract.starts == date(2027, 1, 1)
    found = bid_contract(network, contract, cases=("do_nothing",), samples=0)
    assert found.answer.advice == "sign"
    assert network.opportunities == []


def test_every_fault_of_a_stated_contract_is_told_at_once():
    with pytest.raises(DocumentError) as caught:
        stated_contract(tiny_network(), market="atlanta", product="oat_bar", units_per_quarter=-1, price=0)
    assert [issue.path for issue in caught.value.issues] == ["contract.units_per_quarter", "contract.price"]
    with pytest.raises(DocumentError) as caught:
        stated_contract(tiny_network(), market="atlantis", product="oat", units_per_quarter=1, price=1)
    assert len(caught.value.issues) == 2


def test_an_unknown_opportunity_names_the_near_one():
    network = tiny_network(opportunities=[AIRLINE])
    with pytest.raises(UsageError, match="Did you mean airline"):
        bid_contract(network, "airlnie")


def test_a_lowest_price_that_the_gaps_hide_is_not_printed_as_nothing(tmp_path):
    found = bid(price=1.0)
    unlucky = found.answer.without.npv - 1e9  # as from a search that ended early: its bound still holds
    hidden = replace(found.answer, without=replace(found.answer.without, npv=unlucky))
    answer = replace(found, answers={"best": hidden})
    proven = hidden.lowest_price_range[1]
    assert hidden.lowest_price == 0 < proven <= 1.0
    assert f"it pays from USD {proven:,.4f} a unit on, that is proven" in answer.summary()
    assert "lowest price that pays" not in answer.summary()
    page = write_bid_report(answer, tmp_path).read_text(encoding="utf-8")
    assert "Price from which it surely pays" in page
