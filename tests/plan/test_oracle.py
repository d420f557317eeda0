"""An independent second build of the model finds the same optimum."""

from __future__ import annotations

import pytest

from manyworks.plan.case import CASES
from manyworks.plan.equations.decode import decode
from manyworks.plan.equations.formulation import all_arcs, formulate
from manyworks.plan.equations.instance import make_instance
from manyworks.plan.equations.values import arc_values, site_values
from manyworks.plan.highs import Solver
from manyworks.plan.search.find import finish
from manyworks.plan.search.watch import Watch
from tests.networks import tiny_network
from tests.plan.handmade import plan_of
from tests.plan.linopy_oracle import Oracle
from tests.plan.outside import forward_network, packed_network
from tests.plan.rich import CONTRACTS, rich_network
from tests.plan.supplied import supplied_network
from tests.plan.test_stops import stopping
from tests.plan.test_upgrades import QUICK, SPEED, crowded

NETWORKS = {
    "tiny": tiny_network,
    "rich": rich_network,
    "dear_freight": lambda: rich_network(demand=3, freight=12),
    "budget": lambda: rich_network(demand=6, freight=8, policy={"capex_budget": 3_000_000.0}),
    "contracts": lambda: rich_network(demand=3, freight=12, opportunities=CONTRACTS),
}
PAIRS = [("tiny", "distributed"), ("rich", "distributed"), *((name, "best") for name in NETWORKS if name != "tiny")]
"""The best mix may do whatever the distributed network may; the second build takes seconds for each."""
MORE_LINES = SPEED | {"added_lines": 1, "capex": 3_000_000, "downtime_weeks": 20.0}
OFFERS = (
    {"price_per_unit": 1.8, "minimum_order_units": 3e5},
    {"price_per_unit": 1.5, "from_units_per_year": 1.2e6, "capacity_units_per_year": 1.3e6},
    {"supplier": "importer", "price_per_unit": 1.9},
)
PACKER_TERMS = {
    "toll_fee_per_unit": 0.001,
    "capacity_units_per_year": 5e6,
    "minimum_run_units": 3e5,
    "take_or_pay_units_per_year": 3e6,
    "term_quarters": 3,
}
IMPROVED = {
    "upgrades_that_add_lines_and_stop_them": lambda: crowded(QUICK, MORE_LINES, demand=6.0),
    "stops_until_an_upgrade": lambda: stopping("site", 5.0, QUICK | {"scope": "line", "downtime_weeks": 4.0}),
}


def with_one_year(network):
    """The same network with one year after its quarters: all kinds of periods in fewer equations."""
    return network.model_copy(update={"finance": network.finance.model_copy(update={"years": 1})})


def linear_optimum(network, case):
    """The optimum of the plan's own linear model with its first lines of safety stock; those lines; costs for scale."""
    instance = make_instance(network, CASES[case])
    arcs, watch = arc_values(instance), Watch(case=case, gap=1e-9, time_limit=None, display=None)
    model = formulate(instance, all_arcs(arcs), arcs, site_values(instance), tight=True)
    answer = Solver(model.linear, whole=True, threads=1, seed=0).solve()
    found = finish(model, answer, watch, threads=1, seed=0)
    keys = [(instance.sites[option.site].id, option.template.id) for option in instance.options]
    lines = dict(zip(keys, arcs.safety[..., 0], strict=True))
    costs = plan_of(network, decode(found.model, found.x), case).money.cost_present_value
    return answer.value * model.scale + model.linear.constant, lines, costs


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "case"), PAIRS)
def test_two_builds_of_the_model_have_one_optimum(name, case):
    network = with_one_year(NETWORKS[name]())
    npv, lines, costs = linear_optimum(network, case)
    in_order = make_instance(network, CASES[case]).network
    assert Oracle(in_order, case, lines).npv() == pytest.approx(npv, abs=1e-6 * costs)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", IMPROVED)
def test_two_builds_agree_on_upgrades_and_stops(name):
    network = with_one_year(IMPROVED[name]())
    npv, lines, costs = linear_optimum(network, "improve")
    oracle = Oracle(make_instance(network, CASES["improve"]).network, "improve", lines)
    assert oracle.npv() == pytest.approx(npv, abs=1e-6 * costs)
    assert oracle.bettered.solution.values.sum() >= 1


@pytest.mark.filterwarnings("ignore")
def test_two_builds_agree_on_co_packers():
    network = packed_network(policy={"storage_fee_per_pallet_month": 12.0}, **PACKER_TERMS)
    npv, lines, costs = linear_optimum(network, "co_packer")
    oracle = Oracle(make_instance(network, CASES["co_packer"]).network, "co_packer", lines)
    assert oracle.npv() == pytest.approx(npv, abs=1e-6 * costs)
    assert oracle.packed_units.solution.values.sum() > 0


@pytest.mark.filterwarnings("ignore")
def test_two_builds_agree_on_warehouses():
    network = forward_network(capacity_pallets_per_year=1500.0)
    npv, lines, costs = linear_optimum(network, "warehouses")
    instance = make_instance(network, CASES["warehouses"])
    far = arc_values(instance).routes.safety[..., 0]
    keys = [(instance.sites[option.site].id, option.template.id) for option in instance.options]
    far = dict(zip(keys, far.reshape(len(keys), len(instance.warehouses), *far.shape[1:]), strict=True))
    oracle = Oracle(instance.network, "warehouses", lines, far)
    assert oracle.npv() == pytest.approx(npv, abs=1e-6 * costs)
    assert oracle.via.solution.values.sum() > 0


@pytest.mark.filterwarnings("ignore")
def test_two_builds_agree_on_tiers_orders_and_suppliers_capacity():
    network = supplied_network(*OFFERS, freight=8.0, capex=0.3, finance={"years": 1, "payable_days": 30})
    npv, lines, costs = linear_optimum(network, "best")
    oracle = Oracle(make_instance(network, CASES["best"]).network, "best", lines)
    assert oracle.npv() == pytest.approx(npv, abs=1e-6 * costs)
    assert sum(float(source.solution.sum()) > 1e5 for source in oracle.bought) >= 2
