"""A plan becomes the network that it leaves, and doing nothing there is the rest of the plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from manyworks.cli.main import run
from manyworks.errors import CheckError, UsageError
from manyworks.examples import example_path
from manyworks.model.checks import check_network
from manyworks.model.document import load_network, save_network
from manyworks.model.document.hashes import input_hash
from manyworks.model.network import Network
from manyworks.plan.adopt.adopt import adopt_plan
from manyworks.plan.design import design_network
from manyworks.plan.money.money_line import LINE_NAMES, OPERATING
from tests.networks import tiny_data
from tests.plan.rich import AIRLINE
from tests.plan.test_upgrades import QUICK, SPEED, crowded

NO_CREDIT = {"receivable_days": 0, "payable_days": 0}
"""What stands has paid the working capital of its first quarter before, which can shift stock between quarters."""


LOADS = 1e-3
"""Inbound loads are sized by the lines that stand, where those of a candidate are sized by half of its template's."""


def flat(**finance):
    """The tiny network without seasons, dear to reach from afar, so that a micro-factory pays at once."""
    data = tiny_data(finance={"quarters": 6, "years": 2} | NO_CREDIT | finance, demand=[])
    data["demand_rules"] = [{k: v for k, v in row.items() if k != "season"} for row in data["demand_rules"]]
    data["demand_rules"][0]["units_per_head_year"] = 12.0
    data["freight_modes"] = [row | {"cost_per_km": 16.0} for row in data["freight_modes"]]
    data["templates"][1] |= {"ramp": [], "depreciation_years": 5}
    data["opportunities"] = [AIRLINE | {"ends": "2030-12-31"}]
    return data


@pytest.fixture(scope="module")
def plan():
    return design_network(Network.model_validate(flat()), case="best", gap=1e-7)


@pytest.fixture(scope="module")
def adopted(plan):
    return adopt_plan(plan, "2027-Q4")


def test_what_the_plan_opened_stands_with_its_lines_and_its_date(plan, adopted):
    opened = next(row for row in plan.tables.openings.rows() if row["place"] == "reno")
    reno = adopted.network.get("sites", "reno")
    assert (reno.status, reno.template, str(reno.opened)) == ("existing", "micro", "2027-04-01")
    assert opened["starts"] == "2027-Q2"
    rows = plan.tables.lines.where(plan.tables.lines["period"] == "2027-Q4")
    ready = rows.where(rows["place"] == "reno")["ready"].sum()
    assert sum(row.count for row in adopted.network.installed_lines if row.site == "reno") == ready
    assert any("Reno" in note for note in adopted.notes)


def test_the_document_is_sound_and_starts_at_the_quarter(adopted, tmp_path):
    finance = adopted.network.finance
    assert (str(finance.start), finance.quarters, finance.years) == ("2027-10-01", 3, 2)
    assert [issue for issue in check_network(adopted.network) if issue.severity == "error"] == []
    for name in ("folder", "book.xlsx", "net.json"):
        save_network(adopted.network, tmp_path / name)
        assert input_hash(load_network(tmp_path / name)) == input_hash(adopted.network)


def test_doing_nothing_there_is_the_rest_of_the_plan(plan, adopted):
    rest = design_network(adopted.network, case="do_nothing", gap=1e-7)
    assert [period.name for period in rest.periods] == [period.name for period in plan.periods[3:]]
    shared = [name for name in rest.money.places if name]
    for line in OPERATING:
        name = LINE_NAMES[line]
        then = sum(plan.money.amounts[line, plan.money.places.index(place), 3:] for place in shared)
        now = sum(rest.money.amounts[line, rest.money.places.index(place)] for place in shared)
        share = LOADS if name == "inbound_freight" else 1e-5
        assert now == pytest.approx(then, rel=share, abs=1.0), name
    assert rest.tables.shipments.total("units", "market") == pytest.approx(
        plan.tables.shipments.where(np.isin(plan.tables.shipments["period"], [p.name for p in rest.periods])).total(
            "units", "market"
        ),
        rel=1e-9,
    )


def test_depreciation_goes_on_where_the_plan_had_it(plan, adopted):
    rest = design_network(adopted.network, case="do_nothing", gap=1e-7)
    assert rest.money.drivers.depreciation.sum(axis=0) == pytest.approx(
        plan.money.drivers.depreciation.sum(axis=0)[3:], rel=1e-6
    )


def test_demand_that_grows_goes_on_from_where_it_is():
    data = flat()
    for rule in data["demand_rules"]:
        rule["growth_per_year"] = 0.08
    network = Network.model_validate(data)
    grown = design_network(network, case="do_nothing", gap=1e-6)
    rest = design_network(adopt_plan(grown, "2027-Q3").network, case="do_nothing", gap=1e-6)
    names = [period.name for period in rest.periods]
    assert asked(rest, names) == pytest.approx(asked(grown, names), rel=1e-6)


def asked(plan, periods):
    """Units received and missed by period."""
    tables = plan.tables
    received, missed = tables.shipments.total("received", "period"), tables.unmet.total("units", "period")
    return [received.get(name, 0.0) + missed.get(name, 0.0) for name in periods]


def test_a_contract_under_delivery_is_signed_and_its_one_off_cost_is_behind(adopted):
    assert adopted.network.get("opportunities", "airline").is_signed
    rest = design_network(adopted.network, case="do_nothing", gap=1e-6)
    assert rest.money.present_values["one_off"] == 0
    assert "airline" in set(rest.tables.openings["place"])


def test_markets_know_their_site_and_sites_their_stock(plan, adopted):
    served = {market.id: market.served_by for market in adopted.network.markets}
    assert served["seattle"] == "reno"
    targets = {(row.site, row.product): row for row in adopted.network.stock_targets}
    rows = plan.tables.stock.where(plan.tables.stock["period"] == "2027-Q4").rows()
    row = next(row for row in rows if row["place"] == "reno")
    assert targets["reno", row["product"]].safety_units == pytest.approx(row["safety"], abs=0.5)


def test_what_is_under_way_has_less_to_wait_and_less_to_spend():
    data = flat()
    data["templates"][1] |= {"stand_up_quarters": 4}
    data["stand_up_steps"] = []
    plan = design_network(Network.model_validate(data), case="best", gap=1e-6)
    adoption = adopt_plan(plan, "2027-Q4")
    (template,) = (row for row in adoption.network.templates if row.id.endswith("_under_way"))
    assert template.stand_up_quarters == 1
    assert template.capex == pytest.approx(700_000 / 4)
    assert adoption.network.get("sites", "reno").templates == [template.id]


@pytest.mark.parametrize(
    ("at", "words"), [("2027-Q5", "Did you mean"), ("2029", "planned quarter"), ("soon", "2027-Q1")]
)
def test_a_quarter_that_the_plan_has_not_is_refused(plan, at, words):
    with pytest.raises(UsageError, match=words):
        adopt_plan(plan, at)


def test_a_plan_of_another_document_is_refused(plan):
    other = Network.model_validate(flat(discount_rate=0.1))
    with pytest.raises(UsageError, match="plan of this document"):
        adopt_plan(plan, "2027-Q4", document=other)
    with pytest.raises(UsageError, match="document that it was planned from"):
        adopt_plan(replace(plan, input_hash="0000"), "2027-Q4")


def better(*upgrades):
    data = crowded(*upgrades).model_dump()
    data["finance"] |= NO_CREDIT | {"quarters": 6, "years": 2}
    data["demand_rules"] = [row | {"season": None, "growth_per_year": 0} for row in data["demand_rules"]]
    return design_network(Network.model_validate(data), case="improve", gap=1e-7)


@pytest.fixture(scope="module")
def improved():
    """What stands is improved: faster drives, and quicker changeovers."""
    return better(QUICK | {"downtime_weeks": 3}, SPEED)


def starts(plan):
    return {row["place"]: row["starts"] for row in plan.tables.openings.rows() if row["kind"] == "upgrade"}


def test_an_upgrade_that_works_is_done_and_doing_nothing_keeps_it(improved):
    assert set(starts(improved)) == {"quick", "speed"}
    network = adopt_plan(improved, "2028-Q1").network
    assert all(row.is_done for row in network.upgrades)
    rest = design_network(network, case="do_nothing", gap=1e-7)
    assert rest.check() == []
    assert "upgrade" not in set(rest.tables.openings["kind"].tolist())
    for line in OPERATING:
        then = improved.money.line(LINE_NAMES[line])[5:]  # The first quarter lived on stock of the one before, too.
        share = 10 * LOADS if "freight" in LINE_NAMES[line] else 1e-5  # Loads are of the mean of fewer quarters.
        assert rest.money.line(LINE_NAMES[line])[1:] == pytest.approx(then, rel=share, abs=1.0), LINE_NAMES[line]
    assert rest.money.drivers.depreciation.sum(axis=0) == pytest.approx(
        improved.money.drivers.depreciation.sum(axis=0)[4:], rel=1e-6
    )


def test_an_upgrade_under_way_has_less_to_wait_and_less_to_spend(improved):
    begins = [period.name for period in improved.periods].index(starts(improved)["speed"])
    speed = adopt_plan(improved, improved.periods[begins - 1].name).network.get("upgrades", "speed")
    assert (speed.is_done, speed.lead_quarters, speed.capex) == (False, 1, 250_000)


def test_a_line_that_came_with_an_upgrade_stands_beside_the_others():
    third = {"id": "third", "name": "Third line", "site": "albany", "capex": 4e5, "added_lines": 1}
    network = adopt_plan(better(third), "2028-Q1").network
    assert sum(row.count for row in network.installed_lines) == 3
    assert network.get("templates", "big").maximum_lines == 2


def test_what_is_done_is_not_chosen_again_and_costs_nothing(improved):
    again = design_network(adopt_plan(improved, "2028-Q1").network, case="best", gap=1e-6)
    assert again.check() == []
    assert "upgrade" not in set(again.tables.openings["kind"].tolist())


def test_a_plan_that_fails_its_check_is_refused(plan):
    with pytest.raises(CheckError):
        adopt_plan(replace(plan, npv=plan.npv + 1e6), "2027-Q4")


def test_the_commands_go_round(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    source = str(example_path("first_network"))
    assert run(["plan", source, "-o", "run", "-q"]) == 0
    assert run(["adopt", "run", "then", "--at", "2027-Q3", "--document", source]) == 0
    assert "Hillside was opened in 2027-Q2" in capsys.readouterr().out
    assert run(["check", "then"]) == 0
    assert run(["adopt", "run", "then", "--at", "2027-Q3"]) == 2
