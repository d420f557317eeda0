"""What no assignment and no arrangement can be below.

For assignments by Gilmore (1962), doi:10.1137/0110021, and Lawler (1963), doi:10.1287/mnsc.9.4.586.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from manyworks.twin.layout.geometry import walked
from manyworks.twin.layout.ground import Ground, rectangle_of
from manyworks.twin.layout.links import Link
from manyworks.twin.layout.machines import Machine
from manyworks.twin.layout.problem import AssignmentProblem, Floats

DOORS = ("receiving", "shipping")


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


def work_bound(ground: Ground, machines: Sequence[Machine], links: Sequence[Link]) -> float:
    """At least the work (units x metres a minute) of any arrangement, wishes included.

    Two machines keep their clearance, so a way between them is at least as long; a way to a fixed place is at least as
    long as the free way round it. And each unit that enters at a receiving door and leaves at a shipping door covers
    the distance between the nearest two of them at least, of which machines carry at most their lengths. A wish to
    keep apart gains at most the floor's width and depth.
    """
    floor = ground.floor
    total, nearest = 0.0, 0.0
    for link in links:
        if link.is_wish:
            total += min(0.0, link.units_per_min) * (floor.width_m + floor.depth_m)
            continue
        nearest += link.units_per_min * _least(ground, machines, link)
    return total + max(nearest, _through(ground, machines, links))


def _least(ground: Ground, machines: Sequence[Machine], link: Link) -> float:
    """Free way that is kept between both ends; nothing between what stands fixed."""
    ends = (link.source, link.target)
    if all(end < 0 or machines[end].fixed is not None for end in ends):
        return 0.0
    places = [ground.fixed[-1 - end] for end in ends if end < 0]
    return ground.clear_m(places[0]) if places else ground.floor.clearance_m


def _through(ground: Ground, machines: Sequence[Machine], links: Sequence[Link]) -> float:
    """Work of the units that pass from door to door, line by line; 0 for a line with anything but one way through."""
    doors = {kind: [rectangle_of(row).centre for row in ground.fixed if row.kind == kind] for kind in DOORS}
    if not all(doors.values()):
        return 0.0
    apart = min(walked(a, b) for a in doors["receiving"] for b in doors["shipping"])
    total = 0.0
    for line in dict.fromkeys(machine.line for machine in machines):
        own = {position for position, machine in enumerate(machines) if machine.line == line}
        ways = [link for link in links if not link.is_wish and (link.source in own or link.target in own)]
        order = [machines[position].station for position in sorted(own)]
        stations = {name: k for k, name in enumerate(dict.fromkeys(order))}
        is_serial = all(
            end < 0 or other < 0 or stations[machines[other].station] == stations[machines[end].station] + 1
            for end, other in ((way.source, way.target) for way in ways)
        )
        out = sum(way.units_per_min for way in ways if way.target < 0)
        into = [way for way in ways if way.source < 0]
        first = {stations[machines[way.target].station] for way in into}
        last = {stations[machines[way.source].station] for way in ways if way.target < 0}
        if is_serial and first == {0} and last == {len(stations) - 1}:
            lengths = sum(max(machines[p].length_m for p in own if machines[p].station == name) for name in stations)
            total += out * max(0.0, apart - lengths)
    return total
