"""What is taken beside the fifteen answers: every number, with its range or its source. The page lists all of them."""

from __future__ import annotations

from dataclasses import dataclass

from manyworks.studies.screen.questions import ARTICLE


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """A number that is not asked: its value, ``low`` to ``high`` where the screen looks at it as a range.

    ``source`` where it was published; none: it is an assumption, to be replaced.
    """

    key: str
    words: str
    unit: str
    value: float
    low: float | None = None
    high: float | None = None
    source: str = ""


def _taken(key: str, words: str, unit: str, value: float, source: str = "") -> Assumption:
    return Assumption(key=key, words=words, unit=unit, value=value, source=source)


RENTS = "CommercialEdge, in-place average of the United States, October 2024: 8.22 USD a square foot"
SEAS = "World Bank, Logistics Performance Index 2023: mean 44.0 days, standard deviation 10.5 days"
BOXES = "Drewry World Container Index, Shanghai to Los Angeles and New York, mean of 6 dates 2024-25: 2,906 to 9,387"
CREWS = "AquaTechnology, analysis of a small bottling line: four a shift"
WILLIAMS = "Williams 1947, Chemical Engineering 54"

LOOKED_AT = (
    Assumption(key="micro_staff", words="Indirect staff of a micro-factory", unit="people", value=6, low=3, high=12),
    Assumption(key="growth", words="Growth of demand", unit="a year", value=0.02, low=-0.01, high=0.05),
    Assumption(
        key="micro_changeover_share", words="Changeover of a micro-factory over today's", unit="share", value=0.25,
        low=0.1, high=1.0,
    ),
)  # fmt: skip

GOODS = (
    _taken("material_share", "Materials over price", "share", 0.45),
    _taken("remaining_life_share", "Shelf life that customers ask for", "share of the life", 0.5),
    _taken("pallet_l", "Goods on a pallet, at most", "litres", 1500),
    _taken("pallet_kg", "Goods on a pallet, at most", "kg", 800),
)

LINES = (
    _taken("micro_rate_share", "Speed of a micro-factory's line over today's", "share", 0.625, ARTICLE),
    _taken("size_power", "Price of equipment grows with this power of its size", "power", 0.6, WILLIAMS),
    _taken("oee", "Effective over rated speed", "share", 0.7),
    _taken("crew", "Crew of a line, of either size", "people a shift", 4, CREWS),
    _taken("service_share", "Service of a line a year over its price", "share", 0.05),
    _taken("big_line_kw", "Power of a line of today", "kW", 150),
    _taken("micro_line_kw", "Power of a micro-factory's line", "kW", 95),
    _taken("big_line_m2", "Floor of a line of today", "m2", 600),
    _taken("micro_line_m2", "Floor of a micro-factory's line", "m2", 400),
    _taken("line_quarters", "Quarters until one more line works in a big plant", "quarters", 2),
    _taken("shifts", "Shifts of eight hours a day, five days a week, 50 weeks", "shifts", 3),
)

SITES = (
    _taken("plant_staff", "Indirect staff of a plant of one line; lines to the power 0.6 more", "people", 6),
    _taken("staff_per_line", "Indirect staff that each line adds", "people", 1),
    _taken("site_capex_share", "Building and services of a site of one line over the price of its line", "share", 0.8),
    _taken("fixed_share", "Fixed cost of a site a year over the price of its line", "share", 0.15),
    _taken("site_m2", "Floor of a site of one line beside its lines", "m2", 1600),
    _taken("storage_pallets", "Storage of a site of one line", "pallets", 1200),
    _taken("micro_quarters", "Quarters until a micro-factory works", "quarters", 2),
    _taken("big_quarters", "Quarters until a new big plant works", "quarters", 12, ARTICLE.split(":", maxsplit=1)[0]),
    _taken("micro_ramp", "Output of a micro-factory's first quarter", "share", 0.8),
    _taken("copy_saving", "Saving on every further micro-factory", "share", 0.1),
    _taken("life_years", "Life of a factory", "years", 15),
    _taken("depreciation_years", "Depreciation", "years", 10),
    _taken("salvage", "Left of the price when it is closed", "share", 0.1),
    _taken("closure_share", "Cost to close the plant over the price of its lines", "share", 1),
    _taken("rent_per_m2_year", "Rent of a square metre", "money a year", 88.48, RENTS),
    _taken("power_price", "Power", "money a kWh", 0.1),
)

FREIGHT = (
    _taken("truck_kg", "Load of a truck", "kg", 20_000),
    _taken("truck_m3", "Space of a truck", "m3", 100),
    _taken("truck_pallets", "Pallets on a truck", "pallets", 26),
    _taken("least_km", "A truck costs at least that of", "km", 250),
    _taken("stop_km", "A stop costs as much as", "km", 50),
    _taken("part_load", "What a tonne-km costs more in a part load", "share", 0.4),
    _taken("drops", "Customers on a round, at most", "stops", 4),
    _taken("km_per_day", "A truck goes", "km a day", 700),
    _taken("truck_days", "Loading and unloading", "days", 0.5),
    _taken("truck_damage", "Damage on a truck", "share", 0.002),
    _taken("sea_m3", "Space of a container of 40 ft", "m3", 67),
    _taken("sea_pallets", "Pallets in a container", "pallets", 21),
    _taken("sea_cost", "A container by sea, from port to port", "money", 5942, BOXES),
    _taken("sea_km", "Roads to and from ports", "km", 800),
    _taken("sea_days", "Container from port to port", "days", 44, SEAS),
    _taken("sea_days_cv", "Standard deviation of that over its mean", "share", 0.239, SEAS),
    _taken("sea_damage", "Damage by sea", "share", 0.005),
)

MONEY = (
    _taken("discount_rate", "Discount rate, after tax, inflation left out", "a year", 0.08),
    _taken("tax_rate", "Tax on profit", "share", 0.25),
    _taken("years", "Years that are looked at after the first", "years", 8),
    _taken("receivable_days", "Customers pay after", "days", 45),
    _taken("payable_days", "Suppliers are paid after", "days", 30),
    _taken("service_level", "Demand that safety stock covers", "share", 0.98),
    _taken("demand_cv", "Error of a weekly forecast over its mean", "share", 0.25),
    _taken("stock_cost_share", "Cost of stock a year over its value, beside interest", "share", 0.05),
)

ASSUMPTIONS: tuple[Assumption, ...] = (*LOOKED_AT, *GOODS, *LINES, *SITES, *FREIGHT, *MONEY)


def assumed_values() -> dict[str, float]:
    """What is assumed beside the answers."""
    return {row.key: row.value for row in ASSUMPTIONS}
