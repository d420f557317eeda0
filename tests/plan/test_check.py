"""Every rule of a plan has a broken plan that it catches."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from manyworks.model.contracts import contract_units
from manyworks.model.table import Table
from manyworks.plan.check import RULES, check_plan
from manyworks.plan.check.facts import plan_facts
from manyworks.plan.check.freight import freight_is_that_of_shipments
from manyworks.plan.design import design_network
from tests.networks import tiny_network
from tests.plan.handmade import OPENINGS, UNMET, one_site_tables, plan_of, table
from tests.plan.outside import sound_forward_plan, sound_packed_plan, with_rows
from tests.plan.rich import AIRLINE
from tests.plan.supplied import supplied_network


def network(**changes):
    return tiny_network(**changes)


def edited(tables, name, column, change):
    """``tables`` with one column changed by ``change(values)``."""
    old = getattr(tables, name)
    columns = dict(old.columns)
    columns[column] = np.asarray(change(columns[column].copy()), dtype=columns[column].dtype)
    return replace(tables, **{name: Table(columns)})


def first(factor):
    def change(values):
        values[0] = values[0] * factor
        return values

    return change


def to(row, value):
    def change(values):
        values[row] = value
        return values

    return change


def broken(name, column, change, *, case="do_nothing", **changes):
    net = network(**changes)
    return plan_of(net, edited(one_site_tables(net, "albany"), name, column, change), case)


def rules_of(plan):
    return {issue.rule.removeprefix("plan_") for issue in check_plan(plan)}


def test_a_sound_plan_is_clean():
    net = network()
    assert check_plan(plan_of(net, one_site_tables(net, "albany"))) == []
    assert check_plan(sound_packed_plan()) == []
    assert check_plan(sound_forward_plan()) == []


def test_unknown_names_are_reported_alone():
    plan = plan_of(net := network(), tables := one_site_tables(net, "albany"))
    plan = replace(plan, tables=edited(tables, "shipments", "market", to(0, "atlantis")))
    issues = check_plan(plan)
    assert [issue.rule for issue in issues] == ["plan_unknown_names"]
    assert issues[0].found == "atlantis"


def test_site_segregation_is_kept_apart_from_line_segregation():
    assert "segregation_is_kept" in rules_of(_plan(policy={"segregation": ["peanut:site"]}))
    assert "segregation_is_kept" not in rules_of(_plan(policy={"segregation": ["peanut:line"]}))


def test_service_promise_binds_only_where_the_policy_says_so():
    markets = [row.model_dump() | {"service_days": 1.5} for row in network().markets]
    assert "lane_is_allowed" in rules_of(_plan(markets=markets, policy={"is_service_binding": True}))
    assert "lane_is_allowed" not in rules_of(_plan(markets=markets))


def _plan(**changes):
    return plan_of(net := network(**changes), one_site_tables(net, "albany"))


def _plan_with(**values):
    return plan_of(net := network(), one_site_tables(net, "albany"), **values)


def _sites(**changes):
    rows = [row.model_dump() for row in network().sites]
    return [rows[0] | changes, *rows[1:]]


def _unserved(**changes):
    net = network(**changes)
    tables = edited(one_site_tables(net, "albany"), "shipments", "received", to(0, 0.0))
    row = next(tables.shipments.rows())
    unmet = table(UNMET, [(row["market"], row["product"], row["period"], float(row["units"]))])
    return plan_of(net, replace(tables, unmet=unmet))


def _made_early(period=-1, product="salted_nuts", **changes):
    """A tenth of the goods of a period is made in the one before."""
    net = network(**changes)
    tables = one_site_tables(net, "albany")

    def shift(values):
        mine = np.flatnonzero(tables.production["product"] == product)
        moved = 0.1 * values[mine[period]]
        values[mine[period]] -= moved
        values[mine[period - 1]] += moved
        return values

    return plan_of(net, edited(tables, "production", "units", shift))


def _opened_reno(*, case, template="micro", starts=1, **changes):
    net = network(**changes)
    tables = one_site_tables(net, "albany")
    rows = [tuple(row.values()) for row in tables.openings.rows()]
    periods = plan_of(net, tables).periods
    rows.append(("reno", "site", template, periods[0].name, periods[starts].name, ""))
    return plan_of(net, replace(tables, openings=table(OPENINGS, rows)), case)


def _signed(*, is_taken=True, short=None, market="atlanta", window=("2027-Q3", ""), **changes):
    """A contract for oat bars of which nothing is delivered: all of it is short."""
    net = network(opportunities=[AIRLINE | changes])
    tables = one_site_tables(net, "albany")
    periods = plan_of(net, tables).periods
    units = contract_units(net.opportunities, periods)[0] if short is None else [short] * len(periods)
    rows = [(market, "airline", "oat_bar", p.name, float(u)) for p, u in zip(periods, units, strict=True) if u > 0]
    unmet = table(("market", "opportunity", "product", "period", "units"), rows)
    openings = [tuple(row.values()) for row in tables.openings.rows()]
    if is_taken:
        openings.append(("airline", "opportunity", "", window[0], *window))
    return plan_of(net, replace(tables, unmet=unmet, openings=table(OPENINGS, openings)))


def test_a_contract_that_is_not_delivered_at_all_is_sound_as_long_as_it_is_owed():
    assert check_plan(_signed()) == []


@pytest.mark.parametrize(
    ("rule", "plan"),
    [
        ("contract_balance", lambda: _signed(is_taken=False)),
        ("contract_terms", lambda: _signed(is_taken=False, is_signed=True, short=0.0)),
        ("contract_terms", lambda: _signed(market="seattle")),
        ("contract_terms", lambda: _signed(window=("2027-Q2", ""))),
    ],
)
def test_a_broken_contract_is_caught(rule, plan):
    assert rule in rules_of(plan())


def _upgraded(case="central", have="quick_change", starts=1):
    """An upgrade of the existing site is chosen; from its start on its lines have it."""
    rows = [{"id": "quick_change", "name": "Quick change", "site": "albany", "capex": 1e5, "changeover_factor": 0.5}]
    net = network(upgrades=rows)
    tables = one_site_tables(net, "albany")
    periods = plan_of(net, tables).periods
    after = {period.name for period in periods[starts:]}
    for name in ("lines", "production"):
        there = [(have if period in after else "") for period in getattr(tables, name)["period"].tolist()]
        tables = edited(tables, name, "upgrades", lambda _, there=there: np.array(there, dtype=object))
    openings = [tuple(row.values()) for row in tables.openings.rows()]
    openings.append(("quick_change", "upgrade", "", periods[0].name, periods[starts].name, ""))
    return plan_of(net, replace(tables, openings=table(OPENINGS, openings)), case)


def test_a_plan_with_an_upgrade_is_clean():
    assert check_plan(_upgraded()) == []


def _other_money():
    plan = _plan_with()
    amounts = plan.money.amounts.copy()
    amounts[1, 0, 0] += 1.0
    return replace(plan, money=replace(plan.money, amounts=amounts))


def _packed(name, **columns):
    return with_rows(sound_packed_plan(), name, **columns)


def _scarce():
    plan = sound_packed_plan()
    few = [row.model_copy(update={"capacity_units_per_year": 1000.0}) for row in plan.network.co_packers]
    return replace(plan, network=plan.network.model_copy(update={"co_packers": few}))


def _narrow():
    plan = sound_forward_plan()
    few = [row.model_copy(update={"capacity_pallets_per_year": 1.0}) for row in plan.network.warehouses]
    return replace(plan, network=plan.network.model_copy(update={"warehouses": few}))


def _bought(units=lambda units: units, **terms):
    """A plan that buys peanuts with ``units`` changed, or whose supplier has other ``terms`` than it was made for."""
    plan = _supplied()
    offers = [row.model_copy(update=terms) if row.material == "peanuts" else row for row in plan.network.offers]
    changed = replace(plan, network=plan.network.model_copy(update={"offers": offers}))
    return with_rows(changed, "purchases", units=units)


@cache
def _supplied():
    offer = {"price_per_unit": 1.8, "capacity_units_per_year": 5e6}
    return design_network(supplied_network(offer), case="do_nothing", gap=1e-3)


QUARTERS_THAT_REPEAT = {"quarters": 8, "years": 0, "terminal_years": 8}

BROKEN = {
    "purchases_cover_needs": lambda: _bought(lambda units: units / 2),
    "orders_are_large_enough": lambda: _bought(minimum_order_units=4e6),
    "supplier_capacity": lambda: _bought(capacity_units_per_year=1e5),
    "amounts_are_numbers": lambda: broken("stock", "safety", to(0, -5.0)),
    "place_balance": lambda: broken("production", "units", first(0.9)),
    "market_balance": lambda: broken("shipments", "received", first(0.9)),
    "unmet_is_allowed": lambda: _unserved(policy={"is_demand_optional": False}),
    "contract_balance": lambda: _signed(short=1000.0),
    "contract_terms": lambda: _signed(window=("2027-Q3", "2028")),
    "transit_loss": lambda: broken("shipments", "received", first(1.01)),
    "lane_is_allowed": lambda: _plan(lanes=[{"origin": "albany", "destination": "seattle", "is_allowed": False}]),
    "season_stock_keeps": _made_early,
    "season_stock_repeats": lambda: _made_early(4, "oat_bar", finance=QUARTERS_THAT_REPEAT),
    "stock_follows_goods": lambda: broken("stock", "safety", first(1.2)),
    "rates_hold": lambda: broken("production", "run_h", first(0.5)),
    "wheels_turn": lambda: broken("production", "products", to(0, "oat_bar;salted_nuts")),
    "line_hours": lambda: _plan(calendars=[{"id": "two_shifts", "shifts_per_day": 0.1}], shifts=[]),
    "overtime_limit": lambda: broken("production", "overtime_h", to(0, 500.0)),
    "wheel_lines": lambda: broken("lines", "ready", to(0, 0.0)),
    "packers_are_allowed": lambda: _packed(
        "openings", starts=lambda names: np.array(["2027-Q1"] * len(names), dtype=object)
    ),
    "packs_only_under_contract": lambda: _packed(
        "openings", starts=lambda names: np.array(["2027-Q4"] * len(names), dtype=object)
    ),
    "packer_capacity": _scarce,
    "runs_are_lots": lambda: _packed("stock", cycle=lambda units: units / 2),
    "warehouses_are_allowed": lambda: with_rows(
        sound_forward_plan(), "openings", starts=lambda names: [*names[:-1], "2027-Q1"]
    ),
    "throughput": _narrow,
    "crews_are_paid": lambda: broken("labour", "direct", first(0.5)),
    "indirect_staff_is_paid": lambda: broken("labour", "indirect", to(2, 3.0)),
    "labour_pool": lambda: _plan(sites=_sites(labour_pool=20)),
    "people_fit_the_lines": lambda: broken(
        "labour", "direct", lambda people: people * 100, sites=_sites(hires_per_quarter=1e6)
    ),
    "hires_follow_people": lambda: broken("labour", "hired", lambda values: values * 0),
    "hires_per_quarter": lambda: _plan(sites=_sites(hires_per_quarter=0.01)),
    "openings_are_allowed": lambda: _opened_reno(case="do_nothing", template="big", starts=3),
    "upgrades_are_allowed": lambda: _upgraded(case="do_nothing"),
    "upgraded_lines_stand": lambda: _upgraded(have=""),
    "openings_take_time": lambda: _opened_reno(case="best", starts=0),
    "closures_are_allowed": lambda: broken("openings", "closes", to(0, "2028")),
    "lines_add_up": lambda: broken("lines", "added", to(3, 1.0)),
    "works_only_while_open": lambda: broken("openings", "closes", to(0, "2027-Q4"), case="best"),
    "segregation_is_kept": lambda: broken(
        "production", "products", lambda values: np.array(["oat_bar;salted_nuts"] * len(values), dtype=object)
    ),
    "site_limits": lambda: _plan(policy={"maximum_sites": 0, "maximum_site_share": 0.5}),
    "money_is_recomputed": _other_money,
    "npv_is_the_sum": lambda: _plan_with(npv=1.0),
    "bound_holds": lambda: _plan_with(bound=-1.0),
    "budget": lambda: _opened_reno(case="best", policy={"capex_budget": 100.0, "capex_budget_per_quarter": 100.0}),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_plan_is_caught_by_its_rule(rule):
    assert rule in rules_of(BROKEN[rule]())


def test_stock_may_wait_within_the_quarters_that_repeat_and_before_them():
    for period in (2, 6):
        assert "season_stock_repeats" not in rules_of(_made_early(period, "oat_bar", finance=QUARTERS_THAT_REPEAT))
    assert "season_stock_repeats" not in rules_of(
        _made_early(4, "oat_bar", finance=QUARTERS_THAT_REPEAT | {"terminal_years": 0})
    )


def test_people_may_be_found_ahead_of_their_lines_where_hires_are_limited():
    few = _sites(hires_per_quarter=1e6)
    assert "people_fit_the_lines" not in rules_of(broken("labour", "direct", lambda people: people * 1.2, sites=few))


def test_freight_that_is_not_that_of_the_shipments_is_caught():
    facts = plan_facts(_plan_with())
    assert list(freight_is_that_of_shipments(facts)) == []
    facts.lanes.freight_per_unit[:] *= 1.001  # as from a fault in the prices that solver and money share
    found = list(freight_is_that_of_shipments(facts))
    assert {issue.rule for issue in found} == {"plan_freight_is_that_of_shipments"}
    assert "is the share of a shipment" in found[0].found


def test_every_rule_has_a_broken_plan():
    assert {rule.__name__ for rule in RULES} == {*BROKEN, "freight_is_that_of_shipments"}
