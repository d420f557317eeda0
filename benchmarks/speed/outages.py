"""Every single-site outage of a 60-site plan, re-optimised: CPU seconds for all of them, one after another.

    python benchmarks/speed/outages.py [SITES] [MARKETS] [SEED]

The network is made from a seed: sites stand all over a square of 4,000 km, each with one to three lines, and make eight
products in two families. Goal: 60 sites and 150 markets in 60 CPU seconds.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np

from manyworks.model.network import Network
from manyworks.plan.design import design_network
from manyworks.plan.stress.outages.operation import numbers_of, operation_in
from manyworks.plan.stress.outages.respond import OutageOptions, Responder, effect_of
from manyworks.plan.stress.outages.strikes import strikes

HOURS = 672.0
FAMILIES, PRODUCTS = 2, 8
UNITS_PER_LINE = 125 * 60 * 0.7 * 4000
"""Units that one line makes a year: rate, OEE and hours of two shifts."""


def network(sites: int, markets: int, seed: int) -> Network:
    """A network of ``sites`` existing micro-factories, nine tenths used."""
    chance = np.random.default_rng(seed)
    lines = chance.integers(1, 4, sites)
    people = chance.pareto(1.2, markets) + 0.2
    people *= 0.85 * lines.sum() * UNITS_PER_LINE / PRODUCTS / people.sum()
    products = range(PRODUCTS)
    data: dict[str, Any] = {
        "name": "Benchmark",
        "finance": {"start": "2027-01-01", "quarters": 1, "years": 1},
        "policy": {"default_mode": "truck", "default_calendar": "days"},
        "products": [
            {
                "id": f"product_{p}", "name": f"Product {p}", "family": f"family_{p % FAMILIES}",
                "price": 1.0 + 0.1 * p, "mass_kg": 0.5, "volume_l": 0.6, "units_per_pallet": 1200,
            }
            for p in products
        ],
        "materials": [{"id": "stuff", "name": "Stuff", "unit": "kg", "price_per_unit": 0.3, "mass_kg_per_unit": 1}],
        "bill": [{"product": f"product_{p}", "material": "stuff", "quantity_per_unit": 0.5} for p in products],
        "suppliers": [{"id": "supplier", "name": "Supplier", "lat": 40, "lon": -95}],
        "offers": [{"supplier": "supplier", "material": "stuff", "price_per_unit": 0.3}],
        "lines": [
            {
                "id": "line", "name": "Line", "nominal_rate_per_min": 125, "oee": 0.7, "crew_per_shift": 3,
                "capex": 900000, "kw_execute": 40,
            }
        ],
        "changeovers": [{"id": "any", "attribute": "product", "minutes": 20, "scope": "line"}],
        "calendars": [{"id": "days", "shifts_per_day": 2, "hours_per_shift": 8, "days_per_week": 5}],
        "templates": [
            {
                "id": "micro", "name": "Micro-factory", "scale": "micro", "lines": ["line"], "maximum_lines": 3,
                "capex": 700000, "indirect_staff": 2, "storage_pallets": 400,
            }
        ],
        "sites": [
            {
                "id": f"site_{s}", "name": f"Site {s}", "lat": round(float(chance.uniform(30, 48)), 4),
                "lon": round(float(chance.uniform(-120, -75)), 4), "status": "existing", "template": "micro",
                "wage_per_h": round(float(chance.uniform(22, 34)), 2), "power_price_per_kwh": 0.1,
                "is_closable": False, "region": f"region_{s % 9}",
            }
            for s in range(sites)
        ],
        "installed_lines": [
            {"id": f"lines_{s}", "site": f"site_{s}", "line": "line", "count": int(lines[s])} for s in range(sites)
        ],
        "outage_classes": [{"id": "loss", "name": "Site loss", "frequency_per_year": 0.02, "duration_h": HOURS}],
        "markets": [
            {
                "id": f"market_{m}", "name": f"Market {m}", "lat": round(float(chance.uniform(30, 48)), 4),
                "lon": round(float(chance.uniform(-120, -75)), 4), "population": float(people[m]),
            }
            for m in range(markets)
        ],
        "demand_rules": [
            {"id": f"rule_{p}", "product": f"product_{p}", "units_per_head_year": 1.0} for p in products
        ],
        "freight_modes": [
            {
                "id": "truck", "name": "Truck", "payload_kg": 20000, "cube_m3": 90, "pallets": 26, "cost_per_km": 1.5,
                "stop_cost": 60, "part_load_premium": 0.5, "km_per_day": 800, "fixed_days": 0.5,
            }
        ],
    }  # fmt: skip
    return Network.model_validate(data)


def main(sites: int = 60, markets: int = 150, seed: int = 1) -> None:
    """Plan, then strike every site, and print what it takes."""
    plan = design_network(network(sites, markets, seed), case="do_nothing", gap=0.02, time_limit=120)
    spent = f"gap {plan.gap:.2%}, {plan.cpu_seconds:.0f} CPU s"
    print(f"plan of {sites} sites, {markets} markets, {PRODUCTS} products: {spent}")
    began = time.process_time()
    responder = Responder(operation=operation_in(numbers_of(plan), plan.periods[-1]), options=OutageOptions())
    ready = time.process_time()
    found = list(strikes(plan.network, responder.operation.lines_at()))
    costs = [responder.respond(effect_of(responder.operation, strike), HOURS).cost for strike in found]
    done = time.process_time()
    linear = responder.cover.linear
    size = f"{linear.column_count:,} columns, {linear.row_count:,} rows"
    print(f"model {size}: {ready - began:.1f} CPU s to set up and start")
    print(f"{len(costs)} outages of {HOURS:.0f} h re-optimised: {done - ready:.1f} CPU s, {done - began:.1f} in all")
    print(f"cost of one: {min(costs):,.0f} to {max(costs):,.0f}, mean {sum(costs) / len(costs):,.0f}")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
