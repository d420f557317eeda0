"""How long a document of 5,000 sites takes to read, judge and save, in CPU seconds.

    PYTHONPATH=src python benchmarks/speed/document_load.py [SITES]

The number to reach: reading and checking 5,000 sites in less than 2 s, from YAML alone and from CSV.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from manyworks.model.document import load_network, save_network
from manyworks.model.document.writer import yaml_row
from manyworks.model.network import Network

ROUNDS = 3
PRODUCT = {"id": "cola", "name": "Cola", "family": "soda", "price": 1, "mass_kg": 1, "volume_l": 1}
PRODUCT["units_per_pallet"] = 800
TEMPLATE = {"id": "micro", "name": "Micro", "scale": "micro", "lines": ["line"], "maximum_lines": 4, "capex": 4e5}
TEMPLATE["stand_up_quarters"] = 1
TRUCK = {"id": "truck", "name": "Truck", "payload_kg": 20000, "cube_m3": 80, "pallets": 26, "cost_per_km": 1.5}
TRUCK["km_per_day"] = 800


def network_of(sites: int) -> Network:
    """A sound network: one product, one template, ``sites`` candidates around 20 markets in the middle of the US."""
    places = [
        {
            "id": f"s{number}",
            "name": f"Site {number}",
            "lat": 32 + number * 7919 % 1300 / 100,
            "lon": -110 + number * 104729 % 2900 / 100,
            "region": f"r{number % 9}",
            "timezone": "America/Chicago",
            "wage_per_h": 18 + number % 17 / 2,
            "labour_pool": 800 + number % 400,
            "hires_per_quarter": 30,
            "turnover_per_year": 0.3,
            "power_price_per_kwh": 0.08,
            "demand_charge_per_kw_month": 9.5,
            "rent_per_m2_year": 90 + number % 20,
            "grid_co2_kg_per_kwh": 0.4,
        }
        for number in range(sites)
    ]
    markets = [
        {"id": f"m{number}", "name": f"Market {number}", "lat": 33 + number / 2, "lon": -105 + number}
        for number in range(20)
    ]
    return Network.model_validate(
        {
            "name": "benchmark",
            "finance": {"start": date(2027, 1, 1)},
            "policy": {"default_calendar": "day", "default_mode": "truck"},
            "products": [PRODUCT],
            "materials": [{"id": "syrup", "name": "Syrup", "unit": "kg", "price_per_unit": 1}],
            "bill": [{"product": "cola", "material": "syrup", "quantity_per_unit": 0.2}],
            "lines": [{"id": "line", "name": "Line", "nominal_rate_per_min": 125, "crew_per_shift": 4, "capex": 9e5}],
            "calendars": [{"id": "day"}],
            "templates": [TEMPLATE],
            "sites": places,
            "markets": markets,
            "demand": [{"market": row["id"], "product": "cola", "period": "2027", "units": 8e6} for row in markets],
            "freight_modes": [TRUCK],
        }
    )


def cpu_seconds(work: Callable[[], object]) -> float:
    """Least CPU time of a few rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def main(sites: int = 5000) -> None:
    """Print one line for each format."""
    network = network_of(sites)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inline = folder / "inline"
        save_network(network.model_copy(update={"sites": []}), inline)
        rows = "\n".join(line for site in network.sites for line in yaml_row(site))
        with (inline / "network.yaml").open("a") as file:
            file.write(f"sites:\n{rows}\n")
        save_network(network, folder / "folder")
        save_network(network, folder / "network.json")
        save_network(network, folder / "network.xlsx")
        print(f"{sites:,} sites: CPU seconds to read and check, and to save")
        for form in ("inline", "folder", "network.json", "network.xlsx"):
            path = folder / form
            assert load_network(path) == network
            save = cpu_seconds(lambda path=path: save_network(network, path)) if form != "inline" else float("nan")
            print(f"  {form:13} load {cpu_seconds(lambda path=path: load_network(path)):6.2f}   save {save:6.2f}")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
