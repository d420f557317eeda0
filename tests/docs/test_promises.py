"""The page of promises names tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "explanation" / "promises.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


def test_the_page_names_tests():
    assert len(NAMED) >= 10


@pytest.mark.parametrize(("file", "test"), NAMED, ids=lambda word: str(word).rpartition("/")[2])
def test_every_promise_has_a_test_of_that_name(file, test):
    assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8")
