"""An independent second build of the model finds the same optimum."""

from __future__ import annotations

import pytest

from manyworks.plan.design import design_network
from tests.networks import tiny_network
from tests.plan.linopy_oracle import Oracle
from tests.plan.rich import CONTRACTS, rich_network

NETWORKS = {
    "tiny": tiny_network,
    "rich": rich_network,
    "dear_freight": lambda: rich_network(demand=3, freight=12),
    "budget": lambda: rich_network(demand=6, freight=8, policy={"capex_budget": 3_000_000.0}),
    "contracts": lambda: rich_network(demand=3, freight=12, opportunities=CONTRACTS),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", ["distributed", "best"])
@pytest.mark.parametrize("name", NETWORKS)
def test_two_builds_of_the_model_have_one_optimum(name, case):
    network = NETWORKS[name]()
    plan = design_network(network, case=case, gap=1e-7)
    assert Oracle(network, case).npv() == pytest.approx(plan.npv, abs=1e-6 * plan.money.cost_present_value)
