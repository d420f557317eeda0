"""What a changed workstation does to line, site and plan."""

import pytest

from manyworks.errors import UsageError
from manyworks.studies.line_impact import line_impact, with_station_changed
from manyworks.studies.line_impact_words import impact_page
from tests.twin.design.lines import shop


def test_one_station_changes_and_another_with_the_same_machine_does_not():
    network = shop()
    stations = [row.model_copy(update={"equipment": "filler_a"}) for row in network.stations]
    network = network.model_copy(update={"stations": stations})
    changed = with_station_changed(network, "small_line", "filler", ["rated_rate_per_min*=2"])
    speed = {row.id: changed.get("equipment", row.equipment).rated_rate_per_min for row in changed.stations}
    assert speed == {"filler": 40, "capper": 20, "packer": 20}


def test_a_faster_slowest_machine_lifts_the_line_and_nothing_else_of_it_changes():
    found = line_impact(
        shop(), line="small_line", station="filler", changes=["rated_rate_per_min*=1.3"], with_plan=False, runs=8
    )
    assert all(effect.difference.low > 0 for effect in found.effects)
    assert {row.figure: row.change for row in found.rows}["price of the line"] == 0
    assert found.plans is None
    assert "rated_rate_per_min*=1.3 at filler of small_line changes its good rate by +" in found.summary()


def test_a_second_machine_costs_its_price():
    found = line_impact(shop(), line="small_line", station="packer", changes=["count=2"], with_plan=False, runs=4)
    assert {row.figure: row.change for row in found.rows}["price of the line"] == 60_000


def test_line_site_and_plan_stand_in_one_table():
    found = line_impact(
        shop(), line="small_line", station="filler", changes=["price*=3", "mtbf_min*=0.5"], runs=4, gap=0.05, jobs=1
    )
    assert {row.level for row in found.rows} == {"line", "plan"} | {r.level for r in found.rows if r.level == "site"}
    plan = {row.figure: row for row in found.rows if row.level == "plan"}
    assert plan["worth (NPV)"].change == found.plans[1].best_plan.npv - found.plans[0].best_plan.npv
    rates = {row.product: row.effective_rate_per_min for row in found.plans[1].network.capabilities}
    assert rates == {effect.product: effect.after.mean for effect in found.effects}
    assert impact_page(found).sections


@pytest.mark.parametrize(
    ("station", "changes", "message"),
    [("nobody", ["count=2"], "must be a station"), ("filler", ["colour=red"], "machine"), ("filler", [], "machine")],
)
def test_what_cannot_be_meant_is_refused(station, changes, message):
    with pytest.raises(UsageError, match=message):
        with_station_changed(shop(), "small_line", station, changes)
