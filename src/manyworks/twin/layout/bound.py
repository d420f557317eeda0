"""A bound that no assignment can be below, by Gilmore (1962), doi:10.1137/0110021, and Lawler (1963)."""

from __future__ import annotations

import numpy as np

from manyworks.twin.layout.problem import AssignmentProblem, Floats


def assignment_bound(problem: AssignmentProblem) -> float:
    """At least what any assignment costs; cheap, and rather loose for more than a dozen facilities.

    If facility i stood at place k, its flows met its distances at best with the largest flow on the shortest distance:
    l_ik = f_ii d_kk + <f_i sorted down, d_k sorted up> + linear_ik. The least sum of l over all assignments is a bound.
    Where flows or distances are the same both ways, the tables may be made so without changing any cost, which is done.
    """
    from scipy.optimize import linear_sum_assignment

    flow, distance = symmetric_where_possible(problem.flow, problem.distance)
    n = problem.size
    others = ~np.eye(n, dtype=bool)
    down = -np.sort(-flow[others].reshape(n, n - 1), axis=1)
    up = np.sort(distance[others].reshape(n, n - 1), axis=1)
    least = down @ up.T + np.outer(np.diag(flow), np.diag(distance)) + problem.linear_cost
    rows, columns = linear_sum_assignment(least)
    return float(least[rows, columns].sum())


def symmetric_where_possible(flow: Floats, distance: Floats) -> tuple[Floats, Floats]:
    """Both tables the same both ways if one of them is: what is sent back may then be counted as sent."""
    if (distance == distance.T).all():
        return (flow + flow.T) / 2, distance
    if (flow == flow.T).all():
        return flow, (distance + distance.T) / 2
    return flow, distance
