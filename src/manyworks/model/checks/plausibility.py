"""Numbers that are legal and yet hardly meant: a wage of 2,000 an hour, a bottle of 500 kg."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from manyworks.model.checks.paths import HEADS, at, plural
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.network import Network

PER_DOLLAR: dict[str, float] = {
    "AUD": 1.5,
    "BRL": 5,
    "CAD": 1.4,
    "CHF": 0.9,
    "CLP": 900,
    "CNY": 7,
    "COP": 4000,
    "CZK": 23,
    "DKK": 7,
    "EUR": 0.9,
    "GBP": 0.8,
    "HUF": 350,
    "IDR": 16000,
    "ILS": 3.6,
    "INR": 85,
    "JPY": 150,
    "KRW": 1350,
    "MXN": 18,
    "MYR": 4.5,
    "NOK": 10.5,
    "NZD": 1.7,
    "PHP": 57,
    "PLN": 4,
    "RON": 4.6,
    "SEK": 10.5,
    "SGD": 1.35,
    "THB": 35,
    "TRY": 35,
    "TWD": 32,
    "USD": 1,
    "VND": 25000,
    "ZAR": 18,
}
"""Order of magnitude of currencies, for these ranges only; money in another currency is not judged."""


@dataclass(frozen=True, kw_only=True)
class UsualRange:
    """Values between which a field lies in nearly every real document. ``is_money``: bounds are US dollars."""

    collection: str
    field: str
    low: float
    high: float
    unit: str
    is_money: bool = False


def _usual(collection: str, field: str, low: float, high: float, unit: str) -> UsualRange:
    return UsualRange(collection=collection, field=field, low=low, high=high, unit=unit)


def _money(collection: str, field: str, low: float, high: float, unit: str = "") -> UsualRange:
    return UsualRange(collection=collection, field=field, low=low, high=high, unit=unit, is_money=True)


USUAL_RANGES = (
    _money("products", "price", 0.005, 1_000_000, "a unit"),
    _usual("products", "mass_kg", 0.0005, 2_000, "kg"),
    _usual("products", "volume_l", 0.0005, 20_000, "l"),
    _usual("products", "units_per_pallet", 1, 500_000, "units"),
    _usual("products", "shelf_life_days", 1, 7_300, "days"),
    _usual("products", "scrap_share", 0, 0.3, "of units made"),
    _usual("bill", "quantity_per_unit", 1e-6, 10_000, "units of material"),
    _usual("bill", "waste_share", 0, 0.5, "of the material"),
    _money("packaging", "cost_per_unit", 0, 1_000, "a unit"),
    _usual("suppliers", "lead_time_days", 0, 365, "days"),
    _usual("equipment", "rated_rate_per_min", 0.001, 5_000, "units/min"),
    _usual("equipment", "scrap_share", 0, 0.3, "of units"),
    _usual("equipment", "crew", 0, 20, "people"),
    _usual("equipment", "kw_execute", 0, 5_000, "kW"),
    _money("equipment", "price", 100, 50_000_000),
    _usual("equipment", "lead_time_weeks", 0, 156, "weeks"),
    _usual("lines", "nominal_rate_per_min", 0.001, 5_000, "units/min"),
    _usual("lines", "oee", 0.2, 1, ""),
    _usual("lines", "crew_per_shift", 0.1, 100, "people"),
    _money("lines", "capex", 1_000, 500_000_000),
    _usual("lines", "kw_execute", 0, 10_000, "kW"),
    _usual("lines", "footprint_m2", 1, 50_000, "m²"),
    _usual("lines", "fill_min", 0, 1_440, "min"),
    _usual("stations", "count", 1, 50, "machines"),
    _usual("sanitations", "every_h", 1, 8_760, "h"),
    _usual("templates", "maximum_lines", 1, 100, "lines"),
    _money("templates", "capex", 1_000, 5_000_000_000),
    _usual("templates", "copy_saving_share", 0, 0.5, "of capex"),
    _usual("templates", "indirect_staff", 0, 2_000, "people"),
    _usual("templates", "indirect_wage_ratio", 0.7, 4, "direct wages"),
    _money("templates", "fixed_cost_per_year", 0, 200_000_000, "a year"),
    _usual("templates", "area_m2", 1, 500_000, "m²"),
    _usual("templates", "stand_up_quarters", 0, 24, "quarters"),
    _usual("templates", "life_years", 3, 50, "years"),
    _usual("templates", "depreciation_years", 1, 40, "years"),
    _usual("templates", "salvage_share", 0, 0.6, "of capex"),
    _usual("stand_up_steps", "weeks", 0, 260, "weeks"),
    _money("sites", "wage_per_h", 1, 150, "an hour"),
    _usual("sites", "labour_pool", 10, 5_000_000, "people"),
    _usual("sites", "hireable_share", 0.001, 0.5, "of the pool"),
    _usual("sites", "turnover_per_year", 0, 2, "of the crew"),
    _money("sites", "power_price_per_kwh", 0.005, 1, "a kWh"),
    _money("sites", "demand_charge_per_kw_month", 0, 60, "a kW and month"),
    _money("sites", "rent_per_m2_year", 1, 1_000, "a m² and year"),
    _usual("sites", "grid_co2_kg_per_kwh", 0, 1.5, "kg a kWh"),
    _usual("sites", "property_tax_share", 0, 0.1, "of capex a year"),
    _usual("upgrades", "downtime_weeks", 0, 52, "weeks"),
    _usual("upgrades", "rate_factor", 0.5, 3, ""),
    _usual("upgrades", "changeover_factor", 0, 2, ""),
    _money("warehouses", "throughput_fee_per_pallet", 0, 300, "a pallet"),
    _money("warehouses", "storage_fee_per_pallet_month", 0, 200, "a pallet and month"),
    _usual("outage_classes", "duration_cv", 0, 5, ""),
    _usual("markets", "population", 0, 2_000_000_000, "people"),
    _usual("markets", "price_factor", 0.2, 5, ""),
    _usual("markets", "service_days", 0.05, 180, "days"),
    _usual("markets", "demand_cv", 0, 3, ""),
    _usual("markets", "pick_up_km", 0, 100, "km"),
    _usual("demand_rules", "units_per_head_year", 0, 10_000, "units"),
    _usual("demand_rules", "growth_per_year", -0.3, 0.5, "a year"),
    _usual("freight_modes", "payload_kg", 1, 300_000_000, "kg"),
    _usual("freight_modes", "pallets", 0.01, 100_000, "pallets"),
    _money("freight_modes", "cost_per_km", 0.01, 500, "a km"),
    _usual("freight_modes", "km_per_day", 20, 20_000, "km"),
    _usual("freight_modes", "fixed_days", 0, 60, "days"),
    _usual("freight_modes", "circuity", 1, 2.5, ""),
    _usual("freight_modes", "empty_share", 0, 0.6, "of the km"),
    _usual("freight_modes", "damage_share", 0, 0.1, "of units"),
    _usual("freight_modes", "co2_kg_per_tonne_km", 0, 3, "kg"),
    _usual("freight_modes", "replenishment_days", 0.2, 120, "days"),
    _money("freight_breaks", "cost_per_tonne_km", 0.001, 50, "a tonne-km"),
    _usual("lanes", "days", 0, 120, "days"),
    _usual("finance", "receivable_days", 0, 180, "days"),
    _usual("finance", "payable_days", 0, 180, "days"),
    _usual("policy", "default_oee", 0.2, 1, ""),
    _usual("policy", "default_demand_cv", 0, 3, ""),
    _usual("policy", "stock_cost_share_per_year", 0, 0.5, "of the value"),
    _usual("policy", "unmet_penalty_share", 0, 2, "of the price"),
    _money("policy", "hiring_cost", 0, 50_000, "a person"),
    _usual("policy", "training_hours", 0, 2_000, "h"),
)
"""Zero always means *nothing of it* and is never judged here."""


@rule(
    "value-unusual",
    "warning",
    title="Numbers should lie in the usual range of their field",
    explanation="Each of these ranges holds nearly every real document. A number outside is legal, but mostly its unit "
    "was mixed up: cents and dollars, grams and kilograms, minutes and hours, percent and shares. Money is compared "
    "after a rough conversion from the document's currency.",
    cure="Check the unit; when the number is right, nothing needs to be done.",
    is_local=True,
)
def unusual_values(network: Network) -> Iterator[Finding]:
    """Numbers outside the usual range of their field; one finding for each field, at the worst row."""
    rate = PER_DOLLAR.get(network.finance.currency)
    for usual in USUAL_RANGES:
        if not usual.is_money or rate is not None:
            yield from _outside(network, usual, (rate or 1.0) if usual.is_money else 1.0)


def _outside(network: Network, usual: UsualRange, scale: float) -> Iterator[Finding]:
    is_head = usual.collection in HEADS
    rows = [getattr(network, usual.collection)] if is_head else getattr(network, usual.collection)
    low, high = usual.low * scale, usual.high * scale
    found = [
        (max(value / high, low / value if value > 0 else 0.0), -position, value)
        for position, row in enumerate(rows)
        if (value := getattr(row, usual.field)) and not low <= value <= high
    ]
    if found:
        _, position, value = max(found)
        row = rows[-position]
        others = f" ({plural(len(found), 'row')} like it)" if len(found) > 1 else ""
        unit = f" {network.finance.currency if usual.is_money else ''} {usual.unit}".replace("  ", " ").rstrip()
        yield Finding(
            path=f"{usual.collection}.{usual.field}" if is_head else at(usual.collection, -position, row, usual.field),
            message=f"is usually {low:,.6g} to {high:,.6g}{unit}{others}",
            found=f"{value:g}",
        )
