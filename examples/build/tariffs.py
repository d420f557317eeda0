"""Tables of ``examples/tariffs``: duties by date, sea lanes through the cheaper of two ports, markets and sites."""

from __future__ import annotations

import math
from statistics import mean

from places import OFFSHORE, States, existing, market_row, outage_rows, season_row, site_row
from sources import EXAMPLES, metro_id, metros, read_table, states, write_table

FOLDER = EXAMPLES / "tariffs"
MARKETS = 60
CANDIDATES = (
    "los_angeles_ca riverside_ca phoenix_az seattle_wa dallas_tx houston_tx memphis_tn chicago_il columbus_oh "
    "atlanta_ga savannah_ga jacksonville_fl virginia_beach_va harrisburg_pa trenton_nj"
)
PORTS = {"sea_west": ("Los Angeles", "los_angeles_ca"), "sea_east": ("New York", "new_york_city_ny")}
CIRCUITY = 1.2
TRUCK_PER_KM = 1.4043 * 1.2005  # ATRI 2024 with the empty kilometres, as in network.yaml
SEA_DAYS = 44  # door to port, World Bank 2023
KM_PER_DAY = 712
MANZANILLO_TO_MONTERREY_KM = 1100  # assumption

# Country in the tariff tables, zone of the document, HS chapter.
BORDERS = (("VIETNAM", "VN", "08"), ("VIETNAM", "VN", "20"), ("MEXICO", "MX", "20"))


def build() -> None:
    """Write every generated table of the example."""
    by_state = states()
    areas = [metro for metro in metros() if metro["state"] not in OFFSHORE]
    by_id = {metro_id(metro): metro for metro in areas}
    sites = site_rows(by_id, by_state)
    write_table(FOLDER / "markets.csv", [market_row(metro, by_state, 7) for metro in areas[:MARKETS]])
    write_table(FOLDER / "sites.csv", sites)
    write_table(FOLDER / "outage_classes.csv", outage_rows(by_state, sites))
    write_table(FOLDER / "seasons.csv", [season_row("US_IPG3113N", "year", "Output of confectionery, United States")])
    write_table(FOLDER / "duties.csv", duty_rows())
    write_table(FOLDER / "lanes.csv", lane_rows(by_id, [metro_id(metro) for metro in areas[:MARKETS]]))


def site_rows(by_id: dict[str, dict[str, str]], by_state: States) -> list[dict[str, object]]:
    """The packing house at origin, a candidate in Mexico, candidates near American ports and customers."""
    countries = {row["iso2"]: row for row in read_table("countries")}
    rows = [site_row(by_id[key], by_state, ["micro"]) for key in CANDIDATES.split()]
    origin = abroad(countries["VN"], "plant_vietnam", "Existing packing house, Ho Chi Minh City", 10.82, 106.63)
    mexico = abroad(countries["MX"], "monterrey_mx", "Monterrey, Mexico", 25.67, -100.31)
    return [
        existing(
            rows[0] | origin,
            template="packing_house",
            opened="2012-01-01",
            closure_cost=1000000,
            timezone="Asia/Ho_Chi_Minh",
        ),
        rows[0] | mexico | {"templates": ["micro"], "timezone": "America/Monterrey"},
        *rows,
    ]


def abroad(country: dict[str, str], key: str, name: str, lat: float, lon: float) -> dict[str, object]:
    """What differs at a site outside the United States; power and rent are assumed."""
    return {
        "id": key,
        "name": name,
        "lat": lat,
        "lon": lon,
        "country": country["iso2"],
        "region": country["country"],
        "wage_per_h": country["manufacturing_labour_cost_usd_h_2018_estimate"],
        "labour_pool": "",
        "power_price_per_kwh": 0.08,
        "rent_per_m2_year": 55,
        "outages": ["line_repair", "site_loss"],
        "grid_co2_kg_per_kwh": country["grid_kgco2_per_kwh_2023"],
    }


def duty_rows() -> list[dict[str, object]]:
    """Duty by chapter in 2024, then with the additional duty of its country from each policy date on."""
    base = {(row["country"], row["hs2"]): row for row in read_table("us_tariffs_by_country_hs2")}
    rows = []
    for country, zone, chapter in BORDERS:
        before = float(base[country, chapter]["base_tariff_2024_pct"])
        rows.append(duty(zone, chapter, before, None))
        steps = [row for row in read_table("us_tariffs_by_country_time") if row["country"] == country]
        rows += [duty(zone, chapter, before + float(row["additional_tariff_pct_points"]), row["date"]) for row in steps]
    return rows


def duty(zone: str, chapter: str, percent: float, starts: str | None) -> dict[str, object]:
    """One row of duties.csv."""
    return {
        "origin_zone": zone,
        "destination_zone": "US",
        "duty_class": chapter,
        "ad_valorem_share": round(percent / 100, 6),
        "starts": starts,
    }


def lane_rows(by_id: dict[str, dict[str, str]], markets: list[str]) -> list[dict[str, object]]:
    """From Vietnam to every American place through the port that is cheaper, sea and road together."""
    rows = [lane("monterrey_mx", "sea_west", MANZANILLO_TO_MONTERREY_KM)]
    for key in dict.fromkeys([*markets, *CANDIDATES.split()]):
        road = {mode: CIRCUITY * kilometres(by_id[port], by_id[key]) for mode, (_, port) in PORTS.items()}
        mode = min(PORTS, key=lambda name: sea_price(PORTS[name][0]) + road[name] * TRUCK_PER_KM)
        rows.append(lane(key, mode, round(road[mode])))
    return rows


def lane(destination: str, mode: str, km: int) -> dict[str, object]:
    """One row of lanes.csv: ``km`` is the road leg, the sea leg is in the mode's stop cost and days."""
    days = round(SEA_DAYS + km / KM_PER_DAY, 1)
    return {"origin": "VN", "destination": destination, "mode": mode, "km": max(km, 20), "days": days}


def sea_price(port: str) -> float:
    """Mean spot rate of a 40 ft container from Shanghai, USD, over the quoted dates."""
    rows = [row for row in read_table("freight_sea_lanes") if row["origin"] == "Shanghai"]
    return mean(float(row["usd_per_40ft_container"]) for row in rows if row["destination"] == port)


def kilometres(one: dict[str, str], other: dict[str, str]) -> float:
    """Great circle between two metros, km."""
    lat1, lon1, lat2, lon2 = (math.radians(float(row[name])) for row in (one, other) for name in ("lat", "lon"))
    angle = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(angle))
