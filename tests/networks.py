"""One small valid network that tests break, stretch or plan: two sites, three markets, two templates, two products.

``tiny_network()`` is sound: it breaks no rule, not even a warning. ``tiny_network(sites=[...])`` replaces whole
collections; ``tiny_data()`` is the same document as plain data, to change a field before it is validated.
``full_data()`` adds a row to every collection that the tiny network leaves empty, and is as sound.
"""

from __future__ import annotations

from typing import Any

from manyworks.model.network import Network

ASSUMED = (
    "finance.discount_rate",
    "finance.tax_rate",
    "products.*.price",
    "materials.*.price_per_unit",
    "offers.*.price_per_unit",
    "equipment.*.rated_rate_per_min",
    "equipment.*.price",
    "lines.*.nominal_rate_per_min",
    "lines.*.oee",
    "lines.*.crew_per_shift",
    "lines.*.capex",
    "changeovers.*.minutes",
    "templates.*.capex",
    "templates.*.indirect_staff",
    "templates.*.stand_up_quarters",
    "stand_up_steps.*.weeks",
    "sites.*.wage_per_h",
    "sites.*.power_price_per_kwh",
    "sites.*.rent_per_m2_year",
    "markets.*.population",
    "demand_rules.*.units_per_head_year",
    "demand_rules.*.share",
    "demand.*.units",
    "freight_modes.*.cost_per_km",
)
"""Numbers of the tiny network that nobody published."""


def tiny_network(**changes: Any) -> Network:
    """The tiny network; a collection among ``changes`` is replaced, ``finance`` and ``policy`` are updated."""
    return Network.model_validate(tiny_data(**changes))


def tiny_data(**changes: Any) -> dict[str, Any]:
    """The tiny network as plain data, fresh on every call."""
    data = _goods() | _making() | _places() | _selling() | _evidence()
    for name, value in changes.items():
        data[name] = data[name] | value if name in ("finance", "policy") else value
    return data


def _goods() -> dict[str, Any]:
    return {
        "name": "Tiny snacks",
        "finance": {"start": "2027-01-01", "quarters": 4, "years": 2},
        "policy": {"default_mode": "truck", "default_calendar": "two_shifts", "segregation": ["peanut:line"]},
        "products": [
            {
                "id": "salted_nuts",
                "name": "Salted nuts, can",
                "family": "nuts",
                "price": 3.0,
                "mass_kg": 0.25,
                "volume_l": 0.6,
                "units_per_pallet": 2000,
                "shelf_life_days": 270,
                "minimum_remaining_life_days": 90,
                "allergens": ["peanut"],
                "format": "can",
            },
            {
                "id": "oat_bar",
                "name": "Oat bar",
                "family": "bars",
                "price": 1.2,
                "mass_kg": 0.05,
                "volume_l": 0.15,
                "units_per_pallet": 9000,
                "shelf_life_days": 300,
                "format": "wrap",
            },
        ],
        "materials": [
            {"id": "peanuts", "name": "Peanuts", "unit": "kg", "price_per_unit": 2.0, "mass_kg_per_unit": 1.0},
            {"id": "oats", "name": "Rolled oats", "unit": "kg", "price_per_unit": 1.1, "mass_kg_per_unit": 1.0},
        ],
        "bill": [
            {"product": "salted_nuts", "material": "peanuts", "quantity_per_unit": 0.22, "waste_share": 0.02},
            {"product": "oat_bar", "material": "oats", "quantity_per_unit": 0.04},
        ],
        "suppliers": [{"id": "grower", "name": "Grower", "lat": 31.6, "lon": -84.2}],
        "offers": [
            {"supplier": "grower", "material": "peanuts", "price_per_unit": 1.8},
            {"supplier": "grower", "material": "oats", "price_per_unit": 0.9},
        ],
    }


def _making() -> dict[str, Any]:
    return {
        "equipment": [
            {"id": "packer", "name": "Packer", "kind": "packer", "rated_rate_per_min": 130, "crew": 1, "price": 250000}
        ],
        "lines": [
            {
                "id": "fast_line",
                "name": "Fast line",
                "nominal_rate_per_min": 200,
                "oee": 0.65,
                "crew_per_shift": 6,
                "capex": 2500000,
                "kw_execute": 120,
                "footprint_m2": 800,
            },
            {
                "id": "small_line",
                "name": "Small line",
                "oee": 0.7,
                "crew_per_shift": 2,
                "capex": 900000,
                "kw_execute": 40,
                "footprint_m2": 150,
            },
        ],
        "stations": [{"line": "small_line", "id": "pack", "equipment": "packer"}],
        "changeovers": [
            {"id": "any_product", "attribute": "product", "minutes": 30},
            {
                "id": "peanut_out",
                "attribute": "allergen_removed",
                "from_value": "peanut",
                "minutes": 240,
                "cost": 300,
                "scope": "line",
            },
        ],
        "calendars": [{"id": "two_shifts", "name": "Two shifts, five days"}],
        "shifts": [
            {
                "calendar": "two_shifts",
                "id": "early",
                "days": ["mon", "tue", "wed", "thu", "fri"],
                "starts": "06:00",
                "ends": "14:00",
            },
            {
                "calendar": "two_shifts",
                "id": "late",
                "days": ["mon", "tue", "wed", "thu", "fri"],
                "starts": "14:00",
                "ends": "22:00",
            },
        ],
        "holidays": [{"calendar": "two_shifts", "day": "2027-07-05", "name": "Independence Day, observed"}],
    }


def _places() -> dict[str, Any]:
    return {
        "templates": [
            {
                "id": "big",
                "name": "Big plant",
                "scale": "big",
                "lines": ["fast_line"],
                "maximum_lines": 3,
                "capex": 20000000,
                "indirect_staff": 20,
                "area_m2": 8000,
                "stand_up_quarters": 3,
            },
            {
                "id": "micro",
                "name": "Micro-factory",
                "scale": "micro",
                "lines": ["small_line"],
                "maximum_lines": 2,
                "capex": 700000,
                "indirect_staff": 2,
                "area_m2": 600,
                "ramp": [0.8],
            },
        ],
        "stand_up_steps": [
            {"template": "micro", "id": "permit", "weeks": 6},
            {"template": "micro", "id": "install", "weeks": 5, "after": ["permit"]},
        ],
        "sites": [
            {
                "id": "albany",
                "name": "Albany, Georgia",
                "lat": 31.58,
                "lon": -84.16,
                "timezone": "America/New_York",
                "status": "existing",
                "template": "big",
                "wage_per_h": 22.0,
                "power_price_per_kwh": 0.08,
                "rent_per_m2_year": 60,
            },
            {
                "id": "reno",
                "name": "Reno, Nevada",
                "lat": 39.53,
                "lon": -119.81,
                "timezone": "America/Los_Angeles",
                "templates": ["micro"],
                "wage_per_h": 25.0,
                "power_price_per_kwh": 0.09,
                "rent_per_m2_year": 90,
            },
        ],
        "installed_lines": [{"id": "albany_fast", "site": "albany", "line": "fast_line", "count": 2}],
    }


def _selling() -> dict[str, Any]:
    return {
        "markets": [
            {"id": "atlanta", "name": "Atlanta", "lat": 33.75, "lon": -84.39, "population": 6000000},
            {"id": "seattle", "name": "Seattle", "lat": 47.61, "lon": -122.33, "population": 4000000},
            {"id": "chicago", "name": "Chicago", "lat": 41.88, "lon": -87.63, "population": 9000000},
        ],
        "seasons": [{"id": "winter", "month_index": [1.2, 1.1, 1, 1, 0.9, 0.9, 0.8, 0.8, 0.9, 1, 1.1, 1.3]}],
        "demand_rules": [
            {"id": "nuts_rule", "product": "salted_nuts", "units_per_head_year": 2.0, "share": 0.2, "season": "winter"},
            {"id": "bars_rule", "product": "oat_bar", "units_per_head_year": 4.0, "share": 0.1},
        ],
        "demand": [{"market": "chicago", "product": "oat_bar", "period": "2027", "units": 3000000}],
        "freight_modes": [
            {
                "id": "truck",
                "name": "Dry van",
                "payload_kg": 20000,
                "cube_m3": 100,
                "pallets": 26,
                "cost_per_km": 1.6,
                "minimum_cost": 300,
                "stop_cost": 60,
                "part_load_premium": 0.5,
                "km_per_day": 800,
                "fixed_days": 0.5,
            }
        ],
    }


def _evidence() -> dict[str, Any]:
    return {
        "scenarios": [{"id": "wages_up", "name": "Wages up by a fifth"}],
        "changes": [{"scenario": "wages_up", "path": "sites.*.wage_per_h", "operation": "scale", "value": "1.2"}],
        "evidence": [{"target": target, "basis": "assumption"} for target in ASSUMED],
    }


def full_data() -> dict[str, Any]:
    """The tiny network with at least one row in every collection, as plain data."""
    data = tiny_data()
    for name, rows in (_more_making() | _floor() | _more_places() | _operation()).items():
        data[name] = [*data.get(name, []), *rows]
    data["evidence"] += [{"target": target, "basis": "assumption"} for target in ALSO_ASSUMED]
    return data


ALSO_ASSUMED = (
    "upgrades.*.capex",
    "warehouses.*.throughput_fee_per_pallet",
    "co_packers.*.toll_fee_per_unit",
    "outage_classes.*.frequency_per_year",
    "outage_classes.*.duration_h",
    "lanes.*.cost_per_unit",
    "duties.*.ad_valorem_share",
)


def _more_making() -> dict[str, Any]:
    return {
        "packaging": [{"product": "salted_nuts", "beyond_km": 2000, "cost_per_unit": 0.02}],
        "stations": [
            {"line": "small_line", "id": "label", "equipment": "packer", "sequence": 1, "repair_crew": "fitters"}
        ],
        "crews": [{"line": "small_line", "id": "fitters", "kind": "repair", "people": 1}],
        "buffers": [{"line": "small_line", "id": "table", "after": "pack", "before": "label", "capacity_units": 400}],
        "flows": [{"line": "small_line", "source": "pack", "target": "scrap", "share": 0.01}],
        "routings": [{"product": "oat_bar", "operation": "pack", "equipment_kind": "packer"}],
        "capabilities": [
            {
                "template": "micro",
                "line": "small_line",
                "product": "oat_bar",
                "nominal_rate_per_min": 130,
                "effective_rate_per_min": 95,
                "effective_low_per_min": 93,
                "effective_high_per_min": 97,
                "method": "twin",
            }
        ],
        "sanitations": [{"id": "weekly_clean", "every_h": 80, "minutes": 120, "lines": ["fast_line"]}],
        "maintenance": [
            {"site": "albany", "day": "2027-02-06", "starts": "06:00", "minutes": 240, "every_days": 28},
        ],
        "recipes": [
            {
                "id": "bars_on_packer",
                "product": "oat_bar",
                "equipment_kind": "packer",
                "set_points": {"seal_temperature": "148 C", "film": "60 um"},
            }
        ],
        "checklists": [{"checklist": "to_bars", "step": 1, "text": "Swab the hopper", "needs": "signature"}],
    }


def _floor() -> dict[str, Any]:
    return {
        "floors": [{"id": "hall", "name": "Hall", "template": "micro", "width_m": 20, "depth_m": 12}],
        "zones": [{"floor": "hall", "id": "way", "kind": "aisle", "x_m": 0, "y_m": 5, "width_m": 20, "depth_m": 2}],
        "fixed_places": [
            {"floor": "hall", "id": "goods_in", "kind": "receiving", "x_m": 0, "y_m": 4, "depth_m": 3},
            {"floor": "hall", "id": "goods_out", "kind": "shipping", "x_m": 20, "y_m": 4, "depth_m": 3},
        ],
        "placements": [{"floor": "hall", "line": "small_line", "station": "pack", "x_m": 2, "y_m": 8}],
        "adjacency_wishes": [
            {"line": "small_line", "station": "label", "other": "goods_out", "weight_per_min": 20, "reason": "noise"}
        ],
    }


def _more_places() -> dict[str, Any]:
    return {
        "upgrades": [
            {"id": "quick_change", "name": "Quick change", "site": "albany", "capex": 400000, "changeover_factor": 0.5}
        ],
        "warehouses": [
            {"id": "tacoma", "name": "Tacoma", "lat": 47.25, "lon": -122.44, "throughput_fee_per_pallet": 14}
        ],
        "co_packers": [
            {
                "id": "helper",
                "name": "Helper foods",
                "lat": 41.6,
                "lon": -93.6,
                "products": ["oat_bar"],
                "toll_fee_per_unit": 0.2,
                "capacity_units_per_year": 4000000,
            }
        ],
        "outage_classes": [{"id": "power_cut", "name": "Power cut", "frequency_per_year": 1.2, "duration_h": 3}],
        "opportunities": [
            {
                "id": "airline",
                "name": "Airline snacks",
                "market": "atlanta",
                "product": "oat_bar",
                "units_per_quarter": 200000,
                "price": 1.0,
                "starts": "2027-07-01",
                "ends": "2028-12-31",
            }
        ],
        "freight_breaks": [
            {"mode": "truck", "from_kg": 0, "cost_per_tonne_km": 0.4, "minimum_cost": 90},
            {"mode": "truck", "from_kg": 2000, "cost_per_tonne_km": 0.25, "minimum_cost": 180},
        ],
        "lanes": [{"origin": "albany", "destination": "atlanta", "cost_per_unit": 0.015, "km": 290}],
        "duties": [
            {"origin_zone": "*", "destination_zone": "US", "ad_valorem_share": 0.1, "starts": "2027-04-01"},
        ],
    }


def _operation() -> dict[str, Any]:
    return {
        "endpoints": [
            {
                "equipment_path": "reno/small_line/pack",
                "driver": "opcua",
                "url": "opc.tcp://127.0.0.1:4840",
                "secret": "reno_packer",
                "profile": "packer",
            }
        ],
        "demand_orders": [
            {"id": "d_1001", "customer": "Shop", "product": "oat_bar", "quantity": 5000, "due": "2027-02-03T12:00:00Z"}
        ],
        "job_orders": [
            {
                "id": "j_1001",
                "demand_order": "d_1001",
                "site": "albany",
                "product": "oat_bar",
                "quantity": 5000,
                "due": "2027-02-02T12:00:00Z",
            }
        ],
        "run_slots": [
            {
                "site": "albany",
                "line": "fast_line",
                "job_order": "j_1001",
                "starts": "2027-02-02T08:00:00Z",
                "ends": "2027-02-02T08:40:00Z",
                "changeover_min": 30,
            }
        ],
        "states": [
            {
                "equipment_path": "reno/small_line/pack",
                "state": "Execute",
                "starts": "2027-02-02T08:00:00Z",
                "ends": "2027-02-02T08:40:00Z",
            }
        ],
        "counts": [
            {
                "equipment_path": "reno/small_line/pack",
                "product": "oat_bar",
                "good_units": 4950,
                "scrap_units": 20,
                "starts": "2027-02-02T08:00:00Z",
                "ends": "2027-02-02T08:40:00Z",
            }
        ],
        "stock_targets": [{"site": "albany", "product": "oat_bar", "cycle_units": 20000, "safety_units": 9000}],
        "forecasts": [
            {
                "site": "albany",
                "product": "oat_bar",
                "period": "2027-02",
                "mean_units": 400000,
                "quantiles": {"0.1": 350000, "0.9": 460000},
            }
        ],
    }
