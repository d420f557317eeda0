"""The compiled engine does what the specification says: it agrees with an engine that was written from it alone."""

from __future__ import annotations

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from manyworks.model.times import deterministic
from manyworks.twin.program import OUTSIDE, LineProgram, Place, StationProgram
from tests.twin.agreement import differences
from tests.twin.lines import lines, recursive_lines

MOMENTS = st.lists(st.floats(0.5, 60.0), min_size=1, max_size=3).map(sorted)
# A failing line is shown as it was drawn: making it smaller takes minutes.
AS_DRAWN = (Phase.explicit, Phase.generate)


@given(recursive_lines(), MOMENTS)
@settings(max_examples=20, phases=AS_DRAWN)
def test_engines_agree_on_rows_and_trees(line, minutes):
    assert differences(line, minutes) == []


@given(lines(), MOMENTS, st.integers(0, 3))
@settings(max_examples=60, phases=AS_DRAWN)
def test_engines_agree_on_any_small_line(line, minutes, replication):
    assert differences(line, minutes, replication=replication) == []


def test_parts_that_arrive_together_and_are_joined_at_once_hold_up_nobody():
    """The second part was taken before its own arrival was due, and those behind it never arrived."""
    stations = (
        StationProgram(id="make", work=(deterministic(1),), servers=2),
        StationProgram(id="join", work=(deterministic(0.1),), joins=True),
    )
    places = (
        Place(id="in", source=OUTSIDE, target=0),
        Place(id="belt", source=0, target=1, capacity=2, travel_min=2.5, quantity=2),
        Place(id="out", source=1, target=OUTSIDE),
    )
    pairs = LineProgram(name="pairs", products=("unit",), stations=stations, places=places)
    assert differences(pairs, [3.0, 3.6, 30.01]) == []
