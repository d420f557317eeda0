"""The requirement sheet follows from the simulation and names no maker."""

import pytest

from manyworks.twin.design.requirement_words import acceptance_words, requirement_rows, sheet_page
from manyworks.twin.design.requirements import requirement_sheet
from tests.twin.design.lines import shop


@pytest.fixture(scope="module")
def sheet():
    return requirement_sheet(shop(filler_a={"vendor": "A maker", "scrap_share": 0.0}), line="small_line")


def test_every_machine_is_rated_above_what_the_line_needs_of_it(sheet):
    assert [row.station for row in sheet.machines] == ["filler", "capper", "packer"]
    assert all(row.margin > 0 for row in sheet.machines)


def test_what_spoils_later_is_made_on_top():
    spoiled = requirement_sheet(shop(packer_a={"scrap_share": 0.1}), line="small_line", target_per_min=12)
    assert spoiled.machines[0].needed_per_min == pytest.approx(12 / 0.9)


def test_a_machine_with_room_to_spare_may_stop_for_longer_than_the_slowest():
    easy = requirement_sheet(shop(capper_a={"rated_rate_per_min": 60.0, "mttr_min": 0.05}), line="small_line")
    by_station = {row.station: row.stops_factor for row in easy.machines}
    assert by_station["capper"] > by_station["packer"]


def test_tests_have_numbers_that_pass(sheet):
    words = " ".join(acceptance_words(sheet.machines[0], sheet))
    assert f"{sheet.machines[0].fat_units:,} units or more" in words
    assert sheet.line_units < 8 * 60 * sheet.asked_per_min
    assert "PackML" in words


def test_no_maker_is_named(sheet):
    assert "A maker" not in sheet.to_markdown()
    assert dict(requirement_rows(sheet.machines[0]))["Power while working"] == "5 kW or less for each machine"


def test_the_page_has_a_section_for_every_station(sheet):
    ids = [section.id for section in sheet_page(sheet).sections]
    assert ids == ["scope", "station-filler", "station-capper", "station-packer", "line"]
