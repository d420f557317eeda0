"""What no assignment and no arrangement can be below.

For assignments by Gilmore (1962), doi:10.1137/0110021, and Lawler (1963), doi:10.1287/mnsc.9.4.586.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from manyworks.twin.layout.geometry import Point, Rectangle
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


def work_bound(
    ground: Ground, machines: Sequence[Machine], links: Sequence[Link], regions: Sequence[Rectangle]
) -> float:
    """At least the work (units x metres a minute) of any arrangement, wishes included.

    ``regions``: for each machine a rectangle that it cannot leave. Two machines keep their clearance, and the distance
    of their regions; a way to a fixed place is at least as long as the free way round it, and as its distance from the
    region. And each unit that enters at a receiving door and leaves at a shipping door goes by way of every machine's
    region, of which machines carry at most their lengths. A wish to keep apart gains at most the floor's width and
    depth.
    """
    floor = ground.floor
    total, nearest = 0.0, 0.0
    for link in links:
        if link.is_wish:
            total += min(0.0, link.units_per_min) * (floor.width_m + floor.depth_m)
            continue
        nearest += link.units_per_min * _least(ground, machines, link, regions)
    return total + max(nearest, _through(ground, machines, links, regions))


def _least(ground: Ground, machines: Sequence[Machine], link: Link, regions: Sequence[Rectangle]) -> float:
    """Free way that is kept between both ends, or the distance of their regions."""
    ends = (link.source, link.target)
    one, other = (_reach(ground, end, regions) for end in ends)
    apart = max(0.0, one.x - other.right, other.x - one.right) + max(0.0, one.y - other.top, other.y - one.top)
    if all(end < 0 or machines[end].fixed is not None for end in ends):
        return apart
    places = [ground.fixed[-1 - end] for end in ends if end < 0]
    return max(apart, ground.clear_m(places[0]) if places else ground.floor.clearance_m)


def _reach(ground: Ground, end: int, regions: Sequence[Rectangle]) -> Rectangle:
    """Where an end of a way may lie."""
    if end >= 0:
        return regions[end]
    return Rectangle(*rectangle_of(ground.fixed[-1 - end]).centre, 0.0, 0.0)


def _through(ground: Ground, machines: Sequence[Machine], links: Sequence[Link], regions: Sequence[Rectangle]) -> float:
    """Work of the units that pass from door to door, line by line; 0 for a line with anything but one way through."""
    doors = {kind: [rectangle_of(row).centre for row in ground.fixed if row.kind == kind] for kind in DOORS}
    if not all(doors.values()):
        return 0.0
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
            by_station = [[regions[p] for p in own if machines[p].station == name] for name in stations]
            total += out * max(0.0, _journey(doors["receiving"], doors["shipping"], by_station) - lengths)
    return total


def _journey(starts: Sequence[Point], ends: Sequence[Point], by_station: Sequence[Sequence[Rectangle]]) -> float:
    """At least how far it is from a start to an end by way of each station: along each axis that of the worst one."""
    return min(sum(_along(axis, a, b, by_station) for axis in (0, 1)) for a in starts for b in ends)


def _along(axis: int, a: Point, b: Point, by_station: Sequence[Sequence[Rectangle]]) -> float:
    """At least how far it is along x (0) or y (1)."""
    sides = [[(box.x, box.right) if axis == 0 else (box.y, box.top) for box in boxes] for boxes in by_station]
    least = [min(sum(max(0.0, low - c, c - high) for c in (a[axis], b[axis])) for low, high in one) for one in sides]
    return max(abs(a[axis] - b[axis]), *least)
