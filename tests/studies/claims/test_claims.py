"""Claims for small plants, switched off one by one."""

from __future__ import annotations

from math import isnan

import pytest

from manyworks.errors import UsageError
from manyworks.model.document import load_network
from manyworks.model.network import Network
from manyworks.model.shipping import lane_table
from manyworks.model.site import OutageClass
from manyworks.plan.rivals.compare import compare_plans
from manyworks.plan.stress.stress import stress_plan
from manyworks.plan.typical import yearly_demand
from manyworks.studies.claims import measure, without
from manyworks.studies.claims.claim import CLAIMS
from manyworks.studies.claims.measure import measure_claims
from tests.networks import full_data


@pytest.fixture(scope="module")
def jam():
    return load_network("examples/first_network")


@pytest.fixture(scope="module")
def run(jam):
    return measure_claims(jam, jobs=1)


def test_jam_is_made_near_its_market_because_of_freight(run):
    found = run.measured["shipping_out"]
    assert found.worth > 0
    assert found.verdict == "holds, proven"
    assert found.figure_distributed < found.figure_central


def test_what_a_document_is_silent_about_is_not_measured_and_says_why(run):
    assert run.absent["tariffs"] == "no duty is stated"
    assert set(run.measured) | set(run.absent) == set(CLAIMS)


def test_the_proven_range_holds_the_worth(run):
    for row in run.measured.values():
        assert row.least - 1e-6 <= row.worth <= row.most + 1e-6


def test_cheaper_freight_makes_the_claim_worth_less(jam, run):
    lanes = [row.model_copy(update={"cost_per_unit": (row.cost_per_unit or 0) / 4}) for row in jam.lanes]
    cheap = measure_claims(jam.model_copy(update={"lanes": lanes}), claims=["shipping_out"], jobs=1)
    assert cheap.measured["shipping_out"].worth < run.measured["shipping_out"].worth


def test_free_ways_take_as_many_days_as_before(jam):
    free = without.outbound_freight(jam)
    before, after = (lane_table(n, n.sites, n.markets, yearly_demand(n)) for n in (jam, free))
    assert after.freight_per_unit.max() == 0
    assert before.freight_per_unit.max() > 0
    assert (after.days == before.days).all()
    assert (after.interval_days == before.interval_days).all()


@pytest.mark.parametrize("name", CLAIMS)
def test_switching_off_leaves_a_legal_document_and_touches_the_original_nowhere(name):
    network = Network.model_validate(full_data())
    promised = [row.model_copy(update={"service_days": 3.0}) for row in network.markets]
    network = network.model_copy(update={"markets": promised})
    before = network.model_dump()
    if not CLAIMS[name].absent(network):
        other = CLAIMS[name].without(network)
        type(network).model_validate(other.model_dump())
        assert other.model_dump() != before
    assert network.model_dump() == before


def test_reliability_is_the_outages_that_central_pays_more(jam):
    fire = OutageClass(id="fire", name="Fire", frequency_per_year=0.1, duration_h=2000, stops="site")
    run = measure_claims(jam.model_copy(update={"outage_classes": [fire]}), claims=["reliability"], jobs=1)
    found = run.measured["reliability"]
    outages = stress_plan(run.comparison, parts=["outages"]).results["outages"]
    assert found.worth == pytest.approx(
        outages.rivals["central"].present_value - outages.rivals["distributed"].present_value
    )
    assert "proven" not in found.verdict


def test_a_claim_that_nobody_made_is_refused(jam):
    with pytest.raises(UsageError, match="must be some of labour"):
        measure_claims(jam, claims=["magic"])


def test_a_stopped_measurement_goes_on_where_it_was_and_finds_the_same(jam, run, tmp_path, monkeypatch):
    first = measure_claims(jam, claims=["customers"], folder=tmp_path, jobs=1)
    planned = []
    monkeypatch.setattr(
        measure, "compare_plans", lambda network, **how: planned.append(how) or compare_plans(network, **how)
    )
    again = measure_claims(jam, claims=["customers", "shipping_out"], folder=tmp_path, jobs=1)
    assert len(planned) == 1, "only what was not finished is planned"
    assert again.measured["customers"] == first.measured["customers"]
    assert again.measured["shipping_out"] == run.measured["shipping_out"]


def test_what_was_kept_of_another_document_is_not_taken_for_this_one(jam, run, tmp_path):
    free = jam.model_copy(update={"lanes": [row.model_copy(update={"cost_per_unit": 0.0}) for row in jam.lanes]})
    measure_claims(free, claims=["customers"], folder=tmp_path, jobs=1)
    found = measure_claims(jam, claims=["customers"], folder=tmp_path, jobs=1)
    assert found.lead == run.lead


def test_without_the_best_mix_the_worth_is_the_same(jam, run):
    found = measure_claims(jam, claims=["shipping_out"], with_best=False, jobs=1)
    assert found.measured["shipping_out"].worth == run.measured["shipping_out"].worth
    assert isnan(found.measured["shipping_out"].worth_best)


def test_a_spoilt_file_of_kept_leads_is_refused(jam, tmp_path):
    (tmp_path / "leads.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match="must be what a measurement of claims kept"):
        measure_claims(jam, folder=tmp_path, jobs=1)
