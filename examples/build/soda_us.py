"""Tables of ``examples/soda_us``: metros as markets, candidate sites, outages by state, the season.

What is looked up in a source table happens here; what is assumed is a named constant here or a number in
``network.yaml``, and each has its row in ``evidence.csv``.
"""

from __future__ import annotations

from sources import EXAMPLES, Row, metro_id, metros, read_table, states, timezone, write_table

FOLDER = EXAMPLES / "soda_us"
M2_PER_SQUARE_FOOT = 0.09290304

BENEFIT_LOADING = 1.42  # assumption: loaded cost of an hour over its pay
CANDIDATE_METROS = 48  # the most populous ones; then one in every state that has none
OFFSHORE = {"AK", "HI"}  # served by barge; no candidate sites
EXISTING = "fort_smith_ar"
BIG_CANDIDATES = ("harrisburg_pa", "macon_ga", "phoenix_az")
SEASON_SERIES = "US_S4248SM144NCEN"

# In-place averages of the rent table; every other market takes the national one.
NATIONAL_RENT = ("United States", "2024-10")
RENT_MARKETS = {
    "new_york_city_ny": ("New Jersey", "2024-03"),
    "trenton_nj": ("New Jersey", "2024-03"),
    "riverside_ca": ("Inland Empire", "2024-09"),
    "los_angeles_ca": ("Inland Empire", "2024-09"),
    "boston_ma": ("Boston", "2023-09"),
    "chicago_il": ("Chicago", "2021-04"),
}


def build() -> None:
    """Write every generated table of the example."""
    areas, by_state = metros(), states()
    write_table(FOLDER / "markets.csv", [market_row(metro, by_state) for metro in areas])
    write_table(FOLDER / "sites.csv", site_rows(areas, by_state))
    write_table(FOLDER / "outage_classes.csv", outage_rows(by_state))
    write_table(FOLDER / "seasons.csv", [season_row(SEASON_SERIES, "Wholesale of drinks, United States")])


def market_row(metro: Row, by_state: dict[str, dict[str, str]]) -> dict[str, object]:
    """One metro as a market."""
    offshore = metro["state"] in OFFSHORE
    return {
        "id": metro_id(metro),
        "name": metro["metro"] + ", " + metro["state"],
        "lat": metro["lat"],
        "lon": metro["lon"],
        "region": by_state[metro["state"]]["census_division"],
        "tariff_zone": "offshore" if offshore else "",
        "population": metro["population_2023"],
        "service_days": 21 if offshore else 5,
    }


def site_rows(areas: list[dict[str, str]], by_state: dict[str, dict[str, str]]) -> list[dict[str, object]]:
    """The existing plant, then the candidates in order of population."""
    by_id = {metro_id(metro): metro for metro in areas}
    existing = site_row(by_id[EXISTING], by_state) | {
        "id": "plant_fort_smith",
        "name": "Existing plant, Fort Smith, AR",
        "status": "existing",
        "template": "big",
        "templates": [],
        "opened": "2006-01-01",
        "closure_cost": 6000000,
    }
    return [existing] + [site_row(metro, by_state) for metro in candidates(areas)]


def candidates(areas: list[dict[str, str]]) -> list[dict[str, str]]:
    """Largest metros, the largest of every state without one, and the three places for a big plant."""
    chosen = [metro for metro in areas[:CANDIDATE_METROS] if metro["state"] not in OFFSHORE]
    for metro in areas:
        is_new_state = metro["state"] not in OFFSHORE | {other["state"] for other in chosen}
        if is_new_state or (metro_id(metro) in BIG_CANDIDATES and metro not in chosen):
            chosen.append(metro)
    return sorted(chosen, key=lambda metro: int(metro["rank"]))


def site_row(metro: Row, by_state: dict[str, dict[str, str]]) -> dict[str, object]:
    """A metro as a candidate site: pay, power, pool and grid of its first state."""
    state, key = by_state[metro["state"]], metro_id(metro)
    workers_per_head = float(state["labour_pool_production_workers"]) / float(state["population_2023"])
    return {
        "id": key,
        "name": f"{metro['principal_city']}, {metro['state']}",
        "lat": metro["lat"],
        "lon": metro["lon"],
        "region": state["census_division"],
        "timezone": timezone(metro["state"], float(metro["lon"])),
        "status": "candidate",
        "template": "",
        "templates": ["big", "micro"] if key in BIG_CANDIDATES else ["micro"],
        "opened": "",
        "wage_per_h": round(float(state["wage_production_usd_h"]) * BENEFIT_LOADING, 2),
        "wage_rise_per_pool_share": 0.5,
        "labour_pool": round(workers_per_head * float(metro["population_2023"])),
        "hireable_share": 0.05,
        "turnover_per_year": 0.3,
        "power_price_per_kwh": state["electricity_industrial_usd_kwh"],
        "rent_per_m2_year": rent_per_m2(key),
        "outages": [f"grid_{metro['state'].lower()}", "line_repair", "site_loss"],
        "grid_co2_kg_per_kwh": state["grid_kgco2e_per_kwh_2023"],
        "closure_cost": 0,
    }


def rent_per_m2(site: str) -> float:
    """Rent of industrial floor, USD per m2 and year: the market's in-place average, else the national one."""
    market, as_of = RENT_MARKETS.get(site, NATIONAL_RENT)
    for row in read_table("us_industrial_rent"):
        if (row["market"], row["as_of"], row["measure"]) == (market, as_of, "in-place average"):
            return round(float(row["usd_per_sqft_year"]) / M2_PER_SQUARE_FOOT, 2)
    raise LookupError(f"no in-place rent of {market} at {as_of}")


def outage_rows(by_state: dict[str, dict[str, str]]) -> list[dict[str, object]]:
    """Power cuts by state (SAIFI a year, SAIDI / SAIFI long), then the two classes that are assumed."""
    rows = []
    for abbr, state in by_state.items():
        cuts, minutes = (state[f"{name}_per_year_mean_2019_2023"] for name in ("saifi", "saidi_min"))
        if cuts and abbr not in OFFSHORE:
            hours = round(float(minutes) / float(cuts) / 60, 3)
            rows.append(outage(f"grid_{abbr.lower()}", f"Power cut, {state['state']}", float(cuts), hours, "site"))
    return [
        *rows,
        outage("line_repair", "Long repair of a line", 2, 48, "line"),
        outage("site_loss", "Fire, recall, strike or flood", 0.02, 672, "site"),
    ]


def outage(key: str, name: str, frequency: float, hours: float, stops: str) -> dict[str, object]:
    """One row of outage_classes.csv."""
    return {"id": key, "name": name, "frequency_per_year": frequency, "duration_h": hours, "stops": stops}


def season_row(series: str, name: str) -> dict[str, object]:
    """Monthly index of one series of the source table."""
    index = [row["index_mean1"] for row in read_table("demand_seasonality") if row["series_id"] == series]
    return {"id": "year", "name": name, "month_index": index}
