import pytest

from manyworks.render.numbers import SPACE, cents, compact, money, number, percent, scale_of


def plain(text):
    """The text with usual spaces."""
    return text.replace(SPACE, " ")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (950, "950"),
        (1234, "1,234"),
        (12_345_678, "12.3 M"),
        (-4.2e9, "−4.20 bn"),
        (999_950, "1.00 M"),
        (31_000, "31,000"),
    ],
)
def test_large_numbers_keep_three_digits_and_a_word(value, written):
    assert plain(compact(value)) == written


def test_money_has_the_sign_before_the_currency():
    assert plain(money(-4_200_000)) == "−USD 4.20 M"
    assert plain(money(950, "CHF")) == "CHF 950"
    assert plain(cents(-1234.5, "EUR")) == "−EUR 1,234.50"


def test_nothing_is_ever_minus_zero():
    assert number(-0.001, 2) == "0.00"
    assert plain(cents(-0.001)) == "USD 0.00"
    assert plain(money(-0.0)) == "USD 0"


def test_shares_are_written_in_percent():
    assert plain(percent(0.0734)) == "7.3 %"


def test_a_table_takes_the_scale_of_its_largest_number():
    assert scale_of(12.0, -3e6) == (1e6, "M")
    assert scale_of() == (1.0, "")
