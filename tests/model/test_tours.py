from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from manyworks.model.tours import cheapest_cycle, cycle_cost


def matrices(smallest, largest):
    return st.integers(smallest, largest).flatmap(lambda n: arrays(float, (n, n), elements=st.integers(0, 100)))


@given(matrices(3, 6))
def test_no_order_of_a_few_products_is_cheaper(cost):
    found = cycle_cost(cheapest_cycle(cost), cost)
    assert found == min(cycle_cost((0, *rest), cost) for rest in permutations(range(1, len(cost))))


@given(matrices(13, 20))
def test_a_long_cycle_visits_each_product_once(cost):
    order = cheapest_cycle(cost)
    assert order[0] == 0
    assert sorted(order) == list(range(len(cost)))


@pytest.mark.parametrize("count", [13, 25])
def test_a_one_way_ring_is_found_even_when_it_is_long(count):
    ring = np.random.default_rng(count).permutation(count)
    cost = np.full((count, count), 10.0)
    cost[ring, np.roll(ring, -1)] = 1.0
    assert cycle_cost(cheapest_cycle(cost), cost) <= 1.2 * count


def test_one_product_goes_nowhere_and_two_go_there_and_back():
    assert cheapest_cycle(np.zeros((1, 1))) == (0,)
    pair = np.array([[0.0, 5.0], [7.0, 0.0]])
    assert cheapest_cycle(pair) == (0, 1)
    assert cycle_cost((0, 1), pair) == 12
