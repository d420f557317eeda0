"""How goods travel, and what borders take."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from manyworks.model.record import Id, ModeId, NonNegative, Positive, Record, Share


class FreightMode(Record):
    """Economics of one way to ship."""

    id: Id
    name: str
    payload_kg: Positive = Field(description="Most mass of one shipment.")
    cube_m3: Positive = Field(description="Most volume of one shipment.")
    pallets: Positive = Field(description="Pallet places of one shipment.")
    cost_per_km: NonNegative = Field(description="Price of a full load per loaded road km.")
    minimum_cost: NonNegative = Field(0, description="Least price of a full load.")
    stop_cost: NonNegative = Field(0, description="Price of loading and unloading one shipment.")
    part_load_premium: NonNegative = Field(
        0.0, description="Relative premium of a part load over its share of a full load; breaks override it."
    )
    part_pallets: Literal["mixed", "product", "exact"] = Field(
        "mixed",
        description="What a pallet that is not full pays: mixed, products share pallets and the last one of a shipment "
        "counts in full; product, one for each product does; exact, its share alone.",
    )
    maximum_drops: int = Field(
        1, ge=1, description="Most markets on one round of part loads; 1: every shipment goes straight to one market."
    )
    empty_share: Share = Field(0.0, description="Share of km run empty that the shipper also pays.")
    km_per_day: Positive = Field(description="Distance covered a day.")
    fixed_days: NonNegative = Field(0, description="Handling, port and waiting days of every trip.")
    days_cv: NonNegative = Field(0.1, description="Coefficient of variation of transit days.")
    circuity: Positive = Field(1.2, ge=1, description="Travelled over great-circle distance.")
    damage_share: Share = Field(0.0, description="Share of units damaged a trip.")
    damage_share_per_1000_km: Share = Field(0.0, description="Further share damaged for each 1,000 km.")
    co2_kg_per_tonne_km: NonNegative = Field(0, description="Emission, CO2 equivalents.")
    replenishment_days: Positive = Field(
        7, description="Days between shipments on a lane unless the lane says otherwise."
    )
    is_interval_free: bool = Field(
        False,
        description="True: each lane that states no interval takes the cheapest one for freight and stock together, "
        "in place of replenishment_days.",
    )


class FreightBreak(Record):
    """Price of part loads from a mass on."""

    mode: ModeId
    from_kg: NonNegative = Field(description="Mass of a shipment from which it applies.")
    cost_per_tonne_km: NonNegative = Field(description="Price per tonne and travelled km.")
    minimum_cost: NonNegative = Field(0, description="Least price of a shipment.")


class Lane(Record):
    """What is special between two places; pairs without a lane use the policy's default mode and the distance.

    ``*`` stands for any place, and a tariff zone or country may stand for all places in it.
    """

    origin: str = Field(description="Id of a place, a zone, or *.")
    destination: str = Field(description="Id of a place, a zone, or *.")
    mode: ModeId | None = Field(None, description="None: the policy's default mode.")
    km: NonNegative | None = Field(None, description="Travelled distance; none: great circle × circuity.")
    cost_per_unit: NonNegative | None = Field(None, description="Given freight per sellable unit; none: computed.")
    cost_per_tonne: NonNegative | None = Field(None, description="Given freight per tonne; none: computed.")
    days: NonNegative | None = Field(None, description="Transit days; none: from the mode.")
    replenishment_days: Positive | None = Field(None, description="Days between shipments; none: the mode's.")
    empty_share: Share | None = Field(
        None, description="Share of km run empty that the shipper pays here: 0 with return loads; none: the mode's."
    )
    is_allowed: bool = Field(True, description="False: nothing may go this way.")


class Duty(Record):
    """Duty on goods of a class from a zone into a zone, from a date on."""

    origin_zone: str = Field(description="Zone or country of origin, or *.")
    destination_zone: str = Field(description="Zone or country of destination.")
    duty_class: str = Field("", description="Class of product or material; empty: all.")
    ad_valorem_share: NonNegative = Field(0, description="Share of the customs value.")
    per_kg: NonNegative = Field(0, description="Specific duty per kg.")
    starts: date | None = Field(None, description="First day; none: always. The latest row that has started applies.")
