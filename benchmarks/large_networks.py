"""Large networks made from a seed, as real documents: candidate sites, three templates, quarters, products, markets.

Two families. ``spread``: small plants near customers pay at about half of the sites. ``bound``: the big plant is much
cheaper, pools of labour and hires a quarter are short, and wages rise.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import numpy as np

from manyworks.model.network import Network

Family = Literal["spread", "bound"]
PEOPLE_PER_SITE = 5.0e6
UNITS_PER_HEAD = 5.0


def large_network(
    sites: int, markets: int, products: int, quarters: int = 12, *, families: int = 2, seed: int, kind: Family
) -> Network:
    """A sound network; a twentieth of the sites exists as big plants, the others are candidates for every template.

    The first half of the ``families`` holds no nuts, the second half does: the small plants run one half each.
    """
    rng = np.random.default_rng([seed, sites, markets, products])
    data: dict[str, Any] = _goods(rng, products, families) | _making(kind, products, families)
    data |= _places(rng, sites, kind) | _selling(rng, sites, markets, products)
    data["name"] = f"{kind} {sites} x {markets} x {products} x {quarters}, seed {seed}"
    data["finance"] = {"start": date(2027, 1, 1), "quarters": quarters, "years": 0, "terminal_years": 8}
    data["policy"] = {
        "default_mode": "truck",
        "default_calendar": "two_shifts",
        "unmet_penalty_share": 0.1,
        "hiring_cost": 1500,
        "training_hours": 80,
    }
    return Network.model_validate(data)


def _goods(rng: np.random.Generator, products: int, families: int) -> dict[str, Any]:
    nuts = np.arange(products) % families >= (families + 1) // 2
    rows = [
        {
            "id": f"p{p:02d}",
            "name": f"Product {p}",
            "family": f"family_{p % families}",
            "price": round(float(rng.uniform(0.45, 0.7)), 3),
            "mass_kg": round(float(rng.uniform(0.35, 0.7)), 3),
            "volume_l": 0.8,
            "units_per_pallet": 1400,
            "allergens": ["peanut"] if nuts[p] else [],
        }
        for p in range(products)
    ]
    bill = [
        {"product": row["id"], "material": "mix", "quantity_per_unit": round(row["mass_kg"] * 0.6, 4)} for row in rows
    ]
    return {
        "products": rows,
        "materials": [{"id": "mix", "name": "Mix", "unit": "kg", "price_per_unit": 1.2, "mass_kg_per_unit": 1.0}],
        "bill": bill,
        "suppliers": [{"id": "mill", "name": "Mill", "lat": 41.0, "lon": -93.0}],
        "offers": [{"supplier": "mill", "material": "mix", "price_per_unit": 1.0}],
    }


def _making(kind: Family, products: int, families: int) -> dict[str, Any]:
    half = (families + 1) // 2
    names = [f"p{p:02d}" for p in range(products)]
    plain = [name for p, name in enumerate(names) if p % families < half]
    nutty = [name for p, name in enumerate(names) if p % families >= half]
    lines = [
        _line("big_line", names, 200, 6, 1_600_000 if kind == "spread" else 1_100_000, 0.7),
        _line("plain_line", plain, 125, 3, 1_000_000, 0.65),
        _line("nut_line", nutty, 125, 3, 1_100_000, 0.65),
    ]
    templates = [
        _template("big", "big", "big_line", 9, 24e6 if kind == "spread" else 7e6, 25 if kind == "spread" else 12, 3),
        _template("plain_micro", "micro", "plain_line", 5, 600_000, 3, 1),
        _template("nut_micro", "micro", "nut_line", 5, 700_000, 3, 1),
    ]
    return {
        "lines": lines,
        "templates": templates,
        "changeovers": [
            {"id": "any", "attribute": "product", "minutes": 25, "cost": 60},
            {"id": "nut_out", "attribute": "allergen_removed", "from_value": "peanut", "minutes": 180, "cost": 400},
        ],
        "calendars": [{"id": "two_shifts", "name": "Two shifts, five days"}],
        "freight_modes": [
            {
                "id": "truck",
                "name": "Dry van",
                "payload_kg": 20000,
                "cube_m3": 90,
                "pallets": 26,
                "cost_per_km": 1.7,
                "minimum_cost": 250,
                "stop_cost": 60,
                "part_load_premium": 0.5,
                "km_per_day": 800,
                "fixed_days": 0.5,
            }
        ],
    }


def _line(name: str, products: list[str], rate: float, crew: float, capex: float, oee: float) -> dict[str, Any]:
    return {
        "id": name,
        "name": name.replace("_", " ").capitalize(),
        "products": products,
        "nominal_rate_per_min": rate,
        "oee": oee,
        "crew_per_shift": crew,
        "capex": capex,
        "kw_execute": 60,
        "footprint_m2": 300,
        "service_per_year": 0.03 * capex,
    }


def _template(name: str, scale: str, line: str, most: int, capex: float, staff: float, lead: int) -> dict[str, Any]:
    return {
        "id": name,
        "name": name.replace("_", " ").capitalize(),
        "scale": scale,
        "lines": [line],
        "maximum_lines": most,
        "capex": capex,
        "indirect_staff": staff,
        "area_m2": 8000 if scale == "big" else 500,
        "stand_up_quarters": lead,
        "line_lead_quarters": 1,
        "storage_pallets": 5000 if scale == "big" else 600,
    }


def _places(rng: np.random.Generator, sites: int, kind: Family) -> dict[str, Any]:
    lat, lon = rng.uniform(31, 46, sites), rng.uniform(-120, -75, sites)
    wage, rent, power = rng.uniform(18, 32, sites), rng.uniform(50, 140, sites), rng.uniform(0.06, 0.14, sites)
    pool = rng.uniform(250, 900, sites)
    existing = max(sites // 20, 1)
    rows = []
    for s in range(sites):
        row: dict[str, Any] = {
            "id": f"s{s:04d}",
            "name": f"Site {s}",
            "lat": round(float(lat[s]), 3),
            "lon": round(float(lon[s]), 3),
            "wage_per_h": round(float(wage[s]), 2),
            "power_price_per_kwh": round(float(power[s]), 4),
            "rent_per_m2_year": round(float(rent[s]), 1),
            "turnover_per_year": 0.2,
        }
        if kind == "bound":
            row |= {"labour_pool": round(float(pool[s])), "hireable_share": 0.08}
            row |= {"wage_rise_per_pool_share": 1.5, "hires_per_quarter": 25}
        if s < existing:
            row |= {"status": "existing", "template": "big", "labour_pool": 3000, "hireable_share": 0.08}
            row |= {"hires_per_quarter": 60, "closure_cost": 1_000_000}
        rows.append(row)
    installed = [
        {"id": f"old_{s}", "site": f"s{s:04d}", "line": "big_line", "count": 6, "book_value": 5_000_000}
        for s in range(existing)
    ]
    return {"sites": rows, "installed_lines": installed}


def _selling(rng: np.random.Generator, sites: int, markets: int, products: int) -> dict[str, Any]:
    weight = rng.lognormal(0, 0.9, markets)
    people = weight / weight.sum() * sites * PEOPLE_PER_SITE
    lat, lon = rng.uniform(31, 46, markets), rng.uniform(-120, -75, markets)
    rows = [
        {
            "id": f"m{m:04d}",
            "name": f"Market {m}",
            "lat": round(float(lat[m]), 3),
            "lon": round(float(lon[m]), 3),
            "population": round(float(people[m])),
        }
        for m in range(markets)
    ]
    shapes = [1 + 0.25 * np.cos((np.arange(12) - peak) / 12 * 2 * np.pi) for peak in (6, 11, 3)]
    seasons = [{"id": f"season_{k}", "month_index": [float(x) for x in shape]} for k, shape in enumerate(shapes)]
    share = rng.dirichlet(np.full(products, 4.0), REGIONS)
    rules = [
        {
            "id": f"rule_{p}_{r}",
            "product": f"p{p:02d}",
            "units_per_head_year": round(UNITS_PER_HEAD * float(share[r, p]), 5),
            "markets": [f"m{m:04d}" for m in range(markets) if m % REGIONS == r],
            "season": f"season_{p % 3}",
            "growth_per_year": 0.12,
        }
        for p in range(products)
        for r in range(REGIONS)
    ]
    return {"markets": rows, "seasons": seasons, "demand_rules": rules}


REGIONS = 5
"""Groups of markets with tastes of their own."""
