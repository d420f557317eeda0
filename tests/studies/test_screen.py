from __future__ import annotations

import html
from dataclasses import replace

import numpy as np
import pytest

from manyworks.cli.main import run
from manyworks.errors import UsageError
from manyworks.model.checks import check_network
from manyworks.model.document import load_network
from manyworks.studies.screen import write_screen
from manyworks.studies.screen.answers import default_answers, read_answers
from manyworks.studies.screen.assumptions import ASSUMPTIONS, assumed_values
from manyworks.studies.screen.draft import draft_network
from manyworks.studies.screen.factors import design, uncertain_factors
from manyworks.studies.screen.places import crosses_border, is_overseas, market_places, metros, places, plant_place
from manyworks.studies.screen.questions import QUESTIONS
from manyworks.studies.screen.screening import Effect, Run, Turn, _effects, _towards, screen
from manyworks.studies.screen.words import summary

DEAR_AND_LIGHT = {"price": 20, "mass_kg": 0.1, "volume_l": 0.3, "rate_per_min": 50, "units_per_year": 10e6}
"""Freight hardly matters, and two lines make all of it."""


def quick(**answers):
    return screen(read_answers(answers), with_range=False)


@pytest.fixture(scope="module")
def defaults():
    return quick()


def test_fifteen_questions_are_asked():
    assert len(QUESTIONS) == len(default_answers()) == 15


def test_heavy_cheap_goods_far_from_customers_call_for_micro_factories(defaults):
    assert defaults.verdict == "hybrid"
    assert defaults.gain > 0


def test_dearer_freight_turns_the_hybrid_into_micro_factories_alone():
    assert quick(freight_per_tonne_km=0.15).verdict == "micro"


def test_light_dear_goods_from_a_plant_that_can_make_them_are_not_for_you():
    found = quick(**DEAR_AND_LIGHT)
    assert found.verdict == "not_for_you"
    assert "keep what you have" in summary(found)


def test_light_dear_goods_that_outgrow_the_plant_stay_central():
    outgrown = {"rate_per_min": 200, "units_per_year": 120e6, "micro_line_capex": 3e6, "wage_per_h": 40}
    assert quick(**DEAR_AND_LIGHT | outgrown).verdict == "central"


def test_a_duty_at_the_border_turns_not_for_you_into_micro_factories():
    """The same goods from just beyond the border."""
    assert quick(**DEAR_AND_LIGHT, plant="mexico", duty_share=0.5).verdict in ("micro", "hybrid")


def test_the_draft_is_a_document_without_faults():
    for answers in ({}, {"markets": "europe", "plant": "vietnam", "duty_share": 0.1}, {"shelf_life_days": 0}):
        assert check_network(draft_network(read_answers(answers), assumed_values())) == []


def test_everybody_is_counted_once():
    everyone = sum(row.people for row in metros() if not row.name.endswith((", AK", ", HI")))
    assert sum(row.people for row in market_places("us")) == pytest.approx(everyone)


def test_a_plant_may_stand_at_a_city_or_anywhere():
    assert plant_place("Fort Smith, AR").key == "fort_smith_ar"
    assert plant_place("48.1;11.6;de").country == "DE"
    assert len(places()) > 400
    assert (plant_place("Germany").country, plant_place("Portland").key) == ("DE", "portland_or")
    with pytest.raises(UsageError, match="fort_smith_ar"):
        plant_place("fort smit ar")


def test_duty_is_paid_at_customs_and_the_sea_is_crossed_by_ship():
    france, norway, vietnam = (plant_place(name) for name in ("france", "norway", "vietnam"))
    assert [crosses_border(plant, "DE") for plant in (france, norway, vietnam)] == [False, True, True]
    assert [is_overseas(plant, "DE") for plant in (france, norway, vietnam)] == [False, False, True]


def test_every_default_is_on_the_page_with_its_source_or_as_an_assumption(defaults, tmp_path):
    text = html.unescape(write_screen(defaults, tmp_path).read_text(encoding="utf-8"))
    for row in (*QUESTIONS, *ASSUMPTIONS):
        assert row.words in text
        assert row.source in text
    assert assumed_values() == Reads(defaults.answers).used


class Reads(dict):
    """Assumed values that note which of them a draft reads."""

    def __init__(self, answers):
        super().__init__(assumed_values())
        self.used = {}
        draft_network(answers | {"plant": "vietnam"}, self)

    def __getitem__(self, key):
        self.used[key] = super().__getitem__(key)
        return self.used[key]


def test_every_fault_of_the_answers_is_named_at_once():
    with pytest.raises(UsageError) as caught:
        read_answers({"price": "cheap", "lines": 2.5, "markets": "mars", "frieght": 1})
    for words in ("price", "lines", "whole number", "mars", "freight_per_tonne_km"):
        assert words in str(caught.value)


@pytest.mark.parametrize("seed", [0, 7])
def test_each_factor_is_high_in_half_of_the_runs_whatever_another_one_is(seed):
    signs = design(8, seed)
    assert signs.T @ signs == pytest.approx(16 * np.eye(8))
    pairs = np.einsum("ri,rj->rij", signs, signs).reshape(16, -1)
    assert not (signs.T @ pairs).any()  # No joint effect of two hides behind a third.


def test_the_effect_of_a_factor_is_found_whatever_the_others_do():
    factors = uncertain_factors(default_answers())
    signs = design(len(factors), 3)
    scores = 5.0 + signs @ np.arange(1.0, len(factors) + 1) + 2 * signs[:, 0] * signs[:, 1]
    runs = [Run(values={}, verdict="micro", gain=0.0, score=float(score)) for score in scores]
    found = _effects(factors, runs, 3)
    assert [effect.factor for effect in found] == factors[::-1]
    assert [effect.money for effect in found] == pytest.approx(np.arange(2 * len(factors), 0.0, -2))


def test_a_flip_is_found_where_it_is():
    class Pretended:
        def verdict(self, moved):
            return "micro" if moved["freight_per_tonne_km"] > 0.11 else "hybrid"

    freight = next(row for row in uncertain_factors(default_answers()) if row.key == "freight_per_tonne_km")
    turn = _towards(Pretended(), freight, freight.most, "hybrid")
    assert turn.verdict == "micro"
    assert turn.value == pytest.approx(0.11, rel=0.06)
    assert _towards(Pretended(), freight, freight.least, "hybrid") is None


def test_the_page_says_the_verdict_its_range_and_what_flips_it(defaults, tmp_path):
    factors = uncertain_factors(default_answers())
    runs = tuple(
        Run(values={}, verdict=name, gain=gain, score=gain)
        for name, gain in (("hybrid", 5e6), ("hybrid", 7e6), ("not_for_you", 0.0))
    )
    ranged = replace(
        defaults,
        runs=runs,
        effects=tuple(Effect(factor=row, money=1e6 * (4 - k)) for k, row in enumerate(factors)),
        turns=(Turn(factor=factors[0], value=0.1, verdict="micro"), Turn(factor=factors[1])),
    )
    text = write_screen(ranged, tmp_path).read_text(encoding="utf-8")
    for words in ("A hybrid pays", "2 of 3 runs", "not for you in 1", "above about 0.10", "What it rests on"):
        assert words in text
    assert write_screen(ranged, tmp_path).read_text(encoding="utf-8") == text


def test_the_command_saves_a_document_that_plans(tmp_path, capsys):
    code = run(["screen", "--set", "markets=west", "--quick", "--json", "--quiet", "--out", str(tmp_path / "out"),
                "--save", str(tmp_path / "doc")])  # fmt: skip
    assert code == 0
    assert '"verdict"' in capsys.readouterr().out
    assert len(load_network(tmp_path / "doc").markets) == 12
    assert run(["screen", "--set", "lines=none", "--quiet"]) == 2
    assert "whole" not in capsys.readouterr().err


def test_answers_may_come_from_a_file(tmp_path, capsys):
    file = tmp_path / "answers.yaml"
    file.write_text("lines: 3\nplant: dallas_tx\nmarkets: mars\n", encoding="utf-8")
    assert run(["screen", str(file), "--quiet"]) == 2
    assert "northeast" in capsys.readouterr().err
