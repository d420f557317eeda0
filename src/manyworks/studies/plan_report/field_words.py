"""Paths of the document in words: `sites.*.wage_per_h` is *wage (every site)*."""

from __future__ import annotations

from manyworks.model.network import Network

UNITS = (
    ("_per_m2_year", "per m² and year"),
    ("_per_pallet_month", "per pallet and month"),
    ("_per_kw_month", "per kW and month"),
    ("_per_1000_km", "per 1,000 km"),
    ("_kg_per_tonne_km", "kg per tonne-km"),
    ("_kg_per_kwh", "kg per kWh"),
    ("_per_tonne_km", "per tonne-km"),
    ("_per_head_year", "units per head and year"),
    ("_kg_per_unit", "kg per unit"),
    ("_l_per_unit", "litres per unit"),
    ("_per_pallet", "per pallet"),
    ("_per_unit", "per unit"),
    ("_per_year", "a year"),
    ("_per_quarter", "a quarter"),
    ("_per_shift", "a shift"),
    ("_per_kwh", "per kWh"),
    ("_per_day", "a day"),
    ("_per_min", "per min"),
    ("_per_km", "per km"),
    ("_per_h", "per h"),
    ("_quarters", "quarters"),
    ("_weeks", "weeks"),
    ("_years", "years"),
    ("_days", "days"),
    ("_hours", "h"),
    ("_m2", "m²"),
    ("_m3", "m³"),
    ("_kg", "kg"),
    ("_km", "km"),
    ("_kw", "kW"),
    ("_min", "min"),
    ("_l", "litres"),
    ("_h", "h"),
)
"""Suffix of a field's name to its unit; the longest first."""
SPECIAL = {
    "ad_valorem_share": ("duty on the value", ""),
    "book_years": ("years of depreciation left", "years"),
    "count": ("number of lines", ""),
    "from_kg": ("mass from which the price holds", "kg"),
    "from_units_per_year": ("quantity from which the price holds", "units a year"),
    "grid_co2_kg_per_kwh": ("CO2 of the grid", "kg per kWh"),
    "kw_execute": ("power while running", "kW"),
    "kw_idle": ("power while idle", "kW"),
    "km_per_day": ("distance covered", "km a day"),
    "units_per_head_year": ("consumption", "units per head and year"),
    "units_per_pallet": ("units on a pallet", ""),
    "water_price_factor": ("local price of water", "times the stated one"),
}
"""Fields whose name says little by itself: words and unit."""
KEPT = ("_quarters", "_weeks", "_years", "_days", "_hours")
ONE = {
    "bill": "bill of materials", "offers": "supply offer", "markets": "market", "sites": "site", "products": "product",
    "materials": "material", "lines": "line", "templates": "template", "changeovers": "changeover rule",
    "freight_modes": "freight mode", "suppliers": "supplier", "calendars": "calendar", "demand_rules": "demand rule",
    "outage_classes": "outage class", "installed_lines": "installed line", "stand_up_steps": "stand-up step",
    "seasons": "season", "equipment": "equipment", "duties": "duty", "lanes": "lane", "demand": "demand row",
    "warehouses": "warehouse", "co_packers": "co-packer", "packaging": "packaging rule", "upgrades": "upgrade",
    "sanitations": "sanitation rule",
}  # fmt: skip
"""Collection to one of its records, in words."""
ABBREVIATIONS = {"oee": "OEE", "co2": "CO2", "kw": "kW", "capex": "capital cost", "cv": "variation"}


def field_unit(field: str) -> str:
    """Unit that the name of a field ends in; empty where there is none."""
    if field in SPECIAL:
        return SPECIAL[field][1]
    return next((unit for suffix, unit in UNITS if field.endswith(suffix) and suffix not in KEPT), "")


def field_words(field: str) -> str:
    """Name of a field without its unit, as words; durations keep theirs, because it is part of the meaning."""
    if field in SPECIAL:
        return SPECIAL[field][0]
    suffix = next((suffix for suffix, _ in UNITS if field.endswith(suffix)), "")
    words = field.removesuffix(suffix if suffix not in KEPT else "").removesuffix("_share").split("_")
    return " ".join(ABBREVIATIONS.get(word, word) for word in words)


def target_words(network: Network, target: str) -> str:
    """A path in words, with the name of the record where it is about one."""
    parts = target.split(".")
    words = field_words(parts[-1])
    if len(parts) == 2:
        return f"{words[0].upper()}{words[1:]} ({parts[0]})" if parts[0] in ONE else f"{words[0].upper()}{words[1:]}"
    whose = _whose(network, parts[0], ".".join(parts[1:-1])) if len(parts) > 2 else ""
    return f"{words[0].upper()}{words[1:]}{f' ({whose})' if whose else ''}"


def _whose(network: Network, collection: str, name: str) -> str:
    one = ONE.get(collection, collection.replace("_", " "))
    if name == "*":
        return f"every {one}"
    for row in getattr(network, collection, []):
        if getattr(row, "id", None) == name:
            return str(getattr(row, "name", "") or name.replace("_", " "))
    return f"{one} {name}"
