"""Season stock waits only where it is laid in as often as it is sold, and gives back no product that is not in it."""

from __future__ import annotations

import numpy as np

from manyworks.model.network import Network
from manyworks.plan.case import CASES
from manyworks.plan.equations.formulation import all_arcs, formulate
from manyworks.plan.equations.instance import make_instance, stock_waits
from manyworks.plan.equations.values import arc_values, site_values
from tests.networks import tiny_data, tiny_network


def test_stock_is_not_laid_in_once_and_sold_in_every_year_that_repeats():
    network = tiny_network(finance={"quarters": 8, "years": 0, "terminal_years": 8})
    waits = stock_waits(make_instance(network, CASES["best"]))
    assert waits.tolist() == [True, True, True, False, True, True, True, False]


def test_stock_waits_through_all_quarters_when_no_year_repeats():
    network = tiny_network(finance={"quarters": 8, "years": 0})
    assert stock_waits(make_instance(network, CASES["best"])).tolist() == [True] * 7 + [False]


def test_no_product_of_a_family_comes_out_of_stock_beyond_what_leaves():
    data = tiny_data(finance={"quarters": 4, "years": 0})
    for product in data["products"]:
        product["family"] = "snacks"
        product["allergens"] = []
    instance = make_instance(Network.model_validate(data), CASES["best"])
    arcs = arc_values(instance)
    linear = formulate(instance, all_arcs(arcs), arcs, site_values(instance), tight=False).linear
    rows = linear.rows["making"]
    assert rows.size
    # One hour out of stock and no flow at all: some product would have to be unmade.
    x = np.zeros(linear.column_count)
    x[linear.columns["stored"][:, :, 0]] = 1.0
    made = (linear.matrix() @ x)[rows]
    assert (made < linear.row_bounds[0][rows] - 1e-12).any()
