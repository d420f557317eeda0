"""The report of small plans: what it says, that it adds up, and that it stands alone."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from manyworks.model.table import Table
from manyworks.plan.rivals.compare import compare_plans, comparison_of
from manyworks.render.page import render_page
from manyworks.render.workbook import render_workbook
from manyworks.studies.plan_report import write_report
from manyworks.studies.plan_report.bridges import bridge_table, landed_table, shown_bridges
from manyworks.studies.plan_report.field_words import field_unit, target_words
from manyworks.studies.plan_report.limits import limits_table
from manyworks.studies.plan_report.money import cash_table, lines_table
from manyworks.studies.plan_report.page import report_page
from manyworks.studies.plan_report.sheets import report_sheets
from manyworks.studies.plan_report.subject import Subject
from manyworks.studies.plan_report.words import days, duration, listed
from tests.networks import tiny_network
from tests.plan.handmade import one_site_tables, plan_of
from tests.plan.rich import rich_network


@pytest.fixture(scope="module")
def act():
    """A comparison in which building pays."""
    found = Subject(comparison=compare_plans(rich_network(demand=2, freight=4), gap=1e-4, jobs=1))
    assert found.is_change
    return found


@pytest.fixture(scope="module")
def stay():
    """A comparison in which nothing pays."""
    network = tiny_network()
    tables = one_site_tables(network, "albany")
    plans = {"do_nothing": plan_of(network, tables), "best": plan_of(network, tables, case="best")}
    found = Subject(comparison=comparison_of(plans, {}))
    assert not found.is_change
    return found


@pytest.fixture(scope="module")
def html(act):
    return render_page(report_page(act))


@pytest.fixture(scope="module")
def book(act):
    return CalamineWorkbook.from_filelike(BytesIO(render_workbook(report_sheets(act), title="Plan")))


def table_of(price, **words):
    return Table({name: np.array(values, dtype=object) for name, values in words.items()} | {"price": np.array(price)})


def words_of(html):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", html, flags=re.S))))


def test_the_page_begins_with_the_recommendation_and_why(act, html):
    text = words_of(html)
    assert text.index(act.comparison.recommendation) < text.index(act.comparison.why) < text.index("The network that")


def test_the_page_answers_every_question_in_order(html):
    titles = re.findall(r"<h2[^>]*><span[^>]*>\d+</span> ([^<]+)</h2>", html)
    assert [title.split()[0] for title in titles] == [
        *("What", "The", "The", "Where", "The", "When", "First", "What", "How", "How", "What", "What", "How"),
    ]


def test_the_page_needs_no_script_and_asks_for_nothing(html):
    assert "<script" not in html
    assert not re.findall(r'(?:src|href)="(?!#)[^"]*"', html)
    assert "url(http" not in html


def test_every_picture_says_in_words_what_it_shows(html):
    pictures = re.findall(r"<svg.*?</svg>", html, flags=re.S)
    assert len(pictures) >= 6
    assert all(re.search(r"<title[^>]*>[^<]{5,}</title><desc[^>]*>[^<]{10,}</desc>", picture) for picture in pictures)


def test_names_stand_where_ids_would_say_less(act, html):
    text = words_of(html)
    ids = [row.id for row in (*act.network.sites, *act.network.products, *act.network.templates) if "_" in row.id]
    assert [name for name in ids if re.search(rf"\b{name}\b", text)] == []


def test_bridges_and_columns_of_landed_cost_sum_to_the_cent(act):
    assert shown_bridges(act)
    for bridge in [act.comparison.npv_bridge, *act.comparison.landed_cost_bridges]:
        rows = bridge_table(bridge).rows
        assert round(rows[0][2] + sum(row[1] for row in rows[1:-1]), 2) == rows[-1][2]
    *lines, total = landed_table(act).rows
    for column in range(1, len(total)):
        assert round(sum(row[column] for row in lines), 2) == total[column]


def test_lines_of_money_and_periods_of_cash_sum_to_the_npv(act):
    *lines, total = lines_table(act).rows
    assert sum(row[3] for row in lines) == pytest.approx(total[3])
    assert total[3] == pytest.approx(act.incremental.npv)
    assert cash_table(act).rows[-1][4] == pytest.approx(act.incremental.npv)


def test_the_workbook_holds_a_summary_first_and_every_table(act, book):
    assert book.sheet_names[0] == "Summary"
    assert {"Rivals", "Cash flow", "Service", "Assumptions", "Plan lines", "Plan shipments"} <= set(book.sheet_names)
    summary = {row[0]: row[1] for row in book.get_sheet_by_name("Summary").to_python()[5:]}
    assert summary["Net present value"] == pytest.approx(act.plan.npv)
    assert summary["Recommendation"] == act.comparison.recommendation
    units = sum(value for row in book.get_sheet_by_name("Plan shipments").to_python()[5:] for value in row[3:])
    assert units == pytest.approx(act.plan.tables.shipments["received"].sum())


def test_the_rivals_of_the_workbook_are_numbers(act, book):
    head, _, *rows = book.get_sheet_by_name("Rivals").to_python()[3:]
    plans = act.comparison.plans.values()
    assert [row[head.index("Net present value")] for row in rows] == pytest.approx([plan.npv for plan in plans])
    assert [row[head.index("Proven gap, share of costs")] for row in rows] == pytest.approx([p.gap for p in plans])


def test_cost_by_the_unit_shows_more_than_cents_in_the_workbook(act):
    with ZipFile(BytesIO(render_workbook(report_sheets(act), title="Plan"))) as book:
        assert '"#,##0.0000"' in book.read("xl/styles.xml").decode()


def test_hours_of_lines_that_do_not_stand_are_no_limit(act):
    late = next(row for row in act.places if row.decided)
    binding = table_of(
        limit=["line_hours", "line_hours"], place=[late.id, late.id], price=[5.0, 7.0], meaning=["", ""],
        period=[act.plan.periods[0].name, act.last.name],
    )  # fmt: skip
    plan = replace(act.plan, binding=binding)
    one = Subject(comparison=comparison_of({act.comparison.recommended: plan}, {}))
    assert [(row[2], row[4]) for row in limits_table(one).rows] == [(act.last.name, 7.0)]


def test_doing_nothing_is_reported_without_inventing_a_step(stay):
    text = words_of(render_page(report_page(stay)))
    assert stay.comparison.recommendation in text
    assert "nothing is to be built" in text.lower()
    assert report_sheets(stay)


def test_an_absent_rival_is_listed_with_its_reason(act):
    plans = {name: plan for name, plan in act.comparison.plans.items() if name != "central"}
    found = Subject(comparison=comparison_of(plans, {"central": "no template has scale big"}))
    assert "Central: no template has scale big." in words_of(render_page(report_page(found)))


def test_one_plan_alone_can_be_reported():
    network = tiny_network()
    plan = plan_of(network, one_site_tables(network, "albany"))
    page = render_page(report_page(Subject(comparison=comparison_of({"do_nothing": plan}, {}))))
    assert "only one rival" in words_of(page).lower()


def test_a_plan_that_fails_its_check_says_so_on_top(act):
    table = act.plan.tables.shipments
    wrong = replace(table, columns=dict(table.columns) | {"units": table["units"] * 2})
    plan = replace(act.plan, tables=replace(act.plan.tables, shipments=wrong))
    plans = dict(act.comparison.plans) | {act.comparison.recommended: plan}
    text = words_of(render_page(report_page(Subject(comparison=comparison_of(plans, {})))))
    assert "Not a valid plan." in text[: text.index("The network that")]


def test_unserved_demand_is_said_on_top(act):
    table = act.plan.tables.shipments
    half = replace(table, columns=dict(table.columns) | {"received": table["received"] / 2})
    plan = replace(act.plan, tables=replace(act.plan.tables, shipments=half))
    plans = dict(act.comparison.plans) | {act.comparison.recommended: plan}
    assert "Not all demand is served." in words_of(
        render_page(report_page(Subject(comparison=comparison_of(plans, {}))))
    )


def test_several_rates_of_return_are_flagged(act):
    from manyworks.plan.money.returns import irr

    several = irr([-100, 230, -132], [0, 1, 2])
    more = replace(act.incremental, internal_rate=several)
    found = Subject(comparison=replace(act.comparison))
    found.comparison.__dict__["incremental"] = act.comparison.incremental | {act.comparison.recommended: more}
    assert "Several rates of return." in words_of(render_page(report_page(found)))


def test_the_same_comparison_gives_the_same_bytes(act, tmp_path):
    one, two = write_report(act.comparison, tmp_path / "one"), write_report(act.comparison, tmp_path / "two")
    assert [path.name for path in one] == ["report.html", "report.xlsx"]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_money_is_on_one_scale_and_durations_are_short():
    assert (duration(4.25), duration(0.5), duration(1), duration(3)) == ("4.2 years", "6 months", "1 year", "3 years")
    assert (days(1.0), days(2.44), days(16.9)) == ("1.0 days", "2.4 days", "17 days")
    assert listed(["a", "b", "c", "d", "e"], 4) == "a, b, c and 2 more"


def test_paths_of_the_document_read_as_words():
    network = tiny_network()
    assert target_words(network, "sites.*.wage_per_h") == "Wage (every site)"
    assert target_words(network, "finance.discount_rate") == "Discount rate"
    assert target_words(network, "sites.albany.power_price_per_kwh") == "Power price (Albany, Georgia)"
    assert (field_unit("wage_per_h"), field_unit("service_days"), field_unit("mass_kg")) == ("per h", "", "kg")


def test_names_with_a_comma_stay_apart():
    assert listed(["Reno, NV", "Salem, OR", "Bend, OR"]) == "Reno, NV; Salem, OR and Bend, OR"
    assert listed(["Reno", "Salem", "Bend"]) == "Reno, Salem and Bend"


def test_the_page_names_the_years_that_are_planned(act, html):
    last = max(int(period.name[:4]) for period in act.plan.periods)
    assert f"Planned: {act.plan.periods[0].name[:4]} to {last}." in words_of(html)


def test_days_of_markets_that_get_nothing_stay_empty(act):
    from manyworks.studies.plan_report.service import service_table

    service = act.service
    columns = dict(service.by_market.columns)
    columns["days"] = np.full(len(columns["days"]), np.nan)
    found = Subject(comparison=replace(act.comparison))
    empty = replace(service, by_market=replace(service.by_market, columns=columns))
    found.comparison.__dict__["services"] = act.comparison.services | {act.comparison.recommended: empty}
    assert all(row[3] is None for row in service_table(found).rows)
