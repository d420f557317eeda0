"""Where things are made: templates to build from, places to build at, and their rivals."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from manyworks.model.record import (
    CalendarId,
    Country,
    Id,
    Latitude,
    LineId,
    Longitude,
    NonNegative,
    OutageClassId,
    Positive,
    ProductId,
    Record,
    Share,
    SiteId,
    TemplateId,
)


class SiteTemplate(Record):
    """A kind of factory that can be stood up at a candidate site."""

    id: Id
    name: str
    scale: Literal["big", "micro"] = Field(description="Big plants and micro-factories are compared as rivals.")
    lines: list[LineId] = Field(min_length=1, description="Types of line that it may hold.")
    minimum_lines: int = Field(1, ge=1, description="Lines bought with the site.")
    maximum_lines: int = Field(ge=1, description="Lines that fit.")
    capex: NonNegative = Field(description="Site without lines: building fit-out, utilities, engineering.")
    copy_saving_share: Share = Field(
        0.0, description="Share of site and line capex saved on every copy after the first one of this template."
    )
    indirect_staff: NonNegative = Field(
        0, description="Manager, quality, maintenance, sanitation: whole people, paid as long as the site stands."
    )
    indirect_staff_per_line: NonNegative = Field(0, description="Further indirect people for each line.")
    indirect_wage_ratio: Positive = Field(1.5, description="Loaded wage of indirect staff over the direct wage.")
    fixed_cost_per_year: NonNegative = Field(0, description="Insurance, systems, services of an open site a year.")
    area_m2: NonNegative = Field(0, description="Floor that is rented beside the lines' own footprint.")
    storage_pallets: NonNegative = Field(0, description="Pallet places on site.")
    calendar: CalendarId | None = Field(None, description="Hours that it works; none: the policy's calendar.")
    stand_up_quarters: int | None = Field(
        None, ge=0, description="Quarters from decision to first product; none: critical path of its stand-up steps."
    )
    line_lead_quarters: int = Field(1, ge=0, description="Quarters to add a line to a standing site.")
    ramp: list[Share] = Field(
        [],
        description="Share of capacity in the first quarters after start, for example 0.5; 0.8. Empty: full at once.",
    )
    life_years: Positive = Field(15, description="Technical life of lines; replaced after it.")
    depreciation_years: Positive = Field(10, description="Straight-line tax depreciation.")
    salvage_share: Share = Field(0.1, description="Share of capex recovered when a site closes or the horizon ends.")
    products: list[ProductId] = Field([], description="Products that it may make; empty: all its lines can.")


class StandUpStep(Record):
    """One step from decision to first product; the critical path over all steps gives the quarters."""

    template: TemplateId
    id: Id
    name: str = Field("", description="Permit, utilities, equipment, FAT and SAT, hiring, qualification, certificate …")
    weeks: NonNegative = Field(description="Duration.")
    after: list[Id] = Field([], description="Steps of the same template that must be finished first.")


class Site(Record):
    """A place where making is or could be done."""

    id: Id
    name: str
    lat: Latitude
    lon: Longitude
    country: Country = "US"
    region: str = Field("", description="Region for outages that strike together and for reports.")
    timezone: str = Field("UTC", description="IANA zone of the site, for example America/Chicago.")
    tariff_zone: str = Field("", description="Zone that duties refer to; empty: the country.")
    status: Literal["candidate", "existing"] = Field(
        "candidate", description="Whether it stands already or may be built."
    )
    template: TemplateId | None = Field(None, description="Template of an existing site.")
    templates: list[TemplateId] = Field([], description="Templates that may be built here; empty: all.")
    opened: date | None = Field(None, description="When an existing site started.")
    wage_per_h: Positive = Field(description="Loaded cost of one hour of direct labour.")
    wage_rise_per_pool_share: NonNegative = Field(
        0, description="Relative rise of the wage when the whole pool would be hired; 0.5 at 10 % of the pool: +5 %."
    )
    labour_pool: Positive | None = Field(None, description="People of the trade in the commuting area; none: no limit.")
    hireable_share: Share = Field(0.05, description="Share of that pool that one employer can hire.")
    hires_per_quarter: Positive | None = Field(None, description="Most people hired a quarter; none: no limit.")
    turnover_per_year: NonNegative = Field(0, description="Share of the crew that leaves a year and is replaced.")
    power_price_per_kwh: NonNegative = Field(0, description="Energy price.")
    demand_charge_per_kw_month: NonNegative = Field(0, description="Charge on connected load.")
    rent_per_m2_year: NonNegative = Field(0, description="Rent of industrial floor.")
    water_price_factor: Positive = Field(1, description="Local price of local materials over their stated price.")
    outages: list[OutageClassId] = Field(
        [], description="Outage classes that can strike here; empty: those with no list."
    )
    incentive_amount: NonNegative = Field(0, description="One-off grant when a site is opened here.")
    incentive_capex_share: Share = Field(0.0, description="Share of capex that is granted.")
    grid_co2_kg_per_kwh: NonNegative = Field(0, description="Emission of power.")
    closure_cost: NonNegative = Field(0, description="One-off cost to close an existing site.")
    is_closable: bool = Field(True, description="Whether an existing site may be closed.")
    property_tax_share: Share = Field(0.0, description="Yearly local tax as a share of capex.")


class InstalledLine(Record):
    """Lines that stand at an existing site."""

    id: Id
    site: SiteId
    line: LineId
    count: int = Field(1, ge=1, description="How many of this type stand there.")
    products: list[ProductId] = Field([], description="Only these products are approved on it; empty: all of its type.")
    book_value: NonNegative = Field(0, description="Tax book value of all of them together, at the start.")
    book_years: Positive = Field(5, description="Years over which the book value is still depreciated.")


class Upgrade(Record):
    """A change that improves one existing line or site."""

    id: Id
    name: str
    site: SiteId
    line: LineId | None = Field(None, description="Line type that it changes; none: all lines of the site.")
    capex: NonNegative = Field(description="Price of the change, installed.")
    lead_quarters: int = Field(1, ge=0, description="Quarters from decision to effect.")
    downtime_weeks: NonNegative = Field(0, description="Weeks during which the line stands for the work.")
    changeover_factor: NonNegative = Field(1, description="Changeover minutes afterwards over those before.")
    rate_factor: Positive = Field(1, description="Rate afterwards over the rate before.")
    scope: Literal["", "station", "line", "hall", "site"] = Field("", description="Scope of changeovers afterwards.")
    dedicated_products: list[ProductId] = Field([], description="Products that the line runs only, afterwards.")
    added_lines: int = Field(0, ge=0, description="Lines of that type that it adds.")
    is_done: bool = Field(
        False,
        description="Done before the start: all lines of that type at the site are as it leaves them, nothing is spent "
        "and lines that it added count among installed_lines.",
    )
    book_value: NonNegative = Field(0, description="Tax book value of an upgrade that is done, at the start.")
    book_years: Positive = Field(5, description="Years over which that is still depreciated.")


class Warehouse(Record):
    """A forward warehouse: rival of a new factory near customers."""

    id: Id
    name: str
    lat: Latitude
    lon: Longitude
    country: Country = "US"
    tariff_zone: str = Field("", description="Zone that duties refer to; empty: the country.")
    status: Literal["candidate", "existing"] = Field(
        "candidate", description="Whether it is used already or may be rented."
    )
    fixed_cost_per_year: NonNegative = Field(0, description="Cost of having it, whatever goes through.")
    throughput_fee_per_pallet: NonNegative = Field(0, description="In and out, per pallet.")
    storage_fee_per_pallet_month: NonNegative = Field(0, description="Per pallet place and month.")
    capacity_pallets_per_year: Positive | None = Field(
        None, description="Most pallets that go through a year; none: no limit."
    )
    lead_quarters: int = Field(1, ge=0, description="Quarters from decision to first use.")


class CoPacker(Record):
    """Somebody who makes for a fee."""

    id: Id
    name: str
    lat: Latitude
    lon: Longitude
    country: Country = "US"
    tariff_zone: str = Field("", description="Zone that duties refer to; empty: the country.")
    products: list[ProductId] = Field([], description="Products offered; empty: all.")
    toll_fee_per_unit: NonNegative = Field(description="Fee per unit, materials supplied by us.")
    capacity_units_per_year: Positive | None = Field(None, description="Most units a year; none: no limit.")
    minimum_run_units: NonNegative = Field(0, description="Smallest quantity of one run.")
    take_or_pay_units_per_year: NonNegative = Field(0, description="Paid for whether taken or not.")
    term_quarters: int = Field(4, ge=1, description="Length of the contract.")
    lead_quarters: int = Field(1, ge=0, description="Quarters from decision to first product.")


class OutageClass(Record):
    """A kind of interruption: how often, how long, what it stops and who suffers together."""

    id: Id
    name: str
    frequency_per_year: NonNegative = Field(description="Expected number a year for one site.")
    duration_h: Positive = Field(description="Mean duration.")
    duration_cv: NonNegative = Field(1, description="Coefficient of variation of the duration.")
    stops: Literal["line", "site", "region", "inbound", "outbound"] = Field("site", description="What stands still.")
    sites: list[SiteId] = Field(
        [], description="Sites where it can strike; empty: every site that names it or names none."
    )
    products: list[ProductId] = Field([], description="Products that a recall takes; empty: all.")
