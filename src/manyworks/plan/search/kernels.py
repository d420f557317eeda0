"""Hours of every option filled with the demand that pays most per hour: the compiled heart of the bound.

Shapes: o options, t periods, k levels of hours, a arcs (those of option o from ``first[o]`` to ``first[o + 1]``), d
demand points, f families. All money is present value, prices included.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from manyworks.compiled import compiled, part


@part
def sorted_rates(
    begin: Any, end: Any, t: Any, arcs: Any, way: Any, fee: Any,
    run: Any, staffed: Any, prices: Any, o: Any, rates: Any, hours: Any, points: Any,
) -> Any:  # fmt: skip
    """Arcs that pay at the prices into the workspace, best value per hour first; how many they are."""
    family, point, value, reference, pallets = arcs
    count = 0
    for a in range(begin, end):
        f = family[a]
        needed = reference[t, a] * staffed[o, f, t]
        margin = value[t, a] + reference[t, a] * run[o, f, t] - prices[t, point[a]]
        if way:
            margin -= fee[t] * pallets[t, a]
        if margin > 0 and needed > 0 and needed < np.inf:
            rates[count] = margin / needed
            hours[count] = needed
            points[count] = point[a]
            count += 1
    sort_down(rates, hours, points, count)
    return count


@part
def sort_down(rates: Any, hours: Any, points: Any, count: Any) -> None:
    """Heap sort by rate, ties by demand point, in place."""
    for start in range(count // 2 - 1, -1, -1):
        sift(rates, hours, points, start, count)
    for end in range(count - 1, 0, -1):
        rates[0], rates[end] = rates[end], rates[0]
        hours[0], hours[end] = hours[end], hours[0]
        points[0], points[end] = points[end], points[0]
        sift(rates, hours, points, 0, end)


@part
def sift(rates: Any, hours: Any, points: Any, root: Any, end: Any) -> None:
    """Restore the heap with the lowest rate on top."""
    while True:
        child = 2 * root + 1
        if child >= end:
            break
        right = child + 1
        if right < end and (
            rates[right] < rates[child] or (rates[right] == rates[child] and points[right] > points[child])
        ):
            child = right
        if rates[root] < rates[child] or (rates[root] == rates[child] and points[root] >= points[child]):
            break
        rates[root], rates[child] = rates[child], rates[root]
        hours[root], hours[child] = hours[child], hours[root]
        points[root], points[child] = points[child], points[root]
        root = child


@part
def filled(level: Any, ends: Any, worth: Any, rates: Any, count: Any, sell: Any) -> Any:
    """Value of the best ``level`` hours: whole arcs, the last in part, what is left at ``sell``."""
    if count == 0 or level >= ends[count - 1]:
        top = worth[count - 1] if count > 0 else 0.0
        used = ends[count - 1] if count > 0 else 0.0
        return top + (level - used) * sell
    low, high = 0, count - 1
    while low < high:
        middle = (low + high) // 2
        if ends[middle] < level:
            low = middle + 1
        else:
            high = middle
    return worth[low] - (ends[low] - level) * rates[low]


@compiled
def fill_hours(
    first: Any, arcs: Any, way: Any, fee: Any, run: Any, staffed: Any, prices: Any, regular: Any, extra: Any,
    premium: Any, sell: Any, buy: Any, rates: Any, hours: Any, points: Any, ends: Any, worth: Any, gain: Any,
    bought: Any,
) -> None:  # fmt: skip
    """Into ``gain`` (o, t, k) the value of the hours of each level; into ``bought`` (o, t) that of season stock.

    ``arcs``: family, point (a,), value, reference hours and pallets (t, a). ``way`` 1 charges pallets at ``fee`` (t,).
    ``run`` and ``staffed`` (o, f, t) value and hours of a reference hour; ``prices`` (t, d). ``regular``, ``extra``
    (o, t, k), ``premium``, ``sell``, ``buy`` (o, t) as in ``Pieces``. ``rates`` to ``worth`` (a,) are workspace.
    """
    for o in range(len(first) - 1):
        for t in range(prices.shape[0]):
            count = sorted_rates(
                first[o], first[o + 1], t, arcs, way, fee, run, staffed, prices, o, rates, hours, points
            )
            floor, ceiling, dear = sell[o, t], buy[o, t], premium[o, t]
            total, sum_worth, saved, last = 0.0, 0.0, 0.0, 0.0
            for i in range(count):
                rate = rates[i]
                if rate > ceiling:
                    saved += (rate - ceiling) * hours[i]
                    rate = ceiling
                rate = max(rate, floor)
                rates[i] = rate
                total += hours[i]
                sum_worth += rate * hours[i]
                ends[i], worth[i] = total, sum_worth
                if rate > dear:
                    last = total
            if floor > dear:
                last = np.inf
            bought[o, t] = saved
            for k in range(gain.shape[2]):
                begin = min(regular[o, t, k], last)
                finish = min(regular[o, t, k] + extra[o, t, k], last)
                gain[o, t, k] = (
                    filled(regular[o, t, k], ends, worth, rates, count, floor)
                    + filled(finish, ends, worth, rates, count, floor)
                    - filled(begin, ends, worth, rates, count, floor)
                    - dear * (finish - begin)
                )


@compiled
def serve_hours(
    first: Any, arcs: Any, way: Any, fee: Any, run: Any, staffed: Any, prices: Any, regular: Any, extra: Any,
    premium: Any, sell: Any, buy: Any, rates: Any, hours: Any, points: Any, level: Any, served: Any, stock: Any,
) -> None:  # fmt: skip
    """Add to ``served`` (t, d) the shares that each option serves with the hours of ``level`` (o, t), -1: none at all,
    and to ``stock`` (o, t) the hours sold to season stock in t less those bought from it in t + 1."""
    for o in range(len(first) - 1):
        for t in range(prices.shape[0]):
            k = level[o, t]
            if k < 0:
                continue
            count = sorted_rates(
                first[o], first[o + 1], t, arcs, way, fee, run, staffed, prices, o, rates, hours, points
            )
            floor, ceiling, dear = sell[o, t], buy[o, t], premium[o, t]
            last = np.inf if floor > dear else 0.0
            if floor <= dear:
                for i in range(count):
                    if max(min(rates[i], ceiling), floor) > dear:
                        last += hours[i]
            begin = min(regular[o, t, k], last)
            finish = min(regular[o, t, k] + extra[o, t, k], last)
            left = regular[o, t, k] + finish - begin
            for i in range(count):
                share = min(left, hours[i]) / hours[i]
                if rates[i] <= floor:
                    break
                if rates[i] > ceiling:
                    stock[o, t - 1] -= (1 - share) * hours[i]
                    share = 1.0
                served[t, points[i]] += share
                left -= min(left, hours[i])
            if floor > 0:
                stock[o, t] += left


def warm_up() -> None:
    """Compile both kernels on one arc."""
    one, two = np.ones((1, 1)), np.zeros((1, 1, 1))
    arcs = (np.zeros(1, np.intp), np.zeros(1, np.intp), one, one, one)
    space = [np.zeros(1), np.zeros(1), np.zeros(1, np.intp)]
    first = np.array([0, 1], dtype=np.intp)
    shared: tuple[Any, ...] = (first, arcs, 0, np.zeros(1), two, two + 1, one, two, two, one, one, one, *space)
    fill_hours(*shared, np.zeros(1), np.zeros(1), two.copy(), one.copy())  # type: ignore[call-arg]
    serve_hours(*shared, np.zeros((1, 1), np.intp), one.copy(), one.copy())  # type: ignore[call-arg]
