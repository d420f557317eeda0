"""What a line can do: good units per open minute by product, and its crew, price and power.

The first source that speaks wins: a capability of the site, of the template, of the line anywhere; then nominal × OEE.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from manyworks.model.equipment import Equipment
from manyworks.model.line import Capability, Line, RoutingStep, Station
from manyworks.model.network import Network
from manyworks.model.product import Product
from manyworks.model.upgrades import improvement

METHODS = ("stated", "twin", "measured")
"""Ways to know a rate, the best last; a method with another name counts as stated."""


def effective_rates(
    network: Network,
    line: str,
    *,
    site: str | None = None,
    template: str | None = None,
    upgrades: Sequence[str] = (),
) -> NDArray[np.float64]:
    """Good units per open minute of one line, shape (products,); 0 where the line may not run the product.

    Changeovers and planned stops are counted apart. A line without a capability runs at nominal × OEE, the OEE being
    the line's or the policy's. ``site`` and ``template`` narrow the capabilities and the products allowed there;
    ``upgrades`` are the ids of those that the line has.
    """
    row: Line = network.get("lines", line)
    oee = row.oee if row.oee is not None else network.policy.default_oee
    known = _capabilities(network, line, site, template)
    routings = _routings(network)
    rates = np.zeros(len(network.products))
    for p, product in enumerate(network.products):
        if not may_run(network, row, product, template=template):
            continue
        capability = known.get(product.id)
        if capability is not None:
            rates[p] = capability.effective_rate_per_min
        else:
            rates[p] = oee * nominal_rate(network, row, routings.get(product.id, []))
    return _improved(network, rates, upgrades)


def _improved(network: Network, rates: NDArray[np.float64], upgrades: Sequence[str]) -> NDArray[np.float64]:
    better = improvement(network, upgrades)
    if better.products is not None:
        rates = rates * np.array([product.id in better.products for product in network.products])
    return rates * better.rate_factor


def nominal_rate(network: Network, line: Line, steps: list[RoutingStep] | None = None) -> float:
    """Rated units per minute of the whole line: stated, else its slowest station (rated speed × machines).

    Routing ``steps`` of a product that state their work content may slow it further: machines / minutes per unit;
    a step of a class of which the line has no machine is done elsewhere. 0 when neither a rate nor a station is stated.
    """
    stations = _stations(network, line.id)
    speeds = [station.count * machine.rated_rate_per_min for station, machine in stations]
    rate = line.nominal_rate_per_min if line.nominal_rate_per_min is not None else min(speeds, default=0.0)
    for step in steps or []:
        if step.minutes_per_unit is not None and (not step.lines or line.id in step.lines):
            machines = sum(s.count for s, m in stations if step.equipment_kind in (None, m.kind)) if stations else 1
            if machines:
                rate = min(rate, machines / step.minutes_per_unit)
    return rate


def may_run(network: Network, line: Line, product: Product, *, template: str | None = None) -> bool:
    """Whether the line (in this template) may run the product: its list, the template's list and the routing."""
    if line.products and product.id not in line.products:
        return False
    allowed = network.get("templates", template).products if template is not None else []
    if allowed and product.id not in allowed:
        return False
    tied = [step.lines for step in network.routings if step.product == product.id and step.lines]
    return not tied or any(line.id in lines for lines in tied)


def crew_per_shift(network: Network, line: Line) -> float:
    """Operators of one staffed line: stated, else those of its machines and, each once, the crews that they share."""
    if line.crew_per_shift:
        return line.crew_per_shift
    shared = {row.id: row.people for row in network.crews if row.line == line.id and row.kind == "operator"}
    stations = _stations(network, line.id)
    used = {station.operator_crew for station, _ in stations}
    own = sum(row.count * machine.crew for row, machine in stations if row.operator_crew not in shared)
    return own + sum(people for name, people in shared.items() if name in used)


def line_capex(network: Network, line: Line) -> float:
    """Money for one line, installed: stated, else the sum over its machines."""
    return line.capex or _sum(network, line, lambda machine: machine.price)


def kw_execute(network: Network, line: Line) -> float:
    """Power of one running line, kW: stated, else the sum over its machines."""
    return line.kw_execute or _sum(network, line, lambda machine: machine.kw_execute)


def _sum(network: Network, line: Line, value: Callable[[Equipment], float]) -> float:
    return sum(station.count * value(machine) for station, machine in _stations(network, line.id))


def _stations(network: Network, line: str) -> list[tuple[Station, Equipment]]:
    return [(row, network.get("equipment", row.equipment)) for row in network.stations if row.line == line]


def _routings(network: Network) -> dict[str, list[RoutingStep]]:
    steps: dict[str, list[RoutingStep]] = {}
    for step in network.routings:
        steps.setdefault(step.product, []).append(step)
    return steps


def _capabilities(network: Network, line: str, site: str | None, template: str | None) -> dict[str, Capability]:
    """The best capability by product: nearest scope first, then the best method, then the latest row."""
    fits = [
        row
        for row in network.capabilities
        if row.line == line and row.site in (None, site) and row.template in (None, template)
    ]
    fits.sort(key=lambda row: (row.site is not None, row.template is not None, _method_rank(row)))
    return {row.product: row for row in fits}


def _method_rank(row: Capability) -> int:
    return METHODS.index(row.method) if row.method in METHODS else 0
