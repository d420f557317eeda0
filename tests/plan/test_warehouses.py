"""What a forward warehouse costs, whom it serves, and that the plan weighs it."""

from __future__ import annotations

import numpy as np
import pytest

from manyworks.model.shipments import full_load_price
from manyworks.plan.design import design_network
from manyworks.plan.equations.routes import full_load_lanes
from manyworks.plan.rivals.service import service
from manyworks.plan.typical import yearly_demand
from tests.plan.outside import forward_network, forward_plan, sound_forward_plan, with_rows


def over(plan, house="tacoma"):
    return float(plan.tables.shipments.total("units", "via").get(house, 0.0))


def test_goods_go_over_a_warehouse_where_that_is_cheaper():
    plan, without = sound_forward_plan(), forward_plan("do_nothing")
    assert over(plan) > 0
    assert plan.npv > without.npv
    assert plan.gap < 1e-3


def test_loads_to_a_warehouse_are_full():
    plan = sound_forward_plan()
    network, mode = plan.network, plan.network.freight_modes[0]
    legs = full_load_lanes(network, network.sites, network.warehouses)
    truck = full_load_price(mode, legs.km)[0, 0]
    loads = [
        max(p.mass_kg / mode.payload_kg, p.volume_l / 1000 / mode.cube_m3, 1 / p.units_per_pallet / mode.pallets)
        for p in network.products
    ]
    assert legs.freight_per_unit[0, 0] == pytest.approx(truck * np.array(loads))


def test_a_load_waits_until_it_is_full_for_what_is_asked_near_the_warehouse():
    network = forward_network()
    often = full_load_lanes(network, network.sites, network.warehouses).interval_days
    assert often == pytest.approx(np.full_like(often, 3.0))  # as stated: more than a load is asked for in three days
    few = [row.model_copy(update={"population": row.population / 10}) for row in network.markets]
    small = network.model_copy(update={"markets": few, "demand": []})
    asked, mode = yearly_demand(small).sum(axis=0), network.freight_modes[0]
    weights = [(p.mass_kg, p.volume_l / 1000, 1 / p.units_per_pallet) for p in network.products]
    loads = max(asked @ np.array(weights) / [mode.payload_kg, mode.cube_m3, mode.pallets])
    assert 365 / loads > 3
    waits = full_load_lanes(small, small.sites, small.warehouses).interval_days
    assert waits == pytest.approx(np.full_like(waits, 365 / loads))


def test_fees_are_paid_for_what_goes_through_and_what_lies_there():
    plan = sound_forward_plan()
    network, years = plan.network, {period.name: period.years for period in plan.periods}
    per_pallet = {product.id: product.units_per_pallet for product in network.products}
    house = network.warehouses[0]
    (row,) = [row for row in plan.tables.openings.rows() if row["kind"] == "warehouse"]
    fixed = sum(span for name, span in years.items() if name >= row["starts"]) * house.fixed_cost_per_year
    lost = network.freight_modes[0].damage_share
    through = sum(
        row["units"] * (1 - lost) / per_pallet[row["product"]]
        for row in plan.tables.shipments.rows()
        if row["via"] == "tacoma"
    )
    lying = sum(
        (row["cycle"] + row["safety"] + row["season"]) / per_pallet[row["product"]] * 12 * years[row["period"]]
        for row in plan.tables.stock.rows()
        if row["place"] == "tacoma"
    )
    fees = fixed + through * house.throughput_fee_per_pallet + lying * house.storage_fee_per_pallet_month
    assert -plan.money.line("warehouse_fees").sum() == pytest.approx(fees)


def test_both_legs_have_stock_and_lose_goods():
    plan = sound_forward_plan()
    stock = plan.tables.stock.where(plan.tables.stock["place"] == "tacoma")
    assert all((stock[kind] > 0).all() for kind in ("cycle", "safety", "in_transit"))
    table = plan.tables.shipments.where(plan.tables.shipments["via"] == "tacoma")
    assert table["received"] == pytest.approx(table["units"] * (1 - 0.002) ** 2)


def test_a_fixed_cost_flips_the_use():
    cheap, dear = forward_plan(), forward_plan(fixed_cost_per_year=2_000_000.0)
    assert over(cheap) > 0
    assert over(dear) == 0
    assert all(row["kind"] != "warehouse" for row in dear.tables.openings.rows())


def test_the_throughput_limit_binds():
    free, narrow = forward_plan(), forward_plan(capacity_pallets_per_year=300.0)
    assert 0 < over(narrow) < over(free)
    assert narrow.npv < free.npv
    assert "warehouse_throughput" in set(narrow.binding["limit"].tolist())


def test_nothing_goes_over_a_warehouse_before_its_lead_is_over():
    plan = forward_plan(lead_quarters=3)
    table = plan.tables.shipments.where(plan.tables.shipments["via"] != "")
    early = {period.name for period in plan.periods if period.first_quarter < 3}
    assert len(table)
    assert not early & set(table["period"].tolist())


def test_promised_days_run_from_the_warehouse():
    network = forward_network(policy={"is_service_binding": True, "is_demand_optional": True})
    markets = [row.model_copy(update={"service_days": 1.0 if row.id == "seattle" else None}) for row in network.markets]
    network = network.model_copy(update={"markets": markets})
    served = []
    for case in ("do_nothing", "warehouses"):
        plan = design_network(network, case=case, gap=1e-7)
        found = service(network, plan.periods, plan.tables)
        served.append(found.share_in_time)
    assert served[0] < served[1] == pytest.approx(1.0)


def test_freshness_counts_both_legs():
    plan = sound_forward_plan()
    days = plan.network.model_copy(
        update={
            "products": [
                row.model_copy(update={"shelf_life_days": 30.0, "minimum_remaining_life_days": 25.0})
                for row in plan.network.products
            ],
            "policy": plan.network.policy.model_copy(update={"is_demand_optional": True}),
        }
    )
    kept = design_network(days, case="warehouses", gap=1e-6)
    assert over(kept) == 0  # Five and a half days of road, five to spare.


def test_duty_is_paid_where_goods_cross():
    abroad = forward_network(country="CA", tariff_zone="CA")
    duties = [{"origin_zone": "US", "destination_zone": "CA", "ad_valorem_share": 0.3}]
    taxed = type(abroad).model_validate(abroad.model_dump(mode="json") | {"duties": duties})
    assert over(design_network(abroad, case="warehouses", gap=1e-7)) > over(
        design_network(taxed, case="warehouses", gap=1e-7)
    )


def test_a_warehouse_that_stands_serves_in_every_case():
    plan = forward_plan("do_nothing", status="existing")
    assert over(plan) > 0
    assert -plan.money.line("warehouse_fees")[0] >= 2_500.0


@pytest.mark.parametrize("case", ["warehouses", "best"])
def test_another_warehouse_never_costs(case):
    alone = "do_nothing" if case == "warehouses" else case
    without = design_network(forward_network().model_copy(update={"warehouses": []}), case=alone, gap=1e-7)
    assert forward_plan(case).npv >= without.npv - 1e-6 * abs(without.money.cost_present_value)


def test_a_route_that_is_forged_is_caught():
    plan = sound_forward_plan()
    forged = with_rows(plan, "shipments", via=lambda names: ["" for _ in names])
    assert {issue.rule for issue in forged.check()} >= {"plan_transit_loss", "plan_money_is_recomputed"}


def test_money_by_market_adds_up_to_all_of_it():
    landed = sound_forward_plan().money.landed
    discounted = landed.cost_per_unit * landed.present_units
    by_product = np.nansum(landed.by_product["cost_per_unit"] * _present(landed, "product"))
    assert by_product == pytest.approx(discounted)


def _present(landed, name):
    plan = sound_forward_plan()
    discount = dict(zip([p.name for p in plan.periods], plan.money.discount, strict=True))
    total = dict.fromkeys(landed.by_product[name].tolist(), 0.0)
    for row in plan.tables.shipments.rows():
        total[row[name]] += row["received"] * discount[row["period"]]
    return np.array(list(total.values()))


def test_the_bound_by_parts_holds_with_warehouses(monkeypatch):
    monkeypatch.setattr("manyworks.plan.search.find.SMALL", 0)
    whole, parts = sound_forward_plan(), forward_plan()
    assert parts.bound >= whole.npv - 1e-6 * abs(whole.npv)
    assert parts.npv <= whole.bound + 1e-6 * abs(whole.npv)
    assert over(parts) > 0
