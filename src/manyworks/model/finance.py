"""Money over time, the rules of the house, and what-ifs."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from manyworks.model.record import (
    CalendarId,
    Id,
    ModeId,
    NonNegative,
    Positive,
    Record,
    ScenarioId,
    Share,
)


class Finance(Record):
    """How money is counted: real terms, currency of the price year."""

    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = Field("USD", description="ISO 4217 code.")
    price_year: int = Field(2024, ge=1990, le=2100, description="Year in whose money all amounts are stated.")
    discount_rate: float = Field(0.08, gt=-0.5, lt=1, description="Real rate after tax, a year.")
    tax_rate: Share = Field(0.25, description="Tax on profit; losses are credited in the year they arise.")
    start: date = Field(description="First day of the first quarter; the first of January, April, July or October.")
    quarters: int = Field(12, ge=1, le=40, description="Quarters that are planned one by one.")
    years: int = Field(8, ge=0, le=30, description="Years planned one by one after the quarters.")
    terminal_growth: float = Field(0, gt=-1, description="Real growth after the horizon.")
    terminal_years: NonNegative | None = Field(
        None,
        description="Years that the last year is repeated after the horizon; none: lines are worth their salvage only.",
    )
    receivable_days: NonNegative = Field(45, description="Days until customers pay.")
    payable_days: NonNegative = Field(30, description="Days until suppliers are paid.")


class Policy(Record):
    """Rules of the house that hold for the whole network."""

    default_mode: ModeId | None = Field(None, description="Freight mode of lanes that state none.")
    default_calendar: CalendarId | None = Field(None, description="Calendar of templates that state none.")
    default_oee: Share = Field(0.65, description="OEE of lines that state none and have no measured capability.")
    default_demand_cv: NonNegative = Field(0.25, description="Weekly forecast error of markets that state none.")
    demand_correlation: Annotated[float, Field(ge=-1, le=1)] = Field(
        0.0, description="Correlation of forecast errors between markets."
    )
    service_level: Annotated[float, Field(gt=0.5, lt=1)] = Field(
        0.98, description="Probability of no stock-out in a replenishment cycle that safety stock aims at."
    )
    review_days: Positive = Field(7, description="Days between replenishment decisions.")
    wheel_days: list[Positive] = Field([7, 14, 28], description="Lengths of the changeover wheel to choose from.")
    stock_cost_share_per_year: NonNegative = Field(
        0.05, description="Warehousing, insurance and obsolescence a year as a share of stock value, capital apart."
    )
    storage_fee_per_pallet_month: NonNegative = Field(0, description="Storage beside the sites' own pallet places.")
    unmet_penalty_share: NonNegative = Field(
        0.0, description="Penalty for demand not served, as a share of price, beside the lost margin."
    )
    is_demand_optional: bool = Field(True, description="Whether demand may be left unserved when it does not pay.")
    is_service_binding: bool = Field(False, description="Whether a market may only be served within its promised days.")
    segregation: list[str] = Field(
        [], description="Allergens that may never share with products free of them: `peanut:line`, `peanut:site`."
    )
    capex_budget_per_quarter: NonNegative | None = Field(
        None, description="Most capital in any quarter; none: no limit."
    )
    capex_budget: NonNegative | None = Field(None, description="Most capital in all; none: no limit.")
    maximum_sites: int | None = Field(None, ge=0, description="Most sites open at once; none: no limit.")
    maximum_site_share: Share = Field(1.0, description="Most of all volume that one site may make, for resilience.")
    hiring_cost: NonNegative = Field(0, description="Recruiting cost per person hired.")
    training_hours: NonNegative = Field(0, description="Paid hours before a new person is productive.")
    customs_value_share: Share = Field(
        0.5, description="Customs value of a product over its price; ad valorem duty is taken on it."
    )
    water_material: str = Field("", description="Material that stands for mains water in reports.")


class Scenario(Record):
    """A named set of changes against the base document."""

    id: Id
    name: str
    note: str = Field("", description="What it stands for.")
    probability: Share | None = Field(None, description="For plans under uncertainty; none: a plain what-if.")


class Change(Record):
    """One change of a scenario: `sites.*.wage_per_h` scaled by 1.2, `products.cola.price` set to 0.5."""

    scenario: ScenarioId
    path: str = Field(description="collection.id.field; * matches any id.")
    operation: Literal["set", "scale", "add"] = Field(
        "scale", description="Replace the value, multiply it, or add to it."
    )
    value: str = Field(description="Number or word.")
