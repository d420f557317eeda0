"""What a figure of a line does to its rate: the exact derivative lies in the interval; the critical path agrees."""

import pytest

from manyworks.errors import UsageError
from manyworks.twin.design.sensitivity import sensitivity
from manyworks.twin.exact.answer import exact_answer
from tests.twin.design.lines import row

LINE = row((1.1, 0.9, 1.2), (3, 3), stops=(20, 2), scale=0.05)


@pytest.fixture(scope="module")
def found():
    return sensitivity(LINE)


def test_every_exact_effect_lies_in_its_interval(found):
    base = exact_answer(LINE).rate_per_min
    for effect in found.effects:
        for program, interval in ((effect.lever.better, effect.better), (effect.lever.worse, effect.worse)):
            change = exact_answer(program).rate_per_min - base
            assert interval.low <= change <= interval.high, (effect.lever.where, effect.lever.what)


def test_the_speed_of_the_slowest_machine_matters_most(found):
    assert (found.effects[0].lever.where, found.effects[0].lever.what) == ("s2", "speed")
    assert found.effects[0].better.low > 0


def test_the_critical_path_foretells_the_effects_of_speed(found):
    for effect in found.effects:
        if effect.lever.what == "speed":
            assert effect.better.mean == pytest.approx(effect.critical, abs=0.02 * found.rate.mean)


def test_better_never_lowers_the_rate_and_worse_never_lifts_it(found):
    for effect in found.effects:
        assert effect.better.high >= 0
        assert effect.worse is None or effect.worse.low <= 0


def test_the_summary_names_the_strongest_lever(found):
    assert "Most is gained by s2 speed +10%" in found.summary()


def test_no_change_is_refused():
    with pytest.raises(UsageError, match="share above 0"):
        sensitivity(LINE, share=0)
