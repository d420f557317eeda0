"""The objective of the solver and the money of the tables are computed apart, and agree."""

from __future__ import annotations

import numpy as np
import pytest

from manyworks.plan.case import CASES
from manyworks.plan.check import check_plan
from manyworks.plan.equations.decode import decode
from manyworks.plan.equations.instance import make_instance
from manyworks.plan.search.find import find_plan, with_slopes
from manyworks.plan.search.watch import Watch
from tests.networks import tiny_network
from tests.plan.handmade import plan_of
from tests.plan.rich import CONTRACTS, rich_network

NETWORKS = {
    "tiny": tiny_network,
    "rich": rich_network,
    "dear_freight": lambda: rich_network(demand=3, freight=12),
    "cheap_micro": lambda: rich_network(demand=4, freight=8, micro_capex=0.2),
    "scarce": lambda: rich_network(demand=12, freight=6, micro_capex=0.3),
    "dear_wage_no_terminal": lambda: rich_network(demand=3, freight=6, wage=2, finance={"terminal_years": None}),
    "quarters_only": lambda: rich_network(demand=4, freight=8, finance={"quarters": 8, "years": 0}),
    "budget": lambda: rich_network(demand=6, freight=8, policy={"capex_budget": 3_000_000.0}),
    "contracts": lambda: rich_network(demand=3, freight=12, opportunities=CONTRACTS),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", NETWORKS)
def test_objective_and_money_agree_to_a_millionth_of_the_costs(name, case):
    network = NETWORKS[name]()
    instance = make_instance(network, CASES[case])
    found = find_plan(instance, Watch(case=case, gap=1e-3, time_limit=60, display=None), seed=0, threads=1)
    plan = plan_of(network, decode(found.model, found.x), case)
    assert true_objective(found) == pytest.approx(plan.npv, abs=1e-6 * plan.money.cost_present_value)
    assert check_plan(plan) == []


def true_objective(found):
    """The objective of the plan's decisions where the lines of safety stock touch the law: at its own flows."""
    model = with_slopes(found)
    columns = model.linear.columns
    x = found.x.copy()
    if "overflow" in columns:
        x[columns["overflow"]] = needed(model, x)
    return float(model.linear.value @ x) * model.scale + model.linear.constant


def needed(model, x):
    """Pallets outside that the storage rows ask for."""
    matrix, over = model.linear.matrix(), model.linear.columns["overflow"]
    rows = model.linear.rows["storage"]
    own = -matrix[rows.ravel()][:, over.ravel()].diagonal()
    rest = x.copy()
    rest[over] = 0.0
    return np.maximum(matrix[rows.ravel()] @ rest / own, 0.0).reshape(over.shape)
