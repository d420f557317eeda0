import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.model.document.cells import ABSENT, read_cell, short, write_cell
from manyworks.model.document.fields import field_kinds, header_kinds
from manyworks.model.document.scalars import CellFault
from manyworks.model.finance import Policy
from manyworks.model.network import collections
from manyworks.model.operation import ForecastRow, Recipe
from tests.model.document.networks import texts

TEXT = header_kinds()["note"]
WORDS = field_kinds(Policy)["segregation"]
NUMBERS = field_kinds(Policy)["wheel_days"]
PAIRS = field_kinds(Recipe)["set_points"]
QUANTILES = field_kinds(ForecastRow)["quantiles"]


@given(texts)
def test_any_text_survives_a_cell(text):
    assert read_cell(TEXT, write_cell(TEXT, text)) == text


@given(st.lists(texts))
def test_any_list_survives_a_cell(words):
    assert read_cell(WORDS, write_cell(WORDS, words)) == words


@given(st.dictionaries(texts, texts))
def test_any_mapping_survives_a_cell(pairs):
    assert read_cell(PAIRS, write_cell(PAIRS, pairs)) == pairs


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (TEXT, "", ABSENT),
        (TEXT, "  ", ABSENT),
        (TEXT, '""', ""),
        (TEXT, "=1+1", "=1+1"),
        (TEXT, r"\\server\x", r"\\server\x"),
        (WORDS, "peanut:line; milk:site;", ["peanut:line", "milk:site"]),
        (WORDS, "[]", []),
        (NUMBERS, "7; 14", [7.0, 14.0]),
        (NUMBERS, 7.0, [7.0]),
        (PAIRS, "speed=120 /min; temperature=80 C", {"speed": "120 /min", "temperature": "80 C"}),
        (PAIRS, r"a\=b=c\;d", {"a=b": "c;d"}),
        (QUANTILES, "0.1=90;0.9=130", {"0.1": 90.0, "0.9": 130.0}),
    ],
)
def test_a_cell_means(kind, cell, value):
    assert read_cell(kind, cell) == value


@pytest.mark.parametrize(("kind", "cell"), [(PAIRS, "a"), (PAIRS, "a=b=c"), (PAIRS, "a=1;a=2"), (NUMBERS, "7;x")])
def test_a_malformed_cell_is_a_fault(kind, cell):
    with pytest.raises(CellFault):
        read_cell(kind, cell)


def test_no_field_needs_a_word_for_none():
    """An empty cell means the default, so a text that may be absent must be absent by default."""
    kinds = [kind for record in collections().values() for kind in field_kinds(record).values()]
    assert [kind.name for kind in kinds if kind.is_optional and kind.base is str and kind.default is not None] == []


def test_a_value_of_any_size_is_shown_in_a_line():
    assert len(short("x" * 10_000)) == 60
    assert short(["x"] * 10) == "a list of 10 entries"
    assert short(10**5000) == "a huge number"
    assert short("a\nb\x07") == r"a\nb\x07"
