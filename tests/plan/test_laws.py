"""What must hold of every optimum, whatever the numbers are."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import pytest

from manyworks.errors import InfeasibleError
from manyworks.model.network import Network
from manyworks.plan.case import CASES
from manyworks.plan.design import design_network
from manyworks.plan.rivals.solve_cases import at_least_each
from tests.networks import tiny_data
from tests.plan.rich import CONTRACTS, rich_network

MONEY = {
    "finance": (),
    "upgrades": ("capex",),
    "policy": ("storage_fee_per_pallet_month", "hiring_cost", "capex_budget", "capex_budget_per_quarter"),
    "products": ("price",),
    "materials": ("price_per_unit", "treatment_per_unit", "discharge_per_unit"),
    "offers": ("price_per_unit",),
    "packaging": ("cost_per_unit",),
    "equipment": ("price",),
    "lines": ("capex", "service_per_year"),
    "changeovers": ("cost",),
    "sanitations": ("cost",),
    "templates": ("capex", "fixed_cost_per_year"),
    "sites": (
        "wage_per_h",
        "power_price_per_kwh",
        "demand_charge_per_kw_month",
        "rent_per_m2_year",
        "incentive_amount",
        "closure_cost",
    ),
    "installed_lines": ("book_value",),
    "freight_modes": ("cost_per_km", "minimum_cost", "stop_cost"),
    "freight_breaks": ("cost_per_tonne_km", "minimum_cost"),
    "lanes": ("cost_per_unit", "cost_per_tonne"),
    "duties": ("per_kg",),
    "warehouses": ("fixed_cost_per_year", "throughput_fee_per_pallet", "storage_fee_per_pallet_month"),
    "co_packers": ("toll_fee_per_unit",),
    "opportunities": ("price", "one_off_cost", "penalty_per_unit"),
}
"""Every field of the document that counts money, by collection."""


def base(**changes):
    return rich_network(demand=3, freight=12, opportunities=CONTRACTS, **changes)


def best(network, **options):
    return design_network(network, case="best", gap=1e-7, **options)


def scaled(network: Network, factor: float) -> Network:
    data = network.model_dump()
    for name, fields in MONEY.items():
        rows = [data[name]] if isinstance(data[name], dict) else data[name]
        for row in rows:
            row |= {field: row[field] * factor for field in fields if row.get(field) is not None}
    return Network.model_validate(data)


def decisions(plan):
    return [*plan.tables.openings.rows(), *plan.tables.lines.rows()]


def by_key(rows):
    return sorted(rows, key=lambda row: str(sorted(row.items())))


def test_identical_sites_without_freight_are_served_from_one():
    data = tiny_data()
    twin = data["sites"][1]
    data["sites"] = [twin | {"id": name, "name": name, "status": "candidate"} for name in ("first", "second", "third")]
    data["sites"] = [{k: v for k, v in row.items() if k != "template"} for row in data["sites"]]
    data["installed_lines"] = []
    data["freight_modes"] = [row | {"cost_per_km": 0.0, "minimum_cost": 0.0} for row in data["freight_modes"]]
    plan = best(Network.model_validate(data))
    assert len(plan.tables.openings) == 1


def test_an_added_candidate_never_makes_the_optimum_worse():
    more = base()
    fewer = more.model_copy(update={"sites": [site for site in more.sites if site.id != "gary"]})
    assert best(more).npv >= best(fewer).npv - 1.0


def test_more_freedom_never_makes_the_optimum_worse():
    npv = {case: design_network(base(), case=case, gap=1e-7).npv for case in ("do_nothing", "central", "best")}
    assert npv["do_nothing"] <= npv["central"] + 1.0 <= npv["best"] + 2.0


def test_a_permuted_document_gives_the_same_plan():
    network = base()
    names = ("sites", "markets", "products", "templates", "lines", "materials", "installed_lines", "opportunities")
    permuted = network.model_copy(update={name: getattr(network, name)[::-1] for name in names})
    plan, other = best(network), best(permuted)
    assert other.npv == pytest.approx(plan.npv, rel=1e-9)
    assert by_key(decisions(other)) == by_key(decisions(plan))


def test_money_times_a_thousand_gives_the_same_plan():
    plan, other = best(base()), best(scaled(base(), 1000.0))
    assert other.npv == pytest.approx(1000 * plan.npv, rel=1e-9)
    assert decisions(other) == decisions(plan)


def solved_apart(threads: int):
    """A plan from a process of its own: a process keeps the number of threads of its first plan."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(best, base(), threads=threads).result()


def test_another_number_of_threads_gives_the_same_plan():
    plan, other = solved_apart(1), solved_apart(2)
    assert other.npv == pytest.approx(plan.npv, rel=1e-9)
    assert decisions(other) == decisions(plan)


def test_new_names_for_the_sites_leave_the_value():
    network = base()
    names = {site.id: f"z_{99 - k}" for k, site in enumerate(network.sites)}
    sites = [site.model_copy(update={"id": names[site.id]}) for site in network.sites]
    lines = [row.model_copy(update={"site": names[row.site]}) for row in network.installed_lines]
    renamed = network.model_copy(update={"sites": sites, "installed_lines": lines})
    assert best(renamed).npv == pytest.approx(best(network).npv, rel=1e-9)


def test_demand_that_cannot_be_met_names_the_rules_that_conflict():
    network = base(policy={"is_demand_optional": False, "maximum_sites": 0})
    with pytest.raises(InfeasibleError) as caught:
        best(network)
    assert any("maximum_sites" in rule for rule in caught.value.conflicts)
    assert (
        any("is_demand_optional" in rule or "sites." in rule for rule in caught.value.conflicts)
        or len(caught.value.conflicts) == 1
    )


def test_the_solver_is_told_when_to_stop_and_says_what_is_left():
    plan = best(base(), time_limit=60)
    assert plan.status == "search_ended"  # Safety stock is a root, the bound rests on lines below it.
    assert plan.npv <= plan.bound <= plan.npv + 1e-3 * plan.money.cost_present_value
    assert plan.gap == pytest.approx((plan.bound - plan.npv) / plan.money.cost_present_value)


def test_the_best_of_all_takes_the_plan_of_a_rival_that_found_more():
    network = base()
    little = design_network(network, case="do_nothing", gap=1e-7)
    much = design_network(network, case="distributed", gap=1e-7)
    lazy = replace(little, case=CASES["best"], money=replace(little.money, case=CASES["best"]), bound=much.npv + 5.0)
    assert little.npv < much.npv
    taken = at_least_each({"best": lazy, "distributed": much}, 1e-3)["best"]
    assert (taken.npv, taken.bound, taken.case.name) == (much.npv, much.npv + 5.0, "best")
    assert taken.check() == []
