"""Every rival has a colour of its own, from one place."""

from manyworks.plan.case import CASES
from manyworks.studies.plan_report.stress.words import COLOURS


def test_no_two_rivals_look_alike():
    assert list(COLOURS) == list(CASES)
    assert len(set(COLOURS.values())) == len(CASES)
