"""Metros as markets and as sites, and the power cuts of their states: rows that several examples share."""

from __future__ import annotations

from sources import Row, metro_id, read_table, timezone

States = dict[str, dict[str, str]]

M2_PER_SQUARE_FOOT = 0.09290304
BENEFIT_LOADING = 1.42  # assumption: loaded cost of an hour over its pay
OFFSHORE = {"AK", "HI"}

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


def market_row(metro: Row, by_state: States, service_days: float) -> dict[str, object]:
    """One metro as a market."""
    return {
        "id": metro_id(metro),
        "name": metro["metro"] + ", " + metro["state"],
        "lat": metro["lat"],
        "lon": metro["lon"],
        "region": by_state[metro["state"]]["census_division"],
        "population": metro["population_2023"],
        "service_days": service_days,
    }


def site_row(metro: Row, by_state: States, templates: list[str]) -> dict[str, object]:
    """A metro as a candidate site: pay, power, pool and grid of its first state."""
    state, key = by_state[metro["state"]], metro_id(metro)
    workers_per_head = float(state["labour_pool_production_workers"]) / float(state["population_2023"])
    return {
        "id": key,
        "name": f"{metro['principal_city']}, {metro['state']}",
        "lat": metro["lat"],
        "lon": metro["lon"],
        "country": "US",
        "region": state["census_division"],
        "timezone": timezone(metro["state"], float(metro["lon"])),
        "status": "candidate",
        "template": "",
        "templates": templates,
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


def existing(row: dict[str, object], **changes: object) -> dict[str, object]:
    """The same place as a standing plant."""
    return row | {"status": "existing", "templates": []} | changes


def rent_per_m2(site: str) -> float:
    """Rent of industrial floor, USD per m2 and year: the market's in-place average, else the national one."""
    market, as_of = RENT_MARKETS.get(site, NATIONAL_RENT)
    for row in read_table("us_industrial_rent"):
        if (row["market"], row["as_of"], row["measure"]) == (market, as_of, "in-place average"):
            return round(float(row["usd_per_sqft_year"]) / M2_PER_SQUARE_FOOT, 2)
    raise LookupError(f"no in-place rent of {market} at {as_of}")


def outage_rows(by_state: States, sites: list[dict[str, object]]) -> list[dict[str, object]]:
    """Power cuts of the sites' states (SAIFI a year, SAIDI / SAIFI long), then the two classes that are assumed."""
    named = {word for site in sites for word in site["outages"]}  # type: ignore[attr-defined]
    rows = []
    for abbr, state in by_state.items():
        if f"grid_{abbr.lower()}" in named:
            cuts, minutes = (float(state[f"{name}_per_year_mean_2019_2023"]) for name in ("saifi", "saidi_min"))
            hours = round(minutes / cuts / 60, 3)
            rows.append(outage(f"grid_{abbr.lower()}", f"Power cut, {state['state']}", cuts, hours, "site"))
    return [
        *rows,
        outage("line_repair", "Long repair of a line", 2, 48, "line"),
        outage("site_loss", "Fire, recall, strike or flood", 0.02, 672, "site"),
    ]


def outage(key: str, name: str, frequency: float, hours: float, stops: str) -> dict[str, object]:
    """One row of outage_classes.csv."""
    return {"id": key, "name": name, "frequency_per_year": frequency, "duration_h": hours, "stops": stops}


def season_row(series: str, key: str, name: str) -> dict[str, object]:
    """Monthly index of one series of the source table."""
    index = [row["index_mean1"] for row in read_table("demand_seasonality") if row["series_id"] == series]
    return {"id": key, "name": name, "month_index": index}
