"""The unit of a field, read from its name: ``wage_per_h`` is money per hour, ``mass_kg`` kilograms."""

from __future__ import annotations

from functools import cache

MONEY = frozenset(
    [
        "amount",
        "budget",
        "capex",
        "charge",
        "cost",
        "fee",
        "penalty",
        "premium",
        "price",
        "rent",
        "value",
        "wage",
        "hiring_cost",
        "book_value",
    ]
)
SUFFIXES = {
    "units": "units",
    "unit": "unit",
    "kg": "kg",
    "tonne": "t",
    "m3": "m³",
    "m2": "m²",
    "m": "m",
    "l": "l",
    "km": "km",
    "min": "min",
    "minutes": "min",
    "h": "h",
    "hours": "h",
    "days": "days",
    "weeks": "weeks",
    "quarters": "quarters",
    "years": "years",
    "year": "year",
    "quarter": "quarter",
    "month": "month",
    "week": "week",
    "day": "day",
    "kwh": "kWh",
    "kw": "kW",
    "head": "head",
    "pallets": "pallets",
    "pallet": "pallet",
    "lat": "°",
    "lon": "°",
}
# Names whose last word says something else than their unit.
NAMED = {
    "crew": "persons",
    "indirect_staff": "persons",
    "indirect_staff_per_line": "persons/line",
    "crew_per_shift": "persons/shift",
    "labour_pool": "persons",
    "hires_per_quarter": "persons/quarter",
    "population": "persons",
    "take_or_pay_units_per_year": "units/year",
    "units_per_head_year": "units/(head·year)",
    "co2_kg_per_tonne_km": "kg CO2/(t·km)",
    "grid_co2_kg_per_kwh": "kg CO2/kWh",
    "replenishment_days": "days",
    "price_year": "",
    "value": "",
    "overtime_premium": "",
    "part_load_premium": "",
    "quantity": "units",
    "wage_rise_per_pool_share": "",
}


@cache
def unit_of(field: str, currency: str = "currency") -> str:
    """Unit of the field with this name, in words such as ``USD/h``; empty when its name carries none.

    >>> unit_of("wage_per_h", "USD")
    'USD/h'
    >>> unit_of("rated_rate_per_min")
    'units/min'
    >>> unit_of("demand_charge_per_kw_month", "EUR")
    'EUR/(kW·month)'
    """
    if field in NAMED:
        return NAMED[field]
    if field.startswith("per_"):
        return f"{currency}/{_below(field.removeprefix('per_'))}"
    head, *rest = field.split("_per_")
    top = _top(head, currency, has_rest=bool(rest))
    if top is None:
        return ""
    below = [_below(part) for part in rest]
    return "/".join([top, *below]) if all(below) else top


def _top(head: str, currency: str, *, has_rest: bool) -> str | None:
    words = head.split("_")
    if words[0] in ("kw", "kwh"):
        return SUFFIXES[words[0]]
    if words[-1] in SUFFIXES and not (words[-1] in ("unit", "year") and not has_rest):
        return SUFFIXES[words[-1]]
    if MONEY.intersection(words) and words[-1] not in ("share", "factor", "ratio", "growth", "cv"):
        return currency
    if has_rest:
        return {"rate": "units", "growth": "1", "turnover": "1", "effective": "units", "service": currency}.get(
            words[-1], _odd_top(words, currency)
        )
    return None


def _odd_top(words: list[str], currency: str) -> str | None:
    if words[0] in ("effective", "nominal", "rated"):
        return "units"
    return currency if words[0] in ("treatment", "discharge") else "1"


def _below(part: str) -> str:
    words = [SUFFIXES.get(word, "") if word != "1000" else "1000" for word in part.split("_")]
    known = [word for word in words if word]
    if not known or len(known) != len(words):
        return part.replace("_", " ")
    if known[0] == "1000":
        return "1000 " + " ".join(known[1:])
    return known[0] if len(known) == 1 else f"({'·'.join(known)})"
