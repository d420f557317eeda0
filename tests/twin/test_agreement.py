"""The compiled engine does what the specification says: it agrees with an engine that was written from it alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.twin.agreement import differences
from tests.twin.lines import lines, recursive_lines

MOMENTS = st.lists(st.floats(0.5, 60.0), min_size=1, max_size=3).map(sorted)


@given(recursive_lines(), MOMENTS)
@settings(max_examples=30)
def test_engines_agree_on_rows_and_trees(line, minutes):
    assert differences(line, minutes) == []


@given(lines(), MOMENTS, st.integers(0, 3))
@settings(max_examples=100)
def test_engines_agree_on_any_small_line(line, minutes, replication):
    assert differences(line, minutes, replication=replication) == []
