"""The report says what becomes of each contract, and bounds what it adds."""

from __future__ import annotations

import pytest

from manyworks.plan.design import design_network
from manyworks.plan.money.contracts import contract_table
from manyworks.plan.rivals.compare import compare_plans
from manyworks.render.page import render_page
from manyworks.studies.plan_report.page import report_page
from manyworks.studies.plan_report.subject import Subject
from tests.networks import tiny_network
from tests.plan.rich import AIRLINE, CHEAP


@pytest.mark.parametrize("price", [0.3, 1.0])
def test_what_a_contract_adds_is_what_is_missing_without_it(price):
    offers = [AIRLINE | {"price": price}, CHEAP]
    found = design_network(tiny_network(opportunities=offers), case="do_nothing", gap=1e-7)
    rows = {row["opportunity"]: row for row in contract_table(found).rows()}
    without = design_network(tiny_network(opportunities=[CHEAP]), case="do_nothing", gap=1e-7)
    airline, cheap = rows["airline"], rows["discount"]
    assert (airline["answer"], cheap["answer"]) == ("taken", "left")
    assert airline["worth"] == pytest.approx(found.npv - without.npv, rel=1e-3)
    assert cheap["worth"] < 0
    assert (airline["delivered"], airline["short"]) == (pytest.approx(airline["asked"]), 0.0)


def test_the_report_has_a_part_for_contracts_where_there_are_some():
    network = tiny_network(opportunities=[AIRLINE, CHEAP])
    comparison = compare_plans(network, cases=("do_nothing", "best"), gap=1e-4, jobs=1)
    page = render_page(report_page(Subject(comparison=comparison)))
    assert "Contracts: take or leave" in page
    assert "Airline snacks" in page
    assert "Discounter" in page
    bare = compare_plans(tiny_network(), cases=("do_nothing",), gap=1e-4, jobs=1)
    assert "Contracts: take or leave" not in render_page(report_page(Subject(comparison=bare)))
