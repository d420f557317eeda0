"""Who buys, how much, when, and what they were promised."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from manyworks.model.record import (
    Country,
    Id,
    Latitude,
    Longitude,
    MarketId,
    NonNegative,
    Positive,
    ProductId,
    Record,
    SeasonId,
    Share,
    SiteId,
)

PeriodName = Annotated[str, StringConstraints(pattern=r"^\d{4}(-Q[1-4]|-\d{2})?$")]
"""A year, quarter or month of demand: 2027, 2027-Q3, 2027-08."""


class Market(Record):
    """A place where customers are."""

    id: Id
    name: str
    lat: Latitude
    lon: Longitude
    country: Country = "US"
    region: str = Field("", description="Region for reports and correlation of demand.")
    tariff_zone: str = Field("", description="Zone that duties refer to; empty: the country.")
    population: NonNegative = Field(0, description="People, for demand rules per head.")
    price_factor: Positive = Field(1, description="Price here over the product's price.")
    service_days: Positive | None = Field(
        None, description="Days from order to receipt that were promised; none: none."
    )
    demand_cv: NonNegative | None = Field(
        None, description="Coefficient of variation of weekly forecast error; none: the policy's."
    )
    served_by: SiteId | None = Field(None, description="Site whose own customers these are.")
    pick_up_km: NonNegative = Field(
        0, description="Customers within this distance of a site fetch the goods themselves."
    )


class Season(Record):
    """Monthly indices with mean 1."""

    id: Id
    name: str = ""
    month_index: list[NonNegative] = Field(min_length=12, max_length=12, description="January to December; mean 1.")


class DemandRule(Record):
    """Demand as population × units per head and year × share × seasonal index × growth."""

    id: Id
    product: ProductId
    units_per_head_year: NonNegative = Field(description="Category volume per head and year, in units of the product.")
    share: Share = Field(1.0, description="Our share of that volume.")
    markets: list[MarketId] = Field([], description="Markets that it covers; empty: all.")
    season: SeasonId | None = Field(None, description="Season; none: flat.")
    growth_per_year: float = Field(0, gt=-1, description="Relative growth a year from the first period on.")


class DemandRow(Record):
    """Demand stated directly; it replaces what a rule says for the same market, product and time."""

    market: MarketId
    product: ProductId
    period: PeriodName = Field(description="Year, quarter or month, such as 2027, 2027-Q3 or 2027-08.")
    units: NonNegative = Field(description="Units in that period.")


class Opportunity(Record):
    """A contract that may be taken or left."""

    id: Id
    name: str
    market: MarketId
    product: ProductId
    units_per_quarter: Positive = Field(description="Contracted volume.")
    price: Positive = Field(description="Contracted price per unit.")
    starts: date = Field(description="First day of delivery.")
    ends: date = Field(description="Last day of delivery.")
    one_off_cost: NonNegative = Field(0, description="Paid once when it is signed.")
    penalty_per_unit: NonNegative = Field(0, description="Owed for each unit signed and not delivered.")
    is_signed: bool = Field(False, description="Whether it is signed already: it stands, and its one-off cost is paid.")
