"""Upgrades, warehouses, co-packers and suppliers' terms work in one plan, and it keeps the laws of scale and order."""

from __future__ import annotations

from functools import cache

import pytest

from manyworks.model.network import Network
from manyworks.plan.design import design_network
from tests.plan.test_laws import by_key, scaled
from tests.plan.together import together_data


def solved(network):
    return design_network(network, case="best", gap=1e-5)


@cache
def everything():
    return solved(Network.model_validate(together_data()))


def decisions(plan):
    """What is opened and what runs, and who supplies whom."""
    bought = {(row["place"], row["supplier"], row["material"], row["period"]) for row in plan.tables.purchases.rows()}
    return by_key(plan.tables.openings.rows()), by_key(plan.tables.lines.rows()), sorted(bought)


def test_one_plan_uses_an_upgrade_a_warehouse_a_co_packer_and_contested_materials():
    plan = everything()
    assert {row["kind"] for row in plan.tables.openings.rows()} == {"site", "upgrade", "warehouse", "co_packer"}
    assert {"albany", "helper", "reno"} == set(plan.tables.purchases["place"].tolist())
    assert set(plan.tables.shipments["via"].tolist()) == {"", "tacoma"}
    assert plan.check() == []


def test_a_permuted_document_with_everything_gives_the_same_plan():
    data = together_data()
    names = ("sites", "markets", "products", "templates", "lines", "materials", "suppliers", "offers", "freight_modes")
    plan = solved(Network.model_validate(data | {name: data[name][::-1] for name in names}))
    assert plan.npv == pytest.approx(everything().npv, rel=1e-7)
    assert decisions(plan) == decisions(everything())


def test_money_times_a_thousand_with_everything_gives_the_same_plan():
    plan = solved(scaled(Network.model_validate(together_data()), 1000.0))
    assert plan.npv == pytest.approx(1000 * everything().npv, rel=1e-7)
    assert decisions(plan) == decisions(everything())
