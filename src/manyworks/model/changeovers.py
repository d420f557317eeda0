"""What it takes to go from each product to each other one on a line: the rules of the document as matrices.

Rules that match run side by side (``max``) or one after the other (``add``): minutes are the longest of the first plus
the sum of the others, and so are scrapped units; money and people of every matching rule are spent. A rule with a
product at both ends overrides all others for that pair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from manyworks.model.changeover import ChangeoverRule
from manyworks.model.line import Line
from manyworks.model.network import Network
from manyworks.model.product import Product
from manyworks.model.upgrades import Improvement, improvement

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
WIDE_SCOPES = ("hall", "site")
"""Scopes that stop more than the line. The document knows no halls, so a hall counts as the site."""


@dataclass(frozen=True, kw_only=True)
class Changeovers:
    """From row to column, shape (products, products) in document order, zero on the diagonal.

    ``minutes`` the line stands still, ``site_minutes`` of them the whole site with it; ``crew_minutes`` person-minutes
    beside the line's own crew; ``cost`` money for materials and swabs; ``scrap_units`` of the column's product spoiled;
    ``hold_min`` wait of the first goods for release. ``scope`` is the widest scope of any rule that applies.
    """

    products: tuple[str, ...]
    minutes: Array
    site_minutes: Array
    crew_minutes: Array
    cost: Array
    scrap_units: Array
    hold_min: Array
    scope: str

    @property
    def line_minutes(self) -> Array:
        """Minutes that only this line stands still."""
        return self.minutes - self.site_minutes


def compile_changeovers(
    network: Network,
    line: str,
    *,
    template: str | None = None,
    site: str | None = None,
    upgrades: Sequence[str] = (),
) -> Changeovers:
    """Changeovers of one line type, in a template or at a site; ``upgrades`` are the ids of those that it has.

    A change by rules also waits ``fill_min`` until the first good unit leaves, and spoils ``startup_scrap_units``; an
    explicit pair of products is taken as stated. Draining costs no time: what drains is good output. An upgrade
    shortens the minutes of rules and of the people who help, not the fill of the line.
    """
    rules = [rule for rule in network.changeovers if _applies(rule, line, template, site)]
    exact = [rule for rule in rules if rule.attribute == "product" and rule.from_value and rule.to_value]
    general = [rule for rule in rules if rule not in exact]
    masks = [(rule, _triggers(rule, network.products)) for rule in general]
    row: Line = network.get("lines", line)
    change = ~np.eye(len(network.products), dtype=bool)
    wide = [(rule, mask) for rule, mask in masks if rule.scope in WIDE_SCOPES]
    fields = {
        "minutes": _combined(masks, change, lambda rule: rule.minutes) + change * row.fill_min,
        "site_minutes": _combined(wide, change, lambda rule: rule.minutes),
        "crew_minutes": _summed(masks, change, lambda rule: rule.crew * rule.minutes),
        "cost": _summed(masks, change, lambda rule: rule.cost),
        "scrap_units": _combined(masks, change, lambda rule: rule.scrap_units) + change * row.startup_scrap_units,
        "hold_min": _combined(masks, change, lambda rule: rule.hold_min),
    }
    _override(fields, exact, network.products)
    order = ("station", "line", *WIDE_SCOPES)
    scope = max((rule.scope for rule in rules), key=order.index, default="line")
    found = Changeovers(products=tuple(product.id for product in network.products), scope=scope, **fields)
    return _improved(found, improvement(network, upgrades), _fill(row, exact, network.products))


@dataclass(frozen=True, kw_only=True)
class StationChanges:
    """What stands still in a change, minutes from row to column in document order.

    ``line`` (products, products): all of the line, for the whole length of the change; 0 where only stations change.
    ``stations`` by id: the change of each station that changes while the others run on. ``scrap_units`` as
    `Changeovers`. The time to fill the line is in none of them: a simulation finds it.
    """

    line: Array
    stations: dict[str, Array]
    scrap_units: Array


def compile_station_changes(
    network: Network,
    line: str,
    *,
    template: str | None = None,
    site: str | None = None,
    upgrades: Sequence[str] = (),
) -> StationChanges:
    """Changeovers of one line, told apart by what stands still; rules and upgrades as in `compile_changeovers`.

    Where any rule of a change stops the line, the line stands for the minutes of all rules that match.
    """
    row: Line = network.get("lines", line)
    rules = [rule for rule in network.changeovers if _applies(rule, line, template, site)]
    better = improvement(network, upgrades)
    if better.scope:
        rules = [rule.model_copy(update={"scope": better.scope}) for rule in rules]
    compiled = compile_changeovers(network, line, template=template, site=site, upgrades=upgrades)
    exact = [rule for rule in rules if rule.attribute == "product" and rule.from_value and rule.to_value]
    stops = _stops_line(rules, exact, network.products)
    fill = row.fill_min * ~np.eye(len(network.products), dtype=bool)
    whole = np.where(stops, np.maximum(compiled.minutes - fill, 0.0), 0.0)
    names = [station.id for station in network.stations if station.line == line] or [line]
    return StationChanges(
        line=whole,
        stations={
            name: np.where(stops, 0.0, _station_minutes(rules, exact, network.products, name))
            * better.changeover_factor
            for name in names
        },
        scrap_units=compiled.scrap_units,
    )


def _stops_line(rules: Sequence[ChangeoverRule], exact: Sequence[ChangeoverRule], products: Sequence[Product]) -> Mask:
    """Changes in which the whole line stands; a stated pair says so by itself."""
    stops = np.zeros((len(products), len(products)), dtype=bool)
    for rule in rules:
        if rule not in exact and rule.scope != "station":
            stops |= _triggers(rule, products)
    at = {product.id: position for position, product in enumerate(products)}
    for rule in exact:
        stops[at[rule.from_value], at[rule.to_value]] = rule.scope != "station"
    return stops & ~np.eye(len(products), dtype=bool)


def _station_minutes(
    rules: Sequence[ChangeoverRule], exact: Sequence[ChangeoverRule], products: Sequence[Product], station: str
) -> Array:
    """Minutes of one station by the rules of that scope that name it, or name none."""
    change = ~np.eye(len(products), dtype=bool)
    mine = [rule for rule in rules if rule.scope == "station" and (not rule.stations or station in rule.stations)]
    masks = [(rule, _triggers(rule, products)) for rule in mine if rule not in exact]
    minutes = _combined(masks, change, lambda rule: rule.minutes)
    at = {product.id: position for position, product in enumerate(products)}
    for rule in exact:
        minutes[at[rule.from_value], at[rule.to_value]] = rule.minutes if rule in mine else 0.0
    return minutes


def _fill(line: Line, exact: Sequence[ChangeoverRule], products: Sequence[Product]) -> Array:
    """Minutes of each change until the first good unit leaves; stated pairs have them inside."""
    at = {product.id: position for position, product in enumerate(products)}
    fill = line.fill_min * ~np.eye(len(products), dtype=bool)
    for rule in exact:
        fill[at[rule.from_value], at[rule.to_value]] = 0.0
    return np.asarray(fill)


def _improved(found: Changeovers, better: Improvement, fill: Array) -> Changeovers:
    """Changeovers of an upgraded line; ``fill`` minutes stay, and stop the line alone."""
    ruled = np.maximum(found.minutes - fill, 0.0)
    minutes = found.minutes - (1 - better.changeover_factor) * ruled
    site_minutes = found.site_minutes * better.changeover_factor
    if better.scope:
        site_minutes = ruled * better.changeover_factor if better.scope in WIDE_SCOPES else np.zeros_like(ruled)
    return replace(
        found,
        minutes=minutes,
        site_minutes=site_minutes,
        crew_minutes=found.crew_minutes * better.changeover_factor,
        scope=better.scope or found.scope,
    )


def _applies(rule: ChangeoverRule, line: str, template: str | None, site: str | None) -> bool:
    places = ((rule.lines, line), (rule.templates, template), (rule.sites, site))
    return all(not named or here in named for named, here in places)


def _triggers(rule: ChangeoverRule, products: Sequence[Product]) -> Mask:
    """Pairs (from, to) that the rule matches, the diagonal aside."""
    if rule.attribute in ("allergen_removed", "allergen_added"):
        return _allergen_triggers(rule, products)
    words = np.array(
        [product.id if rule.attribute == "product" else getattr(product, rule.attribute) for product in products]
    )
    mask: Mask = words[:, None] != words[None, :]
    if rule.from_value:
        mask &= (words == rule.from_value)[:, None]
    if rule.to_value:
        mask &= (words == rule.to_value)[None, :]
    return mask


def _allergen_triggers(rule: ChangeoverRule, products: Sequence[Product]) -> Mask:
    """Removed: in the product before and not in the one after; added: the reverse. Either value names the allergen."""
    named = {rule.from_value, rule.to_value} - {""}
    words = sorted(named or {word for product in products for word in product.allergens})
    holds = np.array([[word in product.allergens for word in words] for product in products], dtype=bool)
    before, after = holds[:, None, :], holds[None, :, :]
    gone = before & ~after if rule.attribute == "allergen_removed" else after & ~before
    return np.asarray(gone.any(axis=2))


def _combined(
    masks: Sequence[tuple[ChangeoverRule, Mask]], change: Mask, value: Callable[[ChangeoverRule], float]
) -> Array:
    longest, added = np.zeros(change.shape), np.zeros(change.shape)
    for rule, mask in masks:
        if rule.combine == "max":
            longest = np.maximum(longest, mask * value(rule))
        else:
            added += mask * value(rule)
    return np.asarray((longest + added) * change)


def _summed(
    masks: Sequence[tuple[ChangeoverRule, Mask]], change: Mask, value: Callable[[ChangeoverRule], float]
) -> Array:
    total = np.zeros(change.shape)
    for rule, mask in masks:
        total += mask * value(rule)
    return np.asarray(total * change)


def _override(fields: dict[str, Array], rules: Sequence[ChangeoverRule], products: Sequence[Product]) -> None:
    """Write explicit pairs over what the rules gave; the last row of a pair counts."""
    at = {product.id: position for position, product in enumerate(products)}
    for rule in rules:
        pair = at[rule.from_value], at[rule.to_value]
        fields["minutes"][pair] = rule.minutes
        fields["site_minutes"][pair] = rule.minutes if rule.scope in WIDE_SCOPES else 0.0
        fields["crew_minutes"][pair] = rule.crew * rule.minutes
        fields["cost"][pair] = rule.cost
        fields["scrap_units"][pair] = rule.scrap_units
        fields["hold_min"][pair] = rule.hold_min
