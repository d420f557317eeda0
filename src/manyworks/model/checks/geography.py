"""Are places where they say they are?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from zoneinfo import ZoneInfo

from manyworks.model.checks.paths import at
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.network import Network

PLACES = ("sites", "warehouses", "co_packers", "suppliers", "markets")

_CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY "
    "BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
    "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR "
    "IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
    "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
    "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
    "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
)
COUNTRIES = frozenset(_CODES.split())
"""Codes of ISO 3166-1 alpha-2, and XK."""

BOXES = {
    "AR": (-56, -21, -74, -53),
    "AT": (46, 50, 9, 18),
    "AU": (-45, -9, 112, 155),
    "BE": (49, 52, 2, 7),
    "BR": (-34, 6, -75, -28),
    "CA": (41, 84, -142, -52),
    "CH": (45, 48, 5, 11),
    "CL": (-57, -17, -110, -66),
    "CN": (17, 54, 73, 136),
    "CO": (-5, 14, -83, -66),
    "CZ": (48, 52, 12, 19),
    "DE": (47, 56, 5, 16),
    "DK": (54, 58, 7, 16),
    "EG": (21, 32, 24, 37),
    "ES": (27, 44, -19, 5),
    "FI": (59, 71, 19, 32),
    "FR": (41, 52, -6, 10),
    "GB": (49, 61, -9, 2),
    "GR": (34, 42, 19, 30),
    "HU": (45, 49, 16, 23),
    "ID": (-12, 7, 94, 142),
    "IE": (51, 56, -11, -5),
    "IL": (29, 34, 34, 36),
    "IN": (6, 38, 68, 98),
    "IT": (35, 48, 6, 19),
    "JP": (23, 46, 122, 154),
    "KR": (32, 39, 124, 132),
    "MX": (14, 33, -119, -86),
    "MY": (0, 8, 99, 120),
    "NG": (4, 14, 2, 15),
    "NL": (50, 54, 3, 8),
    "NO": (57, 81, 4, 32),
    "NZ": (-53, -29, 165, 180),
    "PE": (-19, 1, -82, -68),
    "PH": (4, 22, 116, 127),
    "PL": (48, 55, 14, 25),
    "PT": (30, 43, -32, -6),
    "RO": (43, 49, 20, 30),
    "SE": (55, 70, 10, 25),
    "SG": (1, 2, 103, 105),
    "TH": (5, 21, 97, 106),
    "TR": (35, 43, 25, 45),
    "TW": (21, 27, 118, 123),
    "UA": (44, 53, 22, 41),
    "US": (17, 72, -180, -64),
    "VN": (8, 24, 102, 110),
    "ZA": (-35, -22, 16, 33),
}
"""Least and greatest latitude and longitude of some countries with their near islands, whole degrees, generous."""


@rule(
    "null-island",
    "warning",
    title="Nothing stands at 0, 0",
    explanation="Latitude 0 and longitude 0 is a point in the Gulf of Guinea; it is what a table gives for a place "
    "that was not found.",
    cure="Look up the coordinates of the place.",
    is_local=True,
)
def null_island(network: Network) -> Iterator[Finding]:
    """Places at latitude 0 and longitude 0."""
    for collection in PLACES:
        for position, row in enumerate(getattr(network, collection)):
            if row.lat == 0 == row.lon:
                yield Finding(path=at(collection, position, row, "lat"), message="lies in the open sea", found="0, 0")


@rule(
    "outside-country",
    "warning",
    title="A place should lie in its country",
    explanation="Coordinates outside the rectangle around the country are mostly exchanged (longitude first) or have "
    "lost their sign. Duties follow the country, freight follows the coordinates.",
    cure="Write degrees north as lat and degrees east as lon (west is negative), or correct country.",
    is_local=True,
)
def outside_country(network: Network) -> Iterator[Finding]:
    """Places outside the rectangle around their country."""
    for collection in PLACES:
        for position, row in enumerate(getattr(network, collection)):
            if row.country in BOXES and not _is_within(row.lat, row.lon, row.country) and (row.lat, row.lon) != (0, 0):
                hint = "the two may be exchanged" if _is_within(row.lon, row.lat, row.country) else ""
                hint = hint or ("the sign of lon may be missing" if _is_within(row.lat, -row.lon, row.country) else "")
                yield Finding(
                    path=at(collection, position, row, "lat"),
                    message=f"with lon {row.lon:g} lies outside {row.country}" + (f"; {hint}" if hint else ""),
                    found=f"{row.lat:g}",
                )


def _is_within(lat: float, lon: float, country: str) -> bool:
    south, north, west, east = BOXES[country]
    return south <= lat <= north and west <= lon <= east


@rule(
    "unknown-country",
    "warning",
    title="A country is a code of ISO 3166",
    explanation="Countries are written as two letters of ISO 3166-1: US, DE, GB. Duties and zones refer to them.",
    cure="Write the two-letter code of ISO 3166-1.",
    is_local=True,
)
def unknown_countries(network: Network) -> Iterator[Finding]:
    """Country codes that ISO 3166 does not have."""
    for collection in PLACES:
        for position, row in enumerate(getattr(network, collection)):
            if row.country not in COUNTRIES:
                cure = {"UK": "Write GB.", "EL": "Write GR.", "EU": "Write the member state."}.get(row.country, "")
                yield Finding(
                    path=at(collection, position, row, "country"),
                    message="is not a country of ISO 3166",
                    found=row.country,
                    cure=cure,
                )


@rule(
    "unknown-timezone",
    "error",
    title="A time zone is an IANA name",
    explanation="Shifts and due times of a site are local; the zone says when that is, also over daylight saving.",
    cure="Write an IANA name such as America/Chicago or Europe/Paris.",
    is_local=True,
)
def unknown_timezones(network: Network) -> Iterator[Finding]:
    """Time zones that the IANA database does not have."""
    for position, row in enumerate(network.sites):
        if not _is_zone(row.timezone):
            yield Finding(
                path=at("sites", position, row, "timezone"), message="must be an IANA time zone", found=row.timezone
            )


@cache
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True
