"""A changeover that stops the whole site takes hours from the lines on its other wheels, and no more than that."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from manyworks.model.network import Network
from manyworks.plan.case import CASES
from manyworks.plan.check import check_plan
from manyworks.plan.design import design_network
from manyworks.plan.equations.formulation import all_arcs, formulate
from manyworks.plan.equations.instance import make_instance
from manyworks.plan.equations.values import arc_values, site_values
from manyworks.plan.highs import Solver
from tests.plan.test_upgrades import crowded

SHARED = "oat_bar;salted_nuts"


def stopping(scope, demand, *upgrades):
    """Two lines and two products, of which more is asked for than they make; a change takes two days."""
    data = crowded(*upgrades, demand=demand).model_dump()
    data["changeovers"] = [row | {"scope": scope, "minutes": 2880.0} for row in data["changeovers"]]
    data["policy"] |= {"wheel_days": [28.0]}
    return Network.model_validate(data)


def planned(scope):
    return design_network(stopping(scope, 5.0), case="do_nothing", gap=1e-7)


def wheels(plan):
    """What the lines run in the second quarter."""
    table = plan.tables.lines
    return set(table["products"][table["period"] == plan.periods[1].name].tolist())


def staffed_hours(scope):
    """Most hours of a line of nuts, and of one that is shared, where one line is given to each; second quarter."""
    instance = make_instance(stopping(scope, 9.0), CASES["do_nothing"])
    arcs = arc_values(instance)
    model = formulate(instance, all_arcs(arcs), arcs, site_values(instance), tight=True)
    given = {("oat_bar", "salted_nuts"): 1.0, ("salted_nuts",): 1.0, ("oat_bar",): 0.0}
    solver = Solver(model.linear, whole=True)
    for j, column in enumerate(instance.columns):
        used = model.linear.columns["used"][j]
        lines = np.full(len(used), given[column.wheel.products])
        solver.set_bounds(used, lines, lines)
    x = solver.solve(gap=1e-9).x
    staffed = instance.staffed * x[model.linear.columns["run"]][:, :, 1].sum(axis=1)
    hours = {column.wheel.products: staffed[j] for j, column in enumerate(instance.columns)}
    share = {column.wheel.products: column.wheel.site_share for column in instance.columns}
    most = instance.open_hours[0, 1] + instance.overtime_hours[0, 1]
    return hours["salted_nuts",], hours["oat_bar", "salted_nuts"], share["oat_bar", "salted_nuts"], most


def test_a_line_beside_one_that_changes_loses_the_hours_of_its_stops():
    alone, shared, share, most = staffed_hours("site")
    assert share * shared > 100.0
    assert alone + share * shared == pytest.approx(most, rel=1e-6)
    assert staffed_hours("line")[0] == pytest.approx(most, rel=1e-6)


def test_lines_are_kept_apart_where_a_change_stops_them_all():
    alone, together = planned("line"), planned("site")
    assert SHARED in wheels(alone)
    assert SHARED not in wheels(together)
    assert together.npv < alone.npv - 1.0


def test_a_plan_that_ignores_the_stops_is_caught():
    fooled = replace(planned("line"), network=stopping("site", 5.0))
    assert {"plan_line_hours", "plan_wheel_lines"} <= {issue.rule for issue in check_plan(fooled)}
