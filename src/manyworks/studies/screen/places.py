"""Where plants and customers are: metropolitan areas of the United States, countries of Europe, cities abroad.

Metropolitan areas, their people and their positions are the public tables of the examples (US Census Bureau). Countries
of Europe count their people, rounded to 100,000 (Eurostat and national offices, 2024), at their largest city.
"""

from __future__ import annotations

import csv
import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from manyworks.errors import UsageError
from manyworks.examples import example_path
from manyworks.units import haversine_km

US_REGIONS = {
    "northeast": ("New England", "Middle Atlantic"),
    "midwest": ("East North Central", "West North Central"),
    "south": ("South Atlantic", "East South Central", "West South Central"),
    "west": ("Mountain", "Pacific"),
}
REGIONS = ("us", *US_REGIONS, "europe")
OFFSHORE = ("AK", "HI")
MOST_MARKETS = 12
"""A screen has so many markets; smaller places count with the nearest larger one."""

EUROPE = (
    ("germany", "Germany", 52.52, 13.40, "DE", 83.5), ("france", "France", 48.86, 2.35, "FR", 68.5),
    ("italy", "Italy", 45.46, 9.19, "IT", 59.0), ("spain", "Spain", 40.42, -3.70, "ES", 48.6),
    ("poland", "Poland", 52.23, 21.01, "PL", 36.6), ("romania", "Romania", 44.43, 26.10, "RO", 19.1),
    ("netherlands", "Netherlands", 52.37, 4.90, "NL", 17.9), ("belgium", "Belgium", 50.85, 4.35, "BE", 11.8),
    ("czechia", "Czechia", 50.08, 14.44, "CZ", 10.9), ("portugal", "Portugal", 38.72, -9.14, "PT", 10.6),
    ("sweden", "Sweden", 59.33, 18.07, "SE", 10.6), ("greece", "Greece", 37.98, 23.73, "GR", 10.4),
    ("hungary", "Hungary", 47.50, 19.04, "HU", 9.6), ("austria", "Austria", 48.21, 16.37, "AT", 9.2),
    ("bulgaria", "Bulgaria", 42.70, 23.32, "BG", 6.4), ("denmark", "Denmark", 55.68, 12.57, "DK", 6.0),
    ("finland", "Finland", 60.17, 24.94, "FI", 5.6), ("slovakia", "Slovakia", 48.15, 17.11, "SK", 5.4),
)  # fmt: skip
ABROAD = (
    ("shanghai", "Shanghai", 31.23, 121.47, "CN"), ("shenzhen", "Shenzhen", 22.54, 114.06, "CN"),
    ("ho_chi_minh_city", "Ho Chi Minh City", 10.82, 106.63, "VN"), ("bangkok", "Bangkok", 13.76, 100.50, "TH"),
    ("mumbai", "Mumbai", 19.08, 72.88, "IN"), ("istanbul", "Istanbul", 41.01, 28.98, "TR"),
    ("casablanca", "Casablanca", 33.57, -7.59, "MA"), ("sao_paulo", "São Paulo", -23.55, -46.63, "BR"),
    ("monterrey", "Monterrey", 25.67, -100.31, "MX"), ("tijuana", "Tijuana", 32.51, -117.04, "MX"),
    ("toronto", "Toronto", 43.65, -79.38, "CA"), ("montreal", "Montreal", 45.50, -73.57, "CA"),
)  # fmt: skip
BY_LAND = ({"US", "CA", "MX"}, {row[4] for row in EUROPE} | {"TR"})
"""Countries between which goods go by road all the way."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A city: ``key`` is its id, ``people`` those who live there."""

    key: str
    name: str
    lat: float
    lon: float
    country: str
    people: float = 0.0
    region: str = ""


@cache
def metros() -> tuple[Place, ...]:
    """Metropolitan areas of the United States, largest first."""
    with (example_path("soda_us") / "markets.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Place(
                key=row["id"], name=row["name"], lat=float(row["lat"]), lon=float(row["lon"]), country="US",
                people=float(row["population"]), region=row["region"],
            )
            for row in csv.DictReader(file)
        )  # fmt: skip


@cache
def cities() -> dict[str, Place]:
    """Every place that the list knows, by id."""
    abroad = [Place(key=key, name=name, lat=lat, lon=lon, country=land) for key, name, lat, lon, land in ABROAD]
    return {row.key: row for row in (*metros(), *_europe(), *abroad)}


def plant_place(words: str) -> Place:
    """The place that ``words`` name: an id or a name of the list, or ``latitude;longitude;country``.

    Raises
    ------
    UsageError
        There is no such place; the nearest names are given.
    """
    parts = [part.strip() for part in words.split(";")]
    if len(parts) == 3:
        return _anywhere(words, parts)
    key = words.strip().lower().replace(", ", "_").replace(" ", "_").replace("-", "_")
    found = [row for name, row in cities().items() if key in (name, name.rsplit("_", 1)[0])]
    if found:
        return found[0]
    guesses = difflib.get_close_matches(key, cities(), 3, 0.5)
    cure = f"Did you mean {', '.join(guesses)}?" if guesses else "Write latitude;longitude;country: 35.4;-94.4;US."
    raise UsageError("must be a city of the list", where="plant", found=words, cure=cure)


def market_places(region: str) -> list[Place]:
    """At most ``MOST_MARKETS`` places that stand for all people of ``region``, largest first."""
    rows = _europe() if region == "europe" else [row for row in metros() if _is_in(row, region)]
    return _gathered(rows, MOST_MARKETS)


def is_overseas(start: Place, end_country: str) -> bool:
    """Whether goods have to cross a sea on the way."""
    return start.country != end_country and not any({start.country, end_country} <= land for land in BY_LAND)


def _europe() -> list[Place]:
    return [
        Place(key=key, name=name, lat=lat, lon=lon, country=land, people=1e6 * people, region="Europe")
        for key, name, lat, lon, land, people in EUROPE
    ]


def _is_in(row: Place, region: str) -> bool:
    if row.name.rsplit(", ", 1)[-1] in OFFSHORE:
        return False
    return region == "us" or row.region in US_REGIONS[region]


def _gathered(rows: Sequence[Place], most: int) -> list[Place]:
    """Centres chosen one by one where people are farthest from any centre, and everybody counted at the nearest one."""
    centres: list[Place] = []
    nearest = [math.inf] * len(rows)
    while len(centres) < min(most, len(rows)):
        weight = [row.people * min(km, 1e6) for row, km in zip(rows, nearest, strict=True)]
        best = max(range(len(rows)), key=lambda k: (weight[k], rows[k].people, rows[k].key))
        centres.append(rows[best])
        nearest = [min(km, _km(row, rows[best])) for row, km in zip(rows, nearest, strict=True)]
    people = dict.fromkeys((row.key for row in centres), 0.0)
    for row in rows:
        people[min(centres, key=lambda centre: (_km(row, centre), centre.key)).key] += row.people
    return sorted((replace(row, people=people[row.key]) for row in centres), key=lambda row: (-row.people, row.key))


def _km(start: Place, end: Place) -> float:
    return float(haversine_km(start.lat, start.lon, end.lat, end.lon))


def _anywhere(words: str, parts: Sequence[str]) -> Place:
    try:
        lat, lon = float(parts[0]), float(parts[1])
    except ValueError:
        lat, lon = math.nan, math.nan
    country = parts[2].upper()
    if not (abs(lat) <= 90 and abs(lon) <= 180 and len(country) == 2 and country.isalpha()):
        cure = "For example 35.4;-94.4;US, north and east positive."
        raise UsageError("must be latitude;longitude;country", where="plant", found=words, cure=cure)
    return Place(
        key=f"{lat:g};{lon:g};{country}", name=f"{lat:g}, {lon:g} ({country})", lat=lat, lon=lon, country=country
    )
