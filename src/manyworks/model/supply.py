"""Who sells the materials, at which price, from where."""

from __future__ import annotations

from pydantic import Field

from manyworks.model.record import (
    Country,
    Id,
    Latitude,
    Longitude,
    MaterialId,
    ModeId,
    NonNegative,
    Positive,
    Record,
    SupplierId,
)


class Supplier(Record):
    """A place from which materials come."""

    id: Id
    name: str
    lat: Latitude
    lon: Longitude
    country: Country = "US"
    tariff_zone: str = Field("", description="Zone that duties refer to; empty: the country.")
    lead_time_days: NonNegative = Field(0, description="Days from order to dispatch.")


class SupplyOffer(Record):
    """A supplier's price for one material from a yearly quantity on; several rows make quantity tiers."""

    supplier: SupplierId
    material: MaterialId
    price_per_unit: NonNegative = Field(description="Price ex works per unit of material.")
    from_units_per_year: NonNegative = Field(
        0, description="The price holds for a site that buys at least this a year."
    )
    minimum_order_units: NonNegative = Field(0, description="Smallest quantity of one order.")
    capacity_units_per_year: Positive | None = Field(
        None, description="Most that can be bought a year; none: no limit."
    )
    mode: ModeId | None = Field(None, description="How it is hauled; none: the policy's default mode.")
