"""The bound by parts holds for the whole model, and the plan by parts is one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from manyworks.plan.case import CASES
from manyworks.plan.check import check_plan
from manyworks.plan.design import design_network
from manyworks.plan.equations.decode import decode
from manyworks.plan.equations.instance import make_instance
from manyworks.plan.equations.values import arc_values, site_values
from manyworks.plan.search.by_parts import design_by_parts, settle_design
from manyworks.plan.search.find import finish
from manyworks.plan.search.lagrangian import Lagrangian
from manyworks.plan.search.pieces import make_pieces
from manyworks.plan.search.shared_lines import shared_lines
from manyworks.plan.search.transport import ready_lines
from manyworks.plan.search.volume import first_prices
from manyworks.plan.search.watch import Watch
from manyworks.plan.search.with_wheels import settle_wheels
from tests.networks import tiny_network
from tests.plan.handmade import plan_of
from tests.plan.rich import CONTRACTS, rich_network
from tests.plan.supplied import supplied_network
from tests.plan.test_stops import stopping
from tests.plan.test_upgrades import QUICK, SPEED, crowded


def with_one_year(network):
    """The same network with one year after its quarters."""
    return network.model_copy(update={"finance": network.finance.model_copy(update={"years": 1})})


NETWORKS = {
    "tiny": tiny_network,
    "rich": rich_network,
    "dear_freight": lambda: rich_network(demand=3, freight=12),
    "scarce": lambda: rich_network(demand=12, freight=6, micro_capex=0.3),
    "upgrades": lambda: with_one_year(stopping("site", 5.0, SPEED | {"downtime_weeks": 2}, QUICK | {"scope": "line"})),
    "upgrades_with_a_line": lambda: with_one_year(crowded(THIRD_LINE, QUICK, QUICK | {"id": "quicker"})),
    "contracts": lambda: rich_network(demand=3, freight=12, opportunities=CONTRACTS),
    "tiers": lambda: supplied_network(*TIERS),
}


TIERS = (
    {"price_per_unit": 6.0},
    {"price_per_unit": 4.5, "from_units_per_year": 1e7},
    {"price_per_unit": 3.0, "from_units_per_year": 2e7},
)
"""Price tiers that one line of each kind cannot reach, and all of them can."""
THIRD_LINE = SPEED | {"added_lines": 1, "capex": 1_000_000}
ONLY = {"upgrades": ("improve",), "upgrades_with_a_line": ("improve",), "tiers": ("best", "distributed")}
PAIRS = [(name, case) for name in NETWORKS for case in CASES if case in ONLY.get(name, CASES)]


@pytest.mark.parametrize(("name", "case"), PAIRS)
def test_the_bound_by_parts_is_never_below_the_optimum(name, case):
    network = NETWORKS[name]()
    optimum = design_network(network, case=case, gap=1e-7)
    instance = make_instance(network, CASES[case])
    arcs, sites = arc_values(instance), site_values(instance)
    watch = Watch(case=case, gap=0.0, time_limit=None, display=None)
    design = design_by_parts(instance, arcs, sites, watch, threads=1)
    assert design.bound >= optimum.npv - 1e-6 * optimum.money.cost_present_value
    model, answer = settle_wheels(instance, arcs, sites, design, watch, threads=1, seed=0)
    found = finish(model, answer, watch, threads=1, seed=0, bound=design.bound)
    plan = plan_of(network, decode(found.model, found.x), case)
    assert plan.npv <= optimum.npv + 1e-6 * optimum.money.cost_present_value
    assert check_plan(plan) == []


def test_the_plan_by_parts_is_at_least_the_present_network():
    network = rich_network(demand=3, freight=12)
    instance = make_instance(network, CASES["best"])
    arcs, sites = arc_values(instance), site_values(instance)
    watch = Watch(case="best", gap=0.0, time_limit=None, display=None)
    design = design_by_parts(instance, arcs, sites, watch, threads=1)
    model, answer = settle_design(instance, arcs, sites, design, watch, threads=1, seed=0)
    assert answer.x is not None
    still = design_network(network, case="do_nothing", gap=1e-7)
    model, answer = settle_wheels(instance, arcs, sites, design, watch, threads=1, seed=0)
    assert answer.value * model.scale + model.linear.constant >= still.npv - 1.0


def test_lines_are_shared_among_wheels_in_the_best_way():
    one, two = np.array([[[0.0, 5.0, 6.0]]]), np.array([[[0.0, 4.0, 8.0]]])
    total, _ = shared_lines([one, two])
    assert total.tolist() == [[[0.0, 5.0, 9.0]]]


def test_few_lines_do_not_get_the_prices_of_many():
    instance = make_instance(NETWORKS["tiers"](), CASES["best"])
    pieces = make_pieces(instance, arc_values(instance), site_values(instance))
    assert pieces.classes is not None
    prices = first_prices(pieces, np.zeros(pieces.rent.shape))
    prices = replace(prices, demand=0.5 * prices.demand)
    true = Lagrangian(pieces, pieces.useful).evaluate(prices).gain
    cheap = Lagrangian(replace(pieces, classes=None), pieces.useful).evaluate(prices).gain
    few = pieces.classes.of_state > 0
    assert (true <= cheap + 1e-6).all()
    assert (true < cheap - 1.0)[np.broadcast_to(few[:, None], true.shape)].any()
    assert (true == cheap)[np.broadcast_to(~few[:, None], true.shape)].all()


def test_lines_that_come_later_take_nothing_from_today():
    instance = make_instance(tiny_network(), CASES["best"])
    pieces = make_pieces(instance, arc_values(instance), site_values(instance))
    standing = np.zeros(pieces.rent.shape)
    standing[:, 1:], standing[:, -1] = 1.0, 2.0
    ready = ready_lines(pieces, standing, pieces.ramp)
    alone = ready_lines(pieces, np.minimum(standing, 1.0), pieces.ramp)
    new = ~pieces.states.is_existing
    assert (ready[new, :-1] == alone[new, :-1]).all()
    assert (alone[new, 1:] > 0).all()
