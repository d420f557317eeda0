"""Money that a site costs because it stands and works: people, changeovers, energy, floor, upkeep, closing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from manyworks.model.line import Line
from manyworks.model.network import Network
from manyworks.model.rates import crew_per_shift, kw_execute, line_capex
from manyworks.model.table import Table
from manyworks.model.wheels import Wheel
from manyworks.plan.conventions import listed_done, wage_rise_people
from manyworks.plan.money.ledger import Ledger
from manyworks.plan.money.standing import Stand
from manyworks.plan.money.unit_prices import UnitPrices
from manyworks.plan.result import PlanTables
from manyworks.units import MINUTES_PER_HOUR

Floats = NDArray[np.float64]
MONTHS_PER_YEAR = 12


def enter_sites(
    ledger: Ledger,
    network: Network,
    tables: PlanTables,
    standing: Sequence[Stand],
    prices: UnitPrices,
    years: Floats,
) -> None:
    """Enter every line that belongs to a place rather than to goods; ``years`` (periods,) are the periods' lengths."""
    for stand in standing:
        _enter_upkeep(ledger, network, stand, years)
        _enter_closure(ledger, stand)
    by_place = {stand.place: stand for stand in reversed(standing)}
    _enter_people(ledger, network, tables.labour, by_place, years)
    _enter_running(ledger, network, tables.production, standing, prices)
    _enter_storage(ledger, network, tables.stock, standing, years)


def _enter_upkeep(ledger: Ledger, network: Network, stand: Stand, years: Floats) -> None:
    """Cost of standing there, by period of being open."""
    site, template = stand.site, stand.template
    time = years * stand.is_open
    paid = site.wage_per_h * template.indirect_wage_ratio * stand.calendar.paid_hours_per_worker_year
    staff = template.indirect_staff + template.indirect_staff_per_line * stand.line_count
    floor = template.area_m2 + _over_lines(network, stand, lambda line: line.footprint_m2)
    load = _over_lines(network, stand, lambda line: kw_execute(network, line))
    listed = list_capex(network, stand)
    steps = np.arange(stand.steps)
    for name, amount in {
        "indirect_labour": staff * paid * time,
        "rent": floor * site.rent_per_m2_year * time,
        "fixed_cost": template.fixed_cost_per_year * time,
        "service_spares": _over_lines(network, stand, lambda line: line.service_per_year) * years,
        "energy": load * site.demand_charge_per_kw_month * MONTHS_PER_YEAR * years,
        "property_tax": site.property_tax_share * listed * time,
    }.items():
        ledger.enter(name, stand.place, steps, -amount)


def list_capex(network: Network, stand: Stand) -> Floats:
    """List price (periods,) of the site while it is open, of its lines and of its upgrades while they stand."""
    upgrades = sum((there.listed * stand.is_open * there.works for there in stand.upgrades), np.zeros(stand.steps))
    lines = _over_lines(network, stand, lambda line: line_capex(network, line))
    own = stand.template.capex + (listed_done(network, stand.site.id) if stand.is_existing else 0.0)
    return np.asarray(own * stand.is_open + lines + upgrades)


def _over_lines(network: Network, stand: Stand, value: Callable[[Line], float]) -> Floats:
    """Sum of a value per line over the lines that stand, (periods,)."""
    total = np.zeros(stand.steps)
    for line, count in stand.lines.items():
        total += value(network.get("lines", line)) * count
    return total


def _enter_closure(ledger: Ledger, stand: Stand) -> None:
    if stand.is_existing and stand.closes < stand.steps:
        ledger.enter("closure", stand.place, stand.closes, -stand.site.closure_cost)


def _enter_people(ledger: Ledger, network: Network, labour: Table, by_place: dict[int, Stand], years: Floats) -> None:
    place, period = ledger.index.of(labour, "place"), ledger.index.of(labour, "period")
    policy = network.policy
    for at in np.unique(place):
        stand, rows = by_place[int(at)], place == at
        site, steps = stand.site, period[rows]
        hour = site.wage_per_h * stand.calendar.paid_hours_per_worker_year * years[steps]
        people = labour["direct"][rows].astype(np.float64)
        rise = wage_rise_people(people, site.wage_rise_per_pool_share, site.labour_pool, site.hireable_share)
        ledger.enter("direct_labour", at, steps, -(people + rise) * hour)
        start = policy.hiring_cost + policy.training_hours * site.wage_per_h
        ledger.enter("hiring_training", at, steps, -labour["hired"][rows] * start)


def _enter_running(
    ledger: Ledger, network: Network, production: Table, standing: Sequence[Stand], prices: UnitPrices
) -> None:
    """Energy of the hours worked, overtime, and everything that the wheels cost."""
    by_key = {(stand.site.id, stand.template.id): stand for stand in standing}
    for key, rows in _groups(production).items():
        table = production.where(rows)
        place, template, line_id, *_ = key
        stand, line = by_key[place, template], network.get("lines", line_id)
        _enter_hours(ledger, network, table, stand, line)
        _enter_wheel(ledger, table, stand, prices.wheel(*key), prices)


def _enter_hours(ledger: Ledger, network: Network, table: Table, stand: Stand, line: Line) -> None:
    product, period = ledger.index.of(table, "product"), ledger.index.of(table, "period")
    site, crew = stand.site, crew_per_shift(network, line)
    changing = crew * table["changeover_h"] * site.wage_per_h
    kwh = table["run_h"] * kw_execute(network, line) + table["changeover_h"] * line.kw_idle
    # Changeovers are worked by the people whose pay is direct labour: shown apart, and taken out there.
    ledger.enter("direct_labour", stand.place, period, changing)
    for name, amount in {
        "changeover_labour": changing,
        "overtime": crew * table["overtime_h"] * site.wage_per_h * (1 + stand.calendar.overtime_premium),
        "energy": site.power_price_per_kwh * kwh,
    }.items():
        ledger.enter(name, stand.place, period, -amount, product=product)


def _enter_wheel(ledger: Ledger, table: Table, stand: Stand, wheel: Wheel, prices: UnitPrices) -> None:
    """Helpers, cleaning and start-up scrap, by turns of the wheel; sanitation by running hours."""
    product, period = ledger.index.of(table, "product"), ledger.index.of(table, "period")
    cycles = (table["run_h"] + table["changeover_h"]) * MINUTES_PER_HOUR / wheel.open_min_per_cycle
    helpers = cycles * wheel.crew_min_per_cycle / MINUTES_PER_HOUR * stand.site.wage_per_h
    scrapped = float(wheel.scrap_units_per_cycle @ prices.stock_value)
    for name, amount in {
        "changeover_labour": helpers,
        "changeover_cleaning": cycles * wheel.cost_per_cycle + table["run_h"] * wheel.sanitation_cost_per_h,
        "startup_scrap": cycles * scrapped,
    }.items():
        ledger.enter(name, stand.place, period, -amount, product=product)


def _groups(production: Table) -> dict[tuple[str, str, str, str, str], NDArray[np.bool_]]:
    """Rows of each (place, template, line, upgrades, products), as masks."""
    names = ("place", "template", "line", "upgrades", "products")
    keys = list(zip(*(production[name].tolist() for name in names), strict=True))
    at = np.array([{key: i for i, key in enumerate(dict.fromkeys(keys))}[key] for key in keys], dtype=np.intp)
    return {key: at == i for i, key in enumerate(dict.fromkeys(keys))}


def _enter_storage(ledger: Ledger, network: Network, stock: Table, standing: Sequence[Stand], years: Floats) -> None:
    """Pallets beyond the site's own places, by the month; goods in transit stand in no warehouse."""
    fee = network.policy.storage_fee_per_pallet_month
    if not fee:
        return
    outside = pallets(ledger, network, stock)
    outside[[ledger.index.places[house.id] for house in network.warehouses]] = 0.0  # They charge their own fee.
    for stand in standing:
        outside[stand.place] -= stand.template.storage_pallets * stand.is_open
    ledger.enter_grid("storage_fees", -np.maximum(outside, 0.0) * fee * MONTHS_PER_YEAR * years)


def pallets(ledger: Ledger, network: Network, stock: Table) -> Floats:
    """Mean pallets of cycle, safety and season stock, (places, periods)."""
    per_pallet = np.array([product.units_per_pallet for product in network.products])
    place, product, period = (ledger.index.of(stock, name) for name in ("place", "product", "period"))
    total = np.zeros(ledger.amounts.shape[1:])
    units = stock["cycle"] + stock["safety"] + stock["season"]
    np.add.at(total, (place, period), units / per_pallet[product])
    return total
