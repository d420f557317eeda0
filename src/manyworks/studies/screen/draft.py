"""From fifteen answers to a whole document: a draft that can be solved, saved and refined."""

from __future__ import annotations

from typing import Any

from manyworks.model.network import Network
from manyworks.studies.screen.answers import Answers
from manyworks.studies.screen.places import Place, is_overseas, market_places, plant_place
from manyworks.studies.screen.questions import ASSUMPTIONS

CANDIDATES = 6
"""So many of the largest markets may get a factory."""
BIG_CANDIDATES = 2
"""So many of them may get a second big plant instead."""
SIX_TENTHS = 0.6
"""Price of equipment grows with the power 0.6 of its size (Williams 1947, Chemical Engineering 54)."""
PALLET_L, PALLET_KG = 1500.0, 800.0
TRUCK_KG, TRUCK_M3, TRUCK_PALLETS = 19_958.0, 100.0, 26.0
EUROS = {"europe"}


def assumed_values() -> dict[str, float]:
    """What is assumed beside the answers."""
    return {row.key: row.value for row in ASSUMPTIONS}


def draft_network(answers: Answers, assumed: dict[str, float]) -> Network:
    """A network with one plant, its customers in a dozen places, and six places where micro-factories may stand."""
    plant = plant_place(str(answers["plant"]))
    markets = market_places(str(answers["markets"]))
    parts = (
        _rules(answers, plant),
        _goods(answers, assumed, markets),
        _making(answers, assumed),
        _places(answers, assumed, plant, markets),
        _freight(answers, plant, markets),
    )
    data: dict[str, Any] = {name: rows for part in parts for name, rows in part.items()}
    data["evidence"] = [row for row in _evidence() if data.get(row["target"].split(".")[0])]
    return Network.model_validate(data)


def _rules(answers: Answers, plant: Place) -> dict[str, Any]:
    currency = "EUR" if answers["markets"] in EUROS else "USD"
    return {
        "name": f"Screen of the plant at {plant.name}",
        "note": "Made by manyworks screen from fifteen answers. Everything else is an assumption: see evidence.",
        "finance": {"currency": currency, "start": "2027-01-01", "quarters": 4, "years": 8},
        "policy": {"default_mode": "truck", "default_calendar": "three_shifts", "wheel_days": [7, 14, 28]},
    }


def _goods(answers: Answers, assumed: dict[str, float], markets: list[Place]) -> dict[str, Any]:
    price, mass, volume = (float(answers[key]) for key in ("price", "mass_kg", "volume_l"))
    life, count = float(answers["shelf_life_days"]), int(answers["products"])
    product = {
        "family": "goods", "price": price, "mass_kg": mass, "volume_l": volume, "duty_class": "goods",
        "units_per_pallet": max(1, round(min(PALLET_L / volume, PALLET_KG / mass))),
        "shelf_life_days": life or None, "minimum_remaining_life_days": life / 2,
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
    template = {"indirect_staff_per_line": 1, "life_years": 15, "depreciation_years": 10, "salvage_share": 0.1}
    lines = int(answers["lines"])
    size = max(lines, 2) ** SIX_TENTHS  # what a big site needs over a micro-factory: it grows slower than its lines
    big = template | {
        "scale": "big", "lines": ["big_line"], "capex": 0.8 * big_capex * size, "area_m2": 1600 * size,
        "indirect_staff": round(assumed["plant_staff"] * size), "fixed_cost_per_year": 0.15 * big_capex * size,
        "storage_pallets": 1200 * lines, "line_lead_quarters": 2, "stand_up_quarters": round(assumed["big_quarters"]),
    }  # fmt: skip
    return {
        "lines": [
            line | {"id": "big_line", "name": "Line of today", "nominal_rate_per_min": rate, "capex": big_capex,
                    "kw_execute": 150, "footprint_m2": 600, "service_per_year": 0.05 * big_capex},
            line | {"id": "micro_line", "name": "Line of a micro-factory", "nominal_rate_per_min": rate * small,
                    "capex": micro_capex, "kw_execute": 95, "footprint_m2": 400,
                    "service_per_year": 0.05 * micro_capex},
        ],
        "changeovers": [
            {"id": "big_change", "attribute": "product", "minutes": minutes, "lines": ["big_line"]},
            {"id": "micro_change", "attribute": "product", "lines": ["micro_line"],
             "minutes": minutes * assumed["micro_changeover_share"]},
        ],
        "calendars": [
            {"id": "three_shifts", "name": "Three shifts on five days", "shifts_per_day": 3, "hours_per_shift": 8,
             "days_per_week": 5, "weeks_per_year": 50}
        ],
        "templates": [
            big | {"id": "big", "name": "Big plant", "minimum_lines": 2, "maximum_lines": max(2 * lines, 4)},
            big | {"id": "today", "name": "Plant of today", "maximum_lines": 2 * lines + 1},
            template | {"id": "micro", "name": "Micro-factory", "scale": "micro", "lines": ["micro_line"],
                        "maximum_lines": 4, "capex": 0.8 * micro_capex, "indirect_staff": assumed["micro_staff"],
                        "copy_saving_share": 0.1, "fixed_cost_per_year": 0.15 * micro_capex, "area_m2": 1600,
                        "storage_pallets": 1200, "stand_up_quarters": round(assumed["micro_quarters"]), "ramp": [0.8]},
        ],
    }  # fmt: skip


def _big_line_capex(answers: Answers, assumed: dict[str, float]) -> float:
    return float(float(answers["micro_line_capex"]) / assumed["micro_rate_share"] ** SIX_TENTHS)


def _places(answers: Answers, assumed: dict[str, float], plant: Place, markets: list[Place]) -> dict[str, Any]:
    prices = {
        "wage_per_h": float(answers["wage_per_h"]), "power_price_per_kwh": 0.1,
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


def _freight(answers: Answers, plant: Place, markets: list[Place]) -> dict[str, Any]:
    """Trucks with rounds and free intervals; containers where a sea lies between the plant and its customers."""
    per_km = float(answers["freight_per_tonne_km"]) * TRUCK_KG / 1000
    truck = {
        "id": "truck", "name": "Truck", "payload_kg": TRUCK_KG, "cube_m3": TRUCK_M3, "pallets": TRUCK_PALLETS,
        "cost_per_km": per_km, "minimum_cost": 250 * per_km, "stop_cost": 50 * per_km, "part_load_premium": 0.4,
        "maximum_drops": 4, "is_interval_free": True, "km_per_day": 700, "fixed_days": 0.5, "damage_share": 0.002,
    }  # fmt: skip
    sea = truck | {
        "id": "sea", "name": "Container by sea", "cube_m3": 67, "pallets": 21, "stop_cost": 3500 * per_km,
        "maximum_drops": 1, "fixed_days": 35, "days_cv": 0.25, "damage_share": 0.005,
    }  # fmt: skip
    lands = sorted({row.country for row in markets})
    far = [land for land in lands if is_overseas(plant, land)]
    return {
        "freight_modes": [truck, sea] if far else [truck],
        "lanes": [{"origin": "plant", "destination": land, "mode": "sea", "km": 800} for land in far],
        "duties": [
            {"origin_zone": plant.country, "destination_zone": land, "duty_class": "goods",
             "ad_valorem_share": float(answers["duty_share"])}
            for land in lands
            if land != plant.country and float(answers["duty_share"])
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
    "markets.*.population", "demand_rules.*.share", "demand_rules.*.growth_per_year",
)  # fmt: skip


def _evidence() -> list[dict[str, str]]:
    answered = [{"target": path, "basis": "assumption", "note": "answered in the screen"} for path in ANSWERED]
    return [
        *answered,
        *({"target": path, "basis": "assumption", "note": "the screen's; replace it by yours"} for path in ASSUMED),
    ]
