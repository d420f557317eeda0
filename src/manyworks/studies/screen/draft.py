"""From fifteen answers to a whole document: a draft that can be solved, saved and refined."""

from __future__ import annotations

from typing import Any

from manyworks.model.network import Network
from manyworks.studies.screen.answers import Answers
from manyworks.studies.screen.places import Place, crosses_border, is_overseas, market_places, plant_place

CANDIDATES = 6
"""So many of the largest markets may get a factory."""
BIG_CANDIDATES = 2
"""So many of them may get a second big plant instead."""
EUROS = {"europe"}


def draft_network(answers: Answers, assumed: dict[str, float]) -> Network:
    """A network with one plant, its customers in a dozen places, and six places where micro-factories may stand."""
    plant = plant_place(str(answers["plant"]))
    markets = market_places(str(answers["markets"]))
    parts = (
        _rules(answers, assumed, plant),
        _goods(answers, assumed, markets),
        _making(answers, assumed),
        _places(answers, assumed, plant, markets),
        _freight(answers, assumed, plant, markets),
    )
    data: dict[str, Any] = {name: rows for part in parts for name, rows in part.items()}
    data["evidence"] = [row for row in _evidence() if data.get(row["target"].split(".")[0])]
    return Network.model_validate(data)


def _rules(answers: Answers, assumed: dict[str, float], plant: Place) -> dict[str, Any]:
    currency = "EUR" if answers["markets"] in EUROS else "USD"
    return {
        "name": f"Screen of the plant at {plant.name}",
        "note": "Made by manyworks screen from fifteen answers. Everything else is an assumption: see evidence.",
        "finance": {
            "currency": currency, "start": "2027-01-01", "quarters": 4, "years": round(assumed["years"]),
            "discount_rate": assumed["discount_rate"], "tax_rate": assumed["tax_rate"],
            "receivable_days": assumed["receivable_days"], "payable_days": assumed["payable_days"],
        },
        "policy": {
            "default_mode": "truck", "default_calendar": "shifts", "wheel_days": [7, 14, 28],
            "service_level": assumed["service_level"], "default_demand_cv": assumed["demand_cv"],
            "stock_cost_share_per_year": assumed["stock_cost_share"],
        },
    }  # fmt: skip


def _goods(answers: Answers, assumed: dict[str, float], markets: list[Place]) -> dict[str, Any]:
    price, mass, volume = (float(answers[key]) for key in ("price", "mass_kg", "volume_l"))
    life, count = float(answers["shelf_life_days"]), int(answers["products"])
    product = {
        "family": "goods", "price": price, "mass_kg": mass, "volume_l": volume, "duty_class": "goods",
        "units_per_pallet": max(1, round(min(assumed["pallet_l"] / volume, assumed["pallet_kg"] / mass))),
        "shelf_life_days": life or None, "minimum_remaining_life_days": life * assumed["remaining_life_share"],
    }  # fmt: skip
    a_head = float(answers["units_per_year"]) / count / sum(row.people for row in markets)
    ids = [f"product_{k + 1}" for k in range(count)]
    return {
        "products": [{"id": name, "name": f"Product {k + 1}"} | product for k, name in enumerate(ids)],
        "materials": [
            {"id": "materials", "name": "Materials of one unit", "unit": "set",
             "price_per_unit": price * assumed["material_share"]}
        ],
        "bill": [{"product": name, "material": "materials", "quantity_per_unit": 1} for name in ids],
        "demand_rules": [
            {"id": name, "product": name, "units_per_head_year": a_head, "growth_per_year": assumed["growth"]}
            for name in ids
        ],
        "markets": [
            {"id": row.key, "name": row.name, "lat": row.lat, "lon": row.lon, "country": row.country,
             "region": row.region, "population": row.people}
            for row in markets
        ],
    }  # fmt: skip


def _making(answers: Answers, assumed: dict[str, float]) -> dict[str, Any]:
    rate, small = float(answers["rate_per_min"]), assumed["micro_rate_share"]
    micro_capex, minutes = float(answers["micro_line_capex"]), 60 * float(answers["changeover_h"])
    big_capex = _big_line_capex(answers, assumed)
    line = {"oee": assumed["oee"], "crew_per_shift": assumed["crew"]}
    template = {
        "indirect_staff_per_line": assumed["staff_per_line"], "life_years": assumed["life_years"],
        "depreciation_years": assumed["depreciation_years"], "salvage_share": assumed["salvage"],
    }  # fmt: skip
    building, fixed, service = assumed["site_capex_share"], assumed["fixed_share"], assumed["service_share"]
    lines = int(answers["lines"])
    size = max(lines, 2) ** assumed["size_power"]  # what a big site needs over a micro-factory
    big = template | {
        "scale": "big", "lines": ["big_line"], "capex": building * big_capex * size,
        "area_m2": assumed["site_m2"] * size,
        "indirect_staff": round(assumed["plant_staff"] * size), "fixed_cost_per_year": fixed * big_capex * size,
        "storage_pallets": assumed["storage_pallets"] * lines,
        "line_lead_quarters": round(assumed["line_quarters"]), "stand_up_quarters": round(assumed["big_quarters"]),
    }  # fmt: skip
    return {
        "lines": [
            line | {"id": "big_line", "name": "Line of today", "nominal_rate_per_min": rate, "capex": big_capex,
                    "kw_execute": assumed["big_line_kw"], "footprint_m2": assumed["big_line_m2"],
                    "service_per_year": service * big_capex},
            line | {"id": "micro_line", "name": "Line of a micro-factory", "nominal_rate_per_min": rate * small,
                    "capex": micro_capex, "kw_execute": assumed["micro_line_kw"],
                    "footprint_m2": assumed["micro_line_m2"], "service_per_year": service * micro_capex},
        ],
        "changeovers": [
            {"id": "big_change", "attribute": "product", "minutes": minutes, "lines": ["big_line"]},
            {"id": "micro_change", "attribute": "product", "lines": ["micro_line"],
             "minutes": minutes * assumed["micro_changeover_share"]},
        ],
        "calendars": [
            {"id": "shifts", "name": "Shifts on five days", "shifts_per_day": round(assumed["shifts"]),
             "hours_per_shift": 8, "days_per_week": 5, "weeks_per_year": 50}
        ],
        "templates": [
            big | {"id": "big", "name": "Big plant", "minimum_lines": 2, "maximum_lines": max(2 * lines, 4)},
            big | {"id": "today", "name": "Plant of today", "maximum_lines": 2 * lines + 1},
            template | {"id": "micro", "name": "Micro-factory", "scale": "micro", "lines": ["micro_line"],
                        "maximum_lines": 4, "capex": building * micro_capex, "indirect_staff": assumed["micro_staff"],
                        "copy_saving_share": assumed["copy_saving"], "fixed_cost_per_year": fixed * micro_capex,
                        "area_m2": assumed["site_m2"],
                        "storage_pallets": assumed["storage_pallets"],
                        "stand_up_quarters": round(assumed["micro_quarters"]), "ramp": [assumed["micro_ramp"]]},
        ],
    }  # fmt: skip


def _big_line_capex(answers: Answers, assumed: dict[str, float]) -> float:
    return float(float(answers["micro_line_capex"]) / assumed["micro_rate_share"] ** assumed["size_power"])


def _places(answers: Answers, assumed: dict[str, float], plant: Place, markets: list[Place]) -> dict[str, Any]:
    prices = {
        "wage_per_h": float(answers["wage_per_h"]), "power_price_per_kwh": assumed["power_price"],
        "rent_per_m2_year": assumed["rent_per_m2_year"],
    }  # fmt: skip
    today = {
        "id": "plant", "name": f"Plant of today, {plant.name}", "lat": plant.lat, "lon": plant.lon,
        "country": plant.country, "status": "existing", "template": "today",
        "closure_cost": assumed["closure_share"] * _big_line_capex(answers, assumed) * float(answers["lines"]),
    }  # fmt: skip
    candidates = [
        {"id": row.key, "name": row.name, "lat": row.lat, "lon": row.lon, "country": row.country,
         "templates": ["micro", "big"] if k < BIG_CANDIDATES else ["micro"]} | prices
        for k, row in enumerate(markets[:CANDIDATES])
    ]  # fmt: skip
    return {
        "sites": [today | prices, *candidates],
        "installed_lines": [{"id": "plant_lines", "site": "plant", "line": "big_line", "count": int(answers["lines"])}],
    }


def _freight(answers: Answers, assumed: dict[str, float], plant: Place, markets: list[Place]) -> dict[str, Any]:
    """Trucks with rounds and free intervals; containers where a sea lies between the plant and its customers."""
    per_km = float(answers["freight_per_tonne_km"]) * assumed["truck_kg"] / 1000
    truck = {
        "id": "truck", "name": "Truck", "payload_kg": assumed["truck_kg"], "cube_m3": assumed["truck_m3"],
        "pallets": assumed["truck_pallets"], "cost_per_km": per_km, "minimum_cost": assumed["least_km"] * per_km,
        "stop_cost": assumed["stop_km"] * per_km, "part_load_premium": assumed["part_load"],
        "maximum_drops": round(assumed["drops"]), "is_interval_free": True, "km_per_day": assumed["km_per_day"],
        "fixed_days": assumed["truck_days"], "damage_share": assumed["truck_damage"],
    }  # fmt: skip
    sea = truck | {
        "id": "sea", "name": "Container by sea", "cube_m3": assumed["sea_m3"], "pallets": assumed["sea_pallets"],
        "stop_cost": assumed["sea_cost"], "maximum_drops": 1, "fixed_days": assumed["sea_days"],
        "days_cv": assumed["sea_days_cv"], "damage_share": assumed["sea_damage"],
    }  # fmt: skip
    lands = sorted({row.country for row in markets})
    far = [land for land in lands if is_overseas(plant, land)]
    return {
        "freight_modes": [truck, sea] if far else [truck],
        "lanes": [{"origin": "plant", "destination": land, "mode": "sea", "km": assumed["sea_km"]} for land in far],
        "duties": [
            {"origin_zone": plant.country, "destination_zone": land, "duty_class": "goods",
             "ad_valorem_share": float(answers["duty_share"])}
            for land in lands
            if crosses_border(plant, land) and float(answers["duty_share"])
        ],
    }  # fmt: skip


ANSWERED = (
    "products.*.price", "lines.big_line.nominal_rate_per_min", "changeovers.big_change.minutes",
    "sites.*.wage_per_h", "lines.micro_line.capex", "freight_modes.*.cost_per_km", "demand_rules.*.units_per_head_year",
    "duties.*.ad_valorem_share",
)  # fmt: skip
ASSUMED = (
    "finance.discount_rate", "finance.tax_rate", "materials.*.price_per_unit", "lines.*.oee", "lines.*.crew_per_shift",
    "lines.big_line.capex", "lines.micro_line.nominal_rate_per_min", "changeovers.micro_change.minutes",
    "templates.*.stand_up_quarters", "templates.*.capex", "templates.*.indirect_staff",
    "templates.*.fixed_cost_per_year", "sites.*.power_price_per_kwh", "sites.*.rent_per_m2_year",
    "demand_rules.*.share", "demand_rules.*.growth_per_year",
)  # fmt: skip


PEOPLE = "US Census Bureau CBSA-EST2023, other countries GeoNames"


def _evidence() -> list[dict[str, str]]:
    answered = [{"target": path, "basis": "assumption", "note": "answered in the screen"} for path in ANSWERED]
    return [
        *answered,
        {"target": "markets.*.population", "basis": "derived", "source": PEOPLE, "note": "each with those around it"},
        *({"target": path, "basis": "assumption", "note": "the screen's; replace it by yours"} for path in ASSUMED),
    ]
