"""Where plants and customers are: metropolitan areas of the United States, other countries at their capitals.

Metropolitan areas and their people are the market table of the example soda_us (US Census Bureau), their positions and
all that is known of other countries are ``countries.csv`` (GeoNames). Both are made by ``make example-tables``.
"""

from __future__ import annotations

import csv
import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

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

EU_MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU = frozenset(EU_MEMBERS.split())
"""Members of the European Union, which charge each other no duty."""
ISLANDS = frozenset(("CY", "IS", "MT"))
"""Countries of Europe that no road reaches; the others are within a ferry's night."""
NORTH_AMERICA = frozenset(("US", "CA", "MX"))


@dataclass(frozen=True, kw_only=True)
class Place:
    """A metropolitan area, or a country at its capital: ``key`` is its id, ``people`` those who live there."""

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
def countries() -> tuple[Place, ...]:
    """Every other country, at its capital."""
    with Path(__file__).with_name("countries.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Place(
                key=row["id"], name=row["name"], lat=float(row["lat"]), lon=float(row["lon"]), country=row["country"],
                people=float(row["population"]), region=row["continent"],
            )
            for row in csv.DictReader(file)
        )  # fmt: skip


@cache
def places() -> dict[str, Place]:
    """Every place that the list knows, by id."""
    return {row.key: row for row in (*metros(), *countries())}


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
    cities = {row.key.rsplit("_", 1)[0]: row for row in reversed(metros())}  # of one name, the largest
    if found := places().get(key) or cities.get(key):
        return found
    guesses = difflib.get_close_matches(key, places(), 3, 0.5)
    cure = f"Did you mean {', '.join(guesses)}?" if guesses else "Write latitude;longitude;country: 35.4;-94.4;US."
    raise UsageError("must be a US metropolitan area or a country of the list", where="plant", found=words, cure=cure)


def market_places(region: str) -> list[Place]:
    """At most ``MOST_MARKETS`` places that stand for all people of ``region``, largest first."""
    inside = [row for row in countries() if row.country in EU - ISLANDS]
    rows = inside if region == "europe" else [row for row in metros() if _is_in(row, region)]
    return _gathered(rows, MOST_MARKETS)


def is_overseas(start: Place, end_country: str) -> bool:
    """Whether goods have to cross a sea on the way, for longer than a ferry does."""
    ends = {start.country, end_country}
    return start.country != end_country and not any(ends <= land for land in (NORTH_AMERICA, _europe_by_road()))


def crosses_border(start: Place, end_country: str) -> bool:
    """Whether goods pay duty on the way: between countries, but not inside the European Union."""
    return start.country != end_country and not {start.country, end_country} <= EU


@cache
def _europe_by_road() -> frozenset[str]:
    return frozenset(row.country for row in countries() if row.region == "EU") - ISLANDS | {"TR"}


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
