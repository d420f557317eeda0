"""Quantity tiers, smallest orders and what suppliers can deliver: each has its effect, in the right direction."""

from __future__ import annotations

from functools import cache

import pytest

from manyworks.plan.design import design_network
from manyworks.plan.money.money_line import LINE_INDEX
from manyworks.plan.search import find
from tests.plan.supplied import supplied_network

SPLIT = {"freight": 8.0, "capex": 0.3}
"""Terms on which two sites serve the three markets."""
FLAT = {"price_per_unit": 1.8}
NEED = (7.6e6 * 0.22 / 0.98, 1.6e6 * 0.22 / 0.98)
"""Peanuts a year for all markets, and for the one that the western site serves."""


@cache
def split_plan(*offers, **terms):
    return design_network(supplied_network(*map(dict, offers), **(SPLIT | terms)), gap=1e-6)


def plan_with(*offers, **terms):
    return split_plan(*(tuple(offer.items()) for offer in offers), **terms)


def sites(plan):
    return {row["place"] for row in plan.tables.openings.rows()}


def nut_makers(plan):
    last = plan.periods[-1].name
    rows = plan.tables.production.rows()
    return {row["place"] for row in rows if (row["product"], row["period"]) == ("salted_nuts", last)}


def bought(plan, supplier, place=None):
    """Units of peanuts in the last period."""
    return sum(
        row["units"]
        for row in plan.tables.purchases.rows()
        if row["period"] == plan.periods[-1].name
        and (row["supplier"], row["material"]) == (supplier, "peanuts")
        and place in (None, row["place"])
    )


def test_without_tiers_orders_and_capacities_nothing_is_contested():
    plan = plan_with(FLAT)
    assert sites(plan) == {"albany", "reno"}
    assert len(plan.tables.purchases) == 0


def test_a_tier_is_paid_by_what_a_site_buys_and_lost_where_volume_is_split():
    plan = plan_with(FLAT, {"price_per_unit": 1.4, "from_units_per_year": 1.2e6})
    assert bought(plan, "grower", "albany") == pytest.approx(NEED[0] - NEED[1])
    assert bought(plan, "grower", "reno") == pytest.approx(NEED[1])
    paid = plan.money.amounts[LINE_INDEX["materials"]]
    at = {name: paid[k, -1] for k, name in enumerate(plan.money.places)}
    assert at["reno"] == pytest.approx(-1.8 * NEED[1] - oats(plan, "reno"), rel=1e-6)
    assert at["albany"] == pytest.approx(-1.4 * (NEED[0] - NEED[1]) - oats(plan, "albany"), rel=1e-6)


def oats(plan, place):
    rows = plan.tables.production.rows()
    last = plan.periods[-1].name
    made = sum(
        row["units"] for row in rows if (row["place"], row["product"], row["period"]) == (place, "oat_bar", last)
    )
    return made * 0.04 * 0.9


def test_a_tier_that_only_the_whole_volume_reaches_keeps_it_at_one_site():
    whole = {"price_per_unit": 0.2, "from_units_per_year": 1.7e6}
    assert len(nut_makers(plan_with(FLAT, whole))) == 1
    assert nut_makers(plan_with(FLAT)) == {"albany", "reno"}


def test_half_the_capacity_of_a_supplier_sends_the_rest_elsewhere():
    dear = {"supplier": "importer", "price_per_unit": 2.0}
    full = plan_with(FLAT | {"capacity_units_per_year": 2e6}, dear)
    half = plan_with(FLAT | {"capacity_units_per_year": 1e6}, dear)
    assert bought(full, "importer") == pytest.approx(0.0, abs=1.0)
    assert bought(half, "grower") == pytest.approx(1e6)
    assert bought(half, "importer") == pytest.approx(NEED[0] - 1e6)
    assert half.npv < full.npv
    limits = [row for row in half.binding.rows() if row["limit"] == "supplier_capacity"]
    assert limits
    assert all(row["price"] > 0 for row in limits)


def test_a_supplier_who_has_too_little_leaves_demand_unserved():
    plan = plan_with(FLAT | {"capacity_units_per_year": 1e6})
    assert bought(plan, "grower") == pytest.approx(1e6)
    assert plan.tables.unmet["units"].sum() > 0


def test_a_large_smallest_order_is_kept_in_stock_and_costs():
    small, large = (plan_with(FLAT | {"minimum_order_units": units}) for units in (1e3, 3e5))
    assert large.money.present_values["material_stock"] < small.money.present_values["material_stock"] <= 0
    assert large.npv < small.npv <= plan_with(FLAT).npv + 1.0


def test_who_buys_takes_one_order_a_year_at_least():
    assert bought(plan_with(FLAT), "grower") == 0.0  # not contested
    plan = plan_with(FLAT | {"minimum_order_units": 8e5})
    amounts = [bought(plan, "grower", place) for place in ("albany", "reno")]
    assert all(units == pytest.approx(0.0, abs=1.0) or units >= 8e5 * (1 - 1e-5) for units in amounts)
    assert plan_with(FLAT | {"minimum_order_units": 3e5}).npv > plan.npv


def test_the_bound_by_parts_holds_with_tiers_and_orders(monkeypatch):
    offers = (FLAT | {"minimum_order_units": 2e4}, {"price_per_unit": 1.4, "from_units_per_year": 1.2e6})
    whole = plan_with(*offers)
    monkeypatch.setattr(find, "SMALL", 0)
    parts = design_network(supplied_network(*offers, **SPLIT), gap=1e-3)
    assert parts.bound >= whole.npv - 1.0
    assert parts.npv <= whole.bound + 1.0
    assert parts.check() == []
