"""Prices prove a bound without the solver: it holds for every plan, and a plan that is spoiled does not pass."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from benchmarks.large_networks import large_network
from manyworks.cli.main import run
from manyworks.examples import copy_example
from manyworks.model.document import load_network
from manyworks.plan.case import CASES
from manyworks.plan.design import design_network
from manyworks.plan.equations.instance import make_instance
from manyworks.plan.equations.values import arc_values, site_values
from manyworks.plan.prices import priced, published
from manyworks.plan.rivals.compare import comparison_of
from manyworks.plan.search import by_parts
from manyworks.plan.search.watch import Watch
from manyworks.plan.store import save_comparison
from manyworks.plan.verify import verify_plan
from manyworks.plan.verify.bound import priced_bound
from manyworks.plan.verify.making import person_worth
from manyworks.plan.verify.verification import certified_bound
from tests.networks import tiny_network
from tests.plan.outside import forward_network, packed_network
from tests.plan.rich import CONTRACTS, rich_network
from tests.plan.supplied import supplied_network
from tests.plan.test_upgrades import QUICK, SPEED, crowded

NETWORKS = {
    "tiny": (tiny_network, "distributed"),
    "rich": (rich_network, "distributed"),
    "contracts": (lambda: rich_network(demand=3, freight=12, opportunities=CONTRACTS), "best"),
    "scarce": (lambda: rich_network(demand=12, freight=6, micro_capex=0.3), "best"),
    "left_unserved": (lambda: rich_network(demand=3, policy={"is_demand_optional": True}), "distributed"),
    "upgrades": (lambda: crowded(SPEED | {"added_lines": 1, "capex": 1_000_000}, QUICK), "improve"),
    "co_packer": (lambda: packed_network(minimum_run_units=50_000), "co_packer"),
    "warehouse": (forward_network, "warehouses"),
    "tiers": (
        lambda: supplied_network({"price_per_unit": 4.0}, {"price_per_unit": 3.0, "from_units_per_year": 1e7}),
        "best",
    ),
    "dear_hires": (lambda: rich_network(demand=6, policy={"hiring_cost": 60_000.0}), "central"),
}


@cache
def optimum(name):
    make, case = NETWORKS[name]
    return design_network(make(), case=case, gap=1e-4)


def cost(plan):
    return plan.money.cost_present_value


def numbers(plan):
    instance = make_instance(plan.network, CASES[plan.case.name])
    return instance, arc_values(instance), site_values(instance)


@pytest.mark.parametrize("name", NETWORKS)
def test_no_prices_prove_a_bound_below_the_optimum(name):
    plan = optimum(name)
    instance, arcs, values = numbers(plan)
    demand, stock = priced(instance, plan.prices)
    rng = np.random.default_rng(7)
    for spread in (0.0, 0.02, 0.2, 1.0):
        near = demand * rng.uniform(1 - spread, 1 + spread, demand.shape)
        hours = (stock + spread * 200.0) * rng.uniform(1 - spread, 1 + spread, stock.shape)
        bound = priced_bound(instance, arcs, values, near, hours).total
        assert bound >= plan.npv - 1e-6 * cost(plan)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_plan_as_it_was_found_passes(name):
    found = verify_plan(optimum(name), NETWORKS[name][0]())
    assert found.faults == ()
    assert found.certified_gap < 0.2
    assert "PASS" in found.summary()


def test_prices_prove_the_optimum_where_only_flows_are_decided():
    plan = design_network(tiny_network(), case="do_nothing", gap=1e-7)
    assert verify_plan(plan).certified_gap < 1e-4


@pytest.mark.parametrize("kind", ["spread", "bound"])
def test_a_bound_found_by_parts_is_certified_by_its_prices(kind, monkeypatch):
    """Hires of the last year, which stands for all later ones, are dear: people are kept from before."""
    network = large_network(6, 10, 2, 8, seed=3, kind=kind)
    instance = make_instance(network, CASES["best"])
    arcs, values = arc_values(instance), site_values(instance)
    monkeypatch.setattr(by_parts, "STEPS", 15)
    watch = Watch(case="best", gap=0.5, time_limit=2.0, display=None)
    design = by_parts.design_by_parts(instance, arcs, values, watch, threads=1)
    certified = priced_bound(instance, arcs, values, *design.prices).total
    assert certified <= design.bound + 1e-6 * by_parts.cost_size(instance)


def test_keeping_people_for_dear_hires_is_no_way_past_the_bound():
    """One period of wages is cheaper here than a hire in the next: the best plan keeps people idle."""
    make, case = NETWORKS["dear_hires"]
    instance = make_instance(make(), CASES[case])
    values = site_values(instance)
    hire, person, years = values.hire, values.person, instance.weights.years
    turnover = np.array([instance.sites[option.site].turnover_per_year for option in instance.options])[:, None]
    assert (-hire[:, 1:] > -(person + hire * turnover * years)[:, :-1]).any()
    worth = person_worth(instance, values)
    # Two periods of one person at a new place: hired once and kept, he costs at least what the bound says.
    new = [o for o, option in enumerate(instance.options) if not option.is_existing]
    kept = person + hire * turnover * years
    assert (kept[new].cumsum(axis=1) + hire[new][:, [0]] <= worth[new].cumsum(axis=1) + 1e-9 * np.abs(kept[new])).all()


def spoil_bound(plan):
    bound = plan.npv - 0.001 * cost(plan)
    return replace(plan, bound=bound, gap=-0.001)


def spoil_npv(plan):
    npv = plan.npv + 0.01
    return replace(plan, npv=npv + 1.0, bound=max(plan.bound, npv + 1.0))


def spoil_gap(plan):
    return replace(plan, bound=plan.bound + 0.05 * cost(plan))


def spoil_claim(plan):
    """A bound said to be proven by prices that prove less."""
    return replace(plan, is_branched=False, bound=plan.npv, gap=0.0)


def spoil_prices(plan):
    table = plan.prices.demand
    columns = dict(table.columns) | {"market": np.array(["nowhere"] * len(table), dtype=object)}
    return replace(plan, prices=replace(plan.prices, demand=type(table)(columns)))


def spoil_document(plan):
    return replace(plan, network=rich_network(wage=1.1))


def forget_prices(plan):
    return replace(plan, prices=None)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_bound, "above the claimed bound"),
        (spoil_npv, "its decisions are worth"),
        (spoil_gap, "apart"),
        (spoil_claim, "the prices prove"),
        (spoil_prices, "what the document does not have"),
        (spoil_document, "the document stored with the plan"),
        (forget_prices, "no prices"),
    ],
)
def test_a_spoiled_plan_does_not_pass(spoil, words):
    found = verify_plan(spoil(optimum("rich")))
    assert not found.passed
    assert any(words in fault for fault in found.faults), found.faults


def test_a_plan_of_another_document_does_not_pass():
    found = verify_plan(optimum("rich"), rich_network(wage=1.1))
    assert found.faults == ("the plan was made of another document",)


def test_spoiled_worths_prove_less_than_the_plan_earns():
    plan = optimum("rich")
    instance, arcs, values = numbers(plan)
    demand, stock = priced(instance, plan.prices)
    worse = replace(arcs, value=arcs.value - 0.1 * np.abs(np.where(np.isfinite(arcs.value), arcs.value, 0.0)))
    assert priced_bound(instance, worse, values, demand, stock).total < plan.npv


def test_spoiled_prices_prove_less():
    plan = optimum("rich")
    instance, *_ = numbers(plan)
    demand, stock = priced(instance, plan.prices)
    spoiled = replace(plan, prices=published(instance, demand * 1.2, stock))
    assert certified_bound(spoiled).total > certified_bound(plan).total


def test_prices_are_read_as_they_were_published():
    instance, *_ = numbers(optimum("contracts"))
    demand, stock = priced(instance, optimum("contracts").prices)
    again = published(instance, demand, stock)
    assert all(np.array_equal(one, two) for one, two in zip(priced(instance, again), (demand, stock), strict=True))


def test_verification_loads_no_solver():
    code = (
        "import sys, manyworks.plan.verify\n"
        "assert not [m for m in sys.modules if 'plan.search' in m or m.endswith('plan.highs') or m == 'highspy']"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": ":".join(sys.path)})


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    copy_example("first_network", folder / "network")
    plan = design_network(load_network(folder / "network"), case="best")
    save_comparison(comparison_of({"best": plan}, {}), folder / "out" / "run.json")
    return folder


def test_the_program_passes_what_it_planned(stored, capsys):
    capsys.readouterr()
    assert run(["verify", str(stored / "out"), str(stored / "network")]) == 0
    assert "PASS" in capsys.readouterr().out
    assert run(["verify", str(stored / "out"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ok"]
    assert all(row["certified_gap"] < 0.01 for row in found["plans"].values())


def test_the_program_fails_a_file_that_was_edited(stored, capsys):
    file = stored / "out" / "run.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    data["plans"]["best"]["tables"]["production"]["units"][0] *= 1.01
    (stored / "edited.json").write_text(json.dumps(data, separators=(",", ":")), encoding="utf-8")
    capsys.readouterr()
    assert run(["verify", str(stored / "edited.json")]) == 1
    assert "fault" in capsys.readouterr().out
