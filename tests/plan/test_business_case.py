from __future__ import annotations

from dataclasses import replace

import pytest

from manyworks.model.periods import discount_factors, planning_periods
from manyworks.plan.money.money_line import LINE_NAMES
from tests.networks import tiny_network
from tests.plan.handmade import LABOUR, LINES, OPENINGS, one_site_tables, plan_of, table

NO_TIME = {"discount_rate": 0.0, "tax_rate": 0.0, "receivable_days": 0, "payable_days": 0}


def test_npv_is_the_sum_of_all_lines_and_of_the_discounted_cash_flow():
    money = plan_of(network := tiny_network(), one_site_tables(network, "albany")).money
    assert tuple(money.present_values) == LINE_NAMES
    flow = money.cash_flow + money.line("terminal_value")
    assert flow @ discount_factors(network.finance, money.periods) == pytest.approx(money.npv)
    assert money.by_place["present_value"].sum() == pytest.approx(money.npv)
    assert money.by_quarter["cash_flow"].sum() == pytest.approx(money.cash_flow.sum())
    assert money.by_quarter["cumulative_present_value"][-1] == pytest.approx(money.npv_before_terminal)


def test_lines_follow_from_hand_arithmetic():
    # 3 years; nuts 0.4 a head of 19 million people at 3.00; bars 0.4 a head at 1.20, but Chicago 3.0 m in year 1
    network = tiny_network(finance=NO_TIME)
    money = plan_of(network, one_site_tables(network, "albany")).money
    nuts, bars = 3 * 7.6e6, 3 * 4e6 + 3e6 + 2 * 3.6e6
    assert money.present_values["revenue"] == pytest.approx(3.0 * nuts + 1.2 * bars)
    assert money.present_values["materials"] == pytest.approx(-(nuts * 0.22 / 0.98 * 1.8 + bars * 0.04 * 0.9))
    run_h = (nuts + bars) / (200 * 0.65 * 60)
    assert money.present_values["direct_labour"] == pytest.approx(-6 * run_h * 22)
    assert money.present_values["energy"] == pytest.approx(-run_h * 120 * 0.08)
    assert money.present_values["indirect_labour"] == pytest.approx(-20 * 22 * 1.5 * 1900 * 3)
    assert money.present_values["rent"] == pytest.approx(-(8000 + 2 * 800) * 60 * 3)
    # cycle stock: half of what a week between shipments and a week between runs take, for 3 years
    held = (nuts * 3.0 + bars * 1.2) * (7 + 7) / 2 / 365
    assert money.present_values["cycle_stock"] == pytest.approx(-held * 0.5 * 0.05)
    assert money.present_values["salvage"] == pytest.approx(0.1 * (20e6 + 2 * 2.5e6))


def test_tax_is_taken_on_operating_profit_less_depreciation():
    network = tiny_network(installed_lines=[_albany(book_value=3e6, book_years=2)])
    money = plan_of(network, one_site_tables(network, "albany")).money
    place = money.places.index("albany")
    assert money.drivers.depreciation[place] == pytest.approx([0.375e6] * 4 + [1.5e6, 0.0])
    bare = tiny_network()
    untaxed = plan_of(bare, one_site_tables(bare, "albany")).money
    shield = money.present_values["tax"] - untaxed.present_values["tax"]
    assert shield == pytest.approx(0.25 * money.drivers.depreciation[place] @ money.discount)


def test_a_new_site_is_paid_before_it_starts_and_its_first_copy_in_full():
    templates = [row | {"copy_saving_share": 0.2} for row in _templates()]
    network = tiny_network(templates=templates)
    money = plan_of(network, _with_reno(network)).money
    spent = money.amounts[LINE_NAMES.index("capex"), money.places.index("reno")]
    # stand-up 11 weeks, one quarter; lines are ordered one quarter ahead: all of it in the first quarter
    assert spent == pytest.approx([-(700_000 + 900_000), 0, 0, 0, 0, 0])
    recovered = money.amounts[LINE_NAMES.index("salvage"), money.places.index("reno"), -1]
    assert recovered == pytest.approx(160_000)


def test_terminal_value_repeats_the_last_year_and_renews_what_stands():
    base = tiny_network(finance={"terminal_years": 5.0, "discount_rate": 0.0, "tax_rate": 0.0})
    money = plan_of(base, one_site_tables(base, "albany")).money
    operating = money.line("revenue")[-1] + sum(
        money.line(name)[-1]
        for name in (
            *("materials", "inbound_freight", "direct_labour", "indirect_labour", "energy", "rent"),
            *("outbound_freight", "cycle_stock", "safety_stock", "season_stock", "in_transit_stock"),
        )
    )
    renewal = (20e6 + 2 * 2.5e6) / 15
    assert money.terminal_value == pytest.approx(5 * (operating - renewal))
    assert money.npv_before_terminal == pytest.approx(money.npv - money.terminal_value)


def test_landed_cost_by_product_and_by_market_add_up_to_the_whole():
    network = tiny_network(finance={"discount_rate": 0.0})
    money = plan_of(network, one_site_tables(network, "albany")).money
    whole = money.cost_present_value
    for rows in (money.landed.by_product, money.landed.by_market):
        assert (rows["units"] * rows["cost_per_unit"]).sum() == pytest.approx(whole)
    assert money.landed.cost_per_unit == pytest.approx(whole / money.landed.units)


def test_spoiled_units_are_shown_as_spoilage_and_change_nothing_else():
    network = tiny_network()
    tables = one_site_tables(network, "albany")
    period = planning_periods(network.finance)[0].name
    waste = table(("place", "product", "period", "units"), [("albany", "oat_bar", period, 1000.0)])
    before, after = plan_of(network, tables).money, plan_of(network, replace(tables, spoiled=waste)).money
    assert after.present_values["spoilage"] < 0
    assert after.npv == pytest.approx(before.npv)


def _albany(**changes):
    return {"id": "albany_fast", "site": "albany", "line": "fast_line", "count": 2} | changes


def _templates():
    return [row.model_dump() for row in tiny_network().templates]


def _with_reno(network):
    """The one-site plan and an idle micro-factory at Reno with one line from the second quarter on."""
    tables, periods = one_site_tables(network, "albany"), planning_periods(network.finance)
    openings = [tuple(row.values()) for row in tables.openings.rows()]
    lines = [tuple(row.values()) for row in tables.lines.rows()]
    labour = [tuple(row.values()) for row in tables.labour.rows()]
    openings.append(("reno", "site", "micro", periods[0].name, periods[1].name, ""))
    for t in range(1, len(periods)):
        lines.append(("reno", "micro", "small_line", "", "oat_bar", periods[t].name, 1.0, float(t == 1)))
        labour.append(("reno", periods[t].name, 0.0, 2.0, 0.0))
    return replace(tables, openings=table(OPENINGS, openings), lines=table(LINES, lines), labour=table(LABOUR, labour))
