"""Rooms go where enumeration puts them, with exact rates and with simulated ones."""

import itertools

import pytest

from manyworks.errors import InfeasibleError, UsageError
from manyworks.twin.design.bound import rate_bound
from manyworks.twin.design.buffers import allocate_buffers, between, with_rooms
from manyworks.twin.exact.answer import exact_answer
from tests.twin.design.lines import row

KNOWN = (
    # Enumerated by an exact chain of another program; rooms exclude the part in work.
    ((1, 1, 1, 1), 6, (2, 2, 2), 0.7007129023),
    ((1, 1, 1, 1, 1), 6, (1, 2, 2, 1), 0.6479574838),
    ((1, 1.2, 0.9, 1.1), 6, (2, 2, 2), 0.7165639761),
)


def enumerated(program, total):
    """Exact rate of every allocation, best first."""
    places = between(program)
    every = (r for r in itertools.product(range(total + 1), repeat=len(places)) if sum(r) == total)
    rates = {rooms: exact_answer(with_rooms(program, places, rooms)).rate_per_min for rooms in every}
    return sorted(rates.items(), key=lambda pair: -pair[1])


@pytest.mark.parametrize(("rates", "total", "best", "rate"), KNOWN)
def test_the_known_optima_are_found(rates, total, best, rate):
    found = allocate_buffers(row(rates, [0] * (len(rates) - 1)), total=total)
    assert found.method == "exact"
    assert found.best.rooms == best
    assert found.best.rate.mean == pytest.approx(rate, abs=2e-10)


@pytest.mark.parametrize(
    ("rates", "stops", "total"),
    [((1, 0.8, 1), (50, 10), 8), ((0.9, 1, 1.3), (40, 5), 7), ((1, 1, 0.8, 1.2), None, 5)],
)
def test_the_search_finds_what_enumeration_finds(rates, stops, total):
    line = row(rates, [0] * (len(rates) - 1), stops=stops)
    found, every = allocate_buffers(line, total=total), enumerated(line, total)
    assert found.best.rate.mean == pytest.approx(every[0][1], rel=1e-9)
    assert found.tried < len(every)


def test_simulated_rates_lead_to_the_same_rooms_or_to_equals_within_the_stated_zone():
    line = row((1, 1, 0.8, 1.2), [0, 0, 0], scale=0.01)
    found = allocate_buffers(line, total=6, is_exact=False, indifference=0.01)
    rates = dict(enumerated(line, 6))
    assert found.method == "simulated"
    assert rates[found.best.rooms] >= max(rates.values()) - found.indifference
    assert found.best.rate.low <= rates[found.best.rooms] <= found.best.rate.high


def test_the_fewest_rooms_for_a_rate_reach_it_and_one_room_less_does_not():
    line = row((1, 1, 1), [0, 0])
    found = allocate_buffers(line, target_per_min=0.75)
    assert found.best.rate.mean >= 0.75
    assert max(rate for _, rate in enumerated(line, found.best.total - 1)) < 0.75


def test_more_rooms_never_make_the_curve_fall():
    found = allocate_buffers(row((1, 1, 1), [0, 0]), total=4, totals=range(9))
    rates = [point.rate.mean for point in found.curve]
    assert rates == sorted(rates)
    assert rates[-1] < found.bound


def test_a_rate_beyond_the_machines_is_refused_with_what_they_allow():
    with pytest.raises(InfeasibleError, match=r"machines alone allow 0\.9"):
        allocate_buffers(row((1, 0.9), [0]), target_per_min=0.95)


def test_a_rate_beyond_the_rooms_is_refused_with_the_best_that_is_reached():
    with pytest.raises(InfeasibleError, match=r"no more than 0\.7"):
        allocate_buffers(row((1, 1), [0]), target_per_min=0.9, most=1)


def test_numbers_that_fit_no_line_are_refused_all_at_once():
    with pytest.raises(UsageError, match=r"either total.*rooms of a place"):
        allocate_buffers(row((1, 1), [0]), least=3, most=1)


def test_no_line_is_faster_than_its_bound():
    for rates, stops in (((1, 0.8, 1), (50, 10)), ((1, 1), None)):
        line = row(rates, [3] * (len(rates) - 1), stops=stops)
        assert exact_answer(line).rate_per_min < rate_bound(line).rate_per_min
    assert rate_bound(row((1, 0.8, 1), [0, 0], stops=(50, 10))).rate_per_min == pytest.approx(0.8 / 1.2)
    assert rate_bound(row((1, 0.8, 1), [0, 0])).stations == (1,)
