"""The one base unit of every dimension, and the constants that bring other units to it.

Everything inside manyworks is in base units; a field carries its unit as a suffix (`mass_kg`). What arrives
in other units is multiplied once, where it is read: `distance_km = miles * KM_PER_MILE`.
Conversion factors are exact by definition unless their comment says otherwise (NIST SP 811, appendix B).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseUnit:
    """How one dimension is measured: `symbol` in texts, `suffix` at the end of a field's name."""

    dimension: str
    symbol: str
    suffix: str
    meaning: str


BASE_UNITS: tuple[BaseUnit, ...] = (
    BaseUnit(dimension="quantity", symbol="units", suffix="_units", meaning="sellable units of a product"),
    BaseUnit(dimension="money", symbol="currency", suffix="", meaning="constant currency of the price year"),
    BaseUnit(dimension="mass", symbol="kg", suffix="_kg", meaning="kilogram"),
    BaseUnit(dimension="volume", symbol="L", suffix="_l", meaning="litre, of goods, trucks and water"),
    BaseUnit(dimension="area", symbol="m²", suffix="_m2", meaning="square metre"),
    BaseUnit(dimension="length", symbol="m", suffix="_m", meaning="metre, inside a site"),
    BaseUnit(dimension="distance", symbol="km", suffix="_km", meaning="kilometre, between places"),
    BaseUnit(dimension="angle", symbol="°", suffix="_deg", meaning="degree; latitude north, longitude east"),
    BaseUnit(dimension="rate", symbol="units/min", suffix="_per_min", meaning="good units per open minute"),
    BaseUnit(dimension="short time", symbol="min", suffix="_min", meaning="minute: changeover, fill, drain, repair"),
    BaseUnit(dimension="working time", symbol="h", suffix="_h", meaning="hour: shifts, wages, line hours"),
    BaseUnit(dimension="long time", symbol="d", suffix="_days", meaning="day: shelf life, transit, service, outage"),
    BaseUnit(dimension="planning time", symbol="quarter", suffix="_quarters", meaning="quarter of a 365-day year"),
    BaseUnit(dimension="engine time", symbol="µs", suffix="_us", meaning="microsecond, int64, inside the twin"),
    BaseUnit(dimension="energy", symbol="kWh", suffix="_kwh", meaning="kilowatt-hour"),
    BaseUnit(dimension="power", symbol="kW", suffix="_kw", meaning="kilowatt"),
    BaseUnit(dimension="emission", symbol="kg CO₂e", suffix="_kg_co2e", meaning="kilogram of CO₂ equivalent"),
    BaseUnit(dimension="people", symbol="persons", suffix="_persons", meaning="full-time persons"),
    BaseUnit(dimension="share", symbol="1", suffix="_share", meaning="fraction of one, 0 to 1; never percent"),
)

# Time. The planning year has 365 days, four equal quarters and 52 1/7 weeks.
SECONDS_PER_MINUTE = 60
MINUTES_PER_HOUR = 60
HOURS_PER_DAY = 24
DAYS_PER_WEEK = 7
DAYS_PER_YEAR = 365
QUARTERS_PER_YEAR = 4
MONTHS_PER_QUARTER = 3
MINUTES_PER_DAY = MINUTES_PER_HOUR * HOURS_PER_DAY
HOURS_PER_WEEK = HOURS_PER_DAY * DAYS_PER_WEEK
HOURS_PER_YEAR = HOURS_PER_DAY * DAYS_PER_YEAR
DAYS_PER_QUARTER = DAYS_PER_YEAR / QUARTERS_PER_YEAR  # 91.25
HOURS_PER_QUARTER = HOURS_PER_YEAR / QUARTERS_PER_YEAR  # 2190
WEEKS_PER_QUARTER = DAYS_PER_QUARTER / DAYS_PER_WEEK  # 13.04
WEEKS_PER_YEAR = DAYS_PER_YEAR / DAYS_PER_WEEK  # 52.14
MICROSECONDS_PER_SECOND = 1_000_000
MICROSECONDS_PER_MINUTE = MICROSECONDS_PER_SECOND * SECONDS_PER_MINUTE

# Distance, area and volume.
KM_PER_MILE = 1.609344
M_PER_FOOT = 0.3048
M2_PER_SQUARE_FOOT = M_PER_FOOT**2
M3_PER_CUBIC_FOOT = M_PER_FOOT**3
LITRES_PER_M3 = 1000
LITRES_PER_US_GALLON = 3.785411784
LITRES_PER_US_FLUID_OUNCE = LITRES_PER_US_GALLON / 128
LITRES_PER_CUBIC_FOOT = M3_PER_CUBIC_FOOT * LITRES_PER_M3

# Mass and transport work.
KG_PER_TONNE = 1000
KG_PER_LB = 0.45359237
KG_PER_SHORT_TON = 2000 * KG_PER_LB
TONNE_KM_PER_SHORT_TON_MILE = KG_PER_SHORT_TON / KG_PER_TONNE * KM_PER_MILE  # 1.459972

# Energy.
KWH_PER_MWH = 1000
KWH_PER_MJ = 1 / 3.6

# Money: reports round to cents, the residual is its own line.
CENTS_PER_CURRENCY_UNIT = 100

EARTH_RADIUS_KM = 6371.0088
"""Mean radius R1 = (2a + b) / 3 of the GRS 80 ellipsoid (Moritz 2000, doi:10.1007/s001900050278)."""


def haversine_km(
    lat1_deg: npt.ArrayLike, lon1_deg: npt.ArrayLike, lat2_deg: npt.ArrayLike, lon2_deg: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Great-circle distance in km between points given in degrees, on the mean sphere.

    Latitudes are in [-90, 90] north, longitudes in degrees east, any turn. The arguments broadcast against
    each other: latitudes of shape (sites, 1) and (markets,) give (sites, markets). The sphere is within 0.6 %
    of the ellipsoid. Source: Sinnott 1984, *Virtues of the haversine*, Sky and Telescope 68, 159.

    >>> float(haversine_km(40.7128, -74.0060, 34.0522, -118.2437).round())  # New York to Los Angeles
    3936.0
    """
    phi1, lambda1, phi2, lambda2 = (
        np.radians(np.asarray(angle, dtype=np.float64)) for angle in (lat1_deg, lon1_deg, lat2_deg, lon2_deg)
    )
    half_chord_squared = (
        np.sin((phi2 - phi1) / 2) ** 2 + np.cos(phi1) * np.cos(phi2) * np.sin((lambda2 - lambda1) / 2) ** 2
    )
    # Rounding can lift antipodes a hair above one, where arcsin has no value.
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half_chord_squared, 1.0))))
