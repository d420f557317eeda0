"""Catalogue of machines of any vendor, and where a real one is reached."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from manyworks.model.record import EquipmentId, Id, NonNegative, Positive, Record, Share


class Equipment(Record):
    """A machine as its vendor offers it.

    Times may be given as a mean (``mtbf_min``) or as a distribution in words: ``exponential(30)``,
    ``weibull(shape=1.4, scale=30)``, ``lognormal(mean=5, cv=0.8)``, ``gamma(shape=2, scale=3)``,
    ``triangular(1, 2, 5)``, ``deterministic(0.5)``, ``empirical(1, 2, 2, 5)``; minutes throughout.
    """

    id: Id
    name: str
    kind: Id = Field(description="Equipment class that routings refer to: filler, labeller, bagger …")
    vendor: str = Field("", description="Maker or source of the offer.")
    rated_rate_per_min: Positive = Field(description="Rated speed of one machine, units per minute.")
    mtbf_min: Positive | None = Field(
        None, description="Mean running time between failures, minutes; none: never fails."
    )
    mttr_min: NonNegative = Field(0, description="Mean time to repair, minutes.")
    time_to_failure: str = Field(
        "", description="Distribution of running time to failure; empty: exponential(mtbf_min)."
    )
    time_to_repair: str = Field("", description="Distribution of repair time; empty: exponential(mttr_min).")
    process_time: str = Field(
        "", description="Distribution of the cycle time; empty: deterministic at the rated speed."
    )
    time_to_minor_stop: str = Field(
        "", description="Distribution of running time to a minor stop, breakdowns apart; empty: none."
    )
    minor_stop_time: str = Field("", description="Distribution of the length of a minor stop.")
    failure_mode: Literal["operation", "time"] = Field(
        "operation", description="Whether the failure clock runs only while the machine works."
    )
    scrap_share: Share = Field(0.0, description="Share of units that it spoils.")
    crew: NonNegative = Field(0, description="Operators that one machine needs while it runs.")
    kw_execute: NonNegative = Field(0, description="Power while working, kW.")
    kw_suspended: NonNegative = Field(0, description="Power while starved or blocked, kW.")
    kw_held: NonNegative = Field(0, description="Power during minor stops, kW.")
    kw_aborted: NonNegative = Field(0, description="Power while broken down, kW.")
    kw_stopped: NonNegative = Field(0, description="Power during changeover and closed time, kW.")
    price: NonNegative = Field(0, description="Purchase price, installed, in currency of the price year.")
    lead_time_weeks: NonNegative = Field(0, description="Weeks from order to delivery.")
    length_m: Positive | None = Field(None, description="Length on the floor, m.")
    width_m: Positive | None = Field(None, description="Width on the floor, m.")
    footprint_m2: NonNegative = Field(0, description="Floor area with access, m2.")
    service_km: NonNegative = Field(0, description="Distance to the vendor's service base, km.")
    interface_profile: str = Field("", description="Interface profile: packml_opcua, tag_map, none …")


class MachineEndpoint(Record):
    """Where a real or simulated machine is reached. Secrets are named, never written here."""

    equipment_path: str = Field(description="site/line/station, or site/line/station/number.")
    driver: str = Field("simulated", description="Driver name: simulated, opcua, sparkplug, tag_map, or a plug-in's.")
    url: str = Field("", description="Address, for example opc.tcp://127.0.0.1:4840.")
    secret: str = Field("", description="Name of the secret in the site's secret store; never the secret itself.")
    profile: EquipmentId | None = Field(None, description="Catalogue item that it is an instance of.")
    tag_map: str = Field("", description="File that maps tags of a machine without PackML.")
