"""Outages: a case computed by hand, the laws that every answer obeys, and a check that catches what is wrong."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from manyworks import stress_plan, write_report
from manyworks.errors import CheckError
from manyworks.model.site import OutageClass
from manyworks.plan.design import design_network
from manyworks.plan.rivals.compare import compare_plans, comparison_of
from manyworks.plan.search.watch import Watch
from manyworks.plan.stress.outages.durations import durations
from manyworks.plan.stress.outages.measure import costs, survives_alone, survives_covered, unserved
from manyworks.plan.stress.outages.operation import Operation
from manyworks.plan.stress.outages.respond import OutageOptions, Responder, effect_of
from manyworks.plan.stress.outages.run import run as run_outages
from manyworks.plan.stress.outages.strikes import Strike, can_strike, strikes
from manyworks.plan.stress.part import Settings
from tests.plan.outside import sound_forward_plan, sound_packed_plan
from tests.plan.rich import rich_network

FIRE = OutageClass(id="fire", name="Fire", frequency_per_year=0.02, duration_h=672)
CLASSES = [
    FIRE,
    OutageClass(id="power", name="Power cut", frequency_per_year=2, duration_h=6),
    OutageClass(id="repair", name="Repair", frequency_per_year=2, duration_h=48, stops="line"),
    OutageClass(id="storm", name="Storm", frequency_per_year=0.1, duration_h=200, stops="region"),
    OutageClass(id="port", name="Port strike", frequency_per_year=0.1, duration_h=300, stops="outbound"),
    OutageClass(id="road", name="Road closed", frequency_per_year=0.1, duration_h=300, stops="inbound"),
    OutageClass(id="recall", name="Recall", frequency_per_year=0.1, duration_h=300, products=["oat_bar"]),
]
DURATIONS = (0.0, 1.0, 6.0, 24.0, 48.0, 168.0, 672.0, 2000.0)


def two_sites(**changes):
    """Sites a and b, a customer each of 100 units a week that take 40 line hours: 1.00 a unit earned from the own
    site, 0.70 from the other; 60 regular hours, 6 of overtime at 1.00; 20 hours of stock at a."""
    own = {"arc_o": [0, 1, 0, 1], "arc_d": [0, 1, 1, 0]}
    data = {
        "numbers": None, "period": None, "names": ("a", "b"), "option": np.arange(2), "point": np.arange(2),
        "family": np.zeros(2, dtype=np.intp), "units": np.full(2, 100.0), "revenue": np.full(2, 300.0),
        "penalty": np.zeros(2), "arc_o": np.array(own["arc_o"]), "arc_d": np.array(own["arc_d"]),
        "base": np.array([1.0, 1.0, 0.0, 0.0]), "value": np.array([100.0, 100.0, 70.0, 70.0]),
        "hours": np.full(4, 40.0), "days": np.zeros(4), "lane_stock": np.zeros(4), "place_o": np.arange(2),
        "place_line": ("line", "line"), "lines": np.ones(2), "regular": np.full(2, 60.0),
        "overtime": np.full(2, 6.0), "overtime_cost": np.ones(2), "crew": np.ones(2), "people": np.full(2, 60.0),
        "wheel_g": np.arange(2), "own": np.full(2, np.inf), "switch": np.zeros(2), "staffed": np.ones(2),
        "learn": np.ones(2), "run_value": np.zeros(2), "work": np.ones((2, 1)), "stock": np.array([[20.0], [0.0]]),
        "worth": np.zeros((2, 1)),
    }  # fmt: skip
    return Operation(**(data | changes))


@pytest.fixture
def families(monkeypatch):
    monkeypatch.setattr(Operation, "families", ("only",))


AT_ONCE = OutageOptions(response_h=0.0)
AT_A = Strike(outage=FIRE, sites=("a",), frequency_per_year=0.02)


def answer(operation, hours, options=AT_ONCE):
    responder = Responder(operation=operation, options=options)
    effect = effect_of(responder.operation, AT_A)
    return responder, effect, responder.respond(effect, hours)


def test_two_weeks_without_a_cost_what_a_pencil_says(families):
    # A week needs 40 h: stock gives 10, b's idle hours 20 at 0.75, its overtime 6 at 1.75, and 4 h at 2.50 are lost.
    responder, _, response = answer(two_sites(), 336)
    assert response.cost == pytest.approx(2 * (20 * 0.75 + 6 * 1.75 + 4 * 2.5))
    found = costs(responder, response)
    assert found.total == pytest.approx(response.cost)
    assert found.lost_sales == pytest.approx(2 * 4 * 2.5)
    assert found.overtime == pytest.approx(2 * 6)
    assert found.dearer_lanes == pytest.approx(2 * 26 * 0.75)
    assert unserved(responder, response) == pytest.approx((20.0, 60.0))


def test_an_outage_shorter_than_the_stock_costs_nothing(families):
    assert answer(two_sites(), 72)[2].cost == pytest.approx(0.0, abs=1e-6)
    assert answer(two_sites(), 96)[2].cost > 0.1


def test_a_site_is_survived_for_half_a_week_alone_and_longer_with_cover(families):
    responder, effect, _ = answer(two_sites(), 336)
    assert survives_alone(responder, effect) == pytest.approx(3.5)
    assert survives_covered(responder, effect) == pytest.approx(7 * 20 / 14, rel=0.02)


def test_a_late_response_and_a_long_way_are_paid_in_sales(families):
    sooner = answer(two_sites(), 336)[2].cost
    later = answer(two_sites(), 336, OutageOptions(response_h=84))[2].cost
    far = answer(two_sites(days=np.array([0.0, 0.0, 10.0, 10.0])), 336)[2].cost
    assert sooner < far
    assert sooner < later


def test_nobody_covers_a_product_that_his_line_may_not_run(families):
    only_own = np.array([True, True, False, False])
    alone = {
        name: getattr(two_sites(), name)[only_own] for name in ("arc_o", "arc_d", "base", "value", "hours", "days")
    }
    response = answer(two_sites(**alone, lane_stock=np.zeros(2)), 336)[2]
    assert response.cost == pytest.approx(2 * 30 * 2.5)


@pytest.fixture(scope="module")
def network():
    network = rich_network(demand=1.4, freight=2.5, micro_capex=0.2, finance={"quarters": 4, "years": 1})
    return network.model_copy(update={"outage_classes": CLASSES})


@pytest.fixture(scope="module")
def run(network):
    return stress_plan(compare_plans(network, jobs=1), parts=["outages"], jobs=1)


def responder_of(run, rival):
    evidence = run.results["outages"].rivals[rival].evidence
    return Responder(operation=evidence.operation, options=OutageOptions())


def test_every_class_is_priced_at_every_site_and_survives_its_check(run, network):
    rows = list(run.tables()["outages.outages"].rows())
    assert {row["outage"] for row in rows} == {row.id for row in CLASSES}
    assert all(row["cost"] >= -1e-6 for row in rows)
    assert run.check() == []
    assert "Expected values at the stated frequencies" in run.summary()


def test_a_longer_outage_never_costs_less_and_none_costs_nothing(run):
    for rival in run.comparison.plans:
        responder = responder_of(run, rival)
        for strike in strikes(run.comparison.network, responder.operation.lines_at(), pairs=True):
            effect = effect_of(responder.operation, strike)
            paid = [responder.respond(effect, hours).cost for hours in DURATIONS]
            assert paid[0] == 0
            assert all(more >= less - 1e-6 * max(paid) for less, more in pairwise(paid)), strike


def test_more_spare_hours_never_cost_more(run):
    for rival in run.comparison.plans:
        poor = responder_of(run, rival)
        op = poor.operation
        rich = Responder(
            operation=replace(op, overtime=1.5 * op.overtime, regular=1.1 * op.regular, people=1.1 * op.people),
            options=OutageOptions(),
        )
        for strike in strikes(run.comparison.network, op.lines_at()):
            for hours in (24.0, 672.0):
                cheap = rich.respond(effect_of(rich.operation, strike), hours).cost
                assert cheap <= poor.respond(effect_of(op, strike), hours).cost * (1 + 1e-6) + 1e-3


def test_a_site_that_makes_nothing_costs_nothing(families):
    idle = two_sites(
        base=np.array([0.0, 1.0, 0.0, 1.0]),
        value=np.array([60.0, 100.0, 60.0, 70.0]),
        regular=np.array([60.0, 90.0]),
        people=np.array([60.0, 90.0]),
        stock=np.zeros((2, 1)),
    )
    assert answer(idle, 672)[2].cost == pytest.approx(0.0, abs=1e-6)


def test_money_scales_with_money(families):
    dear = two_sites(value=1000 * two_sites().value, overtime_cost=1000 * np.ones(2))
    assert answer(dear, 336)[2].cost == pytest.approx(1000 * answer(two_sites(), 336)[2].cost)


def test_outages_stand_beside_the_npv_of_each_rival(run):
    rows = list(run.tables()["outages.rivals"].rows())
    for row in rows:
        assert row["npv_after_outages"] == pytest.approx(row["npv"] + row["outages"])
        assert row["outages"] <= 0
    assert sum(row["wins"] == "yes" for row in rows) == 1


def test_a_spoiled_answer_is_caught(run):
    result = run.results["outages"]
    name, rival = next((name, row) for name, row in result.rivals.items() if row.struck)
    label, effect, response = rival.evidence.answers[0]
    made = response.columns | {"kept": response.columns["kept"] + 0.5}
    spoiled = replace(
        rival.evidence, answers=((label, effect, replace(response, columns=made)), *rival.evidence.answers[1:])
    )
    found = replace(result, rivals={name: replace(rival, evidence=spoiled)}).check()
    assert any("served or unserved" in issue.message for issue in found)
    assert any("cost must be" in issue.message for issue in found)


def test_the_spread_of_durations_keeps_their_mean():
    for cv in (0.0, 0.5, 1.0, 2.0):
        assert sum(share * hours for share, hours in durations(48.0, cv)) == pytest.approx(48.0)


def test_a_class_strikes_the_sites_that_it_or_they_name(network):
    site = network.sites[0]
    listed = FIRE.model_copy(update={"sites": ["elsewhere"]})
    assert can_strike(FIRE, site)
    assert not can_strike(listed, site)
    assert not can_strike(FIRE, site.model_copy(update={"outages": ["power"]}))


def test_sites_of_a_region_fall_together(network):
    sites = [row.model_copy(update={"region": "south"}) for row in network.sites]
    storm = [row for row in CLASSES if row.stops == "region"]
    south = network.model_copy(update={"sites": sites, "outage_classes": storm})
    found = list(strikes(south, {row.id: {"line": 1} for row in sites}))
    assert [strike.sites for strike in found] == [tuple(sorted(row.id for row in sites))]


def test_a_document_without_outage_classes_says_so(network):
    plain = network.model_copy(update={"outage_classes": []})
    run = stress_plan(comparison_of({"do_nothing": design_network(plain, case="do_nothing")}, {}), parts=["outages"])
    assert run.absent == {"outages": "the document names no outage class"}


def test_a_run_that_fails_its_check_is_never_handed_out(network, monkeypatch):
    from manyworks.plan.stress.outages import evidence

    plan = design_network(network, case="do_nothing")
    monkeypatch.setattr(evidence, "recomputed_cost", lambda *_: 1e12)
    with pytest.raises(CheckError, match="cost must be what the answer costs"):
        stress_plan(plan, parts=["outages"])


def test_ctrl_c_keeps_the_outages_that_were_answered(network):
    comparison = comparison_of({"do_nothing": design_network(network, case="do_nothing")}, {})
    watch = Watch(case="Outages", gap=0.01, time_limit=None, display=None)
    told = []

    def stop_after_two(*words, **count):
        told.append(words)
        watch.is_interrupted = len(told) > 2

    watch.say = stop_after_two
    result = run_outages(comparison, Settings(), watch)
    assert not result.is_complete
    assert 0 < len(result.rivals["do_nothing"].struck) < len(CLASSES)
    assert result.check() == []
    assert "Stopped" in result.summary()


def test_the_report_shows_rivals_map_and_classes(run, tmp_path):
    html, _ = write_report(run.comparison, tmp_path, stress=run)
    page = html.read_text(encoding="utf-8")
    assert "When a site, a line or a region stands still" in page
    assert "Map of expected outage cost" in page
    assert all(row.name in page for row in CLASSES)


@pytest.mark.parametrize("plan", [sound_forward_plan, sound_packed_plan], ids=["warehouse", "co_packer"])
def test_plans_that_use_places_of_others_are_struck_as_well(plan):
    found = plan()
    struck = replace(found, network=found.network.model_copy(update={"outage_classes": CLASSES[:1]}))
    result = stress_plan(struck, parts=["outages"]).results["outages"]
    rival = next(iter(result.rivals.values()))
    assert result.check() == []
    assert all(row.costs.total > 0 for row in rival.struck)
    assert float(rival.evidence.usual.columns["unmet"].max()) < 1e-6
